//! The rules of the desk: who may take, keep, pause and complete an item, and the refusals when not.
//!
//! An item of another party is refused as if it did not exist.

use crate::item::{Item, State};
use crate::people::{People, Person};
use crate::shift;
use baton_journal::command::Assign;
use baton_journal::event::ItemDirected;
use baton_journal::turn::Refusal;
use baton_journal::{Env, Event, Rejection, Stop};
use baton_model::{Micros, Record, WallTime, WorkItemId, WorkerId};

/// How long an item stays with a worker who does nothing.
pub const LEASE: WallTime = WallTime::minutes(30);

/// How long an item that a team leader gave stays with a worker who does nothing.
pub const GIVEN: WallTime = WallTime::hours(4);

/// The coded reasons for which a clock may be paused.
pub const PAUSES: [&str; 4] = [
    "waiting-for-client",
    "waiting-for-supplier",
    "waiting-for-system",
    "outage",
];

type Decision = Result<Vec<Event>, Stop>;

/// Who asks, as the desk knows them; nobody for Baton itself.
pub(crate) struct Doer<'a> {
    worker: Option<&'a WorkerId>,
    person: Option<&'a Person>,
    now: Micros,
}

impl<'a> Doer<'a> {
    pub(crate) fn of(people: Option<&'a People>, env: &Env<'a>) -> Self {
        let worker = env.actor.worker();
        let person = worker.and_then(|worker| people?.get(worker));
        Self {
            worker,
            person,
            now: env.now,
        }
    }

    /// The worker, where the item is of the worker's party and lanes.
    fn may_touch(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
        let (Some(worker), Some(person)) = (self.worker, self.person) else {
            return Err(no_item(&item.id));
        };
        let own = item.party.as_ref() == Some(&person.party) && person.lanes.contains(&item.lane);
        if own {
            Ok(worker)
        } else {
            Err(no_item(&item.id))
        }
    }

    /// The worker, where the worker may also do the item: role, skills, and not excluded by it.
    fn may_do(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
        let worker = self.may_touch(item)?;
        if item.excluded.as_ref() == Some(worker) {
            return Err(excluded(item));
        }
        let Some(person) = self.person else {
            return Err(no_item(&item.id));
        };
        match &item.role {
            Some(role) if !person.roles.contains(role) => return Err(lacks_role(item, role)),
            _ => {}
        }
        let missing = item.asks.missing_in(&person.able);
        if missing.is_empty() {
            return Ok(worker);
        }
        Err(lacks(item, &missing))
    }

    /// The worker, where the worker has the item now.
    fn holds(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
        let worker = self.may_touch(item)?;
        if item.holder(self.now) == Some(worker) {
            Ok(worker)
        } else {
            Err(not_yours(item, self.now))
        }
    }
}

pub(crate) fn claim(item: &Item, doer: &Doer<'_>) -> Decision {
    let worker = doer.may_do(item)?;
    if item.holder(doer.now).is_some_and(|holder| holder != worker) {
        return Err(not_yours(item, doer.now).into());
    }
    Ok(vec![assigned(item, worker, doer.now)])
}

/// Takes an item from the colleague who has it, or from the queue where nobody has. What the colleague
/// typed stays with the item; what the colleague sends meanwhile is a conflict, and shown as one.
pub(crate) fn take_over(item: &Item, doer: &Doer<'_>) -> Decision {
    let worker = doer.may_do(item)?;
    if item.holder(doer.now).is_none_or(|holder| holder == worker) {
        return claim(item, doer);
    }
    let released = Event::ItemReleased {
        case: item.case.clone(),
        item: item.id.clone(),
        reason: "taken-over".into(),
    };
    Ok(vec![released, assigned(item, worker, doer.now)])
}

pub(crate) fn release(item: &Item, doer: &Doer<'_>) -> Decision {
    let reason = match doer.worker {
        Some(_) => doer.holds(item).map(|_| "returned")?,
        None if item.holder(doer.now).is_none() && item.state != State::Offered => "idle",
        None => return Err(still_held(item).into()),
    };
    Ok(vec![Event::ItemReleased {
        case: item.case.clone(),
        item: item.id.clone(),
        reason: reason.into(),
    }])
}

/// Keeps a draft. Whoever begins to type on a free item takes it.
pub(crate) fn draft(item: &Item, doer: &Doer<'_>, fields: &Record) -> Decision {
    let worker = doer.may_do(item)?;
    let mut events = if item.holder(doer.now) == Some(worker) {
        Vec::new()
    } else {
        claim(item, doer)?
    };
    events.push(Event::DraftSaved {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        fields: fields.clone(),
    });
    Ok(events)
}

pub(crate) fn complete(item: &Item, doer: &Doer<'_>, expected: i64, fields: &Record) -> Decision {
    let worker = doer.may_do(item)?;
    if item.touched != expected && item.taken_by.as_ref() != Some(worker) {
        return Err(moved(item, expected).into());
    }
    if let Some(reason) = &item.paused {
        return Err(paused(item, reason).into());
    }
    let mut events = if item.holder(doer.now) == Some(worker) {
        Vec::new()
    } else {
        claim(item, doer)?
    };
    events.push(Event::ItemCompleted {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        fields: fields.clone(),
    });
    Ok(events)
}

pub(crate) fn pause(item: &Item, doer: &Doer<'_>, reason: &str) -> Decision {
    doer.holds(item)?;
    if let Some(reason) = &item.paused {
        return Err(paused(item, reason).into());
    }
    if !PAUSES.contains(&reason) {
        return Err(unknown_pause(reason).into());
    }
    Ok(vec![Event::ItemPaused {
        case: item.case.clone(),
        item: item.id.clone(),
        reason: reason.into(),
    }])
}

pub(crate) fn resume(item: &Item, doer: &Doer<'_>) -> Decision {
    let worker = doer.may_touch(item)?;
    if item.paused.is_none() {
        let message = format!("{} is not paused; its clock runs", item.id);
        return Err(Rejection::new(Refusal::Conflict, "BATON-DESK-008", message).into());
    }
    let mut events = vec![Event::ItemResumed {
        case: item.case.clone(),
        item: item.id.clone(),
    }];
    if item.holder(doer.now) == Some(worker) {
        events.push(assigned(item, worker, doer.now));
    }
    Ok(events)
}

/// Gives an item to a worker of the leader's party, or back to the queue.
pub(crate) fn assign(
    item: &Item,
    doer: &Doer<'_>,
    people: Option<&People>,
    asked: &Assign,
) -> Decision {
    let leader = doer.may_touch(item)?;
    if !doer.person.is_some_and(Person::leads) {
        return Err(shift::no_leader().into());
    }
    let directed = Event::ItemDirected(ItemDirected {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: asked.worker.clone(),
        leader: leader.clone(),
        why: shift::said(&asked.why)?,
    });
    let released = |reason: &str| Event::ItemReleased {
        case: item.case.clone(),
        item: item.id.clone(),
        reason: reason.into(),
    };
    let taken = matches!(item.state, State::Assigned { .. });
    let Some(worker) = &asked.worker else {
        if !taken {
            return Err(in_queue(item).into());
        }
        return Ok(vec![directed, released("moved-back")]);
    };
    let person = people.and_then(|people| people.get(worker));
    let other = Doer {
        worker: Some(worker),
        person,
        now: doer.now,
    };
    other
        .may_do(item)
        .map_err(|why| cannot(item, worker, &why))?;
    if item.holder(doer.now) == Some(worker) {
        return Err(has_it(item, worker).into());
    }
    let mut events = Vec::new();
    events.extend(taken.then(|| released("reassigned")));
    events.push(directed);
    events.push(Event::ItemAssigned {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        until: doer.now.plus(GIVEN),
    });
    Ok(events)
}

fn assigned(item: &Item, worker: &WorkerId, now: Micros) -> Event {
    Event::ItemAssigned {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        until: now.plus(LEASE),
    }
}

pub(crate) fn no_item(item: &WorkItemId) -> Rejection {
    let message =
        format!("there is no open work item `{item}`; it may be done already, see its case");
    Rejection::new(Refusal::Missing, "BATON-DESK-001", message)
}

fn not_yours(item: &Item, now: Micros) -> Rejection {
    let message = match item.holder(now) {
        Some(_) => format!(
            "{} is with a colleague; take another item or ask for it",
            item.id
        ),
        None => format!("{} is not with you (any more); claim it first", item.id),
    };
    Rejection::new(Refusal::Conflict, "BATON-DESK-002", message).about(item.id.as_str())
}

fn moved(item: &Item, expected: i64) -> Rejection {
    let message = format!(
        "{} was changed by entry {} after your page was drawn from entry {expected}; nothing of yours is lost, compare and send again",
        item.id, item.touched
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-003", message).about(item.touched.to_string())
}

fn excluded(item: &Item) -> Rejection {
    let message = format!(
        "you cannot do `{}` of {}: whoever created the order never approves its invoice; a colleague of the lane must",
        item.name, item.case
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-004", message)
}

fn lacks_role(item: &Item, role: &str) -> Rejection {
    let message = format!(
        "`{}` of {} needs a worker with the role {role}",
        item.name, item.case
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-005", message)
}

fn lacks(item: &Item, missing: &[String]) -> Rejection {
    let message = format!(
        "`{}` of {} asks for {}, which you do not have; take another item, a colleague who has it will do this one",
        item.name,
        item.case,
        missing.join(" and ")
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-011", message)
}

fn paused(item: &Item, reason: &str) -> Rejection {
    let message = format!("{} is paused ({reason}); resume it first", item.id);
    Rejection::new(Refusal::Conflict, "BATON-DESK-006", message)
}

fn unknown_pause(reason: &str) -> Rejection {
    let message = format!(
        "`{reason}` is no reason to pause; choose one of {}",
        PAUSES.join(", ")
    );
    Rejection::new(Refusal::Invalid, "BATON-DESK-007", message).about("reason")
}

fn still_held(item: &Item) -> Rejection {
    let message = format!(
        "{} is in a queue or with a worker whose lease still holds",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-009", message)
}

fn in_queue(item: &Item) -> Rejection {
    let message = format!("{} is in the queue already", item.id);
    Rejection::new(Refusal::Duplicate, "BATON-DESK-012", message)
}

fn has_it(item: &Item, worker: &WorkerId) -> Rejection {
    let message = format!("{} is with {worker} already", item.id);
    Rejection::new(Refusal::Duplicate, "BATON-DESK-013", message)
}

/// Why the worker cannot be given an item, in the words of what the worker would have been told.
fn cannot(item: &Item, worker: &WorkerId, why: &Rejection) -> Rejection {
    let reason = match why.code.as_str() {
        "BATON-DESK-001" => format!("{worker} does not do this lane for your party"),
        "BATON-DESK-004" => format!("{worker} created the order and never approves its invoice"),
        _ => {
            let missing = why.message.split(" asks for ").nth(1);
            let missing = missing.and_then(|rest| rest.split(", which you").next());
            match (missing, &item.role) {
                (Some(missing), _) => format!("{worker} lacks {missing}"),
                (None, role) => {
                    format!("{worker} lacks the role {}", role.as_deref().unwrap_or(""))
                }
            }
        }
    };
    let message = format!(
        "{} cannot go there: {reason}; choose somebody else",
        item.id
    );
    Rejection::new(Refusal::Forbidden, "BATON-DESK-014", message)
}

pub(crate) fn none_free(candidates: usize) -> Rejection {
    let message = format!("none of the {candidates} items is free any more; reload the list");
    Rejection::new(Refusal::Conflict, "BATON-DESK-010", message)
}
