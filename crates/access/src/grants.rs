//! Grants: which fields a lane may read and write, and how much free text it shows. Declared by packs,
//! kept per lane.
//!
//! [`Reading`] is what one worker may read of one case: the grants of the own lanes the case went
//! through, and for the client's workers those of the client's lanes. It makes no mask itself; `mask`
//! does.

use crate::seal::matches;
use crate::terms::{Agreed, Terms};
use baton_journal::setup::{Freetext, LaneSetting};
use baton_journal::store::Row;
use baton_model::{LaneId, Micros, PartyId, Scope};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a lane may read and write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The lane.
    pub lane: LaneId,
    /// Its name.
    pub name: String,
    /// Who runs it now.
    pub party: PartyId,
    /// The fields it may read: names, or prefixes ending in `*`.
    pub read: Vec<String>,
    /// The fields it may write.
    pub write: Vec<String>,
    /// How much free text it shows.
    pub freetext: Freetext,
    /// Who has a share of it now.
    pub runners: BTreeSet<PartyId>,
    /// The documents whose processes start in it, by their kinds.
    pub receives: BTreeSet<String>,
}

impl Grant {
    /// The grant of a lane as a pack declares it.
    pub fn of(lane: &LaneSetting) -> Self {
        Self {
            lane: lane.id.clone(),
            name: lane.name.clone(),
            party: lane.party.clone(),
            read: lane.read.clone(),
            write: lane.write.clone(),
            freetext: lane.freetext,
            runners: BTreeSet::from([lane.party.clone()]),
            receives: lane.receives.clone(),
        }
    }

    /// Whether the lane may write a field.
    pub fn writes(&self, field: &str) -> bool {
        matches(&self.write, field)
    }
}

/// The grants of a tenant's lanes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeMap<LaneId, Grant>);

impl Grants {
    /// The query whose rows [`Grants::from_rows`] reads; `$1` is the tenant.
    pub const SQL: &str = "select lane, name, party, read, write, freetext, runners, receives from lane_grant where tenant = $1";

    /// Reads the rows of [`Grants::SQL`]; a row that cannot be read grants nothing.
    pub fn from_rows(rows: &[Row]) -> Self {
        let mut grants = Self::default();
        for grant in rows.iter().filter_map(read_row) {
            grants.set(grant);
        }
        grants
    }

    /// A lane's grant.
    pub fn get(&self, lane: &LaneId) -> Option<&Grant> {
        self.0.get(lane)
    }

    /// The lanes that declare a field.
    pub fn declaring<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Grant> {
        let declares = move |grant: &&Grant| matches(&grant.read, field);
        self.0.values().filter(declares)
    }

    /// Whether a party may send a document of a kind in: who runs the lane its process starts in; what starts
    /// none, or cannot be read, whoever runs a lane that receives any.
    pub fn takes_in(&self, party: &PartyId, kind: Option<&str>) -> bool {
        let receives = |grant: &&Grant| !grant.receives.is_empty();
        let starts = |grant: &&Grant| kind.is_some_and(|kind| grant.receives.contains(kind));
        let runs = |grant: &Grant| grant.runners.contains(party);
        let own = self.0.values();
        if own.clone().any(|grant| starts(&grant)) {
            return own.filter(starts).any(runs);
        }
        own.filter(receives).any(runs)
    }

    /// Sets a lane's grant as a pack has it; who runs the lane stays.
    pub(crate) fn deploy(&mut self, grant: Grant) {
        let known = self.0.get(&grant.lane);
        let known = known.map(|known| (known.party.clone(), known.runners.clone()));
        let (party, runners) = known.unwrap_or((grant.party.clone(), grant.runners.clone()));
        self.set(Grant {
            party,
            runners,
            ..grant
        });
    }

    /// Sets a lane's grant.
    pub fn set(&mut self, grant: Grant) {
        self.0.insert(grant.lane.clone(), grant);
    }

    /// Gives a lane to these parties; what the client reads of it goes by the first.
    pub(crate) fn give(&mut self, lane: &LaneId, party: &PartyId, runners: BTreeSet<PartyId>) {
        if let Some(grant) = self.0.get_mut(lane) {
            grant.party = party.clone();
            grant.runners = runners;
        }
    }

    /// What a worker may read at an instant of a case that went through these lanes at the worker's party:
    /// what its lanes declare, and of that what the party's agreement grants.
    pub fn reading<'a>(
        &'a self,
        scope: &Scope,
        lanes: impl IntoIterator<Item = &'a LaneId>,
        (terms, at): (&'a Terms, Micros),
    ) -> Reading<'a> {
        let own = lanes.into_iter().filter(|lane| scope.lanes.contains(*lane));
        let narrowed = |grant: &'a Grant| Part {
            agreed: terms.narrowing(&scope.party, &grant.lane, at),
            grant,
        };
        let mut parts: Vec<Part<'_>> = own
            .filter_map(|lane| self.get(lane).map(narrowed))
            .collect();
        if scope.client {
            let of_client = self.0.values().filter(|grant| grant.party == scope.party);
            parts.extend(of_client.map(|grant| Part {
                grant,
                agreed: None,
            }));
        }
        Reading(parts)
    }
}

fn read_row(row: &Row) -> Option<Grant> {
    let text = |column: usize| row.get(column)?.text();
    let list = |column: usize| serde_json::from_str(text(column)?).ok();
    Some(Grant {
        lane: LaneId::new(text(0)?),
        name: text(1)?.into(),
        party: PartyId::new(text(2)?),
        read: list(3)?,
        write: list(4)?,
        freetext: serde_json::from_str(text(5)?).ok()?,
        runners: serde_json::from_str(text(6)?).ok()?,
        receives: serde_json::from_str(text(7)?).ok()?,
    })
}

/// What one worker may read of one case.
#[derive(Clone, Debug)]
pub struct Reading<'a>(Vec<Part<'a>>);

/// A lane's grant, and what the agreement leaves of it.
#[derive(Clone, Debug)]
struct Part<'a> {
    grant: &'a Grant,
    agreed: Option<Agreed<'a>>,
}

impl Part<'_> {
    fn declares(&self, field: &str) -> bool {
        let agreed = self.agreed.is_none_or(|agreed| agreed.reads(field));
        agreed && matches(&self.grant.read, field)
    }

    fn freetext(&self) -> Freetext {
        let lane = self.grant.freetext;
        let agreed = self.agreed.map_or(lane, |agreed| agreed.freetext());
        [lane, agreed]
            .into_iter()
            .min_by_key(|rule| openness(*rule))
            .unwrap_or_default()
    }
}

impl Reading<'_> {
    /// Nothing may be read.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Whether a field is declared for the worker.
    pub fn declares(&self, field: &str) -> bool {
        self.0.iter().any(|part| part.declares(field))
    }

    /// How much free text the worker sees in a field: the most that a lane declaring it shows.
    pub fn freetext(&self, field: &str) -> Freetext {
        let declaring = self.0.iter().filter(|part| part.declares(field));
        most(declaring.map(Part::freetext))
    }

    /// How much of what others wrote to the worker is shown: the most that one of the lanes shows.
    pub fn speech(&self) -> Freetext {
        most(self.0.iter().map(Part::freetext))
    }
}

fn most(rules: impl Iterator<Item = Freetext>) -> Freetext {
    rules.max_by_key(|rule| openness(*rule)).unwrap_or_default()
}

fn openness(rule: Freetext) -> u8 {
    match rule {
        Freetext::None => 0,
        Freetext::Redacted => 1,
        Freetext::Full => 2,
    }
}
