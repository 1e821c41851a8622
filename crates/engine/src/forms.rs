//! What a worker's form must be like: the same check the page makes, made again where it counts.
//!
//! Sealed fields are known to be there and no more; their values were checked before they were sealed.

use crate::model::{Compiled, Step};
use crate::run::is_output;
use crate::stage::Engine;
use baton_formats::form::Form;
use baton_journal::turn::Refusal;
use baton_journal::{Need, Rejection, Stop};
use baton_model::{CaseId, Cell, Record, Value, WorkItemId};
use std::collections::BTreeMap;
use std::mem::discriminant;

/// Refuses a completion whose fields the task's form does not take, or that lacks one it must have.
pub(crate) fn fit(
    engine: &Engine,
    case: &CaseId,
    item: &WorkItemId,
    fields: &Record,
) -> Result<(), Stop> {
    let Some(step) = step_of(engine, case, item)? else {
        return Ok(());
    };
    if let Some(stray) = fields.keys().find(|field| !is_output(step.0, field)) {
        return Err(no_output(stray).into());
    }
    let Some(form) = form_of(step) else {
        return Ok(());
    };
    let sealed = |name: &str| matches!(fields.get(name), Some(Cell::Sealed { .. }));
    let clear = Form {
        title: None,
        description: None,
        fields: form
            .fields
            .iter()
            .filter(|field| !sealed(&field.name))
            .cloned()
            .collect(),
    };
    let mut inputs = BTreeMap::new();
    for (name, cell) in fields {
        match cell {
            Cell::Clear(value) => inputs.extend(input(value).map(|input| (name.clone(), input))),
            Cell::Sealed { .. } if form.field(name).is_some_and(|field| !field.read_only) => {}
            Cell::Sealed { .. } => return Err(stray(name).into()),
        }
    }
    let values = match clear.check(&inputs) {
        Ok(values) => values,
        Err(errors) => return Err(errors.first().map_or_else(|| stray(""), wrong).into()),
    };
    let other = |(name, value): &(&String, &Value)| matches!(fields.get(*name), Some(Cell::Clear(given)) if *given != Value::Null && discriminant(given) != discriminant(*value));
    match values.iter().find(other) {
        Some((name, _)) => Err(refuse(name, "another kind of value is wanted here").into()),
        None => Ok(()),
    }
}

/// A value as it would be entered; nothing where nothing was.
fn input(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.num.to_string()),
        Value::Text(text) => Some(text.clone()),
        // No form takes them; the check says so by the field's kind.
        Value::List(_) | Value::Map(_) => Some("[]".into()),
    }
}

fn stray(name: &str) -> Rejection {
    refuse(name, "the form has no such field to fill; leave it out")
}

fn refuse(name: &str, message: &str) -> Rejection {
    Rejection::new(
        Refusal::Invalid,
        "BATON-ENGINE-029",
        format!("`{name}`: {message}"),
    )
    .about(name)
}

fn wrong(error: &baton_formats::form::FieldError) -> Rejection {
    Rejection::new(
        Refusal::Invalid,
        error.code,
        format!("`{}`: {}", error.field, error.message),
    )
    .about(&error.field)
}

fn no_output(name: &str) -> Rejection {
    let message = format!(
        "`{name}` is no output of this service; give the fields of its result, as the model names it"
    );
    Rejection::new(Refusal::Invalid, "BATON-ENGINE-034", message).about(name)
}

/// A task's step, and the pack it was deployed with.
type Place<'a> = (&'a Step, &'a Compiled);

/// The step of the task a work item is a run of.
fn step_of<'a>(
    engine: &'a Engine,
    case: &CaseId,
    item: &WorkItemId,
) -> Result<Option<Place<'a>>, Need> {
    let Some(state) = engine.case(case)? else {
        return Ok(None);
    };
    let token = state
        .items
        .get(item)
        .and_then(|token| state.tokens.get(token));
    let deployed = engine
        .packs()?
        .and_then(|packs| packs.of(&state.process, state.version));
    let (Some(token), Some(deployed)) = (token, deployed) else {
        return Ok(None);
    };
    let compiled = deployed.compiled();
    let process = compiled.processes.get(state.process.as_str());
    let node = process.and_then(|process| process.node(&token.at));
    Ok(node.map(|node| (&node.step, compiled)))
}

/// The form of a task.
fn form_of((step, compiled): Place<'_>) -> Option<&Form> {
    match step {
        Step::User(task) => compiled.forms.get(task.form.as_ref()?),
        _ => None,
    }
}
