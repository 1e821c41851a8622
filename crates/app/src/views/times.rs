//! A case's clocks from the views `hop`, `case_clock` and `calendar`, by the one formula of `measure`.

use super::{Listed, Reader, ViewError, text};
use baton_journal::store::Row;
pub use baton_measure::holding::Wait;
pub use baton_measure::times::Who;
use baton_measure::view;
pub use baton_measure::{CaseTimes, HopTimes, Pause};
use baton_model::calendar::Book;
pub use baton_model::calendar::Interval;
use baton_model::{CaseId, Micros};
use std::collections::BTreeMap;

const CLOCK: &str = "case_id, process, calendar, target, started_at, ended_at, due_at, paused_since, \
    pauses, holder_hop, holder_lane, holder_party, waits, changed from case_clock";

const HOPS: &str = "case_id, number, lane, party, site, calendar, target, from_at, until_at, due_at, \
    paused_since, pauses, items, sources, ended, rework from hop";

const CALENDARS: &str =
    "select number, calendar, zone, known_at, spec from calendar where tenant = $1 order by number";

/// The calendars of a tenant, dated.
pub fn book(reader: &Reader<'_>) -> Result<Book, ViewError> {
    let rows = reader.rows(CALENDARS, &[])?;
    view::book(&rows).map_err(|error| ViewError::Unsound {
        what: "calendars".into(),
        reason: error.to_string(),
    })
}

/// The times of a case at an instant; nothing where there is no such case.
pub fn times(
    reader: &Reader<'_>,
    book: &Book,
    case: &CaseId,
    now: Micros,
) -> Result<Option<CaseTimes>, ViewError> {
    let mut times = of_some(reader, book, &[case.to_string()], now)?;
    Ok(times.remove(case))
}

/// The times of some cases at an instant, by their ids.
pub fn of_some(
    reader: &Reader<'_>,
    book: &Book,
    cases: &[String],
    now: Micros,
) -> Result<BTreeMap<CaseId, CaseTimes>, ViewError> {
    let clocks = of_cases(reader, CLOCK, cases)?;
    let mut hops = of_cases(reader, HOPS, cases)?;
    let mut times = BTreeMap::new();
    for (case, clock) in clocks {
        let hops = hops.remove(&case).unwrap_or_default();
        let clock = clock
            .first()
            .and_then(|clock| view::case_clock(clock, &hops));
        let clock = clock.ok_or_else(|| ViewError::Unsound {
            what: format!("the clocks of {case}"),
            reason: "a row is not as declared".into(),
        })?;
        times.insert(
            CaseId::new(case),
            baton_measure::case_times(&clock, book, now),
        );
    }
    Ok(times)
}

/// The rows of a table for each of some cases, whose ids stand in its first column.
fn of_cases(
    reader: &Reader<'_>,
    columns: &str,
    cases: &[String],
) -> Result<BTreeMap<String, Vec<Row>>, ViewError> {
    let mut found = BTreeMap::<String, Vec<Row>>::new();
    for listed in Listed::of(cases) {
        let places = listed.places(2);
        let sql = format!("select {columns} where tenant = $1 and case_id in ({places})");
        for row in reader.rows(&sql, &listed.after(&[]))? {
            found.entry(text(&row, 0)).or_default().push(row);
        }
    }
    Ok(found)
}
