//! From a BPMN file to processes with numbers for nodes and flows. Every finding is kept, so that an
//! author sees them all at once.

mod step;

use super::{Flow, Node, Process, Step, checks};
use crate::Models;
use baton_formats::bpmn::{self, At, Definitions, Kind, Scope};
use baton_model::{Diagnostic, LaneId, TaskId};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

/// The most nodes and flows of a file.
const MAX_SIZE: usize = 5_000;

/// Compiles a BPMN file, against the decisions and forms it may use.
///
/// # Errors
/// Every finding: what cannot be read (`BATON-XML-NNN`, `BATON-BPMN-NNN`), what is not run and what is
/// wrong (`BATON-MODEL-NNN`), each with the element's id and line.
pub fn check(
    bytes: &[u8],
    decisions: &Models,
    forms: &BTreeSet<String>,
) -> Result<Vec<Process>, Vec<Diagnostic>> {
    let file = bpmn::parse(bytes)?;
    let size: usize = file
        .processes
        .iter()
        .map(|process| size(&process.body))
        .sum();
    if size > MAX_SIZE {
        let message =
            format!("the file has {size} nodes and flows, the limit is {MAX_SIZE}; split it");
        return Err(vec![Diagnostic::at("BATON-MODEL-027", 0, 0, message)]);
    }
    let mut compiler = Compiler {
        file: &file,
        decisions,
        forms,
        findings: Vec::new(),
    };
    let runnable: Vec<_> = file
        .processes
        .iter()
        .filter(|process| process.executable != Some(false))
        .collect();
    let none = runnable.is_empty();
    let chosen = if none {
        file.processes.iter().collect()
    } else {
        runnable
    };
    let processes = chosen
        .into_iter()
        .map(|process| compiler.process(process))
        .collect();
    if none {
        compiler.find(
            At::default(),
            "",
            "BATON-MODEL-001",
            "the file has no process that is marked as executable",
        );
    }
    compiler
        .findings
        .sort_by_key(|finding| (finding.line, finding.column));
    if compiler.findings.is_empty() {
        Ok(processes)
    } else {
        Err(compiler.findings)
    }
}

pub(super) struct Compiler<'a> {
    file: &'a Definitions,
    pub(super) decisions: &'a Models,
    pub(super) forms: &'a BTreeSet<String>,
    findings: Vec<Diagnostic>,
}

impl<'a> Compiler<'a> {
    pub(super) fn find(&mut self, at: At, subject: &str, code: &str, message: impl Into<String>) {
        let finding = Diagnostic::at(code, at.line, at.column, message);
        self.findings.push(if subject.is_empty() {
            finding
        } else {
            finding.about(subject)
        });
    }

    /// Notes what is wrong with a node.
    pub(super) fn wrong(&mut self, node: &bpmn::Node, code: &str, message: impl Display) {
        let message = format!("`{}` ({}): {message}", shown(node), node.id);
        self.find(node.at, &node.id, code, message);
    }

    fn process(&mut self, read: &'a bpmn::Process) -> Process {
        let mut process = Process {
            id: read.id.clone(),
            name: read.name.clone(),
            nodes: Vec::new(),
            flows: Vec::new(),
            lanes: read
                .lanes
                .iter()
                .map(|lane| (LaneId::new(&lane.id), lane.name.clone()))
                .collect(),
            by_id: HashMap::new(),
        };
        let mut places = Vec::new();
        self.number(&read.body, None, read, &mut process, &mut places);
        self.attach(&places, &mut process);
        self.flows(&read.body, &mut process);
        checks::run(self, read, &process, &places);
        process
    }

    /// Gives every node its number, those inside a sub-process after it.
    fn number(
        &mut self,
        scope: &'a Scope,
        inside: Option<usize>,
        read: &'a bpmn::Process,
        process: &mut Process,
        places: &mut Vec<&'a bpmn::Node>,
    ) {
        for node in &scope.nodes {
            let number = process.nodes.len();
            if process
                .by_id
                .insert(TaskId::new(&node.id), number)
                .is_some()
            {
                self.find(
                    node.at,
                    &node.id,
                    "BATON-MODEL-002",
                    format!("the id `{}` is used twice", node.id),
                );
            }
            let lane = lane_of(read, &node.id).or_else(|| process.nodes.get(inside?)?.lane.clone());
            let step = self.step(node);
            process.nodes.push(Node::new(node, lane, inside, step));
            places.push(node);
            if let Kind::SubProcess(body) = &node.kind {
                self.number(body, Some(number), read, process, places);
                self.enter(node, number, process);
            }
        }
    }

    /// Finds the start of a sub-process.
    fn enter(&mut self, node: &bpmn::Node, number: usize, process: &mut Process) {
        let starts = |(_, inner): &(usize, &Node)| {
            inner.inside == Some(number) && matches!(inner.step, Step::Start(_))
        };
        let starts: Vec<_> = process
            .nodes
            .iter()
            .enumerate()
            .filter(starts)
            .map(|(start, _)| start)
            .collect();
        match starts.as_slice() {
            [start] => process.nodes[number].step = Step::SubProcess(*start),
            _ => self.wrong(
                node,
                "BATON-MODEL-003",
                format!(
                    "a sub-process must have one start event, this has {}",
                    starts.len()
                ),
            ),
        }
    }

    /// Joins boundary events to what they stand at.
    fn attach(&mut self, places: &[&bpmn::Node], process: &mut Process) {
        for (number, node) in places.iter().enumerate() {
            let Kind::Boundary(event) = &node.kind else {
                continue;
            };
            match process.find(&TaskId::new(&event.attached)) {
                Some(at) => {
                    process.nodes[at].boundaries.push(number);
                    if let Step::Boundary(boundary) = &mut process.nodes[number].step {
                        boundary.at = at;
                    }
                }
                None => self.wrong(
                    node,
                    "BATON-MODEL-004",
                    format!(
                        "it stands at the edge of `{}`, which is not there",
                        event.attached
                    ),
                ),
            }
        }
    }

    fn flows(&mut self, scope: &Scope, process: &mut Process) {
        for flow in &scope.flows {
            self.flow(flow, process);
        }
        for node in &scope.nodes {
            if let Some(number) = process.find(&TaskId::new(&node.id)) {
                let ways = &process.nodes[number].ways_out;
                let default = node.default.as_ref();
                let default = default.and_then(|id| {
                    ways.iter()
                        .copied()
                        .find(|way| process.flows[*way].id == *id)
                });
                process.nodes[number].default = default;
            }
            if let Kind::SubProcess(body) = &node.kind {
                self.flows(body, process);
            }
        }
    }

    fn flow(&mut self, flow: &bpmn::Flow, process: &mut Process) {
        let end = |id: &str| process.find(&TaskId::new(id));
        let wrong = match (end(&flow.source), end(&flow.target)) {
            (Some(from), Some(to)) if process.nodes[from].inside == process.nodes[to].inside => {
                process.join(flow, from, to);
                return;
            }
            (Some(_), Some(_)) => "one of them is inside a sub-process and the other is not",
            _ => "one of them is not there",
        };
        let message = format!(
            "sequence flow `{}` joins `{}` and `{}`; {wrong}",
            flow.id, flow.source, flow.target
        );
        self.find(flow.at, &flow.id, "BATON-MODEL-005", message);
    }

    pub(super) fn expression(&mut self, at: At, id: &str, text: &str) {
        if let Err(error) = crate::feel::check(text) {
            self.find(
                at,
                id,
                "BATON-MODEL-013",
                format!("the expression of `{id}` cannot be evaluated: {error}"),
            );
        }
    }
}

impl Node {
    fn new(read: &bpmn::Node, lane: Option<LaneId>, inside: Option<usize>, step: Step) -> Self {
        Self {
            id: TaskId::new(&read.id),
            name: shown(read),
            line: read.at.line,
            lane,
            inside,
            step,
            ways_in: Vec::new(),
            ways_out: Vec::new(),
            default: None,
            boundaries: Vec::new(),
        }
    }
}

impl Process {
    /// Adds a flow between two nodes.
    fn join(&mut self, flow: &bpmn::Flow, from: usize, to: usize) {
        let condition = flow.condition.as_ref().map(|text| text.text.clone());
        let condition = condition.filter(|text| !text.is_empty());
        self.nodes[from].ways_out.push(self.flows.len());
        self.nodes[to].ways_in.push(self.flows.len());
        self.flows.push(Flow {
            id: flow.id.clone(),
            from,
            to,
            condition,
        });
    }
}

/// How many nodes and flows a scope has, those inside it among them.
fn size(scope: &Scope) -> usize {
    let inside = scope.nodes.iter().map(|node| match &node.kind {
        Kind::SubProcess(body) => size(body),
        _ => 0,
    });
    scope.nodes.len() + scope.flows.len() + inside.sum::<usize>()
}

/// The innermost lane a node is in.
fn lane_of(process: &bpmn::Process, id: &str) -> Option<LaneId> {
    let around = process
        .lanes
        .iter()
        .filter(|lane| lane.nodes.iter().any(|node| node == id));
    around
        .max_by_key(|lane| lane.depth)
        .map(|lane| LaneId::new(&lane.id))
}

/// A node's name for people in one line, or its id.
fn shown(node: &bpmn::Node) -> String {
    let words: Vec<_> = node.name.split_whitespace().collect();
    if words.is_empty() {
        node.id.clone()
    } else {
        words.join(" ")
    }
}
