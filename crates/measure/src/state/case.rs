//! A case's clock and hops, folded from its events.
//!
//! The case's own clock counts on the client's calendar. It stands still while hops are open and all of
//! them are paused; it runs while the case waits for a timer or a message.

use super::{Arrival, Ending, Hop, Setup, Unit};
use crate::clock::{Clock, Running};
use crate::holding::Wait;
use baton_journal::event::TaskEnd;
use baton_journal::{Event, EventName};
use baton_model::{
    CalendarId, CaseId, LaneId, Micros, ProcessId, WorkItemId, WorkerId, WorkingTime,
};
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
    /// The work items that were completed, in order.
    pub units: Vec<Unit>,
    /// Who completed the items that are about to end.
    done_by: BTreeMap<WorkItemId, WorkerId>,
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
            units: Vec::new(),
            done_by: BTreeMap::new(),
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
                | Event::ItemCompleted { .. }
                | Event::ItemAllocated { .. }
                | Event::ItemPaused { .. }
                | Event::ItemResumed { .. }
                | Event::AnswerRequested(_)
                | Event::RequestAnswered(_)
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
        if let Event::ItemCompleted { item, worker, .. } = event {
            self.done_by.insert(item.clone(), worker.clone());
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
            Event::TaskEnded { item, end, .. } => self.task_ended(item, *end, name, at),
            Event::ItemPaused { item, reason, .. } => self.pause(item, Some(reason), name, at),
            Event::ItemResumed { item, .. } => self.pause(item, None, name, at),
            // From a request that the other side can see to its answer; an item set aside runs on.
            Event::AnswerRequested(asked) => {
                self.pause(&asked.item, Some(&asked.waits_for), name, at);
            }
            Event::RequestAnswered(answered) => self.pause(&answered.item, None, name, at),
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
        self.leave(item, Ending::HandedOver, name, at);
        match self.hops.iter_mut().rfind(|hop| hop.takes(arrival, at)) {
            Some(hop) => hop.join(arrival, name, at),
            None => {
                let number = self.hops.len() as u32 + 1;
                let mut hop = Hop::begin(number, arrival, name, at);
                hop.rework = self.returned(&hop, name, at);
                self.hops.push(hop);
            }
        }
        if reason.is_some() {
            self.pause(item, reason.as_deref(), name, at);
        }
    }

    /// An item is over; one that was completed is a unit of work.
    fn task_ended(&mut self, item: &WorkItemId, end: TaskEnd, name: EventName, at: Micros) {
        self.own.remove(item);
        let worker = self.done_by.remove(item);
        let completed = end == TaskEnd::Completed;
        let hop = self.hops.iter().find(|hop| hop.items.contains_key(item));
        if let Some(hop) = hop.filter(|_| completed) {
            self.units.push(Unit::done(item, hop, worker, name, at));
        }
        let ending = if completed {
            Ending::Completed
        } else {
            Ending::Withdrawn
        };
        self.leave(item, ending, name, at);
    }

    /// Marks the units that a hop that begins is the return of: those of its lane after which another
    /// party had the case in a later lane. Whether there were any.
    fn returned(&mut self, hop: &Hop, name: EventName, at: Micros) -> bool {
        let hops = &self.hops;
        let back = |unit: &&mut Unit| {
            let since = hops.iter().filter(|other| other.clock.from >= unit.at);
            let mut others = since.filter(|other| other.party != unit.party);
            let open = unit.lane == hop.lane && unit.returned.is_none();
            open && others.any(|other| later(hops, &other.lane, &unit.lane))
        };
        let mut any = false;
        for unit in self.units.iter_mut().filter(back) {
            unit.come_back(name, at);
            any = true;
        }
        any
    }

    fn leave(&mut self, item: &WorkItemId, end: Ending, name: EventName, at: Micros) {
        let holding = self
            .hops
            .iter_mut()
            .filter(|hop| hop.items.contains_key(item));
        holding.for_each(|hop| hop.leave(item, end, name, at));
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
            hop.ended = Some(Ending::Withdrawn);
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

/// Whether the case reached a lane for the first time after another. A lane that sent the case back is
/// not returned to when the case comes to it again.
fn later(hops: &[Hop], lane: &LaneId, than: &LaneId) -> bool {
    let first = |lane: &LaneId| hops.iter().position(|hop| hop.lane == *lane);
    first(lane) > first(than)
}
