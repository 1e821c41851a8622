//! The scorecard of a month: each agreement in sight with its levels; the hops behind its numbers are in
//! [`super::hops`].
//!
//! What was decided in time is counted in the database; what is or was late is read row by row, because
//! how much of it lies in the month, its calendar says. The formulas are `measure`'s.

use super::agreements::{AgreementSet, Known, counting, in_sight};
pub use super::hops::{Asked, Counted, CountedPage, HopPlace, rows, rows_after};
use super::statement::{BOT, units_of};
use super::{Place, Reader, ViewError, int, maybe, text, times};
use baton_journal::Datum;
use baton_journal::store::Row;
pub use baton_measure::measured::Measurement;
use baton_measure::measured::measurement_of;
pub use baton_measure::score::{Period, Score, Standing, Tally};
use baton_measure::score::{counts, first_pass, scores};
use baton_measure::statement::Units;
pub use baton_measure::wilson::Between;
pub use baton_model::agreement::{LevelKind, ServiceLevel};
use baton_model::calendar::Book;
use baton_model::{AgreementId, LaneId, Micros, Month, PartyId, Scope, WorkingTime};
use std::collections::BTreeMap;

macro_rules! columns {
    () => {
        "case_id, number, party, agreement, version, level, lane, state, reason, month, until_month, \
         from_at, until_at, due_at, target, working, over, pauses, calendar, calendar_version, zones, sources"
    };
}
pub(super) use columns;

const DECIDED: &str = "select agreement, level, lane, party, state, count(*) from measurement \
    where tenant = $1 and month = $2 and state <> 'late'";
const DECIDED_GROUP: &str = " group by agreement, level, lane, party, state";
const PAST: &str = concat!(
    "select ",
    columns!(),
    " from measurement where tenant = $1 and month <= $2 and until_month >= $2 and state = 'late'"
);
const STANDING_OPEN: &str = concat!(
    "select ",
    columns!(),
    " from measurement where tenant = $1 and until_month = $2 and state = 'open'"
);
const WORKING: &str = "select working from measurement where tenant = $1 and month = $2 \
    and agreement = $3 and lane = $4 and state <> 'excluded' and working is not null order by working";

/// Of the items that bots completed, how many were right the first time: 1, or not: 0.
const BOTS: &str = "select case when u.rework = 0 and coalesce(u.returned_month, '') <> u.month then 1 else 0 end, \
    count(*) from unit u join worker w on w.tenant = u.tenant and w.worker = u.worker \
    where u.tenant = $1 and u.agreement = $2 and u.lane = $3 and u.month = $4 and w.roles like $5 \
    group by case when u.rework = 0 and coalesce(u.returned_month, '') <> u.month then 1 else 0 end";

/// The scorecard of a month.
#[derive(Debug)]
pub struct Scorecard {
    /// The month.
    pub month: Month,
    /// As of when.
    pub now: Micros,
    /// Each agreement with its levels, in the order of their ids.
    pub cards: Vec<Card>,
    /// Working time past targets by lane and party.
    pub breaches: BTreeMap<(LaneId, PartyId), WorkingTime>,
    /// Hops past their target by lane and party, decided in the month.
    pub missed: BTreeMap<(LaneId, PartyId), Tally>,
}

/// An agreement's part of a scorecard.
#[derive(Debug)]
pub struct Card {
    /// The version that counts last in the month.
    pub set: AgreementSet,
    /// How many versions count in the month.
    pub versions: usize,
    /// The month in its zone.
    pub period: Period,
    /// Its levels.
    pub scores: Vec<Score>,
    /// What was done in each of its lanes.
    pub work: Vec<LaneWork>,
}

/// What was done in a lane under an agreement in a month.
#[derive(Clone, Debug)]
pub struct LaneWork {
    /// The lane.
    pub lane: LaneId,
    /// Work items completed.
    pub completed: u64,
    /// Those that were not returned before the month's end.
    pub accepted: u64,
    /// Those that did again what had been returned.
    pub rework: u64,
    /// Those that were right the first time.
    pub first_pass: Tally,
    /// The same of those that bots completed.
    pub by_bots: Tally,
    /// The middle of the working times of the hops that were due and are left.
    pub median: Option<WorkingTime>,
    /// The working time that nine of ten hops did not exceed.
    pub ninth: Option<WorkingTime>,
}

impl LaneWork {
    /// How many of the items that people completed were right the first time.
    pub fn by_people(&self) -> Tally {
        let (all, bots) = (self.first_pass, self.by_bots);
        Tally {
            met: all.met.saturating_sub(bots.met),
            missed: all.missed.saturating_sub(bots.missed),
            ..Tally::default()
        }
    }
}

/// The measurements a scorecard is made of, as read.
pub(super) struct Read {
    pub(super) book: Book,
    /// Decided in time: agreement, level, lane, party, state, count.
    decided: Vec<Row>,
    /// Late ones that touch the month, and open ones.
    pub(super) rows: Vec<Measurement>,
    units: Vec<Units>,
}

/// A narrowing of a query to what is in sight.
pub(super) fn own(scope: &Scope, sql: &str, parameters: &mut Vec<Datum>) -> String {
    if scope.client {
        return sql.into();
    }
    parameters.push(scope.party.as_str().into());
    format!("{sql} and party = ${}", parameters.len() + 1)
}

pub(super) fn measurements(
    reader: &Reader<'_>,
    sql: &str,
    with: &[Datum],
) -> Result<Vec<Measurement>, ViewError> {
    let rows = reader.rows(sql, with)?;
    let unsound = || ViewError::Unsound {
        what: "a measurement".into(),
        reason: "a row is not as declared".into(),
    };
    rows.iter()
        .map(|row| measurement_of(row).ok_or_else(unsound))
        .collect()
}

pub(super) fn read(reader: &Reader<'_>, scope: &Scope, month: Month) -> Result<Read, ViewError> {
    let month = month.to_string();
    let mut with: Vec<Datum> = vec![month.as_str().into()];
    let decided = own(scope, DECIDED, &mut with) + DECIDED_GROUP;
    let decided = reader.rows(&decided, &with)?;
    let mut with: Vec<Datum> = vec![month.as_str().into()];
    let past = own(scope, PAST, &mut with);
    let mut rows = measurements(reader, &past, &with)?;
    let mut with: Vec<Datum> = vec![baton_measure::measured::OPEN.into()];
    let open = own(scope, STANDING_OPEN, &mut with);
    rows.extend(measurements(reader, &open, &with)?);
    Ok(Read {
        book: times::book(reader)?,
        decided,
        rows,
        units: units_of(reader, scope, &month)?,
    })
}

impl Read {
    /// Adds up what counts under an agreement for a lane.
    fn tally(&self, set: &AgreementSet, period: &Period, lane: &LaneId) -> Tally {
        let mut tally = Tally::default();
        let id = &set.agreement.id;
        let of = |row: &&Row| text(row, 0) == id.as_str() && text(row, 2) == lane.as_str();
        for row in self.decided.iter().filter(of) {
            let count = int(row, 5).unsigned_abs();
            match text(row, 4).as_str() {
                "met" => tally.met += count,
                "excluded" => tally.excluded += count,
                _ => {}
            }
        }
        let rows = self.rows.iter();
        for row in rows.filter(|row| row.agreement == *id && row.lane == *lane) {
            tally.add(counts(row, &set.agreement.zone, period, &self.book));
        }
        tally
    }

    fn units(&self, id: &AgreementId, lane: &LaneId) -> Vec<Units> {
        let own = self.units.iter();
        own.filter(|units| units.agreement == *id && units.lane == *lane)
            .cloned()
            .collect()
    }
}

/// The scorecard of a month, of what is in sight.
pub fn scorecard(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    now: Micros,
) -> Result<Scorecard, ViewError> {
    let known = in_sight(reader, scope)?;
    let read = read(reader, scope, month)?;
    let mut card = Scorecard {
        month,
        now,
        cards: Vec::new(),
        breaches: BTreeMap::new(),
        missed: BTreeMap::new(),
    };
    for versions in terms(&known, month).into_values() {
        let Some(set) = versions.last() else { continue };
        let period = Period::of(month, &set.agreement.zone, now);
        for lane in &set.agreement.lanes {
            let tally = read.tally(set, &period, &lane.lane);
            let key = (lane.lane.clone(), set.agreement.provider.clone());
            *card.breaches.entry(key.clone()).or_default() += tally.over;
            card.missed.entry(key).or_default().add(tally);
        }
        let work = set.agreement.lanes.iter();
        card.cards.push(Card {
            set: AgreementSet::clone(set),
            versions: versions.len(),
            period,
            scores: scores(
                set,
                &period,
                |level| read.tally(set, &period, &level.lane),
                |level| read.units(&set.agreement.id, &level.lane),
            ),
            work: work
                .map(|lane| work_of(reader, &read, set, &lane.lane, month))
                .collect::<Result<_, _>>()?,
        });
    }
    Ok(card)
}

/// The versions of agreements that count in a month, each in its own zone.
pub fn terms(known: &[Known], month: Month) -> BTreeMap<AgreementId, Vec<&AgreementSet>> {
    counting(known, |set| month.span(&set.agreement.zone))
}

fn work_of(
    reader: &Reader<'_>,
    read: &Read,
    set: &AgreementSet,
    lane: &LaneId,
    month: Month,
) -> Result<LaneWork, ViewError> {
    let id = &set.agreement.id;
    let units = read.units(id, lane);
    let counted = |which: &dyn Fn(&&Units) -> bool| {
        let own = units.iter().filter(|units| !units.earlier);
        own.filter(|units| which(units))
            .map(|units| units.count)
            .sum()
    };
    let with = [
        month.to_string().into(),
        id.as_str().into(),
        lane.as_str().into(),
    ];
    let working: Vec<i64> = reader
        .rows(WORKING, &with)?
        .iter()
        .map(|row| int(row, 0))
        .collect();
    let rank = |tenths: usize| {
        let place = (working.len() * tenths).div_ceil(10).checked_sub(1)?;
        working.get(place).copied().map(WorkingTime)
    };
    let with = [
        id.as_str().into(),
        lane.as_str().into(),
        month.to_string().into(),
        BOT.into(),
    ];
    let mut by_bots = Tally::default();
    for row in reader.rows(BOTS, &with)? {
        match int(&row, 0) {
            1 => by_bots.met = int(&row, 1).unsigned_abs(),
            _ => by_bots.missed = int(&row, 1).unsigned_abs(),
        }
    }
    Ok(LaneWork {
        by_bots,
        lane: lane.clone(),
        completed: counted(&|_| true),
        accepted: counted(&|units| !units.returned),
        rework: counted(&|units| units.rework),
        first_pass: first_pass(&units),
        median: rank(5),
        ninth: rank(9),
    })
}

const LATE: &str = "select case_id from case_clock where tenant = $1 and due_at >= $2 and due_at < $3 \
    and coalesce(ended_at, $4) > due_at";

/// The cases in sight that became late in a month, the latest first, and how many there are.
pub fn late_cases(
    reader: &Reader<'_>,
    scope: &Scope,
    period: &Period,
    window: (usize, usize),
) -> Result<(Vec<times::CaseTimes>, usize), ViewError> {
    late_cases_after(reader, scope, period, None, window)
}

/// The same after a place: so many, after so many of them.
pub fn late_cases_after(
    reader: &Reader<'_>,
    scope: &Scope,
    period: &Period,
    after: Option<&Place>,
    (skip, limit): (usize, usize),
) -> Result<(Vec<times::CaseTimes>, usize), ViewError> {
    let (span, now) = (period.span, period.now);
    let mut with: Vec<Datum> = vec![
        span.from.0.into(),
        span.until.0.into(),
        now.0.into(),
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
    ];
    let condition = baton_access::case_condition(scope, "case_clock", 5, 6);
    let mut sql = format!("{LATE} and {condition}");
    let total = reader.rows(&sql.replacen("select case_id", "select count(*)", 1), &with)?;
    if let Some(after) = after {
        sql += &after.condition("due_at", "case_id", &mut with);
    }
    let sql = format!("{sql} order by due_at desc, case_id desc limit {limit} offset {skip}");
    let book = times::book(reader)?;
    let mut cases = Vec::new();
    for row in reader.rows(&sql, &with)? {
        let case = maybe(&row, 0).unwrap_or_default();
        cases.extend(times::times(reader, &book, &case.as_str().into(), now)?);
    }
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok((cases, total.unsigned_abs() as usize))
}

/// The place of a late case in the list.
pub fn late_place(times: &times::CaseTimes) -> Place {
    Place {
        at: times.clock.due.unwrap_or(Micros(0)),
        id: times.case.to_string(),
    }
}
