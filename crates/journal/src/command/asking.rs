//! Commands about pauses: asking somebody, answering, objecting.

use baton_model::{CaseId, Cell, PartyId, WorkItemId};
use serde::{Deserialize, Serialize};

/// Stop an item's clock until somebody has answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// For whom it waits, as a code: `waiting-for-client`.
    pub waits_for: String,
    /// The party that is asked, where the code says `waiting-for-party`.
    pub party: Option<PartyId>,
    /// What is asked, sealed.
    pub text: Cell,
}

/// Answer what is asked about an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// The answer, sealed.
    pub text: Cell,
    /// Who gave it, sealed, where it is recorded for somebody else.
    pub given_by: Option<Cell>,
}

/// Object to a pause of another party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// The item that was paused.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// The number of the entry that asked.
    pub request: i64,
    /// Why, sealed.
    pub text: Cell,
}
