//! Service credits of a month: what failed levels give back, capped at the part of the charges at risk, and
//! what earlier credits are earned back.
//!
//! Critical levels carry credits, key ones only report. The base is the month's charges before tax, without
//! what is passed through and without earlier credits. Whether a level failed is judged elsewhere.

use crate::Fault;
use crate::card::{CreditLevel, CreditRules, Part, RateCard};
use crate::rounding::{floor, spread, sum, to_money};
use baton_model::{Decimal, Money, Month};

/// A credit of an earlier month. Every month without one is a month in which the level held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// The month the level failed in.
    pub month: Month,
    /// The level.
    pub level: String,
    /// What was given back, which may be nothing.
    pub amount: Money,
}

/// The credits of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credits {
    /// The charges they are computed on.
    pub base: Money,
    /// The most they may be.
    pub cap: Money,
    /// What each level gives back, or is earned back.
    pub lines: Vec<CreditLine>,
}

/// What a level gives back, or what is earned back of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditLine {
    /// The level.
    pub level: String,
    /// Its name.
    pub name: String,
    /// What it does to the invoice: below zero for a credit, above for one that is earned back.
    pub amount: Money,
    /// The rule and the sum, in words.
    pub words: Vec<String>,
}

/// The credits of a month on its charges.
///
/// # Errors
/// [`Fault::TooLarge`] if an amount does not fit.
pub fn credits(
    card: &RateCard,
    rules: &CreditRules,
    base: Money,
    (month, failed, past): (Month, &[String], &[Credited]),
) -> Result<Credits, Fault> {
    // A month that ends in a credit to the provider has nothing at risk.
    let whole = base.amount().max(Decimal::ZERO) * rules.at_risk;
    let cap = floor(whole, card.currency)?;
    let at_risk = format!(
        "{} × {} at risk = {}, and {cap} at most",
        base.amount(),
        percent(rules.at_risk),
        whole.normalize()
    );
    let mut lines = Vec::new();
    let mut exact = Vec::new();
    for level in rules
        .levels
        .iter()
        .filter(|level| failed.contains(&level.id))
    {
        let row = streak(level, month, past);
        let (amount, words) = level_credit(rules, level, whole, row);
        exact.push(amount);
        let words = if level.part.is_some() {
            [vec![at_risk.clone()], words].concat()
        } else {
            words
        };
        lines.push(line(
            level,
            Money {
                minor: 0,
                currency: card.currency,
            },
            words,
        ));
    }
    for (line, given) in lines.iter_mut().zip(given(card, &exact, cap)?) {
        if given.1 && line.words.len() > 1 {
            line.words.push(format!(
                "all together capped at {cap}; this one's share is {}",
                given.0
            ));
        }
        line.amount.minor = -given.0.minor;
    }
    lines.extend(earned_back(rules, month, failed, past));
    Ok(Credits { base, cap, lines })
}

/// The rounded credits, and whether the cap lowered them.
fn given(card: &RateCard, exact: &[Decimal], cap: Money) -> Result<Vec<(Money, bool)>, Fault> {
    let mut rounded = Vec::with_capacity(exact.len());
    for amount in exact {
        rounded.push(to_money(*amount, card.currency, card.half)?);
    }
    let total = sum(rounded.iter().copied(), card.currency)?;
    if total.minor <= cap.minor {
        return Ok(rounded.into_iter().map(|money| (money, false)).collect());
    }
    let whole: Decimal = exact.iter().sum();
    let shares: Vec<Decimal> = exact
        .iter()
        .map(|amount| cap.amount() * (amount / whole))
        .collect();
    let shares = spread(&shares, cap)?;
    Ok(shares.into_iter().map(|money| (money, true)).collect())
}

fn level_credit(
    rules: &CreditRules,
    level: &CreditLevel,
    at_risk: Decimal,
    row: usize,
) -> (Decimal, Vec<String>) {
    let Some(Part { pool, allocation }) = &level.part else {
        return (
            Decimal::ZERO,
            vec!["a key level: it reports its failure and carries no credit".into()],
        );
    };
    let (mut amount, mut sum) = (at_risk * allocation, at_risk.normalize().to_string());
    if let Some((category, pool)) = pool {
        amount *= pool;
        sum = format!("{sum} × {} pool of {category}", percent(*pool));
    }
    sum = format!("{sum} × {} allocation", percent(*allocation));
    let mut words = Vec::new();
    let factor = rules.multipliers.get(row - 1).or(rules.multipliers.last());
    if let Some(factor) = factor.filter(|factor| **factor != Decimal::ONE) {
        amount *= factor;
        sum = format!("{sum} × {factor}");
        words.push(format!(
            "failed {row} months in a row, which multiplies by {factor}"
        ));
    }
    words.push(format!("{sum} = {}", amount.normalize()));
    (amount, words)
}

/// For how many months in a row the level has failed, this one counted.
fn streak(level: &CreditLevel, month: Month, past: &[Credited]) -> usize {
    let mut at = month;
    while failed_in(&level.id, at.before(), past) {
        at = at.before();
    }
    let mut row = 1;
    while at < month {
        (at, row) = (at.next(), row + 1);
    }
    row
}

fn failed_in(level: &str, month: Month, past: &[Credited]) -> bool {
    past.iter()
        .any(|credit| credit.level == level && credit.month == month)
}

/// Credits whose level has held in each of the agreed months right after them, the last of which is this.
fn earned_back(
    rules: &CreditRules,
    month: Month,
    failed: &[String],
    past: &[Credited],
) -> Vec<CreditLine> {
    let Some(good) = rules.earn_back else {
        return Vec::new();
    };
    let first = (0..good).fold(month, |at, _| at.before());
    let mut lines = Vec::new();
    for credit in past
        .iter()
        .filter(|credit| credit.month == first && credit.amount.minor > 0)
    {
        let held = !failed.contains(&credit.level)
            && !past
                .iter()
                .any(|later| later.level == credit.level && later.month > first);
        let level = rules.levels.iter().find(|level| level.id == credit.level);
        if let Some(level) = level.filter(|_| held) {
            let told = format!(
                "the credit of {} in {first} is earned back: the level held in each of the {good} months since",
                credit.amount
            );
            lines.push(line(level, credit.amount, vec![told]));
        }
    }
    lines
}

fn line(level: &CreditLevel, amount: Money, words: Vec<String>) -> CreditLine {
    let (level, name) = (level.id.clone(), level.name.clone());
    CreditLine {
        level,
        name,
        amount,
        words,
    }
}

fn percent(part: Decimal) -> String {
    format!("{} %", (part * Decimal::from(100)).normalize())
}
