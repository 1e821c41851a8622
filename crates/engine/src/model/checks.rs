//! What is wrong with a process although every element of it can be run: nodes out of lanes or reach,
//! gateways without a way, forms and decisions that are not there.

use super::compile::Compiler;
use super::{Boundary, Process, Step, Trigger};
use baton_formats::bpmn;
use std::collections::BTreeSet;

/// Runs every check over a process; `places` holds the elements its nodes came from.
pub(super) fn run(
    compiler: &mut Compiler<'_>,
    read: &bpmn::Process,
    process: &Process,
    places: &[&bpmn::Node],
) {
    let starts = process
        .nodes
        .iter()
        .any(|node| node.inside.is_none() && matches!(node.step, Step::Start(_)));
    if !starts {
        compiler.find(
            read.at,
            &read.id,
            "BATON-MODEL-014",
            format!("process `{}` has no start event", read.name),
        );
    }
    let reached = reached(process);
    for (number, place) in places.iter().enumerate() {
        node(compiler, process, number, place);
        let start = matches!(place.kind, bpmn::Kind::Start(_));
        if starts && !start && !reached.contains(&number) {
            compiler.wrong(
                place,
                "BATON-MODEL-015",
                "is never reached; join it or remove it",
            );
        }
    }
    conditions(compiler, &read.body);
}

fn node(compiler: &mut Compiler<'_>, process: &Process, number: usize, place: &bpmn::Node) {
    let node = &process.nodes[number];
    if node.lane.is_none() && (!process.lanes.is_empty() || matches!(node.step, Step::User(_))) {
        compiler.wrong(place, "BATON-MODEL-016", "is in no lane; put it into one");
    }
    for unknown in &place.extension.unknown {
        compiler.wrong(
            place,
            "BATON-MODEL-017",
            format!("carries `{unknown}`, which means nothing here"),
        );
    }
    match &node.step {
        Step::User(task) => form(compiler, place, task.form.as_deref()),
        Step::Rule(rule) => {
            decision(compiler, place, &rule.decision);
            if let Some(each) = &rule.each {
                compiler.expression(place.at, &place.id, each);
            }
        }
        Step::Exclusive if node.ways_out.len() > 1 => exclusive(compiler, process, number, place),
        Step::Boundary(boundary) => boundary_fits(compiler, process, boundary, place),
        _ => {}
    }
}

fn form(compiler: &mut Compiler<'_>, place: &bpmn::Node, form: Option<&str>) {
    let message = match form {
        None => "has no form; give it <baton:task form=\"…\"/>".to_owned(),
        Some(form) if !compiler.forms.contains(form) => {
            format!("asks for the form `{form}`, which is not in the pack")
        }
        Some(_) => return,
    };
    compiler.wrong(place, "BATON-MODEL-018", message);
}

fn decision(compiler: &mut Compiler<'_>, place: &bpmn::Node, decision: &str) {
    if !decision.is_empty() && compiler.decisions.find(decision).is_none() {
        let message =
            format!("asks for the decision `{decision}`, which is in no DMN file of the pack");
        compiler.wrong(place, "BATON-MODEL-019", message);
    }
}

/// An exclusive gateway needs a condition on every way but the default, and a default.
fn exclusive(compiler: &mut Compiler<'_>, process: &Process, number: usize, place: &bpmn::Node) {
    let node = &process.nodes[number];
    let bare = node
        .ways_out
        .iter()
        .filter(|flow| process.flows[**flow].condition.is_none() && Some(**flow) != node.default);
    let bare: Vec<_> = bare.map(|flow| process.flows[*flow].id.as_str()).collect();
    if !bare.is_empty() {
        let message = format!(
            "has ways without a condition: {}; give them one, or make one the default",
            bare.join(", ")
        );
        compiler.wrong(place, "BATON-MODEL-020", message);
    } else if node.default.is_none() {
        let message =
            "has no default way; a case would be stuck where no condition holds".to_owned();
        compiler.wrong(place, "BATON-MODEL-021", message);
    }
}

fn boundary_fits(
    compiler: &mut Compiler<'_>,
    process: &Process,
    boundary: &Boundary,
    place: &bpmn::Node,
) {
    let waits = matches!(
        process.nodes[boundary.at].step,
        Step::User(_) | Step::SubProcess(_)
    );
    let fails = matches!(
        process.nodes[boundary.at].step,
        Step::Service { .. } | Step::SubProcess(_)
    );
    let message = match boundary.trigger {
        Trigger::Error(_) if !fails => "errors come from service tasks and sub-processes only",
        Trigger::Error(_) if !boundary.interrupting => "an error always interrupts",
        Trigger::Time(_) | Trigger::Message(_) if !waits => {
            "only user tasks and sub-processes wait long enough for it"
        }
        _ => return,
    };
    compiler.wrong(place, "BATON-MODEL-022", message);
}

fn conditions(compiler: &mut Compiler<'_>, scope: &bpmn::Scope) {
    for flow in &scope.flows {
        if let Some(condition) = flow.condition.as_ref().filter(|text| !text.text.is_empty()) {
            compiler.expression(condition.at, &flow.id, &condition.text);
        }
    }
    for node in &scope.nodes {
        if let bpmn::Kind::SubProcess(body) = &node.kind {
            conditions(compiler, body);
        }
    }
}

/// The nodes a token can come to.
fn reached(process: &Process) -> BTreeSet<usize> {
    let starts = |node: &super::Node| node.inside.is_none() && matches!(node.step, Step::Start(_));
    let mut open: Vec<_> = (0..process.nodes.len())
        .filter(|number| starts(&process.nodes[*number]))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(number) = open.pop() {
        if !reached.insert(number) {
            continue;
        }
        let node = &process.nodes[number];
        open.extend(node.ways_out.iter().map(|flow| process.flows[*flow].to));
        open.extend(&node.boundaries);
        if let Step::SubProcess(start) = node.step {
            open.push(start);
        }
    }
    reached
}
