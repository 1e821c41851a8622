//! The rules of the desk: who may take, keep, pause and complete an item, and the refusals when not.
//!
//! An item of another party is refused as if it did not exist.

use crate::item::{Item, State};
use crate::people::{People, Person};
use baton_journal::event::{ItemFailed, LeaseExtended};
use baton_journal::turn::Refusal;
use baton_journal::{Env, Event, Rejection, Stop};
use baton_model::{Micros, Record, WallTime, WorkItemId, WorkerId};

/// How long an item stays with a worker who does nothing.
pub const LEASE: WallTime = WallTime::minutes(30);

/// The shortest and the longest lease that may be asked for.
pub const LEASES: (WallTime, WallTime) = (WallTime::seconds(1), WallTime::hours(8));

/// The role of a worker that is a program: it does the services that no room offers.
pub const BOT: &str = "bot";

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

    /// The worker, where the worker may also do the item: role, and not excluded by it.
    fn may_do(&self, item: &Item) -> Result<&'a WorkerId, Rejection> {
        let worker = self.may_touch(item)?;
        if item.excluded.as_ref() == Some(worker) {
            return Err(excluded(item));
        }
        let roles = self.person.map(|person| &person.roles);
        match &item.role {
            Some(role) if !roles.is_some_and(|roles| roles.contains(role)) => {
                Err(lacks_role(item, role))
            }
            _ => Ok(worker),
        }
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
        let refused = Rejection::new(Refusal::Invalid, "BATON-DESK-012", message);
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
    // Whoever has it keeps it by the same claim: the fence stays.
    if item.holder(doer.now) == Some(worker) {
        events.extend(extend(item, doer, LEASE)?);
    }
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

fn over(item: &WorkItemId) -> Rejection {
    let message = format!(
        "{item} is over: somebody completed it, or the process took it back; nothing of yours was kept"
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-011", message)
}

fn stale(item: &Item, fence: i64, now: Micros) -> Rejection {
    let message = if item.fence != fence {
        format!(
            "the claim of entry {fence} holds no more: entry {} gave {} away anew; nothing of yours was kept, claim again",
            item.fence, item.id
        )
    } else {
        let ended = match &item.state {
            State::Assigned { until, .. } if *until <= now => format!("its lease ended at {until}"),
            _ => format!("{} went back to the queue", item.id),
        };
        format!(
            "the claim of entry {fence} holds no more: {ended}; nothing of yours was kept, claim again and extend the lease in time"
        )
    };
    Rejection::new(Refusal::Conflict, "BATON-DESK-011", message).about(item.touched.to_string())
}

pub(crate) fn unfenced() -> Rejection {
    let message = "a fence belongs to a command about one work item; send the command without it";
    Rejection::new(Refusal::Invalid, "BATON-DESK-013", message)
}

fn no_service(item: &Item) -> Rejection {
    let message = format!(
        "{} is no bot's item; a person pauses it, gives it back or completes it",
        item.id
    );
    Rejection::new(Refusal::Conflict, "BATON-DESK-014", message)
}

fn unsound_code() -> Rejection {
    let message = "an error's code has 1 to 100 letters, digits, hyphens, dots or underscores, like `not-readable`";
    Rejection::new(Refusal::Invalid, "BATON-DESK-015", message).about("code")
}

pub(crate) fn none_free(candidates: usize) -> Rejection {
    let message = format!("none of the {candidates} items is free any more; reload the list");
    Rejection::new(Refusal::Conflict, "BATON-DESK-010", message)
}
