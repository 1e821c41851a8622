//! What stands in a model, without evaluating it: every expression with its line, every name, and the
//! fields a decision reads. For checks at deployment, and so that a case opens only what is read.

use super::Models;
use crate::feel::{EvaluationError, Scope, reads};
use baton_formats::dmn::{Decision, Logic, Model, Table, Text};
use baton_model::{Diagnostic, Micros, Value};
use std::collections::BTreeSet;

/// An expression of a model: tests of a table's cell, or an expression proper.
struct Part<'a> {
    text: &'a Text,
    tests: bool,
}

impl Models {
    /// Every expression that cannot be evaluated, and logic that is not run.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        self.0.iter().flat_map(check).collect()
    }

    /// The paths a decision reads, with those of what it requires.
    pub fn reads(&self, decision: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for part in self
            .find(decision)
            .map(|(model, decision)| closure(model, decision))
            .unwrap_or_default()
        {
            found.extend(reads(&part.text.text));
        }
        found
    }

    /// Whether what a decision says is written out in its table, so that it holds nothing it has read.
    pub(crate) fn says_literals(&self, decision: &str) -> bool {
        let literal = |text: &Text| reads(&text.text).is_empty();
        match self
            .find(decision)
            .and_then(|(_, decision)| decision.logic.as_ref())
        {
            Some(Logic::Table(table)) => table
                .rules
                .iter()
                .flat_map(|rule| &rule.outputs)
                .all(literal),
            _ => false,
        }
    }
}

/// The expressions of a decision and of all it requires.
fn closure<'a>(model: &'a Model, decision: &'a Decision) -> Vec<Part<'a>> {
    let (mut open, mut seen, mut parts) = (vec![decision.id.as_str()], BTreeSet::new(), Vec::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(decision) = model.decisions.iter().find(|decision| decision.id == id) {
            open.extend(decision.requires.iter().map(String::as_str));
            decision
                .logic
                .iter()
                .for_each(|logic| collect(logic, &mut parts, &mut Vec::new()));
        }
        if let Some(function) = model.functions.iter().find(|function| function.id == id) {
            open.extend(function.requires.iter().map(String::as_str));
            function
                .body
                .iter()
                .for_each(|logic| collect(logic, &mut parts, &mut Vec::new()));
        }
    }
    parts
}

fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings: Vec<_> = model
        .unread
        .iter()
        .map(|(what, line)| unread(what, *line))
        .collect();
    for decision in &model.decisions {
        match &decision.logic {
            Some(logic) => findings.extend(logic_fits(model, &decision.name, logic)),
            None => {
                let message = format!(
                    "decision `{}` has no logic; give it a table or an expression",
                    decision.name
                );
                findings.push(
                    Diagnostic::at("BATON-MODEL-026", decision.line, 0, message)
                        .about(&decision.name),
                );
            }
        }
    }
    let bodies = model
        .functions
        .iter()
        .filter_map(|function| Some((function, function.body.as_ref()?)));
    findings.extend(bodies.flat_map(|(function, body)| logic_fits(model, &function.name, body)));
    findings
}

/// Every expression of some logic that cannot be evaluated.
fn logic_fits(model: &Model, name: &str, logic: &Logic) -> Vec<Diagnostic> {
    let (mut parts, mut names) = (Vec::new(), Vec::new());
    collect(logic, &mut parts, &mut names);
    let scope = match sample(model, &names) {
        Ok(scope) => scope,
        Err(error) => return vec![finding(name, 0, &error)],
    };
    let wrong = |part: &Part<'_>| {
        let text = part.text.text.as_str();
        let parsed = match part.tests {
            true if matches!(text, "" | "-") => return None,
            true => scope.parse_tests(text),
            false => scope.parse(text),
        };
        parsed
            .err()
            .map(|error| finding(name, part.text.line, &error))
    };
    parts.iter().filter_map(wrong).collect()
}

fn unread(what: &str, line: u32) -> Diagnostic {
    Diagnostic::at(
        "BATON-MODEL-024",
        line,
        0,
        format!("`{what}` is not read; put all decisions into one file"),
    )
}

fn finding(name: &str, line: u32, error: &EvaluationError) -> Diagnostic {
    let message = format!("an expression of `{name}` cannot be evaluated: {error}");
    Diagnostic::at("BATON-MODEL-025", line, 0, message).about(name)
}

/// A scope in which every name of the model is known, without a value.
fn sample(model: &Model, names: &[&str]) -> Result<Scope, EvaluationError> {
    let inputs = model.inputs.iter().map(|input| input.name.as_str());
    let decisions = model
        .decisions
        .iter()
        .map(|decision| decision.name.as_str());
    let all = inputs.chain(decisions).chain(names.iter().copied());
    let mut scope = Scope::new(
        &Value::map(all.map(|name| (name, Value::Null))),
        Micros(0),
        "UTC",
    )?;
    for function in &model.functions {
        // The body is checked where it stands; here only its name has to be known.
        scope.declare(
            &function.name,
            &format!("function({}) null", function.parameters.join(", ")),
        )?;
    }
    Ok(scope)
}

/// The expressions and names inside logic.
fn collect<'a>(logic: &'a Logic, parts: &mut Vec<Part<'a>>, names: &mut Vec<&'a str>) {
    match logic {
        Logic::Literal(text) => parts.push(Part { text, tests: false }),
        Logic::Table(table) => cells(table, parts),
        Logic::Context(entries)
        | Logic::Invocation {
            bindings: entries, ..
        } => {
            for entry in entries {
                names.push(&entry.name);
                collect(&entry.logic, parts, names);
            }
        }
        Logic::List(list) => list.iter().for_each(|part| collect(part, parts, names)),
        Logic::Relation { rows, .. } => rows
            .iter()
            .flatten()
            .for_each(|cell| collect(cell, parts, names)),
        Logic::Function { parameters, body } => {
            names.extend(parameters.iter().map(String::as_str));
            collect(body, parts, names);
        }
        Logic::Conditional(branches) => branches
            .iter()
            .for_each(|branch| collect(branch, parts, names)),
        Logic::Unknown(_) => {}
    }
}

fn cells<'a>(table: &'a Table, parts: &mut Vec<Part<'a>>) {
    let expression = |text| Part { text, tests: false };
    let tests = |text| Part { text, tests: true };
    parts.extend(
        table
            .inputs
            .iter()
            .map(|input| expression(&input.expression)),
    );
    parts.extend(
        table
            .inputs
            .iter()
            .filter_map(|input| input.values.as_ref())
            .map(tests),
    );
    for rule in &table.rules {
        parts.extend(rule.tests.iter().map(tests));
        parts.extend(rule.outputs.iter().map(expression));
    }
    parts.extend(
        table
            .outputs
            .iter()
            .filter_map(|output| output.default.as_ref())
            .map(expression),
    );
}
