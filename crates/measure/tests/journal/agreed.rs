//! What is measured under agreements: which version counts, what a row says, what is returned, and how a
//! level stands.

use crate::writing::*;
use baton_journal::Datum;
use baton_journal::event::agreement::AgreementSet;
use baton_measure::measured::{MEASUREMENT, Measurement, UNIT, measurement_of};
use baton_measure::score::{Period, Standing, Tally, counts, standing};
use baton_measure::statement::unit_of;
use baton_measure::view;
use baton_model::agreement::{AgreedLane, LevelKind, Price, ServiceLevel};
use baton_model::calendar::tzdb_version;
use baton_model::{Agreement, Micros, Month, WorkingTime};

/// The release of the time-zone data compiled in.
const RELEASE: &str = "2026e";

fn level(target: u32) -> ServiceLevel {
    ServiceLevel {
        id: "verify-on-time".into(),
        name: "Verify on time".into(),
        lane: "verify".into(),
        kind: LevelKind::OnTime {
            within: WorkingTime::hours(4),
        },
        target,
        critical: true,
        minimum: 5,
    }
}

/// Tala's lane Verify, on time within four hours, at a price.
fn set(version: u32, from: &str, price: &str) -> AgreementSet {
    let lane = AgreedLane {
        lane: "verify".into(),
        price: Some(Price {
            card: "1.1".into(),
            unit: price.parse().unwrap(),
        }),
        read: Vec::new(),
        write: Vec::new(),
        freetext: "none".into(),
    };
    AgreementSet {
        agreement: Agreement {
            id: "TO-2026".into(),
            name: "Verification".into(),
            client: "LV".into(),
            provider: "TO".into(),
            currency: baton_model::Currency::parse("EUR").unwrap(),
            zone: "Europe/Berlin".into(),
            from: instant(from),
            until: None,
            sites: vec!["TO-site".into()],
            lanes: vec![lane],
            levels: vec![level(9_700)],
            continuity: None,
        },
        version,
        from: instant(from),
        text: String::new(),
    }
}

fn journal() -> Journal {
    let mut journal = Journal::new();
    journal.entry(
        "2026-11-01T00:00Z",
        &[agreed(set(1, "2026-01-01T00:00Z", "1.18"))],
    );
    journal
}

fn measurements(journal: &Journal) -> Vec<Measurement> {
    let rows = journal.rows(&MEASUREMENT);
    rows.iter()
        .map(|row| measurement_of(row).unwrap())
        .collect()
}

/// Tala opens from 9 to 18 in Manila: 01:00 to 10:00 UTC.
fn begin(journal: &mut Journal, at: &str) {
    journal.entry(
        at,
        &[
            started(),
            ready(1, "verify", None),
            given(1, "verify", "TO", 9),
        ],
    );
}

#[test]
fn a_hop_left_in_time_is_met_and_one_left_late_is_late_in_the_month_of_its_due_instant() {
    let mut journal = journal();
    begin(&mut journal, "2026-11-18T01:00Z");
    assert_eq!(measurements(&journal)[0].state, "open");
    journal.entry("2026-11-18T05:00Z", &[over(1)]);
    let row = &measurements(&journal)[0];
    assert_eq!((row.state.as_str(), row.month.as_str()), ("met", "2026-11"));
    assert_eq!(row.working, Some(WorkingTime::hours(4)));
    assert_eq!(row.calendar_version, 1);
    assert_eq!(row.sources.len(), 2);

    let mut journal = self::journal();
    // Monday the 30th is a working day in this test's calendar; due at 05:00 UTC, left in December.
    begin(&mut journal, "2026-11-30T01:00Z");
    journal.entry("2026-12-01T02:00Z", &[over(1)]);
    let row = &measurements(&journal)[0];
    assert_eq!(
        (row.state.as_str(), row.month.as_str()),
        ("late", "2026-11")
    );
    assert_eq!(row.until_month, "2026-12");
    assert_eq!(row.over, Some(WorkingTime::hours(6)));
    // Five hours past the target lie in November, one in December; together they are all of it.
    let book = view::book(&journal.rows(&view::CALENDAR)).unwrap();
    let part = |month: &str| {
        let month = Month::parse(month).unwrap();
        let now = instant("2026-12-05T00:00Z");
        counts(
            row,
            "Europe/Berlin",
            &Period::of(month, "Europe/Berlin", now),
            &book,
        )
    };
    assert_eq!(
        (part("2026-11").missed, part("2026-11").over),
        (1, WorkingTime::hours(5))
    );
    assert_eq!(
        (part("2026-12").missed, part("2026-12").over),
        (0, WorkingTime::hours(1))
    );
}

#[test]
fn an_open_hop_is_late_from_its_due_instant_on_without_an_event() {
    let mut journal = journal();
    begin(&mut journal, "2026-11-18T01:00Z");
    let row = &measurements(&journal)[0];
    let book = view::book(&journal.rows(&view::CALENDAR)).unwrap();
    let month = Month::parse("2026-11").unwrap();
    let at = |now: Micros| {
        counts(
            row,
            "Europe/Berlin",
            &Period::of(month, "Europe/Berlin", now),
            &book,
        )
    };
    let due = instant("2026-11-18T05:00Z");
    assert_eq!((at(due).open, at(due).missed), (1, 0));
    let after = at(instant("2026-11-18T05:30Z"));
    assert_eq!(
        (after.open, after.missed, after.over),
        (0, 1, WorkingTime::minutes(30))
    );
}

#[test]
fn what_is_handed_over_or_withdrawn_in_time_is_excluded() {
    for (event, reason) in [
        (given(1, "verify", "KS", 9), "handed_over"),
        (taken_back(1), "withdrawn"),
    ] {
        let mut journal = journal();
        begin(&mut journal, "2026-11-18T01:00Z");
        journal.entry("2026-11-18T02:00Z", &[event]);
        let row = &measurements(&journal)[0];
        assert_eq!(
            (row.state.as_str(), row.reason.as_str()),
            ("excluded", reason)
        );
        assert!(journal.rows(&UNIT).is_empty(), "nothing was completed");
    }
}

#[test]
fn a_unit_is_priced_by_the_version_that_counts_when_it_is_completed() {
    let mut journal = journal();
    journal.entry(
        "2026-11-10T00:00Z",
        &[agreed(set(2, "2026-11-18T03:00Z", "1.25"))],
    );
    begin(&mut journal, "2026-11-18T01:00Z");
    journal.entry("2026-11-18T04:00Z", &[over(1)]);
    let unit = unit_of(&journal.rows(&UNIT)[0]).unwrap();
    assert_eq!(
        (unit.version, unit.price),
        (2, Some("1.25".parse().unwrap()))
    );
    assert_eq!(
        measurements(&journal)[0].version,
        1,
        "the hop arrived under the first"
    );
}

#[test]
fn a_later_lane_of_another_party_returns_a_unit_and_the_lane_before_does_not() {
    let mut journal = journal();
    begin(&mut journal, "2026-11-18T01:00Z");
    journal.entry(
        "2026-11-18T02:00Z",
        &[
            over(1),
            ready(2, "approve", None),
            given(2, "approve", "LV", 8),
        ],
    );
    journal.entry(
        "2026-11-18T09:00Z",
        &[
            over(2),
            ready(3, "verify", None),
            given(3, "verify", "TO", 4),
        ],
    );
    journal.entry(
        "2026-11-19T02:00Z",
        &[
            over(3),
            ready(4, "approve", None),
            given(4, "approve", "LV", 8),
        ],
    );
    let units: Vec<_> = journal
        .rows(&UNIT)
        .iter()
        .map(|row| unit_of(row).unwrap())
        .collect();
    assert_eq!(
        units.len(),
        2,
        "the client's lane is under no agreement here"
    );
    assert!(units[0].returned.is_some() && !units[0].rework);
    assert!(units[1].returned.is_none() && units[1].rework);
}

#[test]
fn a_level_says_how_sure_it_is_while_the_month_goes_on() {
    let of = |met, missed| Tally {
        met,
        missed,
        ..Tally::default()
    };
    let stands = |met, missed, over| standing(&level(9_000), &of(met, missed), over);
    assert_eq!(stands(4, 0, false), Standing::TooFew);
    assert_eq!(stands(0, 0, true), Standing::TooFew);
    assert_eq!(stands(1_000, 0, false), Standing::Met);
    assert_eq!(stands(19, 1, false), Standing::MetUnsure);
    assert_eq!(stands(17, 3, false), Standing::BelowOpen);
    assert_eq!(stands(10, 10, false), Standing::Missed);
    assert_eq!(
        stands(19, 1, true),
        Standing::Met,
        "a month that is over is no sample"
    );
    assert_eq!(stands(17, 3, true), Standing::Missed);
}

#[test]
fn a_new_release_of_time_zone_data_raises_the_version_of_the_rows() {
    // The rows name the release: where it changes, raise `MEASUREMENT.version` and this line together.
    assert_eq!((MEASUREMENT.version, tzdb_version()), (1, RELEASE));
    let mut journal = journal();
    begin(&mut journal, "2026-11-18T01:00Z");
    assert_eq!(journal.cell(&MEASUREMENT, 0, "zones"), Datum::from(RELEASE));
}
