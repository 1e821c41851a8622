//! Outcome prices: an outcome is charged once somebody who is not paid for it confirmed it, or was told and
//! kept silent; it is taken back when it is reopened inside its window.
//!
//! It judges facts it is given and finds none itself. A month's judgement looks only at what happened before
//! its end, so a later reopening never changes an earlier month.

use baton_model::calendar::Interval;
use baton_model::{Micros, PartyId, WallTime};

/// When an outcome counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeRule {
    /// Who is paid for it, and so cannot confirm it.
    pub paid: PartyId,
    /// After so long without a word from whoever was told it counts as confirmed; never where it is nothing.
    pub silence: Option<WallTime>,
    /// Reopened within this time after it was reached, it is not charged, or taken back.
    pub reopen: WallTime,
}

/// What is known of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id: a case, mostly.
    pub id: String,
    /// When it was reached.
    pub reached: Micros,
    /// Who was told that it was reached, and when.
    pub told: Option<(PartyId, Micros)>,
    /// Who confirmed it, and when.
    pub confirmed: Option<(PartyId, Micros)>,
    /// When it was objected to.
    pub objected: Option<Micros>,
    /// When it was reopened.
    pub reopened: Option<Micros>,
}

/// How an outcome stands in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is charged in this month.
    Charged(Ground),
    /// It was charged in an earlier month and is taken back in this one.
    TakenBack(Ground),
    /// It was charged in an earlier month and stands.
    Before,
    /// It is not charged, and will not be.
    Never(&'static str),
    /// It may be charged in a later month.
    Waiting(&'static str),
}

/// On what ground an outcome is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A party that is not paid for it confirmed it.
    Confirmed(PartyId),
    /// A party that is not paid for it was told and kept silent.
    Silence(PartyId),
}

impl OutcomeRule {
    /// How an outcome stands in a month, from the month's first instant to the first of the next.
    pub fn judge(&self, outcome: &Outcome, month: Interval) -> Standing {
        let known = |at: &Micros| *at < month.until;
        let due = self.due(outcome).filter(|(at, _)| known(at));
        let back = self.reopened(outcome).filter(known);
        let objected = outcome.objected.filter(known);
        match (due, back) {
            (Some((due, _)), Some(back)) if back <= due => {
                Standing::Never("reopened inside the window")
            }
            (Some((due, ground)), Some(back)) if due < month.from && back >= month.from => {
                Standing::TakenBack(ground)
            }
            (Some(_), Some(_)) => Standing::Never("reopened inside the window"),
            (Some((due, _)), None) if due < month.from => Standing::Before,
            (Some((_, ground)), None) => Standing::Charged(ground),
            (None, Some(_)) => Standing::Never("reopened inside the window"),
            (None, None) if objected.is_some() => Standing::Waiting("objected to"),
            (None, None) => Standing::Waiting(self.missing(outcome)),
        }
    }

    /// When it counts as confirmed, and on what ground.
    fn due(&self, outcome: &Outcome) -> Option<(Micros, Ground)> {
        let independent = |party: &PartyId| *party != self.paid;
        let said = outcome
            .confirmed
            .clone()
            .filter(|(party, at)| independent(party) && *at >= outcome.reached);
        let said = said.map(|(party, at)| (at, Ground::Confirmed(party)));
        let silent = self
            .silent(outcome)
            .filter(|(at, _)| said.as_ref().is_none_or(|(said, _)| at < said));
        silent.or(said)
    }

    fn silent(&self, outcome: &Outcome) -> Option<(Micros, Ground)> {
        let (party, told) = outcome
            .told
            .clone()
            .filter(|(party, _)| *party != self.paid)?;
        let end = told.max(outcome.reached).plus(self.silence?);
        let spoke = outcome.objected.is_some_and(|at| at <= end);
        (!spoke).then_some((end, Ground::Silence(party)))
    }

    /// When it was reopened, if inside the window.
    fn reopened(&self, outcome: &Outcome) -> Option<Micros> {
        let end = outcome.reached.plus(self.reopen);
        outcome
            .reopened
            .filter(|at| *at >= outcome.reached && *at <= end)
    }

    fn missing(&self, outcome: &Outcome) -> &'static str {
        let paid = outcome
            .confirmed
            .as_ref()
            .is_some_and(|(party, _)| *party == self.paid);
        match (paid, &outcome.told) {
            (true, _) => "confirmed only by who is paid for it",
            (false, None) => "nobody was told",
            (false, Some(_)) => "not confirmed yet",
        }
    }
}

impl Standing {
    /// How many it adds to the month's charge: one, none, or one less.
    pub fn count(&self) -> i64 {
        match self {
            Self::Charged(_) => 1,
            Self::TakenBack(_) => -1,
            Self::Before | Self::Never(_) | Self::Waiting(_) => 0,
        }
    }

    /// The standing in words.
    pub fn words(&self) -> String {
        let ground = |ground: &Ground| match ground {
            Ground::Confirmed(party) => format!("confirmed by {party}, who is not paid for it"),
            Ground::Silence(party) => {
                format!("{party} was told and kept silent through the window")
            }
        };
        match self {
            Self::Charged(by) => format!("charged: {}", ground(by)),
            Self::TakenBack(_) => {
                "taken back: charged in an earlier month, reopened inside the window".into()
            }
            Self::Before => "charged in an earlier month, and stands".into(),
            Self::Never(why) => format!("not charged: {why}"),
            Self::Waiting(why) => format!("not charged yet: {why}"),
        }
    }
}
