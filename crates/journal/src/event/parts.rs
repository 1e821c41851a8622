//! Parts that events are made of and that are no event by themselves. Their shapes never change either.

use baton_model::Decimal;
use serde::{Deserialize, Serialize};

/// How a work item came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEnd {
    /// A worker completed it.
    Completed,
    /// The process took it back: a boundary event, a terminate.
    Cancelled,
    /// A bot could not do it.
    Failed,
}

/// A quantity of an order's line that an invoice claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedLine {
    /// The order's line.
    pub order_line: String,
    /// The quantity claimed, in the order line's unit.
    pub quantity: Decimal,
}
