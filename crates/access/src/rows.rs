//! The rows of this room's views that change with an event, read from the state after it. It opens
//! nothing: what is personal goes into a row as the sealed cell it came as. Declared in `views`.

use crate::Access;
use crate::grants::Grant;
use crate::views::{
    DENIAL, ERASURE, LANE_GRANT, PARTY, REVEAL, SESSION, SIGHT, SITE, TOKEN, WORKER, WORKER_LANE,
};
use baton_journal::event::{
    DenialsCounted, FieldRevealed, SessionClosed, SessionOpened, SubjectErased,
};
use baton_journal::setup::{PartyRole, Worker};
use baton_journal::{Change, Datum, Event, EventName, Key, View};
use baton_model::{CaseId, LaneId, Micros, PartyId, WorkItemId};
use serde::Serialize;

/// The rows an event changes.
pub(crate) fn project(access: &Access, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
    match event {
        Event::PartyRegistered(_) | Event::SiteRegistered(_) => {
            vec![place(event)].into_iter().flatten().collect()
        }
        Event::WorkerRegistered(worker) => worker_rows(access, worker),
        Event::PackDeployed { deployment, .. } => {
            let lanes = deployment.lanes.iter();
            lanes.filter_map(|lane| grant(access, &lane.id)).collect()
        }
        Event::LaneGiven { lane, .. } => grant(access, lane).into_iter().collect(),
        Event::LaneShared(now) => grant(access, &now.lane).into_iter().collect(),
        Event::CaseStarted { case, .. } => client_sight(access, case).into_iter().collect(),
        Event::ItemAllocated {
            case,
            item,
            lane,
            party,
            ..
        } => sight(access, case, item, lane, party),
        _ => logged(event, name, at).into_iter().collect(),
    }
}

/// A row for what is only noted: sessions, reveals, denials, erasures.
fn logged(event: &Event, name: EventName, at: Micros) -> Option<Change> {
    Some(match event {
        Event::TokenIssued(issued) => {
            let texts = [issued.hash.as_str(), issued.worker.as_str(), &issued.name];
            let instants = [issued.until.0, at.0].map(Datum::from);
            put(TOKEN, texts.map(Datum::from).into_iter().chain(instants))
        }
        Event::TokenRevoked(revoked) => delete(TOKEN, [revoked.hash.as_str()]),
        Event::SessionOpened(SessionOpened {
            worker,
            session,
            until,
            ..
        }) => {
            let texts = [session.as_str(), worker.as_str()].map(Datum::from);
            put(
                SESSION,
                texts.into_iter().chain([until.0, at.0].map(Datum::from)),
            )
        }
        Event::SessionClosed(SessionClosed { session }) => delete(SESSION, [session.as_str()]),
        Event::SubjectErased(SubjectErased { subject, reason }) => {
            let (subject, reason) = (subject.as_str().into(), reason.as_str().into());
            put(ERASURE, [subject, name.n.into(), reason, at.0.into()])
        }
        _ => return counted(event, name, at),
    })
}

/// A row of its own for each reveal and each minute's denials.
fn counted(event: &Event, name: EventName, at: Micros) -> Option<Change> {
    let named = [name.n, i64::from(name.i)].map(Datum::from);
    match event {
        Event::FieldRevealed(FieldRevealed {
            case,
            field,
            worker,
            reason,
        }) => {
            let texts = [worker.as_str(), case.as_str(), field, reason].map(Datum::from);
            let row = named.into_iter().chain(texts);
            Some(put(REVEAL, row.chain([at.0.into()])))
        }
        Event::DenialsCounted(DenialsCounted {
            worker,
            what,
            count,
        }) => {
            let texts = [worker.as_str(), what.as_str()].map(Datum::from);
            let row = named.into_iter().chain(texts);
            let numbers = [i64::from(*count), at.0].map(Datum::from);
            Some(put(DENIAL, row.chain(numbers)))
        }
        _ => None,
    }
}

fn place(event: &Event) -> Option<Change> {
    Some(match event {
        Event::PartyRegistered(party) => {
            let role = match party.role {
                PartyRole::Client => "client",
                PartyRole::Provider => "provider",
                PartyRole::Auditor => "auditor",
            };
            let texts = [party.id.as_str(), &party.name, role].map(Datum::from);
            let slot = Datum::Int(i64::from(party.slot));
            put(PARTY, texts.into_iter().chain([slot]))
        }
        Event::SiteRegistered(site) => {
            let zone = &site.calendar.zone;
            let texts = [site.id.as_str(), site.party.as_str(), &site.name, zone].map(Datum::from);
            let always = Datum::Int(i64::from(site.calendar.always));
            put(SITE, texts.into_iter().chain([always]))
        }
        _ => return None,
    })
}

fn worker_rows(access: &Access, worker: &Worker) -> Vec<Change> {
    let tenancy = access.tenancy.peek(&Key::Tenant);
    let client = tenancy.is_some_and(|tenancy| tenancy.is_client(&worker.party));
    let texts = [
        worker.id.as_str(),
        worker.party.as_str(),
        worker.site.as_str(),
    ];
    let row = texts.map(Datum::from).into_iter().chain([
        json(&worker.name),
        json(&worker.email),
        json(&worker.lanes),
        json(&worker.roles),
        Datum::Int(i64::from(client)),
        json(&worker.able),
    ]);
    let mut changes = vec![put(WORKER, row)];
    let person = tenancy.and_then(|tenancy| tenancy.workers.get(&worker.id));
    let left = person.into_iter().flat_map(|person| &person.left);
    changes.extend(left.map(|lane| delete(WORKER_LANE, [worker.id.as_str(), lane.as_str()])));
    let lane = |lane: &LaneId| {
        put(
            WORKER_LANE,
            [worker.id.as_str(), lane.as_str()].map(Datum::from),
        )
    };
    changes.extend(worker.lanes.iter().map(lane));
    changes
}

fn grant(access: &Access, lane: &LaneId) -> Option<Change> {
    let tenancy = access.tenancy.peek(&Key::Tenant)?;
    let grant: &Grant = tenancy.grants.get(lane)?;
    let texts = [grant.lane.as_str(), &grant.name, grant.party.as_str()].map(Datum::from);
    let lists = [
        json(&grant.read),
        json(&grant.write),
        json(&grant.freetext),
        json(&grant.runners),
        json(&grant.receives),
    ];
    Some(put(LANE_GRANT, texts.into_iter().chain(lists)))
}

fn client_sight(access: &Access, case: &CaseId) -> Option<Change> {
    let client = access.tenancy.peek(&Key::Tenant)?.client.as_ref()?;
    Some(put(SIGHT, sight_key(client, case, "", "").map(Datum::from)))
}

fn sight(
    access: &Access,
    case: &CaseId,
    item: &WorkItemId,
    lane: &LaneId,
    party: &PartyId,
) -> Vec<Change> {
    let held = access.cases.peek(&Key::Case(case.clone()));
    let left = held.and_then(|held| held.items.get(item)?.left.clone());
    let mut changes = Vec::new();
    if let (Some(held), Some(left)) = (held, &left) {
        changes.push(delete(
            SIGHT,
            sight_key(left, case, lane.as_str(), item.as_str()),
        ));
        if !held.lanes(left).any(|other| other == lane) {
            changes.push(delete(SIGHT, sight_key(left, case, lane.as_str(), "")));
        }
    }
    for item in ["", item.as_str()] {
        let key = sight_key(party, case, lane.as_str(), item);
        changes.push(put(SIGHT, key.map(Datum::from)));
    }
    changes
}

fn sight_key<'a>(
    party: &'a PartyId,
    case: &'a CaseId,
    lane: &'a str,
    item: &'a str,
) -> [&'a str; 4] {
    [party.as_str(), case.as_str(), lane, item]
}

fn put(view: View, row: impl IntoIterator<Item = Datum>) -> Change {
    Change::Put {
        view: view.name,
        row: row.into_iter().collect(),
    }
}

fn delete<'a>(view: View, key: impl IntoIterator<Item = &'a str>) -> Change {
    Change::Delete {
        view: view.name,
        key: key.into_iter().map(Datum::from).collect(),
    }
}

/// A value as JSON text. What is written here always has a JSON form.
fn json(value: &impl Serialize) -> Datum {
    serde_json::to_string(value).unwrap_or_default().into()
}
