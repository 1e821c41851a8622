//! Sends a command, once: a request that comes again under its key is answered again, and another one
//! under the same key is refused.

use super::ask::{Caller, Sent};
use super::problem::Problem;
use crate::handlers::Web;
use crate::handlers::answer::read;
use axum::http::StatusCode;
use baton_app::Receipt;
use baton_app::command::Command;
use baton_app::once::{self, Before, Cause};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The keys of requests that are under way.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Mutex<HashSet<String>>);

/// A key that is under way, until this is dropped.
pub(crate) struct Way {
    all: Arc<UnderWay>,
    key: Option<String>,
}

impl Drop for Way {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            self.all.held().remove(key);
        }
    }
}

impl UnderWay {
    fn held(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Enters a request's key: what came of it before, or the way to do it now.
pub(crate) async fn enter(
    web: &Web,
    by: &Caller,
    cause: Option<&Cause>,
) -> Result<(Way, Option<Receipt>), Problem> {
    let all = web.under_way.clone();
    let Some(cause) = cause else {
        return Ok((Way { all, key: None }, None));
    };
    let tenant = by.0.tenant().clone();
    let key = format!("{tenant} {}", cause.prefix());
    if !all.held().insert(key.clone()) {
        return Err(under_way());
    }
    let way = Way {
        all,
        key: Some(key),
    };
    let asked = cause.clone();
    let before = read(web, move |app| Ok(once::before(app, &tenant, &asked)?)).await?;
    match before {
        Before::Nothing => Ok((way, None)),
        Before::Same(receipt) => Ok((way, Some(*receipt))),
        Before::Other(n) => Err(other(n)),
    }
}

/// Submits a command under a cause, or under a fresh one.
pub(crate) async fn submit(
    web: &Web,
    by: &Caller,
    cause: Option<&Cause>,
    command: Command,
) -> Result<Receipt, Problem> {
    let cause = cause.map_or_else(|| web.app.fresh_cause("api"), Cause::text);
    let answer = web
        .app
        .submit(by.0.tenant(), by.0.actor(), &cause, command)
        .await;
    match answer {
        Err(baton_app::Failure::Repeated(receipt)) => Ok(*receipt),
        other => Ok(other?),
    }
}

/// Enters the key and submits.
pub(crate) async fn send<T>(
    web: &Web,
    sent: &Sent<T>,
    command: Command,
) -> Result<Receipt, Problem> {
    let (_way, before) = enter(web, &sent.by, sent.cause.as_ref()).await?;
    match before {
        Some(receipt) => Ok(receipt),
        None => submit(web, &sent.by, sent.cause.as_ref(), command).await,
    }
}

fn under_way() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "BATON-WEB-033",
        "Under way",
        "a request with this `Idempotency-Key` is being answered; wait for its answer, or send it again later",
    )
}

fn other(n: i64) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "BATON-WEB-035",
        "The key was used",
        &format!(
            "this `Idempotency-Key` was used for another request, accepted as entry {n}; send a new key with a new request"
        ),
    )
    .about(Some(n.to_string()))
}
