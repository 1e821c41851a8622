//! The vectors of commerce and the laws of sums: bands, tiers, credits, rounding.

use baton_bill::bands::adjustment;
use baton_bill::card::{Bands, Count, Price, RateCard, Step, TierRule};
use baton_bill::rounding::spread;
use baton_bill::{Asked, Bill, Fault, rate, read, tiers};
use baton_model::{Decimal, Money, Month};
use proptest::prelude::*;

const HEAD: &str =
    "id = \"T\"\nname = \"T\"\ncurrency = \"EUR\"\nzone = \"UTC\"\nfrom = \"2026-01\"\n";
const LINE: &str = "rounding = { half = \"up\", over = \"line\" }\n";
const TOTAL: &str = "rounding = { half = \"even\", over = \"total\" }\n";

fn card(rounding: &str, rest: &str) -> RateCard {
    read::read(&format!("{HEAD}{rounding}{rest}")).expect("a card")
}

fn asked(volumes: &[(&str, Decimal)], failed: &[&str]) -> Asked {
    Asked {
        month: Month::parse("2026-11").expect("a month"),
        volumes: volumes
            .iter()
            .map(|(line, volume)| ((*line).to_owned(), *volume))
            .collect(),
        outcomes: Default::default(),
        failed: failed.iter().map(|level| (*level).to_owned()).collect(),
        credited: Vec::new(),
    }
}

fn bill(card: &RateCard, volumes: &[(&str, Decimal)], failed: &[&str]) -> Bill {
    rate(card, &asked(volumes, failed)).expect("a bill")
}

fn d(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn bands(count: Count) -> Bands {
    let step = |edge: Option<&str>, price: &str| Step {
        edge: edge.map(d),
        price: d(price),
    };
    Bands {
        price: d("50000"),
        baseline: d("1000"),
        low: d("900"),
        high: d("1100"),
        count,
        arc: vec![step(Some("1250"), "40"), step(None, "35")],
        rrc: vec![step(Some("750"), "30"), step(None, "25")],
    }
}

#[test]
fn bands_by_both_conventions() {
    let at = |count, volume: &str| adjustment(&bands(count), d(volume)).adjustment;
    for (volume, expected) in [
        ("1101", "40"),
        ("1150", "2000"),
        ("1300", "7750"),
        ("850", "-1500"),
        ("700", "-5750"),
    ] {
        assert_eq!(at(Count::Edge, volume), d(expected), "{volume}");
    }
    for (volume, expected) in [
        ("1100", "0"),
        ("1150", "6000"),
        ("1300", "11750"),
        ("850", "-4500"),
        ("700", "-8750"),
    ] {
        assert_eq!(at(Count::Baseline, volume), d(expected), "{volume}");
    }
}

#[test]
fn tiers_by_both_rules() {
    let step = |edge: Option<&str>, price: &str| Step {
        edge: edge.map(d),
        price: d(price),
    };
    let steps = [
        step(Some("100"), "2"),
        step(Some("200"), "1.5"),
        step(None, "1"),
    ];
    let at = |rule, volume: &str| tiers::amount(rule, &steps, d(volume)).0;
    for (volume, graduated, whole) in [
        ("0", "0", "0"),
        ("100", "200", "200"),
        ("101", "201.5", "151.5"),
        ("250", "400", "250"),
    ] {
        assert_eq!(at(TierRule::Graduated, volume), d(graduated), "{volume}");
        assert_eq!(at(TierRule::Whole, volume), d(whole), "{volume}");
    }
}

const CREDITS: &str = "[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"1\"\n[[line]]\nid = \"post\"\nname = \"Post\"\nper = \"fixed\"\npass-through = true\nprice = \"500\"\n[credits]\nat-risk = \"12 %\"\npool = \"200 %\"\n[[credits.level]]\nid = \"a\"\nname = \"A\"\ncritical = true\nallocation = \"40 %\"\n[[credits.level]]\nid = \"b\"\nname = \"B\"\ncritical = true\nallocation = \"60 %\"\n[[credits.level]]\nid = \"c\"\nname = \"C\"\ncritical = true\nallocation = \"50 %\"\n[[credits.level]]\nid = \"d\"\nname = \"D\"\ncritical = true\nallocation = \"50 %\"\n";

fn credited(bill: &Bill) -> i64 {
    let credits = bill.credits.as_ref().expect("credits");
    -credits
        .lines
        .iter()
        .map(|line| line.amount.minor)
        .sum::<i64>()
}

#[test]
fn tv3_on_charges_without_what_is_passed_through() {
    let card = card(LINE, CREDITS);
    for (failed, credit) in [
        (&["a"][..], 480_000),
        (&["a", "b"], 1_200_000),
        (&["a", "b", "c"], 1_200_000),
    ] {
        assert_eq!(
            credited(&bill(&card, &[("v", d("100000"))], failed)),
            credit,
            "{failed:?}"
        );
    }
}

#[test]
fn the_minimum_is_a_line_of_its_own() {
    let card = card(LINE, &format!("minimum = \"1000\"\n{}", CREDITS));
    let short = bill(&card, &[("v", d("400"))], &[]);
    let last = short.charges.last().expect("lines");
    assert_eq!((last.line.as_str(), last.amount.minor), ("minimum", 60_000));
    assert_eq!(
        short.total.minor, 150_000,
        "the postage is not part of the minimum"
    );
    let over = bill(&card, &[("v", d("1200"))], &[]);
    assert_eq!(over.charges.last().expect("lines").amount.minor, 0);
}

#[test]
fn an_index_counts_from_its_month_and_rounds_as_it_says() {
    let index = "[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"1.25\"\n[[index]]\nfrom = \"2026-11-01\"\nfactor = \"1.1\"\ndigits = 2\nhalf = \"even\"\n[[index]]\nfrom = \"2026-12-01\"\nfactor = \"2\"\ndigits = 2\nhalf = \"up\"\n";
    let card = card(LINE, index);
    for (month, minor) in [("2026-10", 125), ("2026-11", 138), ("2026-12", 276)] {
        let month = Month::parse(month).expect("a month");
        let asked = Asked {
            month,
            ..asked(&[("v", Decimal::ONE)], &[])
        };
        assert_eq!(
            rate(&card, &asked).expect("a bill").total.minor,
            minor,
            "{month}"
        );
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let card = card(
        LINE,
        "[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"1000000000\"\n",
    );
    let refused = rate(&card, &asked(&[("v", d("1000000000"))], &[])).expect_err("too large");
    assert_eq!(
        (refused.clone(), refused.code()),
        (Fault::TooLarge, "BATON-BILL-020")
    );
    let negative = rate(&card, &asked(&[("v", d("-1"))], &[])).expect_err("negative");
    assert_eq!(negative.code(), "BATON-BILL-016");
}

#[test]
fn a_price_that_indices_let_run_away_is_refused_and_not_computed() {
    let index = |month: u32| {
        format!(
            "[[index]]\nfrom = \"2026-{month:02}-01\"\nfactor = \"100\"\ndigits = 6\nhalf = \"up\"\n"
        )
    };
    let indices: String = (1..=11).map(index).collect();
    let line = "[[line]]\nid = \"v\"\nname = \"V\"\nper = \"unit\"\nprice = \"999999999.999999\"\n";
    let card = card(LINE, &format!("{line}{indices}"));
    let refused = rate(&card, &asked(&[("v", Decimal::ONE)], &[]));
    assert_eq!(refused, Err(Fault::TooLarge));
}

/// Three lines of fractions of a cent, rounded as a total.
fn thirds() -> RateCard {
    let line = |id: &str, price: &str| {
        format!("[[line]]\nid = \"{id}\"\nname = \"{id}\"\nper = \"hour\"\nprice = \"{price}\"\n")
    };
    card(
        TOTAL,
        &[
            line("x", "0.333333"),
            line("y", "0.007"),
            line("z", "1.2345"),
        ]
        .concat(),
    )
}

proptest! {
    #[test]
    fn the_edge_rule_rises_with_the_volume_and_never_leaps(volume in 0u32..3_000_000, more in 1u32..20_000) {
        let bands = bands(Count::Edge);
        let (here, there) = (Decimal::new(volume.into(), 3), Decimal::new((volume + more).into(), 3));
        let step = adjustment(&bands, there).adjustment - adjustment(&bands, here).adjustment;
        prop_assert!(step >= Decimal::ZERO);
        prop_assert!(step <= (there - here) * d("40"), "no leap beyond the highest price");
    }

    #[test]
    fn the_baseline_rule_rises_and_equals_the_edge_rule_inside(volume in 0u32..3_000, more in 0u32..500) {
        let at = |count, volume: u32| adjustment(&bands(count), volume.into()).adjustment;
        prop_assert!(at(Count::Baseline, volume + more) >= at(Count::Baseline, volume));
        let inside = (900..=1_100).contains(&volume);
        prop_assert_eq!(inside, at(Count::Baseline, volume) == at(Count::Edge, volume));
    }

    #[test]
    fn credits_never_pass_the_cap(volume in 0u32..2_000_000, failed in proptest::sample::subsequence(vec!["a", "b", "c", "d"], 0..=4)) {
        let bill = bill(&card(LINE, CREDITS), &[("v", volume.into())], &failed);
        let cap = bill.credits.as_ref().expect("credits").cap.minor;
        let exact = Decimal::from(volume) * d("12");
        prop_assert!(Decimal::from(cap) <= exact);
        prop_assert!((0..=cap).contains(&credited(&bill)));
        if failed.len() > 2 {
            prop_assert_eq!(credited(&bill), cap, "above the whole pool nothing less than the cap");
        }
        prop_assert_eq!(bill.total.minor, bill.charged.minor - credited(&bill));
    }

    #[test]
    fn a_rounded_total_loses_no_minor_unit_over_its_lines(x in 0u32..5_000_000, y in 0u32..5_000_000, z in 0u32..5_000_000) {
        let hours = |n: u32| Decimal::new(n.into(), 4);
        let bill = bill(&thirds(), &[("x", hours(x)), ("y", hours(y)), ("z", hours(z))], &[]);
        let exact: Decimal = bill.charges.iter().map(|charge| charge.exact).sum();
        prop_assert_eq!(bill.charged.amount(), exact.round_dp(2), "the even neighbour of the exact sum");
        let lines: i64 = bill.charges.iter().map(|charge| charge.amount.minor).sum();
        prop_assert_eq!(lines, bill.charged.minor);
        for charge in &bill.charges {
            prop_assert!((charge.amount.amount() - charge.exact).abs() < d("0.01"));
        }
    }

    #[test]
    fn a_spread_adds_up_below_zero_too(parts in proptest::collection::vec(-1_000_000i64..1_000_000, 1..9)) {
        let exact: Vec<Decimal> = parts.iter().map(|part| Decimal::new(*part, 4)).collect();
        let currency = baton_model::Currency::parse("EUR").expect("a currency");
        let total = Money::round(exact.iter().sum(), currency).expect("fits");
        let given = spread(&exact, total).expect("fits");
        prop_assert_eq!(given.iter().map(|part| part.minor).sum::<i64>(), total.minor);
    }
}

#[test]
fn the_sample_of_the_pack_reads() {
    let text = include_str!("../../../packs/purchase-to-pay/rates/sample.toml");
    let card = read::read(text).expect("the sample");
    assert_eq!(card.lines.len(), 9);
    assert!(matches!(card.lines[0].price, Price::Bands(_)));
}
