//! Laws of calendar arithmetic, over every IANA zone: a due instant is the earliest whose elapsed time
//! is the target, elapsed time adds up, is never negative, and agrees with a count minute by minute.
#![allow(clippy::unwrap_used)]

use baton_model::calendar::{Calendar, CalendarSpec, Compiled, zone, zone_names};
use baton_model::{Micros, WallTime, WorkingTime};
use jiff::Timestamp;
use proptest::prelude::*;

const WEEKS: [&str; 5] = [
    "mon-fri = [\"09:00-17:00\"]",
    "mon-fri = [\"08:00-12:00\", \"13:15-17:45\"]",
    "mon-sun = [\"22:00-06:00\"]",
    "mon-sun = [\"00:00-02:30\", \"02:30-24:00\"]",
    "fri-sun = [\"00:15-01:45\", \"18:00-03:00\"], wed = [\"23:59-24:00\"]",
];

fn compiled(zone: &str, week: &str) -> Compiled {
    let text = format!(
        "id = \"test\"\nzone = \"{zone}\"\nweek = {{ {week} }}\nholidays = [\"2026-11-11\"]"
    );
    let spec: CalendarSpec = toml::from_str(&text).unwrap();
    Compiled::new(Calendar::parse(&spec).unwrap())
}

/// 1970 to 2190, to the microsecond.
fn instant() -> impl Strategy<Value = Micros> {
    (0..6_942_000_000_000_000_i64).prop_map(Micros)
}

fn laws(calendar: &Compiled, start: Micros, target: WorkingTime, cut: Micros) {
    let due = calendar.due(start, target).unwrap();
    assert_eq!(
        calendar.elapsed(start, due),
        target,
        "elapsed to the due instant is the target"
    );
    if target > WorkingTime::ZERO {
        let before = calendar.elapsed(start, Micros(due.0 - 1));
        assert_eq!(
            before,
            WorkingTime(target.0 - 1),
            "no earlier instant reaches it"
        );
    }
    let (first, last) = (start.min(cut), start.max(cut));
    let middle = Micros(first.0 + (last.0 - first.0) / 3);
    let parts = calendar.elapsed(first, middle) + calendar.elapsed(middle, last);
    let whole = calendar.elapsed(first, last);
    assert_eq!(parts, whole, "elapsed adds up");
    assert!(whole >= WorkingTime::ZERO && whole.0 <= last.since(first).0);
}

#[test]
fn every_zone_keeps_the_laws_around_its_changes_of_clocks() {
    let starts = [
        "2011-12-28T23:59:59.999999Z",
        "2026-03-07T11:11:11.111111Z",
        "2026-10-24T20:00:00.000001Z",
    ];
    let names = zone_names();
    assert!(names.len() > 400, "{} zones", names.len());
    for (n, name) in names.iter().enumerate() {
        let calendar = compiled(name, WEEKS[n % WEEKS.len()]);
        for start in starts {
            let start = Micros(start.parse::<Timestamp>().unwrap().as_microsecond());
            for target in [0, 1, 3_600_000_000, 93_784_000_007] {
                laws(
                    &calendar,
                    start,
                    WorkingTime(target),
                    start.plus(WallTime::hours(999)),
                );
            }
        }
    }
}

#[test]
fn every_zone_agrees_with_a_count_by_the_clock_on_the_wall() {
    let from = Micros(1_774_000_000_000_000);
    for (n, name) in zone_names().iter().enumerate() {
        let calendar = compiled(name, "mon-sun = [\"00:30-02:30\", \"22:15-24:00\"]");
        let local = zone("test", name).unwrap();
        let from = from.plus(WallTime::hours((n % 24 * 24 * 10) as i64));
        let mut counted = 0;
        for minute in 0..(3 * 24 * 60_i64) {
            let at = from.plus(WallTime::minutes(minute));
            let date = local.to_datetime(Timestamp::from_microsecond(at.0).unwrap());
            let clock = i32::from(date.hour()) * 60 + i32::from(date.minute());
            let holiday = date.date().to_string() == "2026-11-11";
            let open = (30..150).contains(&clock) || clock >= 22 * 60 + 15;
            counted += i64::from(open && !holiday);
        }
        let until = from.plus(WallTime::hours(72));
        let elapsed = calendar.elapsed(from, until).0;
        // The count looks once a minute, at 40 seconds past it.
        let difference = (elapsed - counted * 60_000_000).abs();
        assert!(
            difference <= 60_000_000 * 2,
            "{name}: {elapsed} against {counted} minutes"
        );
    }
}

proptest! {
    #[test]
    fn any_zone_any_instant_keeps_the_laws(
        zone in proptest::sample::select(zone_names()),
        week in proptest::sample::select(WEEKS.to_vec()),
        start in instant(),
        cut in instant(),
        target in 0..40_000_000_000_000_i64,
    ) {
        laws(&compiled(&zone, week), start, WorkingTime(target), cut);
    }

    #[test]
    fn blocks_that_divide_the_day_divide_its_real_length(
        zone in proptest::sample::select(zone_names()),
        start in instant(),
        wall in 0..9_000_000_000_000_i64,
        cut in 1..1440_u16,
    ) {
        let clock = format!("{:02}:{:02}", cut / 60, cut % 60);
        let text = format!("id = \"test\"\nzone = \"{zone}\"\nweek = {{ mon-sun = [\"00:00-{clock}\", \"{clock}-24:00\"] }}");
        let spec: CalendarSpec = toml::from_str(&text).unwrap();
        let calendar = Compiled::new(Calendar::parse(&spec).unwrap());
        prop_assert_eq!(calendar.elapsed(start, Micros(start.0 + wall)), WorkingTime(wall));
    }
}
