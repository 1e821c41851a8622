//! `/api/v1/lanes`: who runs which lane, and changing it. A provider sees its own part only.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::describe::Nothing;
use super::once;
use super::problem::Problem;
use super::shape::{Accepted, All, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use baton_app::command::Command;
use baton_app::lanes::{self, InFlight, LaneNow, Share, Takes, Version};
use baton_app::views::Reader;
use baton_model::{Decimal, LaneId, PartyId, SiteId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What becomes of a party's open items in a lane when it stops getting new ones.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenItems {
    /// It finishes all of them.
    Finish,
    /// It finishes what somebody works on; the rest is handed over.
    #[default]
    Split,
    /// All of them are handed over.
    HandOver,
}

impl From<OpenItems> for InFlight {
    fn from(items: OpenItems) -> Self {
        match items {
            OpenItems::Finish => Self::Finish,
            OpenItems::Split => Self::Split,
            OpenItems::HandOver => Self::HandOver,
        }
    }
}

impl From<InFlight> for OpenItems {
    fn from(policy: InFlight) -> Self {
        match policy {
            InFlight::Finish => Self::Finish,
            InFlight::Split => Self::Split,
            InFlight::HandOver => Self::HandOver,
        }
    }
}

/// A lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lane {
    /// Its id.
    #[schema(example = "verify")]
    id: String,
    /// Its name.
    name: String,
    /// Its version: every change of who runs it makes the next.
    version: u32,
    /// Since when it is so.
    #[schema(format = DateTime)]
    since: String,
    /// What becomes of the open items of a party that stops.
    in_flight: OpenItems,
    /// The parties in sight, with their shares.
    parties: Vec<Part>,
}

/// A party's part in a lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Part {
    /// The party.
    party: String,
    /// At which of its sites.
    site: String,
    /// Its share of the new cases, in hundredths of a percent.
    basis_points: u32,
    /// Which cases it takes, in FEEL.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<String>,
    /// Which cases it takes, by language and value.
    takes: Taken,
    /// Why it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<String>,
    /// Whether it gets new cases now.
    active: bool,
    /// Its open work items.
    open: i64,
    /// How many of them somebody works on.
    started: i64,
}

/// A change of a lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Change {
    /// The lane's version it made.
    version: i64,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The entry of the journal.
    n: i64,
    /// What changed, like `shared`, `paused`, `resumed`.
    change: String,
    /// Of which party.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// Why.
    reason: String,
}

/// A party's share, to be set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewShare {
    /// The party.
    party: String,
    /// At which of its sites; its first where it is left out.
    site: Option<String>,
    /// In hundredths of a percent; 0 for a backup.
    #[schema(maximum = 10000)]
    basis_points: u32,
    /// Which cases it takes, in FEEL; all where it is left out.
    when: Option<String>,
    /// Which cases it takes, by language and value; all where it is left out.
    #[serde(default)]
    takes: Taken,
}

/// Which cases a party takes, without an expression; all where nothing is said.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    /// Cases in these languages, by the field that the lane's setting names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(example = json!(["DE", "PL"]))]
    languages: BTreeSet<String>,
    /// Cases of at least this value, a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1000.00")]
    least: Option<String>,
    /// Cases of at most this value, a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "25000.00")]
    most: Option<String>,
}

impl Taken {
    fn of(takes: &Takes) -> Self {
        Self {
            languages: takes.languages.clone(),
            least: takes.least.map(|least| least.to_string()),
            most: takes.most.map(|most| most.to_string()),
        }
    }

    fn read(&self) -> Result<Takes, Problem> {
        let value = |text: &Option<String>| {
            let read = text.as_ref().map(|text| text.parse::<Decimal>());
            read.transpose().map_err(|_| {
                Problem::invalid("a value is a decimal; write it like `25000.00`")
                    .about(Some("takes".into()))
            })
        };
        Ok(Takes {
            languages: self.languages.clone(),
            least: value(&self.least)?,
            most: value(&self.most)?,
        })
    }
}

/// Who gets the new cases of a lane from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shares {
    /// The shares; they add up to 10,000.
    #[schema(min_items = 1)]
    shares: Vec<NewShare>,
    /// What becomes of the open items of a party that has no share any more.
    #[serde(default)]
    in_flight: OpenItems,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The lane's version that was read: it is refused if the lane has changed since.
    version: Option<u32>,
}

impl Body for Shares {}

/// A change of one party's part.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartChange {
    /// The party.
    party: String,
    /// What becomes of the open items of whoever stops.
    #[serde(default)]
    in_flight: OpenItems,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The lane's version that was read: it is refused if the lane has changed since.
    version: Option<u32>,
}

impl Body for PartChange {}

impl NewShare {
    /// The share in a lane; at the party's first site where none is named.
    pub(crate) fn share(&self, lane: &LaneNow) -> Result<Share, Problem> {
        let party = PartyId::new(&self.party);
        let given = self.site.as_ref().map(SiteId::new);
        let site = given.or_else(|| lane.homes.get(&party).cloned());
        Ok(Share {
            site: site.ok_or_else(|| no_site(&self.party))?,
            basis_points: self.basis_points,
            when: self.when.clone(),
            takes: self.takes.read()?,
            party,
        })
    }
}

impl Lane {
    /// A lane as it was read: the parties in sight are in it.
    fn of(lane: &LaneNow) -> Self {
        let parts = lane.parts.iter().map(|part| Part {
            party: part.share.party.to_string(),
            site: part.share.site.to_string(),
            basis_points: part.share.basis_points,
            when: part.share.when.clone(),
            takes: Taken::of(&part.share.takes),
            paused: part.paused.clone(),
            active: part.active,
            open: part.open,
            started: part.started,
        });
        Self {
            id: lane.id.to_string(),
            name: lane.name.clone(),
            version: lane.epoch,
            since: instant(lane.since),
            in_flight: lane.in_flight.into(),
            parties: parts.collect(),
        }
    }
}

/// List lanes
#[utoipa::path(get, path = "/lanes", tag = "lanes", operation_id = "list_lanes",
    responses((status = 200, description = "The lanes in sight", body = All<Lane>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Lane>>, Problem> {
    let all = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let lanes = lanes::lanes(&Reader::of(app, scope), scope)?;
        let items = lanes.iter().map(Lane::of).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// Read a lane
#[utoipa::path(get, path = "/lanes/{lane}", tag = "lanes", operation_id = "read_lane",
    params(("lane" = String, Path, description = "The lane's id")),
    responses((status = 200, description = "The lane", body = Lane)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<Lane>, Problem> {
    let lane = read(&web, move |app| Ok(Lane::of(&lane(app, &caller, &id)?)));
    Ok(Json(lane.await?))
}

/// List the changes of a lane
///
/// For the client: the last fifty, the newest first.
#[utoipa::path(get, path = "/lanes/{lane}/history", tag = "lanes", operation_id = "lane_history",
    params(("lane" = String, Path, description = "The lane's id")),
    responses((status = 200, description = "Its changes", body = All<Change>)))]
pub(crate) async fn history(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Change>>, Problem> {
    let all = read(&web, move |app| {
        let lane = lane(app, &caller, &id)?;
        if !caller.0.viewer.scope.client {
            return Err(Failed::Missing("lane"));
        }
        let shape = |it: Version| Change {
            version: it.epoch,
            at: instant(it.at),
            n: it.n,
            change: it.change,
            party: it.party.map(|party| party.to_string()),
            reason: it.reason,
        };
        let versions = lanes::versions(app, caller.0.tenant(), &lane.id)?;
        let items = versions.into_iter().map(shape).collect();
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// A lane in sight.
pub(crate) fn lane(app: &baton_app::App, caller: &Caller, id: &str) -> Result<LaneNow, Failed> {
    let scope = &caller.0.viewer.scope;
    let lanes = lanes::lanes(&Reader::of(app, scope), scope)?;
    let found = lanes.into_iter().find(|lane| lane.id.as_str() == id);
    found.ok_or(Failed::Missing("lane"))
}

/// Split a lane's new cases between parties
#[utoipa::path(post, path = "/lanes/{lane}/shares", tag = "lanes", operation_id = "set_shares",
    params(("lane" = String, Path, description = "The lane's id")), request_body = Shares,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn set_shares(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Shares>,
) -> Result<Json<Accepted>, Problem> {
    let lane = checked(&web, &sent.by, &id, sent.body.version).await?;
    let shares = sent.body.shares.iter().map(|new| new.share(&lane));
    let command = Command::SetShares {
        lane: LaneId::new(id),
        shares: shares.collect::<Result<_, Problem>>()?,
        in_flight: sent.body.in_flight.into(),
        reason: sent.body.reason.clone(),
    };
    change(&web, &sent, command).await
}

fn no_site(party: &str) -> Problem {
    Problem::invalid(&format!(
        "there is no party `{party}` with a site; `GET /api/v1/sites` lists them"
    ))
    .about(Some("shares".into()))
}

/// Give a party nothing new in a lane
#[utoipa::path(post, path = "/lanes/{lane}/pause", tag = "lanes", operation_id = "pause_party",
    params(("lane" = String, Path, description = "The lane's id")), request_body = PartChange,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn pause(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<PartChange>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let command = Command::PauseParty {
        lane: LaneId::new(id),
        party: PartyId::new(&sent.body.party),
        in_flight: sent.body.in_flight.into(),
        reason: sent.body.reason.clone(),
    };
    change(&web, &sent, command).await
}

/// Let a paused party have its share again
#[utoipa::path(post, path = "/lanes/{lane}/resume", tag = "lanes", operation_id = "resume_party",
    params(("lane" = String, Path, description = "The lane's id")), request_body = PartChange,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn resume(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<PartChange>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let command = Command::ResumeParty {
        lane: LaneId::new(id),
        party: PartyId::new(&sent.body.party),
        reason: sent.body.reason.clone(),
    };
    change(&web, &sent, command).await
}

/// Let a party of the lane run all of it
#[utoipa::path(post, path = "/lanes/{lane}/step-in", tag = "lanes", operation_id = "step_in",
    params(("lane" = String, Path, description = "The lane's id")), request_body = PartChange,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn step_in(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<PartChange>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let command = Command::StepIn {
        lane: LaneId::new(id),
        party: PartyId::new(&sent.body.party),
        in_flight: sent.body.in_flight.into(),
        reason: sent.body.reason.clone(),
    };
    change(&web, &sent, command).await
}

/// Give a lane to a party alone
#[utoipa::path(post, path = "/lanes/{lane}/give", tag = "lanes", operation_id = "give_lane",
    params(("lane" = String, Path, description = "The lane's id")), request_body = PartChange,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn give(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<PartChange>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let command = Command::Allocate {
        lane: LaneId::new(id),
        party: PartyId::new(&sent.body.party),
        reason: sent.body.reason.clone(),
    };
    change(&web, &sent, command).await
}

/// The lane as it is, if it is still at the version that was read.
pub(crate) async fn checked(
    web: &Web,
    by: &Caller,
    id: &str,
    version: Option<u32>,
) -> Result<LaneNow, Problem> {
    let (by, id) = (by.clone(), id.to_string());
    let found = read(web, move |app| lane(app, &by, &id)).await?;
    if version.is_some_and(|version| version != found.epoch) {
        let detail = format!(
            "the lane `{}` is at version {} now; read it again, and send the change if it still holds",
            found.id, found.epoch
        );
        let title = "It has changed meanwhile";
        let moved = Problem::new(StatusCode::CONFLICT, "BATON-WEB-038", title, &detail);
        return Err(moved.about(Some(found.epoch.to_string())));
    }
    Ok(found)
}

/// Sends a change; open work items move beside the answer, and what is left with the next tick.
pub(crate) async fn change<T>(
    web: &Web,
    sent: &Sent<T>,
    command: Command,
) -> Result<Json<Accepted>, Problem> {
    let receipt = once::send(web, sent, command).await?;
    let (app, tenant) = (web.app.clone(), sent.by.0.tenant().clone());
    tokio::task::spawn_blocking(move || {
        if let Err(failure) = lanes::hand_over(&app, &tenant) {
            tracing::warn!(%failure, "a hand-over stopped; the next tick goes on with it");
        }
    });
    Ok(Json(Accepted::of(&receipt)))
}
