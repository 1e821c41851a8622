//! The lines of a card: what each kind must say, and steps that leave no gap and do not overlap.

use super::Findings;
use super::file::{
    BandsEntry, CountWord, LineEntry, OutcomeEntry, PerWord, StepEntry, TierWord, TiersEntry,
};
use super::number::{VOLUME_DIGITS, percent, plain};
use crate::Fault;
use crate::card::{Bands, CardLine, Count, Per, Price, Step, TierRule};
use crate::outcome::OutcomeRule;
use baton_model::{Currency, Decimal, PartyId, WallTime};

const NUMBER: &str = "volume; write digits with a point and at most four decimals, not below 0 and at most 1000000000, like \"1250\"";
const UP: &str = "write steps upwards, each ending above the one before it and above the band";
const DOWN: &str = "write steps downwards, each ending below the one before it and below the band";

/// One line.
pub(super) fn line(
    entry: &LineEntry,
    currency: Currency,
    findings: &mut Findings<'_>,
) -> Option<CardLine> {
    let (id, name) = (findings.id(&entry.id), findings.name(&entry.name));
    let price = price(entry, currency, findings);
    Some(CardLine {
        id: id?,
        name: name?,
        per: match entry.per {
            PerWord::Unit => Per::Unit,
            PerWord::Hour => Per::Hour,
            PerWord::Minute => Per::Minute,
            PerWord::Fte => Per::Fte,
            PerWord::Fixed => Per::Fixed,
            PerWord::Outcome => Per::Outcome,
        },
        pass_through: entry.pass_through,
        price: price?,
    })
}

fn price(entry: &LineEntry, currency: Currency, findings: &mut Findings<'_>) -> Option<Price> {
    let rule = match (
        entry.per,
        &entry.price,
        &entry.tiers,
        &entry.bands,
        &entry.outcome,
    ) {
        (PerWord::Outcome, Some(price), None, None, Some(outcome)) => {
            let price = findings.price(price, currency);
            return Some(Price::Outcome(price?, outcome_rule(outcome, findings)?));
        }
        (PerWord::Outcome, ..) => {
            "an outcome has a price and [line.outcome] with paid, silence-days and reopen-days"
        }
        (.., Some(_)) => {
            "only a line per outcome has [line.outcome]; write per = \"outcome\", or take it away"
        }
        (PerWord::Fixed, Some(price), None, None, None) => {
            return findings.amount(price, currency).map(Price::Each);
        }
        (PerWord::Fixed, ..) => "a fixed line has a price, and neither tiers nor bands",
        (_, Some(price), None, None, None) => {
            return findings.price(price, currency).map(Price::Each);
        }
        (_, None, Some(entry_of), None, None) => return tiers(entry, entry_of, currency, findings),
        (_, Some(price), None, Some(bands_of), None) => {
            let price = findings.amount(price, currency);
            return bands(entry, bands_of, (price?, currency), findings);
        }
        _ => "write one of: a price; [line.tiers]; a price of the baseline with [line.bands]",
    };
    let line = entry.id.get_ref().clone();
    findings.at(entry.id.span(), &Fault::Kind { line, rule });
    None
}

fn outcome_rule(entry: &OutcomeEntry, findings: &mut Findings<'_>) -> Option<OutcomeRule> {
    let days = |days: u16| WallTime::hours(i64::from(days) * 24);
    Some(OutcomeRule {
        paid: PartyId::new(&findings.id(&entry.paid)?),
        silence: entry.silence_days.map(days),
        reopen: days(entry.reopen_days),
    })
}

fn tiers(
    line: &LineEntry,
    entry: &TiersEntry,
    currency: Currency,
    findings: &mut Findings<'_>,
) -> Option<Price> {
    let rule = match entry.rule {
        TierWord::Graduated => TierRule::Graduated,
        TierWord::Whole => TierRule::Whole,
    };
    let run = Run {
        name: "tiers",
        line,
        order: UP,
        up: true,
        from: Decimal::ZERO,
    };
    let tiers = run.steps(&entry.steps, currency, findings)?;
    Some(Price::Tiers { rule, tiers })
}

fn bands(
    line: &LineEntry,
    entry: &BandsEntry,
    (price, currency): (Decimal, Currency),
    findings: &mut Findings<'_>,
) -> Option<Price> {
    const BAND: &str =
        "band; write a percentage between 0 and 100 with at most two decimals, like \"10 %\"";
    let baseline = plain(entry.baseline.get_ref(), VOLUME_DIGITS);
    let baseline = findings.some(baseline, &entry.baseline, NUMBER);
    let band = findings.some(percent(entry.band.get_ref(), 100), &entry.band, BAND);
    let (baseline, band) = (baseline?, band?);
    let low = (baseline * (Decimal::ONE - band)).normalize();
    let high = (baseline * (Decimal::ONE + band)).normalize();
    let arc = Run {
        name: "arc",
        line,
        order: UP,
        up: true,
        from: high,
    };
    let rrc = Run {
        name: "rrc",
        line,
        order: DOWN,
        up: false,
        from: low,
    };
    let arc = arc.steps(&entry.arc, currency, findings);
    let rrc = rrc.steps(&entry.rrc, currency, findings);
    let count = match entry.count {
        CountWord::Edge => Count::Edge,
        CountWord::Baseline => Count::Baseline,
    };
    Some(Price::Bands(Bands {
        price,
        baseline,
        low,
        high,
        count,
        arc: arc?,
        rrc: rrc?,
    }))
}

/// Steps that follow each other in one direction.
struct Run<'a> {
    name: &'static str,
    line: &'a LineEntry,
    order: &'static str,
    up: bool,
    from: Decimal,
}

impl Run<'_> {
    fn steps(
        &self,
        entries: &[StepEntry],
        currency: Currency,
        findings: &mut Findings<'_>,
    ) -> Option<Vec<Step>> {
        let (mut before, mut steps) = (self.from, Vec::new());
        let open = || Fault::Open(self.name, self.line.id.get_ref().clone());
        if entries.is_empty() {
            findings.at(self.line.id.span(), &open());
            return None;
        }
        for (place, entry) in entries.iter().enumerate() {
            let price = findings.price(&entry.price, currency);
            if entry.to.is_some() == (place + 1 == entries.len()) {
                findings.at(entry.price.span(), &open());
            }
            let edge = match &entry.to {
                Some(text) => {
                    Some(findings.some(plain(text.get_ref(), VOLUME_DIGITS), text, NUMBER)?)
                }
                None => None,
            };
            if let (Some(edge), Some(text)) = (edge, &entry.to) {
                if (self.up && edge <= before) || (!self.up && edge >= before) {
                    let (edge, before) = (text.get_ref().clone(), before.to_string());
                    findings.at(
                        text.span(),
                        &Fault::Overlap {
                            edge,
                            before,
                            order: self.order,
                        },
                    );
                }
                before = edge;
            }
            steps.push(Step {
                edge,
                price: price?,
            });
        }
        Some(steps)
    }
}
