//! Numbers as people write them on cards, and the bounds within which no sum can overflow.

use baton_model::Decimal;

/// The most a price, volume or factor may be.
pub const MOST: u32 = 1_000_000_000;
/// How many decimals a volume may have.
pub const VOLUME_DIGITS: u32 = 4;
/// How many decimals a price may have.
pub const PRICE_DIGITS: u32 = 6;

/// A number not below zero, in digits with at most one point; nothing else.
pub fn plain(text: &str, digits: u32) -> Option<Decimal> {
    let signs = text
        .chars()
        .all(|sign| sign.is_ascii_digit() || sign == '.');
    let edges = text.starts_with(|sign: char| sign.is_ascii_digit()) && !text.ends_with('.');
    let number: Decimal = text
        .parse()
        .ok()
        .filter(|_| signs && edges && text.len() <= 20)?;
    let number = number.normalize();
    (number.scale() <= digits && number <= Decimal::from(MOST)).then_some(number)
}

/// A percentage with at most two decimals as a fraction: 0.12 of `12 %`.
pub(crate) fn percent(text: &str, most: u32) -> Option<Decimal> {
    let number = plain(text.strip_suffix('%')?.trim(), 2)?;
    (number <= Decimal::from(most)).then(|| number / Decimal::from(100))
}
