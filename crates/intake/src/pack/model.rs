//! What the models of a pack name: lanes, forms, decisions and roles, held against what the pack has.
//! Whether the engine runs a model, the engine checks at deployment.

use super::file::PackFile;
use super::{Fault, Findings};
use baton_formats::bpmn::{self, Kind, Trigger};
use baton_formats::xml::{self, Document, Lines, Node};
use baton_journal::setup::SourceFile;
use std::collections::{BTreeMap, BTreeSet};

/// The namespace of Baton's extensions in BPMN.
const BATON: &str = "urn:baton:bpmn:1";

/// Names found in models, with where they stand.
#[derive(Default)]
struct Named {
    lanes: Vec<Place>,
    forms: Vec<Place>,
    decisions: Vec<Place>,
    roles: Vec<Place>,
}

struct Place {
    name: String,
    path: String,
    at: (u32, u32),
}

/// Checks that all that the processes name is there.
pub(super) fn check(
    file: &PackFile,
    processes: &[SourceFile],
    decisions: &[SourceFile],
    forms: &[SourceFile],
    findings: &mut Findings<'_>,
) {
    let mut named = Named::default();
    for source in processes {
        read(source, findings, |tree, lines| {
            named.note(source, tree, lines)
        });
    }
    let mut made = BTreeSet::new();
    for source in decisions {
        read(source, findings, |tree, _| made.extend(decided(tree)));
    }
    lanes(file, &named.lanes, findings);
    let form_ids: BTreeSet<_> = forms.iter().map(|form| super::stem(&form.path)).collect();
    let roles: BTreeSet<_> = file
        .worker
        .iter()
        .flat_map(|worker| &worker.roles)
        .collect();
    missing(
        &named.forms,
        |name| form_ids.contains(name),
        Fault::NoForm,
        findings,
    );
    missing(
        &named.decisions,
        |name| made.contains(name),
        Fault::NoDecision,
        findings,
    );
    missing(
        &named.roles,
        |name| roles.contains(&name.to_string()),
        Fault::NoRole,
        findings,
    );
}

/// The messages that start processes, by the lane they start in. A model that cannot be read starts nothing.
pub(super) fn received(processes: &[SourceFile]) -> BTreeMap<String, BTreeSet<String>> {
    let mut lanes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let models = processes
        .iter()
        .filter_map(|source| bpmn::parse(source.text.as_bytes()).ok());
    for model in models {
        for process in &model.processes {
            for node in &process.body.nodes {
                let Kind::Start(Trigger::Message(id)) = &node.kind else {
                    continue;
                };
                // Of lanes inside each other the innermost stands last.
                let lane = process
                    .lanes
                    .iter()
                    .rfind(|lane| lane.nodes.contains(&node.id));
                if let (Some(lane), Some(message)) = (lane, model.messages.get(id)) {
                    lanes
                        .entry(lane.id.clone())
                        .or_default()
                        .insert(message.name.clone());
                }
            }
        }
    }
    lanes
}

fn read(
    source: &SourceFile,
    findings: &mut Findings<'_>,
    note: impl FnOnce(&Document<'_>, &Lines<'_>),
) {
    match xml::parse(source.text.as_bytes()) {
        Ok(tree) => note(&tree, &Lines::of(tree.input_text())),
        Err(found) => findings.push(&source.path, found),
    }
}

impl Named {
    fn note(&mut self, source: &SourceFile, tree: &Document<'_>, lines: &Lines<'_>) {
        for node in tree.descendants().filter(Node::is_element) {
            let place = |name: &str| Place {
                name: name.into(),
                path: source.path.clone(),
                at: lines.of_node(node),
            };
            let tag = node.tag_name();
            let attribute = |name| node.attribute(name).map(place);
            match (tag.namespace() == Some(BATON), tag.name()) {
                (false, "lane") => self.lanes.extend(attribute("id")),
                (true, "task") => {
                    self.forms.extend(attribute("form"));
                    self.roles.extend(attribute("role"));
                }
                (true, "decision") => self.decisions.extend(attribute("ref")),
                _ => {}
            }
        }
    }
}

/// The ids and names of a DMN file's decisions.
fn decided(tree: &Document<'_>) -> Vec<String> {
    let nodes = tree.descendants();
    let decisions = nodes.filter(|node| node.is_element() && node.tag_name().name() == "decision");
    let names = decisions.flat_map(|node| [node.attribute("id"), node.attribute("name")]);
    names.flatten().map(String::from).collect()
}

fn lanes(file: &PackFile, lanes: &[Place], findings: &mut Findings<'_>) {
    let set: BTreeSet<_> = file
        .lane
        .iter()
        .map(|lane| lane.id.get_ref().as_str())
        .collect();
    missing(lanes, |name| set.contains(name), Fault::LaneUnset, findings);
    for lane in &file.lane {
        let id = lane.id.get_ref();
        if !lanes.iter().any(|place| place.name == *id) {
            findings.at(lane.id.span(), &Fault::LaneUnused(id.clone()));
        }
    }
}

fn missing(
    places: &[Place],
    known: impl Fn(&str) -> bool,
    fault: fn(String) -> Fault,
    findings: &mut Findings<'_>,
) {
    for place in places.iter().filter(|place| !known(&place.name)) {
        let (line, column) = place.at;
        findings.add(&place.path, line, column, &fault(place.name.clone()));
    }
}
