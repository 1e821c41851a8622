//! Baton's HTTP API as the floor uses it: documents in, next item, complete, pause, resume, release.
//! One token a caller; nothing is known of Baton but what its API says.

use crate::Document;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long an item is kept at most.
const LEASE: Duration = Duration::from_secs(2 * 3_600);
/// What separates the parts of an upload; no document contains it.
const BOUNDARY: &str = "floor-7d1f0c5b9a";

/// A caller of the API.
#[derive(Clone, Debug)]
pub struct Api {
    agent: Agent,
    address: String,
    bearer: String,
}

/// A work item that was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    /// The item's id.
    pub id: String,
    /// Its case.
    pub case: String,
    /// Its lane.
    pub lane: String,
    /// Its form's id.
    pub form: Option<String>,
    /// The number that makes stale answers refusable.
    pub fence: i64,
    /// The fields of the case by name, as the worker may see them: an object with `value` where it is shown.
    #[serde(default)]
    pub fields: Map<String, Value>,
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The way there.
    #[error("BATON-FLOOR-003: {call}: {error}")]
    Way {
        /// What was called.
        call: String,
        /// What went wrong.
        error: Box<ureq::Error>,
    },
    /// Baton said no.
    #[error("BATON-FLOOR-004: {call}: {status}: {said}")]
    Refused {
        /// What was called.
        call: String,
        /// The status.
        status: u16,
        /// The problem in Baton's words.
        said: String,
    },
}

impl Api {
    /// A caller with a token. The address is like `http://127.0.0.1:4470`.
    pub fn new(address: &str, token: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false);
        Self {
            agent: config.build().into(),
            address: address.trim_end_matches('/').to_string(),
            bearer: format!("Bearer {token}"),
        }
    }

    /// Sends documents; the outcome of each, in order.
    pub fn send(&self, documents: &[Document]) -> Result<Vec<String>, ApiError> {
        let mut body = String::new();
        for document in documents {
            let Document { name, xml } = document;
            body += &format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/xml\r\n\r\n{xml}\r\n"
            );
        }
        body += &format!("--{BOUNDARY}--\r\n");
        let call = "/api/v1/documents";
        let content = format!("multipart/form-data; boundary={BOUNDARY}");
        let sent = self.request(call).content_type(&content).send(body);
        let answer: Vec<Value> = read(call, answered(call, sent)?)?;
        let outcome = |one: &Value| one["outcome"].as_str().unwrap_or_default().to_string();
        Ok(answer.iter().map(outcome).collect())
    }

    /// How many items wait for this caller, as far as `most`.
    pub fn waiting(&self, most: usize) -> Result<usize, ApiError> {
        let call = format!("/api/v1/work?state=free&limit={most}");
        let request = self.agent.get(format!("{}{call}", self.address));
        let sent = request.header("authorization", &self.bearer).call();
        let page: Value = read(&call, answered(&call, sent)?)?;
        Ok(page["items"].as_array().map_or(0, Vec::len))
    }

    /// Takes the next item that waits, if one does.
    pub fn next(&self) -> Result<Option<Taken>, ApiError> {
        let call = "/api/v1/work/claim-next";
        let response = self.post(call, &json!({ "lease_seconds": LEASE.as_secs() }))?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        read(call, response).map(Some)
    }

    /// Completes an item with these fields.
    pub fn complete(&self, item: &Taken, fields: &Map<String, Value>) -> Result<(), ApiError> {
        self.act(
            item,
            "complete",
            &json!({ "fields": fields, "fence": item.fence }),
        )
    }

    /// Asks somebody, for a coded reason; the item's clock stands still until the answer.
    pub fn ask(&self, item: &Taken, reason: &str, request: &str) -> Result<(), ApiError> {
        let asked = json!({ "reason": reason, "request": request });
        self.act(item, "pause", &asked)
    }

    /// Records the answer and who gave it; the clock runs again.
    pub fn answer(&self, item: &Taken, answer: &str, given_by: &str) -> Result<(), ApiError> {
        let answered = json!({ "answer": answer, "given_by": given_by });
        self.act(item, "answer", &answered)
    }

    fn act(&self, item: &Taken, verb: &str, body: &Value) -> Result<(), ApiError> {
        let call = format!("/api/v1/items/{}/{verb}", item.id);
        self.post(&call, body).map(drop)
    }

    fn post(&self, call: &str, body: &Value) -> Result<Response<Body>, ApiError> {
        answered(call, self.request(call).send_json(body))
    }

    fn request(&self, call: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        let request = self.agent.post(format!("{}{call}", self.address));
        request.header("authorization", &self.bearer)
    }
}

fn answered(
    call: &str,
    sent: Result<Response<Body>, ureq::Error>,
) -> Result<Response<Body>, ApiError> {
    let mut response = sent.map_err(|error| way(call, error))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let problem: Value = response.body_mut().read_json().unwrap_or_default();
    let said = |name: &str| problem[name].as_str().unwrap_or_default().to_string();
    Err(ApiError::Refused {
        call: call.into(),
        status: response.status().as_u16(),
        said: format!("{} {}", said("code"), said("detail")),
    })
}

fn read<T: serde::de::DeserializeOwned>(
    call: &str,
    mut response: Response<Body>,
) -> Result<T, ApiError> {
    response
        .body_mut()
        .read_json()
        .map_err(|error| way(call, error))
}

fn way(call: &str, error: ureq::Error) -> ApiError {
    ApiError::Way {
        call: call.into(),
        error: Box::new(error),
    }
}
