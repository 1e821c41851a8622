//! Clocks: the vectors of the science page, and the laws of pausing on any zone.
#![allow(clippy::unwrap_used)]

use baton_measure::{Clock, ClockError, Running};
use baton_model::calendar::{Calendar, CalendarSpec, Compiled, zone_names};
use baton_model::{Micros, WallTime, WorkingTime};
use proptest::prelude::*;

fn calendar(zone: &str, hours: &str) -> Compiled {
    let text = format!("id = \"test\"\nzone = \"{zone}\"\nweek = {{ mon-fri = [\"{hours}\"] }}");
    let spec: CalendarSpec = toml::from_str(&text).unwrap();
    Compiled::new(Calendar::parse(&spec).unwrap())
}

fn at(text: &str) -> Micros {
    Micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn hm(hours: i64, minutes: i64) -> WorkingTime {
    WorkingTime::minutes(hours * 60 + minutes)
}

#[test]
fn resuming_extends_the_due_instant_by_the_working_time_paused() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-03-27T15:30Z"));
    clock.pause(at("2026-03-30T07:30Z"), "waiting").unwrap();
    clock.resume(at("2026-03-30T09:00Z")).unwrap();
    let reading = clock.read(
        &berlin,
        Some(WorkingTime::hours(4)),
        at("2026-03-30T09:00Z"),
    );
    assert_eq!(reading.due, Some(at("2026-03-30T12:00Z")));
    assert_eq!(reading.working, WorkingTime::hours(1));
    assert_eq!(reading.paused_working, hm(1, 30));
    assert_eq!(reading.remaining(), Some(WorkingTime::hours(3)));
}

#[test]
fn a_pause_over_a_closed_night_extends_by_its_open_hours_only() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-11-18T15:00Z"));
    clock.pause(at("2026-11-18T15:30Z"), "waiting").unwrap();
    clock.resume(at("2026-11-19T09:00Z")).unwrap();
    let reading = clock.read(
        &berlin,
        Some(WorkingTime::hours(2)),
        at("2026-11-19T09:00Z"),
    );
    assert_eq!(reading.paused, WallTime::minutes(17 * 60 + 30));
    assert_eq!(reading.paused_working, hm(1, 30));
    assert_eq!(reading.due, Some(at("2026-11-19T10:30Z")));
}

#[test]
fn the_clocks_of_the_invoice_exception_screen() {
    let krakow = calendar("Europe/Warsaw", "08:00-18:00");
    let manila = calendar("Asia/Manila", "09:00-18:00");
    let mut verify = Clock::start(at("2026-11-18T08:16Z"));
    verify.stop(at("2026-11-19T02:12Z")).unwrap();
    let reading = verify.read(&manila, None, at("2026-11-19T13:37Z"));
    assert_eq!(
        (reading.working, reading.wall),
        (hm(2, 56), WallTime::minutes(17 * 60 + 56))
    );
    let mut resolve = Clock::start(at("2026-11-19T02:12Z"));
    resolve
        .pause(at("2026-11-19T08:30Z"), "waiting-for-client")
        .unwrap();
    resolve.resume(at("2026-11-19T11:05Z")).unwrap();
    let now = at("2026-11-19T13:37Z");
    let reading = resolve.read(&krakow, Some(WorkingTime::hours(8)), now);
    assert_eq!(reading.working, hm(4, 2));
    assert_eq!(reading.wall, WallTime::minutes(11 * 60 + 25));
    assert_eq!(reading.paused, WallTime::minutes(2 * 60 + 35));
    assert_eq!(reading.remaining(), Some(hm(3, 58)));
    assert_eq!(
        reading.due,
        Some(at("2026-11-20T07:35Z")),
        "Friday 08:35 in Kraków"
    );
}

#[test]
fn late_is_after_the_due_instant_even_while_closed() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let friday = at("2026-11-20T08:00Z");
    let due = at("2026-11-20T16:00Z");
    let eight = Some(WorkingTime::hours(8));
    let stopped_at = |instant: Micros| {
        let mut clock = Clock::start(friday);
        clock.stop(instant).unwrap();
        clock.read(&berlin, eight, at("2026-12-01T00:00Z"))
    };
    let on_time = stopped_at(due);
    assert_eq!((on_time.due, on_time.late), (Some(due), false));
    let saturday = stopped_at(at("2026-11-21T09:00Z"));
    assert_eq!((saturday.late, saturday.over), (true, WorkingTime::ZERO));
    let monday = stopped_at(at("2026-11-23T09:00Z"));
    assert_eq!((monday.late, monday.over), (true, WorkingTime::hours(1)));
}

#[test]
fn a_pause_after_the_due_instant_does_not_move_it() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-11-18T08:00Z"));
    clock.pause(at("2026-11-18T11:00Z"), "waiting").unwrap();
    clock.resume(at("2026-11-18T12:00Z")).unwrap();
    let reading = clock.read(
        &berlin,
        Some(WorkingTime::hours(2)),
        at("2026-11-18T13:00Z"),
    );
    assert_eq!(reading.due, Some(at("2026-11-18T10:00Z")));
    assert_eq!(
        reading.over,
        WorkingTime::hours(2),
        "one hour before the pause, one after it"
    );
}

#[test]
fn a_changed_target_keeps_the_pauses() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-11-18T08:00Z"));
    clock.pause(at("2026-11-18T09:00Z"), "waiting").unwrap();
    clock.resume(at("2026-11-18T10:00Z")).unwrap();
    let due = |hours| {
        clock
            .read(
                &berlin,
                Some(WorkingTime::hours(hours)),
                at("2026-11-18T10:00Z"),
            )
            .due
    };
    assert_eq!(due(4), Some(at("2026-11-18T13:00Z")));
    assert_eq!(due(6), Some(at("2026-11-18T15:00Z")));
}

#[test]
fn a_paused_clock_keeps_its_remainder() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-11-18T08:00Z"));
    clock.pause(at("2026-11-18T09:00Z"), "waiting").unwrap();
    for now in ["2026-11-18T12:00Z", "2026-11-20T12:00Z"] {
        let reading = clock.read(&berlin, Some(WorkingTime::hours(4)), at(now));
        assert_eq!(reading.running, Running::Paused);
        assert_eq!(reading.remaining(), Some(WorkingTime::hours(3)));
        assert_eq!(
            reading.due,
            Some(at(now).plus(WallTime::hours(3))),
            "as if resumed now"
        );
    }
}

#[test]
fn reset_begins_again_and_cancel_does_not_count() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    let mut clock = Clock::start(at("2026-11-18T08:00Z"));
    clock.pause(at("2026-11-18T09:00Z"), "waiting").unwrap();
    clock.reset(at("2026-11-18T12:00Z")).unwrap();
    let two = Some(WorkingTime::hours(2));
    let reading = clock.read(&berlin, two, at("2026-11-18T15:00Z"));
    assert_eq!(reading.due, Some(at("2026-11-18T14:00Z")));
    assert_eq!(reading.working, WorkingTime::hours(3));
    assert_eq!(clock.voided.len(), 1);
    clock.cancel(at("2026-11-18T15:00Z")).unwrap();
    let reading = clock.read(&berlin, two, at("2026-11-18T16:00Z"));
    assert_eq!((reading.running, reading.late), (Running::Cancelled, false));
    assert_eq!((reading.due, reading.over), (None, WorkingTime::ZERO));
}

#[test]
fn what_a_clock_cannot_do_is_refused() {
    let mut clock = Clock::start(Micros(100));
    assert_eq!(clock.resume(Micros(110)), Err(ClockError::NotPaused));
    clock.pause(Micros(120), "waiting").unwrap();
    assert_eq!(
        clock.pause(Micros(130), "waiting"),
        Err(ClockError::AlreadyPaused)
    );
    let backwards = clock.resume(Micros(119)).unwrap_err();
    assert_eq!(backwards, ClockError::Backwards { at: 119, last: 120 });
    assert!(backwards.to_string().contains("BATON-MEASURE-004"));
    clock.stop(Micros(140)).unwrap();
    assert_eq!(clock.pause(Micros(150), "waiting"), Err(ClockError::Over));
    assert_eq!(clock.stop(Micros(150)), Err(ClockError::Over));
}

proptest! {
    #[test]
    fn due_is_the_earliest_instant_at_which_the_clock_shows_the_target(
        zone in proptest::sample::select(zone_names()),
        start in 1_500_000_000_000_000..1_900_000_000_000_000_i64,
        steps in proptest::collection::vec(0..500_000_000_000_i64, 0..8),
        target in 1..900_000_000_000_i64,
    ) {
        let calendar = calendar(&zone, "08:15-16:45");
        let mut clock = Clock::start(Micros(start));
        let mut now = start;
        for (n, step) in steps.iter().enumerate() {
            now += step;
            let done = if n % 2 == 0 { clock.pause(Micros(now), "waiting") } else { clock.resume(Micros(now)) };
            prop_assert!(done.is_ok());
        }
        if steps.len() % 2 == 1 {
            clock.resume(Micros(now)).unwrap();
        }
        let target = WorkingTime(target);
        let due = clock.read(&calendar, Some(target), Micros(now)).due.unwrap();
        let shows = |instant: Micros| -> WorkingTime {
            let runs = clock.runs(instant.max(Micros(now)));
            runs.iter().map(|run| calendar.elapsed(run.from, run.until.min(instant))).sum()
        };
        prop_assert_eq!(shows(due), target);
        prop_assert!(shows(Micros(due.0 - 1)) < target);
        let reading = clock.read(&calendar, Some(target), Micros(now));
        let all = calendar.elapsed(Micros(start), Micros(now));
        prop_assert_eq!(reading.working + reading.paused_working, all);
        prop_assert_eq!(reading.late, Micros(now) > due);
    }
}
