//! The floor: what it planted is what Baton found, over HTTP, for every invoice; and it shares nothing
//! with what finds it.
#![allow(clippy::print_stdout, reason = "a test says what it counted")]

mod support;

use baton_floor::{Api, Floor, Nature, SideFile, Staff};
use baton_journal::{Entry, Event};
use std::path::Path;
use support::house::text;
use support::stage::journal;
use support::{Server, Temporary, free_address, link, run, sign_in};

const DEALS: u32 = 100;

#[test]
fn what_was_planted_is_what_was_found() {
    let temporary = Temporary::new("floor");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let link = link(&data, "lena.brandt");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &link);
    let side = temporary.path().join("planted.jsonl");
    let mut floor = Floor {
        staff: vec![Staff {
            id: "lena.brandt".into(),
            nature: Nature::Person,
            api: Api::new(&format!("http://{}", server.address), &session),
        }],
        side: SideFile::open(&side).expect("a side file"),
        pace: 1,
        rng: fastrand::Rng::with_seed(20_261_122),
    };
    floor.arrive(DEALS).expect("documents are sent");
    server.stop();
    let (planted, found) = (planted(&side), found(&journal(&data)));
    let defects = planted.iter().filter(|(_, reasons)| !reasons.is_empty());
    println!(
        "{} invoices, {} with a planted defect",
        planted.len(),
        defects.clone().count()
    );
    assert!(defects.count() > 20, "enough is planted to mean something");
    assert_eq!(planted, found);
}

/// Invoice numbers with the reasons a clerk would give, in order.
fn planted(side: &Path) -> Vec<(String, String)> {
    let lines = SideFile::read(side).expect("the side file is read");
    let mut planted: Vec<_> = lines
        .into_iter()
        .map(|line| (line.invoice, line.reasons.join(", ")))
        .collect();
    planted.sort();
    planted
}

/// Invoice numbers with the reasons Baton gave, in the same order.
fn found(entries: &[Entry]) -> Vec<(String, String)> {
    let mut found: Vec<_> = entries.iter().filter_map(case).collect();
    found.sort();
    found
}

/// The invoice of an entry that began a case, and what Baton said of it at once.
fn case(entry: &Entry) -> Option<(String, String)> {
    let started = entry.events.iter().find_map(|event| match event {
        Event::CaseStarted { record, .. } => record.get("invoice.number")?.value()?.as_text(),
        _ => None,
    });
    let said = text(&entry.events, "exception.reason");
    let mut reasons: Vec<&str> = said.split(", ").filter(|one| !one.is_empty()).collect();
    reasons.sort_unstable();
    Some((started?.to_string(), reasons.join(", ")))
}
