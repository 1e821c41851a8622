//! A process as it is run: nodes and flows by number, each node with its lane, its ways in and out and
//! what it does.
//!
//! [`check`] compiles a BPMN file or refuses it with every finding, by name, id and line. It runs
//! nothing. Files come from a deployed pack; `run` walks the result.

mod checks;
mod compile;
mod iso;
mod pack;

pub use compile::check;
pub(crate) use iso::{cycle, instant};
pub use iso::{duration, working_time};
pub(crate) use pack::stem;
pub use pack::{Compiled, check_decisions, check_pack};

use baton_model::{LaneId, TaskId, WorkingTime};
use std::collections::HashMap;

/// A process that can be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Its id in the model.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its nodes; sub-processes' nodes among them.
    pub nodes: Vec<Node>,
    /// Its flows.
    pub flows: Vec<Flow>,
    /// The lanes in the order of the model.
    pub lanes: Vec<(LaneId, String)>,
    by_id: HashMap<TaskId, usize>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its id in the model.
    pub id: TaskId,
    /// Its name, or its id where it has none.
    pub name: String,
    /// The line it begins on.
    pub line: u32,
    /// The innermost lane it is in, if the process has lanes.
    pub lane: Option<LaneId>,
    /// The sub-process it is inside.
    pub inside: Option<usize>,
    /// What it does.
    pub step: Step,
    /// The flows that enter it.
    pub ways_in: Vec<usize>,
    /// The flows that leave it.
    pub ways_out: Vec<usize>,
    /// The flow taken when no other is.
    pub default: Option<usize>,
    /// The boundary events at its edge.
    pub boundaries: Vec<usize>,
}

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its id in the model.
    pub id: String,
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Its condition, in FEEL.
    pub condition: Option<String>,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Begins the process or sub-process; on a message of this name, if it has one.
    Start(Option<String>),
    /// Nothing: the token goes on.
    Pass,
    /// Waits for a time.
    WaitTime(Timer),
    /// Waits for a message.
    WaitMessage(Message),
    /// Makes a work item.
    User(Box<UserTask>),
    /// Asks another stage.
    Service {
        /// The service.
        name: String,
        /// The field that takes the answer.
        result: String,
    },
    /// Evaluates an expression.
    Script {
        /// The expression.
        text: String,
        /// The field that takes its value.
        result: String,
    },
    /// Makes a decision.
    Rule(Box<RuleTask>),
    /// Takes one way out.
    Exclusive,
    /// Waits for all ways in and takes all ways out.
    Parallel,
    /// Runs the nodes inside it, beginning with this one.
    SubProcess(usize),
    /// Stands at the edge of another node.
    Boundary(Boundary),
    /// Ends the token, with the outcome's name.
    End(Option<String>),
    /// Ends everything in its scope.
    Terminate(Option<String>),
    /// Ends its scope with an error's code.
    Fail(String),
}

/// A user task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserTask {
    /// The form's id.
    pub form: Option<String>,
    /// The item's own target.
    pub target: Option<WorkingTime>,
    /// The role a worker needs.
    pub role: Option<String>,
    /// The field holding the worker who may not do it.
    pub exclude: Option<String>,
}

/// A business rule task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleTask {
    /// The decision's name or id.
    pub decision: String,
    /// The list for each of whose elements it is made.
    pub each: Option<String>,
    /// What an element is called.
    pub element: String,
    /// The field that takes the result.
    pub result: String,
}

/// A boundary event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// The node it stands at.
    pub at: usize,
    /// Whether it ends that node's work.
    pub interrupting: bool,
    /// What sets it off.
    pub trigger: Trigger,
}

/// What sets a boundary event off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A time.
    Time(Timer),
    /// A message.
    Message(Message),
    /// An error of this code; any where there is none.
    Error(Option<String>),
}

/// A message that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// The correlation key, in FEEL.
    pub key: Option<String>,
}

/// A timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timer {
    /// At an instant, in ISO 8601.
    Date(Given),
    /// After a time, in ISO 8601.
    Duration(Given),
    /// Again and again, this often at most.
    Cycle(Given),
}

/// A text that is given, or an expression that gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The text.
    Text(String),
    /// The expression, in FEEL.
    Expression(String),
}

impl Process {
    /// The number of a node.
    pub fn find(&self, id: &TaskId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The node of an id.
    pub fn node(&self, id: &TaskId) -> Option<&Node> {
        self.nodes.get(self.find(id)?)
    }

    /// The start event of the process itself: the one without a message, else the first.
    pub fn start(&self) -> Option<&Node> {
        let starts = || {
            self.nodes
                .iter()
                .filter(|node| node.inside.is_none() && matches!(node.step, Step::Start(_)))
        };
        starts()
            .find(|node| node.step == Step::Start(None))
            .or_else(|| starts().next())
    }

    /// The start event that a message of this name sets off.
    pub fn start_on(&self, message: &str) -> Option<&Node> {
        let on = |node: &&Node| matches!(&node.step, Step::Start(Some(name)) if name == message);
        self.nodes.iter().find(on)
    }
}

#[cfg(test)]
mod tests;
