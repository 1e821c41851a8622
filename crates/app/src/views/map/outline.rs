//! The outline of a deployed process: its lanes in the model's order, what stands in each from left to
//! right, and the flows between. Runs of automatic steps are one box. It is read from the model as it was
//! deployed; positions come from its diagram, and where it has none from the order of the file.

use baton_formats::bpmn::{self, Kind, Process, Task};
use std::collections::{BTreeMap, BTreeSet};

/// A process as it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its lanes: id and name.
    pub lanes: Vec<(String, String)>,
    /// What stands in them.
    pub nodes: Vec<Node>,
    /// The flows between nodes.
    pub flows: Vec<Flow>,
}

/// A box, diamond or circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id in the model.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub shape: Shape,
    /// The lane it stands in.
    pub lane: usize,
    /// How many automatic steps it stands for; 0 where a person or a bot does it.
    pub steps: u32,
}

/// What a node looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A task or a sub-process.
    Task,
    /// A gateway.
    Gateway,
    /// The process begins here.
    Start,
    /// It ends here.
    End,
    /// It waits here, or something happens.
    Event,
    /// At the edge of another node.
    Edge(usize),
}

/// A flow from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Its name, like `no`.
    pub name: String,
}

/// The outline of a process in a model's text; nothing where the text holds no such process.
pub(super) fn read(text: &str, process: &str) -> Option<Outline> {
    let model = bpmn::parse(text.as_bytes()).ok()?;
    let process = model.processes.iter().find(|one| one.id == process)?;
    Some(Reading::of(process, &model.shapes).outline())
}

struct Reading<'a> {
    process: &'a Process,
    shapes: &'a BTreeMap<String, bpmn::Bounds>,
    lanes: Vec<&'a bpmn::Lane>,
}

impl<'a> Reading<'a> {
    fn of(process: &'a Process, shapes: &'a BTreeMap<String, bpmn::Bounds>) -> Self {
        let inner = process.lanes.iter().filter(|lane| !lane.nodes.is_empty());
        Self {
            process,
            shapes,
            lanes: inner.collect(),
        }
    }

    fn outline(&self) -> Outline {
        let heads = self.runs();
        let mut nodes: Vec<&bpmn::Node> = self.process.body.nodes.iter().collect();
        nodes.retain(|node| heads.get(node.id.as_str()) == Some(&node.id.as_str()));
        nodes.sort_by_key(|node| (self.lane(node), self.place(node)));
        let at = |id: &str| nodes.iter().position(|node| node.id == id);
        let steps = |id: &str| heads.values().filter(|head| **head == id).count();
        let drawn = nodes.iter().map(|node| Node {
            id: node.id.clone(),
            name: node.name.clone(),
            shape: shape(node, &at),
            lane: self.lane(node),
            steps: if automatic(node) {
                u32::try_from(steps(&node.id)).unwrap_or_default()
            } else {
                0
            },
        });
        let flows = self.process.body.flows.iter().filter_map(|flow| {
            let from = at(heads.get(flow.source.as_str())?)?;
            let to = at(heads.get(flow.target.as_str())?)?;
            (from != to).then(|| Flow {
                from,
                to,
                name: flow.name.clone(),
            })
        });
        Outline {
            lanes: self
                .lanes
                .iter()
                .map(|lane| (lane.id.clone(), lane.name.clone()))
                .collect(),
            flows: flows.collect(),
            nodes: drawn.collect(),
        }
    }

    /// The lane a node stands in; what stands at the edge of another stands in the lane of that.
    fn lane(&self, node: &bpmn::Node) -> usize {
        let id = match &node.kind {
            Kind::Boundary(event) => &event.attached,
            _ => &node.id,
        };
        let holds = |lane: &&bpmn::Lane| lane.nodes.contains(id);
        self.lanes.iter().position(holds).unwrap_or_default()
    }

    /// Where a node stands in its lane: by the diagram, else by the file.
    fn place(&self, node: &bpmn::Node) -> (i32, i32) {
        let shape = self.shapes.get(&node.id);
        shape.map_or((i32::MAX, 0), |at| (at.x + at.width / 2, at.y))
    }

    /// Each node's box: its own, or that of the automatic step its run begins with.
    fn runs(&self) -> BTreeMap<&'a str, &'a str> {
        let nodes: BTreeMap<&str, &bpmn::Node> = self
            .process
            .body
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut after: BTreeMap<&str, usize> = BTreeMap::new();
        for flow in &self.process.body.flows {
            before.entry(&flow.target).or_default().push(&flow.source);
            *after.entry(&flow.source).or_default() += 1;
        }
        let joins = |id: &str| -> Option<&'a str> {
            let node = nodes.get(id)?;
            let [source] = before.get(id)?.as_slice() else {
                return None;
            };
            let source = nodes.get(source)?;
            let run =
                automatic(node) && automatic(source) && after.get(source.id.as_str()) == Some(&1);
            (run && self.lane(node) == self.lane(source)).then_some(source.id.as_str())
        };
        let ids = self.process.body.nodes.iter().map(|node| node.id.as_str());
        ids.map(|id| {
            let (mut head, mut seen) = (id, BTreeSet::new());
            while let Some(source) = joins(head).filter(|_| seen.insert(head)) {
                head = source;
            }
            (id, head)
        })
        .collect()
    }
}

fn automatic(node: &bpmn::Node) -> bool {
    matches!(&node.kind, Kind::Task(task) if *task != Task::User)
}

fn shape(node: &bpmn::Node, at: &impl Fn(&str) -> Option<usize>) -> Shape {
    match &node.kind {
        Kind::Start(_) => Shape::Start,
        Kind::End(_) => Shape::End,
        Kind::Catch(_) | Kind::Throw(_) => Shape::Event,
        Kind::Gateway(_) => Shape::Gateway,
        Kind::Boundary(event) => at(&event.attached).map_or(Shape::Event, Shape::Edge),
        Kind::Task(_) | Kind::SubProcess(_) | Kind::Unknown(_) => Shape::Task,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = include_str!("../../../../../packs/purchase-to-pay/purchase-to-pay.bpmn");

    #[test]
    fn lanes_stand_in_the_order_of_the_process() {
        let outline = read(MODEL, "purchase-to-pay").expect("the model");
        let lanes: Vec<&str> = outline.lanes.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(lanes, ["receive", "verify", "resolve", "approve", "pay"]);
    }

    #[test]
    fn a_run_of_automatic_steps_is_one_box() {
        let outline = read(MODEL, "purchase-to-pay").expect("the model");
        let matching = outline.nodes.iter().find(|node| node.id == "match_order");
        assert_eq!(matching.map(|node| node.steps), Some(6));
        assert!(outline.nodes.iter().all(|node| node.id != "gather"));
        let from = outline
            .nodes
            .iter()
            .position(|node| node.id == "match_order");
        let next = outline.flows.iter().find(|flow| Some(flow.from) == from);
        let to = next.map(|flow| outline.nodes[flow.to].id.as_str());
        assert_eq!(to, Some("look"));
    }

    #[test]
    fn a_timer_at_a_task_stands_in_its_lane() {
        let outline = read(MODEL, "purchase-to-pay").expect("the model");
        let timer = outline
            .nodes
            .iter()
            .find(|node| node.id == "approval_overdue");
        let timer = timer.expect("the timer");
        assert_eq!(outline.lanes[timer.lane].0, "approve");
        assert!(matches!(timer.shape, Shape::Edge(_)));
    }
}
