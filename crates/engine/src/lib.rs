//! Runs a process: tokens, gateways, timers, messages, decisions, incidents.
//!
//! It chooses no party (`allocation`), keeps no queue (`desk`) and runs no clock (`measure`). Documents
//! and finished work items come to it as events; its own events make work items and end cases. It is
//! pure: expressions and decisions are asked of the shell, whose pure half is [`answer`].

mod commands;
pub mod decision;
pub mod feel;
mod forms;
pub mod model;
mod packs;
mod run;
mod stage;
pub mod state;
mod views;

pub use decision::Models;
pub use feel::EvaluationError;
pub use packs::{Deployed, Packs};
pub use run::BUDGET;
pub use stage::Engine;
pub use views::{CASE_RECORD, CASES, FORM, INCIDENT, PROCESS, TIMER};

use baton_journal::{Answer, Question};
use std::cell::RefCell;
use std::sync::Arc;

/// Answers a stage's question: the pure half of the shell's [`baton_journal::Peek::evaluate`]. Times are
/// in UTC. It wants a thread with a large stack.
///
/// # Errors
/// An [`EvaluationError`]: refused before it ran, or without a value.
pub fn answer(question: &Question) -> Result<Answer, EvaluationError> {
    match question {
        Question::Expression { text, context, now } => {
            let value = feel::evaluate(text, context, *now, "UTC")?;
            Ok(Answer {
                value,
                rules: Vec::new(),
            })
        }
        Question::Decision {
            models,
            decision: name,
            context,
            now,
        } => read(models)?.decide(name, context, *now, "UTC"),
    }
}

/// Models and the texts they were read from.
type Read = (Arc<Vec<String>>, Arc<Models>);

/// How many packs' models are kept read.
const KEPT: usize = 16;

/// A pack's models, read once for all questions about it.
fn read(texts: &Arc<Vec<String>>) -> Result<Arc<Models>, EvaluationError> {
    thread_local! {
        static KNOWN: RefCell<Vec<Read>> = const { RefCell::new(Vec::new()) };
    }
    let known = KNOWN.with_borrow(|known| {
        let mut known = known.iter().filter(|(of, _)| Arc::ptr_eq(of, texts));
        known.next().map(|(_, models)| Arc::clone(models))
    });
    if let Some(models) = known {
        return Ok(models);
    }
    let models = Arc::new(Models::read(texts).map_err(unreadable)?);
    KNOWN.with_borrow_mut(|known| {
        known.truncate(KEPT - 1);
        known.insert(0, (Arc::clone(texts), Arc::clone(&models)));
    });
    Ok(models)
}

fn unreadable(findings: Vec<(usize, baton_model::Diagnostic)>) -> EvaluationError {
    match findings.into_iter().next() {
        Some((_, finding)) => decision::DecisionError::Model(finding).into(),
        None => decision::DecisionError::Unknown {
            name: String::new(),
        }
        .into(),
    }
}
