//! Rate cards: TOML in, a checked [`RateCard`] or positioned diagnostics out.
//!
//! It checks what the text says by itself. Whether the lanes and levels it names exist in an agreement is for
//! whoever joins the two.

mod credits;
mod file;
mod lines;
pub mod number;
pub mod outcomes;

use crate::Fault;
use crate::card::{Half, Index, Over, RateCard};
use baton_formats::xml::Lines;
use baton_model::calendar::zone;
use baton_model::{Currency, Decimal, Diagnostic, Month};
use file::{CardFile, HalfWord, IndexEntry, OverWord, Text};
use number::{PRICE_DIGITS, plain};
use std::collections::BTreeSet;
use std::ops::Range;

/// Reads a rate card.
///
/// # Errors
/// Every [`Diagnostic`] with its line and column.
pub fn read(text: &str) -> Result<RateCard, Vec<Diagnostic>> {
    let mut findings = Findings::of(text);
    let file: CardFile = findings.toml(text)?;
    let card = card(&file, &mut findings);
    match (card, findings.found) {
        (Some(card), found) if found.is_empty() => Ok(card),
        (_, found) => Err(found),
    }
}

/// Findings being collected, by their span.
struct Findings<'a> {
    lines: Lines<'a>,
    found: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            lines: Lines::of(text),
            found: Vec::new(),
        }
    }

    /// The file as it is written.
    fn toml<T: serde::de::DeserializeOwned>(&mut self, text: &str) -> Result<T, Vec<Diagnostic>> {
        toml::from_str(text).map_err(|error| {
            let place = error.span().unwrap_or_default();
            self.at(place, &Fault::Toml(error.message().into()));
            std::mem::take(&mut self.found)
        })
    }

    fn at(&mut self, span: Range<usize>, fault: &Fault) {
        let (line, column) = self.lines.position(span.start);
        self.found.push(Diagnostic::at(
            fault.code(),
            line,
            column,
            fault.to_string(),
        ));
    }

    /// The value of a text, or a note that it has not its form.
    fn some<T>(&mut self, value: Option<T>, text: &Text, what: &'static str) -> Option<T> {
        if value.is_none() {
            let fault = Fault::Form {
                text: text.get_ref().clone(),
                what,
            };
            self.at(text.span(), &fault);
        }
        value
    }

    /// An id that arguments can name.
    fn id(&mut self, text: &Text) -> Option<String> {
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
        let id = text.get_ref();
        let sound = !id.is_empty() && id.len() <= 40 && id.chars().all(plain);
        let what = "id; write letters, digits, dots and dashes, like verify-invoices";
        self.some(sound.then(|| id.clone()), text, what)
    }

    /// A name that a terminal and an invoice can show.
    fn name(&mut self, text: &Text) -> Option<String> {
        let name = text.get_ref();
        let sound = !name.trim().is_empty()
            && name.chars().count() <= 120
            && !name.chars().any(char::is_control);
        let what = "name; write up to 120 characters on one line, without control characters";
        self.some(sound.then(|| name.clone()), text, what)
    }

    fn unique<'t>(&mut self, kind: &'static str, ids: impl Iterator<Item = &'t Text>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id.get_ref()) {
                let twice = Fault::Twice {
                    kind,
                    id: id.get_ref().clone(),
                };
                self.at(id.span(), &twice);
            }
        }
    }

    /// A price, with or without the card's currency before it.
    fn price(&mut self, text: &Text, currency: Currency) -> Option<Decimal> {
        let written = text.get_ref().as_str();
        let number = match written.split_once(' ') {
            Some((code, number)) if Currency::parse(code) == Some(currency) => number,
            Some((code, _)) if Currency::parse(code).is_some() => {
                let (text_of, card) = (written.to_owned(), currency);
                self.at(
                    text.span(),
                    &Fault::OtherCurrency {
                        text: text_of,
                        card,
                    },
                );
                return None;
            }
            _ => written,
        };
        let what = "price; write digits with a point and at most six decimals, not below 0 and at most 1000000000, like \"3.90\"";
        self.some(plain(number, PRICE_DIGITS), text, what)
    }

    /// An amount, which has no more decimals than its currency.
    fn amount(&mut self, text: &Text, currency: Currency) -> Option<Decimal> {
        let amount = self.price(text, currency)?;
        if amount.scale() > currency.digits() {
            let text_of = text.get_ref().clone();
            self.at(
                text.span(),
                &Fault::Digits {
                    text: text_of,
                    currency,
                },
            );
        }
        Some(amount)
    }
}

fn card(file: &CardFile, findings: &mut Findings<'_>) -> Option<RateCard> {
    let (id, name) = (findings.id(&file.id), findings.name(&file.name));
    let what = "currency; write its ISO 4217 code, like EUR";
    let currency = findings.some(
        Currency::parse(file.currency.get_ref()),
        &file.currency,
        what,
    );
    let what = "month; write year and month, like 2026-11";
    let from = findings.some(Month::parse(file.from.get_ref()), &file.from, what);
    if let Err(error) = zone(file.id.get_ref(), file.zone.get_ref()) {
        let said = error.to_string().replace("calendar `", "rate card `");
        findings.at(file.zone.span(), &Fault::Zone(said));
    }
    if file.line.is_empty() {
        findings.at(0..0, &Fault::NoLine);
    }
    findings.unique("line", file.line.iter().map(|line| &line.id));
    let currency = currency?;
    let lines: Vec<_> = file
        .line
        .iter()
        .map(|entry| lines::line(entry, currency, findings))
        .collect();
    let minimum = file
        .minimum
        .as_ref()
        .map(|text| findings.amount(text, currency));
    let credits = file
        .credits
        .as_ref()
        .map(|entry| credits::rules(entry, findings));
    Some(RateCard {
        id: id?,
        name: name?,
        currency,
        zone: file.zone.get_ref().clone(),
        from: from?,
        half: half(file.rounding.half),
        over: match file.rounding.over {
            OverWord::Line => Over::Line,
            OverWord::Total => Over::Total,
        },
        indices: indices(&file.index, findings)?,
        lines: lines.into_iter().collect::<Option<_>>()?,
        minimum: minimum.map_or(Some(None), |found| found.map(Some))?,
        credits: credits.map_or(Some(None), |found| found.map(Some))?,
    })
}

fn half(word: HalfWord) -> Half {
    match word {
        HalfWord::Up => Half::Up,
        HalfWord::Even => Half::Even,
    }
}

fn indices(entries: &[IndexEntry], findings: &mut Findings<'_>) -> Option<Vec<Index>> {
    const FROM: &str = "date of an index; write the first day of a month, like 2027-01-01";
    const FACTOR: &str =
        "factor; write digits with a point, above 0 and at most 100, like \"1.031\"";
    let mut indices: Vec<Index> = Vec::new();
    for entry in entries {
        let month = entry
            .from
            .get_ref()
            .strip_suffix("-01")
            .and_then(Month::parse);
        let from = findings.some(month, &entry.from, FROM);
        let factor = plain(entry.factor.get_ref(), PRICE_DIGITS)
            .filter(|factor| !factor.is_zero() && *factor <= Decimal::ONE_HUNDRED);
        let factor = findings.some(factor, &entry.factor, FACTOR);
        let digits = *entry.digits.get_ref();
        if digits > PRICE_DIGITS {
            let what = "number of decimals; write one from 0 to 6";
            findings.at(
                entry.digits.span(),
                &Fault::Form {
                    text: digits.to_string(),
                    what,
                },
            );
        }
        let (from, factor) = (from?, factor?);
        if indices.last().is_some_and(|before| from <= before.from) {
            findings.at(entry.from.span(), &Fault::IndexOrder(from));
        }
        indices.push(Index {
            from,
            factor,
            digits,
            half: half(entry.half),
        });
    }
    Some(indices)
}
