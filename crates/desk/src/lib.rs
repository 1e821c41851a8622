//! A work item's life: offered, assigned, paused, completed; leases, drafts and who may do what.
//!
//! It does not choose the party (`allocation`), knows no form (`engine` checks the fields) and runs no
//! clock (`measure`). Its data comes from `ItemAllocated`; `ItemCompleted` lets the engine go on.

mod asking;
mod hold;
mod item;
mod pauses;
mod people;
mod refusal;
pub mod rules;
mod shift;

pub use asking::{ASKED, FOR_CLIENT, FOR_PARTY};
use baton_journal::command::Answer;
use baton_journal::people::{Able, WorkState};
use baton_journal::{
    Change, Column, Command, Datum, Env, Event, EventName, Key, Need, Shelf, Slots, Stage, Stop,
    View,
};
use baton_model::{CaseId, Micros, WallTime, WorkItemId};
pub use hold::HELD;
use hold::Holds;
pub use item::{Item, Items, State};
pub use pauses::PAUSE;
use pauses::Pauses;
pub use people::People;
pub use shift::{Shift, TEAM_LEADER, TIME_CORRECTION, WORKER_STATE};
use std::collections::BTreeMap;

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
        Column::text("asks"),
        Column::text("given_by"),
        Column::text("given_why"),
    ],
    key: 1,
    indexes: &[
        // All that counting the queues asks for, so that no row is read.
        &["party", "lane", "state", "worker", "paused", "excluded"],
        // From a hop to its items.
        &["case_id", "lane", "party"],
        &["state", "lease"],
    ],
};

/// The stage.
#[derive(Debug)]
pub struct Desk {
    items: Slots<Items>,
    people: Slots<People>,
    /// The fields of a case that lanes ask a language by.
    spoken: Slots<BTreeMap<String, String>>,
    holds: Slots<Holds>,
    pauses: Slots<Pauses>,
    shifts: Slots<Shift>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            items: Slots::new("desk.open_items", |key| matches!(key, Key::Case(_))),
            people: Slots::new("desk.crew", |key| *key == Key::Tenant),
            spoken: Slots::new("desk.spoken", |key| matches!(key, Key::Case(_))),
            holds: Slots::new("desk.holds", |key| matches!(key, Key::Case(_))),
            pauses: Slots::new("desk.pauses", |key| matches!(key, Key::Case(_))),
            shifts: Slots::new("desk.shifts", |key| matches!(key, Key::Worker(_))),
        }
    }
}

impl Desk {
    fn items(&self, case: &CaseId) -> Result<Option<&Items>, Need> {
        self.items.get(&Key::Case(case.clone()))
    }

    fn pauses(&self, case: &CaseId) -> Result<Option<&Pauses>, Need> {
        self.pauses.get(&Key::Case(case.clone()))
    }

    fn item(&self, case: &CaseId, item: &WorkItemId) -> Result<&Item, Stop> {
        let items = self.items(case)?;
        Ok(items
            .and_then(|items| items.get(item))
            .ok_or_else(|| refusal::no_item(item))?)
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
        Err(refusal::none_free(candidates.len()).into())
    }
}

impl Stage for Desk {
    const VIEWS: &'static [View] = &[WORK_ITEM, HELD, PAUSE, WORKER_STATE, TIME_CORRECTION];

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
                | Command::Ask(_)
                | Command::Answer(_)
                | Command::Contest(_)
                | Command::ClaimFor(_)
                | Command::Extend(_)
                | Command::Fail(_)
                | Command::Assign(_)
                | Command::SetState { .. }
                | Command::EndShift { .. }
                | Command::ProposeTime(_)
                | Command::DecideTime(_)
        )
    }

    fn veto(&self, command: &Command, env: &Env<'_>) -> Result<(), Stop> {
        let Command::Fenced(fenced) = command else {
            return Ok(());
        };
        let (case, item) = fenced.command.item().ok_or_else(refusal::unfenced)?;
        let found = self.items(case)?.and_then(|items| items.get(item));
        let people = self.people.get(&Key::Tenant)?;
        rules::fence(found, item, &rules::Doer::of(people, env), fenced.fence)
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let events = match command {
            Command::SetState { .. }
            | Command::EndShift { .. }
            | Command::ProposeTime(_)
            | Command::DecideTime(_) => {
                return self.time(command, env);
            }
            _ => self.work(command, env)?,
        };
        self.at_work(self.set_down(events)?, env)
    }

    fn react(&self, event: &Event, _env: &Env<'_>) -> Result<Vec<Event>, Need> {
        Ok(match event {
            Event::ItemAllocated { case, item, .. } => {
                let offered = Event::ItemOffered {
                    case: case.clone(),
                    item: item.clone(),
                };
                self.arrived(event)?.into_iter().chain([offered]).collect()
            }
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &Event, name: EventName, at: Micros) {
        if let Some(worker) = Shift::worker(event) {
            self.shifts.upsert(&Key::Worker(worker.clone()), |shift| {
                shift.apply(event, name.n, at)
            });
        }
        self.listen(event);
        self.fold_pause(event, name, at);
        match event {
            Event::TenantFounded { client, .. } => self
                .people
                .upsert(&Key::Tenant, |people| people.found(client)),
            Event::WorkerRegistered(worker) => self
                .people
                .upsert(&Key::Tenant, |people| people.add(worker)),
            Event::PackDeployed { deployment, .. } => self
                .people
                .upsert(&Key::Tenant, |people| people.deploy(deployment)),
            Event::CaseEnded { case, .. } => {
                let case = Key::Case(case.clone());
                self.items.remove(&case);
                self.spoken.remove(&case);
                self.holds.remove(&case);
            }
            event if Items::concerns(event) => self.fold_item(event, name.n, at),
            _ => {}
        }
    }

    fn project(&self, event: &Event, name: EventName, _at: Micros) -> Vec<Change> {
        if let Some(worker) = Shift::worker(event) {
            let people = self.people.peek(&Key::Tenant);
            let person = people.and_then(|people| people.get(worker));
            let party = person.map(|person| person.party.as_str());
            let shift = self.shifts.peek(&Key::Worker(worker.clone()));
            return shift.map_or_else(Vec::new, |shift| shift.rows(event, party));
        }
        let paused = self.paused_rows(event, name);
        let Some((case, id)) = Items::about(event) else {
            return paused;
        };
        let holds = self.holds.peek(&Key::Case(case.clone()));
        let held = holds.filter(|_| Holds::concerns(event));
        let held = held.and_then(|holds| holds.row(event));
        let items = self.items.peek(&Key::Case(case.clone()));
        let item = match items.and_then(|items| items.get(id)) {
            Some(item) => Change::Put {
                view: WORK_ITEM.name,
                row: row(item),
            },
            None => Change::Delete {
                view: WORK_ITEM.name,
                key: vec![id.as_str().into()],
            },
        };
        let rows = std::iter::once(item).chain(held);
        rows.chain(paused).collect()
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.items);
        visit(&mut self.people);
        visit(&mut self.spoken);
        visit(&mut self.holds);
        visit(&mut self.pauses);
        visit(&mut self.shifts);
    }
}

impl Desk {
    /// Decides what becomes of a work item.
    fn work(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let people = self.people.get(&Key::Tenant)?;
        let doer = rules::Doer::of(people, env);
        match command {
            Command::Assign(asked) => {
                rules::assign(self.item(&asked.case, &asked.item)?, &doer, people, asked)
            }
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
            Command::Resume { item, case } => {
                rules::resume(self.item(case, item)?, &doer, self.pauses(case)?)
            }
            Command::Ask(asked) => {
                asking::ask(self.item(&asked.case, &asked.item)?, &doer, people, asked)
            }
            Command::Answer(given) => self.answered(given, &doer, people),
            Command::Contest(asked) => asking::contest(&doer, self.pauses(&asked.case)?, asked),
            _ => Ok(Vec::new()),
        }
    }

    /// Decides what becomes of an answer.
    fn answered(
        &self,
        given: &Answer,
        doer: &rules::Doer<'_>,
        people: Option<&People>,
    ) -> Result<Vec<Event>, Stop> {
        let client = people.and_then(People::client);
        let own = doer.who().is_some_and(|(_, party)| client == Some(party));
        let item = self.item(&given.case, &given.item)?;
        asking::answer(item, doer, self.pauses(&given.case)?, own, given)
    }

    /// Decides what a worker does, and what of it is corrected.
    fn time(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let worker = env.actor.worker();
        let whose = match command {
            Command::DecideTime(asked) => Some(&asked.worker),
            Command::EndShift { worker } => Some(worker),
            _ => worker,
        };
        let none = Shift::default();
        let shift = match whose {
            Some(whose) => self.shifts.get(&Key::Worker(whose.clone()))?,
            None => None,
        };
        let shift = shift.unwrap_or(&none);
        match command {
            Command::SetState { state } => shift::set(worker, shift, *state),
            Command::EndShift { worker } => shift::set(Some(worker), shift, WorkState::Off),
            Command::ProposeTime(asked) => shift::propose(worker, shift, asked, env.now),
            Command::DecideTime(asked) => {
                shift::decide(worker, self.people.get(&Key::Tenant)?, shift, asked)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Whoever takes an item is available from then on.
    fn at_work(&self, events: Vec<Event>, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let Some(actor) = env.actor.worker() else {
            return Ok(events);
        };
        let takes =
            |event: &Event| matches!(event, Event::ItemAssigned { worker, .. } if worker == actor);
        if !events.iter().any(takes) {
            return Ok(events);
        }
        let shift = self.shifts.get(&Key::Worker(actor.clone()))?;
        if shift.is_some_and(|shift| shift.now() == WorkState::Available) {
            return Ok(events);
        }
        let begins = shift::now(actor, WorkState::Available);
        Ok(std::iter::once(begins).chain(events).collect())
    }

    /// Folds what was typed into the fields that lanes ask a language by.
    fn listen(&mut self, event: &Event) {
        let (Event::CaseStarted { case, record, .. } | Event::FieldsSet { case, record, .. }) =
            event
        else {
            return;
        };
        let people = self.people.peek(&Key::Tenant);
        let reads = |field: &str| people.is_some_and(|people| people.reads(field));
        let heard: Vec<(String, String)> = record
            .iter()
            .filter(|(field, _)| reads(field))
            .filter_map(|(field, cell)| Some((field.clone(), cell.value()?.as_text()?.to_owned())))
            .collect();
        if !heard.is_empty() {
            self.spoken
                .upsert(&Key::Case(case.clone()), |spoken| spoken.extend(heard));
        }
    }

    /// What a new item asks of a worker.
    fn asked(&self, event: &Event) -> Able {
        let (Event::TaskReady { case, lane, .. }, Some(people)) =
            (event, self.people.peek(&Key::Tenant))
        else {
            return Able::default();
        };
        let none = BTreeMap::new();
        let spoken = self.spoken.peek(&Key::Case(case.clone()));
        people.asked(lane, spoken.unwrap_or(&none))
    }

    /// Folds a pause, while its item is known.
    fn fold_pause(&mut self, event: &Event, name: EventName, at: Micros) {
        let case = event.case().filter(|_| Pauses::concerns(event));
        let Some(key) = case.cloned().map(Key::Case) else {
            return;
        };
        let begins = matches!(event, Event::AnswerRequested(_) | Event::ItemSetAside(_));
        let contested = matches!(event, Event::PauseContested(_));
        let lasts = self.pauses.peek(&key).is_some_and(Pauses::lasts);
        let items = self.items.peek(&key);
        let item = Items::about(event).and_then(|(_, id)| items?.get(id));
        let held = item.and_then(|item| Some((item.lane.clone(), item.party.clone()?)));
        self.pauses
            .upsert_if(&key, begins || contested || lasts, |pauses| {
                let held = held.as_ref().map(|(lane, party)| (lane, party));
                pauses.apply(event, held, name, at);
            });
    }

    fn paused_rows(&self, event: &Event, name: EventName) -> Vec<Change> {
        let case = event.case().filter(|_| Pauses::concerns(event));
        let rows = case.and_then(|case| {
            let pauses = self.pauses.peek(&Key::Case(case.clone()))?;
            Some(pauses.rows(case, name))
        });
        rows.unwrap_or_default()
    }

    fn fold_item(&mut self, event: &Event, n: i64, at: Micros) {
        let Some(case) = event.case().cloned().map(Key::Case) else {
            return;
        };
        let asks = self.asked(event);
        self.items
            .upsert(&case, |items| items.apply(event, asks, n, at));
        if Holds::concerns(event) {
            let items = self.items.peek(&case);
            self.holds
                .upsert(&case, |holds| holds.apply(event, items, at));
        }
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
        Some(&item.asks)
            .filter(|asks| !asks.is_empty())
            .and_then(|asks| serde_json::to_string(asks).ok())
            .into(),
        item.given
            .as_ref()
            .map(|(leader, _)| leader.as_str())
            .into(),
        item.given.as_ref().map(|(_, why)| why.as_str()).into(),
    ]
}
