//! Commands of client programs about work items: with a lease of their own length, and under a fence.

use super::Command;
use baton_model::{CaseId, WallTime, WorkItemId};
use serde::{Deserialize, Serialize};

/// Take the first of these that is still free, for so long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFor {
    /// Items with their cases, as they were read.
    pub candidates: Vec<(CaseId, WorkItemId)>,
    /// How long the item stays with a worker who does nothing.
    pub lease: WallTime,
}

/// Keep an item for so long from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extend {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// How long.
    pub lease: WallTime,
}

/// Say that a bot cannot do an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fail {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// The error's code, for a boundary event.
    pub code: String,
    /// What went wrong.
    pub message: String,
}

/// Do this only if the item is still with the worker by the assignment of the entry `fence`: not if the
/// lease ended, nor if the item was given to anybody since, the same worker too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fenced {
    /// The number of the entry that gave the item to the worker.
    pub fence: i64,
    /// What to do.
    pub command: Box<Command>,
}

impl Command {
    /// The work item a command is about, with its case, where it is about one.
    pub fn item(&self) -> Option<(&CaseId, &WorkItemId)> {
        match self {
            Self::Claim { item, case }
            | Self::TakeOver { item, case }
            | Self::Release { item, case }
            | Self::SaveDraft { item, case, .. }
            | Self::Complete { item, case, .. }
            | Self::Pause { item, case, .. }
            | Self::Resume { item, case } => Some((case, item)),
            Self::Ask(it) => Some((&it.case, &it.item)),
            Self::Answer(it) => Some((&it.case, &it.item)),
            Self::Extend(it) => Some((&it.case, &it.item)),
            Self::Fail(it) => Some((&it.case, &it.item)),
            Self::Assign(it) => Some((&it.case, &it.item)),
            Self::Fenced(it) => it.command.item(),
            _ => None,
        }
    }
}
