//! Hit policies: how the rules that hold make the result, and which of them count as fired.

use crate::decision::DecisionError;
use crate::feel::{EvaluationError, Scope};
use baton_formats::dmn::{Aggregator, HitPolicy, Rule, Table};
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_feel::{FeelNumber, Name};
use dsntk_feel_evaluator as dsntk;

/// A rule that holds, with its outputs.
pub(super) struct Hit<'a> {
    /// Its place in the table, from 1.
    pub(super) index: u32,
    /// The rule.
    pub(super) rule: &'a Rule,
    /// The values of its output cells.
    pub(super) outputs: Vec<Feel>,
}

type Settled<'a> = Result<(Feel, Vec<Hit<'a>>), EvaluationError>;

/// The table's result and the rules it came from.
pub(super) fn settle<'a>(table: &Table, mut hits: Vec<Hit<'a>>, scope: &Scope) -> Settled<'a> {
    if hits.is_empty() && !matches!(table.hit_policy, HitPolicy::Collect(_)) {
        return Ok((default(table, scope)?, hits));
    }
    match table.hit_policy {
        HitPolicy::Unique => only(table, hits, |_, _| false),
        HitPolicy::Any => only(table, hits, |one, other| same(&one.outputs, &other.outputs)),
        HitPolicy::First => Ok(first(table, hits)),
        HitPolicy::Priority => {
            prioritise(table, &mut hits, scope)?;
            Ok(first(table, hits))
        }
        HitPolicy::OutputOrder => {
            prioritise(table, &mut hits, scope)?;
            Ok(all(table, hits))
        }
        HitPolicy::RuleOrder | HitPolicy::Collect(None) => Ok(all(table, hits)),
        HitPolicy::Collect(Some(aggregator)) => Ok(aggregate(aggregator, hits)),
    }
}

/// The one result of hits that agree.
fn only<'a>(
    table: &Table,
    hits: Vec<Hit<'a>>,
    agree: fn(&Hit<'_>, &Hit<'_>) -> bool,
) -> Settled<'a> {
    let differing = hits.split_first().and_then(|(one, others)| {
        let other = others.iter().find(|other| !agree(one, other))?;
        Some((one.index, other.index))
    });
    match differing {
        Some((first, second)) => Err(DecisionError::Ambiguous {
            line: table.line,
            first,
            second,
        }
        .into()),
        None => Ok(first(table, hits)),
    }
}

fn first<'a>(table: &Table, mut hits: Vec<Hit<'a>>) -> (Feel, Vec<Hit<'a>>) {
    hits.truncate(1);
    let value = hits
        .first()
        .map_or(Feel::Null(None), |hit| result(table, &hit.outputs));
    (value, hits)
}

fn all<'a>(table: &Table, hits: Vec<Hit<'a>>) -> (Feel, Vec<Hit<'a>>) {
    let values = hits.iter().map(|hit| result(table, &hit.outputs)).collect();
    (Feel::List(values), hits)
}

/// The result of outputs: the value itself, or a context of named values.
fn result(table: &Table, outputs: &[Feel]) -> Feel {
    if let [value] = outputs {
        return value.clone();
    }
    let mut context = FeelContext::default();
    for (output, value) in table.outputs.iter().zip(outputs) {
        context.set_entry(&Name::from(output.name.as_str()), value.clone());
    }
    Feel::Context(context)
}

/// What the outputs say when no rule holds.
fn default(table: &Table, scope: &Scope) -> Result<Feel, EvaluationError> {
    if table.outputs.iter().all(|output| output.default.is_none()) {
        return Ok(Feel::Null(None));
    }
    let mut values = Vec::new();
    for output in &table.outputs {
        values.push(match &output.default {
            Some(text) => scope.value(&scope.parse(&text.text)?, &text.text)?,
            None => Feel::Null(None),
        });
    }
    Ok(result(table, &values))
}

/// Sorts hits by the place of their outputs among the allowed values, the first output first.
fn prioritise(table: &Table, hits: &mut [Hit<'_>], scope: &Scope) -> Result<(), EvaluationError> {
    let mut orders = Vec::new();
    for output in &table.outputs {
        orders.push(match &output.values {
            Some(text) => {
                let list = format!("[{}]", text.text);
                match scope.value(&scope.parse(&list)?, &list)? {
                    Feel::List(values) => values,
                    _ => Vec::new(),
                }
            }
            None => Vec::new(),
        });
    }
    let place = |value: &Feel, order: &[Feel]| {
        order
            .iter()
            .position(|known| dsntk::evaluate_equals(known, value))
            .unwrap_or(usize::MAX)
    };
    let places = |hit: &Hit<'_>| -> Vec<usize> {
        hit.outputs
            .iter()
            .zip(&orders)
            .map(|(value, order)| place(value, order))
            .collect()
    };
    hits.sort_by_key(places);
    Ok(())
}

fn same(one: &[Feel], other: &[Feel]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| dsntk::evaluate_equals(one, other))
}

/// Collected outputs as one number; null where there is nothing to take.
fn aggregate(aggregator: Aggregator, hits: Vec<Hit<'_>>) -> (Feel, Vec<Hit<'_>>) {
    let values: Vec<_> = hits
        .iter()
        .filter_map(|hit| hit.outputs.first().cloned())
        .collect();
    let value = match aggregator {
        Aggregator::Count => Feel::Number(FeelNumber::from(values.len())),
        _ if values.is_empty() => Feel::Null(None),
        Aggregator::Sum => dsntk::evaluate_sum(values),
        Aggregator::Min => dsntk::evaluate_min(values),
        Aggregator::Max => dsntk::evaluate_max(values),
    };
    (value, hits)
}
