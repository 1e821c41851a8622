//! The stage on a journal: events in, hops, rows and times out; and the times from rows are the times
//! from state.
#![allow(clippy::unwrap_used)]

mod agreed;
mod writing;

use baton_journal::{Command, Datum, Event, Key, Shelf, Stage};
use baton_measure::times::Who;
use baton_measure::{Holder, Measure, Wait, view};
use baton_model::{CaseId, Micros, WallTime, WorkingTime};
use proptest::prelude::*;
use std::collections::BTreeMap;
use writing::*;

/// The case of the invoice exception screen, up to the answer of the buyer.
fn exception() -> Journal {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-18T08:12Z",
        &[
            started(),
            ready(1, "receive", None),
            given(1, "receive", "DL", 1),
        ],
    );
    journal.entry(
        "2026-11-18T08:16Z",
        &[
            over(1),
            ready(2, "verify", None),
            given(2, "verify", "TO", 4),
        ],
    );
    journal.entry(
        "2026-11-19T02:12Z",
        &[
            over(2),
            ready(3, "resolve", None),
            given(3, "resolve", "KS", 8),
        ],
    );
    journal.entry("2026-11-19T08:30Z", &[paused(3)]);
    journal.entry("2026-11-19T11:05Z", &[resumed(3)]);
    journal
}

#[test]
fn a_clock_stands_still_from_a_request_to_its_answer_and_runs_on_while_an_item_is_set_aside() {
    let mut journal = Journal::new();
    journal.entry("2026-11-19T08:00Z", &[started()]);
    let given = [ready(1, "resolve", None), given(1, "resolve", "DL", 8)];
    journal.entry("2026-11-19T08:00Z", &given);
    journal.entry("2026-11-19T09:00Z", &[aside(1)]);
    let set_aside = journal.times_at("2026-11-19T10:00Z");
    assert_eq!(set_aside.hops[0].clock.working, WorkingTime::hours(2));
    assert_eq!(set_aside.hops[0].clock.paused, WallTime::ZERO);
    assert_eq!(
        set_aside.clock.paused,
        WallTime::ZERO,
        "nor does the case's"
    );
    journal.entry("2026-11-19T10:00Z", &[resumed(1)]);
    journal.entry("2026-11-19T11:00Z", &[asked(1)]);
    let waits = journal.times_at("2026-11-19T13:00Z");
    assert_eq!(waits.hops[0].clock.working, WorkingTime::hours(3));
    assert_eq!(waits.hops[0].clock.paused, WallTime::hours(2));
    assert_eq!(waits.clock.paused, WallTime::hours(2));
    journal.entry("2026-11-19T13:00Z", &[answered(1)]);
    let goes_on = journal.times_at("2026-11-19T14:00Z");
    assert_eq!(goes_on.hops[0].clock.working, WorkingTime::hours(4));
    assert_eq!(goes_on.hops[0].clock.paused, WallTime::hours(2));
}

#[test]
fn the_invoice_exception_screen_from_its_journal() {
    let journal = exception();
    let times = journal.times_at("2026-11-19T13:37Z");
    let minutes = |hours: i64, minutes: i64| (hours * 60 + minutes) * 60_000_000;
    let shown: Vec<_> = times
        .hops
        .iter()
        .map(|hop| {
            (
                hop.party.as_str(),
                hop.clock.working.0,
                hop.held.0,
                hop.clock.paused.0,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("DL", minutes(0, 4), minutes(0, 4), 0),
            ("TO", minutes(2, 56), minutes(17, 56), 0),
            ("KS", minutes(4, 2), minutes(11, 25), minutes(2, 35)),
        ]
    );
    assert_eq!(times.clock.wall.0, minutes(29, 25));
    assert_eq!(times.clock.paused.0, minutes(2, 35));
    assert_eq!(times.calendars(), 3);
    let due = instant("2026-11-20T07:35Z");
    assert_eq!(times.hops[2].clock.due, Some(due));
    assert_eq!(
        times.ahead.len(),
        2,
        "the rest of Thursday and the morning of Friday"
    );
    assert_eq!(times.ahead[1].until, due);
    let sources: Vec<String> = times.hops[2]
        .sources
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(sources, ["9.2", "10.0", "11.0"]);
    assert_eq!(journal.cell(&view::HOP, 2, "due_at"), Datum::Int(due.0));
    assert_eq!(
        journal.cell(&view::CASE_CLOCK, 0, "holder_party"),
        "KS".into()
    );
}

#[test]
fn a_paused_hop_has_no_due_instant_in_its_row() {
    let mut journal = exception();
    journal.entry("2026-11-19T14:00Z", &[paused(3)]);
    assert_eq!(journal.cell(&view::HOP, 2, "due_at"), Datum::Null);
    let since = instant("2026-11-19T14:00Z").0;
    assert_eq!(
        journal.cell(&view::HOP, 2, "paused_since"),
        Datum::Int(since)
    );
    journal.entry("2026-11-19T15:00Z", &[over(3), ended()]);
    assert_eq!(journal.cell(&view::HOP, 2, "paused_since"), Datum::Null);
    let times = journal.times_at("2026-11-25T00:00Z");
    assert_eq!(times.until, Some(instant("2026-11-19T15:00Z")));
    assert!(times.ahead.is_empty());
}

#[test]
fn tasks_of_one_lane_that_follow_at_once_are_one_hop() {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-18T08:00Z",
        &[
            started(),
            ready(1, "verify", None),
            given(1, "verify", "TO", 4),
        ],
    );
    journal.entry(
        "2026-11-18T09:00Z",
        &[
            over(1),
            ready(2, "verify", None),
            given(2, "verify", "TO", 4),
        ],
    );
    let times = journal.times_at("2026-11-18T09:30Z");
    assert_eq!(times.hops.len(), 1);
    assert_eq!(
        times.hops[0].clock.target,
        Some(WorkingTime::hours(4)),
        "the lane's, once"
    );
    journal.entry("2026-11-18T10:00Z", &[over(2)]);
    journal.entry(
        "2026-11-18T10:01Z",
        &[ready(3, "verify", None), given(3, "verify", "TO", 4)],
    );
    assert_eq!(journal.times_at("2026-11-18T11:00Z").hops.len(), 2);
}

#[test]
fn own_targets_of_tasks_that_follow_each_other_add_up() {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-18T08:00Z",
        &[
            started(),
            ready(1, "verify", Some(1)),
            given(1, "verify", "TO", 1),
        ],
    );
    journal.entry(
        "2026-11-18T09:00Z",
        &[
            over(1),
            ready(2, "verify", Some(2)),
            given(2, "verify", "TO", 2),
        ],
    );
    let times = journal.times_at("2026-11-18T09:30Z");
    assert_eq!(times.hops[0].clock.target, Some(WorkingTime::hours(3)));
}

/// Two items of eight hours each: the second replaces the first after it ended in a way.
fn replaced(first: Event) -> Option<WorkingTime> {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-18T08:00Z",
        &[
            started(),
            ready(1, "verify", Some(8)),
            given(1, "verify", "TO", 8),
        ],
    );
    journal.entry(
        "2026-11-23T08:00Z",
        &[
            first,
            ready(2, "verify", Some(8)),
            given(2, "verify", "TO", 8),
        ],
    );
    journal.times_at("2026-11-23T09:00Z").hops[0].clock.target
}

#[test]
fn an_escalation_gives_no_time_more() {
    // The process takes the item back after five days and makes another: the hop is late, as it was.
    assert_eq!(replaced(taken_back(1)), Some(WorkingTime::hours(8)));
    // Two steps that follow each other are two targets.
    assert_eq!(replaced(over(1)), Some(WorkingTime::hours(16)));
}

#[test]
fn a_lane_that_moves_splits_the_clocks_at_that_instant() {
    let mut journal = exception();
    journal.entry("2026-11-19T13:00Z", &[given(3, "resolve", "TO", 8)]);
    let times = journal.times_at("2026-11-19T14:00Z");
    assert_eq!(times.hops.len(), 4);
    assert_eq!(times.hops[2].until, Some(instant("2026-11-19T13:00Z")));
    assert_eq!(
        (times.hops[3].party.as_str(), times.hops[3].until),
        ("TO", None)
    );
    assert_eq!(
        times.hops[3].clock.working,
        WorkingTime::ZERO,
        "Manila is closed"
    );
    assert_eq!(times.hops[3].held, WallTime::hours(1));
}

#[test]
fn a_pause_goes_with_the_item_to_its_new_party() {
    let mut journal = exception();
    journal.entry("2026-11-19T13:00Z", &[paused(3)]);
    journal.entry("2026-11-19T13:30Z", &[given(3, "resolve", "LV", 8)]);
    journal.entry("2026-11-19T14:00Z", &[resumed(3)]);
    let times = journal.times_at("2026-11-19T14:30Z");
    assert_eq!(times.hops[3].clock.working, WorkingTime::minutes(30));
    assert_eq!(times.hops[3].clock.paused, WallTime::minutes(30));
    assert_eq!(times.clock.paused, WallTime::minutes(155 + 60));
}

#[test]
fn a_hop_of_two_items_pauses_when_both_do() {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-18T08:00Z",
        &[
            started(),
            ready(1, "verify", None),
            given(1, "verify", "DL", 4),
            ready(2, "verify", None),
            given(2, "verify", "DL", 4),
        ],
    );
    journal.entry("2026-11-18T09:00Z", &[paused(1)]);
    journal.entry("2026-11-18T10:00Z", &[paused(2)]);
    journal.entry("2026-11-18T11:00Z", &[over(1)]);
    journal.entry("2026-11-18T12:00Z", &[resumed(2)]);
    let times = journal.times_at("2026-11-18T13:00Z");
    assert_eq!(times.hops.len(), 1);
    assert_eq!(times.hops[0].clock.paused, WallTime::hours(2));
    assert_eq!(times.hops[0].clock.working, WorkingTime::hours(3));
}

#[test]
fn lanes_side_by_side_are_held_by_the_one_that_finishes_last() {
    let mut journal = Journal::new();
    let both = [
        started(),
        ready(1, "verify", None),
        given(1, "verify", "TO", 4),
        ready(2, "resolve", None),
        given(2, "resolve", "KS", 8),
    ];
    journal.entry("2026-11-18T08:00Z", &both);
    let times = journal.times_at("2026-11-18T09:00Z");
    let together = Who::Together(vec!["KS".into(), "TO".into()]);
    assert_eq!(times.held, [(together, WallTime::hours(1))]);
    journal.entry("2026-11-18T10:00Z", &[over(1)]);
    journal.entry("2026-11-18T11:00Z", &[over(2), ended()]);
    let times = journal.times_at("2026-11-18T12:00Z");
    assert_eq!(times.held, [(Who::Party("KS".into()), WallTime::hours(3))]);
}

#[test]
fn a_case_that_waits_names_what_for() {
    let mut journal = Journal::new();
    let awaited = Event::MessageAwaited {
        case: case(),
        node: "answer".into(),
        token: 4,
        message: "credit_note".into(),
        key: "4711".into(),
    };
    let arrived = Event::MessageEnded {
        case: case(),
        token: 4,
        message: "credit_note".into(),
        arrived: true,
        record: BTreeMap::new(),
    };
    let stuck = Event::IncidentRaised {
        case: case(),
        incident: "1".into(),
        node: "match".into(),
        token: 5,
        message: "no such order".into(),
    };
    journal.entry("2026-11-18T08:00Z", &[started(), awaited]);
    journal.entry("2026-11-18T10:00Z", &[arrived, stuck]);
    let times = journal.times_at("2026-11-18T11:00Z");
    let holders: Vec<&Holder> = times.holdings.iter().map(|one| &one.holder).collect();
    let message = Holder::Wait(Wait::Message("credit_note".into()));
    assert_eq!(holders, [&message, &Holder::Wait(Wait::Incident)]);
    assert_eq!(times.held[0].1, WallTime::hours(2));
}

#[test]
fn a_late_case_is_charged_to_the_hop_that_overran() {
    let mut journal = Journal::new();
    journal.site("2026-11-02T00:00Z", "LV", "Europe/Berlin", "always = true");
    journal.site("2026-11-02T00:00Z", "KS", "Europe/Warsaw", "always = true");
    journal.entry(
        "2026-11-03T00:00Z",
        &[deployed(Some(WorkingTime::hours(36)))],
    );
    journal.entry(
        "2026-11-04T00:00Z",
        &[started(), ready(1, "l1", None), given(1, "l1", "DL", 24)],
    );
    journal.entry("2026-11-05T06:00Z", &[paused(1)]);
    journal.entry(
        "2026-11-05T08:00Z",
        &[over(1), ready(2, "l2", None), given(2, "l2", "KS", 12)],
    );
    journal.entry("2026-11-05T16:00Z", &[over(2), ended()]);
    let times = journal.times_at("2026-11-06T00:00Z");
    assert_eq!(times.clock.wall, WallTime::hours(40));
    assert_eq!(times.clock.working, WorkingTime::hours(38));
    assert_eq!(times.lateness.late, WorkingTime::hours(2));
    assert_eq!(times.hops[0].charged, WorkingTime::hours(2));
    assert_eq!(times.lateness.unattributed, WorkingTime::ZERO);
}

#[test]
fn a_changed_calendar_leaves_the_measured_past_alone() {
    let mut journal = exception();
    let before = journal.times_at("2026-11-19T13:37Z");
    journal.site(
        "2026-11-19T13:37Z",
        "KS",
        "Europe/Warsaw",
        "week = { mon-fri = [\"08:00-15:00\"] }",
    );
    let after = journal.times_at("2026-11-19T13:37Z");
    assert_eq!(after.hops[2].clock.working, before.hops[2].clock.working);
    let later = instant("2026-11-20T08:58Z");
    assert_eq!(
        journal.times(later).hops[2].clock.due,
        Some(instant("2026-11-20T10:35Z"))
    );
}

#[test]
fn a_site_with_a_calendar_that_cannot_be_measured_on_is_refused() {
    let wrong = site("KS", "Europe/Krakow", "always = true");
    struct Nothing;
    impl baton_journal::Peek for Nothing {
        fn open(
            &self,
            _: &CaseId,
            _: &str,
            _: &baton_model::Cell,
        ) -> Result<baton_model::Value, String> {
            Err("nothing is sealed here".into())
        }
        fn evaluate(&self, _: &baton_journal::Question) -> Result<baton_journal::Answer, String> {
            Err("nothing is evaluated here".into())
        }
    }
    let env = baton_journal::Env {
        now: Micros(0),
        n: 1,
        tenant: &"LV".into(),
        actor: &baton_journal::Actor::System,
        peek: &Nothing,
    };
    let refused = Measure::default().veto(&Command::RegisterSite(wrong), &env);
    let Err(baton_journal::Stop::Reject(rejection)) = refused else {
        panic!("it was accepted")
    };
    assert_eq!(rejection.code, "BATON-CAL-001");
}

#[test]
fn state_that_was_put_away_measures_the_same() {
    let mut journal = exception();
    let before = journal.times_at("2026-11-19T13:37Z");
    let mut kept = Vec::new();
    journal
        .stage
        .shelves(&mut |shelf: &mut dyn Shelf| shelf.drain(&mut kept).unwrap());
    let mut loaded = Measure::default();
    for snapshot in &kept {
        loaded.shelves(&mut |shelf: &mut dyn Shelf| {
            if shelf.name() == snapshot.shelf {
                shelf
                    .load(&snapshot.key, snapshot.bytes.as_deref())
                    .unwrap();
            }
        });
    }
    assert!(kept.iter().any(|snapshot| snapshot.key == Key::Tenant));
    journal.stage = loaded;
    assert_eq!(journal.times_at("2026-11-19T13:37Z"), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_journal_adds_up_to_the_microsecond(
        steps in proptest::collection::vec((0..7_u8, 1..5_u32, 0..90_000_000_007_i64), 1..40),
    ) {
        let mut journal = Journal::new();
        let mut now = instant("2026-11-02T07:00Z");
        journal.entry_at(now, &[started()]);
        for (what, n, wall) in steps {
            now = now.plus(WallTime(wall));
            let lane = ["verify", "resolve"][n as usize % 2];
            let party = CALENDARS[(wall % 4) as usize].0;
            match what {
                0 | 1 => journal.entry_at(now, &[ready(n, lane, None), given(n, lane, party, 2)]),
                2 => journal.entry_at(now, &[paused(n)]),
                3 => journal.entry_at(now, &[resumed(n)]),
                4 => journal.entry_at(now, &[over(n)]),
                5 => journal.entry_at(now, &[over(n), ready(n, lane, Some(1)), given(n, lane, party, 1)]),
                _ => journal.entry_at(now, &[given(n, lane, party, 2)]),
            }
            journal.times(now);
        }
        journal.entry_at(now, &[ended()]);
        let times = journal.times(now);
        prop_assert_eq!(times.clock.wall, now.since(times.from));
        for hop in &times.hops {
            prop_assert!(hop.until.is_some() && hop.clock.working.0 <= hop.clock.wall.0);
        }
    }
}
