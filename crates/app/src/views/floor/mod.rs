//! A party's floor: its open work items in the viewer's lanes, and its people with what they do. For those
//! who lead the party's workers; of other parties nothing is read.

mod past;

use super::queue::Position;
use super::{Reader, ViewError, int, maybe, text};
use baton_journal::people::{Able, WorkState};
use baton_journal::store::StoreError;
use baton_model::{Micros, Scope, WallTime};
pub use past::{POINTS, Past, STEP, past};
use std::collections::{BTreeMap, BTreeSet};

/// The most items that are looked at: those that are there longest.
const ITEMS: usize = 5_000;

/// Whether its clock stands still is its hop's to say: an item that was set aside is as late as any other.
const OPEN: &str = "select w.item, w.case_id, w.lane, w.name, w.since, \
     (select min(h.paused_since) from hop h where h.tenant = w.tenant and h.case_id = w.case_id \
       and h.lane = w.lane and h.site = w.site and h.until_at is null), w.worker, w.lease, \
     w.asks, (select min(h.due_at) from hop h where h.tenant = w.tenant and h.case_id = w.case_id \
       and h.lane = w.lane and h.site = w.site and h.until_at is null), w.role, w.excluded \
     from work_item w where w.tenant = $1 and w.party = $2 and exists (select 1 from worker_lane o \
       where o.tenant = w.tenant and o.worker = $3 and o.lane = w.lane) order by w.since, w.item";

const PEOPLE: &str = "select worker, site, lanes, roles, able from worker \
     where tenant = $1 and party = $2 order by worker";

const STATES: &str = "select worker, state, from_at from worker_state \
     where tenant = $1 and party = $2 and until_at is null";

const HOLDING: &str = "select worker, item, case_id, lane, from_at from held \
     where tenant = $1 and party = $2 and until_at is null order by from_at, item";

const DONE: &str = "select worker, from_at, until_at from held \
     where tenant = $1 and party = $2 and until_at >= $3 and ending = 'completed'";

/// An open work item of the party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The item.
    pub item: String,
    /// Its case.
    pub case: String,
    /// Its lane.
    pub lane: String,
    /// Its task's name.
    pub name: String,
    /// Since when it is there.
    pub since: Micros,
    /// Whether its clock stands still.
    pub paused: bool,
    /// Who has it.
    pub worker: Option<String>,
    /// What it asks of a worker.
    pub asks: Able,
    /// When its hop is due.
    pub due: Option<Micros>,
    /// The role it needs.
    pub role: Option<String>,
    /// Who may not do it.
    pub excluded: Option<String>,
}

impl Open {
    /// Whether it is due after an instant and until another one, and its clock runs.
    pub fn due_in(&self, from: Micros, until: Micros) -> bool {
        let due = self.due.filter(|_| !self.paused);
        due.is_some_and(|due| due > from && due <= until)
    }
}

/// A person of the party.
#[derive(Clone, Debug)]
pub struct Person {
    /// The worker.
    pub id: String,
    /// The lanes done.
    pub lanes: BTreeSet<String>,
    /// The roles.
    pub roles: BTreeSet<String>,
    /// Skills, languages, clearances.
    pub able: Able,
    /// What the worker says to do.
    pub said: WorkState,
    /// Since when; nothing for one who never began.
    pub since: Option<Micros>,
    /// What the worker has in hand.
    pub hands: Vec<Hand>,
    /// How many items the worker completed since the day began.
    pub done: usize,
    /// The median time in hand of these.
    pub median: Option<WallTime>,
}

/// An item in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The item.
    pub item: String,
    /// Its case.
    pub case: String,
    /// Its lane.
    pub lane: String,
    /// Since when.
    pub since: Micros,
}

impl Person {
    /// What the worker does: active is who is available and has an item in hand.
    pub fn state(&self) -> &'static str {
        match self.said {
            WorkState::Available if !self.hands.is_empty() => "active",
            said => said.word(),
        }
    }

    /// Whether the person may be given an item: the lane, the role, what it asks for, and not excluded by it.
    /// The desk decides by the same when it is given.
    pub fn may_do(&self, item: &Open) -> bool {
        let role = item.role.as_ref();
        self.lanes.contains(&item.lane)
            && role.is_none_or(|role| self.roles.contains(role))
            && item.excluded.as_ref() != Some(&self.id)
            && item.asks.missing_in(&self.able).is_empty()
    }

    /// Since when the worker does that: since the first item in hand was taken, where active.
    pub fn since(&self) -> Option<Micros> {
        let first = self.hands.iter().map(|hand| hand.since).min();
        match self.state() {
            "active" => first.max(self.since),
            _ => self.since,
        }
    }
}

/// What is at risk: what is due within this.
pub const SOON: WallTime = WallTime::hours(1);

/// The open items of a lane, or of several, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// How many there are.
    pub open: usize,
    /// Since when the oldest is there.
    pub oldest: Option<Micros>,
    /// How many are due soon.
    pub risk: usize,
    /// How many are past their due instant.
    pub late: usize,
    /// How many people have items of these lanes in hand.
    pub busy: usize,
}

impl Queue {
    /// The numbers of open items at an instant.
    pub fn of(open: &[&Open], people: &[Person], now: Micros) -> Self {
        let lanes: BTreeSet<&str> = open.iter().map(|item| item.lane.as_str()).collect();
        let busy = people.iter().filter(|person| {
            let mut hands = person.hands.iter();
            hands.any(|hand| lanes.contains(hand.lane.as_str()))
        });
        let due = |from: Micros, until: Micros| {
            let due = open.iter().filter_map(|item| item.due);
            due.filter(|due| *due > from && *due <= until).count()
        };
        Self {
            open: open.len(),
            oldest: open.iter().map(|item| item.since).min(),
            risk: due(now, now.plus(SOON)),
            late: due(Micros(0), now),
            busy: busy.count(),
        }
    }
}

impl Open {
    /// Its place in the order of the floor: the first due first.
    pub fn position(&self) -> Position {
        Position {
            due: self.due.map_or(i64::MAX, |due| due.0),
            arrived: self.since.0,
            item: self.item.clone(),
        }
    }
}

/// The open items of the viewer's party in the viewer's lanes: the first due first.
pub fn open(reader: &Reader<'_>, scope: &Scope, now: Micros) -> Result<Vec<Open>, StoreError> {
    let parameters = [scope.party.as_str().into(), scope.worker.as_str().into()];
    let rows = reader.rows(&format!("{OPEN} limit {ITEMS}"), &parameters)?;
    let mut open: Vec<Open> = rows
        .iter()
        .map(|row| Open {
            item: text(row, 0),
            case: text(row, 1),
            lane: text(row, 2),
            name: text(row, 3),
            since: Micros(int(row, 4)),
            paused: int(row, 5) > 0,
            worker: maybe(row, 6).filter(|_| int(row, 7) > now.0),
            asks: maybe(row, 8)
                .and_then(|json| serde_json::from_str(&json).ok())
                .unwrap_or_default(),
            due: Some(int(row, 9)).filter(|due| *due > 0).map(Micros),
            role: maybe(row, 10),
            excluded: maybe(row, 11),
        })
        .collect();
    open.sort_by_key(|item| (item.due.is_none(), item.due, item.since, item.item.clone()));
    Ok(open)
}

/// The people of the viewer's party, with what they did since the day began.
pub fn people(reader: &Reader<'_>, scope: &Scope, day: Micros) -> Result<Vec<Person>, ViewError> {
    let party = || scope.party.as_str().into();
    let mut hands: BTreeMap<String, Vec<Hand>> = BTreeMap::new();
    for row in reader.rows(HOLDING, &[party()])? {
        hands.entry(text(&row, 0)).or_default().push(Hand {
            item: text(&row, 1),
            case: text(&row, 2),
            lane: text(&row, 3),
            since: Micros(int(&row, 4)),
        });
    }
    let states = reader.rows(STATES, &[party()])?;
    let said: BTreeMap<String, (WorkState, Micros)> = states
        .iter()
        .map(|row| {
            let state = WorkState::of(&text(row, 1)).unwrap_or_default();
            (text(row, 0), (state, Micros(int(row, 2))))
        })
        .collect();
    let mut times: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in reader.rows(DONE, &[party(), day.0.into()])? {
        let took = int(&row, 2) - int(&row, 1);
        times.entry(text(&row, 0)).or_default().push(took);
    }
    let rows = reader.rows(PEOPLE, &[party()])?;
    Ok(rows
        .iter()
        .map(|row| {
            let id = text(row, 0);
            let list = |column| serde_json::from_str(&text(row, column)).unwrap_or_default();
            let mut took = times.remove(&id).unwrap_or_default();
            took.sort_unstable();
            let middle = took
                .len()
                .checked_sub(1)
                .and_then(|last| took.get(last / 2));
            Person {
                lanes: list(2),
                roles: list(3),
                able: serde_json::from_str(&text(row, 4)).unwrap_or_default(),
                said: said.get(&id).map(|(state, _)| *state).unwrap_or_default(),
                since: said.get(&id).map(|(_, since)| *since),
                hands: hands.remove(&id).unwrap_or_default(),
                done: took.len(),
                median: middle.map(|took| WallTime(*took)),
                id,
            }
        })
        .collect())
}
