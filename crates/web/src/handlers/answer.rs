//! Answers that are no page of their own: refusals as a page or as a problem (RFC 9457), and the way
//! from a request to a thread that may wait for the database.

use super::Web;
use super::frame::Frame;
use super::session::Signed;
use crate::pages;
use crate::pages::parts::Link;
use crate::pages::shell::Place;
use crate::pages::trouble::ErrorPage;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::Refusal;
use baton_app::views::ViewError;
use baton_app::{App, Failure, StoreError};

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Nobody is signed in.
    SignedOut,
    /// The form was not made by a page of this session.
    Forged,
    /// The request cannot be read.
    Unreadable(String),
    /// There is no such thing, or none for the one who asks.
    Missing(&'static str),
    /// A command was not accepted.
    App(Failure),
    /// A view could not be read.
    View(ViewError),
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::App(failure)
    }
}

impl From<ViewError> for Failed {
    fn from(error: ViewError) -> Self {
        Self::View(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::View(ViewError::Store(error))
    }
}

/// A refusal in words: status, code, what and what now.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) title: &'static str,
    pub(crate) detail: String,
}

impl Failed {
    /// The refusal in words.
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::SignedOut => words(
                StatusCode::UNAUTHORIZED,
                "BATON-WEB-010",
                "Not signed in",
                "open the one-time link of your invitation",
            ),
            Self::Forged => words(
                StatusCode::FORBIDDEN,
                "BATON-WEB-011",
                "Not from a page of this session",
                "the form was not made by a page of your session; reload the page and send it again",
            ),
            Self::Unreadable(why) => words(
                StatusCode::BAD_REQUEST,
                "BATON-WEB-012",
                "The request cannot be read",
                why,
            ),
            Self::Missing(what) => words(
                StatusCode::NOT_FOUND,
                "BATON-WEB-013",
                "Not here",
                &format!("there is no such {what} for you; search for it, or go back to your work"),
            ),
            Self::App(Failure::Rejected(rejection)) => words(
                status(rejection.kind),
                &rejection.code,
                title(rejection.kind),
                &rejection.message,
            ),
            Self::App(failure) => words(
                StatusCode::SERVICE_UNAVAILABLE,
                "BATON-WEB-014",
                "It could not be kept; nothing was done",
                &failure.to_string(),
            ),
            Self::View(error) => words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "BATON-WEB-015",
                "It cannot be read",
                &error.to_string(),
            ),
        }
    }

    /// The refusal as a problem of the HTTP API.
    pub(crate) fn problem(&self) -> Response {
        let words = self.words();
        let body = serde_json::json!({
            "type": "about:blank", "title": words.title, "status": words.status.as_u16(),
            "detail": words.detail, "code": words.code,
        });
        (
            words.status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            Json(body),
        )
            .into_response()
    }
}

fn words(status: StatusCode, code: &str, title: &'static str, detail: &str) -> Words {
    Words {
        status,
        code: code.to_string(),
        title,
        detail: detail.to_string(),
    }
}

fn status(kind: Refusal) -> StatusCode {
    match kind {
        Refusal::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Missing => StatusCode::NOT_FOUND,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::Conflict | Refusal::Duplicate => StatusCode::CONFLICT,
    }
}

fn title(kind: Refusal) -> &'static str {
    match kind {
        Refusal::Invalid => "Something in it is wrong",
        Refusal::Missing => "Not here",
        Refusal::Forbidden => "Not for you to do",
        Refusal::Conflict => "It has changed meanwhile",
        Refusal::Duplicate => "It is there already",
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        if matches!(self, Self::SignedOut) {
            return Redirect::to("/sign-in").into_response();
        }
        let words = self.words();
        let mut response =
            (words.status, format!("{}: {}", words.code, words.detail)).into_response();
        response.extensions_mut().insert(words);
        response
    }
}

/// Puts a refusal into the frame of the one who is signed in; others get it in plain words.
pub(crate) async fn framed(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let before = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(words) = response.extensions().get::<Words>().cloned() else {
        return response;
    };
    parts = before;
    let signed =
        <Option<Signed> as FromRequestParts<Web>>::from_request_parts(&mut parts, &web).await;
    let Ok(Some(signed)) = signed else {
        return response;
    };
    let page = read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let page = ErrorPage {
            shell: frame.shell(words.title, Place::Elsewhere, None)?,
            status: words.status.as_u16(),
            what: words.title.into(),
            detail: sentence(&words.detail),
            acts: vec![
                Link {
                    name: "Go to my work".into(),
                    href: "/work".into(),
                },
                Link {
                    name: "Search cases".into(),
                    href: "/cases".into(),
                },
            ],
            code: words.code.clone(),
        };
        Ok(pages::answer(words.status, &page))
    });
    page.await.unwrap_or(response)
}

/// A detail as a sentence.
fn sentence(detail: &str) -> String {
    let mut signs = detail.chars();
    let first: String = signs
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", signs.as_str().trim_end_matches('.'))
}

/// A refusal for a caller of the HTTP API.
pub(crate) struct Problem(pub(crate) Failed);

impl<F: Into<Failed>> From<F> for Problem {
    fn from(failed: F) -> Self {
        Self(failed.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.0.problem()
    }
}

/// Everything that has no address.
pub(crate) async fn nothing_here(uri: Uri) -> Response {
    let failed = Failed::Missing("page");
    if uri.path().starts_with("/api/") {
        failed.problem()
    } else {
        failed.into_response()
    }
}

/// Runs a read on a thread that may wait for the database.
pub(crate) async fn read<T: Send + 'static>(
    web: &Web,
    work: impl FnOnce(&App) -> Result<T, Failed> + Send + 'static,
) -> Result<T, Failed> {
    let app = web.app.clone();
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.unwrap_or_else(|error| {
        Err(Failed::Unreadable(format!(
            "the page could not be made: {error}"
        )))
    })
}
