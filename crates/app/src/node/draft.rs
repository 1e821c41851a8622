//! A batch while it is decided: one command after another, each seeing its predecessors in memory.

use super::flight::Decided;
use crate::request::{Failure, Receipt, Request};
use crate::{Inner, peek::ShellPeek, tenant::Tenant};
use baton_journal::store::{Batch, StoreError, StoredEntry};
use baton_journal::{Change, Entry, Env, Event, entry::FORMAT};
use baton_model::{Micros, TenantId};
use baton_relay::Turned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// After how many entries the changed slots are kept.
const FLUSH: i64 = 1_000;

/// What became of one request of a batch, answered after the commit.
pub(super) enum Outcome {
    Accepted {
        n: i64,
        at: Micros,
        events: Vec<Event>,
    },
    Failed(Failure),
}

/// A batch while it is decided.
pub(super) struct Draft {
    batch: Batch,
    outcomes: Vec<Outcome>,
    causes: BTreeMap<Arc<str>, usize>,
}

impl Draft {
    /// An empty batch on a tenant's head.
    pub(super) fn on(tenant: &Tenant, id: &TenantId) -> Self {
        let batch = Batch {
            tenant: id.clone(),
            base: tenant.head.clone(),
            entries: Vec::new(),
            changes: Vec::new(),
            snapshots: Vec::new(),
            flushed: None,
        };
        Self {
            batch,
            outcomes: Vec::new(),
            causes: BTreeMap::new(),
        }
    }

    /// Decides a request; its outcome is answered when the batch is committed.
    pub(super) fn decide(
        &mut self,
        inner: &Inner,
        tenant: &mut Tenant,
        request: &Request,
        look_up: bool,
    ) -> Result<(), StoreError> {
        let outcome = self.outcome(inner, tenant, request, look_up)?;
        self.outcomes.push(outcome);
        Ok(())
    }

    fn outcome(
        &mut self,
        inner: &Inner,
        tenant: &mut Tenant,
        request: &Request,
        look_up: bool,
    ) -> Result<Outcome, StoreError> {
        if let Some(earlier) = self.causes.get(&request.cause) {
            return Ok(self.repeated_here(*earlier));
        }
        if look_up && let Some(known) = self.known(inner, request)? {
            return Ok(known);
        }
        let (n, now) = (tenant.head.n + 1, inner.clock.now().max(tenant.head.at));
        let id = self.batch.tenant.clone();
        let peek = ShellPeek { inner, tenant: &id };
        let env = Env {
            now,
            n,
            tenant: &id,
            actor: &request.actor,
            peek: &peek,
        };
        match tenant.turn(&inner.store, &request.command, &env)? {
            // A command sent again may be refused because of what it did the first time.
            Turned::Rejected(rejection) => Ok(self
                .known(inner, request)?
                .unwrap_or(Outcome::Failed(Failure::Rejected(rejection)))),
            Turned::Accepted { events, changes } => {
                self.causes
                    .insert(request.cause.clone(), self.outcomes.len());
                self.append(tenant, request, (n, now), events, changes)
            }
        }
    }

    /// The answer of a request whose cause is in the journal already.
    fn known(&self, inner: &Inner, request: &Request) -> Result<Option<Outcome>, StoreError> {
        let n = inner.store.cause(&self.batch.tenant, &request.cause)?;
        n.map(|n| repeated(inner, &self.batch.tenant, n))
            .transpose()
    }

    fn append(
        &mut self,
        tenant: &mut Tenant,
        request: &Request,
        (n, at): (i64, Micros),
        events: Vec<Event>,
        changes: Vec<Change>,
    ) -> Result<Outcome, StoreError> {
        let entry = Entry {
            format: FORMAT,
            tenant: self.batch.tenant.clone(),
            n,
            at,
            actor: request.actor.clone(),
            cause: request.cause.clone(),
            command: request.command.clone(),
            events,
        };
        let stored = stored(&entry, &tenant.head.chain)?;
        (tenant.head.n, tenant.head.at, tenant.head.chain) = (n, at, stored.chain);
        self.batch.entries.push(stored);
        self.batch.changes.extend(changes);
        Ok(Outcome::Accepted {
            n,
            at,
            events: entry.events,
        })
    }

    /// The batch as it is to be committed, with the changed slots where they are due.
    pub(super) fn finish(
        mut self,
        tenant: &mut Tenant,
        requests: Vec<Request>,
    ) -> Result<Decided, (StoreError, Vec<Request>)> {
        let due = tenant.head.n - tenant.flushed >= FLUSH && !self.batch.entries.is_empty();
        if due && let Err(error) = self.flush(tenant) {
            return Err((error, requests));
        }
        Ok(Decided {
            batch: self.batch,
            outcomes: self.outcomes,
            requests,
        })
    }

    /// The changed slots, to be kept with no entry.
    pub(super) fn slots(mut self, tenant: &mut Tenant) -> Result<Batch, StoreError> {
        self.flush(tenant)?;
        Ok(self.batch)
    }

    fn flush(&mut self, tenant: &mut Tenant) -> Result<(), StoreError> {
        self.batch.snapshots = tenant.drain()?;
        self.batch.flushed = Some(tenant.head.n);
        Ok(())
    }

    fn repeated_here(&self, earlier: usize) -> Outcome {
        match &self.outcomes[earlier] {
            Outcome::Accepted { n, at, events } => {
                let receipt = Receipt {
                    n: *n,
                    at: *at,
                    events: events.clone(),
                    repeated: true,
                };
                Outcome::Failed(Failure::Repeated(Box::new(receipt)))
            }
            Outcome::Failed(failure) => Outcome::Failed(failure.clone()),
        }
    }
}

/// The answer a command got when it was first accepted.
fn repeated(inner: &Inner, tenant: &TenantId, n: i64) -> Result<Outcome, StoreError> {
    let stored = inner.store.entries(tenant, n - 1, 1)?;
    let entry = stored
        .first()
        .and_then(|stored| Entry::from_bytes(&stored.bytes).ok());
    Ok(Outcome::Failed(match entry {
        Some(entry) => Failure::Repeated(Box::new(Receipt {
            n,
            at: entry.at,
            events: entry.events,
            repeated: true,
        })),
        None => Failure::Store(format!("entry {n} cannot be read; run `baton verify`")),
    }))
}

/// The entry as it is stored: its bytes, the chain after it, and the cases it touches.
fn stored(entry: &Entry, before: &[u8; 32]) -> Result<StoredEntry, StoreError> {
    let bytes = entry.to_bytes().map_err(|error| StoreError::Write {
        operation: "an entry",
        reason: error.to_string(),
    })?;
    let chain = baton_journal::chain::next(before, &bytes);
    Ok(StoredEntry {
        n: entry.n,
        at: entry.at,
        cause: entry.cause.clone(),
        bytes,
        chain,
        cases: entry.cases(),
    })
}
