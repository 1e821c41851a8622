//! What happens to a lane: the events of allocation, each with what it says.

use crate::setup::{InFlight, Share};
use baton_model::{CaseId, LaneId, PartyId};
use serde::{Deserialize, Serialize};

/// New cases are split between these parties from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneShared {
    /// The lane.
    pub lane: LaneId,
    /// The parties; those with 0 are backups.
    pub shares: Vec<Share>,
    /// What becomes of the open items of a party that has no share any more.
    pub in_flight: InFlight,
    /// Why.
    pub reason: String,
}

/// A party gets nothing new from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyPaused {
    /// The lane.
    pub lane: LaneId,
    /// The party.
    pub party: PartyId,
    /// What becomes of its open items.
    pub in_flight: InFlight,
    /// Why.
    pub reason: String,
}

/// A paused party has its share again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyResumed {
    /// The lane.
    pub lane: LaneId,
    /// The party.
    pub party: PartyId,
    /// Why.
    pub reason: String,
}

/// A case was counted to a party's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareDrawn {
    /// The case.
    pub case: CaseId,
    /// The lane.
    pub lane: LaneId,
    /// The lane's version the count belongs to.
    pub epoch: u32,
    /// Between whom it was drawn: the parties that could take the case.
    pub eligible: Vec<PartyId>,
    /// Whose turn it was.
    pub party: PartyId,
}
