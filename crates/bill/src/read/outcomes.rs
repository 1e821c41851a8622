//! Facts of outcomes from TOML: one `[[outcome]]` each, instants in RFC 3339.

use super::Findings;
use super::file::Text;
use crate::Fault;
use crate::outcome::Outcome;
use baton_model::{Diagnostic, Micros, PartyId};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    #[serde(default)]
    outcome: Vec<FactsEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsEntry {
    id: Text,
    reached: Text,
    told: Option<SaidEntry>,
    confirmed: Option<SaidEntry>,
    objected: Option<Text>,
    reopened: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidEntry {
    party: Text,
    at: Text,
}

/// Reads the facts of outcomes.
///
/// # Errors
/// Every [`Diagnostic`] with its line and column.
pub fn read(text: &str) -> Result<Vec<Outcome>, Vec<Diagnostic>> {
    let mut findings = Findings::of(text);
    let file: FactsFile = findings.toml(text)?;
    findings.unique("outcome", file.outcome.iter().map(|entry| &entry.id));
    let outcomes: Vec<_> = file
        .outcome
        .iter()
        .map(|entry| outcome(entry, &mut findings))
        .collect();
    match (outcomes.into_iter().collect(), findings.found) {
        (Some(outcomes), found) if found.is_empty() => Ok(outcomes),
        (_, found) => Err(found),
    }
}

fn outcome(entry: &FactsEntry, findings: &mut Findings<'_>) -> Option<Outcome> {
    let reached = instant(&entry.reached, findings)?;
    let later = |text: &Option<Text>, findings: &mut Findings<'_>| match text {
        Some(text) => after(text, reached, findings).map(Some),
        None => Some(None),
    };
    let (objected, reopened) = (
        later(&entry.objected, findings),
        later(&entry.reopened, findings),
    );
    let said = |said: &Option<SaidEntry>, findings: &mut Findings<'_>| match said {
        Some(said) => {
            let at = after(&said.at, reached, findings)?;
            Some(Some((PartyId::new(&findings.id(&said.party)?), at)))
        }
        None => Some(None),
    };
    let (told, confirmed) = (
        said(&entry.told, findings),
        said(&entry.confirmed, findings),
    );
    Some(Outcome {
        id: findings.id(&entry.id)?,
        reached,
        told: told?,
        confirmed: confirmed?,
        objected: objected?,
        reopened: reopened?,
    })
}

fn instant(text: &Text, findings: &mut Findings<'_>) -> Option<Micros> {
    const WHAT: &str = "instant; write it with its offset, like 2026-11-03T10:00:00Z";
    let stamp = text.get_ref().parse::<jiff::Timestamp>().ok();
    let at = stamp.map(|stamp| Micros(stamp.as_microsecond()));
    findings.some(at, text, WHAT)
}

/// An instant that cannot lie before the outcome was reached.
fn after(text: &Text, reached: Micros, findings: &mut Findings<'_>) -> Option<Micros> {
    let at = instant(text, findings)?;
    if at < reached {
        let what = "instant after the outcome was reached; correct one of the two";
        findings.at(
            text.span(),
            &Fault::Form {
                text: text.get_ref().clone(),
                what,
            },
        );
    }
    Some(at)
}
