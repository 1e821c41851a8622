//! What comes from outside to a case that waits: a timer, a message, a finished item, an answer.

use super::{Run, Trouble};
use crate::model::{Given, Step, Timer, Trigger};
use baton_journal::Event;
use baton_journal::event::TaskEnd;
use baton_model::{Record, TaskId, Value, WorkItemId};

impl Run<'_> {
    /// A timer that is due.
    pub(crate) fn timer(mut self, id: &str) -> Vec<Event> {
        let Some(timer) = self.state.timers.get(id).cloned() else {
            return self.events;
        };
        self.give(Event::TimerEnded {
            case: self.case.clone(),
            timer: id.to_owned(),
            fired: true,
        });
        let done = if self.place(timer.token) == timer.node {
            self.leave(timer.token)
        } else {
            self.edge(timer.token, &timer.node, Some(id))
        };
        self.after(timer.token, done)
    }

    /// A message that a token waits for, or whose boundary event does.
    pub(crate) fn message(
        mut self,
        token: u32,
        node: &TaskId,
        message: &str,
        record: Record,
    ) -> Vec<Event> {
        let message = message.to_owned();
        self.give(Event::MessageEnded {
            case: self.case.clone(),
            token,
            message,
            arrived: true,
            record,
        });
        let done = if self.place(token) == *node {
            self.leave(token)
        } else {
            self.edge(token, node, None)
        };
        self.after(token, done)
    }

    /// A work item that a worker completed.
    pub(crate) fn completed(mut self, item: &WorkItemId, fields: &Record) -> Vec<Event> {
        let Some(token) = self.state.items.get(item).copied() else {
            return self.events;
        };
        self.unwatch(token);
        self.give(Event::TaskEnded {
            case: self.case.clone(),
            item: item.clone(),
            end: TaskEnd::Completed,
        });
        if !fields.is_empty() {
            let by = self.place(token);
            self.give(Event::FieldsSet {
                case: self.case.clone(),
                by,
                record: fields.clone(),
            });
        }
        let done = self.leave(token);
        self.after(token, done)
    }

    /// A service's answer.
    pub(crate) fn answered(mut self, token: u32, result: &Value) -> Vec<Event> {
        let Some(node) = self.node(token) else {
            return self.events;
        };
        let done = match &node.step {
            Step::Service { result: field, .. } => self
                .set_field(node, field, result.clone())
                .and_then(|()| self.leave(token)),
            _ => return self.events,
        };
        self.after(token, done)
    }

    /// A service that failed: its boundary event takes the error, or a person does.
    pub(crate) fn failed(mut self, token: u32, code: &str, message: &str) -> Vec<Event> {
        if !self.caught(token, code) {
            self.incident(token, format!("{code}: {message}"));
        }
        self.finish()
    }

    pub(super) fn after(mut self, token: u32, done: Result<(), Trouble>) -> Vec<Event> {
        if let Err(trouble) = done {
            self.incident(token, trouble);
        }
        self.finish()
    }

    /// A boundary event goes off: it ends the node's work, or a new token begins beside it.
    fn edge(&mut self, token: u32, node: &TaskId, timer: Option<&str>) -> Result<(), Trouble> {
        let Some(number) = self.process.find(node) else {
            return Ok(());
        };
        let edge = &self.process.nodes[number];
        let Step::Boundary(boundary) = &edge.step else {
            return Ok(());
        };
        if boundary.interrupting {
            self.cancel(token);
            self.jump(token, number);
            return Ok(());
        }
        let beside = self.state.counts.tokens;
        self.give(Event::TokenMoved {
            case: self.case.clone(),
            token: beside,
            from: None,
            to: Some(edge.id.clone()),
            flow: None,
        });
        match (&boundary.trigger, timer) {
            (Trigger::Message(message), _) => self.await_message(token, edge, message),
            (Trigger::Time(cycle @ Timer::Cycle(given)), Some(id)) if self.again(given, id) => {
                self.set_timer(token, edge, cycle, Some(id.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Whether a cycle has a round left.
    fn again(&self, given: &Given, id: &str) -> bool {
        let text = match given {
            Given::Text(text) => text.clone(),
            Given::Expression(expression) => match self.peek(expression) {
                Ok(Value::Text(text)) => text,
                _ => return false,
            },
        };
        let rounds = self.state.rounds.get(id).copied().unwrap_or_default();
        crate::model::cycle(&text)
            .is_some_and(|(often, _)| often.is_none_or(|often| rounds < often))
    }
}
