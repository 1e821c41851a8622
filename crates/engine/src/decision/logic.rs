//! Boxed logic other than tables: evaluated part by part, each part an expression within the limits.

use super::{DecisionError, Maker};
use crate::feel::{EvaluationError, Scope, settled};
use baton_formats::dmn::{Entry, Logic, Text};
use dsntk_feel::Name;
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;

type Made = Result<Feel, EvaluationError>;

impl<'a> Maker<'a> {
    /// Evaluates logic; `name` is what it is called, for a function that is defined under it.
    pub(super) fn logic(&mut self, logic: &'a Logic, name: &str, scope: &mut Scope) -> Made {
        match logic {
            Logic::Literal(text) => literal(text, scope),
            Logic::Table(table) => self.table(table, scope),
            Logic::Context(entries) => self.context(entries, scope),
            Logic::List(parts) => self.list(parts, scope),
            Logic::Relation { columns, rows } => self.relation(columns, rows, scope),
            Logic::Invocation { function, bindings } => self.invocation(function, bindings, scope),
            Logic::Function { parameters, body } => function(parameters, body, name, scope),
            Logic::Conditional(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                let holds = self.logic(condition, name, scope)?.is_true();
                self.logic(if holds { then } else { otherwise }, name, scope)
            }
            Logic::Unknown(text) => Err(DecisionError::Unsupported {
                kind: text.text.clone(),
                line: text.line,
            }
            .into()),
        }
    }

    fn context(&mut self, entries: &'a [Entry], scope: &Scope) -> Made {
        let mut inner = scope.fork();
        let mut context = FeelContext::default();
        for entry in entries {
            let value = self.logic(&entry.logic, &entry.name, &mut inner)?;
            if entry.name.is_empty() {
                return Ok(value);
            }
            if !matches!(entry.logic, Logic::Function { .. }) {
                inner.set(&entry.name, value.clone());
                context.set_entry(&Name::from(entry.name.as_str()), value);
            }
        }
        Ok(Feel::Context(context))
    }

    fn list(&mut self, parts: &'a [Logic], scope: &mut Scope) -> Made {
        let items = parts
            .iter()
            .map(|part| self.logic(part, "", scope))
            .collect::<Result<_, _>>()?;
        Ok(Feel::List(items))
    }

    fn relation(&mut self, columns: &[String], rows: &'a [Vec<Logic>], scope: &mut Scope) -> Made {
        let mut list = Vec::new();
        for row in rows {
            let mut context = FeelContext::default();
            for (column, cell) in columns.iter().zip(row) {
                context.set_entry(
                    &Name::from(column.as_str()),
                    self.logic(cell, column, scope)?,
                );
            }
            list.push(Feel::Context(context));
        }
        Ok(Feel::List(list))
    }

    /// Calls a function of the model with logic of its own, or one that is an expression.
    fn invocation(&mut self, function: &'a Text, bindings: &'a [Entry], scope: &mut Scope) -> Made {
        let mut inner = scope.fork();
        for binding in bindings {
            let value = self.logic(&binding.logic, &binding.name, scope)?;
            inner.set(&binding.name, value);
        }
        let known = self
            .model
            .functions
            .iter()
            .find(|known| known.name == function.text);
        match known.and_then(|known| Some((known, known.body.as_ref()?))) {
            Some((_, Logic::Literal(_))) | None => {
                let arguments: Vec<_> = bindings
                    .iter()
                    .map(|one| format!("{0}: {0}", one.name))
                    .collect();
                let call = format!("{}({})", function.text, arguments.join(", "));
                literal(
                    &Text {
                        text: call,
                        line: function.line,
                    },
                    &inner,
                )
            }
            Some((known, body)) => {
                self.enter(&known.id, &known.name)?;
                self.requirements(&known.requires, &mut inner)?;
                let value = self.logic(body, &known.name, &mut inner)?;
                self.open.remove(known.id.as_str());
                Ok(value)
            }
        }
    }
}

/// An expression's value; an error that FEEL carries in a null is an error.
fn literal(text: &Text, scope: &Scope) -> Made {
    let node = scope.parse(&text.text)?;
    settled(scope.value(&node, &text.text)?, &text.text)
}

/// Declares a function whose body is an expression.
fn function(parameters: &[String], body: &Logic, name: &str, scope: &mut Scope) -> Made {
    match body {
        Logic::Literal(body) => {
            scope.declare(
                name,
                &format!("function({}) {}", parameters.join(", "), body.text),
            )?;
            Ok(Feel::Null(None))
        }
        _ => Err(DecisionError::Unsupported {
            kind: "function of boxed logic".into(),
            line: 0,
        }
        .into()),
    }
}
