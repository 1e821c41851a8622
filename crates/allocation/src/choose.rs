//! Which party gets a work item, and why, in words both sides can read.
//!
//! A case that comes back to a lane goes to the party that had it there. Otherwise the parties that run
//! the lane now and take such a case draw by their shares. Conditions are asked of the evaluator; the
//! answer stands in the reason and is never asked again.

use crate::case::Case;
use crate::counts::Counts;
use crate::lanes::Run;
use baton_journal::setup::Share;
use baton_journal::{Env, Question};
use baton_model::share::percent;
use baton_model::{LaneId, PartyId, SiteId, Value};

/// A party chosen for a work item.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The party.
    pub(crate) party: PartyId,
    /// Its site.
    pub(crate) site: SiteId,
    /// Why.
    pub(crate) reason: String,
    /// Between whom it was drawn, where it was.
    pub(crate) drawn: Option<Vec<PartyId>>,
}

/// What is chosen for.
pub(crate) struct Chooser<'a> {
    pub(crate) lane: &'a LaneId,
    pub(crate) run: &'a Run,
    pub(crate) counts: &'a Counts,
    pub(crate) case: &'a Case,
    pub(crate) env: &'a Env<'a>,
}

impl Chooser<'_> {
    /// The party for the item, or in words why there is none.
    pub(crate) fn choose(&self) -> Result<Choice, String> {
        let active = self.run.active();
        if let Some(choice) = self.comes_back(&active) {
            return Ok(choice);
        }
        let mut passed = self.run.stopped();
        let mut eligible = Vec::new();
        for share in active {
            match self.takes(&share) {
                Ok(()) => eligible.push(share),
                Err(why) => passed.push(why),
            }
        }
        self.draw(&eligible, &passed)
    }

    fn comes_back(&self, active: &[Share]) -> Option<Choice> {
        let had = self.case.had(self.lane)?;
        let share = active.iter().find(|share| share.party == *had)?;
        let reason = format!("{had} had this case in {} before", self.run.name);
        Some(choice(share, reason, None))
    }

    fn draw(&self, eligible: &[Share], passed: &[String]) -> Result<Choice, String> {
        let (name, aside) = (&self.run.name, aside(passed));
        match eligible {
            [] => Err(format!("nobody takes this case in {name}{aside}")),
            [only] if passed.is_empty() => {
                let reason = format!("Lane {name} is 100 % {} ({})", only.party, self.run.reason);
                Ok(choice(only, reason, None))
            }
            [only] => Ok(choice(only, format!("{name}: {}{aside}", only.party), None)),
            several => Ok(self.by_share(several, &aside)),
        }
    }

    fn by_share(&self, eligible: &[Share], aside: &str) -> Choice {
        let parties: Vec<PartyId> = eligible.iter().map(|share| share.party.clone()).collect();
        let count = self.counts.of(self.run.epoch, &parties);
        let weights: Vec<(&PartyId, u32)> = eligible
            .iter()
            .map(|share| (&share.party, share.basis_points))
            .collect();
        let next = count.next(&weights);
        let share = eligible.iter().find(|share| Some(&share.party) == next);
        let share = share.unwrap_or(&eligible[0]);
        // Of the others' shares a party learns nothing here.
        let reason = format!(
            "{} has {} % of {} and {} of {} cases since version {}; the next is its turn{aside}",
            share.party,
            percent(share.basis_points),
            self.run.name,
            count.of(&share.party),
            count.cases,
            self.run.epoch,
        );
        choice(share, reason, Some(parties))
    }

    /// Whether a party takes such a case; if not, why.
    fn takes(&self, share: &Share) -> Result<(), String> {
        self.fits(share)?;
        let Some(when) = &share.when else {
            return Ok(());
        };
        let question = Question::Expression {
            text: when.clone(),
            context: self.case.context(),
            now: self.env.now,
        };
        let party = &share.party;
        match self.env.peek.evaluate(&question).map(|answer| answer.value) {
            Ok(Value::Bool(true)) => Ok(()),
            Ok(Value::Bool(false)) => Err(format!("{party} takes only `{when}`")),
            Ok(_) => Err(format!(
                "`{when}` of {party} is neither true nor false here"
            )),
            Err(error) => Err(format!("`{when}` of {party}: {error}")),
        }
    }
}

impl Chooser<'_> {
    /// Whether language and value of the case are such as a party takes; if not, why.
    fn fits(&self, share: &Share) -> Result<(), String> {
        let (party, takes) = (&share.party, &share.takes);
        if !takes.languages.is_empty() {
            let field = self.run.language.as_deref().unwrap_or_default();
            let spoken = self.case.text(field);
            let known =
                spoken.is_some_and(|spoken| takes.languages.iter().any(|one| same(one, spoken)));
            if !known {
                let all: Vec<&str> = takes.languages.iter().map(String::as_str).collect();
                return Err(format!("{party} takes only cases in {}", all.join(", ")));
            }
        }
        let value = || self.case.number(&self.run.amount);
        let least = takes
            .least
            .filter(|least| value().is_none_or(|value| value < *least));
        let most = takes
            .most
            .filter(|most| value().is_none_or(|value| value > *most));
        match (least, most) {
            (Some(least), _) => Err(format!("{party} takes only cases of at least {least}")),
            (_, Some(most)) => Err(format!("{party} takes only cases of at most {most}")),
            _ => Ok(()),
        }
    }
}

/// Whether two languages are the same by their first part.
fn same(one: &str, other: &str) -> bool {
    let main = |code: &str| code.split(['-', '_']).next().map(str::to_lowercase);
    main(one) == main(other)
}

fn aside(passed: &[String]) -> String {
    if passed.is_empty() {
        return String::new();
    }
    format!(" ({})", passed.join("; "))
}

fn choice(share: &Share, reason: String, drawn: Option<Vec<PartyId>>) -> Choice {
    Choice {
        party: share.party.clone(),
        site: share.site.clone(),
        reason,
        drawn,
    }
}
