//! A work item's life: offered, assigned, paused, completed; leases, drafts and who may do what.
//!
//! It does not choose the party (`allocation`), knows no form (`engine` checks the fields) and runs no
//! clock (`measure`). Its data comes from `ItemAllocated`; `ItemCompleted` lets the engine go on.

mod item;
mod people;
pub mod rules;

use baton_journal::{
    Change, Column, Command, Datum, Env, Event, EventName, Key, Need, Shelf, Slots, Stage, Stop,
    View,
};
use baton_model::{CaseId, Micros, WallTime, WorkItemId};
pub use item::{Item, Items, State};
pub use people::People;

/// The work items that are not over yet.
pub const WORK_ITEM: View = View {
    name: "work_item",
    version: 2,
    columns: &[
        Column::text("item"),
        Column::text("case_id"),
        Column::text("task"),
        Column::text("name"),
        Column::text("lane"),
        Column::text("party"),
        Column::text("site"),
        Column::text("form"),
        Column::text("role"),
        Column::text("state"),
        Column::text("worker"),
        Column::int("lease"),
        Column::int("since"),
        Column::text("paused"),
        Column::text("draft"),
        Column::text("why"),
        Column::int("touched"),
        Column::text("excluded"),
        Column::int("fence"),
    ],
    key: 1,
    indexes: &[
        &["party", "lane", "since"],
        &["case_id"],
        &["state", "lease"],
    ],
};

/// The stage.
#[derive(Debug)]
pub struct Desk {
    items: Slots<Items>,
    people: Slots<People>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            items: Slots::new("desk.open_items", |key| matches!(key, Key::Case(_))),
            people: Slots::new("desk.people", |key| *key == Key::Tenant),
        }
    }
}

impl Desk {
    fn items(&self, case: &CaseId) -> Result<Option<&Items>, Need> {
        self.items.get(&Key::Case(case.clone()))
    }

    fn item(&self, case: &CaseId, item: &WorkItemId) -> Result<&Item, Stop> {
        let items = self.items(case)?;
        Ok(items
            .and_then(|items| items.get(item))
            .ok_or_else(|| rules::no_item(item))?)
    }

    /// Claims the first candidate that is still free; a need is passed on.
    fn claim_first(
        &self,
        candidates: &[(CaseId, WorkItemId)],
        doer: &rules::Doer<'_>,
        lease: WallTime,
    ) -> Result<Vec<Event>, Stop> {
        for (case, item) in candidates {
            match self
                .item(case, item)
                .and_then(|item| rules::claim_for(item, doer, lease))
            {
                Err(Stop::Reject(_)) => {}
                claimed => return claimed,
            }
        }
        Err(rules::none_free(candidates.len()).into())
    }
}

impl Stage for Desk {
    const VIEWS: &'static [View] = &[WORK_ITEM];

    fn decides(command: &Command) -> bool {
        matches!(
            command,
            Command::Claim { .. }
                | Command::TakeOver { .. }
                | Command::ClaimNext { .. }
                | Command::Release { .. }
                | Command::SaveDraft { .. }
                | Command::Complete { .. }
                | Command::Pause { .. }
                | Command::Resume { .. }
                | Command::ClaimFor(_)
                | Command::Extend(_)
                | Command::Fail(_)
        )
    }

    fn veto(&self, command: &Command, env: &Env<'_>) -> Result<(), Stop> {
        let Command::Fenced(fenced) = command else {
            return Ok(());
        };
        let (case, item) = fenced.command.item().ok_or_else(rules::unfenced)?;
        let found = self.items(case)?.and_then(|items| items.get(item));
        let people = self.people.get(&Key::Tenant)?;
        rules::fence(found, item, &rules::Doer::of(people, env), fenced.fence)
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let people = self.people.get(&Key::Tenant)?;
        let doer = rules::Doer::of(people, env);
        match command {
            Command::Claim { item, case } => rules::claim(self.item(case, item)?, &doer),
            Command::TakeOver { item, case } => rules::take_over(self.item(case, item)?, &doer),
            Command::ClaimNext { candidates } => self.claim_first(candidates, &doer, rules::LEASE),
            Command::ClaimFor(it) => self.claim_first(&it.candidates, &doer, it.lease),
            Command::Extend(it) => rules::extend(self.item(&it.case, &it.item)?, &doer, it.lease),
            Command::Fail(it) => rules::fail(
                self.item(&it.case, &it.item)?,
                &doer,
                (&it.code, &it.message),
            ),
            Command::Release { item, case } => rules::release(self.item(case, item)?, &doer),
            Command::SaveDraft { item, case, fields } => {
                rules::draft(self.item(case, item)?, &doer, fields)
            }
            Command::Complete {
                item,
                case,
                expected,
                fields,
            } => rules::complete(self.item(case, item)?, &doer, *expected, fields),
            Command::Pause { item, case, reason } => {
                rules::pause(self.item(case, item)?, &doer, reason)
            }
            Command::Resume { item, case } => rules::resume(self.item(case, item)?, &doer),
            _ => Ok(Vec::new()),
        }
    }

    fn react(&self, event: &Event, _env: &Env<'_>) -> Result<Vec<Event>, Need> {
        Ok(match event {
            Event::ItemAllocated { case, item, .. } => {
                vec![Event::ItemOffered {
                    case: case.clone(),
                    item: item.clone(),
                }]
            }
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &Event, name: EventName, at: Micros) {
        match event {
            Event::WorkerRegistered(worker) => self
                .people
                .upsert(&Key::Tenant, |people| people.add(worker)),
            Event::CaseEnded { case, .. } => self.items.remove(&Key::Case(case.clone())),
            event if Items::concerns(event) => {
                if let Some(case) = event.case() {
                    self.items.upsert(&Key::Case(case.clone()), |items| {
                        items.apply(event, name.n, at)
                    });
                }
            }
            _ => {}
        }
    }

    fn project(&self, event: &Event, _name: EventName, _at: Micros) -> Vec<Change> {
        let Some((case, id)) = Items::about(event) else {
            return Vec::new();
        };
        let items = self.items.peek(&Key::Case(case.clone()));
        match items.and_then(|items| items.get(id)) {
            Some(item) => vec![Change::Put {
                view: WORK_ITEM.name,
                row: row(item),
            }],
            None => vec![Change::Delete {
                view: WORK_ITEM.name,
                key: vec![id.as_str().into()],
            }],
        }
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.items);
        visit(&mut self.people);
    }
}

fn row(item: &Item) -> Vec<Datum> {
    let (state, worker, lease) = match &item.state {
        State::Ready => ("ready", Datum::Null, 0),
        State::Offered => ("offered", Datum::Null, 0),
        State::Assigned { worker, until } => ("assigned", worker.as_str().into(), until.0),
    };
    vec![
        item.id.as_str().into(),
        item.case.as_str().into(),
        item.task.as_str().into(),
        item.name.as_str().into(),
        item.lane.as_str().into(),
        item.party.as_ref().map(|party| party.as_str()).into(),
        item.site.as_ref().map(|site| site.as_str()).into(),
        item.form.as_deref().into(),
        item.role.as_deref().into(),
        state.into(),
        worker,
        lease.into(),
        item.since.0.into(),
        item.paused.as_deref().into(),
        item.draft
            .as_ref()
            .and_then(|draft| serde_json::to_string(draft).ok())
            .into(),
        item.why.as_str().into(),
        item.touched.into(),
        item.excluded.as_ref().map(|worker| worker.as_str()).into(),
        item.fence.into(),
    ]
}
