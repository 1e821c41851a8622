//! Answers that are no page of their own: refusals as a page or as a problem (RFC 9457), and the way
//! from a request to a thread that may wait for the database.

use super::Web;
use super::frame::Frame;
use super::session::Signed;
use crate::api::Problem;
use crate::pages;
use crate::pages::parts::Link;
use crate::pages::shell::Place;
use crate::pages::trouble::ErrorPage;
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
    /// It is there, but not for the lanes of the one who asks.
    Hidden(String),
    /// It was there and was erased.
    Gone(String),
    /// More than is taken at once.
    TooLarge,
    /// It should be here and is not.
    Lost(&'static str),
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
            Self::Hidden(who) => words(
                StatusCode::FORBIDDEN,
                "BATON-WEB-016",
                "Not for your lanes to open",
                who,
            ),
            Self::Gone(what) => words(StatusCode::GONE, "BATON-WEB-017", "Erased", what),
            Self::TooLarge => bare(StatusCode::PAYLOAD_TOO_LARGE),
            Self::Lost(what) => words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "BATON-WEB-020",
                "Not where it was kept",
                what,
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
            Self::View(error @ ViewError::Moving(_)) => words(
                StatusCode::SERVICE_UNAVAILABLE,
                "BATON-WEB-021",
                "It moves too fast",
                &error.to_string(),
            ),
            Self::View(error) => words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "BATON-WEB-015",
                "It cannot be read",
                &error.to_string(),
            ),
        }
    }
}

impl Words {
    /// As a line of text, for one who is not signed in.
    fn plainly(&self) -> Response {
        (self.status, format!("{}: {}", self.code, self.detail)).into_response()
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

pub(crate) fn status(kind: Refusal) -> StatusCode {
    match kind {
        Refusal::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Missing => StatusCode::NOT_FOUND,
        Refusal::Forbidden => StatusCode::FORBIDDEN,
        Refusal::Conflict | Refusal::Duplicate => StatusCode::CONFLICT,
    }
}

pub(crate) fn title(kind: Refusal) -> &'static str {
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
        let mut response = words.plainly();
        response.extensions_mut().insert(words);
        response
    }
}

/// Puts a refusal into the frame of the one who is signed in; others get it in plain words.
pub(crate) async fn framed(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let before = parts.clone();
    let api = before.uri.path().starts_with("/api/");
    let response = next.run(Request::from_parts(parts, body)).await;
    let allowed = response.headers().get(header::ALLOW).cloned();
    let words = match response.extensions().get::<Words>().cloned() {
        Some(words) => words,
        None if is_bare(&response) => {
            let words = bare(response.status());
            if api {
                let problem = Problem::new(words.status, &words.code, words.title, &words.detail);
                return problem.into_response();
            }
            words
        }
        None => return response,
    };
    let mut response = words.plainly();
    if let Some(allowed) = allowed {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
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

/// Whether an answer is a refusal of the framework's own: a path or a query that cannot be read, a method
/// that is not offered, a body that is too large.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let text = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    response.status().is_client_error() && text
}

/// Such a refusal in words.
fn bare(status: StatusCode) -> Words {
    match status {
        StatusCode::NOT_FOUND => Failed::Missing("page").words(),
        StatusCode::METHOD_NOT_ALLOWED => words(
            status,
            "BATON-WEB-018",
            "Not in this way",
            "this address does not take such a request; go back to the page you came from",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => words(
            status,
            "BATON-WEB-019",
            "Too much at once",
            "what was sent is larger than is taken; send it in parts",
        ),
        _ => words(
            status,
            "BATON-WEB-012",
            "The request cannot be read",
            "the address or what was sent with it is not as it should be; correct it, or go back to your work",
        ),
    }
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

/// Everything that has no address.
pub(crate) async fn nothing_here(uri: Uri) -> Response {
    let failed = Failed::Missing("page");
    if uri.path().starts_with("/api/") {
        Problem::from(failed).into_response()
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
