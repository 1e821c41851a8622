//! Sight: which party sees which case and work item. A provider sees the work items of the lanes given
//! to it and their cases; the client sees every case.
//!
//! Folded per case from `CaseStarted` and `ItemAllocated`, and written to the view `sight`, which every
//! query joins. What of a case's fields is shown is `mask`'s business.

use baton_model::{LaneId, PartyId, Scope, WorkItemId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who holds which work item of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSight {
    /// The work items.
    pub items: BTreeMap<WorkItemId, Holding>,
}

/// A work item's lane and party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The lane.
    pub lane: LaneId,
    /// The party it is given to.
    pub party: PartyId,
    /// The party it was taken from with the last allocation.
    pub left: Option<PartyId>,
}

impl CaseSight {
    /// Gives an item to a party.
    pub(crate) fn give(&mut self, item: &WorkItemId, lane: &LaneId, party: &PartyId) {
        let was = self.items.get(item).map(|was| was.party.clone());
        let holding = Holding {
            lane: lane.clone(),
            party: party.clone(),
            left: was.filter(|was| was != party),
        };
        self.items.insert(item.clone(), holding);
    }

    /// The lanes of the case at a party.
    pub fn lanes<'a>(&'a self, party: &'a PartyId) -> impl Iterator<Item = &'a LaneId> {
        let own = self.items.values().filter(move |item| item.party == *party);
        own.map(|item| &item.lane)
            .collect::<BTreeSet<_>>()
            .into_iter()
    }

    /// Whether a worker sees the case at all.
    pub fn seen_by(&self, scope: &Scope) -> bool {
        scope.client
            || self
                .lanes(&scope.party)
                .any(|lane| scope.lanes.contains(lane))
    }

    /// Whether a worker sees a work item.
    pub fn item_seen_by(&self, scope: &Scope, item: &WorkItemId) -> bool {
        self.items
            .get(item)
            .is_some_and(|holding| scope.client || holding.workable_by(scope))
    }
}

impl Holding {
    /// Whether a worker may do the item, as far as party and lane go.
    pub fn workable_by(&self, scope: &Scope) -> bool {
        self.party == scope.party && scope.lanes.contains(&self.lane)
    }
}

/// The condition under which a case is in sight: append it to a query's `where`. `alias` is the table
/// that has `tenant` and `case_id`; `party` and `worker` are the numbers of the parameters that hold
/// the scope's. Two texts, one per kind of sight; never an `or`.
pub fn case_condition(scope: &Scope, alias: &str, party: usize, worker: usize) -> String {
    condition(scope, alias, party, worker, "''")
}

/// The same for a table that has `item` too: a work item is in sight.
pub fn item_condition(scope: &Scope, alias: &str, party: usize, worker: usize) -> String {
    condition(scope, alias, party, worker, &format!("{alias}.item"))
}

/// The condition under which an open work item stands in the worker's own queues: at the own party, in one
/// of the own lanes. That it stands there is its sight: the same allocation writes both. `alias` is the table
/// of work items, the tenant is the first parameter.
pub fn queue_condition(alias: &str, party: usize, worker: usize) -> String {
    format!(
        "{alias}.party = ${party} and {alias}.lane in (select does.lane from worker_lane does \
         where does.tenant = $1 and does.worker = ${worker})"
    )
}

fn condition(scope: &Scope, alias: &str, party: usize, worker: usize, item: &str) -> String {
    let join = format!(
        "own.tenant = {alias}.tenant and own.party = ${party} and own.case_id = {alias}.case_id"
    );
    if scope.client {
        // The worker's parameter is named so that both texts take the same parameters.
        return format!(
            "exists (select 1 from sight own where {join} and own.lane = '' and own.item = '' \
             and cast(${worker} as text) <> '')"
        );
    }
    format!(
        "exists (select 1 from sight own join worker_lane does on does.tenant = own.tenant \
         and does.lane = own.lane where {join} and own.item = {item} and does.worker = ${worker})"
    )
}
