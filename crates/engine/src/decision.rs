//! Decisions: DMN's requirements and boxed logic, evaluated over FEEL so that the rules that fire are
//! known with what they saw.
//!
//! It evaluates decision tables, expressions, contexts, lists, relations, calls and functions; other
//! logic is refused by name and line. Models come from a pack's DMN files ([`Models`]), values from a
//! case; results go into events through the shell. There is no clock and no recursion of functions.

mod inputs;
mod logic;
mod table;
mod walk;

use crate::feel::{EvaluationError, Scope, from_feel};
use baton_formats::dmn::{self, Decision, Knowledge, Model};
use baton_journal::{Answer, FiredRule};
use baton_model::{Diagnostic, Micros, Value};
use dsntk_feel::values::Value as Feel;
use std::collections::BTreeSet;

/// The deepest chain of required decisions and functions.
const MAX_REQUIREMENTS: usize = 16;

/// Why a decision cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// No model has it.
    #[error("BATON-DECISION-001: there is no decision `{name}` in the pack's DMN files")]
    Unknown {
        /// The name or id asked for.
        name: String,
    },
    /// A model cannot be read.
    #[error("BATON-DECISION-002: the decision model cannot be read: {0}")]
    Model(Diagnostic),
    /// The requirements form a circle or go too deep.
    #[error(
        "BATON-DECISION-003: `{name}` requires itself, or its requirements go deeper than {MAX_REQUIREMENTS}"
    )]
    Circle {
        /// The decision or function.
        name: String,
    },
    /// The logic is of a kind that is not run.
    #[error(
        "BATON-DECISION-004: line {line}: boxed `{kind}` is not run; write it as an expression or a table"
    )]
    Unsupported {
        /// The kind.
        kind: String,
        /// The line in the model.
        line: u32,
    },
    /// A unique table has two rules that hold, or an `any` table two that differ.
    #[error(
        "BATON-DECISION-005: line {line}: rules {first} and {second} both hold; make the table's rules exclude each other"
    )]
    Ambiguous {
        /// The table's line.
        line: u32,
        /// A rule, from 1.
        first: u32,
        /// Another.
        second: u32,
    },
    /// The table is too large.
    #[error("BATON-DECISION-006: line {line}: the table has more than {limit} cells; split it")]
    TooLarge {
        /// The table's line.
        line: u32,
        /// The limit.
        limit: usize,
    },
    /// A decision has no logic.
    #[error(
        "BATON-DECISION-007: line {line}: `{name}` has no logic; give it a table or an expression"
    )]
    Empty {
        /// The decision.
        name: String,
        /// Its line.
        line: u32,
    },
}

/// The decision models of a pack, read once.
#[derive(Clone, Debug, Default)]
pub struct Models(Vec<Model>);

impl Models {
    /// Reads DMN files.
    ///
    /// # Errors
    /// Every finding in every file, with the file's place in the list.
    pub fn read<T: AsRef<str>>(texts: &[T]) -> Result<Self, Vec<(usize, Diagnostic)>> {
        let (mut models, mut findings) = (Vec::new(), Vec::new());
        for (place, text) in texts.iter().enumerate() {
            match dmn::parse(text.as_ref().as_bytes()) {
                Ok(model) => models.push(model),
                Err(found) => findings.extend(found.into_iter().map(|finding| (place, finding))),
            }
        }
        if findings.is_empty() {
            Ok(Self(models))
        } else {
            Err(findings)
        }
    }

    /// The decision of this id or name, with its model.
    pub fn find(&self, decision: &str) -> Option<(&Model, &Decision)> {
        self.0
            .iter()
            .find_map(|model| Some((model, model.decision(decision)?)))
    }

    /// The names and ids of all decisions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|model| &model.decisions)
            .map(|decision| decision.name.as_str())
    }

    /// Makes a decision over a map of values.
    ///
    /// # Errors
    /// An [`EvaluationError`]; a null that carries an error is one.
    pub fn decide(
        &self,
        decision: &str,
        context: &Value,
        at: Micros,
        zone: &str,
    ) -> Result<Answer, EvaluationError> {
        let unknown = || DecisionError::Unknown {
            name: decision.into(),
        };
        let (model, found) = self.find(decision).ok_or_else(unknown)?;
        let mut scope = Scope::new(context, at, zone)?;
        inputs::type_inputs(model, &mut scope);
        let mut maker = Maker {
            model,
            rules: Vec::new(),
            open: BTreeSet::new(),
        };
        let value = maker.decision(found, &mut scope)?;
        Ok(Answer {
            value: from_feel(&value, &found.name)?,
            rules: maker.rules,
        })
    }
}

/// Makes one decision and those it requires.
struct Maker<'a> {
    model: &'a Model,
    /// The rules that fired, of the last table evaluated: the decision's own.
    rules: Vec<FiredRule>,
    /// The decisions and functions being evaluated.
    open: BTreeSet<&'a str>,
}

impl<'a> Maker<'a> {
    /// Makes a decision after those it requires, whose results it adds to the scope.
    fn decision(
        &mut self,
        decision: &'a Decision,
        scope: &mut Scope,
    ) -> Result<Feel, EvaluationError> {
        self.enter(&decision.id, &decision.name)?;
        self.requirements(&decision.requires, scope)?;
        self.rules.clear();
        let empty = || DecisionError::Empty {
            name: decision.name.clone(),
            line: decision.line,
        };
        let logic = decision.logic.as_ref().ok_or_else(empty)?;
        let value = self.logic(logic, &decision.name, scope)?;
        self.open.remove(decision.id.as_str());
        Ok(value)
    }

    fn requirements(
        &mut self,
        ids: &'a [String],
        scope: &mut Scope,
    ) -> Result<(), EvaluationError> {
        for id in ids {
            if let Some(required) = self
                .model
                .decisions
                .iter()
                .find(|decision| decision.id == *id)
            {
                let value = self.decision(required, scope)?;
                scope.set(&required.name, value);
            } else if let Some(function) = self
                .model
                .functions
                .iter()
                .find(|function| function.id == *id)
            {
                self.function(function, scope)?;
            }
        }
        Ok(())
    }

    /// Adds a function of the model to the scope, after those it requires.
    fn function(
        &mut self,
        function: &'a Knowledge,
        scope: &mut Scope,
    ) -> Result<(), EvaluationError> {
        self.enter(&function.id, &function.name)?;
        self.requirements(&function.requires, scope)?;
        if let Some(dmn::Logic::Literal(body)) = &function.body {
            let parameters = function.parameters.join(", ");
            scope.declare(
                &function.name,
                &format!("function({parameters}) {}", body.text),
            )?;
        }
        self.open.remove(function.id.as_str());
        Ok(())
    }

    fn enter(&mut self, id: &'a str, name: &str) -> Result<(), EvaluationError> {
        if self.open.len() >= MAX_REQUIREMENTS || !self.open.insert(id) {
            return Err(DecisionError::Circle { name: name.into() }.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
