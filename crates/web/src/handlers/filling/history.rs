//! A case's history in words: one line an event that a person would tell, newest first. What happened
//! at another provider is told without its party and people.

use super::pauses::does;
use crate::handlers::frame::Frame;
use crate::handlers::times::said;
use crate::pages::parts::{Chip, EventLine};
use crate::strip::moment;
use baton_app::command::FieldRevealed;
use baton_app::command::{Entry, Event, ORIGINAL};
use baton_app::views::headline::spoken;
use baton_app::views::pauses::Pause;
use baton_app::views::work::told_why;
use baton_model::{PartyId, TaskId, WorkerId};
use std::collections::BTreeMap;

/// What a request does to the clock.
const STILL: &str = "the clock stands still";

/// The history of these entries.
pub(crate) fn history(frame: &Frame<'_>, entries: &[&Entry], pauses: &[Pause]) -> Vec<EventLine> {
    let mut teller = Teller {
        frame,
        pauses,
        n: 0,
        holder: None,
        timers: BTreeMap::new(),
    };
    let mut lines: Vec<EventLine> = entries
        .iter()
        .flat_map(|entry| teller.tell(entry))
        .collect();
    lines.reverse();
    lines
}

struct Teller<'a> {
    frame: &'a Frame<'a>,
    /// What the viewer sees of the case's pauses.
    pauses: &'a [Pause],
    /// The entry that is told.
    n: i64,
    holder: Option<PartyId>,
    /// The node of each timer that was set.
    timers: BTreeMap<String, TaskId>,
}

impl Teller<'_> {
    fn tell(&mut self, entry: &Entry) -> Vec<EventLine> {
        let at = moment(entry.at, &self.frame.zone);
        self.n = entry.n;
        let lines = entry.events.iter().filter_map(|event| self.event(event));
        lines
            .map(|line| EventLine {
                at: at.clone(),
                n: u64::try_from(entry.n).ok(),
                ..line
            })
            .collect()
    }

    fn event(&mut self, event: &Event) -> Option<EventLine> {
        Some(match event {
            Event::CaseStarted { kind, version, .. } => {
                let what = kind.map_or("by hand".into(), |kind| {
                    format!("by {}", kind.name().replace('_', " "))
                });
                line(
                    "Started",
                    format!("{what}, version {version} of the process"),
                )
            }
            Event::DocumentCorrelated { document, .. } => line(
                "Came, waited for",
                format!(
                    "{} {}",
                    document.kind.name().replace('_', " "),
                    document.number
                ),
            ),
            Event::ItemAllocated {
                party,
                lane,
                reason,
                ..
            } => self.handed(party, &self.frame.lane(lane), reason),
            Event::IncidentRaised { message, .. } => EventLine {
                // It may quote what another party's bot said, or why others do not take the case.
                quote: Some(message.clone()).filter(|_| self.client()),
                ..line("Stuck", "a person is needed")
            },
            Event::IncidentResolved { .. } => line("Incident resolved", ""),
            Event::TimerSet { timer, node, .. } => {
                self.timers.insert(timer.clone(), node.clone());
                return None;
            }
            Event::TimerEnded {
                fired: true, timer, ..
            } => {
                let node = self.timers.get(timer).map(TaskId::as_str);
                line("Timer fired", node.unwrap_or_default().replace('_', " "))
            }
            Event::PaymentProposed { .. } => line("Payment proposed", ""),
            Event::FieldRevealed(FieldRevealed {
                field,
                worker,
                reason,
                ..
            }) if self.client() || *worker == self.frame.signed.viewer.scope.worker => {
                self.revealed(field, worker, reason)
            }
            Event::CaseEnded { outcome, .. } => line("Ended", outcome.clone()),
            _ => return self.item(event),
        })
    }

    /// What was done with a work item.
    fn item(&self, event: &Event) -> Option<EventLine> {
        Some(match event {
            Event::ItemAssigned { worker, .. } => {
                self.by(worker, "Assigned", |name| format!("to {name}"))
            }
            Event::ItemReleased { reason, .. } if reason == "taken-over" => {
                self.own("Taken over", "by a colleague".into())
            }
            Event::ItemReleased { reason, .. } => self.own("Back in the queue", said(reason)),
            Event::ItemPaused { reason, .. } => self.own("Paused", said(reason)),
            Event::ItemResumed { .. } => self.own("Resumed", String::new()),
            Event::ItemSetAside(aside) => self.own(
                "Set aside",
                format!("{}, the clock runs on", said(&aside.code)),
            ),
            Event::AnswerRequested(asked) => self.asked(&asked.waits_for),
            Event::RequestAnswered(_) | Event::PauseContested(_) => self.said_to_a_pause(),
            Event::ItemCompleted { worker, .. } => {
                self.by(worker, "Completed", |name| format!("by {name}"))
            }
            Event::DraftSaved { .. } => self.own("Draft saved", String::new()),
            _ => return None,
        })
    }

    /// A request, with what was asked as far as the viewer sees it.
    fn asked(&self, waits_for: &str) -> EventLine {
        let pause = self.pauses.iter().find(|pause| pause.n == self.n);
        let does = pause.map(|pause| does(self.frame, pause));
        let text = pause.and_then(|pause| pause.text.as_ref());
        EventLine {
            quote: text.map(|text| spoken(text.show())),
            ..self.own(&does.unwrap_or_else(|| said(waits_for)), STILL.into())
        }
    }

    /// An answer to a request, or an objection to it.
    fn said_to_a_pause(&self) -> EventLine {
        let answers = self.pauses.iter().filter_map(|pause| pause.answer.as_ref());
        let answer = answers.clone().find(|answer| answer.n == self.n);
        let contests = self
            .pauses
            .iter()
            .filter_map(|pause| pause.contest.as_ref());
        let contest = contests.clone().find(|contest| contest.n == self.n);
        let (by, strong) = match (answer, contest) {
            (_, Some(_)) => (Some(&self.frame.about.client), "Objected"),
            (answer, None) => (answer.map(|answer| &answer.by), "Answered"),
        };
        let to = match strong {
            "Objected" => "to a pause",
            _ => "the clock runs again",
        };
        EventLine {
            parties: by.map(|by| self.frame.chip(by)).into_iter().collect(),
            quote: answer.or(contest).map(|said| spoken(said.text.show())),
            ..line(strong, to)
        }
    }

    /// A field that was shown, or a document's original that was opened.
    fn revealed(&self, field: &str, worker: &WorkerId, reason: &str) -> EventLine {
        if let Some(document) = field.strip_prefix(ORIGINAL) {
            return self.by(worker, "Opened", |name| {
                format!("the original of {document} by {name}")
            });
        }
        EventLine {
            quote: Some(reason.to_string()),
            ..self.by(worker, "Revealed", |name| format!("{field} to {name}"))
        }
    }

    fn handed(&mut self, party: &PartyId, lane: &str, reason: &str) -> EventLine {
        let from = self.holder.replace(party.clone());
        let known = self.frame.may_name(party);
        let chips: Vec<Chip> = from
            .iter()
            .filter(|from| *from != party)
            .chain([party])
            .map(|party| self.frame.chip(party))
            .collect();
        let strong = if chips.len() > 1 {
            "Handed over"
        } else {
            "Offered"
        };
        let text = if known {
            lane.to_string()
        } else {
            "another party".into()
        };
        let quote = Some(told_why(reason, self.client())).filter(|_| known);
        EventLine {
            parties: chips,
            quote,
            ..line(strong, text)
        }
    }

    /// A line of the party that holds the case.
    fn own(&self, strong: &str, text: String) -> EventLine {
        let parties = self
            .holder
            .iter()
            .map(|party| self.frame.chip(party))
            .collect();
        EventLine {
            parties,
            ..line(strong, text)
        }
    }

    /// A line that names a worker where the viewer may know the name.
    fn client(&self) -> bool {
        self.frame.signed.viewer.scope.client
    }

    fn by(&self, worker: &WorkerId, strong: &str, text: impl Fn(&str) -> String) -> EventLine {
        let name = self
            .frame
            .worker(worker)
            .unwrap_or_else(|| "a worker".into());
        self.own(strong, text(&name))
    }
}

fn line(strong: &str, text: impl Into<String>) -> EventLine {
    EventLine {
        strong: strong.into(),
        text: text.into(),
        ..EventLine::default()
    }
}
