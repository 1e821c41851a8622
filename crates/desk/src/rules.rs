//! The rules of the desk: who may take, keep, pause and complete an item, and the refusals when not.
//!
//! An item of another party is refused as if it did not exist.

use crate::item::{Item, State};
use crate::pauses::Pauses;
use crate::people::{People, Person};
use crate::refusal::{
    cannot, excluded, has_it, in_queue, lacks, lacks_role, moved, no_item, no_service, not_yours,
    over, paused, stale, still_held, unknown_pause, unsound_code,
};
use crate::{asking, shift};
use baton_journal::command::Assign;
use baton_journal::event::{ItemDirected, ItemFailed, ItemSetAside, LeaseExtended};
use baton_journal::turn::Refusal;
use baton_journal::{Env, Event, Rejection, Stop};
use baton_model::{Micros, PartyId, Record, WallTime, WorkItemId, WorkerId};

/// How long an item stays with a worker who does nothing.
pub const LEASE: WallTime = WallTime::minutes(30);

/// The shortest and the longest lease that may be asked for.
pub const LEASES: (WallTime, WallTime) = (WallTime::seconds(1), WallTime::hours(8));

/// The role of a worker that is a program: it does the services that no room offers.
pub const BOT: &str = "bot";
/// How long an item that a team leader gave stays with a worker who does nothing.
pub const GIVEN: WallTime = WallTime::hours(4);

/// The coded reasons of the own for which an item may be set aside; its clock runs on.
pub const PAUSES: [&str; 4] = ["break", "internal", "waiting-for-system", "outage"];

pub(crate) type Decision = Result<Vec<Event>, Stop>;

/// Who asks, as the desk knows them; nobody for Baton itself.
pub(crate) struct Doer<'a> {
    worker: Option<&'a WorkerId>,
    person: Option<&'a Person>,
    pub(crate) now: Micros,
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

    /// The worker and the worker's party.
    pub(crate) fn who(&self) -> Option<(&'a WorkerId, &'a PartyId)> {
        Some((self.worker?, &self.person?.party))
    }

    /// The worker, where the item is of the worker's party and lanes.
    pub(crate) fn may_touch(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
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
    pub(crate) fn holds(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
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

/// Claims a free item for a lease of the claimer's own length. An item that somebody has is not free, not
/// even to the one who has it: two programs of one worker never share an item.
pub(crate) fn claim_for(item: &Item, doer: &Doer<'_>, lease: WallTime) -> Decision {
    let worker = doer.may_do(item)?;
    if item.holder(doer.now).is_some() {
        return Err(not_yours(item, doer.now).into());
    }
    if let Some(reason) = &item.paused {
        return Err(paused(item, reason).into());
    }
    Ok(vec![Event::ItemAssigned {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        until: doer.now.plus(bounded(lease)?),
    }])
}

/// Keeps an item for longer; never for less than it was given for.
pub(crate) fn extend(item: &Item, doer: &Doer<'_>, lease: WallTime) -> Decision {
    let worker = doer.holds(item)?;
    let until = doer.now.plus(bounded(lease)?);
    let held = match &item.state {
        State::Assigned { until, .. } => *until,
        _ => doer.now,
    };
    Ok(vec![Event::LeaseExtended(LeaseExtended {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        until: until.max(held),
    })])
}

/// A bot says that it cannot do an item; the process goes its way for errors.
pub(crate) fn fail(item: &Item, doer: &Doer<'_>, said: (&str, &str)) -> Decision {
    let worker = doer.holds(item)?;
    let (code, message) = said;
    if item.role.as_deref() != Some(BOT) {
        return Err(no_service(item).into());
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if code.is_empty() || code.len() > 100 || !code.bytes().all(plain) {
        return Err(unsound_code().into());
    }
    Ok(vec![Event::ItemFailed(ItemFailed {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        code: code.into(),
        message: message.chars().take(1_000).collect(),
    })])
}

/// Refuses what is done under a claim that does not hold any more: the lease ended, or somebody was given
/// the item since, be it the same worker.
pub(crate) fn fence(
    item: Option<&Item>,
    id: &WorkItemId,
    doer: &Doer<'_>,
    fence: i64,
) -> Result<(), Stop> {
    let item = item.ok_or_else(|| over(id))?;
    let worker = doer.may_touch(item)?;
    if item.fence == fence && item.holder(doer.now) == Some(worker) {
        return Ok(());
    }
    Err(stale(item, fence, doer.now).into())
}

fn bounded(lease: WallTime) -> Result<WallTime, Rejection> {
    let (least, most) = LEASES;
    if lease < least || lease > most {
        let message = format!(
            "a lease is {} to {} seconds; ask for one of that length",
            least.0 / 1_000_000,
            most.0 / 1_000_000
        );
        let refused = Rejection::new(Refusal::Invalid, "BATON-DESK-032", message);
        return Err(refused.about("lease_seconds"));
    }
    Ok(lease)
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
    asking::of_the_own(reason)?;
    if !PAUSES.contains(&reason) {
        return Err(unknown_pause(reason).into());
    }
    Ok(vec![Event::ItemSetAside(ItemSetAside {
        case: item.case.clone(),
        item: item.id.clone(),
        code: reason.into(),
    })])
}

pub(crate) fn resume(item: &Item, doer: &Doer<'_>, pauses: Option<&Pauses>) -> Decision {
    let worker = doer.may_touch(item)?;
    asking::unanswered(item, pauses)?;
    if item.paused.is_none() {
        let message = format!(
            "{} is not paused and its clock runs; go on with it",
            item.id
        );
        return Err(Rejection::new(Refusal::Conflict, "BATON-DESK-008", message).into());
    }
    let mut events = vec![Event::ItemResumed {
        case: item.case.clone(),
        item: item.id.clone(),
    }];
    // Whoever has it keeps it by the same claim: the fence stays.
    if item.holder(doer.now) == Some(worker) {
        events.extend(extend(item, doer, LEASE)?);
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
