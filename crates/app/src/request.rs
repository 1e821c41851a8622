//! Requests to the node and what comes back.

use baton_journal::turn::Refusal;
use baton_journal::{Actor, Command, Event, Rejection};
use baton_model::{Micros, TenantId};
use std::sync::Arc;

/// Called once with the answer, after the commit.
pub(crate) type Reply = Box<dyn FnOnce(Result<Receipt, Failure>) + Send>;

/// A sealed command on its way to the node.
pub(crate) struct Request {
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    pub(crate) cause: Arc<str>,
    pub(crate) command: Command,
    pub(crate) reply: Reply,
}

/// An acknowledged command: it is in the journal for good.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The entry's number.
    pub n: i64,
    /// The entry's instant.
    pub at: Micros,
    /// What happened.
    pub events: Vec<Event>,
    /// Whether the command had been accepted before, under the same cause; nothing happened again.
    pub repeated: bool,
}

/// Why a command was not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// A stage refused it.
    #[error("{0}")]
    Rejected(Rejection),
    /// It could not be kept; nothing was done.
    #[error("{0}")]
    Store(String),
    /// The node has stopped; nothing was done.
    #[error("BATON-APP-001: Baton is stopping; send the command again when it is back")]
    Stopped,
    /// A field could not be sealed at the door; nothing was done.
    #[error("BATON-APP-002: {0}")]
    Door(String),
    /// It had been accepted before.
    #[error("the command was accepted before as entry {}", .0.n)]
    Repeated(Box<Receipt>),
}

impl Failure {
    /// Whether a stage refused the command in this way.
    pub fn is(&self, kind: Refusal) -> bool {
        self.rejection()
            .is_some_and(|rejection| rejection.kind == kind)
    }

    /// The rejection, if a stage refused the command.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }
}
