//! `/api/v1/items`: one work item, and everything its worker does with it.

use super::answers::{answered, sealed, values};
use super::ask::{Body, Caller, Path, Sent};
use super::once;
use super::problem::Problem;
use super::shape::{Accepted, Item, WorkItem};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::work::case_of;
use axum::Json;
use axum::extract::State;
use baton_app::command::{ClaimFor, Command, Extend, Fail, Fenced};
use baton_app::forms::Form;
use baton_app::views::{Reader, cases, forms, work};
use baton_model::{CaseId, WallTime, WorkItemId};
use serde::Deserialize;
use serde_json::Value as Plain;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How long a lease is where nothing is asked.
const LEASE_SECONDS: u32 = 1_800;

/// For how long an item is claimed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    /// In seconds; 30 minutes where it is left out.
    #[schema(minimum = 1, maximum = 28800)]
    lease_seconds: Option<u32>,
}

impl Body for Claim {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// Under which claim something is done.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Held {
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Held {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// How long an item is kept from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Longer {
    /// In seconds; 30 minutes where it is left out.
    #[schema(minimum = 1, maximum = 28800)]
    lease_seconds: Option<u32>,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Longer {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// What a worker answers.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// The form's fields by name. A field that is null or left out is not filled.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>, example = json!({"verification.answer": "approve"}))]
    fields: BTreeMap<String, Plain>,
    /// The item's `version` that was read: it is refused if the item has changed since.
    #[schema(minimum = 1)]
    version: Option<i64>,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Answer {}

/// What was typed so far.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    /// The form's fields by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    fields: BTreeMap<String, Plain>,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Draft {}

/// Why an item is paused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pause {
    /// With a `request`: `waiting-for-client`, `waiting-for-supplier`, `waiting-for-customer` or
    /// `waiting-for-party`. Without: `break`, `internal`, `waiting-for-system` or `outage`.
    #[schema(example = "waiting-for-supplier")]
    reason: String,
    /// What is asked of whom; the other side sees it. From it to its answer the clock stands still; without
    /// it the clock runs on.
    #[serde(default)]
    #[schema(
        min_length = 2,
        max_length = 2000,
        example = "Which price was agreed for line 30?"
    )]
    request: Option<String>,
    /// With `waiting-for-party`: the party that is asked.
    #[serde(default)]
    #[schema(example = "KS")]
    party: Option<String>,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Pause {}

/// Why a bot cannot do an item.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failing {
    /// The error's code; a boundary event of the task may take it, else it becomes an incident.
    #[schema(example = "not-readable")]
    code: String,
    /// What went wrong and what a person could do. No personal data: it is kept in the journal.
    #[serde(default)]
    message: String,
    /// The claim's fence: it is refused if the claim does not hold any more.
    #[schema(minimum = 1)]
    fence: Option<i64>,
}

impl Body for Failing {}

/// Read a work item
#[utoipa::path(get, path = "/items/{item}", tag = "items", operation_id = "read_item",
    params(("item" = String, Path, description = "The item's id")),
    responses((status = 200, description = "The item, with what is needed to do it", body = WorkItem)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<WorkItem>, Problem> {
    Ok(Json(
        work_item(&web, &caller, &WorkItemId::new(item)).await?,
    ))
}

/// Claim a work item
///
/// A free item becomes the worker's, with a fence and a lease.
#[utoipa::path(post, path = "/items/{item}/claim", tag = "items", operation_id = "claim_item",
    params(("item" = String, Path, description = "The item's id")),
    request_body(content = Claim, description = "For how long; may be left out"),
    responses((status = 200, description = "The item, with what is needed to do it", body = WorkItem)))]
pub(crate) async fn claim(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Claim>,
) -> Result<Json<WorkItem>, Problem> {
    let (item, case) = ids(&id);
    let lease = lease(sent.body.lease_seconds);
    let candidates = vec![(case, item.clone())];
    let before = work_item(&web, &sent.by, &item).await;
    let command = Command::ClaimFor(ClaimFor { candidates, lease });
    let receipt = match once::send(&web, &sent, command).await {
        // Of one candidate the desk says no more than that it is not free.
        Err(problem) if problem.code.starts_with("BATON-DESK-") && problem.status == 409 => {
            return Err(not_free(before?.item));
        }
        other => other?,
    };
    let found = work_item(&web, &sent.by, &item).await?;
    if found.item.fence != Some(receipt.n) {
        return Err(Problem::answered_before(receipt.n));
    }
    Ok(Json(found))
}

fn not_free(item: Item) -> Problem {
    let detail = format!(
        "{} is not free: it is {}; claim another, or this one when it is free",
        item.id,
        match (&item.paused, item.state) {
            (Some(reason), _) => format!("paused ({reason})"),
            (None, super::shape::Standing::Mine) =>
                "with you already; extend its lease instead".into(),
            _ => "with a colleague, or not for you to do".into(),
        }
    );
    let status = axum::http::StatusCode::CONFLICT;
    let mut problem = Problem::new(status, "BATON-WEB-036", "It is not free", &detail);
    problem.now = Some(Box::new(item));
    problem
}

/// Give a work item back
#[utoipa::path(post, path = "/items/{item}/release", tag = "items", operation_id = "release_item",
    params(("item" = String, Path, description = "The item's id")),
    request_body(content = Held, description = "Under which claim; may be left out"),
    responses((status = 200, description = "It is in the queue again", body = Accepted)))]
pub(crate) async fn release(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Held>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let fence = sent.body.fence;
    act(&web, &sent, fence, Command::Release { item, case }).await
}

/// Keep a work item for longer
///
/// Renews the lease. The fence stays as it is.
#[utoipa::path(post, path = "/items/{item}/extend", tag = "items", operation_id = "extend_item",
    params(("item" = String, Path, description = "The item's id")),
    request_body(content = Longer, description = "For how long, and under which claim; may be left out"),
    responses((status = 200, description = "The item with its new lease", body = WorkItem)))]
pub(crate) async fn extend(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Longer>,
) -> Result<Json<WorkItem>, Problem> {
    let (item, case) = ids(&id);
    let (fence, lease) = (sent.body.fence, lease(sent.body.lease_seconds));
    let command = Command::Extend(Extend {
        item: item.clone(),
        case,
        lease,
    });
    let Json(_) = act(&web, &sent, fence, command).await?;
    Ok(Json(work_item(&web, &sent.by, &item).await?))
}

/// Complete a work item
///
/// `version` or `fence` is needed: what was read, or the claim it is done under. A bot sends the fence: its
/// completion is then refused whenever the lease ended or anybody was given the item since.
#[utoipa::path(post, path = "/items/{item}/complete", tag = "items", operation_id = "complete_item",
    params(("item" = String, Path, description = "The item's id")), request_body = Answer,
    responses((status = 200, description = "It is done, and the case went on", body = Accepted)))]
pub(crate) async fn complete(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Answer>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let (version, fence) = (sent.body.version, sent.body.fence);
    let Some(expected) = version.or(fence) else {
        let detail = "send the item's `version` that you read, or the `fence` of your claim";
        return Err(Problem::invalid(detail).about(Some("version".into())));
    };
    let (_way, before) = once::enter(&web, &sent.by, sent.cause.as_ref()).await?;
    if let Some(receipt) = before {
        return Ok(Json(Accepted::of(&receipt)));
    }
    let fields = answered(&web, &sent.by, &item, &sent.body.fields, fence.is_some()).await?;
    let command = Command::Complete {
        item,
        case,
        expected,
        fields,
    };
    let done = once::submit(&web, &sent.by, sent.cause.as_ref(), fenced(fence, command)).await;
    match done {
        Ok(receipt) => Ok(Json(Accepted::of(&receipt))),
        Err(problem) => Err(with_now(&web, &sent.by, &id, problem).await),
    }
}

/// Keep what was typed so far
///
/// Whoever begins on a free item takes it.
#[utoipa::path(post, path = "/items/{item}/draft", tag = "items", operation_id = "save_draft",
    params(("item" = String, Path, description = "The item's id")), request_body = Draft,
    responses((status = 200, description = "It is kept", body = Accepted)))]
pub(crate) async fn draft(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Draft>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let fence = sent.body.fence;
    let values = values(&sent.body.fields)?;
    let fields = sealed(&web.app, &sent.by, &item, values)?;
    act(
        &web,
        &sent,
        fence,
        Command::SaveDraft { item, case, fields },
    )
    .await
}

/// Pause an item
///
/// With a `request` to somebody the clock stands still until it is answered; without one the item is set
/// aside, and the clock runs on.
#[utoipa::path(post, path = "/items/{item}/pause", tag = "items", operation_id = "pause_item",
    params(("item" = String, Path, description = "The item's id")), request_body = Pause,
    responses((status = 200, description = "It is paused", body = Accepted)))]
pub(crate) async fn pause(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Pause>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let Pause {
        reason,
        request,
        party,
        fence,
    } = &sent.body;
    let reason = reason.clone();
    let command = match request {
        None => Command::Pause { item, case, reason },
        Some(request) => {
            let scope = &sent.by.0.viewer.scope;
            let about = (&item, &case);
            web.app
                .ask(scope, about, &reason, party.as_deref(), request)?
        }
    };
    act(&web, &sent, *fence, command).await
}

/// Go on with an item that was set aside
///
/// What waits for an answer goes on by `POST /items/{item}/answer`. Whoever has it keeps it by the same claim, with a lease of 30 minutes from now.
#[utoipa::path(post, path = "/items/{item}/resume", tag = "items", operation_id = "resume_item",
    params(("item" = String, Path, description = "The item's id")),
    request_body(content = Held, description = "Under which claim; may be left out"),
    responses((status = 200, description = "The item as it is now", body = WorkItem)))]
pub(crate) async fn resume(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Held>,
) -> Result<Json<WorkItem>, Problem> {
    let (item, case) = ids(&id);
    let fence = sent.body.fence;
    let command = Command::Resume {
        item: item.clone(),
        case,
    };
    let Json(_) = act(&web, &sent, fence, command).await?;
    Ok(Json(work_item(&web, &sent.by, &item).await?))
}

/// Say that a bot cannot do an item
///
/// The process goes its way for the error, or a person is asked.
#[utoipa::path(post, path = "/items/{item}/fail", tag = "items", operation_id = "fail_item",
    params(("item" = String, Path, description = "The item's id")), request_body = Failing,
    responses((status = 200, description = "It is over, and the case went on or is stuck", body = Accepted)))]
pub(crate) async fn fail(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Failing>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let fence = sent.body.fence;
    let command = Command::Fail(Fail {
        item,
        case,
        code: sent.body.code.clone(),
        message: sent.body.message.clone(),
    });
    act(&web, &sent, fence, command).await
}

/// The ids of an item and its case.
pub(crate) fn ids(item: &str) -> (WorkItemId, CaseId) {
    (WorkItemId::new(item), CaseId::new(case_of(item)))
}

/// The length of a lease.
pub(crate) fn lease(seconds: Option<u32>) -> WallTime {
    WallTime::seconds(i64::from(seconds.unwrap_or(LEASE_SECONDS)))
}

fn fenced(fence: Option<i64>, command: Command) -> Command {
    match fence {
        Some(fence) => Command::Fenced(Fenced {
            fence,
            command: Box::new(command),
        }),
        None => command,
    }
}

pub(crate) async fn act<T>(
    web: &Web,
    sent: &Sent<T>,
    fence: Option<i64>,
    command: Command,
) -> Result<Json<Accepted>, Problem> {
    let item = command.item().map(|(_, item)| item.to_string());
    match once::send(web, sent, fenced(fence, command)).await {
        Ok(receipt) => Ok(Json(Accepted::of(&receipt))),
        Err(problem) => Err(with_now(web, &sent.by, &item.unwrap_or_default(), problem).await),
    }
}

/// A conflict, with the item as it is now beside it.
async fn with_now(web: &Web, by: &Caller, item: &str, mut problem: Problem) -> Problem {
    if problem.status == 409
        && let Ok(found) = work_item(web, by, &WorkItemId::new(item)).await
    {
        problem.now = Some(Box::new(found.item));
    }
    problem
}

/// An item in sight, with its case and form.
pub(crate) async fn work_item(
    web: &Web,
    by: &Caller,
    item: &WorkItemId,
) -> Result<WorkItem, Problem> {
    let (viewer, item, denials) = (by.0.viewer.clone(), item.clone(), web.denials.clone());
    let found = read(web, move |app| {
        let reader = Reader::of(app, &viewer.scope);
        let Some(found) = work::one(&reader, &viewer.scope, &item)? else {
            let case = CaseId::new(case_of(item.as_str()));
            if cases::one(&reader, &viewer.scope, &case, None)?.is_none() {
                denials.count(app, &viewer, item.as_str());
            }
            return Err(Failed::Missing("open work item"));
        };
        let case = cases::one(&reader, &viewer.scope, &found.case, None)?;
        let case = case.ok_or(Failed::Missing("case"))?;
        let form = form(&reader, &case, &found)?;
        Ok(WorkItem::of(&found, &case, form.as_ref(), &viewer))
    });
    Ok(found.await?)
}

fn form(
    reader: &Reader<'_>,
    case: &cases::Case,
    item: &work::Item,
) -> Result<Option<Form>, Failed> {
    let Some(form) = &item.form else {
        return Ok(None);
    };
    Ok(forms::of(reader, &case.process, case.version, form)?)
}
