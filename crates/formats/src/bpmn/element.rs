//! Nodes and flows: events, tasks, gateways, sub-processes, and what is none of them.

use super::{At, Extension, Reader, Text, attribute, extension, local, name};
use crate::xml::Node as Xml;

/// The nodes and flows of a process or sub-process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Nodes, in the order of the file.
    pub nodes: Vec<Node>,
    /// Sequence flows.
    pub flows: Vec<Flow>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: At,
    /// What it is.
    pub kind: Kind,
    /// The flow taken when no other is.
    pub default: Option<String>,
    /// What its extensions say.
    pub extension: Extension,
    /// What it repeats by, if it does: `multiInstanceLoopCharacteristics`.
    pub repeats: Option<String>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A start event.
    Start(Trigger),
    /// An end event.
    End(Trigger),
    /// An intermediate event that waits.
    Catch(Trigger),
    /// An intermediate event that happens.
    Throw(Trigger),
    /// An event at the edge of a task or sub-process.
    Boundary(Event),
    /// A task.
    Task(Task),
    /// A gateway.
    Gateway(Gateway),
    /// An embedded sub-process.
    SubProcess(Scope),
    /// Anything else, by its element's name.
    Unknown(String),
}

/// A boundary event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The node it is attached to.
    pub attached: String,
    /// Whether it ends what it is attached to.
    pub interrupting: bool,
    /// What sets it off.
    pub trigger: Trigger,
}

/// What sets an event off, or what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Nothing.
    None,
    /// A message, by its id.
    Message(String),
    /// A time.
    Timer(Timer, Text),
    /// An error, by its id; `None` for any.
    Error(Option<String>),
    /// The end of everything.
    Terminate,
    /// Anything else, by its element's name.
    Unknown(String),
}

/// The kinds of timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// An instant.
    Date,
    /// A time from now.
    Duration,
    /// Again and again.
    Cycle,
}

/// The kinds of tasks that can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A task without a kind: done as soon as it is reached.
    Plain,
    /// For a person.
    User,
    /// For another stage.
    Service,
    /// A script with its format.
    Script(String, Text),
    /// A decision.
    BusinessRule,
}

/// The kinds of gateways that can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// One way out, or any way in.
    Exclusive,
    /// All ways out, or all ways in.
    Parallel,
}

/// A sequence flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: At,
    /// The node it leaves.
    pub source: String,
    /// The node it enters.
    pub target: String,
    /// Its condition, without a leading `=`.
    pub condition: Option<Text>,
}

/// What may stand in a process and is no node: data, artifacts, texts.
const ASIDE: [&str; 20] = [
    "",
    "documentation",
    "extensionElements",
    "laneSet",
    "ioSpecification",
    "property",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataInputAssociation",
    "dataOutputAssociation",
    "association",
    "textAnnotation",
    "group",
    "incoming",
    "outgoing",
    "auditing",
    "monitoring",
    "performer",
    "supportedInterfaceRef",
];

impl Reader<'_> {
    /// The nodes and flows inside a process or sub-process.
    pub(super) fn scope(&mut self, parent: Xml<'_, '_>) -> Scope {
        let mut scope = Scope::default();
        for node in parent
            .children()
            .filter(|child| !ASIDE.contains(&name(*child)))
        {
            match name(node) {
                "sequenceFlow" => scope.flows.push(self.flow(node)),
                "potentialOwner"
                | "humanPerformer"
                | "resourceRole"
                | "correlationSubscription"
                | "multiInstanceLoopCharacteristics"
                | "standardLoopCharacteristics" => {}
                _ => scope.nodes.push(self.node(node)),
            }
        }
        scope
    }

    fn flow(&mut self, node: Xml<'_, '_>) -> Flow {
        let condition = node
            .children()
            .find(|child| name(*child) == "conditionExpression");
        let condition = condition.map(|condition| {
            let text = self.text(condition);
            Text {
                text: extension::without_equals(&text.text),
                ..text
            }
        });
        Flow {
            id: self.required(node, "id"),
            name: attribute(node, "name"),
            at: self.at(node),
            source: local(&self.required(node, "sourceRef")),
            target: local(&self.required(node, "targetRef")),
            condition,
        }
    }

    fn node(&mut self, node: Xml<'_, '_>) -> Node {
        let repeats = node
            .children()
            .map(name)
            .find(|child| child.ends_with("LoopCharacteristics"));
        Node {
            id: self.required(node, "id"),
            name: attribute(node, "name"),
            at: self.at(node),
            kind: self.kind(node),
            default: node.attribute("default").map(local),
            extension: extension::read(node),
            repeats: repeats.map(str::to_owned),
        }
    }

    fn kind(&mut self, node: Xml<'_, '_>) -> Kind {
        match name(node) {
            "startEvent" => Kind::Start(self.trigger(node)),
            "endEvent" => Kind::End(self.trigger(node)),
            "intermediateCatchEvent" => Kind::Catch(self.trigger(node)),
            "intermediateThrowEvent" => Kind::Throw(self.trigger(node)),
            "boundaryEvent" => Kind::Boundary(Event {
                attached: local(&self.required(node, "attachedToRef")),
                interrupting: node.attribute("cancelActivity") != Some("false"),
                trigger: self.trigger(node),
            }),
            "task" | "manualTask" => Kind::Task(Task::Plain),
            "userTask" => Kind::Task(Task::User),
            "serviceTask" => Kind::Task(Task::Service),
            "scriptTask" => Kind::Task(self.script(node)),
            "businessRuleTask" => Kind::Task(Task::BusinessRule),
            "exclusiveGateway" => Kind::Gateway(Gateway::Exclusive),
            "parallelGateway" => Kind::Gateway(Gateway::Parallel),
            "subProcess" if node.attribute("triggeredByEvent") == Some("true") => {
                Kind::Unknown("event subProcess".into())
            }
            "subProcess" => Kind::SubProcess(self.scope(node)),
            other => Kind::Unknown(other.to_owned()),
        }
    }

    fn script(&self, node: Xml<'_, '_>) -> Task {
        let script = node.children().find(|child| name(*child) == "script");
        Task::Script(
            attribute(node, "scriptFormat"),
            script.map(|script| self.text(script)).unwrap_or_default(),
        )
    }

    fn trigger(&mut self, node: Xml<'_, '_>) -> Trigger {
        let mut definitions = node.children().filter(|child| {
            name(*child).ends_with("EventDefinition") || name(*child) == "eventDefinitionRef"
        });
        match (definitions.next(), definitions.next()) {
            (None, _) => Trigger::None,
            (Some(_), Some(_)) => Trigger::Unknown("several event definitions".into()),
            (Some(definition), None) => self.definition(definition),
        }
    }

    fn definition(&mut self, node: Xml<'_, '_>) -> Trigger {
        match name(node) {
            "messageEventDefinition" => {
                Trigger::Message(node.attribute("messageRef").map(local).unwrap_or_default())
            }
            "timerEventDefinition" => self.timer(node),
            "errorEventDefinition" => Trigger::Error(node.attribute("errorRef").map(local)),
            "terminateEventDefinition" => Trigger::Terminate,
            other => Trigger::Unknown(other.to_owned()),
        }
    }

    fn timer(&mut self, node: Xml<'_, '_>) -> Trigger {
        let kinds = [
            ("timeDate", Timer::Date),
            ("timeDuration", Timer::Duration),
            ("timeCycle", Timer::Cycle),
        ];
        for (element, kind) in kinds {
            if let Some(inner) = node.children().find(|child| name(*child) == element) {
                return Trigger::Timer(kind, self.text(inner));
            }
        }
        Trigger::Timer(
            Timer::Duration,
            Text {
                text: String::new(),
                at: self.at(node),
            },
        )
    }
}
