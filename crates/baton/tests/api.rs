//! The HTTP API: tokens, work by lease and fence, requests that come twice, and refusals that say what to do.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use serde_json::json;
use support::api::{Api, token};
use support::run;
use support::stage::{Stage, journal};

fn api(stage: &Stage, worker: &str) -> Api {
    Api {
        address: stage.server.address,
        token: token(&stage.data, worker),
    }
}

#[test]
fn work_is_claimed_extended_and_completed_under_a_fence() {
    let stage = Stage::set("api-work");
    let tom = api(&stage, "agnieszka.wrona");
    let list = tom.get("/work").expect(200);
    let open: Vec<&str> = list["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["id"].as_str().expect("an id"))
        .collect();
    assert!(open.contains(&stage.resolve.item.as_str()), "{list}");

    let claimed = tom
        .post("/work/claim-next", &json!({ "lease_seconds": 60 }))
        .expect(200);
    assert_eq!(claimed["id"], stage.resolve.item, "{claimed}");
    assert_eq!(claimed["state"], "mine");
    let fence = claimed["fence"].as_i64().expect("a fence");
    assert!(
        claimed["lease_until"]
            .as_str()
            .expect("a lease")
            .ends_with('Z')
    );
    assert_eq!(claimed["fields"]["invoice.number"]["value"], "INV-20419");
    assert!(
        claimed["form_fields"]
            .as_array()
            .is_some_and(|fields| !fields.is_empty()),
        "{claimed}"
    );
    assert_eq!(claimed["amount"]["currency"], "EUR", "{claimed}");

    // Nobody else has it, the same worker's other program neither.
    let item = format!("/items/{}", stage.resolve.item);
    assert_eq!(
        tom.post(&format!("{item}/claim"), &json!({})).problem(409),
        "BATON-WEB-036"
    );
    let longer = tom
        .post(
            &format!("{item}/extend"),
            &json!({ "fence": fence, "lease_seconds": 600 }),
        )
        .expect(200);
    assert_eq!(longer["fence"], fence, "a longer lease is the same claim");
    assert!(longer["lease_until"].as_str() > claimed["lease_until"].as_str());
    let stale = json!({ "fence": fence - 1, "fields": { "resolution.answer": "order_price" } });
    let refused = tom.post(&format!("{item}/complete"), &stale);
    assert_ne!(refused.status, 200, "{}", refused.body);

    // What the form does not take is said by field, under its own code.
    let wrong = json!({ "fence": fence, "fields": { "resolution.answer": "no_such_answer" } });
    let wrong = tom.post(&format!("{item}/complete"), &wrong);
    assert_eq!(wrong.problem(422), "BATON-FORM-106");
    assert!(
        wrong.json()["fields"]["resolution.answer"].is_string(),
        "{}",
        wrong.body
    );

    let answer = json!({ "fence": fence, "fields": {
        "resolution.answer": "order_price", "resolution.reason": "supplier_error", "resolution.note": "No." } });
    let done = tom
        .post_once(&format!("{item}/complete"), &answer, Some("once"))
        .expect(200);
    assert_eq!(done["repeated"], false);
    let again = tom
        .post_once(&format!("{item}/complete"), &answer, Some("once"))
        .expect(200);
    assert_eq!(
        (&again["n"], &again["repeated"]),
        (&done["n"], &json!(true))
    );
    let other = json!({ "fence": fence, "fields": {} });
    let other = tom.post_once(&format!("{item}/complete"), &other, Some("once"));
    assert_eq!(other.problem(422), "BATON-WEB-035");
    // Without the key it is late: the item is over.
    assert_eq!(
        tom.post(&format!("{item}/complete"), &answer).problem(409),
        "BATON-DESK-031"
    );
    assert_eq!(
        tom.post("/work/claim-next", &json!({})).status,
        204,
        "nothing is left"
    );
}

#[test]
fn a_claim_that_was_given_away_completes_nothing() {
    let stage = Stage::set("api-fence");
    let worker = api(&stage, "agnieszka.wrona");
    let item = format!("/items/{}", stage.resolve.item);
    let first = worker
        .post(&format!("{item}/claim"), &json!({}))
        .expect(200)["fence"]
        .clone();
    worker
        .post(&format!("{item}/release"), &json!({ "fence": first }))
        .expect(200);
    let second = worker
        .post(&format!("{item}/claim"), &json!({}))
        .expect(200)["fence"]
        .clone();
    assert_ne!(first, second, "a new claim has a new fence");
    let answer = |fence: &serde_json::Value| {
        json!({ "fence": fence, "fields": {
        "resolution.answer": "order_price", "resolution.reason": "supplier_error", "resolution.note": "No." } })
    };
    let stale = worker.post(&format!("{item}/complete"), &answer(&first));
    assert_eq!(stale.problem(409), "BATON-DESK-031");
    assert_eq!(stale.json()["now"]["fence"], second, "{}", stale.body);
    for act in ["release", "extend", "pause", "resume", "draft"] {
        let body = match act {
            "pause" => json!({ "fence": first, "reason": "outage" }),
            "draft" => json!({ "fence": first, "fields": {} }),
            _ => json!({ "fence": first }),
        };
        assert_eq!(
            worker.post(&format!("{item}/{act}"), &body).problem(409),
            "BATON-DESK-031",
            "{act}"
        );
    }
    let short = json!({ "lease_seconds": 0 });
    assert_eq!(
        worker.post(&format!("{item}/extend"), &short).problem(422),
        "BATON-DESK-032"
    );
    let failing = json!({ "code": "not-readable", "message": "…" });
    assert_eq!(
        worker.post(&format!("{item}/fail"), &failing).problem(409),
        "BATON-DESK-034"
    );
    worker
        .post(&format!("{item}/complete"), &answer(&second))
        .expect(200);
}

#[test]
fn refusals_are_problems_that_say_what_to_do() {
    let stage = Stage::set("api-problems");
    let worker = api(&stage, "agnieszka.wrona");
    let nobody = Api {
        token: "baton_nothing".into(),
        ..worker.clone()
    };
    let unknown = nobody.get("/work");
    assert_eq!(unknown.problem(401), "BATON-WEB-010");
    assert!(
        unknown
            .head
            .to_lowercase()
            .contains("www-authenticate: bearer"),
        "{}",
        unknown.head
    );
    assert_eq!(worker.get("/nothing").problem(404), "BATON-WEB-037");
    let wrong = worker.send("PUT", "/work", &[], b"");
    assert_eq!(wrong.problem(405), "BATON-WEB-018");
    assert!(
        wrong.head.to_lowercase().contains("allow:"),
        "{}",
        wrong.head
    );
    let claim = "/work/claim-next";
    let kind = [("content-type", "application/json")];
    let malformed = worker.send("POST", claim, &kind, b"{\n  \"lanes\": [,]\n}");
    assert_eq!(malformed.problem(400), "BATON-WEB-030");
    assert!(
        malformed.body.contains("line 2, column 13"),
        "{}",
        malformed.body
    );
    let unfit = worker.send("POST", claim, &kind, b"{\"lane\": \"resolve\"}");
    assert_eq!(unfit.problem(422), "BATON-WEB-031");
    let text = worker.send("POST", claim, &[("content-type", "text/plain")], b"{}");
    assert_eq!(text.problem(415), "BATON-WEB-032");
    let huge = vec![b' '; (1 << 20) + 1];
    assert_eq!(
        worker.send("POST", claim, &kind, &huge).problem(413),
        "BATON-WEB-019"
    );
    assert_eq!(worker.get("/work?limit=0").problem(400), "BATON-WEB-030");
    assert_eq!(worker.get("/work?cursor=zz").problem(422), "BATON-WEB-031");
    assert_eq!(worker.get("/work?state=lost").problem(400), "BATON-WEB-030");
    // Another party's item is not there; the attempt is counted.
    let foreign = format!("/items/{}", stage.approve.item);
    assert_eq!(worker.get(&foreign).problem(404), "BATON-WEB-013");
    let page = stage
        .server
        .get("/problems/BATON-DESK-031", None)
        .expect("an answer");
    assert!(
        page.status == 200 && page.body.contains("work item"),
        "{}",
        page.body
    );
}

#[test]
fn a_token_acts_as_its_worker_until_it_is_revoked() {
    let stage = Stage::set("api-tokens");
    let worker = api(&stage, "agnieszka.wrona");
    worker.get("/work").expect(200);
    // What changes something is not taken from a browser's session: no other site can send a token.
    let cookie = format!("baton-session={}", stage.session("agnieszka.wrona"));
    let by_cookie = support::request(
        stage.server.address,
        "POST",
        "/api/v1/work/claim-next",
        None,
        &[("cookie", &cookie), ("content-type", "application/json")],
        b"{}",
    );
    assert_eq!(by_cookie.expect("an answer").problem(401), "BATON-WEB-010");
    let listed = run(&["token", "list", "--data", &stage.data], 0);
    assert!(listed.contains("agnieszka.wrona  test  until"), "{listed}");
    assert!(!listed.contains(&worker.token), "a token is shown once");
    let hash = listed.split("  ").next().expect("a hash").to_string();
    run(&["token", "revoke", "--data", &stage.data, &hash], 0);
    assert_eq!(worker.get("/work").problem(401), "BATON-WEB-010");
    let data = stage.data.clone();
    let kept = serde_json::to_string(&journal(&data)).expect("JSON");
    assert!(kept.contains("token_issued") && kept.contains("token_revoked"));
    assert!(!kept.contains(&worker.token), "only its hash is kept");
}
