//! A case's clock and hops, folded from its events.
//!
//! The case's own clock counts on the client's calendar. It stands still while hops are open and all of
//! them are paused; it runs while the case waits for a timer or a message.

use super::{Arrival, Hop, Setup};
use crate::clock::{Clock, Running};
use crate::holding::Wait;
use baton_journal::{Event, EventName};
use baton_model::{CalendarId, CaseId, Micros, ProcessId, WorkItemId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A case, as far as it is measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// The case.
    pub case: CaseId,
    /// Its process.
    pub process: ProcessId,
    /// Its target, on the client's calendar.
    pub target: Option<WorkingTime>,
    /// The client's calendar. Without one it counts around the clock.
    pub calendar: Option<CalendarId>,
    /// Its clock.
    pub clock: Clock,
    /// Its hops, in the order of their numbers.
    pub hops: Vec<Hop>,
    /// From which instant on it waits for what while no hop is open.
    pub waits: Vec<(Micros, Wait)>,
    /// Since which event it is what it is.
    pub changed: EventName,
    /// Own targets of items that are not over.
    own: BTreeSet<WorkItemId>,
    messages: BTreeMap<u32, String>,
    timers: BTreeSet<String>,
    incidents: BTreeSet<String>,
}

impl CaseClock {
    /// The clock of a case that begins; nothing for any other event.
    pub fn begin(event: &Event, setup: &Setup, name: EventName, at: Micros) -> Option<Self> {
        let Event::CaseStarted { case, process, .. } = event else {
            return None;
        };
        let mut begun = Self::of(case.clone(), process.clone());
        begun.target = setup.target(process);
        begun.calendar = setup.of_cases().cloned();
        begun.clock = Clock::start(at);
        begun.changed = name;
        Some(begun)
    }

    /// A case without a time.
    pub(crate) fn of(case: CaseId, process: ProcessId) -> Self {
        Self {
            case,
            process,
            target: None,
            calendar: None,
            clock: Clock::start(Micros(0)),
            hops: Vec::new(),
            waits: Vec::new(),
            changed: EventName { n: 0, i: 0 },
            own: BTreeSet::new(),
            messages: BTreeMap::new(),
            timers: BTreeSet::new(),
            incidents: BTreeSet::new(),
        }
    }

    /// Whether an event changes what is measured of a case.
    pub fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::CaseStarted { .. }
                | Event::CaseEnded { .. }
                | Event::TaskReady { .. }
                | Event::TaskEnded { .. }
                | Event::ItemAllocated { .. }
                | Event::ItemPaused { .. }
                | Event::ItemResumed { .. }
                | Event::TimerSet { .. }
                | Event::TimerEnded { .. }
                | Event::MessageAwaited { .. }
                | Event::MessageEnded { .. }
                | Event::IncidentRaised { .. }
                | Event::IncidentResolved { .. }
        )
    }

    /// Folds an event of the case.
    pub fn apply(&mut self, event: &Event, setup: &Setup, name: EventName, at: Micros) {
        if let Event::TaskReady { item, target, .. } = event {
            self.own.extend(target.map(|_| item.clone()));
            return;
        }
        self.changed = name;
        match event {
            Event::ItemAllocated {
                item,
                lane,
                party,
                site,
                target,
                ..
            } => {
                let arrival = Arrival {
                    item,
                    lane,
                    party,
                    site,
                    calendar: setup.of_site(site),
                    target: *target,
                    own: self.own.contains(item),
                };
                self.arrive(&arrival, name, at);
            }
            Event::TaskEnded { item, .. } => {
                self.own.remove(item);
                self.leave(item, name, at);
            }
            Event::ItemPaused { item, reason, .. } => self.pause(item, Some(reason), name, at),
            Event::ItemResumed { item, .. } => self.pause(item, None, name, at),
            Event::CaseEnded { .. } => self.end(name, at),
            _ => self.wait(event),
        }
        self.follow(at);
    }

    /// An item stands with a party. One that stood elsewhere leaves there; a pause goes with it.
    fn arrive(&mut self, arrival: &Arrival<'_>, name: EventName, at: Micros) {
        let item = arrival.item;
        let held = self.hops.iter().find_map(|hop| hop.items.get(item));
        let reason = held.cloned().flatten();
        self.leave(item, name, at);
        match self.hops.iter_mut().rfind(|hop| hop.takes(arrival, at)) {
            Some(hop) => hop.join(arrival, name, at),
            None => {
                let number = self.hops.len() as u32 + 1;
                self.hops.push(Hop::begin(number, arrival, name, at));
            }
        }
        if reason.is_some() {
            self.pause(item, reason.as_deref(), name, at);
        }
    }

    fn leave(&mut self, item: &WorkItemId, name: EventName, at: Micros) {
        let holding = self
            .hops
            .iter_mut()
            .filter(|hop| hop.items.contains_key(item));
        holding.for_each(|hop| hop.leave(item, name, at));
    }

    fn pause(&mut self, item: &WorkItemId, reason: Option<&str>, name: EventName, at: Micros) {
        let holding = self
            .hops
            .iter_mut()
            .filter(|hop| hop.items.contains_key(item));
        holding.for_each(|hop| hop.pause(item, reason, name, at));
    }

    fn end(&mut self, name: EventName, at: Micros) {
        for hop in self.hops.iter_mut().filter(|hop| hop.is_open()) {
            hop.items.clear();
            hop.sources.push(name);
            let _ = hop.clock.stop(at);
        }
        let _ = self.clock.stop(at);
    }

    fn wait(&mut self, event: &Event) {
        match event {
            Event::TimerSet { timer, .. } => drop(self.timers.insert(timer.clone())),
            Event::TimerEnded { timer, .. } => drop(self.timers.remove(timer)),
            Event::MessageAwaited { token, message, .. } => {
                self.messages.insert(*token, message.clone());
            }
            Event::MessageEnded { token, .. } => drop(self.messages.remove(token)),
            Event::IncidentRaised { incident, .. } => {
                self.incidents.insert(incident.clone());
            }
            Event::IncidentResolved { incident, .. } => drop(self.incidents.remove(incident)),
            _ => {}
        }
    }

    /// What the case would wait for with no hop open: of several, what needs a person first.
    fn waits_for(&self) -> Wait {
        if !self.incidents.is_empty() {
            return Wait::Incident;
        }
        match self.messages.values().next() {
            Some(message) => Wait::Message(message.clone()),
            None if !self.timers.is_empty() => Wait::Timer,
            None => Wait::System,
        }
    }

    /// Makes the case's clock and named wait do what hops, timers and messages do.
    fn follow(&mut self, at: Micros) {
        let wait = self.waits_for();
        let last = self.waits.last().map_or(&Wait::System, |(_, wait)| wait);
        if *last != wait {
            self.waits.retain(|(since, _)| *since != at);
            self.waits.push((at, wait));
        }
        let mut open = self.hops.iter().filter(|hop| hop.is_open());
        let reason = open.next().and_then(Hop::paused_for).map(str::to_owned);
        let reason = reason.filter(|_| open.all(|hop| hop.paused_for().is_some()));
        let _ = match (reason, self.clock.running()) {
            (Some(reason), Running::Running) => self.clock.pause(at, reason),
            (None, Running::Paused) => self.clock.resume(at),
            _ => Ok(()),
        };
    }
}
