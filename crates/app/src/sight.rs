//! Who looks: sign-in links, sessions, and what a page must know of the viewer, the parties and the
//! lanes. Scopes are issued by `access` alone; this room reads its views and lends the keys.

use crate::views::{Reader, ViewError, int, maybe, text};
use crate::{App, Failure, Receipt};
use baton_access::{
    LINK_LIFE, Opener, SESSION_LIFE, SESSION_SQL, SealError, Shown, mask_person, scope_of,
};
use baton_journal::command::IssueToken;
use baton_journal::people::{Able, WorkState};
use baton_journal::setup;
use baton_journal::store::StoreError;
use baton_journal::{Actor, Command, Entry, Event};
use baton_model::{
    CaseId, Cell, LaneId, Masked, Micros, PartyId, Scope, SiteId, TenantId, Value, WorkerId,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const WORKERS: &str =
    "select worker, party, site, name, roles from worker where tenant = $1 order by party, worker";
const WORKER: &str =
    "select worker, party, site, name, roles from worker where tenant = $1 and worker = $2";
const LANES: &str = "select lane, name, party, site, reason, since, target from lane where tenant = $1 order by lane";
const PARTIES: &str = "select party, name, role, slot from party where tenant = $1 order by slot";
const SITES: &str =
    "select site, party, name, zone, always from site where tenant = $1 order by site";

/// A worker, as the shell knows one.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The id.
    pub id: WorkerId,
    /// The party.
    pub party: PartyId,
    /// The site.
    pub site: SiteId,
    /// The name, opened for the shell's own terminal; pages use [`person`].
    pub name: String,
    /// What the worker may do beyond the lanes' work.
    pub roles: BTreeSet<String>,
}

/// A lane and who runs it.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The id.
    pub id: LaneId,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub party: PartyId,
    /// Where.
    pub site: SiteId,
    /// Why.
    pub reason: String,
}

/// A party.
#[derive(Clone, Debug)]
pub struct Party {
    /// The id, its code.
    pub id: PartyId,
    /// Its name.
    pub name: String,
    /// `client`, `provider` or `auditor`.
    pub role: String,
    /// Its colour slot.
    pub slot: u32,
}

/// A site.
#[derive(Clone, Debug)]
pub struct Site {
    /// The id.
    pub id: SiteId,
    /// Whose.
    pub party: PartyId,
    /// The place.
    pub name: String,
    /// The IANA zone.
    pub zone: String,
    /// Whether it is open around the clock, as a bot's is.
    pub always: bool,
}

/// What a tenant is.
#[derive(Clone, Debug)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Whether its data is simulated.
    pub simulated: bool,
    /// Whose data it is.
    pub client: PartyId,
}

/// One who is signed in.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// What the viewer may see.
    pub scope: Scope,
    /// The session's hash.
    pub session: String,
    /// The viewer's site.
    pub site: SiteId,
    /// The viewer's own name.
    pub name: Masked<Shown>,
    /// What the viewer may do beyond the own lanes, like `controller`.
    pub roles: BTreeSet<String>,
    /// What the viewer can and may do: skills, languages, clearances.
    pub able: Able,
    /// What the viewer says to do.
    pub state: WorkState,
}

impl Viewer {
    /// Whether the viewer leads the workers of the own party.
    pub fn leads(&self) -> bool {
        self.roles.contains(baton_desk::TEAM_LEADER)
    }

    /// Whether the viewer may change who runs a lane.
    pub fn may_allocate(&self) -> bool {
        let roles = [baton_access::ADMINISTRATOR, baton_access::VENDOR_MANAGER];
        self.scope.client && roles.iter().any(|role| self.roles.contains(*role))
    }

    /// Whether the viewer may set the tenant up.
    pub fn may_set_up(&self) -> bool {
        self.scope.client && self.roles.contains(baton_access::ADMINISTRATOR)
    }

    /// The viewer as the one who asks.
    pub fn actor(&self) -> Actor {
        Actor::Worker {
            party: self.scope.party.clone(),
            worker: self.scope.worker.clone(),
        }
    }
}

/// A token's hash, which is all that is kept of it.
pub fn hash(token: &str) -> String {
    crate::hex(&Sha256::digest(token))
}

/// A new one-time link for a worker: its token, which is shown once, until when it works, and the command
/// that makes it work.
pub fn new_link(app: &App, worker: &WorkerId) -> (String, Micros, Command) {
    let (token, until) = (app.token(32), app.now().plus(LINK_LIFE));
    let command = Command::Invite {
        worker: worker.clone(),
        link: hash(&token),
        until,
    };
    (token, until, command)
}

/// Makes a one-time link for a worker and gives its token, which is shown once and not kept.
pub fn invite(app: &App, tenant: &TenantId, worker: &WorkerId) -> Result<String, Failure> {
    let (token, _, command) = new_link(app, worker);
    app.submit_now(tenant, Actor::System, &app.fresh_cause("invite"), command)?;
    Ok(token)
}

/// What a client program's token begins with, so that whoever finds one knows what it is.
const TOKEN: &str = "baton_";

const TOKENS: &str = "select token, worker, name, until, since from token where tenant = $1 order by worker, name, token";

/// A client program's token, without what opens anything.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its hash.
    pub hash: String,
    /// As whom its holder acts.
    pub worker: WorkerId,
    /// What people call it.
    pub name: String,
    /// Until when it holds.
    pub until: Micros,
    /// Since when.
    pub since: Micros,
}

/// A new token for a client program, and the command that lets it in. The token is shown once.
pub fn new_token(app: &App, worker: &WorkerId, name: &str, until: Micros) -> (String, Command) {
    let token = format!("{TOKEN}{}", app.token(32));
    let command = Command::IssueToken(IssueToken {
        worker: worker.clone(),
        hash: hash(&token),
        name: name.to_string(),
        until,
    });
    (token, command)
}

/// Lets a client program act as a worker: gives the token, which is shown once and not kept.
pub fn issue_token(
    app: &App,
    (tenant, actor): (&TenantId, Actor),
    worker: &WorkerId,
    name: &str,
    until: Micros,
) -> Result<String, Failure> {
    let (token, command) = new_token(app, worker, name, until);
    app.submit_now(tenant, actor, &app.fresh_cause("token"), command)?;
    Ok(token)
}

const COLLEAGUES: &str =
    "select worker, site from worker where tenant = $1 and party = $2 order by worker";

/// The workers of a viewer's party and their sites.
pub fn colleagues(app: &App, scope: &Scope) -> Result<Vec<(WorkerId, SiteId)>, StoreError> {
    let rows = Reader::of(app, scope).rows(COLLEAGUES, &[scope.party.as_str().into()])?;
    let worker =
        |row: &Vec<baton_journal::Datum>| (WorkerId::new(text(row, 0)), SiteId::new(text(row, 1)));
    Ok(rows.iter().map(worker).collect())
}

/// The tokens that were not revoked; of one worker, or of all.
pub fn tokens(
    app: &App,
    tenant: &TenantId,
    worker: Option<&WorkerId>,
) -> Result<Vec<Token>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(TOKENS, &[])?;
    let token = |row: &Vec<baton_journal::Datum>| Token {
        hash: text(row, 0),
        worker: WorkerId::new(text(row, 1)),
        name: text(row, 2),
        until: Micros(int(row, 3)),
        since: Micros(int(row, 4)),
    };
    let tokens = rows.iter().map(token);
    Ok(tokens
        .filter(|token| worker.is_none_or(|worker| token.worker == *worker))
        .collect())
}

/// Uses a link: gives a new session's token.
pub async fn sign_in(app: &App, tenant: &TenantId, link: &str) -> Result<String, Failure> {
    let token = app.token(32);
    let command = Command::OpenSession {
        link: hash(link),
        session: hash(&token),
        until: app.now().plus(SESSION_LIFE),
    };
    app.submit(tenant, Actor::System, &app.fresh_cause("sign-in"), command)
        .await?;
    Ok(token)
}

/// Ends a session.
pub async fn sign_out(app: &App, viewer: &Viewer) -> Result<Receipt, Failure> {
    let command = Command::CloseSession {
        session: viewer.session.clone(),
    };
    app.submit(
        &viewer.scope.tenant,
        viewer.actor(),
        &app.fresh_cause("sign-out"),
        command,
    )
    .await
}

/// Who a session's token belongs to; nobody where it does not hold.
pub fn viewer(app: &App, token: &str) -> Result<Option<Viewer>, ViewError> {
    let session = hash(token);
    for tenant in app.tenants()? {
        let reader = Reader::shell(app, &tenant);
        let rows = reader.rows(SESSION_SQL, &[session.as_str().into()])?;
        let found = rows.first().and_then(|row| {
            let scope = scope_of(&tenant, row, app.now())?;
            Some((scope, row))
        });
        let Some((scope, row)) = found else { continue };
        let (field, sealed) = ("worker.name", cell(row, 6));
        let opener = opener(app, &tenant);
        let name = mask_person(&scope, &scope.party, field, &sealed, &opener);
        return Ok(Some(Viewer {
            site: SiteId::new(text(row, 5)),
            name,
            roles: serde_json::from_str(&text(row, 7)).unwrap_or_default(),
            able: serde_json::from_str(&text(row, 8)).unwrap_or_default(),
            state: state(&reader, &scope.worker)?,
            scope,
            session,
        }));
    }
    Ok(None)
}

const STATE: &str =
    "select state from worker_state where tenant = $1 and worker = $2 and until_at is null";

/// What a worker says to do.
fn state(reader: &Reader<'_>, worker: &WorkerId) -> Result<WorkState, StoreError> {
    let rows = reader.rows(STATE, &[worker.as_str().into()])?;
    let word = rows.first().map(|row| text(row, 0)).unwrap_or_default();
    Ok(WorkState::of(&word).unwrap_or_default())
}

/// A worker's name as a viewer may see it: only people of one's own party have names.
pub fn person(
    app: &App,
    scope: &Scope,
    worker: &WorkerId,
) -> Result<Option<Masked<Shown>>, StoreError> {
    let rows = Reader::of(app, scope).rows(WORKER, &[worker.as_str().into()])?;
    Ok(rows.first().map(|row| person_of(app, scope, row)))
}

/// Whether the session of one who was signed in still holds, for the same worker of the same party.
pub fn holds(app: &App, viewer: &Viewer) -> Result<bool, ViewError> {
    let tenant = &viewer.scope.tenant;
    let rows = Reader::shell(app, tenant).rows(SESSION_SQL, &[viewer.session.as_str().into()])?;
    let scope = rows
        .first()
        .and_then(|row| scope_of(tenant, row, app.now()));
    Ok(scope.is_some_and(|scope| {
        scope.worker == viewer.scope.worker && scope.party == viewer.scope.party
    }))
}

fn person_of(app: &App, scope: &Scope, row: &[baton_journal::Datum]) -> Masked<Shown> {
    let cell = cell(row, 3);
    mask_person(
        scope,
        &PartyId::new(text(row, 1)),
        "worker.name",
        &cell,
        &opener(app, &scope.tenant),
    )
}

fn cell(row: &[baton_journal::Datum], column: usize) -> Cell {
    maybe(row, column)
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or(Cell::Clear(Value::Null))
}

/// Opens cells of a tenant for the mask.
pub(crate) fn opener<'a>(app: &'a App, tenant: &'a TenantId) -> impl Opener + 'a {
    move |field: &str, cell: &Cell| -> Result<Value, SealError> {
        app.inner.door.open_sealed(tenant, field, cell)
    }
}

/// The workers of a tenant, with names: for the terminal of whoever runs Baton.
pub fn workers(app: &App, tenant: &TenantId) -> Result<Vec<Worker>, Failure> {
    let rows = Reader::shell(app, tenant)
        .rows(WORKERS, &[])
        .map_err(|error| Failure::Store(error.to_string()))?;
    let name = |row: &[baton_journal::Datum]| {
        let value = app.inner.door.open(tenant, "worker.name", &cell(row, 3));
        value
            .ok()
            .and_then(|value| value.as_text().map(str::to_string))
            .unwrap_or_else(|| "(erased)".into())
    };
    Ok(rows
        .iter()
        .map(|row| Worker {
            id: WorkerId::new(text(row, 0)),
            party: PartyId::new(text(row, 1)),
            site: SiteId::new(text(row, 2)),
            name: name(row),
            roles: serde_json::from_str(&text(row, 4)).unwrap_or_default(),
        })
        .collect())
}

const REGISTERED: &str =
    "select worker, party, site, name, email, lanes, roles, able from worker where tenant = $1";

/// The workers as they were registered, names and addresses sealed.
pub(crate) fn registered(
    app: &App,
    tenant: &TenantId,
) -> Result<BTreeMap<WorkerId, setup::Worker>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(REGISTERED, &[])?;
    let list = |row: &[baton_journal::Datum], column| {
        serde_json::from_str::<Vec<String>>(&text(row, column)).unwrap_or_default()
    };
    let worker = |row: &Vec<baton_journal::Datum>| setup::Worker {
        id: WorkerId::new(text(row, 0)),
        party: PartyId::new(text(row, 1)),
        site: SiteId::new(text(row, 2)),
        name: cell(row, 3),
        email: cell(row, 4),
        lanes: list(row, 5).iter().map(LaneId::new).collect(),
        roles: list(row, 6).into_iter().collect(),
        able: serde_json::from_str(&text(row, 7)).unwrap_or_default(),
    };
    Ok(rows
        .iter()
        .map(worker)
        .map(|worker| (worker.id.clone(), worker))
        .collect())
}

/// The lanes of a tenant and who runs them.
pub fn lanes(app: &App, tenant: &TenantId) -> Result<Vec<Lane>, Failure> {
    lane_list(&Reader::shell(app, tenant)).map_err(|error| Failure::Store(error.to_string()))
}

const SEEN: &str =
    "select lane from sight where tenant = $1 and party = $2 and case_id = $3 and lane <> ''";

/// The lanes a case went through at the viewer's party.
pub(crate) fn lanes_of_case(
    reader: &Reader<'_>,
    scope: &Scope,
    case: &CaseId,
) -> Result<Vec<LaneId>, StoreError> {
    let rows = reader.rows(SEEN, &[scope.party.as_str().into(), case.as_str().into()])?;
    Ok(rows.iter().map(|row| LaneId::new(text(row, 0))).collect())
}

pub(crate) fn lane_list(reader: &Reader<'_>) -> Result<Vec<Lane>, StoreError> {
    let rows = reader.rows(LANES, &[])?;
    Ok(rows
        .iter()
        .map(|row| Lane {
            id: LaneId::new(text(row, 0)),
            name: text(row, 1),
            party: PartyId::new(text(row, 2)),
            site: SiteId::new(text(row, 3)),
            reason: text(row, 4),
        })
        .collect())
}

/// The parties of a tenant, by id.
pub fn parties(app: &App, tenant: &TenantId) -> Result<BTreeMap<PartyId, Party>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(PARTIES, &[])?;
    let party = |row: &Vec<baton_journal::Datum>| Party {
        id: PartyId::new(text(row, 0)),
        name: text(row, 1),
        role: text(row, 2),
        slot: u32::try_from(int(row, 3)).unwrap_or_default(),
    };
    Ok(rows
        .iter()
        .map(party)
        .map(|party| (party.id.clone(), party))
        .collect())
}

/// The sites of a tenant, by id.
pub fn sites(app: &App, tenant: &TenantId) -> Result<BTreeMap<SiteId, Site>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(SITES, &[])?;
    let site = |row: &Vec<baton_journal::Datum>| Site {
        id: SiteId::new(text(row, 0)),
        party: PartyId::new(text(row, 1)),
        name: text(row, 2),
        zone: text(row, 3),
        always: int(row, 4) > 0,
    };
    Ok(rows
        .iter()
        .map(site)
        .map(|site| (site.id.clone(), site))
        .collect())
}

/// What a tenant is, from its founding.
pub fn about(app: &App, tenant: &TenantId) -> Result<About, ViewError> {
    let entries = app.store().entries(tenant, 0, 1)?;
    let founded = entries
        .first()
        .and_then(|stored| Entry::from_bytes(&stored.bytes).ok());
    let event = founded.and_then(|entry| entry.events.into_iter().next());
    match event {
        Some(Event::TenantFounded {
            name,
            simulated,
            client,
        }) => Ok(About {
            name,
            simulated,
            client,
        }),
        _ => Err(ViewError::Unsound {
            what: format!("tenant {tenant}"),
            reason: "its journal does not begin with its founding".into(),
        }),
    }
}
