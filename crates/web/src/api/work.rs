//! `/api/v1/work`: the open items of a worker's lanes, and the next free one, claimed.

use super::ask::{Body, Caller, Sent};
use super::items::{lease, work_item};
use super::listed::{Listed, Paging};
use super::problem::Problem;
use super::shape::{Item, Page, Standing, WorkItem};
use super::{next, once};
use crate::handlers::Web;
use crate::handlers::answer::read;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_app::command::{ClaimFor, Command, Event};
use baton_app::views::Reader;
use baton_app::views::queue::{self, Filter, Position};
use baton_app::views::work;
use baton_model::{LaneId, WallTime};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use utoipa::{IntoParams, ToSchema};

/// How many items a claim tries where others are quicker.
const ROUNDS: usize = 50;

/// How long a lease may be, as the desk takes it.
const LEASES: RangeInclusive<WallTime> = WallTime::seconds(1)..=WallTime::hours(8);

/// Which items are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// A lane's id; all of the worker's lanes where it is left out.
    lane: Option<String>,
    /// How the items stand to the worker.
    #[param(inline)]
    state: Option<Standing>,
}

/// What is to be claimed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimNext {
    /// The lanes to take from; all of the worker's where it is left out.
    lanes: Option<Vec<String>>,
    /// For how long; 30 minutes where it is left out.
    #[schema(minimum = 1, maximum = 28800)]
    lease_seconds: Option<u32>,
}

impl Body for ClaimNext {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// List open work items
///
/// The open items of the worker's lanes at the worker's party, the first due first; those without a due
/// instant last.
#[utoipa::path(get, path = "/work", tag = "work", operation_id = "list_work", params(Asked, Paging),
    responses((status = 200, description = "A page of items", body = Page<Item>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Asked, Position>,
) -> Result<Json<Page<Item>>, Problem> {
    let filter = Filter {
        lane: listed.asked.lane.as_ref().map(LaneId::new),
        state: listed.asked.state.map(Into::into),
    };
    let viewer = caller.0.viewer;
    let page = read(&web, move |app| {
        let reader = Reader::of(app, &viewer.scope);
        let (after, rows) = (listed.after.as_ref(), listed.read());
        let found = queue::page(&reader, &viewer.scope, &filter, after, rows)?;
        Ok(listed.page(found, work::Item::position, |item| Item::of(item, &viewer)))
    });
    Ok(Json(page.await?))
}

/// Claim the next free item
///
/// The first free item in due order becomes the worker's, with a fence and a lease. Complete it, extend the
/// lease in time, or release it; past the lease it goes back to the queue. 204 where nothing is free.
#[utoipa::path(post, path = "/work/claim-next", tag = "work", operation_id = "claim_next",
    request_body(content = ClaimNext, description = "What to take from, and for how long; may be left out"),
    responses((status = 200, description = "The item, with what is needed to do it", body = WorkItem),
        (status = 204, description = "Nothing is free")))]
pub(crate) async fn claim_next(
    State(web): State<Web>,
    sent: Sent<ClaimNext>,
) -> Result<Response, Problem> {
    let lease = lease(sent.body.lease_seconds);
    // Where nothing is free, the desk is not asked.
    if !LEASES.contains(&lease) {
        let detail =
            "`lease_seconds` is 1 to 28800; ask for a length between, and extend it in time";
        return Err(Problem::invalid(detail).about(Some("lease_seconds".into())));
    }
    let lanes = lanes(&sent)?;
    let (_way, before) = once::enter(&web, &sent.by, sent.cause.as_ref()).await?;
    if let Some(receipt) = before {
        return claimed(&web, &sent.by, &receipt).await;
    }
    let mut tried = BTreeSet::new();
    while tried.len() < ROUNDS {
        let viewer = &sent.by.0.viewer;
        let Some(free) = next::take(&web, viewer, &lanes, &tried).await? else {
            break;
        };
        tried.insert(free.item.clone());
        let candidates = vec![(free.case, free.item)];
        let command = Command::ClaimFor(ClaimFor { candidates, lease });
        match once::submit(&web, &sent.by, sent.cause.as_ref(), command).await {
            Ok(receipt) => return claimed(&web, &sent.by, &receipt).await,
            // Others were quicker, or the item went to another party meanwhile: the next one.
            Err(problem) if matches!(problem.status, 403 | 404 | 409) => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The lanes to take from: those asked for, each one of the worker's.
fn lanes(sent: &Sent<ClaimNext>) -> Result<Vec<LaneId>, Problem> {
    let own = &sent.by.0.viewer.scope.lanes;
    let Some(asked) = &sent.body.lanes else {
        return Ok(own.iter().cloned().collect());
    };
    let asked: Vec<LaneId> = asked.iter().map(LaneId::new).collect();
    match asked.iter().find(|lane| !own.contains(*lane)) {
        Some(lane) => {
            let detail = format!("`{lane}` is none of your lanes; `GET /api/v1/me` lists them");
            Err(Problem::invalid(&detail).about(Some("lanes".into())))
        }
        None => Ok(asked),
    }
}

/// The item that was claimed. A repeated answer is the first one again, as long as the claim holds.
async fn claimed(
    web: &Web,
    by: &Caller,
    receipt: &baton_app::Receipt,
) -> Result<Response, Problem> {
    let assigned = receipt.events.iter().find_map(|event| match event {
        Event::ItemAssigned { item, .. } => Some(item.clone()),
        _ => None,
    });
    let item = assigned.ok_or_else(|| Problem::answered_before(receipt.n))?;
    let found = work_item(web, by, &item).await;
    let holds = |found: &WorkItem| found.item.fence == Some(receipt.n);
    match found {
        Ok(found) if holds(&found) => Ok(Json(found).into_response()),
        Ok(_) => Err(Problem::answered_before(receipt.n)),
        Err(problem) if problem.status == 404 => Err(Problem::answered_before(receipt.n)),
        Err(problem) => Err(problem),
    }
}
