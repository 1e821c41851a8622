//! What is measured under agreements, as rows: a [`MEASUREMENT`] of every hop that an on-time level
//! counts, a [`UNIT`] for every completed work item of a covered lane, and the [`AGREEMENT`]s themselves.
//!
//! A row is made from the state after an event. A hop that is open is late from its due instant on,
//! which no event tells: who reads an `open` row compares its due instant with the clock.

use crate::agreements::Agreements;
use crate::clock::{Clock, Running};
use crate::state::{CaseClock, Ending, Hop, Setup, Unit};
use crate::view::{int, json, parsed};
use baton_journal::event::agreement::AgreementSet;
use baton_journal::store::Row;
use baton_journal::{Change, Column, Datum, EventName, View};
use baton_model::calendar::{Book, Interval, tzdb_version};
use baton_model::{
    Agreement, AgreementId, CalendarId, CaseId, LaneId, Micros, Month, PartyId, WorkingTime,
};

/// The month of what is not over yet: it sorts after every other.
pub const OPEN: &str = "9999-12";

/// The versions of agreements; `body` is the agreement as JSON, `text` what it was read from.
pub const AGREEMENT: View = View {
    name: "agreement",
    version: 1,
    columns: &[
        Column::text("agreement"),
        Column::int("version"),
        Column::text("provider"),
        Column::int("from_at"),
        Column::int("at"),
        Column::int("n"),
        Column::int("i"),
        Column::text("body"),
        Column::text("text"),
    ],
    key: 2,
    indexes: &[],
};

/// Hops under an on-time level. `state` is `open`, `met`, `late` or `excluded`; `month` is that in which
/// it was decided, `until_month` that in which the hop ended, in the agreement's zone; `working` and
/// `over` are of the whole hop, once it is over. A release with other time-zone data raises the version.
pub const MEASUREMENT: View = View {
    name: "measurement",
    version: 1,
    columns: &[
        Column::text("case_id"),
        Column::int("number"),
        Column::text("party"),
        Column::text("agreement"),
        Column::int("version"),
        Column::text("level"),
        Column::text("lane"),
        Column::text("state"),
        Column::text("reason"),
        Column::text("month"),
        Column::text("until_month"),
        Column::int("from_at"),
        Column::int("until_at"),
        Column::int("due_at"),
        Column::int("target"),
        Column::int("working"),
        Column::int("over"),
        Column::text("pauses"),
        Column::text("calendar"),
        Column::int("calendar_version"),
        Column::text("zones"),
        Column::text("sources"),
    ],
    key: 2,
    indexes: &[
        &["month", "agreement", "state"],
        &["until_month", "agreement"],
    ],
};

/// Completed work items of covered lanes. `month` is that of the completion, `returned_month` that of a
/// return, in the agreement's zone; `price` is the unit price, where the lane has one.
pub const UNIT: View = View {
    name: "unit",
    version: 1,
    columns: &[
        Column::text("item"),
        Column::text("case_id"),
        Column::int("number"),
        Column::text("party"),
        Column::text("agreement"),
        Column::int("version"),
        Column::text("lane"),
        Column::text("worker"),
        Column::int("at"),
        Column::text("month"),
        Column::int("n"),
        Column::int("i"),
        Column::int("rework"),
        Column::int("returned_at"),
        Column::text("returned_month"),
        Column::int("returned_n"),
        Column::int("returned_i"),
        Column::text("card"),
        Column::text("price"),
    ],
    key: 1,
    indexes: &[&["month", "agreement"], &["returned_month", "agreement"]],
};

/// The row of a version of an agreement.
pub(crate) fn agreement(set: &AgreementSet, name: EventName, at: Micros) -> Change {
    Change::Put {
        view: AGREEMENT.name,
        row: vec![
            set.agreement.id.as_str().into(),
            i64::from(set.version).into(),
            set.agreement.provider.as_str().into(),
            set.from.0.into(),
            at.0.into(),
            name.n.into(),
            i64::from(name.i).into(),
            json(&set.agreement),
            set.text.as_str().into(),
        ],
    }
}

/// The rows that an event changed of a case: those of the hops it is a source of, and of the units it
/// completed or returned.
pub(crate) fn changes(
    case: &CaseClock,
    setup: &Setup,
    agreements: &Agreements,
    name: EventName,
    at: Micros,
) -> Vec<Change> {
    let ruled = Ruled {
        case,
        setup,
        agreements,
        at,
    };
    let hops = case
        .hops
        .iter()
        .filter(|hop| hop.sources.last() == Some(&name));
    let units = case.units.iter().filter(|unit| unit.changed() == name);
    let measured = hops.filter_map(|hop| ruled.hop(hop));
    measured
        .chain(units.filter_map(|unit| ruled.unit(unit)))
        .collect()
}

/// A case with the agreements it is measured under.
struct Ruled<'a> {
    case: &'a CaseClock,
    setup: &'a Setup,
    agreements: &'a Agreements,
    at: Micros,
}

impl Ruled<'_> {
    fn hop(&self, hop: &Hop) -> Option<Change> {
        let set = self
            .agreements
            .governing(&hop.party, &hop.lane, hop.clock.from)?;
        let (level, target) = set.agreement.on_time(&hop.lane)?;
        let calendar = self.setup.book().or_always(hop.calendar.as_ref());
        let reading = hop.clock.read(calendar, Some(target), self.at);
        let paused = hop.clock.running() == Running::Paused;
        let due = reading.due.filter(|due| !paused || *due < self.at);
        let month = |at: Micros| Month::of(at, &set.agreement.zone).to_string();
        let over = hop.clock.until.is_some();
        let (state, reason, decided) = match hop.clock.until {
            _ if reading.late => ("late", "", due),
            None => ("open", "", None),
            Some(_) if hop.ended == Some(Ending::Completed) => ("met", "", hop.clock.until),
            Some(_) => (
                "excluded",
                hop.ended.map_or("", Ending::word),
                hop.clock.until,
            ),
        };
        let row = vec![
            self.case.case.as_str().into(),
            i64::from(hop.number).into(),
            hop.party.as_str().into(),
            set.agreement.id.as_str().into(),
            i64::from(set.version).into(),
            level.id.as_str().into(),
            hop.lane.as_str().into(),
            state.into(),
            reason.into(),
            decided.map_or(OPEN.into(), |at| month(at).into()),
            hop.clock.until.map_or(OPEN.into(), |at| month(at).into()),
            hop.clock.from.0.into(),
            hop.clock.until.map(|until| until.0).into(),
            due.map(|due| due.0).into(),
            target.0.into(),
            Some(reading.working.0).filter(|_| over).into(),
            Some(reading.over.0).filter(|_| over).into(),
            json(&hop.clock.pauses),
            hop.calendar.as_ref().map(|id| id.as_str()).into(),
            self.calendar_version(hop).into(),
            tzdb_version().into(),
            json(&hop.sources),
        ];
        let view = MEASUREMENT.name;
        Some(Change::Put { view, row })
    }

    fn calendar_version(&self, hop: &Hop) -> i64 {
        let version = hop
            .calendar
            .as_ref()
            .map(|id| self.setup.calendar_version(id));
        version.map_or(0, i64::from)
    }

    fn unit(&self, unit: &Unit) -> Option<Change> {
        let set = self
            .agreements
            .governing(&unit.party, &unit.lane, unit.at)?;
        let price = set.agreement.lane(&unit.lane)?.price.as_ref();
        let month = |at: Micros| Month::of(at, &set.agreement.zone).to_string();
        let back = unit.returned;
        let row = vec![
            unit.item.as_str().into(),
            self.case.case.as_str().into(),
            i64::from(unit.hop).into(),
            unit.party.as_str().into(),
            set.agreement.id.as_str().into(),
            i64::from(set.version).into(),
            unit.lane.as_str().into(),
            unit.worker.as_ref().map(|worker| worker.as_str()).into(),
            unit.at.0.into(),
            month(unit.at).into(),
            unit.done.n.into(),
            i64::from(unit.done.i).into(),
            i64::from(unit.rework).into(),
            back.map(|(_, at)| at.0).into(),
            back.map(|(_, at)| month(at)).into(),
            back.map(|(name, _)| name.n).into(),
            back.map(|(name, _)| i64::from(name.i)).into(),
            price.map(|price| price.card.as_str()).into(),
            price.map(|price| price.unit.to_string()).into(),
        ];
        let view = UNIT.name;
        Some(Change::Put { view, row })
    }
}

/// A version of an agreement from its row; nothing if the row is not as declared here.
pub fn agreement_of(row: &[Datum]) -> Option<AgreementSet> {
    let body: Agreement = parsed(row.get(7)?)?;
    Some(AgreementSet {
        version: u32::try_from(row.get(1)?.int()).ok()?,
        from: Micros(row.get(3)?.int()),
        text: row.get(8)?.text()?.into(),
        agreement: body,
    })
}

/// A measurement from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measurement {
    /// The case.
    pub case: CaseId,
    /// The hop's number in it.
    pub number: u32,
    /// Whose hop.
    pub party: PartyId,
    /// Under which agreement and version.
    pub agreement: AgreementId,
    /// The version.
    pub version: u32,
    /// The level.
    pub level: String,
    /// The lane.
    pub lane: LaneId,
    /// How it stood after its last event.
    pub state: String,
    /// Why it is excluded.
    pub reason: String,
    /// The month in which it was decided.
    pub month: String,
    /// The month in which the hop ended.
    pub until_month: String,
    /// The hop's clock.
    pub clock: Clock,
    /// When it was due; none while it is paused before.
    pub due: Option<Micros>,
    /// The target.
    pub target: WorkingTime,
    /// The working time of a hop that is over.
    pub working: Option<WorkingTime>,
    /// What of it was past the target.
    pub over: Option<WorkingTime>,
    /// The calendar.
    pub calendar: Option<CalendarId>,
    /// Its version.
    pub calendar_version: i64,
    /// The release of the time-zone data.
    pub zones: String,
    /// The events it was measured from.
    pub sources: Vec<EventName>,
}

/// A measurement from its row; nothing if the row is not as declared here.
pub fn measurement_of(row: &Row) -> Option<Measurement> {
    let text = |column: usize| row.get(column).and_then(Datum::text);
    let instant = |column: usize| row.get(column).and_then(int).map(Micros);
    let time = |column: usize| row.get(column).and_then(int).map(WorkingTime);
    let mut clock = Clock::start(instant(11)?);
    clock.until = instant(12);
    clock.pauses = parsed(row.get(17)?)?;
    Some(Measurement {
        case: text(0)?.into(),
        number: u32::try_from(row.get(1)?.int()).ok()?,
        party: text(2)?.into(),
        agreement: text(3)?.into(),
        version: u32::try_from(row.get(4)?.int()).ok()?,
        level: text(5)?.into(),
        lane: text(6)?.into(),
        state: text(7)?.into(),
        reason: text(8)?.into(),
        month: text(9)?.into(),
        until_month: text(10)?.into(),
        clock,
        due: instant(13),
        target: time(14)?,
        working: time(15),
        over: time(16),
        calendar: text(18).map(Into::into),
        calendar_version: row.get(19)?.int(),
        zones: text(20)?.into(),
        sources: parsed(row.get(21)?)?,
    })
}

impl Measurement {
    /// The instant from which on it is past its target, if it is, as of an instant.
    pub fn late_since(&self, now: Micros) -> Option<Micros> {
        match self.state.as_str() {
            "late" => self.due,
            "open" => self.due.filter(|due| *due < now),
            _ => None,
        }
    }

    /// The working time past its target that lies in a stretch, as of an instant.
    pub fn over_in(&self, book: &Book, span: Interval, now: Micros) -> WorkingTime {
        let Some(since) = self.late_since(now) else {
            return WorkingTime::ZERO;
        };
        let calendar = book.or_always(self.calendar.as_ref());
        let from = since.max(span.from);
        let past = Interval::new(from, span.until);
        let runs = self.clock.runs(now);
        let shared = runs.iter().filter_map(|run| run.shared(&past));
        shared
            .map(|run| calendar.elapsed(run.from, run.until))
            .sum()
    }
}
