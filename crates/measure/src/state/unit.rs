//! A unit of work: a work item that was completed. It is accepted unless it is returned, that is, unless
//! the case comes back into its lane after another party had it in a later one.

use super::Hop;
use baton_journal::EventName;
use baton_model::{LaneId, Micros, PartyId, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};

/// A completed work item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The item.
    pub item: WorkItemId,
    /// The hop it was completed in.
    pub hop: u32,
    /// Its lane.
    pub lane: LaneId,
    /// Whose work it was.
    pub party: PartyId,
    /// Who completed it, if a worker did.
    pub worker: Option<WorkerId>,
    /// The event by which it was completed.
    pub done: EventName,
    /// When.
    pub at: Micros,
    /// Whether it did again what had been returned.
    pub rework: bool,
    /// The event by which it was returned, and when.
    pub returned: Option<(EventName, Micros)>,
}

impl Unit {
    /// A unit that was completed in a hop.
    pub fn done(
        item: &WorkItemId,
        hop: &Hop,
        worker: Option<WorkerId>,
        name: EventName,
        at: Micros,
    ) -> Self {
        Self {
            item: item.clone(),
            hop: hop.number,
            lane: hop.lane.clone(),
            party: hop.party.clone(),
            worker,
            done: name,
            at,
            rework: hop.rework,
            returned: None,
        }
    }

    /// It is returned.
    pub fn come_back(&mut self, name: EventName, at: Micros) {
        self.returned = Some((name, at));
    }

    /// The event that last changed it.
    pub fn changed(&self) -> EventName {
        self.returned.map_or(self.done, |(name, _)| name)
    }
}
