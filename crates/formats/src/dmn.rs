//! DMN decision models, read with positions: decisions, their requirements and their boxed logic.
//!
//! It reads DMN 1.1 to 1.5 by local names and knows nothing of FEEL: expressions stay text with the
//! line they stand on. Diagrams, imports and vendor extensions are left aside. The bytes come from a
//! pack; `engine` evaluates the model.

mod logic;
mod table;

use crate::xml::{self, Lines, Node};
use baton_model::Diagnostic;
pub use logic::{Entry, Logic};
pub use table::{Aggregator, HitPolicy, Input, Output, Rule, Table};

/// An expression's text and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text, trimmed.
    pub text: String,
    /// The line, from 1.
    pub line: u32,
}

/// A decision model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// What decisions read.
    pub inputs: Vec<InputData>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Business knowledge: functions of the model.
    pub functions: Vec<Knowledge>,
    /// Elements that were read over, with their lines: imports and decision services.
    pub unread: Vec<(String, u32)>,
}

/// A value that decisions read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputData {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type's name, if it says one.
    pub type_ref: Option<String>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The line it begins on.
    pub line: u32,
    /// The ids of the input data, decisions and functions it requires.
    pub requires: Vec<String>,
    /// Its logic, if it has any.
    pub logic: Option<Logic>,
}

/// A function of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The line it begins on.
    pub line: u32,
    /// The ids of the functions it requires.
    pub requires: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<String>,
    /// Its body, if it has any.
    pub body: Option<Logic>,
}

impl Model {
    /// The decision with this id or name.
    pub fn decision(&self, id_or_name: &str) -> Option<&Decision> {
        let by_id = self
            .decisions
            .iter()
            .find(|decision| decision.id == id_or_name);
        by_id.or_else(|| {
            self.decisions
                .iter()
                .find(|decision| decision.name == id_or_name)
        })
    }
}

/// Reads a model.
///
/// # Errors
/// Positioned findings: the XML's own (`BATON-XML-NNN`), no DMN (`BATON-DMN-001`), or logic that
/// cannot be read (`BATON-DMN-002`).
pub fn parse(bytes: &[u8]) -> Result<Model, Vec<Diagnostic>> {
    let document = xml::parse(bytes).map_err(|finding| vec![finding])?;
    let mut reader = Reader {
        lines: Lines::of(document.input_text()),
        findings: Vec::new(),
    };
    let model = reader.model(document.root_element());
    if reader.findings.is_empty() {
        Ok(model)
    } else {
        Err(reader.findings)
    }
}

/// Reads nodes and collects findings.
struct Reader<'a> {
    lines: Lines<'a>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn model(&mut self, root: Node<'_, '_>) -> Model {
        let namespace = root.tag_name().namespace().unwrap_or_default();
        if !is(root, "definitions") || !namespace.to_lowercase().contains("dmn") {
            self.find(
                root,
                "BATON-DMN-001",
                "this is no DMN model; its root must be DMN's `definitions`",
            );
            return Model::default();
        }
        let mut model = Model {
            name: attribute(root, "name"),
            ..Model::default()
        };
        for node in root.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "inputData" => model.inputs.push(input_data(node)),
                "decision" => model.decisions.push(self.decision(node)),
                "businessKnowledgeModel" => model.functions.push(self.knowledge(node)),
                name @ ("import" | "decisionService") => {
                    model.unread.push((name.into(), self.line(node)))
                }
                _ => {}
            }
        }
        model
    }

    fn decision(&mut self, node: Node<'_, '_>) -> Decision {
        Decision {
            id: attribute(node, "id"),
            name: attribute(node, "name"),
            line: self.line(node),
            requires: requires(node),
            logic: node.children().find_map(|child| self.logic(child)),
        }
    }

    fn knowledge(&mut self, node: Node<'_, '_>) -> Knowledge {
        let encapsulated = node
            .children()
            .find(|child| is(*child, "encapsulatedLogic"));
        let (parameters, body) = encapsulated
            .map(|node| self.function(node))
            .unwrap_or_default();
        Knowledge {
            id: attribute(node, "id"),
            name: attribute(node, "name"),
            line: self.line(node),
            requires: requires(node),
            parameters,
            body,
        }
    }

    fn text(&self, node: Node<'_, '_>) -> Text {
        let inner = node
            .children()
            .find(|child| is(*child, "text"))
            .unwrap_or(node);
        Text {
            text: inner.text().unwrap_or_default().trim().to_owned(),
            line: self.line(inner),
        }
    }

    fn line(&self, node: Node<'_, '_>) -> u32 {
        self.lines.of_node(node).0
    }

    fn find(&mut self, node: Node<'_, '_>, code: &str, message: impl Into<String>) {
        let (line, column) = self.lines.of_node(node);
        let finding = Diagnostic::at(code, line, column, message);
        self.findings
            .push(finding.about(node.attribute("id").unwrap_or(node.tag_name().name())));
    }
}

fn input_data(node: Node<'_, '_>) -> InputData {
    let variable = node.children().find(|child| is(*child, "variable"));
    InputData {
        id: attribute(node, "id"),
        name: attribute(node, "name"),
        type_ref: variable
            .and_then(|node| node.attribute("typeRef"))
            .map(str::to_owned),
    }
}

/// The local ids a decision or function requires.
fn requires(node: Node<'_, '_>) -> Vec<String> {
    let requirement = |child: &Node<'_, '_>| {
        is(*child, "informationRequirement") || is(*child, "knowledgeRequirement")
    };
    node.children()
        .filter(requirement)
        .flat_map(|child| {
            child
                .children()
                .filter(Node::is_element)
                .collect::<Vec<_>>()
        })
        .filter_map(|child| child.attribute("href"))
        .map(|href| href.rsplit('#').next().unwrap_or(href).to_owned())
        .collect()
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn attribute(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
