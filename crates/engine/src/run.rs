//! Runs a case: takes every token that can go on as far as it can, and gives the events that make it so.
//!
//! It works on a copy of the case, to which it applies each event as it gives it, so that what follows
//! sees what went before. It stops where all tokens wait, or where another stage owes an answer. It
//! neither rejects nor panics: what goes wrong becomes an incident. Entries are bounded by [`BUDGET`].

mod bots;
mod boundary;
mod ends;
mod evaluate;
mod fields;
mod steps;
mod waits;

use crate::model::{Compiled, Node, Process, Step};
use crate::state::{CaseState, Wait};
use baton_journal::{Env, Event};
use baton_model::{CaseId, TaskId};

pub(crate) use bots::is_output;

/// The most nodes a command may enter; a loop without a wait ends here.
pub const BUDGET: u32 = 1_000;

/// A case on its way.
pub(crate) struct Run<'a> {
    pub(crate) case: CaseId,
    pub(crate) state: CaseState,
    pub(crate) process: &'a Process,
    pub(crate) pack: &'a Compiled,
    /// Personal fields: names, or prefixes ending in `*`.
    pub(crate) personal: &'a [String],
    pub(crate) env: &'a Env<'a>,
    pub(crate) events: Vec<Event>,
    pub(crate) entered: u32,
}

/// What went wrong, for the incident: what, and what to do.
pub(crate) type Trouble = String;

impl<'a> Run<'a> {
    /// Gives an event and makes it so.
    pub(crate) fn give(&mut self, event: Event) {
        self.state.apply(&event);
        self.events.push(event);
    }

    /// Goes on until everything waits, and gives all events.
    pub(crate) fn finish(mut self) -> Vec<Event> {
        while self.state.ended.is_none() && !self.state.asks() {
            let Some(token) = self.next() else {
                self.stuck();
                break;
            };
            self.entered += 1;
            if self.entered > BUDGET {
                let message = format!(
                    "BATON-ENGINE-001: the case took {BUDGET} steps at once; look for a loop without a wait"
                );
                self.incident(token, message);
            } else if let Err(trouble) = self.enter(token) {
                self.incident(token, trouble);
            }
        }
        self.events
    }

    /// The lowest token that can go on: ready, and not one that waits for others at a join.
    fn next(&self) -> Option<u32> {
        let ready = self
            .state
            .tokens
            .iter()
            .filter(|(_, token)| token.wait == Wait::Ready);
        ready
            .map(|(id, _)| *id)
            .find(|id| self.joined(*id).is_some())
    }

    /// Where everything that is left waits at joins for ways that no token can take.
    fn stuck(&mut self) {
        let waits = |wait: &Wait| !matches!(wait, Wait::Ready | Wait::Inside);
        if self.state.tokens.values().any(|token| waits(&token.wait)) {
            return;
        }
        if let Some(token) = self.state.ready() {
            let message = "BATON-ENGINE-002: the join waits for a way that no token can take any more; mend the process";
            self.incident(token, message.into());
        }
    }

    /// The node a token stands at.
    pub(crate) fn node(&self, token: u32) -> Option<&'a Node> {
        self.process.node(&self.state.tokens.get(&token)?.at)
    }

    pub(crate) fn place(&self, token: u32) -> TaskId {
        let at = self.state.tokens.get(&token).map(|token| token.at.clone());
        at.unwrap_or_else(|| TaskId::new(""))
    }

    /// Holds a token until a person resolves what went wrong.
    pub(crate) fn incident(&mut self, token: u32, message: Trouble) {
        let incident = (self.state.counts.incidents + 1).to_string();
        let node = self.place(token);
        self.give(Event::IncidentRaised {
            case: self.case.clone(),
            incident,
            node,
            token,
            message,
        });
    }

    /// The tokens a node takes together: itself, or at a join one of every way in; none while it waits.
    pub(crate) fn joined(&self, token: u32) -> Option<Vec<u32>> {
        let node = self.node(token);
        let Some(node) = node.filter(|node| node.step == Step::Parallel && node.ways_in.len() > 1)
        else {
            return Some(vec![token]);
        };
        let inside = self.state.tokens.get(&token)?.inside;
        let mut taken = Vec::new();
        for way in &node.ways_in {
            let flow = self.process.flows[*way].id.as_str();
            let here = self.state.tokens.iter().find(|(_, other)| {
                other.at == node.id
                    && other.inside == inside
                    && other.wait == Wait::Ready
                    && other.via.as_deref() == Some(flow)
            });
            taken.push(*here?.0);
        }
        Some(taken)
    }
}
