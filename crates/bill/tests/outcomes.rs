//! Outcome prices: who may confirm, silence, reopening and what is taken back.

use baton_bill::outcome::{Ground, Outcome, OutcomeRule, Standing};
use baton_model::{Micros, Month, PartyId, WallTime};

fn days(days: i64) -> WallTime {
    WallTime::hours(24 * days)
}

fn rule() -> OutcomeRule {
    OutcomeRule {
        paid: PartyId::new("KS"),
        silence: Some(days(5)),
        reopen: days(30),
    }
}

/// An instant in the month, so many days from its start.
fn day(month: &str, after: i64) -> Micros {
    span(month).from.plus(days(after))
}

fn span(month: &str) -> baton_model::calendar::Interval {
    Month::parse(month).expect("a month").span("Europe/Berlin")
}

fn reached() -> Outcome {
    Outcome {
        id: "c1".into(),
        reached: day("2026-10", 20),
        told: None,
        confirmed: None,
        objected: None,
        reopened: None,
    }
}

fn lv() -> PartyId {
    PartyId::new("LV")
}

fn confirmed() -> Outcome {
    Outcome {
        confirmed: Some((lv(), day("2026-10", 21))),
        ..reached()
    }
}

#[test]
fn confirmed_by_another_party_it_is_charged_once() {
    let outcome = confirmed();
    assert_eq!(
        rule().judge(&outcome, span("2026-10")),
        Standing::Charged(Ground::Confirmed(lv()))
    );
    assert_eq!(rule().judge(&outcome, span("2026-11")), Standing::Before);
}

#[test]
fn whoever_is_paid_cannot_be_the_only_witness() {
    let own = |at| Some((PartyId::new("KS"), day("2026-10", at)));
    let outcome = Outcome {
        told: own(20),
        confirmed: own(21),
        ..reached()
    };
    let standing = rule().judge(&outcome, span("2026-11"));
    assert_eq!(
        standing,
        Standing::Waiting("confirmed only by who is paid for it")
    );
    assert_eq!(standing.count(), 0);
}

#[test]
fn silence_after_being_told_counts_when_its_window_ends() {
    let told = Outcome {
        told: Some((lv(), day("2026-10", 28))),
        ..reached()
    };
    assert_eq!(
        rule().judge(&told, span("2026-10")),
        Standing::Waiting("not confirmed yet")
    );
    assert_eq!(
        rule().judge(&told, span("2026-11")),
        Standing::Charged(Ground::Silence(lv()))
    );
    let objected = Outcome {
        objected: Some(day("2026-10", 29)),
        ..told.clone()
    };
    assert_eq!(
        rule().judge(&objected, span("2026-11")),
        Standing::Waiting("objected to")
    );
    let strict = OutcomeRule {
        silence: None,
        ..rule()
    };
    assert_eq!(strict.judge(&told, span("2026-12")).count(), 0);
    assert_eq!(
        rule().judge(&reached(), span("2026-12")),
        Standing::Waiting("nobody was told")
    );
}

#[test]
fn reopened_inside_the_window_it_is_taken_back_on_the_next_statement() {
    let outcome = Outcome {
        reopened: Some(day("2026-11", 5)),
        ..confirmed()
    };
    let counts =
        ["2026-10", "2026-11", "2026-12"].map(|month| rule().judge(&outcome, span(month)).count());
    assert_eq!(counts, [1, -1, 0], "charged, taken back, and done with");
}

#[test]
fn reopened_in_the_same_month_or_before_it_was_confirmed_it_is_never_charged() {
    let same = Outcome {
        reopened: Some(day("2026-10", 25)),
        ..confirmed()
    };
    let first = Outcome {
        confirmed: Some((lv(), day("2026-11", 3))),
        reopened: Some(day("2026-10", 25)),
        ..reached()
    };
    for outcome in [same, first] {
        let counts =
            ["2026-10", "2026-11"].map(|month| rule().judge(&outcome, span(month)).count());
        assert_eq!(counts, [0, 0]);
    }
}

#[test]
fn reopened_after_the_window_it_stands() {
    let outcome = Outcome {
        reopened: Some(day("2026-12", 5)),
        ..confirmed()
    };
    let counts =
        ["2026-10", "2026-11", "2026-12"].map(|month| rule().judge(&outcome, span(month)).count());
    assert_eq!(counts, [1, 0, 0]);
}

#[test]
fn facts_that_cannot_be_are_refused_with_their_place() {
    let text = "[[outcome]]\nid = \"a\"\nreached = \"2026-11-03T10:00:00Z\"\nreopened = \"2026-11-02T10:00:00Z\"\n";
    let found = baton_bill::read::outcomes::read(text).expect_err("refused");
    assert_eq!(
        (found[0].code.as_str(), found[0].line),
        ("BATON-BILL-002", 4)
    );
    let read = baton_bill::read::outcomes::read(
        &text
            .replace("reopened", "objected")
            .replace("11-02", "11-04"),
    );
    assert_eq!(
        read.expect("read")[0].objected,
        Some(day("2026-11", 3).plus(WallTime::hours(11)))
    );
}
