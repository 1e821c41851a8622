//! Who asks, and who else there is: `/api/v1/me`, parties, sites, workers, and tokens. Of other parties a
//! provider learns the client alone; workers are named to their own party.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::describe::Nothing;
use super::once;
use super::problem::Problem;
use super::shape::{Accepted, All, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::{Frame, name};
use axum::Json;
use axum::extract::State;
use baton_app::command::{Command, RevokeToken};
use baton_app::sight;
use baton_model::{WallTime, WorkerId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The one who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The worker's id.
    worker: String,
    /// The worker's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The worker's party.
    party: String,
    /// The worker's site.
    site: String,
    /// The lanes whose work items the worker does.
    lanes: Vec<String>,
    /// What the worker may do beyond that.
    roles: Vec<String>,
    /// Whether the party is the client.
    client: bool,
    /// The tenant.
    tenant: String,
    /// The tenant's name.
    tenant_name: String,
    /// Whether the tenant's data is simulated.
    simulated: bool,
}

/// A party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Party {
    /// The id, which is its code.
    #[schema(example = "KS")]
    id: String,
    /// Its name.
    name: String,
    /// `client`, `provider` or `auditor`.
    role: String,
}

/// A site of a party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Site {
    /// The id.
    id: String,
    /// Whose.
    party: String,
    /// The place.
    name: String,
    /// The IANA time zone.
    #[schema(example = "Europe/Warsaw")]
    zone: String,
    /// Whether it is open around the clock.
    always: bool,
}

/// A worker of the own party.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Worker {
    /// The id.
    id: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The site.
    site: String,
}

/// A token, without what opens anything.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    /// SHA-256 of the token, in hex.
    hash: String,
    /// As whom its holder acts.
    worker: String,
    /// What people call it.
    name: String,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
    /// Until when it holds.
    #[schema(format = DateTime)]
    until: String,
}

/// For whom a token is, and for how long.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// As whom its holder acts.
    worker: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// For how many days it holds; 90 where it is left out.
    #[schema(minimum = 1, maximum = 366)]
    days: Option<u16>,
}

impl Body for NewToken {}

/// Who is invited.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invited {
    /// The worker.
    worker: String,
}

impl Body for Invited {}

/// A one-time link that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// Where it signs in, once. It is shown this once.
    #[schema(example = "/sign-in/4f1c…")]
    path: String,
    /// Until when it works.
    #[schema(format = DateTime)]
    until: String,
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Issued {
    /// The token. It is shown this once.
    token: String,
    /// Its SHA-256 in hex, by which it is listed and revoked.
    hash: String,
    /// Until when it holds.
    #[schema(format = DateTime)]
    until: String,
}

/// Who asks
#[utoipa::path(get, path = "/me", tag = "people", operation_id = "me",
    responses((status = 200, description = "The worker of the token", body = Me)))]
pub(crate) async fn me(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<Me>, Problem> {
    let me = read(&web, move |app| {
        let viewer = &caller.0.viewer;
        let (scope, about) = (&viewer.scope, sight::about(app, &viewer.scope.tenant)?);
        Ok(Me {
            worker: scope.worker.to_string(),
            name: name(&viewer.name),
            party: scope.party.to_string(),
            site: viewer.site.to_string(),
            lanes: scope.lanes.iter().map(ToString::to_string).collect(),
            roles: viewer.roles.iter().cloned().collect(),
            client: scope.client,
            tenant: scope.tenant.to_string(),
            tenant_name: about.name,
            simulated: about.simulated,
        })
    });
    Ok(Json(me.await?))
}

/// List the parties
///
/// The own party and the client; for the client, all.
#[utoipa::path(get, path = "/parties", tag = "people", operation_id = "list_parties",
    responses((status = 200, description = "The parties", body = All<Party>)))]
pub(crate) async fn parties(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Party>>, Problem> {
    let all = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let named = frame.parties.values().filter(|it| frame.may_name(&it.id));
        let shape = |it: &sight::Party| Party {
            id: it.id.to_string(),
            name: it.name.clone(),
            role: it.role.clone(),
        };
        let items = named.map(shape).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// List the sites
#[utoipa::path(get, path = "/sites", tag = "people", operation_id = "list_sites",
    responses((status = 200, description = "The sites of the parties in sight", body = All<Site>)))]
pub(crate) async fn sites(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Site>>, Problem> {
    let all = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let named = frame.sites.values().filter(|it| frame.may_name(&it.party));
        let shape = |it: &sight::Site| Site {
            id: it.id.to_string(),
            party: it.party.to_string(),
            name: it.name.clone(),
            zone: it.zone.clone(),
            always: it.always,
        };
        let items = named.map(shape).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// List the workers of the own party
#[utoipa::path(get, path = "/workers", tag = "people", operation_id = "list_workers",
    responses((status = 200, description = "The workers", body = All<Worker>)))]
pub(crate) async fn workers(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Worker>>, Problem> {
    let all = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let mut items = Vec::new();
        for (id, site) in sight::colleagues(app, scope)? {
            let person = sight::person(app, scope, &id)?;
            items.push(Worker {
                name: person.as_ref().and_then(name),
                id: id.to_string(),
                site: site.to_string(),
            });
        }
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// List tokens
///
/// The own tokens; for an administrator, all that were not revoked.
#[utoipa::path(get, path = "/tokens", tag = "people", operation_id = "list_tokens",
    responses((status = 200, description = "The tokens", body = All<Token>)))]
pub(crate) async fn tokens(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Token>>, Problem> {
    let all = read(&web, move |app| {
        let viewer = &caller.0.viewer;
        let own = (!viewer.may_set_up()).then_some(&viewer.scope.worker);
        let tokens = sight::tokens(app, &viewer.scope.tenant, own)?;
        let shape = |it: sight::Token| Token {
            hash: it.hash,
            worker: it.worker.to_string(),
            name: it.name,
            since: instant(it.since),
            until: instant(it.until),
        };
        let items = tokens.into_iter().map(shape).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// Issue a token
///
/// For an administrator of the client. The token is shown in the answer and never again, also not to the
/// same request under the same key.
#[utoipa::path(post, path = "/tokens", tag = "people", operation_id = "issue_token",
    request_body = NewToken,
    responses((status = 201, description = "The token", body = Issued)))]
pub(crate) async fn admit(
    State(web): State<Web>,
    sent: Sent<NewToken>,
) -> Result<(axum::http::StatusCode, Json<Issued>), Problem> {
    let (_way, before) = once::enter(&web, &sent.by, sent.cause.as_ref()).await?;
    if let Some(receipt) = before {
        return Err(Problem::answered_before(receipt.n));
    }
    let days = i64::from(sent.body.days.unwrap_or(90));
    let until = web.app.now().plus(WallTime::hours(24 * days));
    let worker = WorkerId::new(&sent.body.worker);
    let (token, command) = sight::new_token(&web.app, &worker, &sent.body.name, until);
    once::submit(&web, &sent.by, sent.cause.as_ref(), command).await?;
    let issued = Issued {
        hash: sight::hash(&token),
        token,
        until: instant(until),
    };
    Ok((axum::http::StatusCode::CREATED, Json(issued)))
}

/// Invite a worker
///
/// Makes a one-time link, for a worker of the own party: by an administrator or a team leader. The client's
/// administrator makes another party's first links, until somebody of it who can invite has signed in. The
/// link is shown in the answer and never again.
#[utoipa::path(post, path = "/links", tag = "people", operation_id = "invite_worker",
    request_body = Invited,
    responses((status = 201, description = "The link", body = Invitation)))]
pub(crate) async fn invite(
    State(web): State<Web>,
    sent: Sent<Invited>,
) -> Result<(axum::http::StatusCode, Json<Invitation>), Problem> {
    let (_way, before) = once::enter(&web, &sent.by, sent.cause.as_ref()).await?;
    if let Some(receipt) = before {
        return Err(Problem::answered_before(receipt.n));
    }
    let worker = WorkerId::new(&sent.body.worker);
    let (token, until, command) = sight::new_link(&web.app, &worker);
    once::submit(&web, &sent.by, sent.cause.as_ref(), command).await?;
    let made = Invitation {
        path: format!("/sign-in/{token}"),
        until: instant(until),
    };
    Ok((axum::http::StatusCode::CREATED, Json(made)))
}

/// Revoke a token
///
/// An own one; for an administrator, any.
#[utoipa::path(delete, path = "/tokens/{hash}", tag = "people", operation_id = "revoke_token",
    params(("hash" = String, Path, description = "SHA-256 of the token, in hex")),
    responses((status = 200, description = "It holds no more", body = Accepted)))]
pub(crate) async fn revoke(
    State(web): State<Web>,
    Path(hash): Path<String>,
    sent: Sent<Nothing>,
) -> Result<Json<Accepted>, Problem> {
    let command = Command::RevokeToken(RevokeToken { hash });
    let receipt = once::send(&web, &sent, command).await?;
    Ok(Json(Accepted::of(&receipt)))
}

/// Nothing there for the one who asks, and counted.
pub(crate) fn unseen(web: &Web, caller: &Caller, what: &str, kind: &'static str) -> Failed {
    web.denials.count(&web.app, &caller.0.viewer, what);
    Failed::Missing(kind)
}
