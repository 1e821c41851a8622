//! What comes with a request: who asks, the body, the query, and the key that makes it safe to repeat.
//! Whatever cannot be taken is answered with a problem that says where it is wrong.

use super::problem::Problem;
use crate::handlers::Web;
use crate::handlers::answer::Failed;
use crate::handlers::session::{Signed, same_origin};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use baton_app::once::Cause;
use serde::de::DeserializeOwned;

/// The most characters of a key.
const KEY: usize = 200;

/// One who asks: by a bearer token, or to read also by the session of a browser.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Signed);

impl FromRequestParts<Web> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let signed = <Signed as FromRequestParts<Web>>::from_request_parts(parts, web).await?;
        // What changes something needs a token, which no page of another site can send.
        if !signed.is_bearer() && parts.method != Method::GET && parts.method != Method::HEAD {
            return Err(Failed::SignedOut.into());
        }
        Ok(Self(signed))
    }
}

/// A query, read.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(read_query(parts.uri.query().unwrap_or_default())?))
    }
}

/// What a query says.
pub(crate) fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let wrong = |text: String| {
        Problem::unreadable(&format!(
            "the query is not as it should be: {text}; correct it"
        ))
    };
    let uri = Uri::try_from(format!("/?{query}")).map_err(|error| wrong(error.to_string()))?;
    let read = axum::extract::Query::<T>::try_from_uri(&uri);
    Ok(read.map_err(|error| wrong(error.body_text()))?.0)
}

/// A part of the path, read.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        let path = read.map_err(|error| {
            let text = error.body_text();
            Problem::unreadable(&format!(
                "the address is not as it should be: {text}; correct it"
            ))
        })?;
        Ok(Self(path.0))
    }
}

/// What a request's body is read as.
pub(crate) trait Body: DeserializeOwned {
    /// What stands for a body that is not there; nothing where one is needed.
    fn absent() -> Option<Self> {
        None
    }
}

/// A request that changes something: who asks, what was sent, and its key.
#[derive(Debug)]
pub(crate) struct Sent<T> {
    pub(crate) by: Caller,
    pub(crate) body: T,
    pub(crate) cause: Option<Cause>,
}

impl<T: Body> FromRequest<Web> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let by = <Caller as FromRequestParts<Web>>::from_request_parts(&mut parts, web).await?;
        same_origin(&parts.headers)?;
        let key = key(&parts.headers)?;
        let (method, path) = (parts.method.clone(), parts.uri.clone());
        let typed = parts.headers.get(header::CONTENT_TYPE).is_some();
        let json = is_json(&parts.headers);
        let bytes = bytes(Request::from_parts(parts, body), web).await?;
        if !json && (typed || !bytes.is_empty()) {
            return Err(not_json());
        }
        let body = match T::absent().filter(|_| bytes.is_empty()) {
            Some(absent) => absent,
            None => parsed(&bytes)?,
        };
        let worker = &by.0.viewer.scope.worker;
        let parts = [
            method.as_str().as_bytes(),
            path.path().as_bytes(),
            bytes.as_ref(),
        ];
        let cause = key.map(|key| Cause::of(worker, &key, &parts));
        Ok(Self { by, body, cause })
    }
}

async fn bytes(request: Request, web: &Web) -> Result<Bytes, Problem> {
    Bytes::from_request(request, web).await.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        Problem::unreadable(&format!("the body did not arrive: {}", error.body_text()))
    })
}

/// What is larger than is taken.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "BATON-WEB-019",
        "Too much at once",
        "what was sent is larger than is taken; send it in parts",
    )
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .and_then(|kind| kind.split(';').next())
        .map(|kind| kind.trim().to_ascii_lowercase());
    kind.is_some_and(|kind| kind == "application/json")
}

fn not_json() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "BATON-WEB-032",
        "Not in this form",
        "the body is taken as JSON; send it with `Content-Type: application/json`",
    )
}

/// A body read as JSON. What is no JSON is malformed; what is JSON of another shape is wrong.
fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        let what = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(what, _)| what);
        let detail = format!("line {line}, column {column}: {what}; correct it and send it again");
        if error.is_data() {
            Problem::invalid(&detail)
        } else {
            Problem::unreadable(&format!("the body is no JSON: {detail}"))
        }
    })
}

/// The key that makes a request safe to repeat.
pub(crate) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = key.to_str().unwrap_or_default();
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if text.is_empty() || text.len() > KEY || !visible {
        let detail = format!("`Idempotency-Key` has 1 to {KEY} visible ASCII characters");
        return Err(Problem::unreadable(&detail));
    }
    Ok(Some(text.to_string()))
}
