//! Volume bands: inside the band a month costs the baseline's price; outside, additional charges (ARC) are
//! added and reduced credits (RRC) taken off, step by step.
//!
//! Two conventions are in real use, and the card names its own: counted from the band's edge, which is
//! continuous there, or from the baseline once the band is left, which leaps.

use crate::card::{Bands, Count, Step};
use baton_model::Decimal;

/// What a volume costs beside the baseline's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banded {
    /// Added to the baseline's price; below zero where it is taken off.
    pub adjustment: Decimal,
    /// The rule, the band and each step, in words.
    pub words: Vec<String>,
}

/// The adjustment of a volume.
pub fn adjustment(bands: &Bands, volume: Decimal) -> Banded {
    let (low, high, baseline) = (bands.low, bands.high, bands.baseline);
    let mut words = vec![format!(
        "baseline {baseline} at {}, band {low} to {high}",
        bands.price
    )];
    let adjustment = if volume > high {
        words.push(format!(
            "{volume} is above the band; {}",
            convention(bands.count, high, baseline)
        ));
        let from = start(bands.count, high, baseline);
        climb(&bands.arc, from, volume, &mut words)
    } else if volume < low {
        words.push(format!(
            "{volume} is below the band; {}",
            convention(bands.count, low, baseline)
        ));
        let from = start(bands.count, low, baseline);
        -descend(&bands.rrc, from, volume, &mut words)
    } else {
        words.push(format!(
            "{volume} is inside the band: nothing is added or taken off"
        ));
        Decimal::ZERO
    };
    Banded { adjustment, words }
}

fn start(count: Count, edge: Decimal, baseline: Decimal) -> Decimal {
    match count {
        Count::Edge => edge,
        Count::Baseline => baseline,
    }
}

fn convention(count: Count, edge: Decimal, baseline: Decimal) -> String {
    match count {
        Count::Edge => format!("edge rule: counted from the band's edge, {edge}"),
        Count::Baseline => format!("baseline rule: counted from the baseline, {baseline}"),
    }
}

fn climb(steps: &[Step], mut from: Decimal, volume: Decimal, words: &mut Vec<String>) -> Decimal {
    let mut sum = Decimal::ZERO;
    for (place, step) in steps.iter().enumerate() {
        let until = step.edge.map_or(volume, |edge| edge.min(volume));
        if until > from {
            let part = (until - from).normalize();
            let amount = part * step.price;
            words.push(told(
                "ARC",
                place,
                (from, until),
                (part, step.price),
                amount,
            ));
            (from, sum) = (until, sum + amount);
        }
    }
    sum
}

fn descend(steps: &[Step], mut from: Decimal, volume: Decimal, words: &mut Vec<String>) -> Decimal {
    let mut sum = Decimal::ZERO;
    for (place, step) in steps.iter().enumerate() {
        let until = step.edge.map_or(volume, |edge| edge.max(volume));
        if until < from {
            let part = (from - until).normalize();
            let amount = part * step.price;
            words.push(told(
                "RRC",
                place,
                (from, until),
                (part, step.price),
                -amount,
            ));
            (from, sum) = (until, sum + amount);
        }
    }
    sum
}

fn told(
    name: &str,
    place: usize,
    (from, until): (Decimal, Decimal),
    (part, price): (Decimal, Decimal),
    amount: Decimal,
) -> String {
    let (place, sign) = (place + 1, if amount.is_sign_negative() { "-" } else { "+" });
    let amount = amount.abs().normalize();
    format!("{name} step {place}, from {from} to {until}: {part} × {price} = {sign}{amount}")
}
