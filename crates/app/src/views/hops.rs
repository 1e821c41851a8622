//! The measured hops behind a number of a scorecard, page by page: those past their target or open are
//! computed as of an instant, those decided in time are read.
//!
//! How a hop counts in a month is `measure`'s to say; the sums are [`super::scorecard`]'s.

use super::agreements::in_sight;
use super::scorecard::{Period, Tally, columns, measurements, own, read, terms};
use super::{Reader, ViewError, int};
use baton_journal::Datum;
use baton_measure::measured::Measurement;
use baton_measure::score::counts;
use baton_model::{AgreementId, LaneId, Micros, Month, PartyId, Scope, WorkingTime};

const MET: &str = concat!(
    "select ",
    columns!(),
    " from measurement where tenant = $1 and month = $2 and state = $3"
);
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
    let rows = asked.running(reader, scope, month, now)?;
    asked.page(reader, scope, month, rows, (skip, limit))
}

/// The same after a place.
pub fn rows_after(
    reader: &Reader<'_>,
    scope: &Scope,
    month: Month,
    asked: &Asked,
    now: Micros,
    after: Option<&HopPlace>,
    limit: usize,
) -> Result<CountedPage, ViewError> {
    let rows = asked.running(reader, scope, month, now)?;
    let total = rows.len() + asked.count(reader, scope, month)?;
    let over = rows.iter().map(|row| row.over).sum();
    let behind = |row: &Counted| after.is_none_or(|after| !after.decided && row.place() < *after);
    let mut shown: Vec<Counted> = rows.into_iter().filter(behind).take(limit).collect();
    if let Some((mut sql, mut with)) = asked.decided(scope, month) {
        if let Some(after) = after.filter(|after| after.decided) {
            let place = [
                after.at.0.into(),
                after.case.as_str().into(),
                i64::from(after.number).into(),
            ];
            with.extend(place);
            let last = with.len() + 1;
            sql += &format!(
                " and (until_at, case_id, number) < (${}, ${}, ${last})",
                last - 2,
                last - 1
            );
        }
        let left = limit - shown.len();
        shown.extend(asked.met(reader, &sql, &with, (0, left))?);
    }
    Ok(CountedPage {
        rows: shown,
        total,
        over,
    })
}

/// The place of a hop behind a number: first those that are or were past their target or are open, by
/// their due instant, then those decided in time, by their end; the last first in each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HopPlace {
    /// Whether it was decided in time.
    pub decided: bool,
    /// The instant it goes by.
    pub at: Micros,
    /// The case.
    pub case: String,
    /// The hop.
    pub number: u32,
}

impl Counted {
    /// Its place in the list.
    pub fn place(&self) -> HopPlace {
        let of = &self.measurement;
        let decided = matches!(self.counts, "met" | "excluded");
        let at = if decided { of.clock.until } else { of.due };
        HopPlace {
            decided,
            at: at.unwrap_or(Micros(0)),
            case: of.case.to_string(),
            number: of.number,
        }
    }
}

impl Asked {
    /// The rows that are or were past their target, or are open, where they are asked for.
    fn running(
        &self,
        reader: &Reader<'_>,
        scope: &Scope,
        month: Month,
        now: Micros,
    ) -> Result<Vec<Counted>, ViewError> {
        let known = in_sight(reader, scope)?;
        let terms = terms(&known, month);
        let mut rows: Vec<Counted> = Vec::new();
        if matches!(self.of.as_str(), "due" | "late" | "over" | "open") {
            let read = read(reader, scope, month)?;
            let all = read.rows.into_iter().filter(|row| self.covers(row));
            rows.extend(all.filter_map(|row| {
                let zone = &terms.get(&row.agreement)?.last()?.agreement.zone;
                let period = Period::of(month, zone, now);
                self.counted(counts(&row, zone, &period, &read.book), row)
            }));
            rows.sort_by_key(|row| std::cmp::Reverse(row.place()));
        }
        Ok(rows)
    }

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
        let (left, past) = (limit - shown.len(), skip.saturating_sub(given));
        if let Some((sql, with)) = self.decided(scope, month) {
            shown.extend(self.met(reader, &sql, &with, (past, left))?);
        }
        Ok(CountedPage {
            rows: shown,
            total: given + self.count(reader, scope, month)?,
            over,
        })
    }

    /// How those that were decided in time count, where they are asked for: their state.
    fn state(&self) -> Option<&'static str> {
        match self.of.as_str() {
            "due" | "met" => Some("met"),
            "excluded" => Some("excluded"),
            _ => None,
        }
    }

    /// The rows that were decided in time, without their order, where they are asked for.
    fn decided(&self, scope: &Scope, month: Month) -> Option<(String, Vec<Datum>)> {
        let state = self.state()?;
        let mut with: Vec<Datum> = vec![month.to_string().into(), state.into()];
        let mut sql = own(scope, MET, &mut with);
        self.narrow(&mut sql, &mut with);
        Some((sql, with))
    }

    /// How many were decided in time.
    fn count(&self, reader: &Reader<'_>, scope: &Scope, month: Month) -> Result<usize, ViewError> {
        let Some((sql, with)) = self.decided(scope, month) else {
            return Ok(0);
        };
        let rows = reader.rows(&sql.replacen(columns!(), "count(*)", 1), &with)?;
        let count = rows.first().map(|row| int(row, 0)).unwrap_or_default();
        Ok(count.unsigned_abs() as usize)
    }

    fn met(
        &self,
        reader: &Reader<'_>,
        sql: &str,
        with: &[Datum],
        (skip, limit): (usize, usize),
    ) -> Result<Vec<Counted>, ViewError> {
        let order = "order by until_at desc, case_id desc, number desc";
        let sql = format!("{sql} {order} limit {limit} offset {skip}");
        let counted = |measurement| Counted {
            measurement,
            counts: self.state().unwrap_or_default(),
            over: WorkingTime::ZERO,
        };
        let met = measurements(reader, &sql, with)?;
        Ok(met.into_iter().map(counted).collect())
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
