//! A lane's counts: between which parties how many cases were drawn since the lane last changed. One
//! slot a lane; each version of the lane begins a new count, so a party that comes back is not flooded.

use crate::split::Count;
use baton_model::PartyId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The counts of a version of a lane, by the parties that could take the case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    epoch: u32,
    sets: BTreeMap<String, Count>,
}

impl Counts {
    /// The count between these parties in a version of the lane.
    pub(crate) fn of(&self, epoch: u32, eligible: &[PartyId]) -> Count {
        let count = self.sets.get(&name(eligible));
        let count = count.filter(|_| self.epoch == epoch);
        count.cloned().unwrap_or_default()
    }

    /// Counts a case.
    pub(crate) fn add(&mut self, epoch: u32, eligible: &[PartyId], party: &PartyId) {
        if self.epoch != epoch {
            (self.epoch, self.sets) = (epoch, BTreeMap::new());
        }
        self.sets.entry(name(eligible)).or_default().add(party);
    }
}

fn name(eligible: &[PartyId]) -> String {
    let names: Vec<&str> = eligible.iter().map(PartyId::as_str).collect();
    names.join("+")
}
