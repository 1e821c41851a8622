//! Rows of hops, of cases' clocks and of calendars, and the way back from rows to what was measured,
//! so that a page needs no stage to draw a strip.
//!
//! Durations and instants are microseconds. A due instant is kept where it does not move: not while
//! the clock is paused. Nothing here is personal.

use crate::clock::{Clock, Pause, Running};
use crate::state::{CaseClock, Ending, Hop, Setup};
use baton_journal::store::Row;
use baton_journal::{Change, Column, Datum, EventName, View};
use baton_model::calendar::{Book, CalendarError, CalendarSpec};
use baton_model::{CalendarId, Micros, WorkingTime};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Hops of cases.
pub const HOP: View = View {
    name: "hop",
    version: 2,
    columns: &[
        Column::text("case_id"),
        Column::int("number"),
        Column::text("lane"),
        Column::text("party"),
        Column::text("site"),
        Column::text("calendar"),
        Column::int("target"),
        Column::int("from_at"),
        Column::int("until_at"),
        Column::int("due_at"),
        Column::int("paused_since"),
        Column::text("pauses"),
        Column::text("items"),
        Column::text("sources"),
        Column::text("ended"),
        Column::int("rework"),
    ],
    key: 2,
    // The open hops of a party in the order in which work is listed.
    indexes: &[&["party", "until_at", "due_at", "from_at"]],
};

/// Clocks of whole cases.
pub const CASE_CLOCK: View = View {
    name: "case_clock",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::text("process"),
        Column::text("calendar"),
        Column::int("target"),
        Column::int("started_at"),
        Column::int("ended_at"),
        Column::int("due_at"),
        Column::int("paused_since"),
        Column::text("pauses"),
        Column::int("holder_hop"),
        Column::text("holder_lane"),
        Column::text("holder_party"),
        Column::text("waits"),
        Column::text("changed"),
    ],
    key: 1,
    indexes: &[&["ended_at", "due_at"], &["holder_party", "ended_at"]],
};

/// Versions of calendars with the instants they became known, counted from 0.
pub const CALENDAR: View = View {
    name: "calendar",
    version: 1,
    columns: &[
        Column::int("number"),
        Column::text("calendar"),
        Column::text("zone"),
        Column::int("known_at"),
        Column::text("spec"),
    ],
    key: 1,
    indexes: &[],
};

/// The rows that an event changed of a case: its clock's, and those of the hops it is a source of.
pub(crate) fn changes(clock: &CaseClock, book: &Book, name: EventName, at: Micros) -> Vec<Change> {
    let touched = clock.hops.iter();
    let touched = touched.filter(|hop| hop.sources.last() == Some(&name));
    let hops = touched.map(|hop| Change::Put {
        view: HOP.name,
        row: hop_row(clock, hop, book, at),
    });
    let case = Change::Put {
        view: CASE_CLOCK.name,
        row: case_row(clock, book, at),
    };
    hops.chain([case]).collect()
}

/// The rows of the calendars that became known at an instant.
pub(crate) fn calendars(setup: &Setup, at: Micros) -> Vec<Change> {
    let known = (0_i64..).zip(setup.calendars());
    let new = known.filter(|(_, (since, _))| *since == at);
    new.map(|(number, (since, spec))| Change::Put {
        view: CALENDAR.name,
        row: vec![
            number.into(),
            spec.id.as_str().into(),
            spec.zone.as_str().into(),
            since.0.into(),
            json(spec),
        ],
    })
    .collect()
}

fn hop_row(case: &CaseClock, hop: &Hop, book: &Book, at: Micros) -> Row {
    vec![
        case.case.as_str().into(),
        i64::from(hop.number).into(),
        hop.lane.as_str().into(),
        hop.party.as_str().into(),
        hop.site.as_str().into(),
        hop.calendar.as_ref().map(CalendarId::as_str).into(),
        hop.target.map(|target| target.0).into(),
        hop.clock.from.0.into(),
        hop.clock.until.map(|until| until.0).into(),
        due(&hop.clock, hop.calendar.as_ref(), hop.target, book, at),
        paused_since(&hop.clock),
        json(&hop.clock.pauses),
        json(&hop.items),
        json(&hop.sources),
        hop.ended.map(Ending::word).into(),
        i64::from(hop.rework).into(),
    ]
}

fn case_row(case: &CaseClock, book: &Book, at: Micros) -> Row {
    let holder = case.hops.iter().rfind(|hop| hop.is_open());
    vec![
        case.case.as_str().into(),
        case.process.as_str().into(),
        case.calendar.as_ref().map(CalendarId::as_str).into(),
        case.target.map(|target| target.0).into(),
        case.clock.from.0.into(),
        case.clock.until.map(|until| until.0).into(),
        due(&case.clock, case.calendar.as_ref(), case.target, book, at),
        paused_since(&case.clock),
        json(&case.clock.pauses),
        holder.map(|hop| i64::from(hop.number)).into(),
        holder.map(|hop| hop.lane.as_str()).into(),
        holder.map(|hop| hop.party.as_str()).into(),
        json(&case.waits),
        json(&case.changed),
    ]
}

fn due(
    clock: &Clock,
    calendar: Option<&CalendarId>,
    target: Option<WorkingTime>,
    book: &Book,
    at: Micros,
) -> Datum {
    if clock.running() == Running::Paused {
        return Datum::Null;
    }
    let reading = clock.read(book.or_always(calendar), target, at);
    reading.due.map(|due| due.0).into()
}

fn paused_since(clock: &Clock) -> Datum {
    let last = clock.pauses.last().filter(|pause| pause.until.is_none());
    last.map(|pause| pause.from.0).into()
}

pub(crate) fn json(value: &impl Serialize) -> Datum {
    // A map with text keys, lists and numbers: it always has a JSON form.
    serde_json::to_string(value).unwrap_or_default().into()
}

/// A case's clocks from its rows, the hops' in any order; nothing if a row is not as declared here.
pub fn case_clock(case: &[Datum], hops: &[Row]) -> Option<CaseClock> {
    let mut cells = case.iter();
    let mut next = || cells.next();
    let mut clock = CaseClock::of(next()?.text()?.into(), next()?.text()?.into());
    clock.calendar = next()?.text().map(CalendarId::from);
    clock.target = int(next()?).map(WorkingTime);
    clock.clock.from = Micros(next()?.int());
    clock.clock.until = int(next()?).map(Micros);
    let (_due, _paused) = (next()?, next()?);
    clock.clock.pauses = parsed::<Vec<Pause>>(next()?)?;
    let (_hop, _lane, _party) = (next()?, next()?, next()?);
    clock.waits = parsed(next()?)?;
    clock.changed = parsed(next()?)?;
    clock.hops = hops.iter().map(|row| hop(row)).collect::<Option<_>>()?;
    clock.hops.sort_by_key(|hop| hop.number);
    Some(clock)
}

/// A hop from its row; nothing if the row is not as declared here.
pub fn hop(row: &[Datum]) -> Option<Hop> {
    let mut cells = row.iter().skip(1);
    let mut next = || cells.next();
    let number = u32::try_from(next()?.int()).ok()?;
    let (lane, party, site) = (next()?.text()?, next()?.text()?, next()?.text()?);
    let calendar = next()?.text().map(CalendarId::from);
    let target = int(next()?).map(WorkingTime);
    let mut clock = Clock::start(Micros(next()?.int()));
    clock.until = int(next()?).map(Micros);
    let (_due, _paused) = (next()?, next()?);
    clock.pauses = parsed(next()?)?;
    Some(Hop {
        number,
        lane: lane.into(),
        party: party.into(),
        site: site.into(),
        calendar,
        target,
        clock,
        items: parsed(next()?)?,
        sources: parsed(next()?)?,
        ended: next()?.text().and_then(Ending::parse),
        rework: next()?.int() == 1,
    })
}

/// The book of calendars from all rows of [`CALENDAR`].
///
/// # Errors
/// If a calendar in them cannot be read.
pub fn book(rows: &[Row]) -> Result<Book, CalendarError> {
    let specs: Vec<(Micros, CalendarSpec)> = rows
        .iter()
        .filter_map(|row| Some((Micros(row.get(3)?.int()), parsed(row.get(4)?)?)))
        .collect();
    Book::dated(specs.iter().map(|(known, spec)| (*known, spec)))
}

pub(crate) fn int(cell: &Datum) -> Option<i64> {
    match cell {
        Datum::Int(value) => Some(*value),
        _ => None,
    }
}

pub(crate) fn parsed<T: DeserializeOwned>(cell: &Datum) -> Option<T> {
    serde_json::from_str(cell.text()?).ok()
}
