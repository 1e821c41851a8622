//! Services that no stage offers: where their task stands in a lane, it becomes a work item that a bot of
//! the lane's party pulls, with the same clocks as any other.
//!
//! What the bot gives are the fields of the service's result; what it cannot do goes the way of errors.

use super::{Run, Trouble};
use crate::model::{Node, Step};
use crate::state::next_item;
use baton_journal::Event;
use baton_journal::event::{ItemFailed, ServiceLeft, TaskEnd};

/// The role of workers that are programs.
pub(crate) const BOT: &str = "bot";

impl<'a> Run<'a> {
    /// A service that no stage offers: an item for a bot, or in no lane a failure.
    pub(crate) fn left_to_bots(mut self, left: &ServiceLeft) -> Vec<Event> {
        let (token, service) = (left.token, &left.service);
        let Some(node) = self.node(token).filter(|node| node.lane.is_some()) else {
            let message = format!(
                "no stage offers the service `{service}`; correct its name in the model, or put the task into a lane for a bot"
            );
            self.give(Event::ServiceFailed {
                case: self.case.clone(),
                token,
                code: "no-such-service".into(),
                message,
            });
            // The failure is reacted to by itself.
            return self.events;
        };
        let done = self.offer_to_bots(token, node);
        self.after(token, done)
    }

    fn offer_to_bots(&mut self, token: u32, node: &'a Node) -> Result<(), Trouble> {
        let Some(lane) = node.lane.clone() else {
            return Ok(());
        };
        self.watch(token, node)?;
        self.give(Event::TaskReady {
            case: self.case.clone(),
            item: next_item(&self.case, &self.state.counts),
            task: node.id.clone(),
            name: node.name.clone(),
            lane,
            form: None,
            target: None,
            role: Some(BOT.into()),
            excluded: None,
        });
        Ok(())
    }

    /// A bot could not do its item: its boundary event takes the error, or a person does.
    pub(crate) fn bot_failed(mut self, failed: &ItemFailed) -> Vec<Event> {
        let Some(token) = self.state.items.get(&failed.item).copied() else {
            return self.events;
        };
        self.unwatch(token);
        self.give(Event::TaskEnded {
            case: self.case.clone(),
            item: failed.item.clone(),
            end: TaskEnd::Failed,
        });
        self.failed(token, &failed.code, &failed.message)
    }
}

/// Whether a bot may give a field: the service's result, or a part of it.
pub(crate) fn is_output(step: &Step, field: &str) -> bool {
    let Step::Service { result, .. } = step else {
        return true;
    };
    let rest = field.strip_prefix(result.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
