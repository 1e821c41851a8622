//! The times of a case as pages draw them and `verify` recomputes them: a pure function of the case's
//! clocks, the calendars and an instant. It names the release of the time-zone data it was computed
//! under, and of each hop the events it was measured from.

use crate::clock::{Pause, Reading};
use crate::holding::{Holder, Holding, Stay, Wait, holdings};
use crate::lateness::{Lateness, attribute};
use crate::state::{CaseClock, Hop};
use baton_journal::EventName;
use baton_model::calendar::{Book, Interval, tzdb_version};
use baton_model::{
    CalendarId, CaseId, LaneId, Micros, PartyId, ProcessId, SiteId, WallTime, WorkingTime,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A case's times, as of an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseTimes {
    /// The case.
    pub case: CaseId,
    /// Its process.
    pub process: ProcessId,
    /// The instant the times are of.
    pub now: Micros,
    /// The release of the time-zone data.
    pub zones: &'static str,
    /// When the case began.
    pub from: Micros,
    /// When it ended.
    pub until: Option<Micros>,
    /// The case's clock, on the client's calendar.
    pub clock: Reading,
    /// That calendar.
    pub calendar: Option<CalendarId>,
    /// Its hops in order.
    pub hops: Vec<HopTimes>,
    /// Who held it when: a partition of its time.
    pub holdings: Vec<Holding>,
    /// Wall time by holder, in order of first holding; it adds up to the case's exactly.
    pub held: Vec<(Who, WallTime)>,
    /// Its lateness and what each hop is charged, in the order of the hops.
    pub lateness: Lateness,
    /// The open hours of the last open hop's holder from now to its due instant.
    pub ahead: Vec<Interval>,
}

/// Who held a case, for sums.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A party.
    Party(PartyId),
    /// Several parties, until it is known which finishes last.
    Together(Vec<PartyId>),
    /// None.
    Wait(Wait),
}

/// A hop's times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HopTimes {
    /// Its number in the case, from 1.
    pub number: u32,
    /// The lane.
    pub lane: LaneId,
    /// The party.
    pub party: PartyId,
    /// The party's site.
    pub site: SiteId,
    /// The site's calendar.
    pub calendar: Option<CalendarId>,
    /// Arrival.
    pub from: Micros,
    /// Leaving.
    pub until: Option<Micros>,
    /// Its clock, on that calendar.
    pub clock: Reading,
    /// The part of the case's wall time in which this hop alone was the holder.
    pub held: WallTime,
    /// What it is charged of the case's lateness.
    pub charged: WorkingTime,
    /// The calendar's open stretches between arrival and leaving: full height on the strip.
    pub open: Vec<Interval>,
    /// Its pauses.
    pub pauses: Vec<Pause>,
    /// The events it was measured from.
    pub sources: Vec<EventName>,
}

impl CaseTimes {
    /// Whether the holders' wall times add up to the case's to the microsecond, as they must.
    pub fn adds_up(&self) -> bool {
        let held: WallTime = self.held.iter().map(|(_, wall)| *wall).sum();
        held == self.clock.wall
    }

    /// How many calendars the hops were measured on.
    pub fn calendars(&self) -> usize {
        let calendars = self.hops.iter().map(|hop| &hop.calendar);
        calendars.collect::<BTreeSet<_>>().len()
    }
}

/// The times of a case as of an instant, which is not before its last event.
pub fn case_times(case: &CaseClock, book: &Book, now: Micros) -> CaseTimes {
    let calendar = book.or_always(case.calendar.as_ref());
    let clock = case.clock.read(calendar, case.target, now);
    let whole = Interval::new(case.clock.from, case.clock.from.plus(clock.wall));
    let stays: Vec<Stay> = case.hops.iter().map(stay).collect();
    let holdings = holdings(whole, &stays, &case.waits);
    let mut hops: Vec<HopTimes> = case
        .hops
        .iter()
        .map(|hop| hop_times(hop, &holdings, book, now))
        .collect();
    let overruns: Vec<WorkingTime> = hops.iter().map(|hop| hop.clock.over).collect();
    let lateness = attribute(clock.over, &overruns);
    for (hop, charged) in hops.iter_mut().zip(&lateness.charged) {
        hop.charged = *charged;
    }
    CaseTimes {
        case: case.case.clone(),
        process: case.process.clone(),
        now,
        zones: tzdb_version(),
        from: case.clock.from,
        until: case.clock.until,
        clock,
        calendar: case.calendar.clone(),
        held: held(&case.hops, &holdings),
        ahead: ahead(&hops, book, now),
        hops,
        holdings,
        lateness,
    }
}

fn stay(hop: &Hop) -> Stay {
    Stay {
        number: hop.number,
        from: hop.clock.from,
        until: hop.clock.until,
    }
}

fn hop_times(hop: &Hop, holdings: &[Holding], book: &Book, now: Micros) -> HopTimes {
    let calendar = book.or_always(hop.calendar.as_ref());
    let own = holdings
        .iter()
        .filter(|holding| holding.holder == Holder::Hop(hop.number));
    HopTimes {
        number: hop.number,
        lane: hop.lane.clone(),
        party: hop.party.clone(),
        site: hop.site.clone(),
        calendar: hop.calendar.clone(),
        from: hop.clock.from,
        until: hop.clock.until,
        clock: hop.clock.read(calendar, hop.target, now),
        held: own.map(|holding| holding.span.wall()).sum(),
        charged: WorkingTime::ZERO,
        open: calendar.open_intervals(hop.clock.from, hop.clock.until.unwrap_or(now)),
        pauses: hop.clock.pauses.clone(),
        sources: hop.sources.clone(),
    }
}

fn held(hops: &[Hop], holdings: &[Holding]) -> Vec<(Who, WallTime)> {
    let parties: BTreeMap<u32, &PartyId> =
        hops.iter().map(|hop| (hop.number, &hop.party)).collect();
    let mut held: Vec<(Who, WallTime)> = Vec::new();
    for holding in holdings {
        let who = who(&holding.holder, &parties);
        let wall = holding.span.wall();
        match held.iter_mut().find(|(known, _)| *known == who) {
            Some((_, sum)) => *sum += wall,
            None => held.push((who, wall)),
        }
    }
    held
}

fn who(holder: &Holder, parties: &BTreeMap<u32, &PartyId>) -> Who {
    let numbers = match holder {
        Holder::Wait(wait) => return Who::Wait(wait.clone()),
        Holder::Hop(number) => std::slice::from_ref(number),
        Holder::Together(numbers) => numbers.as_slice(),
    };
    let names = numbers.iter().filter_map(|number| parties.get(number));
    let mut names: Vec<PartyId> = names.map(|party| PartyId::clone(party)).collect();
    names.sort();
    names.dedup();
    match names.as_slice() {
        [one] => Who::Party(one.clone()),
        _ => Who::Together(names),
    }
}

/// The holder's open hours from now to the due instant, for the dotted part of the strip.
fn ahead(hops: &[HopTimes], book: &Book, now: Micros) -> Vec<Interval> {
    let open = hops.iter().rfind(|hop| hop.until.is_none());
    let due = open.and_then(|hop| Some((hop, hop.clock.due?)));
    due.map_or_else(Vec::new, |(hop, due)| {
        let calendar = book.or_always(hop.calendar.as_ref());
        calendar.open_intervals(now, due)
    })
}
