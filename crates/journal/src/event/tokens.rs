//! What happens to the tokens of client programs. Only their hashes are here; a token is shown once and
//! kept nowhere.

use baton_model::{Micros, WorkerId};
use serde::{Deserialize, Serialize};

/// A client program may act as a worker from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// As whom.
    pub worker: WorkerId,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// What people call it.
    pub name: String,
    /// Until when it holds.
    pub until: Micros,
}

/// A client program's token holds no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// The token's hash.
    pub hash: String,
}
