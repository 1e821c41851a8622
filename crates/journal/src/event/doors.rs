//! What happens at the door: one-time links, sessions, and the tokens of client programs. Only hashes of
//! tokens are here; the tokens themselves are shown once and kept nowhere.

use baton_model::{Micros, WorkerId};
use serde::{Deserialize, Serialize};

/// A one-time link was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkIssued {
    /// For whom.
    pub worker: WorkerId,
    /// SHA-256 of its token, in hex.
    pub link: String,
    /// Until when it works.
    pub until: Micros,
}

/// A session began; its link is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
