//! The check vectors of calendars: changes of the clocks, holidays, split shifts, shifts past midnight,
//! and what a wrongly written calendar is told. Nothing here needs a fixture.
#![allow(clippy::unwrap_used)]

use baton_model::calendar::{Book, Calendar, CalendarError, CalendarSpec, Compiled, tzdb_version};
use baton_model::{Micros, WallTime, WorkingTime};

#[derive(serde::Deserialize)]
struct File {
    calendar: Vec<CalendarSpec>,
}

fn spec(toml: &str) -> CalendarSpec {
    let text = format!("[[calendar]]\nid = \"test\"\n{toml}");
    let mut file: File = toml::from_str(&text).unwrap();
    file.calendar.remove(0)
}

fn calendar(toml: &str) -> Compiled {
    Compiled::new(Calendar::parse(&spec(toml)).unwrap())
}

fn week(zone: &str, hours: &str) -> Compiled {
    calendar(&format!(
        "zone = \"{zone}\"\nweek = {{ mon-fri = [{hours}] }}"
    ))
}

fn error(toml: &str) -> String {
    Calendar::parse(&spec(toml)).unwrap_err().to_string()
}

fn at(text: &str) -> Micros {
    Micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn local(text: &str) -> Micros {
    Micros(
        text.parse::<jiff::Zoned>()
            .unwrap()
            .timestamp()
            .as_microsecond(),
    )
}

const NINE_TO_FIVE: &str = "\"09:00-17:00\"";

#[test]
fn a_day_of_24x7_is_as_long_as_the_day() {
    let new_york = calendar("zone = \"America/New_York\"\nalways = true");
    let spring = (
        local("2026-03-08T00:00[America/New_York]"),
        local("2026-03-09T00:00[America/New_York]"),
    );
    assert_eq!(
        new_york.elapsed(spring.0, spring.1),
        WorkingTime::seconds(82_800)
    );
    let berlin = calendar("zone = \"Europe/Berlin\"\nalways = true");
    let autumn = (
        local("2026-10-25T00:00[Europe/Berlin]"),
        local("2026-10-26T00:00[Europe/Berlin]"),
    );
    assert_eq!(
        berlin.elapsed(autumn.0, autumn.1),
        WorkingTime::seconds(90_000)
    );
}

#[test]
fn a_night_shift_loses_the_skipped_hour_and_gains_the_repeated_one() {
    let nights = calendar("zone = \"America/New_York\"\nweek = { sat = [\"22:00-06:00\"] }");
    let shift = |from: &str, to: &str| nights.elapsed(at(from), at(to));
    assert_eq!(
        shift("2026-03-07T12:00Z", "2026-03-09T00:00Z"),
        WorkingTime::seconds(25_200)
    );
    assert_eq!(
        shift("2026-10-31T12:00Z", "2026-11-02T00:00Z"),
        WorkingTime::seconds(32_400)
    );
    assert_eq!(
        shift("2026-06-06T12:00Z", "2026-06-08T00:00Z"),
        WorkingTime::seconds(28_800)
    );
}

#[test]
fn a_target_crosses_the_weekend_and_the_change_to_summer_time() {
    let berlin = week("Europe/Berlin", NINE_TO_FIVE);
    let start = at("2026-03-27T15:30Z");
    assert_eq!(
        berlin.due(start, WorkingTime::hours(4)),
        Some(at("2026-03-30T10:30Z"))
    );
    let holiday = calendar(
        "zone = \"Europe/Berlin\"\nweek = { mon-fri = [\"09:00-17:00\"] }\nholidays = [\"2026-03-30\"]",
    );
    assert_eq!(
        holiday.due(start, WorkingTime::hours(4)),
        Some(at("2026-03-31T10:30Z"))
    );
}

#[test]
fn a_target_in_manila_begins_with_the_next_opening() {
    let manila = week("Asia/Manila", "\"09:00-18:00\"");
    let due = manila.due(at("2026-01-09T22:00Z"), WorkingTime::hours(1));
    assert_eq!(due, Some(at("2026-01-12T02:00Z")));
}

#[test]
fn tv5_the_same_instant_is_due_at_different_times_in_berlin_and_manila() {
    let start = local("2026-03-27T16:00[Europe/Berlin]");
    let four = WorkingTime::hours(4);
    let berlin = week("Europe/Berlin", NINE_TO_FIVE);
    assert_eq!(berlin.due(start, four), Some(at("2026-03-30T10:00Z")));
    let manila = week("Asia/Manila", "\"09:00-18:00\"");
    assert_eq!(manila.due(start, four), Some(at("2026-03-30T05:00Z")));
}

#[test]
fn berlin_and_manila_share_two_hours_in_winter_and_three_in_summer() {
    let berlin = week("Europe/Berlin", NINE_TO_FIVE);
    let manila = week("Asia/Manila", "\"09:00-18:00\"");
    let shared = |from: &str, to: &str| -> WallTime {
        let both = berlin.overlap(&manila, at(from), at(to));
        both.iter().map(|interval| interval.wall()).sum()
    };
    assert_eq!(
        shared("2026-01-14T00:00Z", "2026-01-15T00:00Z"),
        WallTime::hours(2)
    );
    assert_eq!(
        shared("2026-07-15T00:00Z", "2026-07-16T00:00Z"),
        WallTime::hours(3)
    );
    assert_eq!(
        shared("2026-07-15T00:00Z", "2026-07-22T00:00Z"),
        WallTime::hours(15)
    );
}

#[test]
fn a_day_may_have_several_blocks() {
    let split = week("Europe/Warsaw", "\"13:00-17:00\", \"08:00-12:00\"");
    let day = (at("2026-11-18T00:00Z"), at("2026-11-19T00:00Z"));
    assert_eq!(split.elapsed(day.0, day.1), WorkingTime::hours(8));
    let noon = split.due(day.0, WorkingTime::hours(4));
    assert_eq!(
        noon,
        Some(at("2026-11-18T11:00Z")),
        "the end of the morning, not the start of the afternoon"
    );
    let open = split.open_intervals(at("2026-11-18T10:00Z"), at("2026-11-18T13:00Z"));
    let bounds: Vec<_> = open.iter().map(|open| (open.from, open.until)).collect();
    assert_eq!(
        bounds,
        [
            (at("2026-11-18T10:00Z"), at("2026-11-18T11:00Z")),
            (at("2026-11-18T12:00Z"), at("2026-11-18T13:00Z")),
        ]
    );
}

#[test]
fn blocks_that_meet_at_midnight_are_one_stretch() {
    let nights =
        calendar("zone = \"UTC\"\nweek = { mon = [\"20:00-24:00\"], tue = [\"00:00-04:00\"] }");
    let open = nights.open_intervals(at("2026-11-16T00:00Z"), at("2026-11-18T00:00Z"));
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].wall(), WallTime::hours(8));
}

#[test]
fn a_repeated_hour_is_worked_twice_and_a_skipped_one_never() {
    let from_half_past = calendar("zone = \"Europe/Berlin\"\nweek = { sun = [\"02:30-04:00\"] }");
    let hours = |day: &str| {
        let from = at(day);
        from_half_past.elapsed(from, from.plus(WallTime::hours(24)))
    };
    assert_eq!(
        hours("2026-03-29T00:00Z"),
        WorkingTime::hours(1),
        "02:30 to 03:00 did not exist"
    );
    assert_eq!(
        hours("2026-10-24T22:00Z"),
        WorkingTime::hours(2),
        "02:30 to 03:00 came twice"
    );
    assert_eq!(hours("2026-06-07T00:00Z"), WorkingTime::minutes(90));
}

#[test]
fn a_date_that_a_zone_skipped_has_no_hours() {
    let apia = calendar("zone = \"Pacific/Apia\"\nalways = true");
    let from = local("2011-12-29T00:00[Pacific/Apia]");
    let until = local("2012-01-01T00:00[Pacific/Apia]");
    assert_eq!(apia.elapsed(from, until), WorkingTime::hours(48));
}

#[test]
fn a_special_day_replaces_the_hours_of_the_week() {
    let eve = calendar(
        "zone = \"Europe/Warsaw\"\nweek = { mon-fri = [\"08:00-16:00\"] }\nspecial = { \"2026-12-24\" = [\"08:00-12:00\"], \"2026-12-26\" = [\"10:00-11:00\"] }\nholidays = [\"2026-12-25\"]",
    );
    let elapsed = eve.elapsed(at("2026-12-24T00:00Z"), at("2026-12-27T00:00Z"));
    assert_eq!(elapsed, WorkingTime::hours(5));
}

#[test]
fn a_holiday_removes_the_shift_that_begins_on_it() {
    let nights = calendar(
        "zone = \"Europe/Warsaw\"\nweek = { mon-sun = [\"22:00-06:00\"] }\nholidays = [\"2026-11-11\"]",
    );
    let open = nights.open_intervals(at("2026-11-10T12:00Z"), at("2026-11-12T12:00Z"));
    let bounds: Vec<_> = open.iter().map(|open| (open.from, open.until)).collect();
    assert_eq!(bounds, [(at("2026-11-10T21:00Z"), at("2026-11-11T05:00Z"))]);
}

#[test]
fn a_new_version_counts_from_its_date_and_leaves_the_past_alone() {
    let old = "zone = \"Europe/Warsaw\"\nweek = { mon-fri = [\"09:00-17:00\"] }";
    let new =
        "zone = \"Europe/Warsaw\"\nweek = { mon-fri = [\"08:00-18:00\"] }\nfrom = \"2026-11-19\"";
    let versions = [new, old].map(|text| Calendar::parse(&spec(text)).unwrap());
    let both = Compiled::versions("test".into(), versions.to_vec()).unwrap();
    let start = at("2026-11-18T00:00Z");
    assert_eq!(
        both.elapsed(start, at("2026-11-18T23:00Z")),
        WorkingTime::hours(8)
    );
    assert_eq!(
        both.elapsed(start, at("2026-11-19T23:00Z")),
        WorkingTime::hours(18)
    );
    let twice = Compiled::versions(
        "test".into(),
        vec![versions[0].clone(), versions[0].clone()],
    );
    assert!(matches!(twice, Err(CalendarError::SameStart { .. })));
}

#[test]
fn a_target_of_nothing_is_due_at_once_and_one_beyond_the_calendar_never() {
    let once = calendar("zone = \"UTC\"\nspecial = { \"2026-12-24\" = [\"08:00-12:00\"] }");
    let start = at("2026-11-18T03:00Z");
    assert_eq!(once.due(start, WorkingTime::ZERO), Some(start));
    assert_eq!(
        once.due(start, WorkingTime::hours(4)),
        Some(at("2026-12-24T12:00Z"))
    );
    assert_eq!(
        once.due(start, WorkingTime(WorkingTime::hours(4).0 + 1)),
        None
    );
    assert_eq!(once.due(start, WorkingTime(i64::MAX)), None);
}

#[test]
fn time_never_runs_backwards_nor_beyond_the_horizon() {
    let berlin = week("Europe/Berlin", NINE_TO_FIVE);
    let (early, late) = (at("2026-03-27T09:00Z"), at("2026-03-27T10:00Z"));
    assert_eq!(berlin.elapsed(late, early), WorkingTime::ZERO);
    assert_eq!(
        berlin.elapsed(Micros(i64::MIN), Micros(-1)),
        WorkingTime::ZERO
    );
    assert!(berlin.elapsed(Micros(i64::MIN), Micros(i64::MAX)) > WorkingTime::ZERO);
}

#[test]
fn wrong_calendars_are_refused_by_place_and_code() {
    let berlin = "zone = \"Europe/Berlin\"\n";
    let cases = [
        (
            "zone = \"Europe/Berln\"\nalways = true",
            "BATON-CAL-001",
            "Europe/Berlin",
        ),
        (
            "zone = \"Etc/Unknown\"\nalways = true",
            "BATON-CAL-001",
            "no IANA zone",
        ),
        (
            &format!("{berlin}week = {{ monday = [\"09:00-17:00\"] }}"),
            "BATON-CAL-002",
            "monday",
        ),
        (
            &format!("{berlin}week = {{ mon = [\"9-17\"] }}"),
            "BATON-CAL-003",
            "9-17",
        ),
        (
            &format!("{berlin}week = {{ mon = [\"09:00-09:00\"] }}"),
            "BATON-CAL-003",
            "09:00-09:00",
        ),
        (
            &format!("{berlin}week = {{ mon = [\"09:00-24:01\"] }}"),
            "BATON-CAL-003",
            "24:01",
        ),
        (
            &format!("{berlin}week = {{ mon = [\"09:00-13:00\", \"12:00-17:00\"] }}"),
            "BATON-CAL-004",
            "overlap",
        ),
        (
            &format!("{berlin}always = true\nholidays = [\"11.11.2026\"]"),
            "BATON-CAL-005",
            "11.11.2026",
        ),
        (
            &format!("{berlin}always = true\nholidays = [\"2026-02-30\"]"),
            "BATON-CAL-005",
            "2026-02-30",
        ),
        (
            &format!("{berlin}week = {{ mon-fri = [\"09:00-17:00\"], fri = [\"09:00-12:00\"] }}"),
            "BATON-CAL-006",
            "fri",
        ),
        (
            &format!("{berlin}always = true\nholidays = [\"2026-11-11\", \"2026-11-11\"]"),
            "BATON-CAL-006",
            "2026-11-11",
        ),
        (berlin, "BATON-CAL-007", "never opens"),
        (
            &format!("{berlin}always = true\nweek = {{ mon = [\"09:00-17:00\"] }}"),
            "BATON-CAL-008",
            "always",
        ),
    ];
    for (toml, code, place) in cases {
        let message = error(toml);
        assert!(
            message.contains(code) && message.contains(place),
            "{toml}\n{message}"
        );
    }
}

#[test]
fn the_release_of_the_zones_is_named() {
    let release = tzdb_version();
    assert!(release.len() == 5 && release.starts_with("20"), "{release}");
}

#[test]
fn a_version_counts_from_when_it_became_known_never_before() {
    let old = spec("zone = \"Europe/Warsaw\"\nweek = { mon-fri = [\"09:00-17:00\"] }");
    let new = spec(
        "zone = \"Europe/Warsaw\"\nweek = { mon-fri = [\"08:00-18:00\"] }\nfrom = \"2026-11-01\"",
    );
    let known = [
        (at("2026-01-01T00:00Z"), &old),
        (at("2026-11-18T11:00Z"), &new),
    ];
    let book = Book::dated(known).unwrap();
    let calendar = book.get(&"test".into()).unwrap();
    let day = |from: &str, to: &str| calendar.elapsed(at(from), at(to));
    assert_eq!(
        day("2025-11-17T00:00Z", "2025-11-18T00:00Z"),
        WorkingTime::hours(8)
    );
    assert_eq!(
        day("2026-11-17T00:00Z", "2026-11-18T00:00Z"),
        WorkingTime::hours(8)
    );
    assert_eq!(
        day("2026-11-18T00:00Z", "2026-11-19T00:00Z"),
        WorkingTime::hours(9)
    );
}
