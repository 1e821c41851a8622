//! Agreements in sight: a provider's own, all for the client.

use super::{Reader, ViewError, int};
use crate::granted;
use baton_journal::EventName;
pub use baton_journal::event::agreement::AgreementSet;
use baton_journal::store::Row;
use baton_measure::measured::agreement_of;
use baton_model::agreement::AgreedLane;
use baton_model::{Agreement, AgreementId, LaneId, Micros, Scope};
use std::collections::BTreeMap;

const ALL: &str = "select agreement, version, provider, from_at, at, n, i, body, text from agreement \
    where tenant = $1 order by agreement, version";

const OWN: &str = "select agreement, version, provider, from_at, at, n, i, body, text from agreement \
    where tenant = $1 and provider = $2 order by agreement, version";

/// A version of an agreement, and how it became known.
#[derive(Clone, Debug)]
pub struct Known {
    /// The version.
    pub set: AgreementSet,
    /// When it became known.
    pub at: Micros,
    /// By which event.
    pub name: EventName,
}

/// Every version of every agreement, in order: for the shell.
pub(crate) fn all(reader: &Reader<'_>) -> Result<Vec<Known>, ViewError> {
    reader.rows(ALL, &[])?.iter().map(known).collect()
}

/// The versions in sight, in order.
pub fn in_sight(reader: &Reader<'_>, scope: &Scope) -> Result<Vec<Known>, ViewError> {
    if scope.client {
        return all(reader);
    }
    let rows = reader.rows(OWN, &[scope.party.as_str().into()])?;
    rows.iter().map(known).collect()
}

fn known(row: &Row) -> Result<Known, ViewError> {
    let set = agreement_of(row).ok_or_else(|| ViewError::Unsound {
        what: "an agreement".into(),
        reason: "a row is not as declared".into(),
    })?;
    Ok(Known {
        set,
        at: Micros(int(row, 4)),
        name: EventName {
            n: int(row, 5),
            i: u32::try_from(int(row, 6)).unwrap_or_default(),
        },
    })
}

/// The versions that count in a stretch, by agreement, in the order in which they begin.
pub fn counting(
    known: &[Known],
    span: impl Fn(&AgreementSet) -> baton_model::calendar::Interval,
) -> BTreeMap<AgreementId, Vec<&AgreementSet>> {
    let mut terms: BTreeMap<AgreementId, Vec<&AgreementSet>> = BTreeMap::new();
    for Known { set, .. } in known {
        let (span, agreement) = (span(set), &set.agreement);
        let begun = set.from < span.until;
        let running = agreement.until.is_none_or(|until| span.from < until);
        let versions = terms.entry(agreement.id.clone()).or_default();
        if begun && running {
            // A version that was replaced before the stretch says nothing in it.
            if set.from <= span.from {
                versions.clear();
            }
            versions.push(set);
        }
    }
    terms.retain(|_, versions| !versions.is_empty());
    terms
}

/// The fields that lanes show under the deployed packs and an agreement does not grant, by lane.
pub fn wider(
    reader: &Reader<'_>,
    agreement: &Agreement,
) -> Result<Vec<(LaneId, Vec<String>)>, ViewError> {
    let grants = granted::lane_grants(reader.app(), reader.tenant())?;
    let covers = |granted: &String, field: &String| match granted.strip_suffix('*') {
        Some(prefix) => field.starts_with(prefix),
        None => granted == field,
    };
    // A list that is left out says nothing, and to the own team an agreement narrows nothing.
    let says = |lane: &&AgreedLane| !lane.read.is_empty() && !agreement.own_team();
    let lanes = agreement.lanes.iter().filter(says).filter_map(|lane| {
        let shown = &grants.get(&lane.lane)?.read;
        let more = shown.iter().filter(|field| {
            let mut granted = lane.read.iter();
            !granted.any(|granted| covers(granted, field))
        });
        let more: Vec<String> = more.cloned().collect();
        (!more.is_empty()).then(|| (lane.lane.clone(), more))
    });
    Ok(lanes.collect())
}
