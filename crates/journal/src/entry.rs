//! The journal's row: one accepted command, its envelope once, and the events it caused.
//!
//! The stored bytes are the canonical JSON of an [`Entry`]: struct fields in their declared order,
//! maps in the order of their names, decimals as text. Chain and tree are made over these bytes.

use crate::{Command, Event};
use baton_model::{Micros, PartyId, TenantId, WorkerId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The level of the entry's shape; a node below the head's level stops writing.
pub const FORMAT: u32 = 1;

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Baton itself: timers, watched folders, set-up.
    System,
    /// A worker of a party.
    Worker {
        /// The party.
        party: PartyId,
        /// The worker.
        worker: WorkerId,
    },
}

impl Actor {
    /// The worker, if one asked.
    pub fn worker(&self) -> Option<&WorkerId> {
        match self {
            Self::System => None,
            Self::Worker { worker, .. } => Some(worker),
        }
    }

    /// The worker's party, if a worker asked.
    pub fn party(&self) -> Option<&PartyId> {
        match self {
            Self::System => None,
            Self::Worker { party, .. } => Some(party),
        }
    }
}

/// An event's name: its entry's number and its place in the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventName {
    /// The entry's number in the tenant.
    pub n: i64,
    /// The event's place, from 0.
    pub i: u32,
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.n, self.i)
    }
}

/// One accepted command and what it caused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The level of this shape, [`FORMAT`].
    pub format: u32,
    /// Whose journal.
    pub tenant: TenantId,
    /// The gapless number in the tenant, from 1.
    pub n: i64,
    /// The instant of the commit's turn; never before the entry before it.
    pub at: Micros,
    /// Who asked.
    pub actor: Actor,
    /// What makes the command unique: the idempotency record.
    pub cause: Arc<str>,
    /// What was asked.
    pub command: Command,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Entry {
    /// The canonical bytes: what is stored, hashed and proved.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        serde_json::to_vec(self).map_err(EntryError::Write)
    }

    /// Reads stored bytes back.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(bytes).map_err(EntryError::Read)?;
        if entry.format > FORMAT {
            return Err(EntryError::Newer {
                found: entry.format,
            });
        }
        Ok(entry)
    }

    /// The cases it touches, each once, in the order of their ids.
    pub fn cases(&self) -> Vec<Arc<str>> {
        let of = self.events.iter().filter_map(Event::case);
        let mut cases: Vec<Arc<str>> = of.map(|case| Arc::from(case.as_str())).collect();
        cases.sort_unstable();
        cases.dedup();
        cases
    }

    /// The events with their names.
    pub fn named(&self) -> impl Iterator<Item = (EventName, &Event)> {
        let n = self.n;
        (0..)
            .zip(&self.events)
            .map(move |(i, event)| (EventName { n, i }, event))
    }
}

/// Why an entry could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The entry has no JSON form.
    #[error("BATON-JOURNAL-001: the entry cannot be written as JSON: {0}")]
    Write(serde_json::Error),
    /// The bytes are not an entry.
    #[error(
        "BATON-JOURNAL-002: the stored bytes are not an entry: {0}; restore them from a backup"
    )]
    Read(serde_json::Error),
    /// A newer Baton wrote the entry.
    #[error("BATON-JOURNAL-003: a newer Baton wrote this entry (format {found}); run that version")]
    Newer {
        /// The level found.
        found: u32,
    },
}
