//! Services that no room offers: a bot of the lane pulls them by lease and fence, gives the fields of the
//! service's result, or says that it cannot; and an administrator lets it in.

#![allow(
    clippy::print_stdout,
    reason = "what happened is the point of the test"
)]

mod support;

use baton_journal::Event;
use serde_json::{Value, json};
use support::api::{Api, token};
use support::queues::Task;
use support::stage::journal;
use support::{Server, free_address, queues};

fn labels(entries: &[baton_journal::Entry]) -> Vec<String> {
    let events = entries.iter().flat_map(|entry| &entry.events);
    events.map(Event::label).collect()
}

#[test]
fn a_bot_does_what_no_room_offers_or_says_why_not() {
    let house = queues::found("bots", 1, 2, Task::Service);
    queues::fill(&house, 1, 3);
    let (_kept, data) = queues::served(house);
    let (admin, bot) = (token(&data, "w0"), token(&data, "w1"));
    let server = Server::start(&data, free_address());
    let of = |token: String| Api {
        address: server.address,
        token,
    };
    let (admin, bot) = (of(admin), of(bot));
    // A person of the lane is offered none of them.
    assert_eq!(admin.post("/work/claim-next", &json!({})).status, 204);
    let next = || {
        bot.post("/work/claim-next", &json!({ "lease_seconds": 60 }))
            .expect(200)
    };
    let act = |item: &Value, verb: &str, body: &Value| {
        let path = format!("/items/{}/{verb}", item["id"].as_str().expect("an id"));
        bot.post(&path, body)
    };
    let first = next();
    assert_eq!(
        (&first["role"], &first["name"]),
        (&json!("bot"), &json!("Read 0")),
        "{first}"
    );
    let stray = json!({ "fence": first["fence"], "fields": { "q.title": "mine now" } });
    assert_eq!(
        act(&first, "complete", &stray).problem(422),
        "BATON-ENGINE-034"
    );
    let read = json!({ "fence": first["fence"], "fields": { "q.scan.number": "4711", "q.scan.pages": 3 } });
    act(&first, "complete", &read).expect(200);
    let case = admin
        .get(&format!(
            "/cases/{}",
            first["case"].as_str().expect("a case")
        ))
        .expect(200);
    assert_eq!(
        (&case["state"], &case["fields"]["q.scan.number"]["value"]),
        (&json!("ended"), &json!("4711")),
        "{case}"
    );

    // An error that the model expects goes its way; another becomes an incident, and is tried again.
    let second = next();
    let unsound = json!({ "fence": second["fence"], "code": "not readable!" });
    assert_eq!(
        act(&second, "fail", &unsound).problem(422),
        "BATON-DESK-035"
    );
    let known = json!({ "fence": second["fence"], "code": "not-readable", "message": "all black" });
    act(&second, "fail", &known).expect(200);
    let case = admin
        .get(&format!(
            "/cases/{}",
            second["case"].as_str().expect("a case")
        ))
        .expect(200);
    assert_eq!(
        (&case["state"], &case["outcome"]),
        (&json!("ended"), &json!("unreadable")),
        "{case}"
    );
    let third = next();
    let unknown = json!({ "fence": third["fence"], "code": "out-of-paper", "message": "the reader is empty" });
    act(&third, "fail", &unknown).expect(200);
    let id = third["case"].as_str().expect("a case");
    let case = admin.get(&format!("/cases/{id}")).expect(200);
    assert_eq!(case["state"], "stuck", "{case}");
    assert!(
        case["incident"]
            .as_str()
            .expect("an incident")
            .contains("the reader is empty"),
        "{case}"
    );
    admin
        .post(&format!("/cases/{id}/incidents/1/resolve"), &json!({}))
        .expect(200);
    let again = next();
    assert_eq!(again["case"], third["case"], "tried again as a new item");
    assert_ne!(again["id"], third["id"]);

    let times = admin.get(&format!("/cases/{id}/times")).expect(200);
    assert!(
        times["hops"][0]["wall_micros"].as_i64().expect("wall time") > 0,
        "the same clocks: {times}"
    );
    server.stop();
    let known = labels(&journal(&data));
    for label in [
        "service_left",
        "item_failed",
        "item_completed",
        "incident_resolved",
    ] {
        assert!(
            known.iter().any(|known| known == label),
            "{label} is in the journal"
        );
    }
    support::run(&["verify", "--data", &data], 0);
}

#[test]
fn a_case_is_started_by_hand_and_tokens_are_issued_once() {
    let house = queues::found("admin", 1, 2, Task::Form);
    let (_kept, data) = queues::served(house);
    let (admin, worker) = (token(&data, "w0"), token(&data, "w1"));
    let server = Server::start(&data, free_address());
    let of = |token: String| Api {
        address: server.address,
        token,
    };
    let (admin, worker) = (of(admin), of(worker));
    let case = json!({ "process": "q0", "fields": { "q.title": "By hand" } });
    let started = admin.post_once("/cases", &case, Some("one")).expect(201);
    let again = admin.post_once("/cases", &case, Some("one")).expect(201);
    assert_eq!(started["cases"], again["cases"], "once");
    let none = admin.post("/cases", &json!({ "process": "nothing" }));
    assert_eq!(none.problem(404), "BATON-ENGINE-023");
    let id = started["cases"][0].as_str().expect("a case");
    let message = json!({ "message": "nothing-awaited", "key": "1" });
    assert_eq!(
        admin
            .post(&format!("/cases/{id}/messages"), &message)
            .problem(404),
        "BATON-ENGINE-026"
    );

    let new = json!({ "worker": "w1", "name": "reader", "days": 7 });
    assert_eq!(
        worker.post("/tokens", &new).problem(403),
        "BATON-ACCESS-017"
    );
    let issued = admin.post_once("/tokens", &new, Some("k")).expect(201);
    let again = admin.post_once("/tokens", &new, Some("k"));
    assert_eq!(again.problem(409), "BATON-WEB-034");
    let reader = of(issued["token"].as_str().expect("a token").to_string());
    assert_eq!(reader.get("/me").expect(200)["worker"], "w1");
    let own = reader.get("/tokens").expect(200);
    let own = own["items"].as_array().expect("tokens");
    let hash = &own.iter().find(|it| it["name"] == "reader").expect("it")["hash"];
    let path = format!("/tokens/{}", hash.as_str().expect("a hash"));
    let unnamed = admin.post("/tokens", &json!({ "worker": "w1", "name": " " }));
    assert_eq!(unnamed.problem(422), "BATON-ACCESS-025");
    assert_eq!(reader.send("DELETE", &path, &[], b"").status, 200);
    assert_eq!(reader.get("/me").problem(401), "BATON-WEB-010");
    assert_eq!(
        worker.send("DELETE", &path, &[], b"").problem(404),
        "BATON-ACCESS-026"
    );
}
