//! What happens to work that client programs do: leases made longer, and the items of services that bots
//! pull.

use baton_model::{CaseId, Micros, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};

/// Whoever has an item keeps it until then. Its fence stays: nobody else had it meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseExtended {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The worker.
    pub worker: WorkerId,
    /// Until when.
    pub until: Micros,
}

/// No stage offers a service that was asked for: where its task stands in a lane, a bot of the lane does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLeft {
    /// The case.
    pub case: CaseId,
    /// The token that waits.
    pub token: u32,
    /// The service's name.
    pub service: String,
}

/// A bot could not do the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFailed {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The bot.
    pub worker: WorkerId,
    /// The error's code, for a boundary event.
    pub code: String,
    /// What went wrong.
    pub message: String,
}
