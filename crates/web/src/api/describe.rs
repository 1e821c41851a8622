//! The description of the API as an OpenAPI 3.1 document: made from the operations themselves, with the
//! refusals that every operation of a kind can answer.

use super::ask::{Body, Query};
use super::problem::{PROBLEM, Said};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi};
use utoipa::{OpenApi as _, ToSchema};

/// What stands around the operations.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Baton",
        version = "1",
        description = "The HTTP API of Baton: everything a person can do, for bots and client programs. \
            Send a token of `baton token issue` as `Authorization: Bearer …`. What changes something takes an \
            `Idempotency-Key`: the same request under the same key is answered again and happens once. \
            Refusals are problems (RFC 9457) that say what to do.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/api/v1")),
    components(schemas(Said)),
    security(("token" = []))
)]
struct Frame;

/// The document without operations.
pub(crate) fn frame() -> OpenApi {
    let mut frame = Frame::openapi();
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let components = frame.components.get_or_insert_with(Components::new);
    components.add_security_scheme("token", SecurityScheme::Http(scheme));
    frame
}

/// No parameter at all.
#[derive(Debug, Default, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl Body for Nothing {
    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// This document
#[utoipa::path(get, path = "/openapi.json", tag = "about", operation_id = "openapi", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(crate) async fn document(Query(_): Query<Nothing>) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], super::openapi()).into_response()
}

/// The document with all that is the same for all operations of a kind.
pub(crate) fn whole(document: OpenApi) -> Vec<u8> {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            let operations = item.as_object_mut().into_iter().flatten();
            for (method, operation) in operations {
                if let Some(operation) = operation.as_object_mut() {
                    complete(path, method, operation);
                }
            }
        }
    }
    serde_json::to_vec_pretty(&document).unwrap_or_default()
}

/// The refusals by status, with when they come.
const REFUSALS: &[(&str, &str)] = &[
    (
        "400",
        "The request cannot be read: malformed JSON, query or header",
    ),
    ("401", "No token, or one that does not hold"),
    ("403", "Not for this worker to do"),
    ("404", "There is no such thing, or none for this worker"),
    ("409", "It has changed meanwhile; `now` says how it stands"),
    ("413", "The body is larger than is taken"),
    ("415", "The body is not of the type that is taken"),
    (
        "422",
        "Something in it is wrong; `about` and `fields` say what",
    ),
    ("500", "It should be here and cannot be read"),
    (
        "503",
        "It could not be kept, and nothing was done; send it again",
    ),
];

/// The operations whose body may be left out.
const BODILESS: &[&str] = &[
    "claim_next",
    "claim_item",
    "release_item",
    "extend_item",
    "resume_item",
    "resolve_incident",
    "take_over_item",
];

/// The reads that find nothing where what their query names, or what they are about, is not in sight.
const FINDING: &[&str] = &[
    "read_time",
    "list_corrections",
    "read_floor",
    "list_floor_items",
    "read_map",
    "list_measured_hops",
    "list_completed_items",
];

fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let open = operation.get("security").is_some();
    let (named, writes) = (path.contains('{'), method == "post" || method == "delete");
    let id = operation.get("operationId").and_then(Value::as_str);
    let bodiless = id.is_some_and(|id| BODILESS.contains(&id));
    let finding = id.is_some_and(|id| FINDING.contains(&id));
    let body = operation.get_mut("requestBody");
    let body = body
        .map(|body| body["required"] = json!(!bodiless))
        .is_some();
    let answers = |status: &str| match status {
        "400" => true,
        "401" | "500" => !open,
        "403" => writes || named,
        "404" => named || writes || finding,
        "409" | "422" | "503" => writes,
        _ => writes && (body || method == "post"),
    };
    if writes {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(idempotency());
        }
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    for (status, when) in REFUSALS.iter().filter(|(status, _)| answers(status)) {
        responses
            .entry(*status)
            .or_insert_with(|| refusal(when, *status == "401"));
    }
}

fn refusal(when: &str, challenged: bool) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{}", Said::name()) });
    let mut refusal = json!({ "description": when, "content": { PROBLEM: { "schema": schema } } });
    if challenged {
        refusal["headers"] = json!({
            "WWW-Authenticate": { "description": "How to sign in", "schema": { "type": "string" } }
        });
    }
    refusal
}

fn idempotency() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes the request safe to send again: the same request under the same key is answered again",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" }
    })
}
