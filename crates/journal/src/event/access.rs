//! What happens at the door: links, sessions, reveals, denials and erasures.

use baton_model::{CaseId, Micros, SubjectId, WorkerId};
use serde::{Deserialize, Serialize};

/// A one-time link was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkIssued {
    /// For whom.
    pub worker: WorkerId,
    /// SHA-256 of its token, in hex.
    pub link: String,
    /// Until when it works.
    pub until: Micros,
}

/// A session began; its link is used up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionOpened {
    /// Whose.
    pub worker: WorkerId,
    /// The link's hash.
    pub link: String,
    /// The session token's hash.
    pub session: String,
    /// Until when it holds.
    pub until: Micros,
}

/// A session ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionClosed {
    /// The session token's hash.
    pub session: String,
}

/// A masked field was shown to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldRevealed {
    /// The case.
    pub case: CaseId,
    /// The field.
    pub field: String,
    /// To whom.
    pub worker: WorkerId,
    /// Why.
    pub reason: String,
}

/// A worker tried to reach what the worker may not see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DenialsCounted {
    /// Who.
    pub worker: WorkerId,
    /// The first id tried.
    pub what: String,
    /// How many attempts.
    pub count: u32,
}

/// A subject's key is destroyed; the tombstone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubjectErased {
    /// Whose data.
    pub subject: SubjectId,
    /// Why.
    pub reason: String,
}
