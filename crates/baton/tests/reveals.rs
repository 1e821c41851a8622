//! A reveal shows a field once: a request that is sent again, or claims to be, shows nothing again.

mod support;

use baton_journal::Event;
use support::house::packs_folder;
use support::request;
use support::stage::{Stage, journal};

fn said(open: &str) -> String {
    let path = packs_folder().join("purchase-to-pay/sample/3-invoices/INV-20419-brixner.xml");
    let xml = std::fs::read_to_string(path).expect("the sample");
    let rest = xml.split(open).nth(1).expect("the value");
    rest.split("</").next().expect("its end").to_string()
}

#[test]
fn a_request_sent_again_reveals_nothing_again() {
    let stage = Stage::set("reveals");
    let (email, phone) = (said("<cbc:ElectronicMail>"), said("<cbc:Telephone>"));
    let path = format!("/cases/{}/reveal", stage.resolve.id);
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("idempotency-key", "k"),
    ];
    let reveal = |field: &str, from: &str| {
        let body = format!("field={field}&reason=call+back&from={from}");
        let session = Some(stage.session("agnieszka.wrona"));
        let answer = request(
            stage.server.address,
            "POST",
            &path,
            session,
            &form,
            body.as_bytes(),
        );
        answer.expect("an answer").body
    };
    assert!(reveal("supplier.email", "").contains(&email));
    assert!(!reveal("supplier.email", "").contains(&email), "once only");
    // Another field is another reveal, whatever its key says; it shows itself and not the first.
    let other = reveal("supplier.phone", &format!("/items/{}", stage.resolve.item));
    assert!(other.contains(&phone) && !other.contains(&email));
    // An item of another case is no way back from this one.
    let astray = reveal("supplier.contact", &format!("/items/{}", stage.verify.item));
    assert!(!astray.contains(stage.verify.number), "{astray}");
    let api = format!("/api/v1/cases/{}/reveal", stage.resolve.id);
    let json = [
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    let body = br#"{"field":"supplier.email","reason":"call back"}"#;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let session = Some(stage.session("agnieszka.wrona"));
        let answer = request(stage.server.address, "POST", &api, session, &json, body);
        let answer = answer.expect("an answer");
        assert_eq!(
            answer.body.contains(&email),
            answer.status == 200,
            "{answer:?}"
        );
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [200, 409]);
    let (data, _folder) = stage.stop();
    let entries = journal(&data);
    let events = entries.iter().flat_map(|entry| &entry.events);
    let reveals = events.filter(|event| matches!(event, Event::FieldRevealed(_)));
    assert_eq!(reveals.count(), 4, "each one that showed something");
}
