//! What workers do: available, wrap, break, training, off; and corrections of it, which a team leader of
//! the party approves. What was recorded stays; a correction stands beside it.
//!
//! That somebody is active is not kept: it is having an item in hand while available, and read from the
//! items. Whoever takes an item while not available is available from then on.

use crate::people::{People, Person};
use baton_journal::command::{DecideTime, ProposeTime};
use baton_journal::event::{TimeCorrectionDecided, TimeCorrectionProposed, WorkerStateSet};
use baton_journal::people::WorkState;
use baton_journal::turn::Refusal;
use baton_journal::{Change, Column, Datum, Event, Rejection, Stop, View};
use baton_model::{Micros, WallTime, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The role of those who lead a party's workers.
pub const TEAM_LEADER: &str = "team-leader";

/// How far back a correction may reach.
const BACK: WallTime = WallTime::hours(31 * 24);

/// What workers did when: a row for each state, the last one open.
pub const WORKER_STATE: View = View {
    name: "worker_state",
    version: 1,
    columns: &[
        Column::text("worker"),
        Column::int("number"),
        Column::text("party"),
        Column::text("state"),
        Column::int("from_at"),
        Column::int("until_at"),
        Column::int("n"),
    ],
    key: 2,
    indexes: &[&["party", "from_at"]],
};

/// Corrections of times. `decision` is empty, `approved` or `refused`.
pub const TIME_CORRECTION: View = View {
    name: "time_correction",
    version: 1,
    columns: &[
        Column::text("worker"),
        Column::text("id"),
        Column::text("party"),
        Column::text("state"),
        Column::int("from_at"),
        Column::int("until_at"),
        Column::text("why"),
        Column::int("at"),
        Column::text("decision"),
        Column::text("leader"),
        Column::text("decided_why"),
        Column::int("decided_at"),
    ],
    key: 2,
    indexes: &[&["party", "at"]],
};

/// A worker's time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Shift {
    now: WorkState,
    since: Micros,
    number: u32,
    n: i64,
    before: Option<(WorkState, Micros, i64)>,
    corrections: BTreeMap<String, Correction>,
}

/// A correction.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Correction {
    proposed: TimeCorrectionProposed,
    at: Micros,
    decided: Option<(TimeCorrectionDecided, Micros)>,
}

impl Shift {
    /// What the worker does.
    pub fn now(&self) -> WorkState {
        self.now
    }

    /// The worker whose time an event changes.
    pub(crate) fn worker(event: &Event) -> Option<&WorkerId> {
        match event {
            Event::WorkerStateSet(set) => Some(&set.worker),
            Event::TimeCorrectionProposed(it) => Some(&it.worker),
            Event::TimeCorrectionDecided(it) => Some(&it.worker),
            _ => None,
        }
    }

    pub(crate) fn apply(&mut self, event: &Event, n: i64, at: Micros) {
        match event {
            Event::WorkerStateSet(set) => {
                self.before = (self.number > 0).then_some((self.now, self.since, self.n));
                (self.now, self.since, self.n) = (set.state, at, n);
                self.number += 1;
            }
            Event::TimeCorrectionProposed(it) => {
                let correction = Correction {
                    proposed: it.clone(),
                    at,
                    decided: None,
                };
                self.corrections.insert(it.id.clone(), correction);
            }
            Event::TimeCorrectionDecided(it) => {
                if let Some(correction) = self.corrections.get_mut(&it.id) {
                    correction.decided = Some((it.clone(), at));
                }
            }
            _ => {}
        }
    }

    /// The rows that an event changed.
    pub(crate) fn rows(&self, event: &Event, party: Option<&str>) -> Vec<Change> {
        let party = party.unwrap_or_default();
        match event {
            Event::WorkerStateSet(set) => {
                let mut rows = Vec::new();
                if let Some((state, since, n)) = self.before {
                    let until = Datum::Int(self.since.0);
                    rows.push(state_row(
                        &set.worker,
                        self.number - 1,
                        party,
                        (state, since, n),
                        until,
                    ));
                }
                let now = (self.now, self.since, self.n);
                rows.push(state_row(&set.worker, self.number, party, now, Datum::Null));
                rows
            }
            Event::TimeCorrectionProposed(TimeCorrectionProposed { id, .. })
            | Event::TimeCorrectionDecided(TimeCorrectionDecided { id, .. }) => {
                let correction = self.corrections.get(id);
                correction.map(|it| it.row(party)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

fn state_row(
    worker: &WorkerId,
    number: u32,
    party: &str,
    (state, since, n): (WorkState, Micros, i64),
    until: Datum,
) -> Change {
    Change::Put {
        view: WORKER_STATE.name,
        row: vec![
            worker.as_str().into(),
            i64::from(number).into(),
            party.into(),
            state.word().into(),
            since.0.into(),
            until,
            n.into(),
        ],
    }
}

impl Correction {
    fn row(&self, party: &str) -> Change {
        let decided = self.decided.as_ref();
        let word = decided.map(|(it, _)| if it.approved { "approved" } else { "refused" });
        Change::Put {
            view: TIME_CORRECTION.name,
            row: vec![
                self.proposed.worker.as_str().into(),
                self.proposed.id.as_str().into(),
                party.into(),
                self.proposed.state.word().into(),
                self.proposed.from.0.into(),
                self.proposed.until.0.into(),
                self.proposed.why.as_str().into(),
                self.at.0.into(),
                word.into(),
                decided.map(|(it, _)| it.leader.as_str()).into(),
                decided.map(|(it, _)| it.why.as_str()).into(),
                decided.map(|(_, at)| at.0).into(),
            ],
        }
    }
}

type Decision = Result<Vec<Event>, Stop>;

/// A worker does something else.
pub(crate) fn set(worker: Option<&WorkerId>, shift: &Shift, state: WorkState) -> Decision {
    let worker = worker.ok_or_else(nobody)?;
    if shift.now == state {
        let message = format!(
            "you are {} already; choose another state, or leave it so",
            state.word()
        );
        return Err(Rejection::new(Refusal::Duplicate, "BATON-DESK-020", message).into());
    }
    Ok(vec![now(worker, state)])
}

pub(crate) fn now(worker: &WorkerId, state: WorkState) -> Event {
    Event::WorkerStateSet(WorkerStateSet {
        worker: worker.clone(),
        state,
    })
}

/// A worker proposes a correction of the own time.
pub(crate) fn propose(
    worker: Option<&WorkerId>,
    shift: &Shift,
    asked: &ProposeTime,
    at: Micros,
) -> Decision {
    let worker = worker.ok_or_else(nobody)?;
    if asked.until <= asked.from || asked.until > at || asked.from.0 < at.0 - BACK.0 {
        return Err(not_a_time().into());
    }
    if shift.corrections.contains_key(&asked.id) || asked.id.is_empty() || asked.id.len() > 64 {
        return Err(no_correction(&asked.id).into());
    }
    Ok(vec![Event::TimeCorrectionProposed(
        TimeCorrectionProposed {
            id: asked.id.clone(),
            worker: worker.clone(),
            state: asked.state,
            from: asked.from,
            until: asked.until,
            why: said(&asked.why)?,
        },
    )])
}

/// A team leader decides on a correction of another worker of the own party.
pub(crate) fn decide(
    leader: Option<&WorkerId>,
    people: Option<&People>,
    shift: &Shift,
    asked: &DecideTime,
) -> Decision {
    let leader = leader.ok_or_else(nobody)?;
    let person = |worker: &WorkerId| people.and_then(|people| people.get(worker));
    let (of, by) = (person(&asked.worker), person(leader));
    let same = of.zip(by).is_some_and(|(of, by)| of.party == by.party);
    if !same {
        return Err(no_correction(&asked.id).into());
    }
    if !by.is_some_and(Person::leads) || asked.worker == *leader {
        return Err(no_leader().into());
    }
    let open = shift.corrections.get(&asked.id);
    if open.is_none_or(|open| open.decided.is_some()) {
        return Err(no_correction(&asked.id).into());
    }
    Ok(vec![Event::TimeCorrectionDecided(TimeCorrectionDecided {
        id: asked.id.clone(),
        worker: asked.worker.clone(),
        leader: leader.clone(),
        approved: asked.approved,
        why: said(&asked.why)?,
    })])
}

/// A reason that says something.
pub(crate) fn said(why: &str) -> Result<String, Stop> {
    let why = why.trim();
    if why.is_empty() {
        let message = "say why: the reason is kept and shown to those it concerns";
        return Err(Rejection::new(Refusal::Invalid, "BATON-DESK-021", message)
            .about("why")
            .into());
    }
    Ok(why.chars().take(500).collect())
}

fn nobody() -> Rejection {
    let message = "only a worker has working time; sign in as one";
    Rejection::new(Refusal::Forbidden, "BATON-DESK-022", message)
}

fn not_a_time() -> Rejection {
    let message = "a correction is of a stretch that is over, begins before it ends, and lies within the last 31 days; correct the times";
    Rejection::new(Refusal::Invalid, "BATON-DESK-023", message).about("from")
}

fn no_correction(id: &str) -> Rejection {
    let message =
        format!("there is no open correction `{id}`; it may be decided already, reload the page");
    Rejection::new(Refusal::Missing, "BATON-DESK-024", message)
}

pub(crate) fn no_leader() -> Rejection {
    let message =
        "only another worker of the party with the role team-leader decides this; ask one";
    Rejection::new(Refusal::Forbidden, "BATON-DESK-025", message)
}
