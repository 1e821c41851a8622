//! What each kind of node does when a token enters it, and how a token leaves.

use super::{Run, Trouble};
use crate::model::{Node, RuleTask, Step, UserTask};
use crate::state::next_item;
use baton_journal::Event;
use baton_model::{Cell, Value, WorkerId};

/// The most elements a decision is made for at once.
const MAX_ELEMENTS: usize = 1_000;

impl<'a> Run<'a> {
    /// Does what the node does.
    pub(super) fn enter(&mut self, token: u32) -> Result<(), Trouble> {
        let node = self
            .node(token)
            .ok_or("BATON-ENGINE-003: the process has no such node any more; it cannot go on")?;
        match &node.step {
            Step::Start(_) | Step::Pass | Step::Boundary(_) => self.leave(token),
            Step::WaitTime(timer) => self.set_timer(token, node, timer, None),
            Step::WaitMessage(message) => self.await_message(token, node, message),
            Step::User(task) => self.user(token, node, task),
            Step::Service { name, .. } => {
                self.ask(token, node, name);
                Ok(())
            }
            Step::Script { text, result } => {
                let value = self.evaluate(node, text)?;
                self.set_field(node, result, value)?;
                self.leave(token)
            }
            Step::Rule(rule) => self.rule(token, node, rule),
            Step::Exclusive => self.choose(token, node),
            Step::Parallel => self.join(token, node),
            Step::SubProcess(start) => self.inside(token, node, *start),
            Step::End(outcome) => self.consume(token, outcome.as_deref()),
            Step::Terminate(outcome) => self.terminate(token, outcome.as_deref()),
            Step::Fail(code) => self.fail(token, code),
        }
    }

    fn ask(&mut self, token: u32, node: &Node, service: &str) {
        self.give(Event::ServiceAsked {
            case: self.case.clone(),
            node: node.id.clone(),
            token,
            service: service.to_owned(),
            record: self.state.record.clone(),
        });
    }

    fn user(&mut self, token: u32, node: &'a Node, task: &UserTask) -> Result<(), Trouble> {
        let excluded = task
            .exclude
            .as_deref()
            .map(|field| self.excluded(field))
            .transpose()?
            .flatten();
        let lane = node.lane.clone().ok_or(
            "BATON-ENGINE-004: the task is in no lane; deploy a process that puts it into one",
        )?;
        self.watch(token, node)?;
        self.give(Event::TaskReady {
            case: self.case.clone(),
            item: next_item(&self.case, &self.state.counts),
            task: node.id.clone(),
            name: node.name.clone(),
            lane,
            form: task.form.clone(),
            target: task.target,
            role: task.role.clone(),
            excluded,
        });
        Ok(())
    }

    /// The worker a field names, if it names one.
    fn excluded(&self, field: &str) -> Result<Option<WorkerId>, Trouble> {
        let value = match self.state.record.get(field) {
            Some(Cell::Clear(value)) => value.clone(),
            Some(cell) => self.env.peek.open(&self.case, field, cell)?,
            None => Value::Null,
        };
        Ok(value
            .as_text()
            .filter(|text| !text.is_empty())
            .map(WorkerId::new))
    }

    fn rule(&mut self, token: u32, node: &'a Node, rule: &RuleTask) -> Result<(), Trouble> {
        let value = match &rule.each {
            None => self.decide(node, rule, None)?,
            Some(each) => {
                let list = self.peek(each)?;
                let Value::List(elements) = list else {
                    return Err(format!(
                        "BATON-ENGINE-005: `{each}` is no list; the decision is made for each of its elements"
                    ));
                };
                if elements.len() > MAX_ELEMENTS {
                    return Err(format!(
                        "BATON-ENGINE-005: `{each}` has over {MAX_ELEMENTS} elements; make it shorter"
                    ));
                }
                let made = (0..)
                    .zip(elements)
                    .map(|element| self.decide(node, rule, Some(element)));
                Value::List(made.collect::<Result<_, _>>()?)
            }
        };
        self.set_field(node, &rule.result, value)?;
        self.leave(token)
    }

    /// Takes the first way whose condition holds, or the default.
    fn choose(&mut self, token: u32, node: &'a Node) -> Result<(), Trouble> {
        if let [only] = node.ways_out.as_slice() {
            return self.take(token, node, &[*only]);
        }
        for way in node
            .ways_out
            .iter()
            .filter(|way| Some(**way) != node.default)
        {
            if self.holds(node, *way)? {
                return self.take(token, node, &[*way]);
            }
        }
        let none = "BATON-ENGINE-006: no condition holds and there is no default way; set the fields right and try again";
        self.take(token, node, &[node.default.ok_or(none)?])
    }

    /// Whether a way can be taken; one without a condition can.
    fn holds(&mut self, node: &'a Node, way: usize) -> Result<bool, Trouble> {
        let flow = &self.process.flows[way];
        let Some(condition) = &flow.condition else {
            return Ok(true);
        };
        let value = self.evaluate(node, condition)?;
        value.as_bool().ok_or_else(|| format!("BATON-ENGINE-007: the condition of `{}` is neither true nor false; mend it or its fields", flow.id))
    }

    fn join(&mut self, token: u32, node: &'a Node) -> Result<(), Trouble> {
        for other in self.joined(token).unwrap_or_default() {
            if other != token {
                self.remove(other);
            }
        }
        if node.ways_out.is_empty() {
            return self.consume(token, None);
        }
        self.take(token, node, &node.ways_out)
    }

    /// Starts the nodes inside a sub-process with a token of their own.
    fn inside(&mut self, token: u32, node: &'a Node, start: usize) -> Result<(), Trouble> {
        self.watch(token, node)?;
        let to = self.process.nodes[start].id.clone();
        let inner = self.state.counts.tokens;
        self.give(Event::TokenMoved {
            case: self.case.clone(),
            token: inner,
            from: Some(node.id.clone()),
            to: Some(to),
            flow: None,
        });
        Ok(())
    }

    /// Takes every way out that can be taken; where there is none, the token ends.
    pub(super) fn leave(&mut self, token: u32) -> Result<(), Trouble> {
        let Some(node) = self.node(token) else {
            return Ok(());
        };
        if node.ways_out.is_empty() {
            return self.consume(token, None);
        }
        let mut ways = Vec::new();
        for way in node
            .ways_out
            .iter()
            .filter(|way| Some(**way) != node.default)
        {
            if self.holds(node, *way)? {
                ways.push(*way);
            }
        }
        if ways.is_empty() {
            let none = "BATON-ENGINE-006: no condition holds and there is no default way; set the fields right and try again";
            ways.push(node.default.ok_or(none)?);
        }
        self.take(token, node, &ways)
    }

    /// Moves a token along a way, and new tokens along the others.
    fn take(&mut self, token: u32, node: &Node, ways: &[usize]) -> Result<(), Trouble> {
        for (place, way) in ways.iter().enumerate() {
            let flow = &self.process.flows[*way];
            self.give(Event::TokenMoved {
                case: self.case.clone(),
                token: if place == 0 {
                    token
                } else {
                    self.state.counts.tokens
                },
                from: Some(node.id.clone()),
                to: Some(self.process.nodes[flow.to].id.clone()),
                flow: Some(flow.id.clone()),
            });
        }
        Ok(())
    }
}
