//! A case's clocks from the views `hop`, `case_clock` and `calendar`, by the one formula of `measure`.

use super::{Reader, ViewError};
use baton_journal::store::Row;
pub use baton_measure::holding::Wait;
pub use baton_measure::times::Who;
use baton_measure::view;
pub use baton_measure::{CaseTimes, HopTimes, Pause};
use baton_model::calendar::Book;
pub use baton_model::calendar::Interval;
use baton_model::{CaseId, Micros};

const CLOCK: &str = "select case_id, process, calendar, target, started_at, ended_at, due_at, paused_since, \
    pauses, holder_hop, holder_lane, holder_party, waits, changed \
    from case_clock where tenant = $1 and case_id = $2";

const HOPS: &str = "select case_id, number, lane, party, site, calendar, target, from_at, until_at, due_at, \
    paused_since, pauses, items, sources, ended, rework from hop where tenant = $1 and case_id = $2 order by number";

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
    let clock = reader.rows(CLOCK, &[case.as_str().into()])?;
    let Some(clock) = clock.first() else {
        return Ok(None);
    };
    let hops: Vec<Row> = reader.rows(HOPS, &[case.as_str().into()])?;
    let clock = view::case_clock(clock, &hops).ok_or_else(|| ViewError::Unsound {
        what: format!("the clocks of {case}"),
        reason: "a row is not as declared".into(),
    })?;
    Ok(Some(baton_measure::case_times(&clock, book, now)))
}
