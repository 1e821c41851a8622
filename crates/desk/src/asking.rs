//! The rules of asking and answering: who is asked for what while an item's clock stands still, who may
//! answer, and who may object. The holder's word alone stops no clock.

use crate::item::Item;
use crate::pauses::{Pause, Pauses};
use crate::people::People;
use crate::refusal::{
    asked_already, asks_nobody, contested, no_contest, no_item, no_request, not_asked, open_text,
    own_party, paused, unsaid, without_request,
};
use crate::rules::{Decision, Doer, LEASE};
use baton_journal::command::{Answer, Ask, Contest};
use baton_journal::event::{AnswerRequested, LeaseExtended, PauseContested, RequestAnswered};
use baton_journal::{Event, Rejection};
use baton_model::{Cell, Micros, PartyId};

/// Waits for the client.
pub const FOR_CLIENT: &str = "waiting-for-client";
/// Waits for another party, which is named.
pub const FOR_PARTY: &str = "waiting-for-party";

/// Those an item may wait for, each with a request.
pub const ASKED: [&str; 4] = [
    FOR_CLIENT,
    "waiting-for-supplier",
    "waiting-for-customer",
    FOR_PARTY,
];

/// Stops an item's clock until the other side has answered.
pub(crate) fn ask(item: &Item, doer: &Doer<'_>, people: Option<&People>, asked: &Ask) -> Decision {
    let worker = doer.holds(item)?;
    if let Some(reason) = &item.paused {
        return Err(paused(item, reason).into());
    }
    let party = whom(people, asked)?;
    if party.is_some() && party == item.party {
        return Err(own_party().into());
    }
    Ok(vec![Event::AnswerRequested(Box::new(AnswerRequested {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: worker.clone(),
        waits_for: asked.waits_for.clone(),
        asked: party,
        text: sealed(&asked.text)?,
    }))])
}

/// The party that is asked; nobody where it is one who does not work here.
fn whom(people: Option<&People>, asked: &Ask) -> Result<Option<PartyId>, Rejection> {
    match asked.waits_for.as_str() {
        FOR_CLIENT => Ok(people.and_then(People::client).cloned()),
        FOR_PARTY => asked.party.clone().map(Some).ok_or_else(asks_nobody),
        other if ASKED.contains(&other) => Ok(None),
        other => Err(not_asked(other)),
    }
}

/// Ends a request: by the party that was asked, or recorded with who gave the answer.
pub(crate) fn answer(
    item: &Item,
    doer: &Doer<'_>,
    pauses: Option<&Pauses>,
    client: bool,
    given: &Answer,
) -> Decision {
    let (worker, party) = doer.who().ok_or_else(|| no_item(&item.id))?;
    let Some((request, asked)) = pauses.and_then(|pauses| pauses.asked(&item.id)) else {
        // Whoever has nothing to do with the item is not told that it exists.
        if !client && !pauses.is_some_and(|pauses| pauses.was_asked(&item.id, party)) {
            doer.may_touch(item)?;
        }
        return Err(no_request(item).into());
    };
    let own = asked.asked.as_ref() == Some(party);
    // Of one who does not work here, the client may bring the answer too.
    let brings = own || (client && asked.asked.is_none());
    if !brings {
        doer.may_touch(item)?;
    }
    if !own && given.given_by.is_none() {
        return Err(unsaid().into());
    }
    let given_by = given.given_by.as_ref().map(sealed).transpose()?;
    let answered = Event::RequestAnswered(Box::new(RequestAnswered {
        case: item.case.clone(),
        item: item.id.clone(),
        request,
        by: party.clone(),
        worker: worker.clone(),
        text: sealed(&given.text)?,
        given_by,
    }));
    Ok([answered]
        .into_iter()
        .chain(goes_on(item, doer.now))
        .collect())
}

/// Whoever has the item keeps it by the same claim, and is in conflict with nobody by the answer.
fn goes_on(item: &Item, now: Micros) -> Option<Event> {
    let holder = item.holder(now)?;
    Some(Event::LeaseExtended(LeaseExtended {
        case: item.case.clone(),
        item: item.id.clone(),
        worker: holder.clone(),
        until: now.plus(LEASE).max(item.lease()),
    }))
}

/// The client objects to a pause of another party; once.
pub(crate) fn contest(doer: &Doer<'_>, pauses: Option<&Pauses>, asked: &Contest) -> Decision {
    let found = pauses.and_then(|pauses| pauses.get(asked.request));
    let found = found.filter(|pause| pause.item == asked.item && pause.request.is_some());
    let pause: &Pause = found.ok_or_else(|| no_contest(asked))?;
    let (worker, party) = doer.who().ok_or_else(|| no_contest(asked))?;
    if pause.party == *party {
        return Err(no_contest(asked).into());
    }
    if let Some((n, ..)) = &pause.contested {
        return Err(contested(*n).into());
    }
    Ok(vec![Event::PauseContested(Box::new(PauseContested {
        case: asked.case.clone(),
        item: asked.item.clone(),
        request: asked.request,
        worker: worker.clone(),
        text: sealed(&asked.text)?,
    }))])
}

/// Refuses to go on with an item while what was asked about it is open.
pub(crate) fn unanswered(item: &Item, pauses: Option<&Pauses>) -> Result<(), Rejection> {
    let open = pauses.and_then(|pauses| pauses.asked(&item.id));
    open.map_or(Ok(()), |(n, asked)| {
        Err(asked_already(item, n, &asked.waits_for))
    })
}

/// Refuses a pause for somebody that asks nothing.
pub(crate) fn of_the_own(code: &str) -> Result<(), Rejection> {
    if ASKED.contains(&code) {
        return Err(without_request(code));
    }
    Ok(())
}

/// A text as it was sealed at the door; what comes in the clear is refused.
fn sealed(cell: &Cell) -> Result<Cell, Rejection> {
    match cell {
        Cell::Sealed { .. } => Ok(cell.clone()),
        Cell::Clear(_) => Err(open_text()),
    }
}
