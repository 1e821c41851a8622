//! Work as client programs read it: the open items of a worker's lanes page by page, and those that are
//! free to take. The same sight as the work list; no case field is read here.

use super::work::{self, Half, Item};
use super::{Reader, ViewError, int, maybe, text};
use crate::sight::Viewer;
use baton_journal::Datum;
use baton_journal::people::Able;
use baton_journal::store::Row;
use baton_model::{CaseId, LaneId, Scope, WorkItemId, WorkerId};
use std::fmt::Write;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The last item's due instant, in microseconds; the greatest number where it has none.
    pub due: i64,
    /// Since when its case is in the lane.
    pub arrived: i64,
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
    /// It waits for an answer, or was set aside.
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
            arrived: self.arrived.0,
            item: self.id.to_string(),
        }
    }
}

/// The open items of the worker's lanes after a position, the first due first.
pub fn page(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<Item>, ViewError> {
    let timed = after.map(|after| after.due != i64::MAX);
    Half::both(limit, |half, left| {
        if half == Half::Due && timed == Some(false) {
            return Ok(Vec::new());
        }
        let after = after.filter(|_| timed == Some(half == Half::Due));
        let (condition, parameters) = matching(reader, scope, filter, half, after);
        work::in_order(reader, scope, half, &condition, &parameters, left)
    })
}

/// The condition of a filter after a position in one half of the order, and all parameters after the tenant.
fn matching(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    half: Half,
    after: Option<&Position>,
) -> (String, Vec<Datum>) {
    let mut condition = String::new();
    let mut parameters: Vec<Datum> =
        vec![scope.party.as_str().into(), scope.worker.as_str().into()];
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
        let due = (half == Half::Due).then(|| add(after.due.into()));
        let arrived = add(after.arrived.into());
        let item = add(after.item.as_str().into());
        let _ = match due {
            Some(due) => write!(
                condition,
                " and h.due_at >= ${due} and (h.due_at, h.from_at, w.item) > (${due}, ${arrived}, ${item})"
            ),
            None => write!(
                condition,
                " and (h.from_at, w.item) > (${arrived}, ${item})"
            ),
        };
    }
    (condition, parameters)
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
    /// Since when its case is in the lane.
    pub arrived: i64,
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
        (self.due, self.arrived, self.item.clone())
    }
}

const FREE: &str = "w.lane = $4 and w.paused is null \
    and (w.state = 'offered' or (w.state = 'assigned' and w.lease <= $5))";

/// The items of one of the worker's lanes that are free to take, the first due first. Others of the
/// party who do the lane see the same.
pub fn free(
    reader: &Reader<'_>,
    scope: &Scope,
    lane: &LaneId,
    limit: usize,
) -> Result<Vec<Free>, ViewError> {
    let parameters = in_lane(reader, scope, lane);
    Half::both(limit, |half, left| {
        let (queue, order) = (half.queue(), half.order());
        let sql = format!("select {TAKEN} from {queue} and {FREE} {order} limit {left}");
        Ok(reader.rows(&sql, &parameters)?.iter().map(item).collect())
    })
}

/// The first items of each kind, a kind being what they ask of a worker: of each as many, so that no number
/// of items that ask for what a worker lacks hides one behind them. It goes through the whole queue.
pub fn free_of_each(
    reader: &Reader<'_>,
    scope: &Scope,
    lane: &LaneId,
    limit: usize,
) -> Result<Vec<Free>, ViewError> {
    let order = "h.due_at is null, h.due_at, h.from_at, w.item";
    let sql = format!(
        "select f.case_id, f.item, f.due_at, f.from_at, f.role, f.excluded, f.asks from \
         (select {TAKEN}, row_number() over (partition by w.role, w.asks order by {order}) as place \
         from {} and {FREE}) f where f.place <= {limit} \
         order by f.due_at is null, f.due_at, f.from_at, f.item",
        work::queue()
    );
    let rows = reader.rows(&sql, &in_lane(reader, scope, lane))?;
    Ok(rows.iter().map(item).collect())
}

const TAKEN: &str = "w.case_id, w.item, h.due_at, h.from_at, w.role, w.excluded, w.asks";

fn in_lane(reader: &Reader<'_>, scope: &Scope, lane: &LaneId) -> [Datum; 4] {
    [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        lane.as_str().into(),
        reader.app().now().0.into(),
    ]
}

fn item(row: &Row) -> Free {
    let asks = maybe(row, 6).and_then(|json| serde_json::from_str(&json).ok());
    Free {
        case: CaseId::new(text(row, 0)),
        item: WorkItemId::new(text(row, 1)),
        due: match row.get(2) {
            Some(Datum::Int(due)) => *due,
            _ => i64::MAX,
        },
        arrived: int(row, 3),
        role: maybe(row, 4),
        excluded: maybe(row, 5).map(WorkerId::new),
        asks: asks.unwrap_or_default(),
    }
}

/// How many items of a queue are looked at for one who goes on to the next.
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
        (place.due, place.arrived, item.id.clone())
    });
    for lane in &scope.lanes {
        let suiting = |free: &[Free]| free.iter().find(|free| free.suits(viewer)).map(Free::order);
        let head = free(reader, scope, lane, NEXT)?;
        let first = match suiting(&head) {
            None if head.len() == NEXT => suiting(&free_of_each(reader, scope, lane, NEXT)?),
            first => first,
        };
        best = [best, first].into_iter().flatten().min();
    }
    Ok(best.map(|(_, _, item)| item))
}
