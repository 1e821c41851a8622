//! The node: one thread that takes commands in batches, decides them in turn, commits the batch on the
//! head it was decided on, and only then answers.
//!
//! It holds no rule; `relay` decides. While commands wait, a batch is committed on a thread beside and
//! the next one is decided on the guess that it lands. Where the head has moved the guesses are
//! dropped, and the node catches up and decides again.

mod draft;
mod flight;

use crate::request::{Failure, Request};
use crate::turns::{Mark, Turns};
use crate::{Inner, tenant::Tenant};
use baton_journal::store::StoreError;
use baton_model::TenantId;
use draft::{Draft, Outcome};
use flight::{Committer, Decided, Landed, Refused, answer};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The most commands in one commit.
const BATCH: usize = 256;
/// How often a batch is decided again when another writer moves the head.
const ATTEMPTS: usize = 8;
/// From which of these on the other writers are held back.
const PATIENT: usize = 4;
/// How long the node looks for mail before it sleeps: who got an answer often asks again at once, and
/// waking up takes longer than that.
const LOOK: Duration = Duration::from_micros(100);
/// After how many batches in a row another program on the folder gets its turn.
const STREAK: u32 = 32;

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
    committer: Committer,
    mailbox: Mailbox,
    /// This program's turns to write on the data folder.
    turns: Turns,
    streak: u32,
}

impl Node {
    pub(crate) fn new(inner: Arc<Inner>, mail: Receiver<Mail>) -> std::io::Result<Self> {
        let mut mark = Mark::default();
        inner.random.fill(&mut mark);
        Ok(Self {
            committer: Committer::start(inner.clone())?,
            turns: Turns::on(&inner.folder, mark),
            inner,
            tenants: HashMap::new(),
            mailbox: Mailbox {
                mail,
                next: None,
                open: true,
            },
            streak: 0,
        })
    }

    /// Runs until told to stop.
    pub(crate) fn run(mut self) {
        while self.mailbox.open {
            if !self.mailbox.waits() {
                self.rest();
            }
            for (tenant, requests) in by_tenant(self.mailbox.collect()) {
                self.serve(&tenant, requests);
            }
        }
        self.rest();
        self.flush_all();
    }

    /// Decides a tenant's requests and has them committed and answered.
    fn serve(&mut self, tenant: &TenantId, requests: Vec<Request>) {
        if !self.committer.may_be_followed(tenant, &requests) {
            self.rest();
        }
        match self.decide(tenant, requests, false) {
            Ok(decided) => self.hand_over(tenant, decided),
            Err(refused) => {
                self.rest();
                self.again(tenant, refused);
            }
        }
    }

    /// Decides requests, on the head or on the guess that the batch on its way lands. Causes are looked
    /// up one by one only where it was seen that one is known: the store refuses a batch with a known
    /// cause, and its guesses are dropped.
    fn decide(
        &mut self,
        id: &TenantId,
        requests: Vec<Request>,
        look_up: bool,
    ) -> Result<Decided, Refused> {
        let inner = self.inner.clone();
        let tenant = match self.ready(id) {
            Ok(tenant) => tenant,
            Err(error) => return Err(Refused { error, requests }),
        };
        let mut draft = Draft::on(tenant, id);
        for request in &requests {
            if let Err(error) = draft.decide(&inner, tenant, request, look_up) {
                return Err(Refused { error, requests });
            }
        }
        let finished = draft.finish(tenant, requests);
        finished.map_err(|(error, requests)| Refused { error, requests })
    }

    /// A tenant at its head. Of several programs on one data folder one decides at a time; where nobody
    /// else had a turn since, the head is where it was, and the commit checks it all the same.
    fn ready(&mut self, id: &TenantId) -> Result<&mut Tenant, StoreError> {
        let store = &self.inner.store;
        let flying = self.committer.is_flying();
        if !flying && !self.turns.held() && (self.turns.begin() || store.is_shared()) {
            let known = self.tenants.values_mut();
            known.for_each(|tenant| tenant.behind = true);
        }
        let tenant = match self.tenants.entry(id.clone()) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => new.insert(Tenant::load(store, id)?),
        };
        if !flying && tenant.behind {
            tenant.catch_up(store)?;
        }
        Ok(tenant)
    }

    /// Commits a decided batch once the one before it has landed: beside, where more commands wait, else
    /// here.
    fn hand_over(&mut self, tenant: &TenantId, decided: Decided) {
        if let Err(earlier) = self.land() {
            let error = StoreError::HeadMoved {
                expected: decided.batch.base.n,
                found: 0,
            };
            self.again(tenant, earlier);
            let requests = decided.requests;
            return self.again(tenant, Refused { error, requests });
        }
        self.streak += 1;
        if self.streak < STREAK && self.mailbox.waits() {
            return self.committer.launch(decided);
        }
        match decided.commit(&self.inner) {
            Ok(landed) => self.landed(tenant, &landed),
            Err(refused) => self.again(tenant, refused),
        }
        self.rest();
    }

    /// Decides again what could not be committed, as often as another writer is the reason. One that was
    /// slower several times holds the others back, on other machines too; without that the head decides.
    fn again(&mut self, tenant: &TenantId, mut refused: Refused) {
        let store = self.inner.store.clone();
        let mut _held = None;
        for attempt in 1..ATTEMPTS {
            self.tenants.remove(tenant);
            if !matches!(
                refused.error,
                StoreError::HeadMoved { .. } | StoreError::CauseKnown { .. }
            ) {
                break;
            }
            if attempt >= PATIENT {
                _held = None;
                _held = store.hold(tenant).ok().flatten();
            }
            let decided = self.decide(tenant, refused.requests, true);
            match decided.and_then(|decided| decided.commit(&self.inner)) {
                Ok(landed) => return self.landed(tenant, &landed),
                Err(next) => refused = next,
            }
        }
        self.tenants.remove(tenant);
        let reason = refused.error.to_string();
        for request in refused.requests {
            answer(request, Outcome::Failed(Failure::Store(reason.clone())));
        }
    }

    /// Waits for the batch on its way; what is wrong with it, if it did not land.
    fn land(&mut self) -> Result<(), Refused> {
        match self.committer.land() {
            None => Ok(()),
            Some((tenant, Ok(landed))) => {
                self.landed(&tenant, &landed);
                Ok(())
            }
            Some((_, Err(refused))) => Err(refused),
        }
    }

    fn landed(&mut self, tenant: &TenantId, landed: &Landed) {
        if let (Some(flushed), Some(tenant)) = (landed.flushed, self.tenants.get_mut(tenant)) {
            tenant.flushed_to(flushed);
        }
    }

    /// Brings down what is on its way, and ends this program's turn.
    fn rest(&mut self) {
        if let Some((tenant, result)) = self.committer.land() {
            match result {
                Ok(landed) => self.landed(&tenant, &landed),
                Err(refused) => self.again(&tenant, refused),
            }
        }
        self.turns.end();
        self.streak = 0;
    }

    fn flush_all(&mut self) {
        for (id, tenant) in &mut self.tenants {
            let slots = Draft::on(tenant, id).slots(tenant);
            if let Err(error) = slots.and_then(|batch| self.inner.store.commit(&batch)) {
                tracing::warn!(tenant = %id, %error, "slots were not kept; the next start replays a little more");
            }
        }
    }
}

/// The node's mail, with one piece of it in hand.
struct Mailbox {
    mail: Receiver<Mail>,
    next: Option<Mail>,
    open: bool,
}

impl Mailbox {
    /// Whether mail waits; the first piece is then in hand.
    fn waits(&mut self) -> bool {
        if self.next.is_none() {
            self.next = self.mail.try_recv().ok();
        }
        self.next.is_some()
    }

    /// Waits for a command, then takes what else is there.
    fn collect(&mut self) -> Vec<Request> {
        let mut requests = Vec::new();
        let mut next = self.next.take().or_else(|| self.wait());
        while let Some(mail) = next {
            match mail {
                Mail::Command(request) => requests.push(*request),
                Mail::Stop => {
                    self.open = false;
                    return requests;
                }
            }
            next = if requests.len() < BATCH {
                self.mail.try_recv().ok()
            } else {
                None
            };
        }
        requests
    }

    fn wait(&mut self) -> Option<Mail> {
        let until = Instant::now() + LOOK;
        while Instant::now() < until {
            if let Ok(mail) = self.mail.try_recv() {
                return Some(mail);
            }
            std::thread::yield_now();
        }
        let mail = self.mail.recv_timeout(Duration::from_secs(3_600));
        self.open = !matches!(mail, Err(RecvTimeoutError::Disconnected));
        mail.ok()
    }
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
