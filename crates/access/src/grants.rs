//! Grants: which fields a lane may read and write, and how much free text it shows. Declared by packs,
//! kept per lane.
//!
//! [`Reading`] is what one worker may read of one case: the grants of the own lanes the case went
//! through, and for the client's workers those of the client's lanes. It makes no mask itself; `mask`
//! does.

use crate::seal::matches;
use baton_journal::setup::{Freetext, LaneSetting};
use baton_journal::store::Row;
use baton_model::{LaneId, PartyId, Scope};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    pub const SQL: &str =
        "select lane, name, party, read, write, freetext from lane_grant where tenant = $1";

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

    /// Sets a lane's grant.
    pub fn set(&mut self, grant: Grant) {
        self.0.insert(grant.lane.clone(), grant);
    }

    pub(crate) fn give(&mut self, lane: &LaneId, party: &PartyId) {
        if let Some(grant) = self.0.get_mut(lane) {
            grant.party = party.clone();
        }
    }

    /// What a worker may read of a case that went through these lanes at the worker's party.
    pub fn reading<'a>(
        &'a self,
        scope: &Scope,
        lanes: impl IntoIterator<Item = &'a LaneId>,
    ) -> Reading<'a> {
        let own = lanes.into_iter().filter(|lane| scope.lanes.contains(*lane));
        let mut grants: Vec<&Grant> = own.filter_map(|lane| self.get(lane)).collect();
        if scope.client {
            let of_client = self.0.values().filter(|grant| grant.party == scope.party);
            grants.extend(of_client);
        }
        Reading(grants)
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
    })
}

/// What one worker may read of one case.
#[derive(Clone, Debug)]
pub struct Reading<'a>(Vec<&'a Grant>);

impl Reading<'_> {
    /// Nothing may be read.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Whether a field is declared for the worker.
    pub fn declares(&self, field: &str) -> bool {
        self.declaring(field).next().is_some()
    }

    /// How much free text the worker sees in a field: the most that a lane declaring it shows.
    pub fn freetext(&self, field: &str) -> Freetext {
        let rules = self.declaring(field).map(|grant| grant.freetext);
        rules.max_by_key(|rule| openness(*rule)).unwrap_or_default()
    }

    /// How much of what others wrote to the worker is shown: the most that one of the lanes shows.
    pub fn speech(&self) -> Freetext {
        let rules = self.0.iter().map(|grant| grant.freetext);
        rules.max_by_key(|rule| openness(*rule)).unwrap_or_default()
    }

    fn declaring(&self, field: &str) -> impl Iterator<Item = &Grant> {
        let declares = move |grant: &&&Grant| matches(&grant.read, field);
        self.0.iter().filter(declares).copied()
    }
}

fn openness(rule: Freetext) -> u8 {
    match rule {
        Freetext::None => 0,
        Freetext::Redacted => 1,
        Freetext::Full => 2,
    }
}
