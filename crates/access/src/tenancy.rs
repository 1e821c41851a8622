//! The set-up of a tenant as this room keeps it: parties, sites, workers and what lanes may read and
//! write. Names and addresses of workers are not here; their sealed cells lie in the view `worker`.
//!
//! Folded from set-up events; read by `guard`, `reveal` and `sight`.

use crate::grants::{Grant, Grants};
use crate::terms::Terms;
use baton_journal::Event;
use baton_journal::event::agreement::AgreementSet;
use baton_journal::setup::{Deployment, Party, Share, Worker};
use baton_model::{LaneId, PartyId, Scope, SiteId, TenantId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The role of those who set a tenant up.
pub const ADMINISTRATOR: &str = "administrator";
/// The role of those who lead a party's workers.
const TEAM_LEADER: &str = "team-leader";
/// The role of those of the client who decide which party runs which lane.
pub const VENDOR_MANAGER: &str = "vendor-manager";

/// A tenant's set-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenancy {
    /// Whose data it is, once the tenant began.
    pub client: Option<PartyId>,
    /// The parties.
    pub parties: BTreeMap<PartyId, Party>,
    /// The sites and whose they are.
    pub sites: BTreeMap<SiteId, PartyId>,
    /// The workers.
    pub workers: BTreeMap<WorkerId, Person>,
    /// What each lane may read and write, and who runs it.
    pub grants: Grants,
    /// What agreements leave of it.
    pub terms: Terms,
}

/// A worker without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Whose worker.
    pub party: PartyId,
    /// The lanes whose work items the worker does.
    pub lanes: BTreeSet<LaneId>,
    /// What the worker may do beyond that.
    pub roles: BTreeSet<String>,
    /// Lanes the worker did before and does no more: their rows are deleted.
    pub left: BTreeSet<LaneId>,
    /// Whether the worker ever signed in.
    pub entered: bool,
}

impl Tenancy {
    /// Whether a party is the client.
    pub fn is_client(&self, party: &PartyId) -> bool {
        self.client.as_ref() == Some(party)
    }

    /// Whether a worker may set the tenant up.
    pub fn is_administrator(&self, person: &Person) -> bool {
        self.is_client(&person.party) && person.roles.contains(ADMINISTRATOR)
    }

    /// Whether a person lets workers of the own party in: an administrator or a team leader of it; of the
    /// client an administrator.
    pub fn invites(&self, person: &Person) -> bool {
        let own = [ADMINISTRATOR, TEAM_LEADER];
        let own = own.iter().any(|role| person.roles.contains(*role));
        self.is_administrator(person) || (own && !self.is_client(&person.party))
    }

    /// Whether a party has somebody who lets its workers in and has been here.
    pub fn looks_after_itself(&self, party: &PartyId) -> bool {
        let mut own = self
            .workers
            .values()
            .filter(|person| person.party == *party);
        own.any(|person| person.entered && self.invites(person))
    }

    /// Whether a person decides who runs which lane.
    pub fn is_vendor_manager(&self, person: &Person) -> bool {
        let role = person.roles.contains(VENDOR_MANAGER);
        self.is_administrator(person) || (self.is_client(&person.party) && role)
    }

    /// What a worker may see.
    pub(crate) fn scope(&self, tenant: &TenantId, worker: &WorkerId) -> Option<Scope> {
        let person = self.workers.get(worker)?;
        Some(Scope::issue(
            tenant.clone(),
            person.party.clone(),
            worker.clone(),
            person.lanes.clone(),
            self.is_client(&person.party),
        ))
    }

    /// Folds a set-up event.
    pub(crate) fn fold(&mut self, event: &Event) {
        match event {
            Event::TenantFounded { client, .. } => self.client = Some(client.clone()),
            Event::PartyRegistered(party) => {
                self.parties.insert(party.id.clone(), party.clone());
            }
            Event::SiteRegistered(site) => {
                self.sites.insert(site.id.clone(), site.party.clone());
            }
            Event::WorkerRegistered(worker) => self.register(worker),
            Event::PackDeployed { deployment, .. } => self.deploy(deployment),
            Event::LaneGiven { lane, party, .. } => {
                let runs = BTreeSet::from([party.clone()]);
                self.grants.give(lane, party, runs);
            }
            Event::LaneShared(now) => self.share(&now.lane, &now.shares),
            Event::AgreementSet(set) => self.terms.add(AgreementSet::clone(set)),
            Event::SessionOpened(opened) => {
                if let Some(person) = self.workers.get_mut(&opened.worker) {
                    person.entered = true;
                }
            }
            _ => {}
        }
    }

    fn register(&mut self, worker: &Worker) {
        let before = self.workers.get(&worker.id);
        let lanes = before
            .into_iter()
            .flat_map(|was| was.lanes.union(&was.left));
        let left = lanes.filter(|lane| !worker.lanes.contains(*lane));
        let person = Person {
            left: left.cloned().collect(),
            party: worker.party.clone(),
            lanes: worker.lanes.clone(),
            roles: worker.roles.clone(),
            entered: before.is_some_and(|was| was.entered),
        };
        self.workers.insert(worker.id.clone(), person);
    }

    /// The client reads what its own lanes may read: a lane it has a share of is its own.
    fn share(&mut self, lane: &LaneId, shares: &[Share]) {
        let runs = shares.iter().filter(|share| share.basis_points > 0);
        let runners = runs.clone().map(|share| share.party.clone()).collect();
        let most = runs.max_by_key(|share| (self.is_client(&share.party), share.basis_points));
        if let Some(share) = most {
            self.grants.give(lane, &share.party, runners);
        }
    }

    fn deploy(&mut self, deployment: &Deployment) {
        for lane in &deployment.lanes {
            self.grants.deploy(Grant::of(lane));
        }
    }
}
