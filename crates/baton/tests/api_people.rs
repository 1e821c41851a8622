//! People over HTTP: what they do and did, a team leader's floor, plans of lanes and what was agreed. Each
//! under the sight and the codes of the pages.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use support::api::{Api, token};
use support::stage::Stage;

fn api(stage: &Stage, worker: &str) -> Api {
    Api {
        address: stage.server.address,
        token: token(&stage.data, worker),
    }
}

fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().expect("rows")
}

fn states(stretches: &Value) -> Vec<&str> {
    let stretches = stretches.as_array().expect("stretches").iter();
    stretches
        .map(|one| one["state"].as_str().expect("a state"))
        .collect()
}

#[test]
fn time_is_said_read_corrected_and_decided_on() {
    let stage = Stage::set("api-time");
    let worker = api(&stage, "agnieszka.wrona");
    let (leader, other) = (api(&stage, "jana.kos"), api(&stage, "maria.santos"));
    worker
        .post("/time/state", &json!({ "state": "break" }))
        .expect(200);
    let again = worker.post("/time/state", &json!({ "state": "break" }));
    assert_eq!(again.problem(409), "BATON-DESK-020");
    let unknown = worker.post("/time/state", &json!({ "state": "asleep" }));
    assert_eq!(unknown.problem(422), "BATON-WEB-031");
    let day = worker.get("/time").expect(200);
    assert_eq!(states(&day["recorded"]), ["break"], "{day}");
    let sums = day["sums"].as_array().expect("sums").iter();
    let sums: i64 = sums.map(|sum| sum["micros"].as_i64().expect("µs")).sum();
    assert_eq!(Some(sums), day["shift_micros"].as_i64(), "{day}");

    let now = Timestamp::now();
    let at = |minutes: i64| (now - minutes.minutes()).to_string();
    let training = json!({ "state": "training", "from": at(3), "until": at(2), "why": "a course" });
    let proposed = worker.post("/time/corrections", &training).expect(201);
    let id = proposed["id"].as_str().expect("an id");
    let ahead = json!({ "state": "training", "from": at(3), "until": at(-60), "why": "a course" });
    assert_eq!(
        worker.post("/time/corrections", &ahead).problem(422),
        "BATON-DESK-023"
    );
    let wrong = json!({ "state": "wrap", "from": "today", "until": at(2), "why": "-" });
    let wrong = worker.post("/time/corrections", &wrong);
    assert_eq!(wrong.problem(422), "BATON-WEB-031");
    assert_eq!(wrong.json()["about"], "from", "{}", wrong.body);

    // The own for a worker, the party's for its leader, none for another party's.
    for (api, count) in [(&worker, 1), (&leader, 1), (&other, 0)] {
        let open = api.get("/time/corrections?open=true").expect(200);
        assert_eq!(items(&open).len(), count, "{open}");
    }
    let whose = "/time/corrections?worker=agnieszka.wrona";
    assert_eq!(other.get(whose).problem(404), "BATON-WEB-013");
    let decide = format!("/time/corrections/{id}/decide");
    let approve = json!({ "approved": true, "why": "seen there" });
    assert_eq!(
        worker.post(&decide, &approve).problem(403),
        "BATON-DESK-025"
    );
    assert_eq!(other.post(&decide, &approve).problem(404), "BATON-WEB-013");
    leader.post(&decide, &approve).expect(200);
    assert_eq!(
        leader.post(&decide, &approve).problem(404),
        "BATON-DESK-024"
    );
    let of = "/time?worker=agnieszka.wrona";
    let day = leader.get(of).expect(200);
    let corrected = &day["corrections"][0];
    assert_eq!(corrected["decision"], "approved", "{day}");
    assert_eq!(corrected["leader"], "jana.kos", "{day}");
    // Around midnight the minutes may lie in yesterday.
    if now.to_string()[11..].starts_with("23:") || day["from"].as_str() < Some(&at(10)) {
        assert!(states(&day["counted"]).contains(&"training"), "{day}");
    }
    assert_eq!(other.get(of).problem(404), "BATON-WEB-013");
    assert_eq!(
        leader.get("/time?day=2026-02-31").problem(404),
        "BATON-WEB-013"
    );
}

#[test]
fn a_leader_sees_the_floor_and_says_who_does_what() {
    let stage = Stage::set("api-floor");
    let worker = api(&stage, "agnieszka.wrona");
    let (leader, other) = (api(&stage, "jana.kos"), api(&stage, "maria.santos"));
    worker
        .post("/time/state", &json!({ "state": "available" }))
        .expect(200);
    let floor = leader.get("/floor").expect(200);
    assert_eq!(floor["all"]["open"], 1, "{floor}");
    let person = floor["people"].as_array().expect("people").iter();
    let person = person.clone().find(|it| it["worker"] == "agnieszka.wrona");
    let person = person.expect("the worker");
    assert_eq!(
        (&person["state"], &person["name"]),
        (&json!("available"), &json!("Agnieszka Wrona"))
    );
    assert!(
        !floor.to_string().contains("maria.santos"),
        "of other parties nothing"
    );
    assert_eq!(worker.get("/floor").problem(404), "BATON-WEB-013");
    assert_eq!(worker.get("/floor/items").problem(404), "BATON-WEB-013");

    let row = |api: &Api| items(&api.get("/floor/items?lane=resolve").expect(200)).clone();
    let rows = row(&leader);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["item"], stage.resolve.item);
    assert_eq!(rows[0]["title"], stage.resolve.number);
    assert!(row(&other).is_empty());

    let assign = format!("/items/{}/assign", stage.resolve.item);
    let give = json!({ "worker": "agnieszka.wrona", "why": "knows the supplier" });
    leader.post(&assign, &give).expect(200);
    assert_eq!(
        leader.post(&assign, &give).problem(409),
        "BATON-DESK-013",
        "given already"
    );
    assert_eq!(row(&leader)[0]["worker"], "agnieszka.wrona");
    let silent = json!({ "worker": null, "why": " " });
    assert_eq!(leader.post(&assign, &silent).problem(422), "BATON-DESK-021");
    assert_eq!(worker.post(&assign, &give).problem(403), "BATON-DESK-025");
    assert_eq!(other.post(&assign, &give).problem(404), "BATON-ACCESS-030");
    leader
        .post(&assign, &json!({ "why": "somebody else will" }))
        .expect(200);
    assert!(row(&leader)[0]["worker"].is_null(), "in the queue again");

    // A colleague takes over what another has.
    worker
        .post(&format!("/items/{}/claim", stage.resolve.item), &json!({}))
        .expect(200);
    let taken = leader.post(
        &format!("/items/{}/take-over", stage.resolve.item),
        &json!({}),
    );
    assert_eq!(taken.expect(200)["state"], "mine");
    let lost = worker.post(
        &format!("/items/{}/release", stage.resolve.item),
        &json!({}),
    );
    assert_eq!(lost.problem(409), "BATON-DESK-002");
}

#[test]
fn a_lane_is_planned_cancelled_and_undone() {
    let stage = Stage::set("api-plan");
    let (manager, provider) = (api(&stage, "mara.linden"), api(&stage, "maria.santos"));
    let at = |days: i64| (Timestamp::now() + (24 * days).hours()).to_string();
    let shares = |tala: u32| json!([{ "party": "TO", "basis_points": tala }, { "party": "KS", "basis_points": 10_000 - tala }]);
    let gate =
        json!({ "measure": "on_time", "party": "KS", "basis_points": 9500, "hops": 30, "days": 7 });
    let plan = json!({ "steps": [{ "at": at(1), "shares": shares(9000) },
        { "at": at(8), "shares": shares(7000), "gate": gate }], "until": at(20), "reason": "a ramp" });
    let path = "/lanes/verify/plan";
    assert!(items(&manager.get(path).expect(200)).is_empty());
    manager.post(path, &plan).expect(200);
    let planned = manager.get(path).expect(200);
    let steps = items(&planned);
    assert_eq!(steps.len(), 3, "two steps and the end: {planned}");
    assert_eq!(steps[1]["gate"], gate, "{planned}");
    assert_eq!(steps[1]["now"], json!({ "hops": 0, "counted": 0 }));
    assert_eq!(steps[0]["shares"][0]["basis_points"], 9000);
    assert_eq!(
        manager.post(path, &plan).problem(409),
        "BATON-ALLOCATION-016"
    );
    // A provider is told of no plan, and makes none.
    assert!(items(&provider.get(path).expect(200)).is_empty());
    let alone = json!({ "steps": [{ "at": at(1), "shares": [{ "party": "TO", "basis_points": 10_000 }] }], "reason": "ours" });
    assert_eq!(provider.post(path, &alone).problem(403), "BATON-ACCESS-052");
    let why = json!({ "reason": "contract delayed" });
    manager.post("/lanes/verify/plan/cancel", &why).expect(200);
    let over = manager.post("/lanes/verify/plan/cancel", &why);
    assert_eq!(over.problem(404), "BATON-ALLOCATION-020");
    let past = json!({ "steps": [{ "at": at(-1), "shares": shares(9000) }], "reason": "late" });
    assert_eq!(
        manager.post(path, &past).problem(422),
        "BATON-ALLOCATION-018"
    );

    let share = json!({ "shares": shares(7000), "reason": "a second provider" });
    manager.post("/lanes/verify/shares", &share).expect(200);
    let version = manager.get("/lanes/verify").expect(200)["version"].clone();
    let stale =
        json!({ "reason": "wrong lane", "version": version.as_i64().expect("a number") - 1 });
    let undo = "/lanes/verify/undo";
    assert_eq!(manager.post(undo, &stale).problem(409), "BATON-WEB-038");
    manager
        .post(undo, &json!({ "reason": "wrong lane", "version": version }))
        .expect(200);
    let now = manager.get("/lanes/verify").expect(200);
    let active = now["parties"].as_array().expect("parties").iter();
    let active: Vec<&Value> = active.filter(|part| part["active"] == true).collect();
    assert_eq!(active.len(), 1, "as before: {now}");
    assert_eq!(active[0]["party"], "TO");
    assert_eq!(
        provider.post("/lanes/resolve/undo", &why).problem(404),
        "BATON-WEB-013"
    );
}

#[test]
fn an_agreement_is_read_compared_and_taken_in() {
    let stage = Stage::set("api-agreed");
    let (manager, provider) = (api(&stage, "mara.linden"), api(&stage, "jana.kos"));
    let ids = |api: &Api| -> Vec<String> {
        let list = api.get("/agreements").expect(200);
        let ids = items(&list).iter();
        ids.map(|it| it["id"].as_str().expect("an id").to_string())
            .collect()
    };
    assert_eq!(ids(&manager), ["DL-2026", "KS-2026", "LV-2026", "TO-2026"]);
    assert_eq!(ids(&provider), ["KS-2026"], "its own");
    assert_eq!(
        provider.get("/agreements/TO-2026").problem(404),
        "BATON-WEB-013"
    );
    let first = provider.get("/agreements/KS-2026").expect(200);
    assert_eq!(first["version"], 1);
    assert_eq!(first["lanes"][0]["unit"], "3.90", "{first}");
    assert_eq!(first["levels"][0]["target_basis_points"], 9200, "{first}");
    let text = first["text"].as_str().expect("TOML");
    let dearer = json!({ "text": text.replace("unit = \"3.90\"", "unit = \"4.10\"") });

    // A dry run says the effects and changes nothing.
    let would = manager.post("/agreements/effects", &dearer).expect(200);
    assert_eq!(would["version"], 2);
    let said = would["effects"].to_string();
    assert!(said.contains("3.90") && said.contains("4.10"), "{said}");
    let versions = "/agreements/KS-2026/versions";
    assert_eq!(items(&manager.get(versions).expect(200)).len(), 1);
    let same = manager.post("/agreements/effects", &json!({ "text": text }));
    assert_eq!(same.expect(200)["effects"], json!([]));

    assert_eq!(
        provider.post("/agreements", &dearer).problem(403),
        "BATON-ACCESS-052"
    );
    let taken = manager.post_once("/agreements", &dearer, Some("dearer"));
    let taken = taken.expect(201);
    assert_eq!(
        (&taken["id"], &taken["version"]),
        (&json!("KS-2026"), &json!(2))
    );
    let again = manager.post_once("/agreements", &dearer, Some("dearer"));
    assert_eq!(again.expect(201)["repeated"], true, "it is the same answer");
    assert_eq!(
        manager.post("/agreements", &dearer).problem(409),
        "BATON-MEASURE-010"
    );
    let all = provider.get(versions).expect(200);
    assert_eq!(items(&all)[0]["version"], 2, "the last first: {all}");
    assert_eq!(items(&all)[0]["effects"], would["effects"]);
    let old = provider.get("/agreements/KS-2026/versions/1").expect(200);
    assert_eq!(old["lanes"][0]["unit"], "3.90");
    assert_eq!(
        provider.get("/agreements/KS-2026/versions/9").problem(404),
        "BATON-WEB-013"
    );
    let broken = json!({ "text": text.replace("target = \"92 %\"", "target = \"very good\"") });
    let broken = manager.post("/agreements", &broken);
    assert_eq!(broken.problem(422), "BATON-AGREEMENT-002");
    let line = broken.json()["about"]
        .as_str()
        .expect("a place")
        .to_string();
    assert!(
        broken.json()["fields"][&line].is_string(),
        "{}",
        broken.body
    );
}

#[test]
fn the_map_shows_a_provider_its_own_part() {
    let stage = Stage::set("api-map");
    let map = api(&stage, "mara.linden").get("/map").expect(200);
    let lanes = map["lanes"].as_array().expect("lanes");
    let ids: Vec<_> = lanes.iter().map(|lane| &lane["id"]).collect();
    assert_eq!(ids, ["receive", "verify", "resolve", "approve", "pay"]);
    assert_eq!(map["all"]["open"], 3, "{map}");
    let open: i64 = lanes
        .iter()
        .map(|lane| lane["load"]["open"].as_i64().expect("a number"))
        .sum();
    assert_eq!(open, 3, "the lanes add up: {map}");
    assert!(map["flows"].as_array().is_some_and(|flows| flows.len() > 5));

    let own = api(&stage, "agnieszka.wrona").get("/map").expect(200);
    assert_eq!(own["all"]["open"], 1, "its own cases only: {own}");
    assert!(!own.to_string().contains("Verify"), "{own}");
    assert!(!own.to_string().contains("\"TO\""), "{own}");
    let none = api(&stage, "mara.linden").get("/map?process=no-such");
    assert_eq!(none.problem(404), "BATON-WEB-013");
}
