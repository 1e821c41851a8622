//! What happens to a pause: a request that another party can see, its answer, an objection; and a pause
//! for a reason of the holder's own, through which every clock runs on.

use baton_model::{CaseId, Cell, PartyId, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};

/// The holder asks somebody for something and cannot go on before the answer: from here to the answer the
/// item's clock stands still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRequested {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The worker who asks.
    pub worker: WorkerId,
    /// For whom it waits, as a code: `waiting-for-supplier`.
    pub waits_for: String,
    /// The party that is asked; nobody where it is one who does not work here, like a supplier.
    pub asked: Option<PartyId>,
    /// What is asked, sealed.
    pub text: Cell,
}

/// The request was answered; the clock runs again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestAnswered {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The number of the entry that asked.
    pub request: i64,
    /// The party that answered, or recorded the answer.
    pub by: PartyId,
    /// The worker who did.
    pub worker: WorkerId,
    /// The answer, sealed.
    pub text: Cell,
    /// Who gave it, sealed, where it was recorded for somebody else.
    pub given_by: Option<Cell>,
}

/// The client objects to a pause. It changes no clock; it stands beside the pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseContested {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The number of the entry that asked.
    pub request: i64,
    /// The worker who objects.
    pub worker: WorkerId,
    /// Why, sealed.
    pub text: Cell,
}

/// The holder set the item aside for a reason of the own; the clocks run on. `ItemResumed` ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSetAside {
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// The reason's code, like `break`.
    pub code: String,
}
