//! Hand-overs between lanes: a hop that begins where the hop before it ended. Counted from hops, and listed.
//!
//! The client counts every one; a provider's worker those of cases in sight that the party gave or took.

use super::Version;
use crate::views::{Reader, int, text};
use baton_access::case_condition;
use baton_journal::Datum;
use baton_journal::store::{Row, StoreError};
use baton_model::{Micros, Scope};

/// Hand-overs of a version between two instants.
const FROM: &str = "from hop b join hop a on a.tenant = b.tenant and a.case_id = b.case_id \
     and a.number = b.number - 1 join cases c on c.tenant = b.tenant and c.case_id = b.case_id \
     where b.tenant = $1 and c.process = $2 and c.process_version = $3 and b.from_at > $4 \
     and b.from_at <= $5 and a.until_at <= b.from_at and a.lane <> b.lane";

/// What is counted: after an instant and until another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// After this.
    pub since: Micros,
    /// Until this.
    pub until: Micros,
}

/// A hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The case.
    pub case: String,
    /// When.
    pub at: Micros,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
}

fn parameters(scope: &Scope, version: &Version, window: Window) -> Vec<Datum> {
    let mut parameters: Vec<Datum> = vec![
        version.process.as_str().into(),
        version.version.into(),
        window.since.0.into(),
        window.until.0.into(),
    ];
    if !scope.client {
        parameters.push(scope.party.as_str().into());
        parameters.push(scope.worker.as_str().into());
    }
    parameters
}

/// A provider's: of cases in the worker's sight, those the party gave or took.
fn own(scope: &Scope) -> String {
    if scope.client {
        return String::new();
    }
    let sight = case_condition(scope, "c", 6, 7);
    format!(" and $6 in (a.party, b.party) and {sight}")
}

/// How often cases went from one lane to another.
pub fn handed(
    reader: &Reader<'_>,
    scope: &Scope,
    version: &Version,
    window: Window,
) -> Result<Vec<(String, String, u64)>, StoreError> {
    let sql = format!(
        "with own as (select a.lane as giver, b.lane as taker {FROM}{}) \
         select giver, taker, count(*) from own group by giver, taker order by giver, taker",
        own(scope)
    );
    let rows = reader.rows(&sql, &parameters(scope, version, window))?;
    let pair = |row: &Row| (text(row, 0), text(row, 1), int(row, 2).unsigned_abs());
    Ok(rows.iter().map(pair).collect())
}

/// The hand-overs between two lanes, the newest first, from a place on, and how many there are.
pub fn handed_rows(
    reader: &Reader<'_>,
    scope: &Scope,
    version: &Version,
    window: Window,
    (giver, taker): (&str, &str),
    (from, limit): (usize, usize),
) -> Result<(Vec<Handed>, usize), StoreError> {
    let first = if scope.client { 6 } else { 8 };
    let sql = format!(
        "select b.case_id, b.from_at, a.party, b.party, count(*) over () {FROM}{} \
         and a.lane = ${first} and b.lane = ${} order by b.from_at desc, b.case_id, b.number desc \
         limit {limit} offset {from}",
        own(scope),
        first + 1
    );
    let mut parameters = parameters(scope, version, window);
    parameters.extend([giver.into(), taker.into()]);
    let rows = reader.rows(&sql, &parameters)?;
    let all = rows.first().map(|row| int(row, 4)).unwrap_or_default();
    let row = |row: &Row| Handed {
        case: text(row, 0),
        at: Micros(int(row, 1)),
        from: text(row, 2),
        to: text(row, 3),
    };
    let all = usize::try_from(all).unwrap_or_default();
    Ok((rows.iter().map(row).collect(), all))
}
