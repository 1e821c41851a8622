//! Two programs on one data folder, many clients each: every command is decided once, on the true head,
//! whoever decided the one before it, and slots that one keeps never confuse the other.

#![allow(
    clippy::print_stdout,
    reason = "what was counted is the point of the test"
)]

mod support;

use baton_app::{App, Folder, proofs};
use baton_journal::{Actor, Command, Event};
use baton_model::{ProcessId, Record};
use std::collections::BTreeSet;
use std::sync::Arc;
use support::house::House;

/// Cases each client starts. Over a thousand entries in all, so that slots are kept meanwhile.
const CASES: usize = 120;
const CLIENTS: usize = 5;

fn second(house: &House) -> App {
    let folder = Folder::at(house.folder.path());
    let store = baton_store::sqlite::open(&folder.journal()).expect("the store");
    App::start(folder, Arc::new(store)).expect("the second program")
}

/// Starts cases; the numbers of their entries.
fn client(house: &House, app: &App) -> Vec<i64> {
    let process = ProcessId::new("request");
    let start = |number: usize| {
        let process = process.clone();
        let record = Record::new();
        let cause = format!("{:?}-{number}", std::thread::current().id());
        let cause = format!("{cause}-{}", app.token(4));
        let command = Command::StartCase { process, record };
        let first = app.submit_now(&house.tenant, Actor::System, &cause, command.clone());
        let first = first.expect("the case starts");
        if number.is_multiple_of(7) {
            let again = app.submit_now(&house.tenant, Actor::System, &cause, command);
            let again = again.expect("the same command again is answered");
            assert!(
                again.repeated && again.n == first.n,
                "once, whoever is asked"
            );
        }
        first.n
    };
    (0..CASES).map(start).collect()
}

#[test]
fn two_programs_with_many_clients_write_one_sound_journal() {
    let house = House::found("writers", &packs_path("request"));
    let other = second(&house);
    let numbers: Vec<i64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..2 * CLIENTS)
            .map(|number| {
                let app = if number < CLIENTS { &house.app } else { &other };
                let house = &house;
                scope.spawn(move || client(house, app))
            })
            .collect();
        let ended = clients
            .into_iter()
            .map(|client| client.join().expect("a client"));
        ended.flatten().collect()
    });
    let distinct: BTreeSet<i64> = numbers.iter().copied().collect();
    assert_eq!(
        distinct.len(),
        2 * CLIENTS * CASES,
        "each command has an entry of its own"
    );
    other.stop();
    let started = house.entries().into_iter().flat_map(|entry| entry.events);
    let started = started.filter(|event| matches!(event, Event::CaseStarted { .. }));
    assert_eq!(started.count(), distinct.len(), "no case starts twice");
    let report = proofs::verify(house.app.store(), &house.tenant, &[], &|_| {}).expect("a report");
    assert!(report.holds(), "{report:?}");
    println!(
        "{} cases by two programs: chain, tree and views hold",
        distinct.len()
    );
}

fn packs_path(pack: &str) -> String {
    support::house::packs_folder()
        .join(pack)
        .display()
        .to_string()
}
