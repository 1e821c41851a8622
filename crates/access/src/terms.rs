//! What agreements grant: of a lane's fields a provider's workers see those that its agreement grants too,
//! from the day it counts on. Until a first one counts the lane's grants stand alone; one that has ended, or
//! leaves the lane out since, narrows on: its end opens no field.
//!
//! A list of fields that an agreement leaves out says nothing; neither does its rule for free text where it
//! names no field at all. Folded from `AgreementSet`, or read from its rows; `grants` puts both together.

use crate::seal::matches;
use baton_journal::event::agreement::{AgreementSet, governing};
use baton_journal::setup::Freetext;
use baton_model::agreement::AgreedLane;
use baton_model::{LaneId, Micros, PartyId};
use serde::{Deserialize, Serialize};

/// Every version of every agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Terms(Vec<AgreementSet>);

impl Terms {
    /// The terms of these versions.
    pub fn of(versions: impl IntoIterator<Item = AgreementSet>) -> Self {
        let mut terms = Self::default();
        versions.into_iter().for_each(|set| terms.add(set));
        terms
    }

    /// Adds a version. What it was read from is not needed here.
    pub(crate) fn add(&mut self, set: AgreementSet) {
        let text = String::new();
        self.0.push(AgreementSet { text, ..set });
    }

    /// The version that last began to name a lane of a party, whether it still counts or not.
    fn last(&self, party: &PartyId, lane: &LaneId, at: Micros) -> Option<&AgreementSet> {
        let begun = self.0.iter().filter(|set| {
            let of_party = set.agreement.provider == *party && set.from <= at;
            of_party && set.agreement.lane(lane).is_some()
        });
        begun.max_by_key(|set| (set.from, set.version))
    }

    /// What is agreed of a lane of a party at an instant; nothing where nothing is said of fields.
    pub(crate) fn narrowing(
        &self,
        party: &PartyId,
        lane: &LaneId,
        at: Micros,
    ) -> Option<Agreed<'_>> {
        let set = governing(&self.0, party, lane, at).or_else(|| self.last(party, lane, at))?;
        if set.agreement.own_team() {
            return None;
        }
        let agreed = set.agreement.lane(lane)?;
        let unnamed = agreed.read.is_empty() && agreed.write.is_empty();
        let silent = unnamed && agreed.freetext == "none";
        (!silent).then_some(Agreed(agreed))
    }
}

/// What an agreement says of a lane's fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreed<'a>(&'a AgreedLane);

impl Agreed<'_> {
    /// Whether a field may be read.
    pub(crate) fn reads(&self, field: &str) -> bool {
        self.0.read.is_empty() || matches(&self.0.read, field)
    }

    /// Whether a field may be written.
    pub(crate) fn writes(&self, field: &str) -> bool {
        self.0.write.is_empty() || matches(&self.0.write, field)
    }

    /// How much free text may be shown.
    pub(crate) fn freetext(&self) -> Freetext {
        match self.0.freetext.as_str() {
            "full" => Freetext::Full,
            "redacted" => Freetext::Redacted,
            _ => Freetext::None,
        }
    }
}
