//! What an answer that is no success says: a problem (RFC 9457) with a stable type and code, what went
//! wrong, and what to do. Every refusal of the HTTP API leaves through here.

use crate::handlers::answer::{Failed, status, title};
use axum::body::Body;
use axum::extract::{OriginalUri, Path, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use baton_app::views::ViewError;
use baton_app::{Failure, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The content type of a problem.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Why a request was not answered with what it asked for (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Said {
    /// An address that stays the same for the same kind of problem, and explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/BATON-WEB-036")]
    pub(crate) kind: String,
    /// What kind of problem it is, in words.
    #[schema(example = "It has changed meanwhile")]
    pub(crate) title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    pub(crate) status: u16,
    /// What was wrong this time, and what to do.
    pub(crate) detail: String,
    /// The stable code.
    #[schema(example = "BATON-WEB-036")]
    pub(crate) code: String,
    /// The address that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<String>,
    /// What the problem refers to: the field that is wrong, the entry that changed the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) about: Option<String>,
    /// Of a form: what is wrong with each field, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) fields: BTreeMap<String, String>,
    /// Of a conflict: the item as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) now: Option<Box<super::shape::Item>>,
}

/// A problem on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Said>);

impl std::ops::Deref for Problem {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.0
    }
}

impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Said {
        &mut self.0
    }
}

impl Problem {
    /// A problem of a status and code, with what to do.
    pub(crate) fn new(status: StatusCode, code: &str, title: &str, detail: &str) -> Self {
        Self(Box::new(Said {
            kind: format!("/problems/{code}"),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.into(),
            instance: None,
            about: None,
            fields: BTreeMap::new(),
            now: None,
        }))
    }

    /// The body cannot be read as what it should be.
    pub(crate) fn unreadable(detail: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "BATON-WEB-030",
            "The request cannot be read",
            detail,
        )
    }

    /// The request can be read and says something that is not taken.
    pub(crate) fn invalid(detail: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "BATON-WEB-031",
            "Something in it is wrong",
            detail,
        )
    }

    /// What was accepted before under the same key, and stands no more as it did.
    pub(crate) fn answered_before(n: i64) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "BATON-WEB-034",
            "It was answered before",
            &format!(
                "this request was accepted before as entry {n}, and the item has moved on since; send a new request under a new key"
            ),
        )
    }

    fn body(&self) -> Vec<u8> {
        serde_json::to_vec(&*self.0).unwrap_or_default()
    }

    /// The same, naming what it refers to.
    pub(crate) fn about(mut self, about: Option<String>) -> Self {
        self.about = about;
        self
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        let words = match failed {
            Failed::App(failure) => return failure.into(),
            Failed::SignedOut => {
                return Self::new(
                    StatusCode::UNAUTHORIZED,
                    "BATON-WEB-010",
                    "Not signed in",
                    "send a token that holds, as `Authorization: Bearer …`; `baton token issue` makes one",
                );
            }
            failed => failed.words(),
        };
        Self::new(words.status, &words.code, words.title, &words.detail)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        if let Some(rejection) = failure.rejection() {
            return Self::new(
                status(rejection.kind),
                &rejection.code,
                title(rejection.kind),
                &rejection.message,
            )
            .about(rejection.about.clone());
        }
        let words = Failed::App(failure).words();
        Self::new(words.status, &words.code, words.title, &words.detail)
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        Failed::from(error).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Failed::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"baton\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Says in a problem which address was asked.
pub(crate) async fn placed(
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>() {
        problem.instance = Some(uri.path().to_string());
        *response.body_mut() = Body::from(problem.body());
    }
    response
}

/// What the rooms are, by the middle of a code.
const ROOMS: &[(&str, &str)] = &[
    ("ACCESS", "who may see and do what"),
    (
        "AGREEMENT",
        "the text of an agreement: `about` and `fields` name lines",
    ),
    ("ALLOCATION", "which party runs which lane"),
    ("APP", "the program itself"),
    ("DESK", "a work item's life: who has it, and for how long"),
    ("ENGINE", "the run of a case through its process"),
    ("FORM", "a form's fields"),
    ("INTAKE", "documents that come in"),
    ("MEASURE", "agreements, service levels and charges"),
    ("RELAY", "a command and what follows from it"),
    ("STORE", "the database"),
    ("WEB", "the request itself"),
];

/// `GET /problems/{code}`: what a type of problem is about. The words for a case of it are its `detail`.
pub(crate) async fn explained(Path(code): Path<String>) -> Response {
    let room = code.split('-').nth(1).unwrap_or_default();
    let known = ROOMS.iter().find(|(name, _)| *name == room);
    let Some((_, about)) = known.filter(|_| code.starts_with("BATON-")) else {
        let text = "There is no such code. Codes look like BATON-WEB-036.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let text = format!(
        "{code} is a refusal about {about}.\n\nThe answer that carries it says in `detail` what was wrong \
         this time and what to do; `about`, `fields` and `now` say what it refers to, what is wrong with \
         each field, and how the item stands now. The code stays the same for the same kind of refusal.\n"
    );
    (StatusCode::OK, text).into_response()
}
