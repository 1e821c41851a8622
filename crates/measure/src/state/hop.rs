//! A hop: one party's holding of a case in a lane, from arrival to leaving. Work items that stand in
//! the same lane with the same party at once, or follow each other at the same instant, are one hop.

use crate::clock::{Clock, Running};
use baton_journal::EventName;
use baton_model::{CalendarId, LaneId, Micros, PartyId, SiteId, WorkItemId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A work item that was given to a party.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    /// The work item.
    pub item: &'a WorkItemId,
    /// The lane.
    pub lane: &'a LaneId,
    /// The party.
    pub party: &'a PartyId,
    /// The party's site.
    pub site: &'a SiteId,
    /// The calendar of the site.
    pub calendar: Option<&'a CalendarId>,
    /// The item's target on that calendar.
    pub target: Option<WorkingTime>,
    /// Whether the target is the item's own, not the lane's.
    pub own: bool,
}

/// How a hop came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Its last item was completed.
    Completed,
    /// The process took its last item back, or the case ended.
    Withdrawn,
    /// Its last item went to another party.
    HandedOver,
}

impl Ending {
    /// The ending as it stands in a row.
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Withdrawn => "withdrawn",
            Self::HandedOver => "handed_over",
        }
    }

    /// The ending of a row's word.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Completed, Self::Withdrawn, Self::HandedOver];
        all.into_iter().find(|ending| ending.word() == word)
    }
}

/// A hop of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// Its number in the case, from 1.
    pub number: u32,
    /// The lane.
    pub lane: LaneId,
    /// Who held the case.
    pub party: PartyId,
    /// Where.
    pub site: SiteId,
    /// The calendar its clock counts on: the site's. Without one it counts around the clock.
    pub calendar: Option<CalendarId>,
    /// Its target on that calendar.
    pub target: Option<WorkingTime>,
    /// Its clock.
    pub clock: Clock,
    /// The work items in it that are not over; of a paused one, the reason.
    pub items: BTreeMap<WorkItemId, Option<String>>,
    /// The events it was measured from, in order.
    pub sources: Vec<EventName>,
    /// How it ended, if it did.
    pub ended: Option<Ending>,
    /// Whether the case came back into the lane after another party had it in a later one.
    pub rework: bool,
}

impl Hop {
    /// A hop that begins with an item's arrival.
    pub fn begin(number: u32, arrival: &Arrival<'_>, name: EventName, at: Micros) -> Self {
        Self {
            number,
            lane: arrival.lane.clone(),
            party: arrival.party.clone(),
            site: arrival.site.clone(),
            calendar: arrival.calendar.cloned(),
            target: arrival.target,
            clock: Clock::start(at),
            items: [(arrival.item.clone(), None)].into(),
            sources: vec![name],
            ended: None,
            rework: false,
        }
    }

    /// Whether an arriving item belongs to this hop: the party holds the case in the lane, or has left
    /// it at this very instant.
    pub fn takes(&self, arrival: &Arrival<'_>, at: Micros) -> bool {
        let same = self.lane == *arrival.lane
            && self.party == *arrival.party
            && self.site == *arrival.site;
        same && self.clock.until.is_none_or(|until| until == at)
    }

    /// Adds an item. The own target of one that follows a completed one adds to it: two steps, two
    /// targets. One that replaces an item the process took back gives no time more, or an escalation
    /// would reward the delay it is about; then, and of items that stand there together, the longest
    /// counts. A lane's target is the hop's and counts once.
    pub fn join(&mut self, arrival: &Arrival<'_>, name: EventName, at: Micros) {
        let follows = self.items.is_empty() && arrival.own && self.ended == Some(Ending::Completed);
        self.target = match (self.target, arrival.target) {
            (Some(before), Some(added)) if follows => Some(before + added),
            (before, added) => before.max(added),
        };
        self.clock.until = None;
        self.ended = None;
        self.items.insert(arrival.item.clone(), None);
        self.sources.push(name);
        self.follow(at);
    }

    /// Ends an item; the hop ends with its last.
    pub fn leave(&mut self, item: &WorkItemId, end: Ending, name: EventName, at: Micros) {
        self.items.remove(item);
        self.sources.push(name);
        self.ended = self.items.is_empty().then_some(end);
        self.follow(at);
    }

    /// Pauses an item with a reason, or lets it go on with none.
    pub fn pause(&mut self, item: &WorkItemId, reason: Option<&str>, name: EventName, at: Micros) {
        if let Some(held) = self.items.get_mut(item) {
            *held = reason.map(str::to_owned);
            self.sources.push(name);
            self.follow(at);
        }
    }

    /// The reason all its items are paused for, if they are: that of the first.
    pub fn paused_for(&self) -> Option<&str> {
        let mut reasons = self.items.values();
        let first = reasons.next()?.as_deref()?;
        reasons.all(Option::is_some).then_some(first)
    }

    /// Whether the party still holds the case.
    pub fn is_open(&self) -> bool {
        self.clock.until.is_none()
    }

    /// Makes the clock do what the items do. The journal's order leaves it no way to fail.
    fn follow(&mut self, at: Micros) {
        let reason = self.paused_for().map(str::to_owned);
        let running = self.clock.running();
        let _ = match reason {
            _ if self.items.is_empty() => self.clock.stop(at),
            Some(reason) if running == Running::Running => self.clock.pause(at, reason),
            None if running == Running::Paused => self.clock.resume(at),
            _ => Ok(()),
        };
    }
}
