//! From exact amounts to minor units, by named rules. No unit is lost or made: lines that share a rounded
//! total add up to it.

use crate::Fault;
use crate::card::Half;
use baton_model::{Currency, Decimal, Money, Rounding};

/// How the rule is called in the decimal's own words.
fn strategy(half: Half) -> Rounding {
    match half {
        Half::Up => Rounding::MidpointAwayFromZero,
        Half::Even => Rounding::MidpointNearestEven,
    }
}

/// A number rounded to so many decimals.
pub fn to_digits(exact: Decimal, digits: u32, half: Half) -> Decimal {
    exact.round_dp_with_strategy(digits, strategy(half))
}

/// An exact amount in minor units.
///
/// # Errors
/// [`Fault::TooLarge`] if they do not fit 64 bits.
pub fn to_money(exact: Decimal, currency: Currency, half: Half) -> Result<Money, Fault> {
    // What is left for the currency's own rounding is already exact.
    Money::round(to_digits(exact, currency.digits(), half), currency).ok_or(Fault::TooLarge)
}

/// An exact amount in whole minor units, what is over dropped: for caps, which nothing may pass.
///
/// # Errors
/// [`Fault::TooLarge`] if they do not fit 64 bits.
pub fn floor(exact: Decimal, currency: Currency) -> Result<Money, Fault> {
    let low = exact.round_dp_with_strategy(currency.digits(), Rounding::ToNegativeInfinity);
    Money::round(low, currency).ok_or(Fault::TooLarge)
}

/// Money from minor units that were summed.
///
/// # Errors
/// [`Fault::TooLarge`] if they do not fit 64 bits.
pub fn sum(parts: impl Iterator<Item = Money>, currency: Currency) -> Result<Money, Fault> {
    let minor: i128 = parts.map(|part| i128::from(part.minor)).sum();
    let minor = i64::try_from(minor).map_err(|_| Fault::TooLarge)?;
    Ok(Money { minor, currency })
}

/// Spreads a total over parts: each gets its whole minor units, the rest goes one by one to those that
/// lost most, the earlier first.
///
/// # Errors
/// [`Fault::TooLarge`] if they do not fit 64 bits.
pub fn spread(exact: &[Decimal], total: Money) -> Result<Vec<Money>, Fault> {
    let mut parts = Vec::with_capacity(exact.len());
    for amount in exact {
        parts.push(floor(*amount, total.currency)?);
    }
    let given = sum(parts.iter().copied(), total.currency)?;
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&at| (parts[at].amount() - exact[at], at));
    let rest = usize::try_from(total.minor.saturating_sub(given.minor)).unwrap_or(0);
    for at in order.into_iter().take(rest) {
        parts[at].minor += 1;
    }
    Ok(parts)
}
