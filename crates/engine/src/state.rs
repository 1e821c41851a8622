//! A case as the engine keeps it: tokens, fields, work items, timers, messages, incidents.
//!
//! [`CaseState::apply`] is the only change of it: a fold of events that knows no process model,
//! evaluates nothing and opens no cell. `run` reads it and gives events.

use baton_journal::Event;
use baton_journal::event::{ServiceLeft, TaskEnd};
use baton_model::{CaseId, DocumentId, Micros, ProcessId, Record, TaskId, WorkItemId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// Its process.
    pub process: ProcessId,
    /// The process's version, for as long as the case runs.
    pub version: u32,
    /// The document that started it.
    pub document: Option<DocumentId>,
    /// The document's kind, by its name.
    pub kind: Option<String>,
    /// Its fields.
    pub record: Record,
    /// Where it stands.
    pub tokens: BTreeMap<u32, Token>,
    /// Work items that are not over, and their tokens.
    pub items: BTreeMap<WorkItemId, u32>,
    /// Timers that are set.
    pub timers: BTreeMap<String, Timer>,
    /// How often each timer was set.
    pub rounds: BTreeMap<String, u32>,
    /// Messages that are awaited.
    pub messages: Vec<Awaited>,
    /// When it began.
    pub started: Micros,
    /// The outcome, once it has ended.
    pub ended: Option<String>,
    /// Counts that make ids.
    pub counts: Counts,
    /// The token that moved last; a new token belongs beside it.
    last: Option<u32>,
}

/// How many of each there have been; the next one's number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tokens.
    pub tokens: u32,
    /// Work items.
    pub items: u32,
    /// Timers.
    pub timers: u32,
    /// Incidents.
    pub incidents: u32,
}

/// A token: one place where the case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The node.
    pub at: TaskId,
    /// The flow it came by.
    pub via: Option<String>,
    /// The token of the sub-process it is inside.
    pub inside: Option<u32>,
    /// What it waits for.
    pub wait: Wait,
}

/// What a token waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// Nothing: it can go on.
    Ready,
    /// A work item.
    Item(WorkItemId),
    /// A service's answer.
    Service,
    /// A timer of its own node.
    Timer,
    /// A message of its own node.
    Message,
    /// The tokens inside its sub-process.
    Inside,
    /// A person, to resolve an incident.
    Incident {
        /// The incident's id.
        id: String,
        /// What went wrong.
        message: String,
    },
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The node it belongs to: the token's own, or a boundary event's.
    pub node: TaskId,
    /// The token.
    pub token: u32,
    /// When it is due.
    pub due: Micros,
}

/// A message that is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The node it belongs to.
    pub node: TaskId,
    /// The token.
    pub token: u32,
    /// The message's name.
    pub message: String,
    /// The correlation key's value.
    pub key: String,
}

impl CaseState {
    /// The case as its first event makes it.
    pub fn begun(event: &Event, at: Micros) -> Option<Self> {
        let Event::CaseStarted {
            process,
            version,
            document,
            kind,
            record,
            ..
        } = event
        else {
            return None;
        };
        Some(Self {
            process: process.clone(),
            version: *version,
            document: document.clone(),
            kind: kind.map(|kind| kind.name().to_owned()),
            record: record.clone(),
            tokens: BTreeMap::new(),
            items: BTreeMap::new(),
            timers: BTreeMap::new(),
            rounds: BTreeMap::new(),
            messages: Vec::new(),
            started: at,
            ended: None,
            counts: Counts::default(),
            last: None,
        })
    }

    /// The lowest token that can go on.
    pub fn ready(&self) -> Option<u32> {
        self.tokens
            .iter()
            .find(|(_, token)| token.wait == Wait::Ready)
            .map(|(id, _)| *id)
    }

    /// What awaits a message by this name and key.
    pub fn awaited_as(&self, message: &str, key: &str) -> Option<&Awaited> {
        let fits = |awaited: &&Awaited| awaited.message == message && awaited.key == key;
        self.messages.iter().find(fits)
    }

    /// How many incidents are open.
    pub fn incidents(&self) -> i64 {
        self.tokens
            .values()
            .map(|token| i64::from(matches!(token.wait, Wait::Incident { .. })))
            .sum()
    }

    /// Whether an event of a case changes what the engine keeps of it.
    pub(crate) fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::TokenMoved { .. }
                | Event::FieldsSet { .. }
                | Event::TaskReady { .. }
                | Event::TaskEnded { .. }
                | Event::ServiceAsked { .. }
                | Event::ServiceAnswered { .. }
                | Event::ServiceFailed { .. }
                | Event::ServiceLeft(_)
                | Event::TimerSet { .. }
                | Event::TimerEnded { .. }
                | Event::MessageAwaited { .. }
                | Event::MessageEnded { .. }
                | Event::IncidentRaised { .. }
                | Event::IncidentResolved { .. }
                | Event::CaseEnded { .. }
        )
    }

    /// Whether another stage owes an answer.
    pub fn asks(&self) -> bool {
        self.tokens
            .values()
            .any(|token| token.wait == Wait::Service)
    }

    /// Folds an event of this case.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::TokenMoved {
                token,
                from,
                to,
                flow,
                ..
            } => self.moved(*token, from.as_ref(), to.as_ref(), flow.as_deref()),
            Event::FieldsSet { record, .. } => self.set(record),
            Event::TaskReady { item, task, .. } => self.item(item, task),
            Event::TaskEnded { item, end, .. } => self.item_ended(item, *end),
            Event::ServiceAsked { token, .. } => self.wait(*token, Wait::Service),
            Event::ServiceAnswered { token, .. }
            | Event::ServiceFailed { token, .. }
            | Event::ServiceLeft(ServiceLeft { token, .. }) => self.wait(*token, Wait::Ready),
            Event::TimerSet {
                timer,
                node,
                token,
                due,
                ..
            } => self.timer(timer, node, *token, *due),
            Event::TimerEnded { timer, fired, .. } => self.timer_ended(timer, *fired),
            Event::MessageAwaited {
                node,
                token,
                message,
                key,
                ..
            } => self.awaited(node, *token, message, key),
            Event::MessageEnded {
                token,
                message,
                record,
                ..
            } => self.message_ended(*token, message, record),
            Event::IncidentRaised {
                incident,
                token,
                message,
                ..
            } => {
                self.counts.incidents += 1;
                self.wait(
                    *token,
                    Wait::Incident {
                        id: incident.clone(),
                        message: message.clone(),
                    },
                );
            }
            Event::IncidentResolved {
                incident, record, ..
            } => self.resolved(incident, record),
            Event::CaseEnded { outcome, .. } => self.end(outcome),
            _ => {}
        }
    }

    fn moved(&mut self, id: u32, from: Option<&TaskId>, to: Option<&TaskId>, flow: Option<&str>) {
        let Some(to) = to else {
            self.tokens.remove(&id);
            return;
        };
        let inside = match self.tokens.get(&id) {
            Some(token) => token.inside,
            None => self.around(from, flow),
        };
        let token = Token {
            at: to.clone(),
            via: flow.map(str::to_owned),
            inside,
            wait: Wait::Ready,
        };
        self.tokens.insert(id, token);
        self.counts.tokens = self.counts.tokens.max(id + 1);
        self.last = Some(id);
    }

    /// The sub-process a new token is inside: the token that stands at the node left, where no flow was
    /// taken; else what the token that moved last is inside.
    fn around(&mut self, from: Option<&TaskId>, flow: Option<&str>) -> Option<u32> {
        if let (Some(from), None) = (from, flow) {
            let stands = |token: &Token| token.at == *from && token.wait == Wait::Ready;
            let (id, token) = self.tokens.iter_mut().find(|(_, token)| stands(token))?;
            token.wait = Wait::Inside;
            return Some(*id);
        }
        self.tokens.get(&self.last?)?.inside
    }

    fn set(&mut self, record: &Record) {
        self.record.extend(
            record
                .iter()
                .map(|(name, cell)| (name.clone(), cell.clone())),
        );
    }

    fn item(&mut self, item: &WorkItemId, task: &TaskId) {
        self.counts.items += 1;
        let token = self
            .tokens
            .iter()
            .find(|(_, token)| token.at == *task && token.wait == Wait::Ready);
        if let Some((id, _)) = token {
            let id = *id;
            self.items.insert(item.clone(), id);
            self.wait(id, Wait::Item(item.clone()));
        }
    }

    fn item_ended(&mut self, item: &WorkItemId, end: TaskEnd) {
        if let Some(token) = self.items.remove(item)
            && end == TaskEnd::Completed
        {
            self.last = Some(token);
        }
    }

    fn wait(&mut self, token: u32, wait: Wait) {
        if let Some(token) = self.tokens.get_mut(&token) {
            token.wait = wait;
        }
    }

    fn timer(&mut self, id: &str, node: &TaskId, token: u32, due: Micros) {
        let rounds = self.rounds.entry(id.to_owned()).or_default();
        self.counts.timers += u32::from(*rounds == 0);
        *rounds += 1;
        if self
            .tokens
            .get(&token)
            .is_some_and(|token| token.at == *node)
        {
            self.wait(token, Wait::Timer);
        }
        self.timers.insert(
            id.to_owned(),
            Timer {
                node: node.clone(),
                token,
                due,
            },
        );
    }

    fn timer_ended(&mut self, id: &str, fired: bool) {
        if let Some(timer) = self.timers.remove(id)
            && fired
        {
            self.last = Some(timer.token);
        }
    }

    fn awaited(&mut self, node: &TaskId, token: u32, message: &str, key: &str) {
        if self
            .tokens
            .get(&token)
            .is_some_and(|token| token.at == *node)
        {
            self.wait(token, Wait::Message);
        }
        self.messages.push(Awaited {
            node: node.clone(),
            token,
            message: message.into(),
            key: key.into(),
        });
    }

    fn message_ended(&mut self, token: u32, message: &str, record: &Record) {
        self.messages
            .retain(|awaited| !(awaited.token == token && awaited.message == message));
        self.set(record);
        self.last = Some(token);
    }

    fn resolved(&mut self, incident: &str, record: &Record) {
        self.set(record);
        for token in self.tokens.values_mut() {
            if matches!(&token.wait, Wait::Incident { id, .. } if id == incident) {
                token.wait = Wait::Ready;
            }
        }
    }

    fn end(&mut self, outcome: &str) {
        self.ended = Some(outcome.to_owned());
        self.tokens.clear();
        self.items.clear();
        self.timers.clear();
        self.messages.clear();
    }
}

/// The id of a case's next work item: the case's id, a dot, and a count.
pub fn next_item(case: &CaseId, counts: &Counts) -> WorkItemId {
    WorkItemId::new(format!("{case}.{}", counts.items + 1))
}
