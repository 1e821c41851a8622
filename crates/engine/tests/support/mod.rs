//! A journal for one engine: what was given, a command, and the events that came of it, as `relay` runs
//! it. Services are answered from a table.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // a test's tools, not all used by each

use baton_engine::{Engine, answer};
use baton_journal::event::TaskEnd;
use baton_journal::setup::{Deployment, Freetext, Headline, LaneSetting, SourceFile};
use baton_journal::{
    Actor, Answer, Command, Document, DocumentKind, Env, Event, EventName, Key, Peek, Question,
    Stage, Stop,
};
use baton_model::*;
use std::collections::{BTreeMap, VecDeque};

/// Opens what a test sealed: the ciphertext is the text itself, unless it was erased.
pub(crate) struct Shell;

impl Peek for Shell {
    fn open(&self, _case: &CaseId, field: &str, cell: &Cell) -> Result<Value, String> {
        match cell {
            Cell::Clear(value) => Ok(value.clone()),
            Cell::Sealed { ciphertext, .. } if ciphertext == "erased" => {
                Err(format!("`{field}` was erased"))
            }
            Cell::Sealed { ciphertext, .. } => Ok(Value::text(ciphertext)),
        }
    }

    fn evaluate(&self, question: &Question) -> Result<Answer, String> {
        answer(question).map_err(|error| error.to_string())
    }
}

/// What a service answers: a value, or an error's code.
pub(crate) type Services = BTreeMap<&'static str, Result<Value, &'static str>>;

pub(crate) struct Journal {
    pub(crate) engine: Engine,
    pub(crate) services: Services,
    pub(crate) events: Vec<Event>,
    pub(crate) now: Micros,
    pub(crate) n: i64,
}

pub(crate) const NOON: Micros = Micros(1_780_315_200_000_000);

impl Journal {
    /// A journal in which nothing stands.
    pub(crate) fn empty() -> Self {
        let mut journal = Self {
            engine: Engine::default(),
            services: Services::new(),
            events: Vec::new(),
            now: NOON,
            n: 0,
        };
        journal.load(&Key::Tenant);
        journal
    }

    /// A journal in which a pack of one process and perhaps a decision model is deployed.
    pub(crate) fn given(process: &str, decisions: &[&str]) -> Self {
        let mut journal = Self::empty();
        journal
            .when(Command::Deploy(Box::new(pack(process, decisions))))
            .unwrap();
        journal
    }

    pub(crate) fn service(
        mut self,
        name: &'static str,
        answer: Result<Value, &'static str>,
    ) -> Self {
        self.services.insert(name, answer);
        self
    }

    fn load(&mut self, key: &Key) {
        self.engine.shelves(&mut |shelf| {
            if shelf.accepts(key) && !shelf.holds(key) {
                shelf.load(key, None).unwrap();
            }
        });
    }

    /// Decides a command and runs the turn; gives the events, or the code of the refusal.
    pub(crate) fn when(&mut self, command: Command) -> Result<Vec<Event>, String> {
        self.n += 1;
        let tenant = TenantId::new("LV");
        let decided = loop {
            let env = Env {
                now: self.now,
                n: self.n,
                tenant: &tenant,
                actor: &Actor::System,
                peek: &Shell,
            };
            let vetoed = self.engine.veto(&command, &env);
            match vetoed.and_then(|()| self.engine.decide(&command, &env)) {
                Ok(events) => break events,
                Err(Stop::Need(need)) => self.load(&need.0),
                Err(Stop::Reject(rejection)) => {
                    return Err(format!("{}: {}", rejection.code, rejection.message));
                }
            }
        };
        Ok(self.turn(decided))
    }

    /// Takes events as another stage gives them, and runs the turn.
    pub(crate) fn turn(&mut self, first: Vec<Event>) -> Vec<Event> {
        let tenant = TenantId::new("LV");
        let (mut queue, mut out) = (VecDeque::from(first), Vec::new());
        while let Some(event) = queue.pop_front() {
            for key in event.keys() {
                self.load(&key);
            }
            let name = EventName {
                n: self.n,
                i: out.len() as u32,
            };
            self.engine.apply(&event, name, self.now);
            self.engine.project(&event, name, self.now);
            let env = Env {
                now: self.now,
                n: self.n,
                tenant: &tenant,
                actor: &Actor::System,
                peek: &Shell,
            };
            queue.extend(self.engine.react(&event, &env).unwrap());
            queue.extend(self.serve(&event));
            out.push(event);
        }
        self.events.extend(out.clone());
        out
    }

    fn serve(&self, event: &Event) -> Option<Event> {
        let Event::ServiceAsked {
            case,
            token,
            service,
            ..
        } = event
        else {
            return None;
        };
        let (case, token) = (case.clone(), *token);
        Some(match self.services.get(service.as_str())? {
            Ok(result) => Event::ServiceAnswered {
                case,
                token,
                result: result.clone(),
            },
            Err(code) => Event::ServiceFailed {
                case,
                token,
                code: (*code).into(),
                message: "no".into(),
            },
        })
    }

    /// Starts a case of process `p` with these fields, and gives its id.
    pub(crate) fn start(&mut self, fields: &[(&str, Value)]) -> CaseId {
        self.when(Command::StartCase {
            process: ProcessId::new("p"),
            record: record(fields),
        })
        .unwrap();
        CaseId::new(format!("T-{}", self.n))
    }

    /// A worker completes the open item of a task.
    pub(crate) fn complete(&mut self, task: &str, fields: &[(&str, Value)]) -> Vec<Event> {
        self.n += 1;
        let found = self.open_items().into_iter().find(|(_, _, at)| at == task);
        let (case, item, _) =
            found.unwrap_or_else(|| panic!("no open item of {task}: {:?}", self.open_items()));
        let (worker, fields) = (WorkerId::new("w"), record(fields));
        self.turn(vec![Event::ItemCompleted {
            case,
            item,
            worker,
            fields,
        }])
    }

    /// The items that are open, with their tasks.
    pub(crate) fn open_items(&self) -> Vec<(CaseId, WorkItemId, String)> {
        let mut open = Vec::new();
        for event in &self.events {
            match event {
                Event::TaskReady {
                    case, item, task, ..
                } => open.push((case.clone(), item.clone(), task.to_string())),
                Event::TaskEnded { item, .. } => open.retain(|(_, known, _)| known != item),
                _ => {}
            }
        }
        open
    }

    /// The tasks with an open item, in order.
    pub(crate) fn open(&self) -> Vec<String> {
        self.open_items()
            .into_iter()
            .map(|(_, _, task)| task)
            .collect()
    }

    /// The outcome of the last case that ended.
    pub(crate) fn outcome(&self) -> Option<&str> {
        self.events.iter().rev().find_map(|event| match event {
            Event::CaseEnded { outcome, .. } => Some(outcome.as_str()),
            _ => None,
        })
    }

    /// The message of the last incident.
    pub(crate) fn incident(&self) -> Option<&str> {
        self.events.iter().rev().find_map(|event| match event {
            Event::IncidentRaised { message, .. } => Some(message.as_str()),
            _ => None,
        })
    }

    /// What a field was last set to.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        self.events.iter().rev().find_map(|event| match event {
            Event::FieldsSet { record, .. } => record.get(name)?.value().cloned(),
            _ => None,
        })
    }

    /// How many items were taken back.
    pub(crate) fn cancelled(&self) -> usize {
        self.events
            .iter()
            .filter(|event| {
                matches!(
                    event,
                    Event::TaskEnded {
                        end: TaskEnd::Cancelled,
                        ..
                    }
                )
            })
            .count()
    }

    /// The same events folded into another engine: nothing evaluated, same state.
    pub(crate) fn replayed(&self) -> String {
        let mut other = Self::empty();
        for event in &self.events {
            for key in event.keys() {
                other.load(&key);
            }
            other.engine.apply(event, EventName { n: 0, i: 0 }, NOON);
        }
        other.slots()
    }

    pub(crate) fn slots(&mut self) -> String {
        let mut bytes = Vec::new();
        self.engine
            .shelves(&mut |shelf| shelf.drain(&mut bytes).unwrap());
        let shown: Vec<_> = bytes
            .iter()
            .map(|slot| {
                format!(
                    "{} {}",
                    slot.key,
                    String::from_utf8_lossy(slot.bytes.as_deref().unwrap_or_default())
                )
            })
            .collect();
        shown.join("\n")
    }
}

pub(crate) fn record(fields: &[(&str, Value)]) -> Record {
    fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Cell::Clear(value.clone())))
        .collect()
}

pub(crate) fn pack(process: &str, decisions: &[&str]) -> Deployment {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let lane = |id: &str| LaneSetting {
        id: LaneId::new(id),
        name: id.into(),
        party: PartyId::new("LV"),
        site: SiteId::new("HH"),
        target: None,
        freetext: Freetext::None,
        read: vec!["*".into()],
        write: vec!["*".into()],
        asks: Default::default(),
        language: None,
        receives: Default::default(),
    };
    Deployment {
        pack: PackId::new("test"),
        version: "1".into(),
        name: "Test".into(),
        prefix: "T".into(),
        headline: Headline::default(),
        target: None,
        processes: vec![file("p.bpmn", &bpmn(process))],
        decisions: decisions.iter().map(|text| file("d.dmn", text)).collect(),
        forms: vec![file("forms/check.json", FORM)],
        tables: BTreeMap::new(),
        lanes: vec![lane("l"), lane("m")],
        personal: vec!["supplier.iban".into()],
        classes: BTreeMap::new(),
    }
}

const FORM: &str = r#"{"type":"object","title":"Check","properties":{"ok":{"type":"boolean","title":"Sound"},"note":{"type":"string","title":"Note"}},"required":["note"],"additionalProperties":false}"#;

/// A BPMN file of one process `p`; `[task a -> b]` and the like are written out by the caller in XML
/// without prefixes.
pub(crate) fn bpmn(body: &str) -> String {
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1" id="d" targetNamespace="t">
<message id="m1" name="invoice"/><message id="m2" name="answer"/><error id="e1" errorCode="NO_ORDER"/>
<process id="p" name="Process" isExecutable="true">
{body}
</process></definitions>"#
    )
}

/// A flow from one node to another, with a condition if it is not empty.
pub(crate) fn flow(from: &str, to: &str, condition: &str) -> &'static str {
    let inner = if condition.is_empty() {
        String::new()
    } else {
        format!("<conditionExpression>{condition}</conditionExpression>")
    };
    format!(
        "<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\">{inner}</sequenceFlow>\n"
    )
    .leak()
}

/// Flows along a path of nodes.
pub(crate) fn path(nodes: &[&str]) -> &'static str {
    nodes
        .windows(2)
        .map(|pair| flow(pair[0], pair[1], ""))
        .collect::<String>()
        .leak()
}

/// A user task with the form `check`.
pub(crate) fn user(id: &str) -> &'static str {
    format!(
        "<userTask id=\"{id}\" name=\"{id}\"><extensionElements><baton:task form=\"check\"/></extensionElements></userTask>\n"
    )
    .leak()
}

/// One lane around these nodes.
pub(crate) fn lane(nodes: &[&str]) -> String {
    let refs: String = nodes
        .iter()
        .map(|node| format!("<flowNodeRef>{node}</flowNodeRef>"))
        .collect();
    format!("<laneSet id=\"ls\"><lane id=\"l\" name=\"Lane\">{refs}</lane></laneSet>\n")
}

pub(crate) fn document(kind: DocumentKind, fields: &[(&str, Value)]) -> Event {
    Event::DocumentReceived {
        id: DocumentId::new("doc-1"),
        document: Box::new(Document {
            kind,
            number: "1".into(),
            sender: "S".into(),
            subject: SubjectId::new("S"),
            orders: Vec::new(),
            sha256: String::new(),
            size: 0,
            name: "x.xml".into(),
            channel: "cli".into(),
            record: record(fields),
        }),
        suspected_of: None,
    }
}
