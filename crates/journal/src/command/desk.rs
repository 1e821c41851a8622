//! Commands of the desk about people.

use crate::people::WorkState;
use baton_model::{CaseId, Micros, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};

/// A team leader gives a work item to a worker of the own party, or back to the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assign {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// Who is to do it; nobody for the queue.
    pub worker: Option<WorkerId>,
    /// Why; the worker sees it.
    pub why: String,
}

/// A worker says that the own time was other than recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProposeTime {
    /// The correction's id, made by whoever sends it.
    pub id: String,
    /// What the worker did.
    pub state: WorkState,
    /// From when.
    pub from: Micros,
    /// Until when.
    pub until: Micros,
    /// Why it was not recorded so.
    pub why: String,
}

/// A team leader decides on a correction of a worker of the own party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecideTime {
    /// The correction's id.
    pub id: String,
    /// Whose.
    pub worker: WorkerId,
    /// Whether it holds.
    pub approved: bool,
    /// Why.
    pub why: String,
}
