//! Pausing an item, with a request or without; answering what is asked about one, and objecting to a pause.
//! Each form comes back to the page it was sent from.

use super::Web;
use super::acts::{ids, send};
use super::answer::Failed;
use super::session::Posted;
use super::work::case_of;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::Command;

/// `POST /items/{item}/pause`: with a request the clock stands still until it is answered; without, the item
/// is set aside and the clock runs on.
pub(crate) async fn pause(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let text = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let (reason, request) = (text("reason"), text("request"));
    let command = if request.trim().is_empty() {
        Command::Pause { item, case, reason }
    } else {
        let (waits_for, party) = match reason.split_once(':') {
            Some((code, party)) => (code, Some(party)),
            None => (reason.as_str(), None),
        };
        let scope = &posted.signed.viewer.scope;
        web.app
            .ask(scope, (&item, &case), waits_for, party, &request)?
    };
    send(&web, &posted, "pause", command).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/resume`
pub(crate) async fn resume(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "resume", Command::Resume { item, case }).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/answer`
pub(crate) async fn answer(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let text = |name: &str| posted.fields.get(name).map(String::as_str);
    let scope = &posted.signed.viewer.scope;
    let said = text("answer").unwrap_or_default();
    let command = web
        .app
        .answer(scope, (&item, &case), said, text("given_by"))?;
    send(&web, &posted, "answer", command).await?;
    Ok(back(&posted, &id))
}

/// `POST /items/{item}/contest`
pub(crate) async fn contest(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let text = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let pause = text("pause").parse().unwrap_or_default();
    let scope = &posted.signed.viewer.scope;
    let command = web
        .app
        .contest(scope, (&item, &case), pause, &text("why"))?;
    send(&web, &posted, "contest", command).await?;
    Ok(back(&posted, &id))
}

/// Back to the page of the same case that the form was on.
fn back(posted: &Posted, item: &str) -> Response {
    let (case, from) = (case_of(item), posted.fields.get("from"));
    let on_item = from.is_some_and(|from| from == &format!("/items/{item}"));
    let target = if on_item {
        format!("/items/{item}")
    } else {
        format!("/cases/{case}")
    };
    Redirect::to(&target).into_response()
}
