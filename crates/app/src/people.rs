//! Workers of a tenant: making them known and changing what they do. Name and address are sealed here,
//! before the command is queued; who may work where is `access`'s to decide.

use crate::views::Reader;
use crate::{App, Failure, packs, sight};
use baton_journal::people::Able;
use baton_journal::setup::Worker;
use baton_journal::store::StoreError;
use baton_journal::turn::Refusal;
use baton_journal::{Actor, Command, Rejection};
use baton_model::{Cell, LaneId, PartyId, SiteId, TenantId, Value, WorkerId};
use std::collections::BTreeSet;

/// What is to be known of a worker; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The site.
    pub site: Option<String>,
    /// The name, in the clear: sealed before it is sent.
    pub name: Option<String>,
    /// The e-mail address, in the clear: sealed before it is sent.
    pub email: Option<String>,
    /// Lanes.
    pub lanes: Vec<String>,
    /// Roles.
    pub roles: Vec<String>,
    /// Skills.
    pub skills: Vec<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Clearances.
    pub clearances: Vec<String>,
}

/// The workers of a tenant with their names: for the terminal of whoever runs Baton.
pub fn all(app: &App, tenant: &TenantId) -> Result<Vec<(Worker, String)>, Failure> {
    let known = sight::registered(app, tenant).map_err(store)?;
    let named = sight::workers(app, tenant)?;
    let all = named.into_iter();
    Ok(all
        .filter_map(|worker| Some((known.get(&worker.id)?.clone(), worker.name)))
        .collect())
}

/// Makes a worker known; the entry's number.
pub fn add(
    app: &App,
    tenant: &TenantId,
    id: &str,
    party: &str,
    change: &Change,
) -> Result<i64, Failure> {
    let id = WorkerId::new(id);
    if sight::registered(app, tenant)
        .map_err(store)?
        .contains_key(&id)
    {
        return Err(refused(
            Refusal::Duplicate,
            "BATON-APP-045",
            format!("worker {id} is known already; `baton worker change` changes one"),
        ));
    }
    let worker = Worker {
        id,
        party: PartyId::new(party),
        site: SiteId::new(change.site.clone().unwrap_or_default()),
        name: Cell::Clear(Value::Null),
        email: Cell::Clear(Value::Null),
        lanes: BTreeSet::new(),
        roles: BTreeSet::new(),
        able: Able::default(),
    };
    send(app, tenant, worker, change, &Change::default())
}

/// Changes a worker who is known: adds what is named, takes away what is gone; the entry's number.
pub fn change(
    app: &App,
    tenant: &TenantId,
    id: &str,
    change: &Change,
    gone: &Change,
) -> Result<i64, Failure> {
    let known = sight::registered(app, tenant).map_err(store)?;
    let worker = known.get(&WorkerId::new(id)).cloned();
    let worker = worker.ok_or_else(|| {
        refused(
            Refusal::Missing,
            "BATON-APP-041",
            format!("there is no worker {id}; `baton worker list` shows who there is"),
        )
    })?;
    send(app, tenant, worker, change, gone)
}

fn send(
    app: &App,
    tenant: &TenantId,
    mut worker: Worker,
    more: &Change,
    gone: &Change,
) -> Result<i64, Failure> {
    known_lanes(app, tenant, &more.lanes)?;
    let lane = |text: &String| LaneId::new(text);
    worker.lanes.extend(more.lanes.iter().map(lane));
    worker
        .lanes
        .retain(|lane| !gone.lanes.iter().any(|gone| gone == lane.as_str()));
    let able = &mut worker.able;
    for (set, more, gone) in [
        (&mut worker.roles, &more.roles, &gone.roles),
        (&mut able.skills, &more.skills, &gone.skills),
        (&mut able.languages, &more.languages, &gone.languages),
        (&mut able.clearances, &more.clearances, &gone.clearances),
    ] {
        set.extend(more.iter().cloned());
        set.retain(|one| !gone.contains(one));
    }
    if let Some(site) = &more.site {
        worker.site = SiteId::new(site);
    }
    let typed = |text: &Option<String>| text.clone().map(|text| Cell::Clear(Value::Text(text)));
    if more.name.is_some() || more.email.is_some() {
        let open = Worker {
            name: typed(&more.name).unwrap_or(Cell::Clear(Value::Null)),
            email: typed(&more.email).unwrap_or(Cell::Clear(Value::Null)),
            ..worker.clone()
        };
        let sealed = packs::sealed(app, tenant, &open)?;
        if more.name.is_some() {
            worker.name = sealed.name;
        }
        if more.email.is_some() {
            worker.email = sealed.email;
        }
    }
    let command = Command::RegisterWorker(worker);
    let receipt = app.submit_now(tenant, Actor::System, &app.fresh_cause("worker"), command)?;
    Ok(receipt.n)
}

/// A lane that nobody deployed would be a slip of the pen.
fn known_lanes(app: &App, tenant: &TenantId, named: &[String]) -> Result<(), Failure> {
    let known = sight::lane_list(&Reader::shell(app, tenant)).map_err(store)?;
    let unknown = named
        .iter()
        .find(|lane| !known.iter().any(|one| one.id.as_str() == *lane));
    unknown.map_or(Ok(()), |lane| {
        Err(refused(
            Refusal::Missing,
            "BATON-APP-042",
            format!("there is no lane `{lane}`; `baton lane list` shows those that are deployed"),
        ))
    })
}

fn refused(kind: Refusal, code: &'static str, message: String) -> Failure {
    Failure::Rejected(Rejection::new(kind, code, message))
}

fn store(error: StoreError) -> Failure {
    Failure::Store(error.to_string())
}
