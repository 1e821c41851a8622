//! Boxed expressions: the logic of decisions and functions.

use super::{Reader, Table, Text, attribute, is};
use crate::xml::Node;

/// The logic of a decision, a function, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logic {
    /// An expression in FEEL.
    Literal(Text),
    /// A decision table.
    Table(Box<Table>),
    /// Named entries, each seeing those before it; the entry without a name is the result.
    Context(Vec<Entry>),
    /// Elements of a list.
    List(Vec<Logic>),
    /// Rows of named cells.
    Relation {
        /// The columns' names.
        columns: Vec<String>,
        /// The rows' cells.
        rows: Vec<Vec<Logic>>,
    },
    /// A call of a function.
    Invocation {
        /// The function.
        function: Text,
        /// Its arguments by name.
        bindings: Vec<Entry>,
    },
    /// A function.
    Function {
        /// Its parameters.
        parameters: Vec<String>,
        /// Its body.
        body: Box<Logic>,
    },
    /// If, then, else.
    Conditional(Box<[Logic; 3]>),
    /// Boxed logic Baton does not run, by its name.
    Unknown(Text),
}

/// A named part of a context or a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; empty for a context's result.
    pub name: String,
    /// Its logic.
    pub logic: Logic,
}

impl Reader<'_> {
    /// The logic at a node, if the node is logic.
    pub(super) fn logic(&mut self, node: Node<'_, '_>) -> Option<Logic> {
        if !node.is_element() {
            return None;
        }
        Some(match node.tag_name().name() {
            "literalExpression" => self.literal(node),
            "decisionTable" => Logic::Table(Box::new(self.table(node))),
            "context" => Logic::Context(self.entries(node, "contextEntry")),
            "list" => Logic::List(
                node.children()
                    .filter_map(|child| self.logic(child))
                    .collect(),
            ),
            "relation" => self.relation(node),
            "invocation" => self.invocation(node),
            "functionDefinition" => self.function_definition(node),
            "conditional" => self.conditional(node),
            name @ ("for" | "some" | "every" | "filter") => Logic::Unknown(Text {
                text: name.into(),
                line: self.line(node),
            }),
            _ => return None,
        })
    }

    fn literal(&mut self, node: Node<'_, '_>) -> Logic {
        let language = attribute(node, "expressionLanguage").to_lowercase();
        if language.is_empty() || language.contains("feel") {
            return Logic::Literal(self.text(node));
        }
        let message = format!("expressions in `{language}` are not run; write it in FEEL");
        self.find(node, "BATON-DMN-002", message);
        Logic::Literal(Text::default())
    }

    fn entries(&mut self, node: Node<'_, '_>, name: &str) -> Vec<Entry> {
        node.children()
            .filter(|child| is(*child, name))
            .filter_map(|child| self.entry(child))
            .collect()
    }

    fn entry(&mut self, node: Node<'_, '_>) -> Option<Entry> {
        let named = node
            .children()
            .find(|child| is(*child, "variable") || is(*child, "parameter"));
        let logic = node.children().find_map(|child| self.logic(child));
        if logic.is_none() {
            self.find(
                node,
                "BATON-DMN-002",
                "this entry has no expression; give it one",
            );
        }
        Some(Entry {
            name: named
                .map(|node| attribute(node, "name"))
                .unwrap_or_default(),
            logic: logic?,
        })
    }

    fn relation(&mut self, node: Node<'_, '_>) -> Logic {
        let columns = node.children().filter(|child| is(*child, "column"));
        let columns = columns.map(|column| attribute(column, "name")).collect();
        let rows = node.children().filter(|child| is(*child, "row"));
        let rows = rows
            .map(|row| row.children().filter_map(|cell| self.logic(cell)).collect())
            .collect();
        Logic::Relation { columns, rows }
    }

    fn invocation(&mut self, node: Node<'_, '_>) -> Logic {
        let function = node
            .children()
            .find(|child| is(*child, "literalExpression"));
        let function = function.map(|node| self.text(node)).unwrap_or_default();
        Logic::Invocation {
            function,
            bindings: self.entries(node, "binding"),
        }
    }

    fn function_definition(&mut self, node: Node<'_, '_>) -> Logic {
        let kind = attribute(node, "kind");
        if !(kind.is_empty() || kind == "FEEL") {
            self.find(
                node,
                "BATON-DMN-002",
                format!("functions in `{kind}` are not run; write it in FEEL"),
            );
        }
        let (parameters, body) = self.function(node);
        Logic::Function {
            parameters,
            body: Box::new(body.unwrap_or(Logic::Literal(Text::default()))),
        }
    }

    /// The parameters and body of a function.
    pub(super) fn function(&mut self, node: Node<'_, '_>) -> (Vec<String>, Option<Logic>) {
        let parameters = node
            .children()
            .filter(|child| is(*child, "formalParameter"));
        let parameters = parameters
            .map(|parameter| attribute(parameter, "name"))
            .collect();
        (
            parameters,
            node.children().find_map(|child| self.logic(child)),
        )
    }

    fn conditional(&mut self, node: Node<'_, '_>) -> Logic {
        let mut part = |name: &str| {
            let holder = node.children().find(|child| is(*child, name));
            let logic =
                holder.and_then(|holder| holder.children().find_map(|child| self.logic(child)));
            logic.unwrap_or(Logic::Literal(Text {
                text: "null".into(),
                line: 0,
            }))
        };
        Logic::Conditional(Box::new([part("if"), part("then"), part("else")]))
    }
}
