//! The charges of a month: every line of a card times what was done, the minimum, the credits, the total.
//!
//! Same card and same facts give the same bill, to the minor unit, each line with its reason in words.

use crate::card::{CardLine, Over, Per, Price, RateCard};
use crate::credits::{Credited, Credits, credits};
use crate::outcome::{Outcome, OutcomeRule};
use crate::rounding::{spread, sum, to_money};
use crate::{Fault, bands, index, tiers};
use baton_model::{Decimal, Money, Month};
use std::collections::BTreeMap;

/// What was done in a month, as whoever asks knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The month.
    pub month: Month,
    /// How much of each line was done.
    pub volumes: BTreeMap<String, Decimal>,
    /// The outcomes of each line that is priced by them.
    pub outcomes: BTreeMap<String, Vec<Outcome>>,
    /// Which levels failed.
    pub failed: Vec<String>,
    /// Credits of earlier months.
    pub credited: Vec<Credited>,
}

/// A month's bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The month.
    pub month: Month,
    /// The charges, in the card's order; what is missing to a minimum is the last.
    pub charges: Vec<Charge>,
    /// Their sum.
    pub charged: Money,
    /// The service credits, where the card has rules for them.
    pub credits: Option<Credits>,
    /// Charges less credits.
    pub total: Money,
}

/// A line of the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The card's line; `minimum` for what is missing to the minimum.
    pub line: String,
    /// Its name.
    pub name: String,
    /// How much was done, where that counts.
    pub quantity: Option<Decimal>,
    /// What is counted.
    pub per: Per,
    /// Whether it is passed through.
    pub pass_through: bool,
    /// Before rounding.
    pub exact: Decimal,
    /// The amount.
    pub amount: Money,
    /// The rule and the sum, step by step.
    pub words: Vec<String>,
}

/// The bill of a month.
///
/// # Errors
/// A [`Fault`] where the card has no such line or level, a volume is missing or too many, the month is
/// before the card, or an amount does not fit.
pub fn rate(card: &RateCard, asked: &Asked) -> Result<Bill, Fault> {
    crate::ask::check(card, asked)?;
    let mut charges = Vec::with_capacity(card.lines.len() + 1);
    for line in &card.lines {
        let (line, indexed) = index::in_month(line, &card.indices, asked.month)?;
        let mut charge = charge(card, &line, asked)?;
        charge.words.splice(0..0, indexed);
        if charge.pass_through {
            let told = "passed through at cost: no base for credits, and not part of a minimum";
            charge.words.push(told.into());
        }
        charges.push(charge);
    }
    charges.extend(short_of_minimum(card, &charges)?);
    let charged = round(card, &mut charges)?;
    let base = charges
        .iter()
        .filter(|charge| !charge.pass_through)
        .map(|charge| charge.amount);
    let base = sum(base, card.currency)?;
    let given = match &card.credits {
        Some(rules) => Some(credits(
            card,
            rules,
            base,
            (asked.month, &asked.failed, &asked.credited),
        )?),
        None => None,
    };
    let lines = given
        .iter()
        .flat_map(|credits| &credits.lines)
        .map(|line| line.amount);
    let total = sum(lines.chain([charged]), card.currency)?;
    Ok(Bill {
        month: asked.month,
        charges,
        charged,
        credits: given,
        total,
    })
}

fn charge(card: &RateCard, line: &CardLine, asked: &Asked) -> Result<Charge, Fault> {
    let volume = asked.volumes.get(&line.id).copied().unwrap_or_default();
    let (quantity, exact, words) = match &line.price {
        Price::Each(price) if line.per == Per::Fixed => {
            (None, *price, vec!["a fixed price for the month".into()])
        }
        Price::Each(price) => {
            let exact = volume * price;
            let words = format!(
                "{volume} × {price} per {} = {}",
                line.per.word(),
                exact.normalize()
            );
            (Some(volume), exact, vec![words])
        }
        Price::Tiers { rule, tiers } => {
            let (exact, words) = tiers::amount(*rule, tiers, volume);
            (Some(volume), exact, words)
        }
        Price::Bands(bands) => {
            let banded = bands::adjustment(bands, volume);
            let exact = bands.price + banded.adjustment;
            let sum = format!(
                "{} + {} = {}",
                bands.price,
                banded.adjustment.normalize(),
                exact.normalize()
            );
            (Some(volume), exact, [banded.words, vec![sum]].concat())
        }
        Price::Outcome(price, rule) => {
            let outcomes = asked.outcomes.get(&line.id).map_or(&[][..], Vec::as_slice);
            outcomes_in(card, asked.month, (*price, rule), outcomes)
        }
    };
    Ok(Charge {
        line: line.id.clone(),
        name: line.name.clone(),
        quantity,
        per: line.per,
        pass_through: line.pass_through,
        exact,
        amount: to_money(exact, card.currency, card.half)?,
        words,
    })
}

fn outcomes_in(
    card: &RateCard,
    month: Month,
    (price, rule): (Decimal, &OutcomeRule),
    outcomes: &[Outcome],
) -> (Option<Decimal>, Decimal, Vec<String>) {
    let span = month.span(&card.zone);
    let (mut count, mut words) = (0, Vec::new());
    for outcome in outcomes
        .iter()
        .filter(|outcome| outcome.reached < span.until)
    {
        let standing = rule.judge(outcome, span);
        count += standing.count();
        words.push(format!("{}: {}", outcome.id, standing.words()));
    }
    let count = Decimal::from(count);
    let exact = count * price;
    words.push(format!(
        "{count} × {price} per outcome = {}",
        exact.normalize()
    ));
    (Some(count), exact, words)
}

/// What is missing to the minimum, as a line of its own.
fn short_of_minimum(card: &RateCard, charges: &[Charge]) -> Result<Option<Charge>, Fault> {
    let Some(minimum) = card.minimum else {
        return Ok(None);
    };
    let counted = charges.iter().filter(|charge| !charge.pass_through);
    let reached: Decimal = match card.over {
        Over::Line => counted.map(|charge| charge.amount.amount()).sum(),
        Over::Total => counted.map(|charge| charge.exact).sum(),
    };
    let exact = (minimum - reached).max(Decimal::ZERO);
    let words = vec![
        format!("a month costs {minimum} at least, without what is passed through"),
        format!(
            "{minimum} - {} reached, at least 0 = {}",
            reached.normalize(),
            exact.normalize()
        ),
    ];
    Ok(Some(Charge {
        line: "minimum".into(),
        name: "To the minimum commitment".into(),
        quantity: None,
        per: Per::Fixed,
        pass_through: false,
        exact,
        amount: to_money(exact, card.currency, card.half)?,
        words,
    }))
}

/// The sum of the charges; where the total is rounded, the lines share it to the last minor unit.
fn round(card: &RateCard, charges: &mut [Charge]) -> Result<Money, Fault> {
    if card.over == Over::Line {
        return sum(charges.iter().map(|charge| charge.amount), card.currency);
    }
    let exact: Vec<Decimal> = charges.iter().map(|charge| charge.exact).collect();
    let total = to_money(exact.iter().sum(), card.currency, card.half)?;
    for (charge, amount) in charges.iter_mut().zip(spread(&exact, total)?) {
        if charge.amount != amount {
            charge.words.push(format!(
                "the total is rounded, not the line; its share is {amount}"
            ));
        }
        charge.amount = amount;
    }
    Ok(total)
}
