//! BPMN 2.0 process models, read with positions: processes, lanes, nodes, flows, messages, errors.
//!
//! Import is lenient: what it does not know becomes [`Kind::Unknown`] with its name and line, and vendor
//! extensions other than Baton's and the common Zeebe and Camunda ones are left aside. It decides
//! nothing about what can be run; `engine` compiles the model or refuses it. Of the diagram only the
//! shapes' bounds are kept.

mod diagram;
mod element;
mod extension;
mod lane;
mod latin;

use crate::xml::{self, Lines, Node as Xml};
use baton_model::Diagnostic;
pub use diagram::Bounds;
pub use element::{Event, Flow, Gateway, Kind, Node, Scope, Task, Timer, Trigger};
pub use extension::Extension;
pub use lane::Lane;
use std::collections::BTreeMap;

/// BPMN's namespace.
pub const NAMESPACE: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// The namespace of Baton's extensions.
pub const EXTENSIONS: &str = "urn:baton:bpmn:1";

/// Where an element begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

/// An expression's text and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The text, trimmed.
    pub text: String,
    /// Where.
    pub at: At,
}

/// A BPMN file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// Its processes, in order.
    pub processes: Vec<Process>,
    /// Message names by id.
    pub messages: BTreeMap<String, Message>,
    /// Error codes by id.
    pub errors: BTreeMap<String, String>,
    /// The names of pools by their process.
    pub pools: BTreeMap<String, String>,
    /// Where shapes stand, by the element they show.
    pub shapes: BTreeMap<String, Bounds>,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// A correlation key from a Zeebe extension, if it has one.
    pub key: Option<String>,
}

/// A process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Process {
    /// Its id.
    pub id: String,
    /// Its name, else its pool's name, else its id.
    pub name: String,
    /// Where it begins.
    pub at: At,
    /// Whether it says it can be executed; `None` where it says nothing.
    pub executable: Option<bool>,
    /// Its lanes, outer ones before those inside them.
    pub lanes: Vec<Lane>,
    /// Its nodes and flows.
    pub body: Scope,
}

/// Reads a BPMN file.
///
/// # Errors
/// Positioned findings: the XML's own (`BATON-XML-NNN`), no BPMN (`BATON-BPMN-001`), or an element
/// without what it must have (`BATON-BPMN-002`).
pub fn parse(bytes: &[u8]) -> Result<Definitions, Vec<Diagnostic>> {
    let bytes = latin::decoded(bytes);
    let document = xml::parse(&bytes).map_err(|finding| vec![finding])?;
    let mut reader = Reader {
        lines: Lines::of(document.input_text()),
        findings: Vec::new(),
    };
    let definitions = reader.definitions(document.root_element());
    if reader.findings.is_empty() {
        Ok(definitions)
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
    fn definitions(&mut self, root: Xml<'_, '_>) -> Definitions {
        if !root.has_tag_name((NAMESPACE, "definitions")) {
            self.find(
                root,
                "BATON-BPMN-001",
                "this is no BPMN model; its root must be BPMN 2.0's `definitions`",
            );
            return Definitions::default();
        }
        let mut read = Definitions {
            shapes: diagram::shapes(root),
            ..Definitions::default()
        };
        for node in root.children() {
            match name(node) {
                "process" => read.processes.push(self.process(node)),
                "message" => drop(read.messages.insert(attribute(node, "id"), message(node))),
                "error" => drop(read.errors.insert(attribute(node, "id"), error_code(node))),
                "collaboration" => read.pools.extend(pools(node)),
                _ => {}
            }
        }
        for process in &mut read.processes {
            let pool = read.pools.get(&process.id).filter(|pool| !pool.is_empty());
            if process.name.is_empty() {
                process.name = pool.unwrap_or(&process.id).clone();
            }
        }
        read
    }

    fn process(&mut self, node: Xml<'_, '_>) -> Process {
        Process {
            id: self.required(node, "id"),
            name: attribute(node, "name"),
            at: self.at(node),
            executable: node.attribute("isExecutable").map(|value| value == "true"),
            lanes: self.lanes(node),
            body: self.scope(node),
        }
    }

    /// An attribute that must be there.
    fn required(&mut self, node: Xml<'_, '_>, attribute: &str) -> String {
        match node.attribute(attribute) {
            Some(value) if !value.is_empty() => value.to_owned(),
            _ => {
                let message = format!("`{}` has no `{attribute}`; give it one", name(node));
                self.find(node, "BATON-BPMN-002", message);
                String::new()
            }
        }
    }

    fn at(&self, node: Xml<'_, '_>) -> At {
        let (line, column) = self.lines.of_node(node);
        At { line, column }
    }

    fn text(&self, node: Xml<'_, '_>) -> Text {
        let text: String = node
            .children()
            .filter(|child| child.is_text())
            .filter_map(|child| child.text())
            .collect();
        Text {
            text: text.trim().to_owned(),
            at: self.at(node),
        }
    }

    fn find(&mut self, node: Xml<'_, '_>, code: &str, message: impl Into<String>) {
        let (line, column) = self.lines.of_node(node);
        let finding = Diagnostic::at(code, line, column, message);
        self.findings
            .push(finding.about(node.attribute("id").unwrap_or(name(node))));
    }
}

fn message(node: Xml<'_, '_>) -> Message {
    let subscription = node
        .descendants()
        .find(|inner| inner.is_element() && name(*inner) == "subscription");
    let key =
        subscription.and_then(|inner| inner.attribute("correlationKey").or(inner.attribute("key")));
    Message {
        name: attribute(node, "name"),
        key: key.map(extension::without_equals),
    }
}

fn error_code(node: Xml<'_, '_>) -> String {
    node.attribute("errorCode")
        .or(node.attribute("name"))
        .unwrap_or_default()
        .to_owned()
}

fn pools(node: Xml<'_, '_>) -> Vec<(String, String)> {
    let participants = node
        .children()
        .filter(|child| name(*child) == "participant");
    participants
        .filter_map(|pool| {
            Some((
                local(pool.attribute("processRef")?),
                attribute(pool, "name"),
            ))
        })
        .collect()
}

/// The local name of an element; empty for text and comments.
fn name<'a>(node: Xml<'a, '_>) -> &'a str {
    if node.is_element() {
        node.tag_name().name()
    } else {
        ""
    }
}

fn attribute(node: Xml<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

/// An id without the prefix a qualified name may carry.
fn local(reference: &str) -> String {
    reference.rsplit(':').next().unwrap_or(reference).to_owned()
}

#[cfg(test)]
mod tests;
