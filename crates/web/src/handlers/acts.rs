//! What a worker does with an item or a case: the commands behind the desk's forms. Each is sent with
//! the `n` of the page it was drawn from, and a refusal comes back to the page it came from.

use super::answer::{Failed, read};
use super::desk::{Again, Asked, case_page, item_page, schema};
use super::frame::Frame;
use super::notice::Notice;
use super::session::{Posted, Signed};
use super::work::case_of;
use super::{Web, conflict};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::{Command, Refusal};
use baton_app::forms::{FieldError, Form};
use baton_app::views::{cases, queue, work};
use baton_app::{Receipt, Target};
use baton_model::{CaseId, Cell, Record, Value, WorkItemId};
use std::collections::BTreeMap;

/// `POST /items/{item}/claim`
pub(crate) async fn claim(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "claim", Command::Claim { item, case }).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/take-over`: from a colleague who has it. What the colleague typed stays with it.
pub(crate) async fn take_over(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "take-over", Command::TakeOver { item, case }).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/release`
pub(crate) async fn release(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "release", Command::Release { item, case }).await?;
    let done = Notice::GivenBack.address(&posted.signed);
    Ok(Redirect::to(&format!("/work?done={done}")).into_response())
}

/// `POST /items/{item}/draft`
pub(crate) async fn draft(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let typed = posted.typed();
    let fields = typed
        .into_iter()
        .map(|(name, text)| (name, Cell::Clear(Value::Text(text))))
        .collect::<Record>();
    let scope = &posted.signed.viewer.scope;
    let fields = web.app.typed(scope, Target::Item(&item, &case), fields)?;
    send(
        &web,
        &posted,
        "draft",
        Command::SaveDraft { item, case, fields },
    )
    .await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/complete`: complete and next. Where somebody was first, what was typed is not
/// lost: both answers are shown side by side.
pub(crate) async fn complete(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    if accepted(&web, &posted, "complete", item.as_str()).await? {
        return next(&web, posted.signed, &case).await;
    }
    let (typed, seen) = (posted.typed(), posted.seen());
    let checked = match form_of(&web, &posted.signed, &item).await {
        Ok(form) => form.map_or(Ok(BTreeMap::new()), |form| form.check(&typed)),
        Err(Failed::Missing(_)) => {
            return conflict::page(&web, posted.signed, id, typed, seen).await;
        }
        Err(failed) => return Err(failed),
    };
    let values = match checked {
        Ok(values) => values,
        Err(wrong) => return again(&web, posted.signed, id, typed, wrong).await,
    };
    let command = completion(&web, &posted, item, &case, values)?;
    match send(&web, &posted, "complete", command).await {
        Ok(_) => next(&web, posted.signed, &case).await,
        Err(Failed::App(failure)) if failure.is(Refusal::Conflict) => {
            conflict::page(&web, posted.signed, id, typed, seen).await
        }
        Err(failed) => Err(failed),
    }
}

/// The command that completes an item, personal fields sealed.
fn completion(
    web: &Web,
    posted: &Posted,
    item: WorkItemId,
    case: &CaseId,
    values: BTreeMap<String, Value>,
) -> Result<Command, Failed> {
    let clear = |(name, value)| (name, Cell::Clear(value));
    let record: Record = values.into_iter().map(clear).collect();
    let scope = &posted.signed.viewer.scope;
    let fields = web.app.typed(scope, Target::Item(&item, case), record)?;
    Ok(Command::Complete {
        item,
        case: case.clone(),
        expected: posted
            .seen()
            .and_then(|n| i64::try_from(n).ok())
            .unwrap_or_default(),
        fields,
    })
}

/// The form again, with what is wrong beside each field.
async fn again(
    web: &Web,
    signed: Signed,
    id: String,
    typed: BTreeMap<String, String>,
    wrong: Vec<FieldError>,
) -> Result<Response, Failed> {
    let said = |error: FieldError| (error.field, error.message);
    let again = Again {
        typed: Some(typed),
        wrong: wrong.into_iter().map(said).collect(),
        revealed: None,
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    item_page(web, signed, id, Asked::default(), again, status).await
}

/// Opens the next item in the order of the list, and says what became of the last.
async fn next(web: &Web, signed: Signed, done: &CaseId) -> Result<Response, Failed> {
    let done = done.to_string();
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let next = queue::next(&frame.reader(), &signed.viewer)?;
        let target = match next {
            Some(item) => {
                let said = Notice::CompletedNext(done).address(&signed);
                format!("/items/{item}?done={said}")
            }
            None => format!("/work?done={}", Notice::Completed(done).address(&signed)),
        };
        Ok(Redirect::to(&target).into_response())
    })
    .await
}

/// `POST /cases/{case}/reveal`
pub(crate) async fn reveal(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let field = posted.fields.get("field").cloned().unwrap_or_default();
    let reason = posted.fields.get("reason").cloned().unwrap_or_default();
    let command = Command::Reveal {
        case: CaseId::new(&id),
        field: field.clone(),
        reason,
    };
    let receipt = send(&web, &posted, "reveal", command).await?;
    // Each reveal shows the field once: a request sent again shows nothing again.
    let again = Again {
        revealed: Some(field).filter(|_| !receipt.repeated),
        ..Again::default()
    };
    // Back to the form it was asked from, of this very case: what is typed there is in the draft.
    let from = posted
        .fields
        .get("from")
        .and_then(|from| from.strip_prefix("/items/"))
        .filter(|item| case_of(item) == id);
    match from.map(str::to_string) {
        Some(item) => {
            item_page(
                &web,
                posted.signed,
                item,
                Asked::default(),
                again,
                StatusCode::OK,
            )
            .await
        }
        None => case_page(&web, posted.signed, id, Asked::default(), again).await,
    }
}

pub(super) fn ids(item: &str) -> (WorkItemId, CaseId) {
    (WorkItemId::new(item), CaseId::new(case_of(item)))
}

pub(super) async fn send(
    web: &Web,
    posted: &Posted,
    kind: &str,
    command: Command,
) -> Result<Receipt, Failed> {
    let about = match &command {
        Command::Reveal { case, field, .. } => format!("{case}:{field}"),
        Command::Claim { item, .. }
        | Command::TakeOver { item, .. }
        | Command::Release { item, .. }
        | Command::SaveDraft { item, .. }
        | Command::Complete { item, .. }
        | Command::Pause { item, .. }
        | Command::Resume { item, .. } => item.to_string(),
        Command::Ask(asked) => asked.item.to_string(),
        Command::Answer(given) => given.item.to_string(),
        Command::Contest(asked) => format!("{}:{}", asked.item, asked.request),
        _ => String::new(),
    };
    let cause = cause(posted, kind, &about).unwrap_or_else(|| web.app.fresh_cause(kind));
    let (tenant, actor) = (posted.signed.tenant(), posted.signed.actor());
    Ok(web.app.submit(tenant, actor, &cause, command).await?)
}

/// What makes a request unique where its sender gave it a key: the same key for another act or another
/// item is another request.
fn cause(posted: &Posted, kind: &str, about: &str) -> Option<String> {
    let worker = &posted.signed.viewer.scope.worker;
    posted
        .key
        .as_ref()
        .map(|key| format!("http:{worker}:{kind}:{about}:{key}"))
}

/// Whether a request was accepted before, under the same key.
async fn accepted(web: &Web, posted: &Posted, kind: &str, about: &str) -> Result<bool, Failed> {
    let Some(cause) = cause(posted, kind, about) else {
        return Ok(false);
    };
    let tenant = posted.signed.tenant().clone();
    read(web, move |app| {
        Ok(app.store().cause(&tenant, &cause)?.is_some())
    })
    .await
}

async fn form_of(web: &Web, signed: &Signed, item: &WorkItemId) -> Result<Option<Form>, Failed> {
    let (signed, item) = (signed.clone(), item.clone());
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let scope = &signed.viewer.scope;
        let item =
            work::one(&frame.reader(), scope, &item)?.ok_or(Failed::Missing("open work item"))?;
        let case =
            cases::one(&frame.reader(), scope, &item.case, None)?.ok_or(Failed::Missing("case"))?;
        schema(&frame, &case, &item)
    })
    .await
}
