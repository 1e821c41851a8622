//! The agreements of a tenant: every version, since when it counts, and which one governs a lane of a
//! party at an instant. Here is decided whether a version is taken in.
//!
//! A hop is measured under the version that counts when it arrives, a unit priced under the one that
//! counts when it is completed. A later version counts from its date, but never before it was known.

mod effects;
mod refusal;

pub use effects::effects;

use baton_journal::command::agreement::SetAgreement;
use baton_journal::event::agreement::{AgreementSet, governing};
use baton_journal::{Event, Rejection};
use baton_model::{Agreement, AgreementId, LaneId, Micros, PartyId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The agreements of a tenant, and what they may name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Agreements {
    client: Option<PartyId>,
    parties: BTreeSet<PartyId>,
    sites: BTreeMap<SiteId, PartyId>,
    lanes: BTreeSet<LaneId>,
    versions: Vec<AgreementSet>,
}

impl Agreements {
    /// Whether an event changes anything here.
    pub fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::TenantFounded { .. }
                | Event::PartyRegistered(_)
                | Event::SiteRegistered(_)
                | Event::PackDeployed { .. }
                | Event::AgreementSet(_)
        )
    }

    /// Folds an event.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::TenantFounded { client, .. } => self.client = Some(client.clone()),
            Event::PartyRegistered(party) => drop(self.parties.insert(party.id.clone())),
            Event::SiteRegistered(site) => {
                self.sites.insert(site.id.clone(), site.party.clone());
            }
            Event::PackDeployed { deployment, .. } => {
                let lanes = deployment.lanes.iter();
                self.lanes.extend(lanes.map(|lane| lane.id.clone()));
            }
            Event::AgreementSet(set) => self.versions.push(AgreementSet::clone(set)),
            _ => {}
        }
    }

    /// The version that governs a lane of a party at an instant. Of several versions of one agreement
    /// the last to begin counts.
    pub fn governing(&self, party: &PartyId, lane: &LaneId, at: Micros) -> Option<&AgreementSet> {
        governing(&self.versions, party, lane, at)
    }

    /// Takes a version in, or says why not.
    pub fn set(&self, asked: &SetAgreement, now: Micros) -> Result<AgreementSet, Rejection> {
        let agreement = &asked.agreement;
        self.known(agreement)?;
        let before: Vec<&AgreementSet> = self.of(&agreement.id).collect();
        if let Some(last) = before.last() {
            if last.agreement == *agreement {
                return Err(refusal::same(&agreement.id, last.version));
            }
            if last.agreement.provider != agreement.provider {
                return Err(refusal::other_provider(
                    &agreement.id,
                    &last.agreement.provider,
                ));
            }
        }
        self.alone(agreement)?;
        let first = before.is_empty();
        Ok(AgreementSet {
            agreement: agreement.clone(),
            version: before.len() as u32 + 1,
            from: if first {
                agreement.from
            } else {
                agreement.from.max(now)
            },
            text: asked.text.clone(),
        })
    }

    fn of(&self, id: &AgreementId) -> impl Iterator<Item = &AgreementSet> {
        self.versions
            .iter()
            .filter(move |set| set.agreement.id == *id)
    }

    /// All that an agreement names is there.
    fn known(&self, agreement: &Agreement) -> Result<(), Rejection> {
        if self.client.as_ref() != Some(&agreement.client) {
            return Err(refusal::other_client(&agreement.client));
        }
        let backup = agreement
            .continuity
            .iter()
            .map(|continuity| &continuity.backup);
        let mut parties = [&agreement.provider].into_iter().chain(backup);
        if let Some(party) = parties.find(|party| !self.parties.contains(*party)) {
            return Err(refusal::unknown("party", party.as_str()));
        }
        let mut sites = agreement.sites.iter();
        if let Some(site) = sites.find(|site| self.sites.get(*site) != Some(&agreement.provider)) {
            return Err(refusal::unknown("site of the provider", site.as_str()));
        }
        let mut lanes = agreement.lanes.iter().map(|agreed| &agreed.lane);
        match lanes.find(|lane| !self.lanes.contains(*lane)) {
            Some(lane) => Err(refusal::unknown("lane", lane.as_str())),
            None => Ok(()),
        }
    }

    /// No other agreement of the same party covers one of its lanes at the same time.
    fn alone(&self, agreement: &Agreement) -> Result<(), Rejection> {
        let last: BTreeMap<&AgreementId, &Agreement> = self
            .versions
            .iter()
            .map(|set| (&set.agreement.id, &set.agreement))
            .collect();
        let apart = |other: &Agreement| {
            let over = |one: &Agreement, from| one.until.is_some_and(|until| until <= from);
            over(other, agreement.from) || over(agreement, other.from)
        };
        for other in last.into_values() {
            let same = other.provider == agreement.provider && other.id != agreement.id;
            let mut lanes = agreement.lanes.iter().map(|agreed| &agreed.lane);
            let both = lanes.find(|lane| other.lane(lane).is_some());
            if let Some(lane) = both.filter(|_| same && !apart(other)) {
                return Err(refusal::covered(lane, &other.id));
            }
        }
        Ok(())
    }
}
