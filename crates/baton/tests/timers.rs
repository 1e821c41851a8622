//! Timers end to end: a case waits, the clock passes the due instant, the tick fires the timer once, the
//! case moves and its clocks split; with two programs on a folder, with a restart or a crash in between,
//! and in the served program.

#![allow(clippy::print_stdout, reason = "what fired is the point of the test")]

mod support;

use baton_app::clock::SetClock;
use baton_app::ticks::{Done, Watch, tick};
use baton_app::{App, Failure};
use baton_journal::{Actor, Command, Entry, Event};
use baton_model::{Micros, WallTime, WorkItemId};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use support::house::{House, entries, fields, packs_folder};
use support::{Server, Temporary, copy, free_address, link, request, run, sign_in};

/// Monday 23 November 2026, 09:00 in Hamburg and Kraków.
const MONDAY: Micros = Micros(1_795_420_800_000_000);

/// The documents of a case that needs a person for its exception.
const DEAR: [&str; 3] = [
    "1-orders/4500-7740-brixner.xml",
    "2-receipts/4500-7740-brixner.xml",
    "3-invoices/INV-20425-brixner.xml",
];

/// The documents of a case that only waits for approval.
const CLEAN: [&str; 3] = [
    "1-orders/4500-7702-brixner.xml",
    "2-receipts/4500-7702-brixner.xml",
    "3-invoices/INV-20388-brixner.xml",
];

fn house(name: &str) -> (House, Arc<SetClock>) {
    let clock = Arc::new(SetClock::at(MONDAY));
    (
        House::found_at(name, "purchase-to-pay", clock.clone()),
        clock,
    )
}

fn after(hours: i64) -> Micros {
    MONDAY.plus(WallTime::hours(hours))
}

/// A credit note is asked for: from now on the case waits.
fn wait_for_credit_note(house: &House, case: &str) {
    let answer = fields(&[
        ("resolution.answer", "credit_note"),
        ("resolution.reason", "supplier_error"),
    ]);
    house
        .done(case, "resolve_exception", "jana.kos", answer)
        .expect("a credit note is asked for");
}

fn ticked(app: &App) -> Done {
    tick(app, &mut Watch::default()).expect("a tick")
}

/// The timers of a case: node, due instant, and whether it fired or was taken back.
fn timers(house: &House, case: &str) -> Vec<(String, Micros, Option<bool>)> {
    let events = house.events(case);
    let ended = |id: &String| {
        events.iter().find_map(|event| match event {
            Event::TimerEnded { timer, fired, .. } if timer == id => Some(*fired),
            _ => None,
        })
    };
    let set = events.iter().filter_map(|event| match event {
        Event::TimerSet {
            timer, node, due, ..
        } => Some((node.to_string(), *due, ended(timer))),
        _ => None,
    });
    set.collect()
}

/// The entries in which a timer of a case was fired.
fn fired(all: &[Entry], case: &str) -> Vec<Entry> {
    let of = |entry: &&Entry| match &entry.command {
        Command::FireTimer { case: id, .. } => id.as_str() == case,
        _ => false,
    };
    all.iter().filter(of).cloned().collect()
}

fn verified(house: &House) {
    let data = house.folder.path().display().to_string();
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
}

#[test]
fn a_case_waits_ten_days_for_a_credit_note_and_goes_on_once() {
    let (house, clock) = house("ten-days");
    let viewer = house.viewer("mara.linden");
    let case = house.sample(&DEAR);
    clock.set(after(2));
    wait_for_credit_note(&house, &case);
    let due = after(2).plus(WallTime::hours(240));
    assert_eq!(
        timers(&house, &case),
        [("credit_note_overdue".to_string(), due, None)]
    );

    // A microsecond early nothing fires, however often it is looked at.
    clock.set(Micros(due.0 - 1));
    assert_eq!(
        (ticked(&house.app).timers, ticked(&house.app).timers),
        (0, 0)
    );
    assert!(house.open(&case, "resolve_exception").is_none());
    let waiting = serde_json::to_value(house.times(&viewer, &case)).expect("JSON");
    assert_eq!(waiting["hops"].as_array().map(Vec::len), Some(1));

    clock.set(due);
    assert_eq!(ticked(&house.app).timers, 1);
    assert_eq!(ticked(&house.app).timers, 0, "the tick after finds nothing");
    let fired = fired(&house.entries(), &case);
    let [entry] = fired.as_slice() else {
        panic!("fired once: {fired:?}");
    };
    assert_eq!((entry.at, entry.actor.worker()), (due, None));
    assert!(
        entry.cause.contains(&case),
        "the cause names the case: {}",
        entry.cause
    );
    assert!(
        matches!(&entry.events[0], Event::TimerEnded { fired: true, timer, .. } if timer == "1"),
        "{:?}",
        entry.events
    );
    assert_eq!(timers(&house, &case)[0].2, Some(true));
    // The case moved: back with Kestrel, and the credit note is no longer waited for.
    assert!(house.open(&case, "resolve_exception").is_some());
    let given_up = |event: &Event| matches!(event, Event::MessageEnded { arrived: false, .. });
    assert!(entry.events.iter().any(given_up));
    let late = Command::Publish {
        message: "credit_note".into(),
        case: case.as_str().into(),
        key: "INV-20425".into(),
        record: fields(&[]),
    };
    let refused = house.submit(Actor::System, late).expect_err("too late");
    assert_eq!(code(&refused), "BATON-ENGINE-026");

    // The clocks split at these instants: Kestrel, the supplier for ten days, Kestrel again.
    clock.set(due.plus(WallTime::hours(3)));
    let times = house.times(&viewer, &case);
    assert!(times.adds_up());
    let hops: Vec<_> = times
        .hops
        .iter()
        .map(|hop| (hop.party.to_string(), hop.from, hop.until))
        .collect();
    assert_eq!(
        hops,
        [
            ("KS".to_string(), MONDAY, Some(after(2))),
            ("KS".to_string(), due, None)
        ]
    );
    let times = serde_json::to_value(times).expect("JSON");
    let hour = 3_600_000_000_i64;
    assert_eq!(
        times["held"],
        json!([
            [{"party": "KS"}, 5 * hour],
            [{"wait": {"message": "credit_note"}}, 240 * hour]
        ])
    );
    verified(&house);
    println!(
        "{case}: fired by entry {} at its due instant, KS 5 h, supplier 240 h",
        entry.n
    );
}

#[test]
fn an_approval_without_an_answer_goes_to_a_controller_and_the_old_item_is_gone() {
    let (house, clock) = house("five-days");
    let viewer = house.viewer("mara.linden");
    let case = house.sample(&CLEAN);
    let item = house.open(&case, "approve_invoice").expect("it waits");
    clock.set(after(119));
    house.claim("tom.harms", &item).expect("claimed");
    clock.set(after(120));
    assert_eq!(ticked(&house.app).timers, 1);
    assert_eq!(
        timers(&house, &case),
        [("approval_overdue".to_string(), after(120), Some(true))]
    );
    // Tom's item is gone under his hands; what he sends now is refused, not lost in silence.
    let stale = |id: WorkItemId| Command::Complete {
        item: id,
        case: case.as_str().into(),
        expected: 0,
        fields: fields(&[("approval.answer", "approve")]),
    };
    let refused = house
        .submit(house.viewer("tom.harms").actor(), stale(item.id))
        .expect_err("the item is gone");
    assert!(code(&refused).starts_with("BATON-DESK-"), "{refused}");
    let escalated = house
        .open(&case, "approve_over_budget")
        .expect("a controller");
    let refused = house
        .claim("tom.harms", &escalated)
        .expect_err("no controller");
    assert!(code(&refused).starts_with("BATON-DESK-"), "{refused}");
    house
        .done(
            &case,
            "approve_over_budget",
            "mara.linden",
            fields(&[("approval.answer", "approve"), ("approval.cover", "none")]),
        )
        .expect("approved by a controller");
    // It never left Linden & Voss in this lane, so it is one hop up to the approval.
    let times = house.times(&viewer, &case);
    assert!(times.adds_up());
    let hops: Vec<_> = times
        .hops
        .iter()
        .map(|hop| (hop.lane.to_string(), hop.from, hop.until))
        .collect();
    assert_eq!(
        hops,
        [
            ("approve".to_string(), MONDAY, Some(after(120))),
            ("pay".to_string(), after(120), None)
        ]
    );
    assert_eq!(ticked(&house.app).timers, 0);
    verified(&house);
}

#[test]
fn an_answer_in_time_takes_the_timer_back() {
    let (house, clock) = house("in-time");
    let case = house.sample(&CLEAN);
    house
        .done(
            &case,
            "approve_invoice",
            "tom.harms",
            fields(&[("approval.answer", "approve")]),
        )
        .expect("approved");
    clock.set(after(1_000));
    assert_eq!(ticked(&house.app).timers, 0);
    assert_eq!(timers(&house, &case)[0].2, Some(false));
    assert!(fired(&house.entries(), &case).is_empty());
}

#[test]
fn two_programs_on_a_folder_fire_each_timer_once_between_them() {
    let (house, clock) = house("two-programs");
    let invoices = [
        DEAR.as_slice(),
        &[
            "1-orders/4500-7731-brixner.xml",
            "2-receipts/4500-7731-brixner.xml",
            "3-invoices/INV-20419-brixner.xml",
        ],
        &[
            "1-orders/4500-7711-hansa.xml",
            "2-receipts/4500-7711-hansa.xml",
            "3-invoices/R-55120-hansa.xml",
        ],
        &[
            "1-orders/4500-7699-elbe.xml",
            "2-receipts/4500-7699-elbe.xml",
            "3-invoices/2026-10-114-elbe.xml",
        ],
    ];
    let cases: Vec<String> = invoices
        .iter()
        .map(|files| {
            let case = house.sample(files);
            wait_for_credit_note(&house, &case);
            case
        })
        .collect();
    let other = house.beside();
    clock.set(after(240));
    // Both look at the same instant, over and over, until neither finds a timer.
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        for app in [&house.app, &other] {
            scope.spawn(|| {
                barrier.wait();
                while ticked(app).timers > 0 {}
            });
        }
    });
    let all = house.entries();
    for case in &cases {
        assert_eq!(fired(&all, case).len(), 1, "{case}");
        assert_eq!(timers(&house, case)[0].2, Some(true));
        assert!(house.open(case, "resolve_exception").is_some(), "{case}");
    }
    // The one that found the rows first and is slow asks again later: it is told what happened.
    let cause = fired(&all, &cases[0])[0].cause.clone();
    let command = Command::FireTimer {
        case: cases[0].as_str().into(),
        timer: "1".into(),
    };
    let again = other
        .submit_now(&house.tenant, Actor::System, &cause, command)
        .expect("an answer");
    assert!(again.repeated);
    assert_eq!(entries(&other, &house.tenant).len(), all.len());
    other.stop();
    verified(&house);
    println!(
        "{} timers, two programs, {} entries",
        cases.len(),
        all.len()
    );
}

#[test]
fn a_timer_that_came_due_while_nothing_ran_fires_after_the_restart() {
    let (mut house, clock) = house("restart");
    let case = house.sample(&DEAR);
    wait_for_credit_note(&house, &case);
    house.app.stop();
    clock.set(after(300));
    house.restart();
    assert_eq!(ticked(&house.app).timers, 1);
    assert!(house.open(&case, "resolve_exception").is_some());
    // It fired late, and says when: the hop begins when it fired, not when it was due.
    assert_eq!(fired(&house.entries(), &case)[0].at, after(300));
    house.restart();
    assert_eq!(ticked(&house.app).timers, 0, "not again after another");
    verified(&house);
}

#[test]
fn a_crash_before_and_after_the_firing_loses_and_repeats_nothing() {
    let (house, clock) = house("crash");
    let case = house.sample(&DEAR);
    wait_for_credit_note(&house, &case);
    clock.set(after(241));
    let before = house.after_a_crash("crash-before");
    assert_eq!(ticked(&before.app).timers, 1);
    assert_eq!(fired(&before.entries(), &case).len(), 1);
    let later = before.after_a_crash("crash-after");
    assert_eq!(ticked(&later.app).timers, 0);
    assert_eq!(fired(&later.entries(), &case).len(), 1);
    assert!(later.open(&case, "resolve_exception").is_some());
    verified(&later);
}

/// A copy of the pack in which a credit note is waited for but two seconds.
fn hurried(folder: &Temporary) -> String {
    let pack = folder.path().join("hurried");
    copy(&packs_folder().join("purchase-to-pay"), &pack);
    let model = pack.join("purchase-to-pay.bpmn");
    let text = std::fs::read_to_string(&model).expect("the model");
    assert_eq!(text.matches(">P10D<").count(), 1);
    std::fs::write(model, text.replace(">P10D<", ">PT2S<")).expect("written");
    pack.display().to_string()
}

#[test]
fn the_served_program_fires_a_timer_by_itself_and_says_so_on_the_case() {
    let folder = Temporary::new("served-timer");
    let data = folder.join("data");
    run(&["init", "--pack", &hurried(&folder), "--data", &data], 0);
    let sample = packs_folder().join("purchase-to-pay/sample");
    let files = DEAR.map(|file| sample.join(file).display().to_string());
    let mut arguments = vec!["import", "--data", &data];
    arguments.extend(files.iter().map(String::as_str));
    run(&arguments, 0);
    let token = link(&data, "jana.kos");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    let get = |path: &str| server.get(path, Some(&session)).expect("an answer");
    let work = get("/work").body;
    let item = work
        .split("/items/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let item = item.expect("an item").to_string();
    let case = item.rsplit_once('.').expect("a case").0;
    let post = |verb: &str, form: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let path = format!("/items/{item}/{verb}");
        request(
            server.address,
            "POST",
            &path,
            Some(&session),
            &headers,
            form.as_bytes(),
        )
        .expect("an answer")
        .status
    };
    assert_eq!(post("claim", ""), 303);
    let page = get(&format!("/items/{item}")).body;
    let n = page
        .split("name=\"n\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let form = format!(
        "n={}&resolution.answer=credit_note&resolution.reason=supplier_error",
        n.expect("the entry")
    );
    assert_eq!(post("complete", &form), 303);
    let began = Instant::now();
    let told = loop {
        let page = get(&format!("/cases/{case}")).body;
        if page.contains("Timer fired") {
            break page;
        }
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "it never fired:\n{page}"
        );
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(told.contains("credit note overdue"), "which timer it was");
    let journal = get(&format!("/journal?case={case}")).body;
    assert_eq!(journal.matches("fire timer").count(), 1, "{journal}");
    server.kill();
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    assert!(Path::new(&data).is_dir());
}

fn code(failure: &Failure) -> String {
    failure
        .rejection()
        .map(|rejection| rejection.code.clone())
        .unwrap_or_default()
}
