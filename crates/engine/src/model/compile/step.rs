//! What each element of the file does as a step of the process, or why it does not run.

use super::Compiler;
use crate::model::{Boundary, Given, Message, RuleTask, Step, Timer, Trigger, UserTask, iso};
use baton_formats::bpmn::{self, Kind};

impl Compiler<'_> {
    pub(super) fn step(&mut self, node: &bpmn::Node) -> Step {
        if let Some(kind) = &node.repeats {
            self.unsupported(node, kind);
        }
        let outcome = node.extension.outcome.clone();
        match &node.kind {
            Kind::Start(bpmn::Trigger::None) => Step::Start(None),
            Kind::Start(bpmn::Trigger::Message(id)) => {
                Step::Start(Some(self.message(node, id).name))
            }
            Kind::End(bpmn::Trigger::None) => Step::End(outcome),
            Kind::End(bpmn::Trigger::Terminate) => Step::Terminate(outcome),
            Kind::End(bpmn::Trigger::Error(id)) => {
                Step::Fail(self.error(node, id.as_deref()).unwrap_or_default())
            }
            Kind::Throw(bpmn::Trigger::None) | Kind::Task(bpmn::Task::Plain) => Step::Pass,
            Kind::Catch(bpmn::Trigger::Timer(kind, text)) => {
                Step::WaitTime(self.timer(node, *kind, text))
            }
            Kind::Catch(bpmn::Trigger::Message(id)) => Step::WaitMessage(self.awaited(node, id)),
            Kind::Boundary(event) => self.boundary(node, event),
            Kind::Gateway(bpmn::Gateway::Exclusive) => Step::Exclusive,
            Kind::Gateway(bpmn::Gateway::Parallel) => Step::Parallel,
            Kind::SubProcess(_) => Step::SubProcess(0),
            Kind::Task(task) => self.task(node, task),
            Kind::Start(other) | Kind::End(other) | Kind::Throw(other) | Kind::Catch(other) => {
                self.unsupported(node, &trigger_name(other))
            }
            Kind::Unknown(name) => self.unsupported(node, name),
        }
    }

    fn unsupported(&mut self, node: &bpmn::Node, what: &str) -> Step {
        let message = format!("`{what}` is not run; model it with other elements");
        self.wrong(node, "BATON-MODEL-006", message);
        Step::Pass
    }

    fn task(&mut self, node: &bpmn::Node, task: &bpmn::Task) -> Step {
        let extension = &node.extension;
        match task {
            bpmn::Task::User => Step::User(Box::new(self.user(node))),
            bpmn::Task::Service => Step::Service {
                name: self.required(node, extension.service.as_ref(), "baton:service name"),
                result: extension.result.clone().unwrap_or_else(|| node.id.clone()),
            },
            bpmn::Task::Script(format, script) => {
                let text = extension
                    .script
                    .clone()
                    .unwrap_or_else(|| script.text.clone());
                if extension.script.is_none() && !format.to_lowercase().contains("feel") {
                    self.wrong(node, "BATON-MODEL-007", format!("the script is in `{format}`; write it in FEEL, with scriptFormat=\"feel\""));
                } else {
                    self.expression(script.at, &node.id, &text);
                }
                Step::Script {
                    text,
                    result: self.required(node, extension.result.as_ref(), "baton:script result"),
                }
            }
            bpmn::Task::BusinessRule => Step::Rule(Box::new(RuleTask {
                decision: self.required(node, extension.decision.as_ref(), "baton:decision ref"),
                each: extension.each.clone(),
                element: extension.element.clone().unwrap_or_else(|| "item".into()),
                result: self.required(node, extension.result.as_ref(), "baton:decision result"),
            })),
            bpmn::Task::Plain => Step::Pass,
        }
    }

    fn user(&mut self, node: &bpmn::Node) -> UserTask {
        let extension = &node.extension;
        let target = extension.target.as_deref().and_then(iso::working_time);
        if extension.target.is_some() && target.is_none() {
            self.wrong(
                node,
                "BATON-MODEL-008",
                "the target is no working time like PT8H",
            );
        }
        UserTask {
            form: extension.form.clone(),
            target,
            role: extension.role.clone(),
            exclude: extension.exclude.clone(),
        }
    }

    fn boundary(&mut self, node: &bpmn::Node, event: &bpmn::Event) -> Step {
        let trigger = match &event.trigger {
            bpmn::Trigger::Timer(kind, text) => Trigger::Time(self.timer(node, *kind, text)),
            bpmn::Trigger::Message(id) => Trigger::Message(self.awaited(node, id)),
            bpmn::Trigger::Error(id) => Trigger::Error(self.error(node, id.as_deref())),
            other => {
                return self.unsupported(
                    node,
                    &format!("boundary event with {}", trigger_name(other)),
                );
            }
        };
        Step::Boundary(Boundary {
            at: 0,
            interrupting: event.interrupting,
            trigger,
        })
    }

    fn timer(&mut self, node: &bpmn::Node, kind: bpmn::Timer, text: &bpmn::Text) -> Timer {
        let given = match text.text.strip_prefix('=') {
            Some(expression) => {
                self.expression(text.at, &node.id, expression);
                Given::Expression(expression.trim().into())
            }
            None => {
                let sound = match kind {
                    bpmn::Timer::Date => iso::instant(&text.text).is_some(),
                    bpmn::Timer::Duration => iso::duration(&text.text).is_some(),
                    bpmn::Timer::Cycle => iso::cycle(&text.text).is_some(),
                };
                if !sound {
                    self.wrong(
                        node,
                        "BATON-MODEL-009",
                        "the timer is no ISO 8601 time like PT8H, 2026-01-31T12:00:00Z or R3/PT1H",
                    );
                }
                Given::Text(text.text.clone())
            }
        };
        match kind {
            bpmn::Timer::Date => Timer::Date(given),
            bpmn::Timer::Duration => Timer::Duration(given),
            bpmn::Timer::Cycle => Timer::Cycle(given),
        }
    }

    fn message(&mut self, node: &bpmn::Node, id: &str) -> bpmn::Message {
        match self
            .file
            .messages
            .get(id)
            .filter(|message| !message.name.is_empty())
        {
            Some(message) => message.clone(),
            None => {
                self.wrong(
                    node,
                    "BATON-MODEL-010",
                    "the message has no name; give it one",
                );
                bpmn::Message::default()
            }
        }
    }

    fn awaited(&mut self, node: &bpmn::Node, id: &str) -> Message {
        let message = self.message(node, id);
        let key = node.extension.key.clone().or(message.key);
        if let Some(key) = &key {
            self.expression(node.at, &node.id, key);
        }
        Message {
            name: message.name,
            key,
        }
    }

    /// The code of an error; none where any is meant.
    fn error(&mut self, node: &bpmn::Node, id: Option<&str>) -> Option<String> {
        let code = self.file.errors.get(id?).filter(|code| !code.is_empty());
        if code.is_none() {
            self.wrong(
                node,
                "BATON-MODEL-011",
                "the error has no code; give it one",
            );
        }
        code.cloned()
    }

    fn required(&mut self, node: &bpmn::Node, value: Option<&String>, what: &str) -> String {
        if value.is_none() {
            self.wrong(
                node,
                "BATON-MODEL-012",
                format!("has no {what}; give it one"),
            );
        }
        value.cloned().unwrap_or_default()
    }
}

fn trigger_name(trigger: &bpmn::Trigger) -> String {
    match trigger {
        bpmn::Trigger::None => "event without a definition".into(),
        bpmn::Trigger::Message(_) => "message throw event".into(),
        bpmn::Trigger::Timer(..) => "timer start event".into(),
        bpmn::Trigger::Error(_) => "error event in this place".into(),
        bpmn::Trigger::Terminate => "terminate event in this place".into(),
        bpmn::Trigger::Unknown(name) => name.clone(),
    }
}
