//! What happens to agreements.

use baton_model::{Agreement, AgreementId, LaneId, Micros, PartyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A version of an agreement is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementSet {
    /// What it says.
    pub agreement: Agreement,
    /// Its version, counted per agreement from 1.
    pub version: u32,
    /// From when on it counts: its date; of a later version not before the instant it became known, so
    /// that nothing measured is rewritten.
    pub from: Micros,
    /// The text it was read from, unchanged.
    pub text: String,
}

/// The version that governs a lane of a party at an instant. Of several versions of one agreement the last
/// to begin counts.
pub fn governing<'a>(
    versions: &'a [AgreementSet],
    party: &PartyId,
    lane: &LaneId,
    at: Micros,
) -> Option<&'a AgreementSet> {
    let mut own: Vec<&AgreementSet> = versions.iter().collect();
    own.retain(|set| set.agreement.provider == *party && set.from <= at);
    own.sort_by_key(|set| (set.from, set.version));
    let latest: BTreeMap<&AgreementId, &AgreementSet> = own
        .into_iter()
        .map(|set| (&set.agreement.id, set))
        .collect();
    let mut covering = latest.into_values().filter(|set| {
        let running = set.agreement.until.is_none_or(|until| at < until);
        running && set.agreement.lane(lane).is_some()
    });
    covering.next()
}
