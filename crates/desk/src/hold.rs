//! Who had which work item when: a row for each time a worker takes an item in hand, closed when it goes.
//! What a worker did today, and how long it took, is read from these rows.

use crate::item::{Items, State};
use baton_journal::{Change, Column, Datum, Event, View};
use baton_model::{LaneId, Micros, PartyId, WorkItemId, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The holdings. `ending` is empty while it lasts, else `completed`, `released` or `ended`.
pub const HELD: View = View {
    name: "held",
    version: 1,
    columns: &[
        Column::text("item"),
        Column::text("worker"),
        Column::int("from_at"),
        Column::text("party"),
        Column::text("case_id"),
        Column::text("lane"),
        Column::int("until_at"),
        Column::text("ending"),
    ],
    key: 3,
    indexes: &[&["worker", "from_at"], &["party", "until_at"]],
};

/// The holdings of a case's items, each until the next event of the case after its end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Holds(BTreeMap<WorkItemId, Hold>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Hold {
    worker: WorkerId,
    party: PartyId,
    lane: LaneId,
    from: Micros,
    ended: Option<(Micros, String)>,
}

impl Holds {
    /// Whether an event begins or ends a holding.
    pub(crate) fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::ItemAssigned { .. }
                | Event::ItemReleased { .. }
                | Event::ItemCompleted { .. }
                | Event::TaskEnded { .. }
                | Event::ItemAllocated { .. }
        )
    }

    /// Folds an event, after the items have folded it.
    pub(crate) fn apply(&mut self, event: &Event, items: Option<&Items>, at: Micros) {
        self.0.retain(|_, hold| hold.ended.is_none());
        let Some((_, id)) = Items::about(event) else {
            return;
        };
        let ending = match event {
            Event::ItemAssigned { worker, .. } => return self.begin(id, worker, items, at),
            Event::ItemCompleted { .. } => "completed",
            Event::ItemReleased { .. } | Event::ItemAllocated { .. } => "released",
            _ => "ended",
        };
        if let Some(hold) = self.0.get_mut(id) {
            hold.ended = Some((at, ending.to_owned()));
        }
    }

    fn begin(&mut self, id: &WorkItemId, worker: &WorkerId, items: Option<&Items>, at: Micros) {
        let item = items.and_then(|items| items.get(id));
        let party = item.and_then(|item| item.party.clone());
        let (Some(item), Some(party)) = (item, party) else {
            return;
        };
        debug_assert!(matches!(item.state, State::Assigned { .. }));
        // Whose lease is made longer has it since before.
        let same = self.0.get(id).is_some_and(|hold| hold.worker == *worker);
        if !same {
            let hold = Hold {
                worker: worker.clone(),
                party,
                lane: item.lane.clone(),
                from: at,
                ended: None,
            };
            self.0.insert(id.clone(), hold);
        }
    }

    /// The row that an event changed.
    pub(crate) fn row(&self, event: &Event) -> Option<Change> {
        let (case, id) = Items::about(event)?;
        let hold = self.0.get(id)?;
        let ended = hold.ended.as_ref();
        Some(Change::Put {
            view: HELD.name,
            row: vec![
                id.as_str().into(),
                hold.worker.as_str().into(),
                hold.from.0.into(),
                hold.party.as_str().into(),
                case.as_str().into(),
                hold.lane.as_str().into(),
                ended.map_or(Datum::Null, |(at, _)| at.0.into()),
                ended.map(|(_, ending)| ending.as_str()).into(),
            ],
        })
    }
}
