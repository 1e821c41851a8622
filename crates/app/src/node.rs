//! The node: one thread that takes commands in batches, decides them in turn, commits the batch on the
//! head it was decided on, and only then answers.
//!
//! It holds no rule; `relay` decides. Where the head has moved it drops its guesses, catches up and
//! decides again.

use crate::request::{Failure, Receipt, Reply, Request};
use crate::{Inner, peek::ShellPeek, tenant::Tenant};
use baton_journal::store::{Batch, StoreError, StoredEntry};
use baton_journal::{Change, Entry, Env, Event, entry::FORMAT};
use baton_model::{Micros, TenantId};
use baton_relay::Turned;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// The most commands in one commit.
const BATCH: usize = 256;
/// How often a batch is decided again when another writer moves the head.
const ATTEMPTS: usize = 8;
/// After how many entries the changed slots are kept.
const FLUSH: i64 = 1_000;

/// What the node is told.
pub(crate) enum Mail {
    /// A command.
    Command(Box<Request>),
    /// Keep all slots and stop.
    Stop,
}

/// The node's own state.
pub(crate) struct Node {
    inner: Arc<Inner>,
    tenants: HashMap<TenantId, Tenant>,
}

/// What became of one request of a batch, answered after the commit.
enum Outcome {
    Accepted {
        n: i64,
        at: Micros,
        events: Vec<Event>,
    },
    Failed(Failure),
}

/// A batch while it is decided.
struct Draft {
    batch: Batch,
    outcomes: Vec<Outcome>,
    causes: BTreeMap<Arc<str>, usize>,
}

impl Node {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            tenants: HashMap::new(),
        }
    }

    /// Runs until told to stop.
    pub(crate) fn run(mut self, mailbox: &Receiver<Mail>) {
        loop {
            let (requests, more) = collect(mailbox);
            for (tenant, requests) in by_tenant(requests) {
                self.serve(&tenant, requests);
            }
            if !more {
                break;
            }
        }
        self.flush_all();
    }

    fn serve(&mut self, tenant: &TenantId, requests: Vec<Request>) {
        let outcomes = self.settle(tenant, &requests);
        for (request, outcome) in requests.into_iter().zip(outcomes) {
            let reply: Reply = request.reply;
            reply(match outcome {
                Outcome::Accepted { n, at, events } => Ok(Receipt {
                    n,
                    at,
                    events,
                    repeated: false,
                }),
                Outcome::Failed(Failure::Repeated(receipt)) => Ok(*receipt),
                Outcome::Failed(failure) => Err(failure),
            });
        }
    }

    /// Decides and commits a tenant's requests; an outcome for each.
    fn settle(&mut self, tenant: &TenantId, requests: &[Request]) -> Vec<Outcome> {
        let (mut reason, mut look_up) = (None, false);
        // Of several programs on one data folder one decides at a time; the head is checked all the same.
        let _turn = self.inner.folder.turn();
        for _ in 0..ATTEMPTS {
            match self.attempt(tenant, requests, look_up) {
                Ok(outcomes) => return outcomes,
                Err(error) => {
                    self.tenants.remove(tenant);
                    look_up = true;
                    let again = matches!(
                        error,
                        StoreError::HeadMoved { .. } | StoreError::CauseKnown { .. }
                    );
                    reason = Some(error.to_string());
                    if !again {
                        break;
                    }
                }
            }
        }
        let reason = reason.unwrap_or_default();
        requests
            .iter()
            .map(|_| Outcome::Failed(Failure::Store(reason.clone())))
            .collect()
    }

    /// Decides and commits. Causes are looked up one by one only where it was seen that one is known:
    /// the store refuses a batch with a known cause, and its guesses are dropped.
    fn attempt(
        &mut self,
        id: &TenantId,
        requests: &[Request],
        look_up: bool,
    ) -> Result<Vec<Outcome>, StoreError> {
        let inner = self.inner.clone();
        if !self.tenants.contains_key(id) {
            self.tenants
                .insert(id.clone(), Tenant::load(&inner.store, id)?);
        }
        let Some(tenant) = self.tenants.get_mut(id) else {
            return Ok(Vec::new());
        };
        tenant.catch_up(&inner.store)?;
        let mut draft = Draft::on(tenant, id);
        for request in requests {
            let outcome = draft.decide(&inner, tenant, request, look_up)?;
            draft.outcomes.push(outcome);
        }
        draft.commit(&inner, tenant)
    }

    fn flush_all(&mut self) {
        for (id, tenant) in &mut self.tenants {
            let mut draft = Draft::on(tenant, id);
            if let Err(error) = draft
                .flush(tenant)
                .and_then(|()| self.inner.store.commit(&draft.batch))
            {
                tracing::warn!(tenant = %id, %error, "slots were not kept; the next start replays a little more");
            }
        }
    }
}

impl Draft {
    fn on(tenant: &Tenant, id: &TenantId) -> Self {
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

    fn decide(
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

    fn commit(mut self, inner: &Inner, tenant: &mut Tenant) -> Result<Vec<Outcome>, StoreError> {
        if self.batch.entries.is_empty() {
            let found = inner.store.head(&self.batch.tenant)?.n;
            let expected = self.batch.base.n;
            return if found == expected {
                Ok(self.outcomes)
            } else {
                Err(StoreError::HeadMoved { expected, found })
            };
        }
        if tenant.head.n - tenant.flushed >= FLUSH {
            self.flush(tenant)?;
        }
        inner.store.commit(&self.batch)?;
        if let Some(flushed) = self.batch.flushed {
            tenant.flushed_to(flushed);
        }
        inner.announce(&self.batch.tenant, tenant.head.n);
        Ok(self.outcomes)
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
    let mut cases: Vec<Arc<str>> = entry
        .events
        .iter()
        .filter_map(|event| event.case())
        .map(|case| Arc::from(case.as_str()))
        .collect();
    cases.sort_unstable();
    cases.dedup();
    let chain = baton_journal::chain::next(before, &bytes);
    Ok(StoredEntry {
        n: entry.n,
        at: entry.at,
        cause: entry.cause.clone(),
        bytes,
        chain,
        cases,
    })
}

/// Waits for mail, then takes what else is there. False when the node is to stop.
fn collect(mailbox: &Receiver<Mail>) -> (Vec<Request>, bool) {
    let mut requests = Vec::new();
    let first = match mailbox.recv_timeout(Duration::from_secs(3_600)) {
        Ok(mail) => mail,
        Err(RecvTimeoutError::Timeout) => return (requests, true),
        Err(RecvTimeoutError::Disconnected) => return (requests, false),
    };
    let mut next = Some(first);
    while let Some(mail) = next {
        match mail {
            Mail::Command(request) => requests.push(*request),
            Mail::Stop => return (requests, false),
        }
        next = if requests.len() < BATCH {
            mailbox.try_recv().ok()
        } else {
            None
        };
    }
    (requests, true)
}

fn by_tenant(requests: Vec<Request>) -> BTreeMap<TenantId, Vec<Request>> {
    let mut groups: BTreeMap<TenantId, Vec<Request>> = BTreeMap::new();
    for request in requests {
        groups
            .entry(request.tenant.clone())
            .or_default()
            .push(request);
    }
    groups
}
