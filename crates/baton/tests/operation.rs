//! The floor: what it planted is what Baton found, over HTTP, for every invoice; and it shares nothing
//! with what finds it.
#![allow(clippy::print_stdout, reason = "a test says what it counted")]

mod support;

use baton_app::clock::SetClock;
use baton_floor::{Api, Floor, Nature, SideFile, Staff};
use baton_journal::{Entry, Event};
use baton_model::{Micros, WallTime};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use support::house::{House, text};
use support::stage::journal;
use support::{Server, Temporary, free_address, run};

const DEALS: u32 = 100;

/// A served company, and a floor beside it.
struct Company {
    temporary: Temporary,
    data: String,
    server: Server,
}

impl Company {
    fn found(name: &str) -> Self {
        let temporary = Temporary::new(name);
        let data = temporary.join("data");
        run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
        let share = ["lane", "share", "--data", &data, "verify"];
        let shares = ["TO=50", "DL=50", "--reason", "a bot beside people"];
        run(&[&share[..], &shares[..]].concat(), 0);
        let server = Server::start(&data, free_address());
        Self {
            temporary,
            data,
            server,
        }
    }

    fn side(&self) -> PathBuf {
        self.temporary.path().join("planted.jsonl")
    }

    fn hire(&self, worker: &str, nature: Nature) -> Staff {
        let out = run(
            &[
                "token", "issue", "--data", &self.data, worker, "--name", "floor",
            ],
            0,
        );
        let token = out
            .split_whitespace()
            .find(|word| word.starts_with("baton_"));
        let token = token.unwrap_or_else(|| panic!("no token: {out}"));
        let address = format!("http://{}", self.server.address);
        Staff {
            id: worker.into(),
            nature,
            api: Api::new(&address, token),
        }
    }

    fn floor(&self, staff: Vec<Staff>, pace: u32) -> Floor {
        Floor {
            staff,
            side: SideFile::open(&self.side()).expect("a side file"),
            pace,
            deals: 40,
            earlier: Default::default(),
            spare: 0,
            rng: fastrand::Rng::with_seed(20_261_122),
        }
    }
}

#[test]
fn what_was_planted_is_what_was_found() {
    let company = Company::found("floor");
    let clerk = company.hire("lena.brandt", Nature::Person);
    let mut floor = company.floor(vec![clerk], 1);
    floor.arrive(DEALS).expect("documents are sent");
    let (planted, found) = (planted(&company.side()), found(&journal(&company.data)));
    let defects = planted.iter().filter(|(_, reasons)| !reasons.is_empty());
    let notes = planted
        .iter()
        .filter(|(_, reasons)| reasons.contains("credit note"));
    let wrong = notes.clone().filter(|(_, reasons)| reasons.contains(','));
    println!(
        "{} documents, {} with something to find; {} credit notes, {} of them with a planted defect",
        planted.len(),
        defects.clone().count(),
        notes.clone().count(),
        wrong.clone().count()
    );
    assert!(defects.count() > 20, "enough is planted to mean something");
    assert!(notes.count() > 5 && wrong.count() > 1, "credit notes too");
    assert_eq!(planted, found);
}

#[test]
fn people_and_a_bot_of_all_parties_bring_cases_to_their_end_over_http() {
    let company = Company::found("floor-work");
    let people = ["kai.petersen", "ina.lorenz", "marek.nowak", "ana.cruz"];
    let mut staff: Vec<Staff> = people
        .map(|worker| company.hire(worker, Nature::Person))
        .into();
    staff.push(company.hire("docklens-checker", Nature::Bot));
    let floor = company.floor(staff, 200_000);
    let (stop, stopped) = channel();
    let running = std::thread::spawn(move || floor.run(&stopped));
    let began = Instant::now();
    let entries = loop {
        let entries = journal(&company.data);
        let by = completions(&entries);
        let all = people.iter().chain(&["docklens-checker"]);
        if proposed(&entries) >= 12 && all.clone().all(|worker| by.contains_key(*worker)) {
            println!(
                "{} payments proposed; completed by {by:?}",
                proposed(&entries)
            );
            break entries;
        }
        assert!(
            began.elapsed() < Duration::from_secs(240),
            "who works: {by:?}"
        );
        std::thread::sleep(Duration::from_millis(200));
    };
    drop(stop);
    running.join().expect("the floor ends").expect("and well");
    let mut done = BTreeSet::new();
    for event in entries.iter().flat_map(|entry| &entry.events) {
        if let Event::ItemCompleted { item, .. } = event {
            assert!(done.insert(item.clone()), "{item} is done twice");
        }
    }
    let data = company.data.clone();
    company.server.stop();
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
}

/// Sunday, 22 November 2026, 10:00 in Manila.
const SUNDAY: Micros = Micros(1_795_312_800_000_000);

#[test]
fn on_a_sunday_the_clock_of_the_provider_with_a_weekend_shift_moves() {
    let clock = Arc::new(SetClock::at(SUNDAY));
    let house = House::found_at("sunday", "purchase-to-pay", clock.clone());
    let case = house.sample(&["3-invoices/8830021-stadtwerke.xml"]);
    clock.set(SUNDAY.plus(WallTime::hours(1)));
    let times = house.times(&house.viewer("mara.linden"), &case);
    let hop = times.hops.first().expect("a hop");
    assert_eq!(hop.party.as_str(), "TO");
    assert_eq!(hop.clock.working.0, WallTime::hours(1).0);
    assert_eq!(times.clock.working.0, 0, "the client is closed");
}

fn proposed(entries: &[Entry]) -> usize {
    let events = entries.iter().flat_map(|entry| &entry.events);
    events
        .filter(|event| matches!(event, Event::PaymentProposed { .. }))
        .count()
}

/// How many items each worker completed.
fn completions(entries: &[Entry]) -> BTreeMap<String, usize> {
    let mut by = BTreeMap::new();
    for event in entries.iter().flat_map(|entry| &entry.events) {
        if let Event::ItemCompleted { worker, .. } = event {
            *by.entry(worker.to_string()).or_default() += 1;
        }
    }
    by
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
