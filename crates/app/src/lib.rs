//! The shell around the stages: it seals at the door, batches, commits and answers; runs timers and
//! evaluations; reads views under a scope; and brings documents in.
//!
//! It holds no rule of the business. Clock, randomness, keys and storage are its own; the stages get
//! what they need as arguments. `web` and the program `baton` sit on top.

pub mod agreements;
pub mod clock;
pub mod documents;
mod door;
pub mod erasure;
pub mod evaluator;
pub mod figures;
pub mod folder;
pub mod granted;
pub mod imports;
pub mod keystore;
pub mod lanes;
mod node;
pub mod once;
pub mod originals;
pub mod packs;
mod peek;
pub mod people;
pub mod proofs;
pub mod ramps;
pub mod recompute;
mod request;
pub mod sight;
pub mod signing;
mod tenant;
pub mod ticks;
mod turns;
mod typed;
pub mod views;
mod waiting;

pub use baton_access::{Shown, Target};
use baton_journal::store::Store;
pub use baton_journal::store::StoreError;
use baton_journal::{Actor, Command};
use baton_model::{Record, SubjectId, TenantId};
use clock::{Clock, Random, SystemClock, SystemRandom};
use door::Door;
use evaluator::Evaluator;
pub use folder::Folder;
use node::{Mail, Node};
pub use request::{Failure, Receipt};
use request::{Reply, Request};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::{broadcast, oneshot};
use waiting::Waiting;

/// What may be asked and what comes of it: the journal's words, for pages and the HTTP API.
pub mod command {
    pub use baton_journal::command::agreement::SetAgreement;
    pub use baton_journal::command::{
        Assign, ClaimFor, DecideTime, Extend, Fail, Fenced, IssueToken, PlanShares, ProposeTime,
        RevokeToken,
    };
    pub use baton_journal::document::ORIGINAL;
    pub use baton_journal::event::{FieldRevealed, Gate, GateMeasure, Step};
    pub use baton_journal::people::{Able, WorkState};
    pub use baton_journal::turn::Refusal;
    pub use baton_journal::{Actor, Command, Entry, Event, EventName, FiredRule, Rejection};
}

/// The forms of packs, for pages.
pub mod forms {
    pub use baton_formats::form::{Choice, Field, FieldError, Form, Kind};
}

/// Rate cards and what they charge: the rules are `bill`'s.
pub mod rates {
    pub use baton_bill::credits::{CreditLine, Credits};
    pub use baton_bill::{Asked, Bill, Charge, Fault, RateCard, ask, card, rate, read};
}

/// The node's stack: a turn may compile a model.
const STACK: usize = 16 << 20;

/// A running Baton over one data folder.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    mailbox: Sender<Mail>,
    node: Arc<Mutex<Option<JoinHandle<()>>>>,
    stopping: Arc<AtomicBool>,
}

/// What an app takes from outside: the clock, the randomness, and where it evaluates.
pub struct Outside {
    /// Tells the instant.
    pub clock: Arc<dyn Clock>,
    /// Gives unpredictable bytes.
    pub random: Arc<dyn Random>,
    /// Evaluates what packs say.
    pub evaluator: Evaluator,
}

impl Default for Outside {
    /// The machine's clock and randomness; evaluations on a thread.
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            evaluator: Evaluator::on_a_thread(),
        }
    }
}

/// What the node and the readers share.
pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: Folder,
    pub(crate) door: Door,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) evaluator: Evaluator,
    heads: broadcast::Sender<(TenantId, i64)>,
    waiting: Waiting,
}

impl Inner {
    pub(crate) fn announce(&self, tenant: &TenantId, n: i64) {
        // Nobody listening is no fault.
        let _ = self.heads.send((tenant.clone(), n));
    }
}

/// Why Baton did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error("{0}")]
    Keys(String),
    /// The machine.
    #[error("BATON-APP-003: {what} could not be made: {error}")]
    Io {
        /// What.
        what: &'static str,
        /// The system's words.
        error: std::io::Error,
    },
}

impl App {
    /// Starts over a data folder with the machine's clock and randomness.
    pub fn start(folder: Folder, store: Arc<dyn Store>) -> Result<Self, StartError> {
        Self::start_in(folder, store, Outside::default())
    }

    /// Starts with a clock and a randomness of the caller's.
    pub fn start_with(
        folder: Folder,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, StartError> {
        let outside = Outside {
            clock,
            random,
            ..Outside::default()
        };
        Self::start_in(folder, store, outside)
    }

    /// Starts with all that comes from outside given by the caller.
    pub fn start_in(
        folder: Folder,
        store: Arc<dyn Store>,
        outside: Outside,
    ) -> Result<Self, StartError> {
        let io = |what| move |error| StartError::Io { what, error };
        folder.make().map_err(io("the data folder"))?;
        let random = outside.random;
        let door = Door::open_folder(&folder, random.clone()).map_err(StartError::Keys)?;
        let stale = store.prepare(&baton_relay::views())?;
        let (heads, _) = broadcast::channel(256);
        let inner = Arc::new(Inner {
            store,
            folder,
            door,
            clock: outside.clock,
            random,
            evaluator: outside.evaluator,
            heads,
            waiting: Waiting::default(),
        });
        proofs::rebuild_stale(&inner.store, &stale)?;
        let (mailbox, mail) = channel();
        let node = Node::new(inner.clone(), mail).map_err(io("the committing thread"))?;
        let thread = std::thread::Builder::new()
            .name("node".into())
            .stack_size(STACK);
        let node = thread
            .spawn(move || node.run())
            .map_err(io("the node's thread"))?;
        let app = Self {
            inner,
            mailbox,
            node: Arc::new(Mutex::new(Some(node))),
            stopping: Arc::default(),
        };
        erasure::mend(&app).map_err(|failure| StartError::Keys(failure.to_string()))?;
        Ok(app)
    }

    /// Sends a command and waits for its answer. The cause makes it unique: sent again under the same
    /// cause it is answered again, and nothing happens twice.
    pub async fn submit(
        &self,
        tenant: &TenantId,
        actor: Actor,
        cause: &str,
        command: Command,
    ) -> Result<Receipt, Failure> {
        let (answer, answered) = oneshot::channel();
        self.send(
            tenant,
            actor,
            cause,
            command,
            Box::new(|outcome| drop(answer.send(outcome))),
        )?;
        answered.await.unwrap_or(Err(Failure::Stopped))
    }

    /// The same for a caller that is not asynchronous.
    pub fn submit_now(
        &self,
        tenant: &TenantId,
        actor: Actor,
        cause: &str,
        command: Command,
    ) -> Result<Receipt, Failure> {
        let (answer, answered) = std::sync::mpsc::channel();
        self.send(
            tenant,
            actor,
            cause,
            command,
            Box::new(move |outcome| drop(answer.send(outcome))),
        )?;
        self.inner
            .waiting
            .answer(&answered)
            .unwrap_or(Err(Failure::Stopped))
    }

    fn send(
        &self,
        tenant: &TenantId,
        actor: Actor,
        cause: &str,
        command: Command,
        reply: Reply,
    ) -> Result<(), Failure> {
        let request = Request {
            tenant: tenant.clone(),
            actor,
            cause: Arc::from(cause),
            command,
            reply,
        };
        self.mailbox
            .send(Mail::Command(Box::new(request)))
            .map_err(|_| Failure::Stopped)
    }

    /// A cause nobody else has: for commands that need no repetition. It begins with the instant, so that
    /// causes made one after another lie beside each other in the index.
    pub fn fresh_cause(&self, kind: &str) -> String {
        format!("{kind}:{:x}-{}", self.now().0, self.token(16))
    }

    /// Random bytes in hex.
    pub fn token(&self, bytes: usize) -> String {
        let mut token = vec![0; bytes];
        self.inner.random.fill(&mut token);
        hex(&token)
    }

    /// The fields that are personal in a tenant: those of every document, and those its packs name.
    pub(crate) fn personal(&self, tenant: &TenantId) -> Result<Vec<String>, StoreError> {
        let own = baton_intake::reading::PERSONAL
            .iter()
            .map(ToString::to_string);
        let named = views::personal(&views::Reader::shell(self, tenant))?;
        Ok(own.chain(named).collect())
    }

    /// A case's fields that were typed, personal ones sealed under the case's own key.
    pub fn sealed(&self, tenant: &TenantId, case: &str, record: Record) -> Result<Record, Failure> {
        let personal = self
            .personal(tenant)
            .map_err(|error| Failure::Store(error.to_string()))?;
        if !record
            .keys()
            .any(|field| baton_access::matches(&personal, field))
        {
            return Ok(record);
        }
        let place = baton_access::Place::new(tenant, case);
        self.inner.door.seal(
            place,
            &SubjectId::new(format!("case:{case}")),
            record,
            &personal,
        )
    }

    /// The instant now.
    pub fn now(&self) -> baton_model::Micros {
        self.inner.clock.now()
    }

    /// The tenants of this data folder.
    pub fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.inner.store.tenants()
    }

    /// The data folder.
    pub fn folder(&self) -> &Folder {
        &self.inner.folder
    }

    /// The store, to read.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// Tells of each commit: the tenant and its new head.
    pub fn heads(&self) -> broadcast::Receiver<(TenantId, i64)> {
        self.inner.heads.subscribe()
    }

    /// Tells whatever runs beside the node that it is about to stop.
    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Answers what is under way, keeps all slots and stops.
    pub fn stop(&self) {
        let _ = self.mailbox.send(Mail::Stop);
        let node = self
            .node
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(node) = node
            && node.join().is_err()
        {
            tracing::error!(
                "the node ended by a fault of its own; the journal is sound up to the last answer"
            );
        }
    }
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            text.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
            text.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
            text
        })
}
