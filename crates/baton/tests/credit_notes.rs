//! A credit note meets the case that waits for it: in one turn, by sender and billing reference; and
//! everything that must not be taken for it starts a case of its own.

#![allow(
    clippy::print_stdout,
    reason = "where each went is the point of the test"
)]

mod support;

use baton_app::clock::SetClock;
use baton_app::imports::{Imported, Outcome};
use baton_app::ticks::{Watch, tick};
use baton_journal::Event;
use baton_journal::event::QuantitiesClaimed;
use baton_model::{Cell, Micros, Value, WallTime};
use std::sync::Arc;
use support::house::{House, fields, packs_folder, text};
use support::run;

const DEAR: [&str; 3] = [
    "1-orders/4500-7740-brixner.xml",
    "2-receipts/4500-7740-brixner.xml",
    "3-invoices/INV-20425-brixner.xml",
];

/// The credit note of the scenario, with replacements.
fn note(replace: &[(&str, &str)]) -> Vec<u8> {
    let path = packs_folder().join("purchase-to-pay/scenarios/CN-20440-brixner.xml");
    let mut xml = std::fs::read_to_string(path).expect("the credit note");
    for (from, to) in replace {
        assert!(xml.contains(from), "{from}");
        xml = xml.replace(from, to);
    }
    xml.into_bytes()
}

/// A house with a case that waits for a credit note about INV-20425 of Brixner.
fn waiting(name: &str) -> (House, String) {
    let house = House::found(name, "purchase-to-pay");
    let case = house.sample(&DEAR);
    ask(&house, &case);
    (house, case)
}

fn ask(house: &House, case: &str) {
    let answer = fields(&[
        ("resolution.answer", "credit_note"),
        ("resolution.reason", "supplier_error"),
    ]);
    house
        .done(case, "resolve_exception", "jana.kos", answer)
        .expect("a credit note is asked for");
}

/// It started a case of its own, and the waiting one waits on.
fn alone(house: &House, case: &str, imported: &Imported) {
    assert!(
        matches!(imported.outcome, Outcome::Case | Outcome::Suspected),
        "{imported}"
    );
    assert_ne!(imported.case.as_deref(), Some(case), "{imported}");
    assert!(
        house.open(case, "approve_invoice").is_none(),
        "{case} waits on"
    );
}

/// A field that documents brought to a case.
fn brought(events: &[Event], name: &str) -> Option<Value> {
    events.iter().rev().find_map(|event| match event {
        Event::MessageEnded { record, .. } => record.get(name).and_then(Cell::value).cloned(),
        _ => None,
    })
}

#[test]
fn a_credit_note_goes_to_the_case_that_waits_for_it_in_the_same_turn() {
    let (house, case) = waiting("credit-note");
    let before = house.entries().len();
    let imported = house.import("CN-20440.xml", &note(&[]));
    assert_eq!(
        (imported.outcome, imported.case.as_deref()),
        (Outcome::Correlated, Some(case.as_str()))
    );
    let entries = house.entries();
    assert_eq!(entries.len(), before + 1, "one command, one entry");
    let labels: Vec<String> = entries[before].events.iter().map(Event::label).collect();
    assert_eq!(labels[..2], ["document_correlated", "message_ended"]);
    assert!(
        labels.contains(&"timer_ended".into()),
        "ten days are no longer waited: {labels:?}"
    );
    assert!(!labels.contains(&"case_started".into()), "{labels:?}");
    let events = house.events(&case);
    assert_eq!(
        brought(&events, "credit_note.number"),
        Some(Value::text("CN-20440"))
    );
    assert_eq!(
        text(&events, "invoice.number"),
        "",
        "the invoice's own fields stay"
    );
    assert!(house.open(&case, "approve_invoice").is_some());

    // Its document is listed with the case, and the same bytes again name the case.
    let data = house.folder.path().display().to_string();
    let listed = run(&["documents", "--data", &data, "--json"], 0);
    let line = listed
        .lines()
        .find(|line| line.contains("CN-20440"))
        .expect("listed");
    assert!(line.contains(&case), "{line}");
    let again = house.import("again.xml", &note(&[]));
    assert_eq!(
        (again.outcome, again.case.as_deref()),
        (Outcome::Duplicate, Some(case.as_str()))
    );

    for (task, worker, answer) in [
        (
            "approve_invoice",
            "ole.voss",
            ("approval.answer", "approve"),
        ),
        (
            "release_payment",
            "mara.linden",
            ("release.answer", "release"),
        ),
    ] {
        house
            .done(&case, task, worker, fields(&[answer]))
            .expect("done");
    }
    let events = house.events(&case);
    let (mut proposed, mut claimed) = (None, None);
    for event in &events {
        match event {
            Event::PaymentProposed { record, .. } => proposed = Some(record.clone()),
            Event::QuantitiesClaimed(QuantitiesClaimed { amount, .. }) => {
                claimed = Some(amount.to_string())
            }
            _ => {}
        }
    }
    let proposed = proposed.expect("a payment is proposed");
    let number = |name: &str| {
        proposed[name]
            .value()
            .and_then(Value::as_number)
            .map(|n| n.to_string())
    };
    // 7,518.42 less 128.52; of the budget 6,318.00 less 108.00.
    assert_eq!(number("payment.amount").as_deref(), Some("7389.90"));
    assert_eq!(number("payment.credited").as_deref(), Some("128.52"));
    assert_eq!(claimed.as_deref(), Some("6210.00"));
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    println!("CN-20440 went to {case}; 7389.90 is proposed");
}

#[test]
fn what_is_not_the_credit_note_waited_for_starts_a_case_of_its_own() {
    let (house, case) = waiting("not-it");
    let other = ("<cbc:ID>INV-20425</cbc:ID>", "<cbc:ID>INV-20402</cbc:ID>");
    let number = |to: &'static str| ("CN-20440", to);
    let reference = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-20425</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>";
    for (what, replace) in [
        ("about another invoice", vec![number("CN-1"), other]),
        ("without a reference", vec![number("CN-2"), (reference, "")]),
        (
            "of another sender",
            vec![number("CN-3"), ("DE999000201", "DE999000999")],
        ),
    ] {
        let imported = house.import(what, &note(&replace));
        alone(&house, &case, &imported);
        println!("{what}: {imported}");
    }
    // An invoice with a reference is no credit note, whatever it refers to.
    let path = packs_folder().join("purchase-to-pay/sample/3-invoices/INV-20388-brixner.xml");
    let xml = std::fs::read_to_string(path).expect("the sample");
    let end = "</cac:OrderReference>";
    let xml = xml.replacen(end, &format!("{end}{reference}"), 1);
    alone(&house, &case, &house.import("invoice", xml.as_bytes()));
    // Then the right one comes, and after it one more: nobody waits any longer.
    assert_eq!(
        house.import("right", &note(&[])).outcome,
        Outcome::Correlated
    );
    let one_more = house.import("one-more", &note(&[number("CN-4")]));
    assert_eq!(one_more.outcome, Outcome::Case, "{one_more}");
}

#[test]
fn one_that_came_before_it_was_waited_for_and_one_that_came_too_late_stand_alone() {
    let clock = Arc::new(SetClock::at(Micros(1_795_420_800_000_000)));
    let house = House::found_at("early-late", "purchase-to-pay", clock.clone());
    let case = house.sample(&DEAR);
    let early = house.import("early", &note(&[("CN-20440", "CN-1")]));
    assert_eq!(early.outcome, Outcome::Case, "{early}");
    ask(&house, &case);
    clock.set(Micros(1_795_420_800_000_000).plus(WallTime::hours(240)));
    assert_eq!(
        tick(&house.app, &mut Watch::default())
            .expect("a tick")
            .timers,
        1
    );
    let late = house.import("late", &note(&[]));
    assert_eq!(late.outcome, Outcome::Case, "the case has gone on: {late}");
}

#[test]
fn a_changed_credit_note_with_a_known_number_goes_to_a_person() {
    let (house, case) = waiting("changed");
    house.import("first", &note(&[]));
    house
        .done(
            &case,
            "approve_invoice",
            "ole.voss",
            fields(&[("approval.answer", "back")]),
        )
        .expect("sent back");
    ask(&house, &case);
    let changed = house.import(
        "changed",
        &note(&[("Corner boards at", "Corner boards once more at")]),
    );
    assert_eq!(changed.outcome, Outcome::Suspected, "{changed}");
    alone(&house, &case, &changed);
    // A second one with a number of its own is waited for, and both count.
    let second = house.import("second", &note(&[("CN-20440", "CN-20441")]));
    assert_eq!(second.outcome, Outcome::Correlated, "{second}");
    for (task, worker, answer) in [
        (
            "approve_invoice",
            "ole.voss",
            ("approval.answer", "approve"),
        ),
        (
            "release_payment",
            "mara.linden",
            ("release.answer", "release"),
        ),
    ] {
        house
            .done(&case, task, worker, fields(&[answer]))
            .expect("done");
    }
    let credited = house.events(&case).iter().find_map(|event| match event {
        Event::PaymentProposed { record, .. } => record["payment.credited"].value().cloned(),
        _ => None,
    });
    let credited = credited.and_then(|value| value.as_number());
    assert_eq!(
        credited.map(|sum| sum.to_string()).as_deref(),
        Some("257.04")
    );
}

#[test]
fn one_in_another_currency_stops_the_payment_with_a_reason() {
    let (house, case) = waiting("currency");
    let other = house.import("usd", &note(&[("EUR", "USD")]));
    assert_eq!(other.outcome, Outcome::Correlated, "{other}");
    for (task, worker, answer) in [
        (
            "approve_invoice",
            "ole.voss",
            ("approval.answer", "approve"),
        ),
        (
            "release_payment",
            "mara.linden",
            ("release.answer", "release"),
        ),
    ] {
        house
            .done(&case, task, worker, fields(&[answer]))
            .expect("done");
    }
    let events = house.events(&case);
    let incident = events.iter().find_map(|event| match event {
        Event::IncidentRaised { message, .. } => Some(message.as_str()),
        _ => None,
    });
    assert!(
        incident.is_some_and(|message| message.contains("BATON-INTAKE-002")),
        "{incident:?}"
    );
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::PaymentProposed { .. }))
    );
}

#[test]
fn what_is_waited_for_is_known_after_a_restart_and_after_a_crash() {
    let (mut house, case) = waiting("restart");
    let crashed = house.after_a_crash("crashed");
    assert_eq!(
        crashed.import("crashed", &note(&[])).case.as_deref(),
        Some(case.as_str())
    );
    house.restart();
    let imported = house.import("restarted", &note(&[]));
    assert_eq!(imported.outcome, Outcome::Correlated, "{imported}");
    let data = house.folder.path().display().to_string();
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
}

#[test]
fn a_folder_whose_slots_an_older_baton_kept_is_folded_again() {
    let (mut house, case) = waiting("older");
    house.app.stop();
    let journal = house.folder.path().join("journal.db");
    let database = rusqlite::Connection::open(journal).expect("the database");
    let removed = database
        .execute(
            "delete from snapshot where shelf in ('shelves', 'intake.waiting')",
            [],
        )
        .expect("removed");
    assert_eq!(removed, 2, "as before there was such a shelf");
    drop(database);
    house.restart();
    let imported = house.import("older", &note(&[]));
    assert_eq!(
        (imported.outcome, imported.case.as_deref()),
        (Outcome::Correlated, Some(case.as_str()))
    );
    house.restart();
    let flushed = house.app.store().flushed(&house.tenant).expect("flushed");
    assert_eq!(flushed, house.entries().len() as i64, "and kept anew");
}
