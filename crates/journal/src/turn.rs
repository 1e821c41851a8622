//! The frame of a turn: what a stage is given ([`Env`], [`Peek`]) and what it may answer
//! ([`Rejection`], [`Need`], [`Stop`]).

use crate::{Actor, Key};
use baton_model::{CaseId, Cell, Micros, TenantId, Value};
use serde::{Deserialize, Serialize};

/// What surrounds a decision: the instant, the number the entry will have, who asks, and a way to
/// open cells and evaluate expressions.
pub struct Env<'a> {
    /// The instant of the turn.
    pub now: Micros,
    /// The number the entry will have.
    pub n: i64,
    /// Whose journal.
    pub tenant: &'a TenantId,
    /// Who asks.
    pub actor: &'a Actor,
    /// Opens cells and evaluates.
    pub peek: &'a dyn Peek,
}

/// What the shell lends to a stage for one evaluation. The same question has the same answer.
pub trait Peek {
    /// Opens a cell of a case's field. An erased field is an error, never null.
    fn open(&self, case: &CaseId, field: &str, cell: &Cell) -> Result<Value, String>;
    /// Evaluates an expression or a decision, within its limits.
    fn evaluate(&self, question: &Question) -> Result<Answer, String>;
}

/// What is to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// A FEEL expression.
    Expression {
        /// Its text.
        text: String,
        /// The values it may read, a map.
        context: Value,
        /// The instant of the turn.
        now: Micros,
    },
    /// A decision of a DMN model.
    Decision {
        /// The DMN files' texts in which to look for it.
        models: std::sync::Arc<Vec<String>>,
        /// The decision's name or id.
        decision: String,
        /// The values it may read, a map.
        context: Value,
        /// The instant of the turn.
        now: Micros,
    },
}

/// The answer of an evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The result.
    pub value: Value,
    /// The rules that fired, of a decision table.
    pub rules: Vec<FiredRule>,
}

/// A rule of a decision table that fired, with what it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredRule {
    /// Its place in the table, from 1.
    pub index: u32,
    /// Its id in the model.
    pub id: String,
    /// The input expressions and the values they had.
    pub inputs: Vec<(String, Value)>,
    /// The outputs by name.
    pub outputs: Vec<(String, Value)>,
    /// The rule's annotation, for people.
    pub note: String,
}

/// A refused command and its reason. It is not journaled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Rejection {
    /// A stable code, like `BATON-DESK-003`.
    pub code: String,
    /// What was wrong and what to do.
    pub message: String,
    /// What kind of refusal it is, for the answer's status.
    pub kind: Refusal,
    /// What the rejection refers to: the existing case of a duplicate, the field that is wrong.
    pub about: Option<String>,
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The input is wrong (422).
    Invalid,
    /// There is no such thing, or not for the one who asks (404).
    Missing,
    /// The one who asks may not (403).
    Forbidden,
    /// The thing has changed meanwhile (409).
    Conflict,
    /// It is already there; nothing was done.
    Duplicate,
}

impl Rejection {
    /// A refusal of a kind.
    pub fn new(kind: Refusal, code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            kind,
            about: None,
        }
    }

    /// The same refusal, naming what it refers to.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }
}

/// A slot that must be loaded before the turn can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need(pub Key);

/// Why a decision stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The command is refused.
    Reject(Rejection),
    /// Something must be loaded first.
    Need(Need),
}

impl From<Need> for Stop {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Reject(rejection)
    }
}
