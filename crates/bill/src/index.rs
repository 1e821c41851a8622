//! Indexation: a line's prices in a month, after every index that counts by then.
//!
//! Each index is multiplied onto the price before it and rounded as it says, so that both sides print the
//! same price list. It re-prices forward only: a month before an index keeps its prices.

use crate::Fault;
use crate::card::{Bands, CardLine, Index, Price, Step};
use crate::read::number::MOST;
use crate::rounding::to_digits;
use baton_model::{Decimal, Month};

/// The line with its prices in a month, and what was done to them in words.
///
/// # Errors
/// [`Fault::TooLarge`] if a price grows past what a card may say.
pub fn in_month(
    line: &CardLine,
    indices: &[Index],
    month: Month,
) -> Result<(CardLine, Vec<String>), Fault> {
    let mut line = line.clone();
    let mut words = Vec::new();
    for index in indices.iter().filter(|index| index.from <= month) {
        let (mut changed, mut large) = (Vec::new(), false);
        reprice(&mut line.price, &mut |price| {
            // Both are within bounds, so that the product always has a place.
            let next = to_digits(price * index.factor, index.digits, index.half).normalize();
            changed.push(format!("{price} → {next}"));
            large |= next > Decimal::from(MOST);
            next
        });
        if large {
            return Err(Fault::TooLarge);
        }
        words.push(format!(
            "index from {}: × {}, rounded to {} decimals: {}",
            index.from,
            index.factor,
            index.digits,
            changed.join(", ")
        ));
    }
    Ok((line, words))
}

fn reprice(price: &mut Price, next: &mut impl FnMut(Decimal) -> Decimal) {
    let steps = |steps: &mut Vec<Step>, next: &mut dyn FnMut(Decimal) -> Decimal| {
        for step in steps {
            step.price = next(step.price);
        }
    };
    match price {
        Price::Each(price) | Price::Outcome(price, _) => *price = next(*price),
        Price::Tiers { tiers, .. } => steps(tiers, next),
        Price::Bands(Bands {
            price, arc, rrc, ..
        }) => {
            *price = next(*price);
            steps(arc, next);
            steps(rrc, next);
        }
    }
}
