//! Holders and lateness: every instant has one holder, wall times add up exactly, and a late case is
//! charged to the hops that overran.
#![allow(clippy::unwrap_used)]

use baton_measure::holding::{Stay, holdings};
use baton_measure::lateness::attribute;
use baton_measure::{Clock, Holder, Wait};
use baton_model::calendar::{Book, Interval};
use baton_model::{Micros, WallTime, WorkingTime};
use proptest::prelude::*;

fn stay(number: u32, from: i64, until: Option<i64>) -> Stay {
    let until = until.map(Micros);
    Stay {
        number,
        from: Micros(from),
        until,
    }
}

fn shown(until: i64, stays: &[Stay], waits: &[(Micros, Wait)]) -> Vec<(Holder, i64, i64)> {
    let case = Interval::new(Micros(0), Micros(until));
    let held = holdings(case, stays, waits).into_iter();
    held.map(|one| (one.holder, one.span.from.0, one.span.until.0))
        .collect()
}

/// The example of the science page: 36 h target; L1 holds 30 h (own 24), 2 h paused for the customer,
/// L2 holds 8 h (own 12). Clocks that always count, so hours are hours.
fn example(paused_inside: bool) {
    let hour = |n: i64| Micros(WallTime::hours(n).0);
    let book = Book::default();
    let always = book.or_always(None);
    let (mut case, mut first) = (Clock::start(hour(0)), Clock::start(hour(0)));
    case.pause(hour(30), "waiting-for-customer").unwrap();
    case.resume(hour(32)).unwrap();
    if paused_inside {
        first.pause(hour(30), "waiting-for-customer").unwrap();
        first.stop(hour(32)).unwrap();
    } else {
        first.stop(hour(30)).unwrap();
    }
    let mut second = Clock::start(hour(32));
    second.stop(hour(40)).unwrap();
    case.stop(hour(40)).unwrap();
    let read =
        |clock: &Clock, target| clock.read(always, Some(WorkingTime::hours(target)), hour(40));
    let (case, first, second) = (read(&case, 36), read(&first, 24), read(&second, 12));
    assert_eq!(case.wall, WallTime::hours(40));
    assert_eq!(case.working, WorkingTime::hours(38));
    assert_eq!(first.working, WorkingTime::hours(30));
    assert_eq!(second.working, WorkingTime::hours(8));
    let lateness = attribute(case.over, &[first.over, second.over]);
    assert_eq!(lateness.late, WorkingTime::hours(2));
    assert_eq!(lateness.charged, [WorkingTime::hours(2), WorkingTime::ZERO]);
    assert_eq!(lateness.unattributed, WorkingTime::ZERO);
}

#[test]
fn two_hours_late_are_all_of_the_first_hop_paused_in_it_or_after_it() {
    example(true);
    example(false);
}

#[test]
fn the_breach_of_the_support_screen_is_all_the_first_levels() {
    let minutes = |n| WorkingTime::minutes(n);
    let lateness = attribute(
        minutes(157),
        &[minutes(0), minutes(540), minutes(0), minutes(0), minutes(0)],
    );
    assert_eq!(lateness.charged[1], minutes(157));
    assert_eq!(lateness.unattributed, WorkingTime::ZERO);
}

#[test]
fn lateness_no_overrun_explains_is_unattributed() {
    let lateness = attribute(
        WorkingTime(10),
        &[WorkingTime(3), WorkingTime(-5), WorkingTime(1)],
    );
    assert_eq!(lateness.charged, [3, 0, 1].map(WorkingTime));
    assert_eq!(lateness.unattributed, WorkingTime(6));
    let none = attribute(WorkingTime(10), &[]);
    assert_eq!(none.unattributed, WorkingTime(10));
}

#[test]
fn lateness_that_does_not_divide_goes_to_the_largest_remainder() {
    let lateness = attribute(
        WorkingTime(10),
        &[WorkingTime(10), WorkingTime(10), WorkingTime(10)],
    );
    assert_eq!(lateness.charged, [4, 3, 3].map(WorkingTime));
}

#[test]
fn there_and_back_adds_up() {
    let stays = [
        stay(1, 0, Some(7)),
        stay(2, 7, Some(20)),
        stay(3, 20, Some(31)),
    ];
    let held = shown(31, &stays, &[]);
    assert_eq!(
        held,
        [
            (Holder::Hop(1), 0, 7),
            (Holder::Hop(2), 7, 20),
            (Holder::Hop(3), 20, 31),
        ]
    );
}

#[test]
fn of_several_hops_the_one_that_finishes_last_holds() {
    let stays = [
        stay(1, 0, Some(10)),
        stay(2, 5, Some(20)),
        stay(3, 6, Some(8)),
    ];
    assert_eq!(
        shown(20, &stays, &[]),
        [(Holder::Hop(1), 0, 5), (Holder::Hop(2), 5, 20)]
    );
}

#[test]
fn until_it_is_known_which_finishes_last_all_are_shown() {
    let stays = [stay(1, 0, None), stay(2, 5, None), stay(3, 6, Some(8))];
    let both = Holder::Together(vec![1, 2]);
    assert_eq!(
        shown(20, &stays, &[]),
        [(Holder::Hop(1), 0, 5), (both, 5, 20)]
    );
}

#[test]
fn with_no_hop_open_the_named_wait_holds() {
    let stays = [stay(1, 2, Some(5)), stay(2, 12, None)];
    let waits = [
        (Micros(4), Wait::Message("supplier".into())),
        (Micros(9), Wait::Timer),
    ];
    assert_eq!(
        shown(15, &stays, &waits),
        [
            (Holder::Wait(Wait::System), 0, 2),
            (Holder::Hop(1), 2, 5),
            (Holder::Wait(Wait::Message("supplier".into())), 5, 9),
            (Holder::Wait(Wait::Timer), 9, 12),
            (Holder::Hop(2), 12, 15),
        ]
    );
}

fn any_stays() -> impl Strategy<Value = Vec<Stay>> {
    let hop = (0..1_000_i64, 0..500_i64, any::<bool>());
    proptest::collection::vec(hop, 0..12).prop_map(|hops| {
        let numbered = (1..).zip(hops);
        numbered
            .map(|(n, (from, wall, open))| stay(n, from, (!open).then_some(from + wall)))
            .collect()
    })
}

proptest! {
    #[test]
    fn holdings_are_a_partition_and_each_holder_has_the_case(
        stays in any_stays(),
        waits in proptest::collection::vec(0..1_200_i64, 0..4),
        until in 1..1_200_i64,
    ) {
        let mut waits: Vec<_> = waits.into_iter().map(|at| (Micros(at), Wait::Timer)).collect();
        waits.sort();
        let held = shown(until, &stays, &waits);
        prop_assert_eq!(held.iter().map(|(_, from, until)| until - from).sum::<i64>(), until);
        prop_assert_eq!(held.first().map(|one| one.1), Some(0));
        prop_assert!(held.windows(2).all(|two| two[0].2 == two[1].1 && two[0].0 != two[1].0));
        for instant in (0..until).step_by(7) {
            let (holder, ..) = held.iter().find(|one| (one.1..one.2).contains(&instant)).unwrap();
            let end = |stay: &Stay| stay.until.map_or(i64::MAX, |until| until.0);
            let open: Vec<&Stay> = stays.iter().filter(|stay| stay.from.0 <= instant && instant < end(stay)).collect();
            let last = open.iter().map(|stay| end(stay)).max();
            match holder {
                Holder::Wait(_) => prop_assert!(open.is_empty()),
                Holder::Hop(number) => {
                    let hop = open.iter().find(|stay| stay.number == *number).unwrap();
                    prop_assert_eq!(Some(end(hop)), last);
                }
                Holder::Together(numbers) => {
                    let unfinished = open.iter().filter(|stay| stay.until.is_none());
                    prop_assert_eq!(&unfinished.map(|stay| stay.number).collect::<Vec<_>>(), numbers);
                }
            }
        }
    }

    #[test]
    fn charges_and_rest_are_the_lateness_and_no_hop_pays_more_than_its_overrun(
        late in 0..4_000_000_000_000_i64,
        overs in proptest::collection::vec(-9_000_000_000_i64..4_000_000_000_000, 0..9),
    ) {
        let overs: Vec<WorkingTime> = overs.into_iter().map(WorkingTime).collect();
        let lateness = attribute(WorkingTime(late), &overs);
        let charged: WorkingTime = lateness.charged.iter().copied().sum();
        prop_assert_eq!(charged + lateness.unattributed, WorkingTime(late));
        for (charged, over) in lateness.charged.iter().zip(&overs) {
            prop_assert!(charged.0 >= 0 && charged.0 <= over.0.max(0));
        }
    }
}
