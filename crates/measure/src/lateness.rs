//! Whose lateness it is: a late case is charged to its hops in proportion to their overrun, the rest
//! is unattributed. No hop is charged more than its own overrun, and charges and rest add up to the
//! lateness to the microsecond (largest remainders; the earlier hop first where they are equal).
//!
//! Overruns are measured on the holders' calendars, the lateness on the agreement's: they are only
//! compared as proportions.

use baton_model::WorkingTime;
use serde::{Deserialize, Serialize};

/// A case's lateness and where it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lateness {
    /// How late the case is.
    pub late: WorkingTime,
    /// What is charged to each hop, in the order of the overruns given.
    pub charged: Vec<WorkingTime>,
    /// What no hop's overrun explains.
    pub unattributed: WorkingTime,
}

/// Charges a lateness to overruns: `overrun × min(late, Σ overruns) ÷ Σ overruns` each.
pub fn attribute(late: WorkingTime, overruns: &[WorkingTime]) -> Lateness {
    let late = late.max(WorkingTime::ZERO);
    let overruns: Vec<i128> = overruns.iter().map(|over| over.0.max(0).into()).collect();
    let total: i128 = overruns.iter().sum();
    let explained = total.min(late.0.into());
    if explained == 0 {
        return Lateness {
            late,
            charged: vec![WorkingTime::ZERO; overruns.len()],
            unattributed: late,
        };
    }
    let mut charged: Vec<i128> = overruns.iter().map(|o| o * explained / total).collect();
    let mut order: Vec<usize> = (0..overruns.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(overruns[*i] * explained % total));
    let missing = explained - charged.iter().sum::<i128>();
    for i in order.into_iter().take(missing as usize) {
        charged[i] += 1;
    }
    Lateness {
        late,
        charged: charged
            .into_iter()
            .map(|part| WorkingTime(part as i64))
            .collect(),
        unattributed: WorkingTime(late.0 - explained as i64),
    }
}
