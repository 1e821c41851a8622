//! Sign-in: one-time links and sessions. Only hashes of tokens come here; the tokens themselves are
//! drawn by the shell, shown once and never stored.
//!
//! A link works once and at most a day; a session at most half a day. It checks no password and reads no
//! header. What a session may see is made in [`crate::Access::scope`].

use crate::refusal;
use crate::tenancy::Tenancy;
use baton_journal::{Event, Stop};
use baton_model::{Micros, WallTime, WorkerId};
use serde::{Deserialize, Serialize};

/// How long a link works at most.
pub const LINK_LIFE: WallTime = WallTime::hours(24);

/// How long a session holds at most.
pub const SESSION_LIFE: WallTime = WallTime::hours(12);

/// A one-time link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// For whom.
    pub worker: WorkerId,
    /// Until when it works.
    pub until: Micros,
    /// Whether it was used.
    pub used: bool,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub worker: WorkerId,
    /// Until when it holds.
    pub until: Micros,
}

impl Session {
    /// Whether it holds at an instant.
    pub fn holds(&self, now: Micros) -> bool {
        now < self.until
    }
}

/// A new link; it ends after a day at the latest.
pub(crate) fn invite(
    tenancy: &Tenancy,
    known: bool,
    worker: &WorkerId,
    link: &str,
    until: Micros,
    now: Micros,
) -> Result<Vec<Event>, Stop> {
    hash(link)?;
    if !tenancy.workers.contains_key(worker) {
        return Err(refusal::no_worker(worker));
    }
    if known {
        return Err(refusal::token_known());
    }
    Ok(vec![Event::LinkIssued {
        worker: worker.clone(),
        link: link.into(),
        until: bounded(until, now, LINK_LIFE)?,
    }])
}

/// A session for a link that works; the link is used up by it.
pub(crate) fn begin(
    link: (&str, Option<&Link>),
    session: (&str, Option<&Session>),
    until: Micros,
    now: Micros,
) -> Result<Vec<Event>, Stop> {
    hash(session.0)?;
    let works = |link: &&Link| !link.used && now < link.until;
    let found = link.1.filter(works).ok_or_else(refusal::dead_link)?;
    if session.1.is_some() {
        return Err(refusal::token_known());
    }
    Ok(vec![Event::SessionOpened {
        worker: found.worker.clone(),
        link: link.0.into(),
        session: session.0.into(),
        until: bounded(until, now, SESSION_LIFE)?,
    }])
}

fn bounded(until: Micros, now: Micros, life: WallTime) -> Result<Micros, Stop> {
    if until <= now {
        return Err(refusal::past());
    }
    Ok(until.min(now.plus(life)))
}

/// A token's hash, and nothing that could be the token itself.
fn hash(text: &str) -> Result<(), Stop> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == 64 && text.bytes().all(digit) {
        return Ok(());
    }
    Err(refusal::no_hash())
}
