//! What is asked of a card, from texts: volumes, failed levels, earlier credits; and the check that a card
//! can answer it. Nothing is guessed: a line without a volume is refused, not charged at zero.

use crate::Fault;
use crate::card::{Per, Price, RateCard};
use crate::credits::Credited;
use crate::rate::Asked;
use crate::read::number::{MOST, VOLUME_DIGITS, plain};
use baton_model::{Decimal, Money, Month};

const BOUNDS: &str =
    "write digits with a point and at most four decimals, not below 0 and at most 1000000000";

/// Why a number cannot be a volume, if so.
fn misfit(per: Per, volume: Decimal) -> Option<&'static str> {
    let negative = volume.is_sign_negative() && !volume.is_zero();
    if negative || volume > Decimal::from(MOST) || volume.normalize().scale() > VOLUME_DIGITS {
        return Some(BOUNDS);
    }
    let broken = per == Per::Unit && !volume.fract().is_zero();
    broken.then_some("items are whole; write a number without decimals")
}

/// A volume written like `verify=1150`.
///
/// # Errors
/// A [`Fault`] where the card has no such line, or the number cannot be its volume.
pub fn volume(card: &RateCard, text: &str) -> Result<(String, Decimal), Fault> {
    const WHAT: &str = "volume; write a line and a number, like verify=1150";
    let (line, number) = text.split_once('=').ok_or(Fault::Form {
        text: text.into(),
        what: WHAT,
    })?;
    let found = card.line(line).ok_or_else(|| unknown_line(card, line))?;
    if !counts(&found.price, found.per) {
        return Err(Fault::TakesNone(line.into()));
    }
    let refused = |rule| Fault::Volume {
        line: line.into(),
        text: number.into(),
        rule,
    };
    let volume = plain(number, VOLUME_DIGITS).ok_or_else(|| refused(BOUNDS))?;
    misfit(found.per, volume).map_or(Ok(()), |rule| Err(refused(rule)))?;
    Ok((line.into(), volume))
}

/// A credit of an earlier month, written like `2026-08:resolve=4800`.
///
/// # Errors
/// A [`Fault`] where the card has no such level, or the text is no credit.
pub fn credited(card: &RateCard, text: &str) -> Result<Credited, Fault> {
    const WHAT: &str = "earlier credit; write month, level and amount, like 2026-08:resolve=4800";
    let wrong = || Fault::Form {
        text: text.into(),
        what: WHAT,
    };
    let (month, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (level, amount) = rest.split_once('=').ok_or_else(wrong)?;
    level_of(card, level)?;
    let month = Month::parse(month).ok_or_else(wrong)?;
    let exact = plain(amount, VOLUME_DIGITS).ok_or_else(wrong)?;
    let currency = card.currency;
    if exact.normalize().scale() > currency.digits() {
        return Err(Fault::Digits {
            text: amount.into(),
            currency,
        });
    }
    let amount = Money::round(exact, currency).ok_or(Fault::TooLarge)?;
    Ok(Credited {
        month,
        level: level.into(),
        amount,
    })
}

/// Whether a card can answer what is asked.
pub(crate) fn check(card: &RateCard, asked: &Asked) -> Result<(), Fault> {
    let (from, month) = (card.from, asked.month);
    if month < from {
        return Err(Fault::Before { from, asked: month });
    }
    for (line, volume) in &asked.volumes {
        let found = card.line(line).ok_or_else(|| unknown_line(card, line))?;
        if !counts(&found.price, found.per) {
            return Err(Fault::TakesNone(line.clone()));
        }
        if let Some(rule) = misfit(found.per, *volume) {
            let (line, text) = (line.clone(), volume.to_string());
            return Err(Fault::Volume { line, text, rule });
        }
    }
    for line in asked.outcomes.keys() {
        match card.line(line).map(|line| line.per) {
            Some(Per::Outcome) => {}
            _ => {
                let priced = card.lines.iter().filter(|line| line.per == Per::Outcome);
                let known = listed(priced.map(|line| line.id.as_str()));
                return Err(Fault::UnknownLine {
                    line: line.clone(),
                    known,
                });
            }
        }
    }
    let missing = card.lines.iter().find(|line| match line.per {
        Per::Outcome => !asked.outcomes.contains_key(&line.id),
        per => counts(&line.price, per) && !asked.volumes.contains_key(&line.id),
    });
    match missing {
        Some(line) if line.per == Per::Outcome => Err(Fault::NoOutcomes(line.id.clone())),
        Some(line) => Err(Fault::NoVolume(line.id.clone())),
        None => levels(card, asked),
    }
}

fn levels(card: &RateCard, asked: &Asked) -> Result<(), Fault> {
    for (place, level) in asked.failed.iter().enumerate() {
        level_of(card, level)?;
        if asked.failed[..place].contains(level) {
            return Err(Fault::Twice {
                kind: "failed level",
                id: level.clone(),
            });
        }
    }
    for (place, credit) in asked.credited.iter().enumerate() {
        level_of(card, &credit.level)?;
        let (credited, from, month) = (credit.month, card.from, asked.month);
        if credited >= month || credited < from {
            return Err(Fault::NotEarlier {
                credited,
                from,
                asked: month,
            });
        }
        let same = |other: &Credited| other.level == credit.level && other.month == credit.month;
        if asked.credited[..place].iter().any(same) {
            return Err(Fault::Twice {
                kind: "credit of a month for level",
                id: credit.level.clone(),
            });
        }
    }
    Ok(())
}

fn counts(price: &Price, per: Per) -> bool {
    !matches!(price, Price::Outcome(..)) && per != Per::Fixed
}

fn unknown_line(card: &RateCard, line: &str) -> Fault {
    let with = card
        .lines
        .iter()
        .filter(|line| counts(&line.price, line.per));
    Fault::UnknownLine {
        line: line.into(),
        known: listed(with.map(|line| line.id.as_str())),
    }
}

fn level_of(card: &RateCard, level: &str) -> Result<(), Fault> {
    let known = card
        .credits
        .iter()
        .flat_map(|rules| &rules.levels)
        .map(|level| level.id.as_str());
    match card.level(level) {
        Some(_) => Ok(()),
        None => Err(Fault::UnknownLevel {
            level: level.into(),
            known: listed(known),
        }),
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}
