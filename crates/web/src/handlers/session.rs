//! Who asks: the session behind a cookie or a bearer token, the checks against forged requests, and the
//! count of attempts to reach what is not in sight.

use super::Web;
use super::answer::{Failed, read};
use super::filling::sign_in as fill;
use crate::live::Live;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Request, State,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use baton_app::command::{Actor, Command, WorkState};
use baton_app::sight::{self, Viewer};
use baton_app::{App, hex};
use baton_model::{TenantId, WorkerId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Whether pages are reached over TLS, through a proxy in front of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secure {
    /// Plain HTTP on this machine.
    Loopback,
    /// TLS by a proxy: cookies are bound to host and TLS.
    Proxy,
}

impl Secure {
    fn cookie(self) -> &'static str {
        match self {
            Self::Loopback => "baton-session",
            Self::Proxy => "__Host-baton-session",
        }
    }

    fn set(self, token: &str, seconds: u32) -> String {
        let secure = if self == Self::Proxy { "; Secure" } else { "" };
        format!(
            "{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}",
            self.cookie()
        )
    }
}

/// One who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) viewer: Viewer,
    /// The token every form of this session carries.
    pub(crate) forms: String,
    /// What open pages share: who else has what open.
    pub(crate) live: Arc<Live>,
    /// Whether the session came as a bearer token, which no other site can send.
    bearer: bool,
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failed> {
        let (token, bearer) = token(&parts.headers, web.secure).ok_or(Failed::SignedOut)?;
        let forms = forms(&token);
        let found = read(web, move |app| Ok(sight::viewer(app, &token)?)).await?;
        let viewer = found.ok_or(Failed::SignedOut)?;
        Ok(Self {
            viewer,
            forms,
            live: web.live.clone(),
            bearer,
        })
    }
}

impl OptionalFromRequestParts<Web> for Signed {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Self>, Failed> {
        match <Self as FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(signed) => Ok(Some(signed)),
            Err(Failed::SignedOut) => Ok(None),
            Err(failed) => Err(failed),
        }
    }
}

/// The session's token, and whether it came as a bearer token.
fn token(headers: &HeaderMap, secure: Secure) -> Option<(String, bool)> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if let Some(token) = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "))
    {
        return Some((token.trim().to_string(), true));
    }
    let cookies = text(header::COOKIE)?
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let mut own = cookies.filter(|(name, _)| *name == secure.cookie());
    own.next().map(|(_, token)| (token.to_string(), false))
}

/// The token that every form of a session carries, so that no other site can send one.
fn forms(token: &str) -> String {
    hex(&Sha256::digest(format!("baton-form:{token}")))[..32].to_string()
}

/// A form that was sent by a page of this session.
pub(crate) struct Posted {
    pub(crate) signed: Signed,
    pub(crate) fields: BTreeMap<String, String>,
    /// All fields, those that repeat too.
    pub(crate) all: Vec<(String, String)>,
    /// What makes the command unique, where the sender says so.
    pub(crate) key: Option<String>,
}

impl FromRequest<Web> for Posted {
    type Rejection = Failed;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let signed = <Signed as FromRequestParts<Web>>::from_request_parts(&mut parts, web).await?;
        same_origin(&parts.headers)?;
        let key = idempotency(&parts.headers);
        let request = Request::from_parts(parts, body);
        let form = Form::<Vec<(String, String)>>::from_request(request, web).await;
        let all: Vec<(String, String)> = form
            .map_err(|error| Failed::Unreadable(error.to_string()))?
            .0
            .into_iter()
            .map(|(name, text)| (name, printable(&text)))
            .collect();
        let fields: BTreeMap<String, String> = all.iter().cloned().collect();
        signed.check(fields.get("token").map(String::as_str))?;
        Ok(Self {
            signed,
            fields,
            all,
            key,
        })
    }
}

/// Text without control characters, save for line breaks and tabs.
fn printable(text: &str) -> String {
    let kept = |sign: &char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t');
    text.chars().filter(kept).collect()
}

impl Posted {
    /// The number of the entry the page was drawn from.
    pub(crate) fn seen(&self) -> Option<u64> {
        self.fields.get("n")?.parse().ok()
    }

    /// The form's own fields, without those of the page.
    pub(crate) fn typed(&self) -> BTreeMap<String, String> {
        let own = self
            .fields
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "token" | "n"));
        own.map(|(name, text)| (name.clone(), text.clone()))
            .collect()
    }
}

impl Signed {
    /// Refuses a form that no page of this session made.
    pub(crate) fn check(&self, token: Option<&str>) -> Result<(), Failed> {
        if self.bearer || token == Some(self.forms.as_str()) {
            Ok(())
        } else {
            Err(Failed::Forged)
        }
    }

    /// Whether a token was sent, which no page of another site can do.
    pub(crate) fn is_bearer(&self) -> bool {
        self.bearer
    }

    /// The one who asks.
    pub(crate) fn actor(&self) -> Actor {
        self.viewer.actor()
    }

    /// The tenant worked in.
    pub(crate) fn tenant(&self) -> &TenantId {
        &self.viewer.scope.tenant
    }
}

/// The key that makes a request safe to repeat.
pub(crate) fn idempotency(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key")?.to_str().ok()?;
    (!key.is_empty() && key.len() <= 200).then(|| key.to_string())
}

/// Refuses a request that a page of another origin sent.
pub(crate) fn same_origin(headers: &HeaderMap) -> Result<(), Failed> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else {
        return Ok(());
    };
    let own = origin
        .split_once("://")
        .is_some_and(|(_, authority)| authority == host);
    if own { Ok(()) } else { Err(Failed::Forged) }
}

/// `GET /health`
pub(crate) async fn health(State(web): State<Web>) -> Result<Response, Failed> {
    let tenants = read(&web, |app| Ok(app.tenants()?)).await?;
    Ok(Json(serde_json::json!({ "ready": true, "tenants": tenants.len() })).into_response())
}

/// `GET /sign-in`
pub(crate) async fn how(
    State(web): State<Web>,
    signed: Option<Signed>,
) -> Result<Response, Failed> {
    if signed.is_some() {
        return Ok(Redirect::to("/work").into_response());
    }
    let name = read(&web, tenant_name).await?;
    Ok(fill::page(name, None))
}

/// `GET /sign-in/{token}`: a page with one button, so that a mail program that looks at the link does
/// not use it up.
pub(crate) async fn link(
    State(web): State<Web>,
    Path(token): Path<String>,
) -> Result<Response, Failed> {
    let name = read(&web, tenant_name).await?;
    Ok(fill::page(name, Some(token)))
}

/// `POST /sign-in`: the link as it was pasted, or from the page it opened.
pub(crate) async fn sign_in_by_form(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Result<Response, Failed> {
    let link = fields.get("link").cloned().unwrap_or_default();
    let token = link
        .trim()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_string();
    sign_in(State(web), Path(token), headers).await
}

/// `POST /sign-in/{token}`
pub(crate) async fn sign_in(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    same_origin(&headers)?;
    let tenants = read(&web, |app| Ok(app.tenants()?)).await?;
    for tenant in tenants {
        match sight::sign_in(&web.app, &tenant, &token).await {
            Ok(session) => {
                let cookie = web.secure.set(&session, 12 * 3_600);
                let cookie = HeaderValue::from_str(&cookie)
                    .map_err(|error| Failed::Unreadable(error.to_string()))?;
                return Ok((
                    StatusCode::SEE_OTHER,
                    [
                        (header::SET_COOKIE, cookie),
                        (header::LOCATION, HeaderValue::from_static("/work")),
                    ],
                )
                    .into_response());
            }
            Err(failure) if failure.rejection().is_some() => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    let name = read(&web, tenant_name).await?;
    Ok(fill::refused(name))
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let viewer = &posted.signed.viewer;
    let (tenant, cause) = (&viewer.scope.tenant, web.app.fresh_cause("sign-out"));
    let state = WorkState::Off;
    let ended = web
        .app
        .submit(tenant, viewer.actor(), &cause, Command::SetState { state });
    // Whoever was not at work has no shift to end.
    if let Err(failure) = ended.await
        && failure.rejection().is_none()
    {
        return Err(failure.into());
    }
    sight::sign_out(&web.app, viewer).await?;
    let gone = HeaderValue::from_str(&web.secure.set("", 0))
        .map_err(|error| Failed::Unreadable(error.to_string()))?;
    Ok((
        StatusCode::SEE_OTHER,
        [
            (header::SET_COOKIE, gone),
            (header::LOCATION, HeaderValue::from_static("/sign-in")),
        ],
    )
        .into_response())
}

fn tenant_name(app: &App) -> Result<String, Failed> {
    let tenants = app.tenants()?;
    Ok(match tenants.first() {
        Some(tenant) => sight::about(app, tenant)?.name,
        None => "Baton".into(),
    })
}

/// Attempts to reach what is not in sight. The first of a minute is journaled at once, the others with
/// their number when the minute is over, so that a flood of attempts floods nothing.
#[derive(Debug, Default)]
pub struct Denials(Mutex<HashMap<WorkerId, Minute>>);

#[derive(Debug)]
struct Minute {
    tenant: TenantId,
    minute: i64,
    what: String,
    more: u32,
}

impl Denials {
    /// Counts an attempt.
    pub(crate) fn count(&self, app: &App, viewer: &Viewer, what: &str) {
        let minute = app.now().0 / 60_000_000;
        let mut minutes = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let worker = viewer.scope.worker.clone();
        match minutes.get_mut(&worker) {
            Some(current) if current.minute == minute => {
                current.more += 1;
                current.what = what.to_string();
            }
            other => {
                if let Some(over) = other {
                    note(app, &worker, over);
                }
                let tenant = viewer.scope.tenant.clone();
                let first = Minute {
                    tenant,
                    minute,
                    what: what.to_string(),
                    more: 1,
                };
                note(app, &worker, &first);
                minutes.insert(worker, Minute { more: 0, ..first });
            }
        }
    }

    /// Journals the minutes that are over.
    pub fn sweep(&self, app: &App) {
        let minute = app.now().0 / 60_000_000;
        let mut minutes = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        minutes.retain(|worker, counted| {
            let over = counted.minute < minute;
            if over {
                note(app, worker, counted);
            }
            !over
        });
    }
}

fn note(app: &App, worker: &WorkerId, minute: &Minute) {
    if minute.more == 0 {
        return;
    }
    let command = Command::NoteDenials {
        worker: worker.clone(),
        what: minute.what.clone(),
        count: minute.more,
    };
    if let Err(failure) = app.submit_now(
        &minute.tenant,
        Actor::System,
        &app.fresh_cause("denial"),
        command,
    ) {
        tracing::warn!(%failure, "attempts could not be journaled");
    }
}
