//! Work as client programs read it: the open items of a worker's lanes page by page, and those that are
//! free to take. The same sight as the work list; no case field is read here.

use super::work::{self, Item};
use super::{Reader, ViewError, int, text};
use baton_access::item_condition;
use baton_journal::Datum;
use baton_model::{CaseId, LaneId, Scope, WorkItemId};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The last item's due instant, in microseconds; the greatest number where it has none.
    pub due: i64,
    /// Since when it is there.
    pub since: i64,
    /// Its id.
    pub item: String,
}

/// Which items are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A lane, or all.
    pub lane: Option<LaneId>,
    /// In which state, or all.
    pub state: Option<State>,
}

/// How an item stands to the one who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has it.
    Free,
    /// The one who asks has it.
    Mine,
    /// A colleague has it.
    Held,
    /// Its clock stands still.
    Paused,
}

impl Item {
    /// How it stands to a worker.
    pub fn state(&self, scope: &Scope) -> State {
        match &self.worker {
            _ if self.paused.is_some() => State::Paused,
            None => State::Free,
            Some(worker) if *worker == scope.worker => State::Mine,
            Some(_) => State::Held,
        }
    }

    /// Its place in the order of a list.
    pub fn position(&self) -> Position {
        Position {
            due: self.due.map_or(i64::MAX, |due| due.0),
            since: self.since.0,
            item: self.id.to_string(),
        }
    }
}

const DUE: &str = "coalesce((select min(h.due_at) from hop h where h.tenant = w.tenant \
    and h.case_id = w.case_id and h.lane = w.lane and h.until_at is null), 9223372036854775807)";

const OWN: &str = "w.tenant = $1 and w.party = $2 and exists (select 1 from worker_lane o \
    where o.tenant = w.tenant and o.worker = $3 and o.lane = w.lane)";

/// The open items of the worker's lanes after a position, the first due first.
pub fn page(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<Item>, ViewError> {
    let mut parameters: Vec<Datum> =
        vec![scope.party.as_str().into(), scope.worker.as_str().into()];
    let mut condition = format!("{OWN} and {}", item_condition(scope, "w", 2, 3));
    let mut add = |datum: Datum| {
        parameters.push(datum);
        parameters.len() + 1
    };
    // Writing to a string cannot fail.
    if let Some(lane) = &filter.lane {
        let place = add(lane.as_str().into());
        let _ = write!(condition, " and w.lane = ${place}");
    }
    if let Some(state) = filter.state {
        let now = reader.app().now().0;
        let held = format!("w.state = 'assigned' and w.lease > {now}");
        let _ = match state {
            State::Free => write!(condition, " and w.paused is null and not ({held})"),
            State::Mine => write!(
                condition,
                " and w.paused is null and {held} and w.worker = $3"
            ),
            State::Held => write!(
                condition,
                " and w.paused is null and {held} and w.worker <> $3"
            ),
            State::Paused => write!(condition, " and w.paused is not null"),
        };
    }
    if let Some(after) = after {
        let due = add(after.due.into());
        let since = add(after.since.into());
        let item = add(after.item.as_str().into());
        let _ = write!(
            condition,
            " and ({DUE}, w.since, w.item) > (${due}, ${since}, ${item})"
        );
    }
    work::picked(
        reader,
        &format!("{condition} order by {DUE}, w.since, w.item limit {limit}"),
        &parameters,
    )
}

/// Items that are free to take in these lanes, the first due first; as they stand now, others may be
/// quicker.
pub fn free(
    reader: &Reader<'_>,
    scope: &Scope,
    lanes: &[LaneId],
    roles: &BTreeSet<String>,
    limit: usize,
) -> Result<Vec<(CaseId, WorkItemId)>, ViewError> {
    if lanes.is_empty() {
        return Ok(Vec::new());
    }
    let mut parameters: Vec<Datum> = vec![
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        reader.app().now().0.into(),
    ];
    let mut list = |texts: &mut dyn Iterator<Item = &str>| {
        let mut places = vec!["''".to_string()];
        for text in texts {
            parameters.push(text.into());
            places.push(format!("${}", parameters.len() + 1));
        }
        places.join(", ")
    };
    let lanes = list(&mut lanes.iter().map(LaneId::as_str));
    let roles = list(&mut roles.iter().map(String::as_str));
    let sql = format!(
        "select w.case_id, w.item from work_item w where {OWN} and {} and w.paused is null \
         and (w.state = 'offered' or (w.state = 'assigned' and w.lease <= $4)) \
         and coalesce(w.excluded, '') <> $3 and w.lane in ({lanes}) \
         and coalesce(w.role, '') in ({roles}) order by {DUE}, w.since, w.item limit {limit}",
        item_condition(scope, "w", 2, 3),
    );
    let rows = reader.rows(&sql, &parameters)?;
    Ok(rows
        .iter()
        .map(|row| (CaseId::new(text(row, 0)), WorkItemId::new(text(row, 1))))
        .collect())
}

/// How many items wait in each of the worker's lanes.
pub fn counts(reader: &Reader<'_>, scope: &Scope) -> Result<Vec<(LaneId, i64)>, ViewError> {
    let sql = format!(
        "select w.lane, count(*) from work_item w where {OWN} and {} group by w.lane order by w.lane",
        item_condition(scope, "w", 2, 3)
    );
    let parameters = [scope.party.as_str().into(), scope.worker.as_str().into()];
    let rows = reader.rows(&sql, &parameters)?;
    Ok(rows
        .iter()
        .map(|row| (LaneId::new(text(row, 0)), int(row, 1)))
        .collect())
}
