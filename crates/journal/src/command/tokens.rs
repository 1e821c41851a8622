//! Commands about the tokens of client programs. Only a token's hash is sent.

use baton_model::{Micros, WorkerId};
use serde::{Deserialize, Serialize};

/// Let a client program act as a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueToken {
    /// As whom.
    pub worker: WorkerId,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// What people call it, like the program's name.
    pub name: String,
    /// Until when it holds.
    pub until: Micros,
}

/// Let a token hold no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeToken {
    /// The token's hash.
    pub hash: String,
}
