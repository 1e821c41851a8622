//! Work as client programs read it: the open items of a worker's lanes page by page, and those that are
//! free to take. The same sight as the work list; no case field is read here.

use super::work::{self, Item};
use super::{Reader, ViewError, int, maybe, text};
use crate::sight::Viewer;
use baton_access::item_condition;
use baton_journal::Datum;
use baton_journal::people::Able;
use baton_journal::store::Row;
use baton_model::{CaseId, LaneId, Scope, WorkItemId, WorkerId};
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
        scope,
        &format!("{condition} order by {DUE}, w.since, w.item limit {limit}"),
        &parameters,
    )
}

/// An item that is free to take, as it stood when it was read.
#[derive(Clone, Debug)]
pub struct Free {
    /// Its case.
    pub case: CaseId,
    /// Its id.
    pub item: WorkItemId,
    /// When its hop is due, in microseconds; the greatest number where it is not.
    pub due: i64,
    /// Since when it is there.
    pub since: i64,
    /// The role it needs.
    pub role: Option<String>,
    /// Who may not do it.
    pub excluded: Option<WorkerId>,
    /// What it asks of a worker.
    pub asks: Able,
}

impl Free {
    /// Whether a viewer can and may do it.
    pub fn suits(&self, viewer: &Viewer) -> bool {
        let role = self.role.as_ref();
        role.is_none_or(|role| viewer.roles.contains(role))
            && self.excluded.as_ref() != Some(&viewer.scope.worker)
            && self.asks.missing_in(&viewer.able).is_empty()
    }

    /// Its place in due order.
    pub fn order(&self) -> (i64, i64, WorkItemId) {
        (self.due, self.since, self.item.clone())
    }
}

/// The items of one of the worker's lanes that are free to take, the first due first. Others of the
/// party who do the lane see the same. Of those that ask the same of a worker at most so many are read, so
/// that no number of items that ask for what a worker lacks hides one behind them.
pub fn free(
    reader: &Reader<'_>,
    scope: &Scope,
    lane: &LaneId,
    limit: usize,
) -> Result<Vec<Free>, ViewError> {
    let sql = format!(
        "select f.case_id, f.item, f.due, f.since, f.role, f.excluded, f.asks from \
         (select d.*, row_number() over (partition by d.role, d.asks order by d.due, d.since, d.item) \
         as place from \
         (select w.case_id, w.item, {DUE} as due, w.since, w.role, w.excluded, w.asks \
         from work_item w where {OWN} and {} and w.lane = $4 and w.paused is null \
         and (w.state = 'offered' or (w.state = 'assigned' and w.lease <= $5))) d) f \
         where f.place <= {limit} order by f.due, f.since, f.item",
        item_condition(scope, "w", 2, 3),
    );
    let parameters: [Datum; 4] = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        lane.as_str().into(),
        reader.app().now().0.into(),
    ];
    let rows = reader.rows(&sql, &parameters)?;
    let asks = |row: &Row| maybe(row, 6).and_then(|json| serde_json::from_str(&json).ok());
    Ok(rows
        .iter()
        .map(|row| Free {
            case: CaseId::new(text(row, 0)),
            item: WorkItemId::new(text(row, 1)),
            due: int(row, 2),
            since: int(row, 3),
            role: maybe(row, 4),
            excluded: maybe(row, 5).map(WorkerId::new),
            asks: asks(row).unwrap_or_default(),
        })
        .collect())
}

/// How many of the items that ask the same are looked at for one who goes on to the next.
const NEXT: usize = 50;

/// The item a worker goes on with: the first due of those the worker has, and of those that are free and
/// that the worker can do.
pub fn next(reader: &Reader<'_>, viewer: &Viewer) -> Result<Option<WorkItemId>, ViewError> {
    let scope = &viewer.scope;
    let filter = Filter {
        lane: None,
        state: Some(State::Mine),
    };
    let own = page(reader, scope, &filter, None, NEXT)?;
    let mut own = own.iter().filter(|item| item.misses.is_none());
    let mut best = own.next().map(|item| {
        let place = item.position();
        (place.due, place.since, item.id.clone())
    });
    for lane in &scope.lanes {
        let free = free(reader, scope, lane, NEXT)?;
        let first = free.iter().find(|free| free.suits(viewer)).map(Free::order);
        best = [best, first].into_iter().flatten().min();
    }
    Ok(best.map(|(_, _, item)| item))
}
