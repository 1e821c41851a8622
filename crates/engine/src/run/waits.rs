//! Timers and messages: what a token waits for at its node, or what may come at the node's edge.

use super::{Run, Trouble};
use crate::model::{Given, Message, Node, Step, Timer, Trigger};
use baton_journal::Event;
use baton_model::{Micros, Value};

impl<'a> Run<'a> {
    /// Sets the timers and awaits the messages of the boundary events of a node: all of them or none.
    pub(super) fn watch(&mut self, token: u32, node: &'a Node) -> Result<(), Trouble> {
        let watched = self.watch_edges(token, node);
        if watched.is_err() {
            self.unwatch(token);
        }
        watched
    }

    fn watch_edges(&mut self, token: u32, node: &'a Node) -> Result<(), Trouble> {
        for number in &node.boundaries {
            let edge = &self.process.nodes[*number];
            if let Step::Boundary(boundary) = &edge.step {
                match &boundary.trigger {
                    Trigger::Time(timer) => self.set_timer(token, edge, timer, None)?,
                    Trigger::Message(message) => self.await_message(token, edge, message)?,
                    Trigger::Error(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Sets a timer of a node for a token; under its old id where it is set again.
    pub(super) fn set_timer(
        &mut self,
        token: u32,
        node: &Node,
        timer: &Timer,
        again: Option<String>,
    ) -> Result<(), Trouble> {
        let due = self.due(timer)?;
        let id = again.unwrap_or_else(|| (self.state.counts.timers + 1).to_string());
        self.give(Event::TimerSet {
            case: self.case.clone(),
            timer: id,
            node: node.id.clone(),
            token,
            due,
        });
        Ok(())
    }

    fn due(&self, timer: &Timer) -> Result<Micros, Trouble> {
        let (Timer::Date(given) | Timer::Duration(given) | Timer::Cycle(given)) = timer;
        let text = match given {
            Given::Text(text) => text.clone(),
            Given::Expression(expression) => match self.peek(expression)? {
                Value::Text(text) => text,
                _ => {
                    return Err(format!(
                        "BATON-ENGINE-009: `{expression}` gives no time; it must give a text in ISO 8601, a date or a duration"
                    ));
                }
            },
        };
        let due = match timer {
            Timer::Date(_) => crate::model::instant(&text),
            Timer::Duration(_) => crate::model::duration(&text).map(|wall| self.env.now.plus(wall)),
            Timer::Cycle(_) => crate::model::cycle(&text).map(|(_, wall)| self.env.now.plus(wall)),
        };
        due.ok_or_else(|| "BATON-ENGINE-009: the timer's value is no time in ISO 8601; mend the field or the process".into())
    }

    pub(super) fn await_message(
        &mut self,
        token: u32,
        node: &Node,
        message: &Message,
    ) -> Result<(), Trouble> {
        let key = match &message.key {
            Some(key) => self.peek(key)?,
            None => Value::Null,
        };
        self.give(Event::MessageAwaited {
            case: self.case.clone(),
            node: node.id.clone(),
            token,
            message: message.name.clone(),
            key: key_text(&key),
        });
        Ok(())
    }
}

/// A correlation key as text.
fn key_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.num.normalize().to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}
