//! The views of this room and the rows an event changes: who belongs where, who is signed in, what a lane
//! may see, which case is in whose sight, and what was revealed, tried and erased.
//!
//! Rows are read from the state after the event. Names of people stay sealed cells.

use crate::Access;
use crate::grants::Grant;
use baton_journal::setup::{PartyRole, Worker};
use baton_journal::{Change, Column, Datum, Event, EventName, Key, View};
use baton_model::{CaseId, LaneId, Micros, PartyId, WorkItemId};
use serde::Serialize;

/// Every view of this room.
pub const VIEWS: &[View] = &[
    PARTY,
    SITE,
    WORKER,
    WORKER_LANE,
    SESSION,
    LANE_GRANT,
    SIGHT,
    REVEAL,
    DENIAL,
    ERASURE,
];

const fn view(
    name: &'static str,
    key: usize,
    columns: &'static [Column],
    indexes: &'static [&'static [&'static str]],
) -> View {
    View {
        name,
        version: 1,
        columns,
        key,
        indexes,
    }
}

/// The parties. `role` is `client`, `provider` or `auditor`.
pub const PARTY: View = view(
    "party",
    1,
    &[
        Column::text("party"),
        Column::text("name"),
        Column::text("role"),
        Column::int("slot"),
    ],
    &[],
);

/// The sites; `zone` is the IANA zone of the site's calendar.
pub const SITE: View = view(
    "site",
    1,
    &[
        Column::text("site"),
        Column::text("party"),
        Column::text("name"),
        Column::text("zone"),
        Column::int("always"),
    ],
    &[],
);

/// The workers; `name` and `email` are sealed cells in JSON, `lanes` and `roles` lists in JSON, `client`
/// is 1 for workers of the client.
pub const WORKER: View = view(
    "worker",
    1,
    &[
        Column::text("worker"),
        Column::text("party"),
        Column::text("site"),
        Column::text("name"),
        Column::text("email"),
        Column::text("lanes"),
        Column::text("roles"),
        Column::int("client"),
    ],
    &[&["party"]],
);

/// The lanes a worker does, a row each: what queries join.
pub const WORKER_LANE: View = view(
    "worker_lane",
    2,
    &[Column::text("worker"), Column::text("lane")],
    &[],
);

/// The sessions that were not closed, by their token's hash. One holds while now is before `until`.
pub const SESSION: View = view(
    "session",
    1,
    &[
        Column::text("session"),
        Column::text("worker"),
        Column::int("until"),
        Column::int("since"),
    ],
    &[&["worker"]],
);

/// What a lane may read and write (lists in JSON), and its rule for free text (in JSON).
pub const LANE_GRANT: View = view(
    "lane_grant",
    1,
    &[
        Column::text("lane"),
        Column::text("name"),
        Column::text("party"),
        Column::text("read"),
        Column::text("write"),
        Column::text("freetext"),
    ],
    &[],
);

/// Which party sees which case, and which work item by which lane. A row of a case has an empty `item`;
/// the client's row of a case has an empty `lane` too and stands for everything in it.
pub const SIGHT: View = view(
    "sight",
    4,
    &[
        Column::text("party"),
        Column::text("case_id"),
        Column::text("lane"),
        Column::text("item"),
    ],
    &[&["case_id"]],
);

/// The reveals, one by one.
pub const REVEAL: View = view(
    "reveal",
    2,
    &[
        Column::int("n"),
        Column::int("i"),
        Column::text("worker"),
        Column::text("case_id"),
        Column::text("field"),
        Column::text("reason"),
        Column::int("at"),
    ],
    &[&["worker", "at"], &["case_id"]],
);

/// Attempts to reach what the worker may not see, counted by the minute.
pub const DENIAL: View = view(
    "denial",
    2,
    &[
        Column::int("n"),
        Column::int("i"),
        Column::text("worker"),
        Column::text("what"),
        Column::int("count"),
        Column::int("at"),
    ],
    &[&["worker", "at"]],
);

/// The last erasure of each subject: the tombstones. `n` is what the key store is told.
pub const ERASURE: View = view(
    "erasure",
    1,
    &[
        Column::text("subject"),
        Column::int("n"),
        Column::text("reason"),
        Column::int("at"),
    ],
    &[],
);

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
    let (n, i) = (Datum::Int(name.n), Datum::Int(i64::from(name.i)));
    let at = Datum::Int(at.0);
    Some(match event {
        Event::SessionOpened {
            worker,
            session,
            until,
            ..
        } => {
            let until = Datum::Int(until.0);
            put(
                SESSION,
                [session.as_str().into(), worker.as_str().into(), until, at],
            )
        }
        Event::SessionClosed { session } => delete(SESSION, [session.as_str()]),
        Event::FieldRevealed {
            case,
            field,
            worker,
            reason,
        } => {
            let texts = [worker.as_str(), case.as_str(), field, reason].map(Datum::from);
            put(REVEAL, [n, i].into_iter().chain(texts).chain([at]))
        }
        Event::DenialsCounted {
            worker,
            what,
            count,
        } => {
            let count = Datum::Int(i64::from(*count));
            put(
                DENIAL,
                [
                    n,
                    i,
                    worker.as_str().into(),
                    what.as_str().into(),
                    count,
                    at,
                ],
            )
        }
        Event::SubjectErased { subject, reason } => put(
            ERASURE,
            [subject.as_str().into(), n, reason.as_str().into(), at],
        ),
        _ => return None,
    })
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
    let lists = [json(&grant.read), json(&grant.write), json(&grant.freetext)];
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
