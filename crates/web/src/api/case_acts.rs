//! What is done to cases: start one, give it a message, resolve what is stuck, reveal a field, prove it.

use super::answers::values;
use super::ask::{Body, Caller, Path, Query, Sent};
use super::cases::{WholeCase, in_sight, shown};
use super::describe::Nothing;
use super::once;
use super::problem::Problem;
use super::shape::Accepted;
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_app::command::Command;
use baton_app::views::Reader;
use baton_app::{Target, proofs, signing};
use baton_model::{CaseId, Cell, ProcessId, Record};
use serde::Deserialize;
use serde_json::Value as Plain;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A case to start.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The process.
    #[schema(example = "request")]
    process: String,
    /// Its first fields by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    fields: BTreeMap<String, Plain>,
}

impl Body for NewCase {}

/// A message for a case that waits for it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Message {
    /// The message's name in the process.
    message: String,
    /// The correlation key's value.
    #[serde(default)]
    key: String,
    /// What it brings, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    fields: BTreeMap<String, Plain>,
}

impl Body for Message {}

/// Fields to set before a stuck step is tried again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolution {
    /// The fields by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    fields: BTreeMap<String, Plain>,
}

impl Body for Resolution {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// A field to reveal.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reveal {
    /// The field's name.
    #[schema(example = "supplier.iban")]
    field: String,
    /// Why. It is kept in the journal, and read.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

impl Body for Reveal {}

/// Start a case by hand
#[utoipa::path(post, path = "/cases", tag = "cases", operation_id = "start_case", request_body = NewCase,
    responses((status = 201, description = "It began; `cases` says which it is", body = Accepted)))]
pub(crate) async fn start(
    State(web): State<Web>,
    sent: Sent<NewCase>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let process = ProcessId::new(&sent.body.process);
    let scope = &sent.by.0.viewer.scope;
    let record = web
        .app
        .typed_first(scope, &process, clear(&sent.body.fields)?)?;
    let command = Command::StartCase { process, record };
    let receipt = once::send(&web, &sent, command).await?;
    Ok((StatusCode::CREATED, Json(Accepted::of(&receipt))))
}

/// Give a case a message that it waits for
#[utoipa::path(post, path = "/cases/{case}/messages", tag = "cases", operation_id = "publish_message",
    params(("case" = String, Path, description = "The case's id")), request_body = Message,
    responses((status = 200, description = "It arrived, and the case went on", body = Accepted)))]
pub(crate) async fn message(
    State(web): State<Web>,
    Path(case): Path<String>,
    sent: Sent<Message>,
) -> Result<Json<Accepted>, Problem> {
    let command = Command::Publish {
        message: sent.body.message.clone(),
        record: record(&web, &sent.by, &case, &sent.body.fields)?,
        key: sent.body.key.clone(),
        case: CaseId::new(case),
    };
    Ok(Json(Accepted::of(&once::send(&web, &sent, command).await?)))
}

/// Try a stuck step again
#[utoipa::path(post, path = "/cases/{case}/incidents/{incident}/resolve", tag = "cases",
    operation_id = "resolve_incident",
    params(("case" = String, Path, description = "The case's id"),
        ("incident" = String, Path, description = "The incident's id in the case")),
    request_body(content = Resolution, description = "What to set first; may be left out"),
    responses((status = 200, description = "It was tried again", body = Accepted)))]
pub(crate) async fn resolve(
    State(web): State<Web>,
    Path((case, incident)): Path<(String, String)>,
    sent: Sent<Resolution>,
) -> Result<Json<Accepted>, Problem> {
    let command = Command::ResolveIncident {
        record: record(&web, &sent.by, &case, &sent.body.fields)?,
        case: CaseId::new(case),
        incident,
    };
    Ok(Json(Accepted::of(&once::send(&web, &sent, command).await?)))
}

/// Reveal a masked field
///
/// For a reason, which is journaled; five an hour. The answer shows the field this once.
#[utoipa::path(post, path = "/cases/{case}/reveal", tag = "cases", operation_id = "reveal_field",
    params(("case" = String, Path, description = "The case's id")), request_body = Reveal,
    responses((status = 200, description = "The case, with the field shown", body = WholeCase)))]
pub(crate) async fn reveal(
    State(web): State<Web>,
    Path(case): Path<String>,
    sent: Sent<Reveal>,
) -> Result<Json<WholeCase>, Problem> {
    let field = sent.body.field.clone();
    let command = Command::Reveal {
        case: CaseId::new(&case),
        field: field.clone(),
        reason: sent.body.reason.clone(),
    };
    let receipt = once::send(&web, &sent, command).await?;
    if receipt.repeated {
        return Err(Problem::answered_before(receipt.n));
    }
    Ok(Json(shown(&web, &sent.by, case, Some(field)).await?))
}

/// Prove a case
///
/// For the client: the case's entries with the proof that they stand in the journal, under a checkpoint
/// signed now. `baton verify --bundle` checks it anywhere.
#[utoipa::path(get, path = "/cases/{case}/proof", tag = "cases", operation_id = "prove_case",
    params(("case" = String, Path, description = "The case's id")),
    responses((status = 200, description = "The proof", body = String, content_type = "text/plain; charset=utf-8")))]
pub(crate) async fn proof(
    State(web): State<Web>,
    caller: Caller,
    Path(case): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Response, Problem> {
    let asking = web.clone();
    let proof = read(&web, move |app| {
        let (scope, id) = (&caller.0.viewer.scope, CaseId::new(&case));
        in_sight(&asking, &caller, &Reader::of(app, scope), &id)?;
        if !scope.client {
            let why = "a proof holds whole entries, other parties' too; ask the client for it";
            return Err(Failed::Hidden(why.into()));
        }
        let signed = signing::checkpoint(app, &scope.tenant)?;
        signing::keep(app, &scope.tenant, &signed)?;
        let proof = proofs::prove(app.store(), &scope.tenant, &id, &signed);
        proof
            .map(|proof| proof.to_string())
            .map_err(|_| Failed::Lost("the journal cannot be proved; run `baton verify`"))
    });
    Ok(proof.await?.into_response())
}

/// Fields as they were sent, personal ones sealed once it is known that the caller may write there.
fn record(
    web: &Web,
    by: &Caller,
    case: &str,
    fields: &BTreeMap<String, Plain>,
) -> Result<Record, Problem> {
    let to = CaseId::new(case);
    let record = clear(fields)?;
    Ok(web
        .app
        .typed(&by.0.viewer.scope, Target::Case(&to), record)?)
}

fn clear(fields: &BTreeMap<String, Plain>) -> Result<Record, Problem> {
    let clear = |(name, value)| (name, Cell::Clear(value));
    Ok(values(fields)?.into_iter().map(clear).collect())
}
