//! Expressions and decisions of a case: asked of the shell, with what was read in the event.
//!
//! What was read of personal fields stays out of events: an input is named, its value is not.

use super::fields::{Seen, touches};
use super::{Run, Trouble};
use crate::feel::reads;
use crate::model::{Node, RuleTask};
use baton_journal::{Event, FiredRule, Question};
use baton_model::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands in an event for the value of a personal field.
const PERSONAL: &str = "(personal)";

impl Run<'_> {
    /// Evaluates an expression of a node and says so.
    pub(super) fn evaluate(&mut self, node: &Node, text: &str) -> Result<Value, Trouble> {
        let seen = self.see(&reads(text))?;
        let result = self.ask_value(text, seen.values)?;
        if !(seen.sealed.is_empty() || matches!(result, Value::Bool(_) | Value::Null)) {
            return Err("BATON-ENGINE-011: the expression reads personal fields; only true or false may come of it".into());
        }
        self.give(Event::Evaluated {
            case: self.case.clone(),
            node: node.id.clone(),
            expression: text.to_owned(),
            inputs: seen.fields,
            result: result.clone(),
        });
        Ok(result)
    }

    /// The value of an expression that leaves no event of its own: a timer's, a key's, a list's.
    pub(super) fn peek(&self, text: &str) -> Result<Value, Trouble> {
        let seen = self.see(&reads(text))?;
        if !seen.sealed.is_empty() {
            return Err("BATON-ENGINE-011: the expression reads personal fields, which may not be kept here".into());
        }
        self.ask_value(text, seen.values)
    }

    fn ask_value(
        &self,
        text: &str,
        values: std::collections::BTreeMap<String, Value>,
    ) -> Result<Value, Trouble> {
        let question = Question::Expression {
            text: text.to_owned(),
            context: Value::Map(values),
            now: self.env.now,
        };
        self.env.peek.evaluate(&question).map(|answer| answer.value)
    }

    /// Makes a decision, about one element of a list or about the case, and says so.
    pub(super) fn decide(
        &mut self,
        node: &Node,
        rule: &RuleTask,
        element: Option<(u32, Value)>,
    ) -> Result<Value, Trouble> {
        let mut seen = self.see(&self.pack.decisions.reads(&rule.decision))?;
        let place = element.as_ref().map(|(place, _)| *place);
        if let Some((_, value)) = element {
            seen.values.insert(rule.element.clone(), value);
        }
        if !seen.sealed.is_empty() && !self.pack.decisions.says_literals(&rule.decision) {
            return Err("BATON-ENGINE-011: the decision reads personal fields; its outputs must be written out in its table".into());
        }
        let question = Question::Decision {
            models: Arc::clone(&self.pack.texts),
            decision: rule.decision.clone(),
            context: Value::Map(std::mem::take(&mut seen.values)),
            now: self.env.now,
        };
        let answer = self.env.peek.evaluate(&question)?;
        self.give(Event::Decided {
            case: self.case.clone(),
            node: node.id.clone(),
            decision: rule.decision.clone(),
            version: self.state.version,
            element: place,
            rules: answer
                .rules
                .into_iter()
                .map(|rule| masked(rule, &seen))
                .collect(),
            result: answer.value.clone(),
        });
        Ok(answer.value)
    }
}

/// A fired rule whose inputs from personal fields are named, not shown. What comes of another decision
/// may hold them too.
fn masked(mut rule: FiredRule, seen: &Seen) -> FiredRule {
    if seen.sealed.is_empty() {
        return rule;
    }
    let clear = |path: &String| {
        seen.fields.iter().any(|field| touches(path, field))
            && !seen.sealed.iter().any(|field| touches(path, field))
    };
    for (expression, value) in &mut rule.inputs {
        let paths: BTreeSet<String> = reads(expression);
        if !paths.iter().all(clear) {
            *value = Value::text(PERSONAL);
        }
    }
    rule
}
