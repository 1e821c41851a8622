//! How tokens, scopes and cases end.

use super::{Run, Trouble};
use crate::model::{Step, Trigger};
use baton_journal::Event;
use baton_journal::event::TaskEnd;
use baton_model::Record;

impl Run<'_> {
    /// Removes a token from where it stands.
    pub(super) fn remove(&mut self, token: u32) {
        let from = Some(self.place(token));
        self.give(Event::TokenMoved {
            case: self.case.clone(),
            token,
            from,
            to: None,
            flow: None,
        });
    }

    /// Ends a token; with the last one of its scope, the scope.
    pub(super) fn consume(&mut self, token: u32, outcome: Option<&str>) -> Result<(), Trouble> {
        let inside = self.state.tokens.get(&token).and_then(|token| token.inside);
        self.remove(token);
        if self
            .state
            .tokens
            .values()
            .any(|other| other.inside == inside)
        {
            return Ok(());
        }
        match inside {
            Some(parent) => {
                self.unwatch(parent);
                self.leave(parent)
            }
            None => {
                let outcome = outcome.unwrap_or("completed").to_owned();
                self.give(Event::CaseEnded {
                    case: self.case.clone(),
                    outcome,
                });
                Ok(())
            }
        }
    }

    /// Ends everything in a token's scope, and the scope.
    pub(super) fn terminate(&mut self, token: u32, outcome: Option<&str>) -> Result<(), Trouble> {
        let inside = self.state.tokens.get(&token).and_then(|token| token.inside);
        self.clear(inside, Some(token));
        self.consume(token, outcome)
    }

    /// Ends a scope with an error: its boundary event catches it, or one further out.
    pub(super) fn fail(&mut self, token: u32, code: &str) -> Result<(), Trouble> {
        if self.caught(token, code) {
            return Ok(());
        }
        Err(format!(
            "BATON-ENGINE-008: the error `{code}` is caught nowhere; add a boundary event, or resolve this to end here"
        ))
    }

    /// Gives an error to the nearest boundary event around a token that takes it.
    pub(super) fn caught(&mut self, token: u32, code: &str) -> bool {
        let mut around = Some(token);
        while let Some(holder) = around {
            let catcher = self.node(holder).and_then(|node| {
                node.boundaries
                    .iter()
                    .copied()
                    .find(|number| takes(&self.process.nodes[*number].step, code))
            });
            if let Some(catcher) = catcher {
                self.cancel(holder);
                self.jump(holder, catcher);
                return true;
            }
            around = self
                .state
                .tokens
                .get(&holder)
                .and_then(|token| token.inside);
        }
        false
    }

    /// Moves a token onto a boundary event of the node it stands at.
    pub(super) fn jump(&mut self, token: u32, boundary: usize) {
        let (from, to) = (
            Some(self.place(token)),
            Some(self.process.nodes[boundary].id.clone()),
        );
        self.give(Event::TokenMoved {
            case: self.case.clone(),
            token,
            from,
            to,
            flow: None,
        });
    }

    /// Takes back what a token waits for: item, timers, messages, and all tokens inside it.
    pub(super) fn cancel(&mut self, token: u32) {
        self.unwatch(token);
        let items = self
            .state
            .items
            .iter()
            .filter(|(_, holder)| **holder == token);
        for item in items.map(|(item, _)| item.clone()).collect::<Vec<_>>() {
            self.give(Event::TaskEnded {
                case: self.case.clone(),
                item,
                end: TaskEnd::Cancelled,
            });
        }
        self.clear(Some(token), None);
    }

    /// Ends every token of a scope but one.
    fn clear(&mut self, inside: Option<u32>, but: Option<u32>) {
        let others = self
            .state
            .tokens
            .iter()
            .filter(|(id, token)| token.inside == inside && Some(**id) != but);
        for other in others.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.cancel(other);
            self.remove(other);
        }
    }

    /// Ends the timers and messages of a token.
    pub(super) fn unwatch(&mut self, token: u32) {
        let timers = self
            .state
            .timers
            .iter()
            .filter(|(_, timer)| timer.token == token);
        for timer in timers.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.give(Event::TimerEnded {
                case: self.case.clone(),
                timer,
                fired: false,
            });
        }
        let messages = self
            .state
            .messages
            .iter()
            .filter(|awaited| awaited.token == token);
        for message in messages
            .map(|awaited| awaited.message.clone())
            .collect::<Vec<_>>()
        {
            let case = self.case.clone();
            self.give(Event::MessageEnded {
                case,
                token,
                message,
                arrived: false,
                record: Record::new(),
            });
        }
    }
}

fn takes(step: &Step, code: &str) -> bool {
    match step {
        Step::Boundary(boundary) => match &boundary.trigger {
            Trigger::Error(wanted) => wanted.as_deref().is_none_or(|wanted| wanted == code),
            _ => false,
        },
        _ => false,
    }
}
