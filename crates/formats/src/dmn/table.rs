//! Decision tables as they are written: clauses, rules and hit policies, each cell with its line.

use super::{Reader, Text, attribute, is};
use crate::xml::Node;

/// How the rules that hold make the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitPolicy {
    /// At most one rule holds.
    Unique,
    /// All that hold say the same.
    Any,
    /// The one whose output stands first among the allowed values.
    Priority,
    /// The first that holds.
    First,
    /// All that hold, in the order of the table.
    RuleOrder,
    /// All that hold, in the order of the allowed output values.
    OutputOrder,
    /// All that hold, in one list or one number.
    Collect(Option<Aggregator>),
}

/// How collected outputs become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregator {
    /// Their sum.
    Sum,
    /// How many.
    Count,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// A decision table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The line it begins on.
    pub line: u32,
    /// How rules make the result.
    pub hit_policy: HitPolicy,
    /// What rules look at.
    pub inputs: Vec<Input>,
    /// What rules say.
    pub outputs: Vec<Output>,
    /// The rules in order.
    pub rules: Vec<Rule>,
}

/// A column rules look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its label, if any.
    pub label: Option<String>,
    /// The expression whose value is tested.
    pub expression: Text,
    /// The allowed values, if they are given.
    pub values: Option<Text>,
}

/// A column rules write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name; empty where the table has only one output.
    pub name: String,
    /// The allowed values in the order of their priority, if they are given.
    pub values: Option<Text>,
    /// The value when no rule holds, if it is given.
    pub default: Option<Text>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The line it begins on.
    pub line: u32,
    /// The tests, one an input.
    pub tests: Vec<Text>,
    /// The expressions, one an output.
    pub outputs: Vec<Text>,
    /// Annotations and description, for people.
    pub note: String,
}

impl Reader<'_> {
    pub(super) fn table(&mut self, node: Node<'_, '_>) -> Table {
        let clauses = |name: &'static str| node.children().filter(move |child| is(*child, name));
        let table = Table {
            line: self.line(node),
            hit_policy: self.hit_policy(node),
            inputs: clauses("input").map(|input| self.input(input)).collect(),
            outputs: clauses("output")
                .map(|output| self.output(output))
                .collect(),
            rules: clauses("rule").map(|rule| self.rule(rule)).collect(),
        };
        for (rule, node) in table.rules.iter().zip(clauses("rule")) {
            if rule.tests.len() != table.inputs.len() || rule.outputs.len() != table.outputs.len() {
                self.find(
                    node,
                    "BATON-DMN-003",
                    "the rule has not as many cells as the table has columns",
                );
            }
        }
        table
    }

    fn hit_policy(&mut self, node: Node<'_, '_>) -> HitPolicy {
        match node.attribute("hitPolicy").unwrap_or("UNIQUE") {
            "UNIQUE" => HitPolicy::Unique,
            "ANY" => HitPolicy::Any,
            "PRIORITY" => HitPolicy::Priority,
            "FIRST" => HitPolicy::First,
            "RULE ORDER" => HitPolicy::RuleOrder,
            "OUTPUT ORDER" => HitPolicy::OutputOrder,
            "COLLECT" => HitPolicy::Collect(match node.attribute("aggregation") {
                Some("SUM") => Some(Aggregator::Sum),
                Some("COUNT") => Some(Aggregator::Count),
                Some("MIN") => Some(Aggregator::Min),
                Some("MAX") => Some(Aggregator::Max),
                _ => None,
            }),
            other => {
                self.find(
                    node,
                    "BATON-DMN-004",
                    format!("there is no hit policy `{other}`"),
                );
                HitPolicy::Unique
            }
        }
    }

    fn input(&self, node: Node<'_, '_>) -> Input {
        Input {
            label: node.attribute("label").map(str::to_owned),
            expression: self.part(node, "inputExpression").unwrap_or_default(),
            values: self.part(node, "inputValues"),
        }
    }

    fn output(&self, node: Node<'_, '_>) -> Output {
        Output {
            name: attribute(node, "name"),
            values: self.part(node, "outputValues"),
            default: self.part(node, "defaultOutputEntry"),
        }
    }

    /// The text of a child, unless it is absent or empty.
    fn part(&self, node: Node<'_, '_>, name: &str) -> Option<Text> {
        let text = node
            .children()
            .find(|child| is(*child, name))
            .map(|child| self.text(child));
        text.filter(|text| !text.text.is_empty())
    }

    fn rule(&self, node: Node<'_, '_>) -> Rule {
        let cells = |name: &'static str| node.children().filter(move |child| is(*child, name));
        let notes = cells("annotationEntry").chain(cells("description"));
        let notes: Vec<_> = notes
            .map(|note| self.text(note).text)
            .filter(|note| !note.is_empty())
            .collect();
        Rule {
            id: attribute(node, "id"),
            line: self.line(node),
            tests: cells("inputEntry").map(|cell| self.text(cell)).collect(),
            outputs: cells("outputEntry").map(|cell| self.text(cell)).collect(),
            note: notes.join("; "),
        }
    }
}
