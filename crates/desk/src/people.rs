//! What the desk must know of workers and lanes: a worker's party, lanes, roles, skills; what a lane asks
//! of its workers. Never a name.

use baton_journal::people::Able;
use baton_journal::setup::{Deployment, LaneSetting, Worker};
use baton_model::{LaneId, PartyId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The workers of a tenant, and what its lanes ask.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct People {
    client: Option<PartyId>,
    workers: BTreeMap<WorkerId, Person>,
    lanes: BTreeMap<LaneId, Asks>,
}

/// A worker, as the desk sees one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Whose worker.
    pub party: PartyId,
    /// The lanes whose items the worker does.
    pub lanes: BTreeSet<LaneId>,
    /// Further roles.
    pub roles: BTreeSet<String>,
    /// Skills, languages, clearances.
    pub able: Able,
}

/// What a lane asks of the workers who do its items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asks {
    able: Able,
    language: Option<String>,
}

impl Person {
    /// Whether the worker leads those of the party.
    pub(crate) fn leads(&self) -> bool {
        self.roles.contains(crate::shift::TEAM_LEADER)
    }
}

impl People {
    /// Whose tenant it is.
    pub(crate) fn client(&self) -> Option<&PartyId> {
        self.client.as_ref()
    }

    /// Notes whose tenant it is.
    pub(crate) fn found(&mut self, client: &PartyId) {
        self.client = Some(client.clone());
    }

    /// A worker.
    pub fn get(&self, worker: &WorkerId) -> Option<&Person> {
        self.workers.get(worker)
    }

    /// Adds a worker, or what changed of one.
    pub fn add(&mut self, worker: &Worker) {
        let person = Person {
            party: worker.party.clone(),
            lanes: worker.lanes.clone(),
            roles: worker.roles.clone(),
            able: worker.able.clone(),
        };
        self.workers.insert(worker.id.clone(), person);
    }

    /// Takes up what the lanes of a pack ask.
    pub(crate) fn deploy(&mut self, pack: &Deployment) {
        for lane in &pack.lanes {
            let LaneSetting { asks, language, .. } = lane;
            if asks.is_empty() && language.is_none() {
                self.lanes.remove(&lane.id);
            } else {
                let asks = Asks {
                    able: asks.clone(),
                    language: language.clone(),
                };
                self.lanes.insert(lane.id.clone(), asks);
            }
        }
    }

    /// Whether a lane asks for the language that a field names.
    pub(crate) fn reads(&self, field: &str) -> bool {
        let mut lanes = self.lanes.values();
        lanes.any(|asks| asks.language.as_deref() == Some(field))
    }

    /// What a new item of a lane asks, with the language of its case.
    pub(crate) fn asked(&self, lane: &LaneId, spoken: &BTreeMap<String, String>) -> Able {
        let Some(asks) = self.lanes.get(lane) else {
            return Able::default();
        };
        let mut able = asks.able.clone();
        let field = asks.language.as_ref();
        able.languages.extend(
            field
                .and_then(|field| spoken.get(field))
                .filter(|it| !it.is_empty())
                .cloned(),
        );
        able
    }
}
