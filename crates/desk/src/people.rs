//! What the desk must know of workers: their party, lanes and roles; never their names.

use baton_journal::setup::Worker;
use baton_model::{LaneId, PartyId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The workers of a tenant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct People(BTreeMap<WorkerId, Person>);

/// A worker, as the desk sees one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Whose worker.
    pub party: PartyId,
    /// The lanes whose items the worker does.
    pub lanes: BTreeSet<LaneId>,
    /// Further roles.
    pub roles: BTreeSet<String>,
}

impl People {
    /// A worker.
    pub fn get(&self, worker: &WorkerId) -> Option<&Person> {
        self.0.get(worker)
    }

    /// Adds a worker, or what changed of one.
    pub fn add(&mut self, worker: &Worker) {
        let person = Person {
            party: worker.party.clone(),
            lanes: worker.lanes.clone(),
            roles: worker.roles.clone(),
        };
        self.0.insert(worker.id.clone(), person);
    }
}
