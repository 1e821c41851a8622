//! Tokens of client programs: a program that has one acts as its worker, with the worker's sight and
//! nothing more, until the token ends or is revoked. Only hashes come here.
//!
//! It draws no token and reads no header; the shell does. Its events are folded into slots by hash, and
//! the view `token` is what every request is checked against.

use crate::refusal;
use crate::session::{bounded, hash};
use crate::tenancy::Tenancy;
use baton_journal::command::IssueToken;
use baton_journal::event::{TokenIssued, TokenRevoked};
use baton_journal::{Actor, Event, Stop};
use baton_model::{Micros, WallTime, WorkerId};
use serde::{Deserialize, Serialize};

/// How long a token holds at most.
pub const TOKEN_LIFE: WallTime = WallTime::hours(24 * 366);

/// The most characters of a token's name.
const NAME: usize = 100;

/// A token that was issued and not revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// As whom its holder acts.
    pub worker: WorkerId,
    /// Until when.
    pub until: Micros,
}

/// A new token; it ends after a year at the latest.
pub(crate) fn issue(
    tenancy: &Tenancy,
    known: bool,
    asked: &IssueToken,
    now: Micros,
) -> Result<Vec<Event>, Stop> {
    hash(&asked.hash)?;
    if !tenancy.workers.contains_key(&asked.worker) {
        return Err(refusal::no_worker(&asked.worker));
    }
    if known {
        return Err(refusal::token_known());
    }
    let name = asked.name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(refusal::no_name(NAME));
    }
    Ok(vec![Event::TokenIssued(TokenIssued {
        worker: asked.worker.clone(),
        hash: asked.hash.clone(),
        name: name.into(),
        until: bounded(asked.until, now, TOKEN_LIFE)?,
    })])
}

/// The end of a token, asked for by its worker, by an administrator, or by Baton itself.
pub(crate) fn revoke(
    tenancy: &Tenancy,
    found: Option<&Token>,
    token: &str,
    actor: &Actor,
) -> Result<Vec<Event>, Stop> {
    let found = found.ok_or_else(refusal::no_token)?;
    let allowed = actor.worker().is_none_or(|worker| {
        let person = tenancy.workers.get(worker);
        *worker == found.worker || person.is_some_and(|person| tenancy.is_administrator(person))
    });
    if !allowed {
        return Err(refusal::no_token());
    }
    Ok(vec![Event::TokenRevoked(TokenRevoked {
        hash: token.into(),
    })])
}
