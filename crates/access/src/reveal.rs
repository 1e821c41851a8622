//! Reveals: a masked field shown once, or a document's original opened, for a reason and within an hourly
//! budget. Each is journaled.
//!
//! Which fields can be revealed is the grants' business; the value itself never comes here.

use crate::grants::Reading;
use crate::refusal;
use baton_journal::document::ORIGINAL;
use baton_journal::event::FieldRevealed;
use baton_journal::{Event, Stop};
use baton_model::{CaseId, Micros, WallTime, WorkerId};
use serde::{Deserialize, Serialize};

/// How many fields a worker may have revealed in an hour.
pub const REVEALS_AN_HOUR: usize = 5;

/// How many originals a worker may open in an hour: a day's work, not a supplier file.
pub const ORIGINALS_AN_HOUR: usize = 60;

/// How many things like this a worker may see in an hour.
pub(crate) fn budget(field: &str) -> usize {
    if is_original(field) {
        ORIGINALS_AN_HOUR
    } else {
        REVEALS_AN_HOUR
    }
}

/// Whether a field is a document's original.
pub(crate) fn is_original(field: &str) -> bool {
    field.starts_with(ORIGINAL)
}

const HOUR: WallTime = WallTime::hours(1);

/// A worker's reveals of the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveals(Vec<Micros>);

impl Reveals {
    /// How many of a budget are left at an instant.
    pub fn left(&self, budget: usize, now: Micros) -> usize {
        budget.saturating_sub(self.recent(now).count())
    }

    pub(crate) fn note(&mut self, at: Micros) {
        self.0.retain(|earlier| at.since(*earlier) < HOUR);
        self.0.push(at);
    }

    fn recent(&self, now: Micros) -> impl Iterator<Item = Micros> {
        let recent = move |at: &Micros| now.since(*at) < HOUR;
        self.0.iter().copied().filter(recent)
    }

    /// Whole minutes until one more is free.
    fn wait(&self, now: Micros) -> i64 {
        let oldest = self.recent(now).min().unwrap_or(now);
        let wall = oldest.plus(HOUR).since(now).0;
        wall.div_euclid(60_000_000) + i64::from(wall.rem_euclid(60_000_000) > 0)
    }
}

/// What is asked to be revealed.
pub(crate) struct Asked<'a> {
    pub(crate) case: &'a CaseId,
    pub(crate) field: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) worker: &'a WorkerId,
}

/// The reveal, if reason, grant and budget allow it.
pub(crate) fn reveal(
    asked: &Asked<'_>,
    reading: &Reading<'_>,
    reveals: &Reveals,
    now: Micros,
) -> Result<Vec<Event>, Stop> {
    let reason = stated(asked.reason)?;
    if !reading.declares(asked.field) {
        return Err(refusal::undeclared(asked.field));
    }
    let budget = budget(asked.field);
    if reveals.left(budget, now) == 0 {
        return Err(refusal::spent(budget, reveals.wait(now)));
    }
    Ok(vec![Event::FieldRevealed(FieldRevealed {
        case: asked.case.clone(),
        field: asked.field.into(),
        worker: asked.worker.clone(),
        reason,
    })])
}

/// A reason that says something.
pub(crate) fn stated(reason: &str) -> Result<String, Stop> {
    let reason = reason.trim();
    if (3..=500).contains(&reason.chars().count()) {
        return Ok(reason.into());
    }
    Err(refusal::no_reason())
}
