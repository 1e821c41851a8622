//! Commands on lanes that come true later.

use crate::event::{Reading, Step};
use crate::setup::InFlight;
use baton_model::{LaneId, Micros};
use serde::{Deserialize, Serialize};

/// Let the shares of a lane change by dated steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanShares {
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

/// Take the step of a lane's plan that is due: sent by the shell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakeStep {
    /// The lane.
    pub lane: LaneId,
    /// The step, from 1; one past the last is the end of the plan.
    pub step: u32,
    /// What was measured, where the step has a gate.
    pub reading: Option<Reading>,
}
