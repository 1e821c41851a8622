//! Sign-in: one-time links and sessions. Only hashes of tokens come here; the tokens themselves are
//! drawn by the shell, shown once and never stored.
//!
//! A link works once and at most a day; a session at most half a day. It checks no password and reads no
//! header. What a session may see is made in [`crate::Access::scope`].

use crate::refusal;
use crate::tenancy::Tenancy;
use baton_journal::event::{LinkIssued, SessionOpened};
use baton_journal::store::Row;
use baton_journal::{Event, Stop};
use baton_model::{LaneId, Micros, PartyId, Scope, TenantId, WallTime, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// The query whose row [`scope_of`] reads; `$1` is the tenant, `$2` the hash of a session's token or of a
/// client program's.
pub const SESSION_SQL: &str = "select w.worker, w.party, w.lanes, w.client, s.until, w.site, w.name, w.roles, w.able from \
     (select worker, until from session where tenant = $1 and session = $2 \
     union all select worker, until from token where tenant = $1 and token = $2) s \
     join worker w on w.tenant = $1 and w.worker = s.worker";

/// What the session of a row of [`SESSION_SQL`] may see; nothing if it has ended.
pub fn scope_of(tenant: &TenantId, row: &Row, now: Micros) -> Option<Scope> {
    let text = |column: usize| row.get(column)?.text();
    let lanes: BTreeSet<LaneId> = serde_json::from_str(text(2)?).ok()?;
    let (worker, party) = (WorkerId::new(text(0)?), PartyId::new(text(1)?));
    let client = row.get(3)?.int() == 1;
    let holds = now.0 < row.get(4)?.int();
    holds.then(|| Scope::issue(tenant.clone(), party, worker, lanes, client))
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
    Ok(vec![Event::LinkIssued(LinkIssued {
        worker: worker.clone(),
        link: link.into(),
        until: bounded(until, now, LINK_LIFE)?,
    })])
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
    Ok(vec![Event::SessionOpened(SessionOpened {
        worker: found.worker.clone(),
        link: link.0.into(),
        session: session.0.into(),
        until: bounded(until, now, SESSION_LIFE)?,
    })])
}

pub(crate) fn bounded(until: Micros, now: Micros, life: WallTime) -> Result<Micros, Stop> {
    if until <= now {
        return Err(refusal::past());
    }
    Ok(until.min(now.plus(life)))
}

/// A token's hash, and nothing that could be the token itself.
pub(crate) fn hash(text: &str) -> Result<(), Stop> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == 64 && text.bytes().all(digit) {
        return Ok(());
    }
    Err(refusal::no_hash())
}

/// The scope of a party without a worker, for the figures that whoever runs Baton prints. It sees the
/// party's scorecards and statements, and no case.
pub fn party_scope(tenant: &TenantId, party: &PartyId, client: bool) -> Scope {
    let (worker, lanes) = (WorkerId::new(""), BTreeSet::new());
    Scope::issue(tenant.clone(), party.clone(), worker, lanes, client)
}
