//! The scorecard of a month: each agreement in sight with its levels, and the rows behind every number.
//!
//! What was decided in time is counted in the database; what is or was late is read row by row, because
//! how much of it lies in the month, its calendar says. The formulas are `measure`'s.

use super::agreements::{AgreementSet, Known, counting, in_sight};
use super::statement::units_of;
use super::{Reader, ViewError, int, maybe, text, times};
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
const MET: &str = concat!(
    "select ",
    columns!(),
    " from measurement where tenant = $1 and month = $2 and state = $3"
);
const WORKING: &str = "select working from measurement where tenant = $1 and until_month = $2 \
    and agreement = $3 and lane = $4 and state <> 'excluded' order by working";

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
    /// The middle of the hops' working times.
    pub median: Option<WorkingTime>,
    /// The working time that nine of ten hops did not exceed.
    pub ninth: Option<WorkingTime>,
}

/// The measurements a scorecard is made of, as read.
struct Read {
    book: Book,
    /// Decided in time: agreement, level, lane, party, state, count.
    decided: Vec<Row>,
    /// Late ones that touch the month, and open ones.
    rows: Vec<Measurement>,
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

fn measurements(
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

fn read(reader: &Reader<'_>, scope: &Scope, month: Month) -> Result<Read, ViewError> {
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
    Ok(LaneWork {
        lane: lane.clone(),
        completed: counted(&|_| true),
        accepted: counted(&|units| !units.returned),
        rework: counted(&|units| units.rework),
        first_pass: first_pass(&units),
        median: rank(5),
        ninth: rank(9),
    })
}

/// Which measurements are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Under this agreement, or any.
    pub agreement: Option<AgreementId>,
    /// In this lane, or any.
    pub lane: Option<LaneId>,
    /// Of this party, or any.
    pub party: Option<PartyId>,
    /// `due`, `met`, `late`, `excluded`, `open`, or `over`: all with time past the target in the month.
    pub of: String,
}

/// A measurement as it counts in a month.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The measurement.
    pub measurement: Measurement,
    /// `met`, `late`, `excluded` or `open`.
    pub counts: &'static str,
    /// Its working time past the target in the month.
    pub over: WorkingTime,
}

/// A page of measurements.
#[derive(Debug)]
pub struct CountedPage {
    /// The rows.
    pub rows: Vec<Counted>,
    /// How many there are.
    pub total: usize,
    /// The working time past targets of all of them.
    pub over: WorkingTime,
}

/// The measurements behind a number, the latest decided first.
pub fn rows(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    asked: &Asked,
    now: Micros,
    (skip, limit): (usize, usize),
) -> Result<CountedPage, ViewError> {
    let known = in_sight(reader, scope)?;
    let terms = terms(&known, month);
    let mut rows: Vec<Counted> = Vec::new();
    if matches!(asked.of.as_str(), "due" | "late" | "over" | "open") {
        let read = read(reader, scope, month)?;
        let all = read.rows.into_iter().filter(|row| asked.covers(row));
        rows.extend(all.filter_map(|row| {
            let zone = &terms.get(&row.agreement)?.last()?.agreement.zone;
            let period = Period::of(month, zone, now);
            asked.counted(counts(&row, zone, &period, &read.book), row)
        }));
        rows.sort_by_key(|row| {
            std::cmp::Reverse((row.measurement.due, row.measurement.clock.from))
        });
    }
    asked.page(reader, scope, month, rows, (skip, limit))
}

impl Asked {
    fn covers(&self, row: &Measurement) -> bool {
        self.agreement
            .as_ref()
            .is_none_or(|id| *id == row.agreement)
            && self.lane.as_ref().is_none_or(|lane| *lane == row.lane)
            && self.party.as_ref().is_none_or(|party| *party == row.party)
    }

    /// A row that is or was past its target, or is open, if it is asked for.
    fn counted(&self, tally: Tally, measurement: Measurement) -> Option<Counted> {
        let counts = match (tally.missed, tally.open) {
            (1, _) => "late",
            (_, 1) => "open",
            _ => "late before",
        };
        let asked = match self.of.as_str() {
            "over" => tally.over > WorkingTime::ZERO,
            "open" => tally.open == 1,
            _ => tally.missed == 1,
        };
        let over = tally.over;
        asked.then_some(Counted {
            measurement,
            counts,
            over,
        })
    }

    /// The rows asked for: those given, then those that were decided in time.
    fn page(
        &self,
        reader: &Reader<'_>,
        scope: &Scope,
        month: Month,
        rows: Vec<Counted>,
        (skip, limit): (usize, usize),
    ) -> Result<CountedPage, ViewError> {
        let over = rows.iter().map(|row| row.over).sum();
        let given = rows.len();
        let mut shown: Vec<Counted> = rows.into_iter().skip(skip).take(limit).collect();
        let (state, word) = match self.of.as_str() {
            "due" | "met" => ("met", "met"),
            "excluded" => ("excluded", "excluded"),
            _ => {
                return Ok(CountedPage {
                    rows: shown,
                    total: given,
                    over,
                });
            }
        };
        let mut with: Vec<Datum> = vec![month.to_string().into(), state.into()];
        let mut sql = own(scope, MET, &mut with);
        self.narrow(&mut sql, &mut with);
        let count = sql.replacen(columns!(), "count(*)", 1);
        let total = reader.rows(&count, &with)?;
        let total = total
            .first()
            .map(|row| int(row, 0))
            .unwrap_or_default()
            .unsigned_abs();
        let (left, past) = (limit - shown.len(), skip.saturating_sub(given));
        let sql =
            format!("{sql} order by until_at desc, case_id, number limit {left} offset {past}");
        let met = measurements(reader, &sql, &with)?;
        shown.extend(met.into_iter().map(|measurement| Counted {
            measurement,
            counts: word,
            over: WorkingTime::ZERO,
        }));
        Ok(CountedPage {
            rows: shown,
            total: given + total as usize,
            over,
        })
    }

    fn narrow(&self, sql: &mut String, with: &mut Vec<Datum>) {
        let texts = [
            ("agreement", self.agreement.as_ref().map(|id| id.as_str())),
            ("lane", self.lane.as_ref().map(|lane| lane.as_str())),
            ("party", self.party.as_ref().map(|party| party.as_str())),
        ];
        for (column, value) in texts {
            if let Some(value) = value {
                with.push(value.into());
                *sql += &format!(" and {column} = ${}", with.len() + 1);
            }
        }
    }
}

const LATE: &str = "select case_id from case_clock where tenant = $1 and due_at >= $2 and due_at < $3 \
    and coalesce(ended_at, $4) > due_at";

/// The cases in sight that became late in a month, the latest first, and how many there are.
pub fn late_cases(
    reader: &Reader<'_>,
    scope: &Scope,
    period: &Period,
    (skip, limit): (usize, usize),
) -> Result<(Vec<times::CaseTimes>, usize), ViewError> {
    let (span, now) = (period.span, period.now);
    let with: Vec<Datum> = vec![
        span.from.0.into(),
        span.until.0.into(),
        now.0.into(),
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
    ];
    let condition = baton_access::case_condition(scope, "case_clock", 5, 6);
    let sql = format!("{LATE} and {condition}");
    let count = sql.replacen("select case_id", "select count(*)", 1);
    let total = reader.rows(&count, &with)?;
    let sql = format!("{sql} order by due_at desc, case_id limit {limit} offset {skip}");
    let book = times::book(reader)?;
    let mut cases = Vec::new();
    for row in reader.rows(&sql, &with)? {
        let case = maybe(&row, 0).unwrap_or_default();
        cases.extend(times::times(reader, &book, &case.as_str().into(), now)?);
    }
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok((cases, total.unsigned_abs() as usize))
}
