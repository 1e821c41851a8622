//! Decision tables, rule by rule, so that the rules that fire are known with the inputs they saw.

mod hits;

use super::{DecisionError, Maker};
use crate::feel::{EvaluationError, Scope, from_feel, settled};
use baton_formats::dmn::{Input, Rule, Table};
use baton_journal::FiredRule;
use baton_model::Value;
use dsntk_feel::values::Value as Feel;
use dsntk_feel_parser::AstNode;
use hits::Hit;

/// The largest table, in cells.
const MAX_CELLS: usize = 20_000;

/// An input clause, parsed and evaluated once for all rules.
struct Column<'a> {
    input: &'a Input,
    node: AstNode,
    value: Feel,
    /// Whether the value is one of those allowed.
    allowed: bool,
}

impl<'a> Maker<'a> {
    /// Evaluates a table and notes the rules that fired.
    pub(super) fn table(
        &mut self,
        table: &'a Table,
        scope: &Scope,
    ) -> Result<Feel, EvaluationError> {
        if table.rules.len() * (table.inputs.len() + table.outputs.len()) > MAX_CELLS {
            return Err(DecisionError::TooLarge {
                line: table.line,
                limit: MAX_CELLS,
            }
            .into());
        }
        let columns = table
            .inputs
            .iter()
            .map(|input| column(input, scope))
            .collect::<Result<Vec<_>, _>>()?;
        let mut found = Vec::new();
        for (index, rule) in (1..).zip(&table.rules) {
            if holds(rule, &columns, scope)? {
                found.push(Hit {
                    index,
                    rule,
                    outputs: outputs(rule, scope)?,
                });
            }
        }
        let (value, fired) = hits::settle(table, found, scope)?;
        self.rules = fired
            .iter()
            .map(|hit| told(hit, table, &columns))
            .collect::<Result<_, _>>()?;
        Ok(value)
    }
}

fn column<'a>(input: &'a Input, scope: &Scope) -> Result<Column<'a>, EvaluationError> {
    let text = &input.expression.text;
    let node = scope.parse(text)?;
    let value = settled(scope.value(&node, text)?, text)?;
    let mut column = Column {
        input,
        node,
        value,
        allowed: true,
    };
    if let Some(values) = &input.values {
        column.allowed = column.test(&values.text, scope)?;
    }
    Ok(column)
}

impl Column<'_> {
    /// Whether the column's value passes a cell's test.
    fn test(&self, text: &str, scope: &Scope) -> Result<bool, EvaluationError> {
        if matches!(text, "" | "-") {
            return Ok(true);
        }
        let test = AstNode::In(
            Box::new(self.node.clone()),
            Box::new(scope.parse_tests(text)?),
        );
        Ok(scope.value(&test, text)?.is_true())
    }
}

fn holds(rule: &Rule, columns: &[Column<'_>], scope: &Scope) -> Result<bool, EvaluationError> {
    for (column, test) in columns.iter().zip(&rule.tests) {
        if !(column.allowed && column.test(&test.text, scope)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn outputs(rule: &Rule, scope: &Scope) -> Result<Vec<Feel>, EvaluationError> {
    let output = |text: &str| {
        let node = scope.parse(text)?;
        settled(scope.value(&node, text)?, text)
    };
    rule.outputs.iter().map(|cell| output(&cell.text)).collect()
}

/// A rule that fired, for the event.
fn told(
    hit: &Hit<'_>,
    table: &Table,
    columns: &[Column<'_>],
) -> Result<FiredRule, EvaluationError> {
    let input = |column: &Column<'_>| -> Result<(String, Value), EvaluationError> {
        let text = &column.input.expression.text;
        Ok((text.clone(), from_feel(&column.value, text)?))
    };
    let named = table.outputs.iter().zip(&hit.outputs);
    let outputs =
        named.map(|(output, value)| Ok((output.name.clone(), from_feel(value, &output.name)?)));
    Ok(FiredRule {
        index: hit.index,
        id: hit.rule.id.clone(),
        inputs: columns.iter().map(input).collect::<Result<_, _>>()?,
        outputs: outputs.collect::<Result<_, EvaluationError>>()?,
        note: hit.rule.note.clone(),
    })
}
