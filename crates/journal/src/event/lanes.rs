//! What happens to a lane: the events of allocation, each with what it says.

use crate::setup::{InFlight, Share};
use baton_model::{CaseId, LaneId, Micros, PartyId};
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

/// A step of a ramp: from an instant on these shares, if what was measured before allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When it is taken.
    pub at: Micros,
    /// The shares from then on.
    pub shares: Vec<Share>,
    /// What must hold before it is taken.
    pub gate: Option<Gate>,
}

/// What must hold of a party's hops in the lane before a step is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// What is measured.
    pub measure: GateMeasure,
    /// Of whom.
    pub party: PartyId,
    /// The least or most that is good enough, in hundredths of a percent.
    pub points: u32,
    /// Over at least so many hops that ended; with fewer the step waits.
    pub hops: u32,
    /// Of so many last days.
    pub days: u32,
}

impl Gate {
    /// Whether it holds by what was measured.
    pub fn holds(&self, reading: &Reading) -> bool {
        let counted = u64::from(reading.counted) * 10_000;
        let bound = u64::from(self.points) * u64::from(reading.hops);
        match self.measure {
            GateMeasure::OnTime => counted >= bound,
            GateMeasure::Returned => counted <= bound,
        }
    }
}

/// What a gate measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateMeasure {
    /// Hops that ended within their target: at least so many.
    OnTime,
    /// Hops whose case came back to the lane later: at most so many.
    Returned,
}

/// What was measured for a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Hops that ended since `since`.
    pub hops: u32,
    /// Those of them that were on time, or came back.
    pub counted: u32,
    /// From when on.
    pub since: Micros,
}

/// The shares of a lane will change by dated steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharesPlanned {
    /// The lane.
    pub lane: LaneId,
    /// The steps, the first one first.
    pub steps: Vec<Step>,
    /// When the shares of before come back; never, where there is none.
    pub until: Option<Micros>,
    /// What becomes of the open items of a party that has no share any more.
    pub in_flight: InFlight,
    /// Why.
    pub reason: String,
}

/// A step of a lane's plan was taken; the shares follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// The lane.
    pub lane: LaneId,
    /// The step, from 1; one past the last is the end of the plan.
    pub step: u32,
    /// What was measured, where the step has a gate.
    pub reading: Option<Reading>,
}

/// A step's gate did not hold: it was not taken, and the last shares that held are back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFailed {
    /// The lane.
    pub lane: LaneId,
    /// The step, from 1.
    pub step: u32,
    /// What was measured.
    pub reading: Reading,
    /// The step whose shares are back; 0 for those of before the plan.
    pub back_to: u32,
}

/// A lane's plan is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEnded {
    /// The lane.
    pub lane: LaneId,
    /// How: `done`, `rolled back`, `cancelled`, `overtaken`.
    pub how: String,
    /// Why.
    pub reason: String,
}
