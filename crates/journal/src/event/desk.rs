//! Events of the desk about people: who was given what by a leader, what workers do, corrected times.

use crate::people::WorkState;
use baton_model::{CaseId, Micros, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};

/// A team leader decided who does a work item; the item's assignment or release follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDirected {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// Who is to do it; nobody where it goes back to the queue.
    pub worker: Option<WorkerId>,
    /// The team leader.
    pub leader: WorkerId,
    /// Why; the worker sees it.
    pub why: String,
}

/// A worker does something else from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerStateSet {
    /// The worker.
    pub worker: WorkerId,
    /// What.
    pub state: WorkState,
}

/// A worker says that the own time was other than recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeCorrectionProposed {
    /// The correction's id.
    pub id: String,
    /// The worker.
    pub worker: WorkerId,
    /// What the worker did.
    pub state: WorkState,
    /// From when.
    pub from: Micros,
    /// Until when.
    pub until: Micros,
    /// Why it was not recorded so.
    pub why: String,
}

/// A team leader decided on a correction. What was recorded stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeCorrectionDecided {
    /// The correction's id.
    pub id: String,
    /// The worker.
    pub worker: WorkerId,
    /// The team leader.
    pub leader: WorkerId,
    /// Whether it holds.
    pub approved: bool,
    /// Why.
    pub why: String,
}
