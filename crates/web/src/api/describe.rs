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

/// An operation and its status, what comes next, and where in the answer the parameters of that stand.
type Next = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// What follows from an answer.
const LINKS: &[Next] = &[
    ("start_case", "201", "read_case", &[("case", "cases/0")]),
    ("start_case", "201", "case_entries", &[("case", "cases/0")]),
    ("start_case", "201", "case_times", &[("case", "cases/0")]),
    ("list_cases", "200", "read_case", &[("case", "items/0/id")]),
    ("list_work", "200", "read_item", &[("item", "items/0/id")]),
    ("claim_next", "200", "read_item", &[("item", "id")]),
    ("claim_next", "200", "extend_item", &[("item", "id")]),
    ("claim_next", "200", "complete_item", &[("item", "id")]),
    ("claim_next", "200", "release_item", &[("item", "id")]),
    (
        "list_documents",
        "200",
        "read_document",
        &[("id", "items/0/id")],
    ),
    ("list_entries", "200", "read_entry", &[("n", "items/0/n")]),
    ("list_lanes", "200", "read_lane", &[("lane", "items/0/id")]),
    (
        "list_agreements",
        "200",
        "read_agreement",
        &[("agreement", "items/0/id")],
    ),
    (
        "set_agreement",
        "201",
        "read_agreement",
        &[("agreement", "id")],
    ),
    (
        "list_statements",
        "200",
        "read_statement",
        &[("agreement", "items/0/agreement")],
    ),
    (
        "propose_correction",
        "201",
        "decide_correction",
        &[("correction", "id")],
    ),
    ("issue_token", "201", "revoke_token", &[("hash", "hash")]),
    (
        "list_processes",
        "200",
        "read_form",
        &[
            ("process", "items/0/id"),
            ("version", "items/0/version"),
            ("form", "items/0/forms/0"),
        ],
    ),
];

fn linked(id: &str, responses: &mut Map<String, Value>) {
    for (_, status, next, parameters) in LINKS.iter().filter(|(of, ..)| *of == id) {
        let place = |(name, at): &(&str, &str)| {
            let at = Value::String(format!("$response.body#/{at}"));
            ((*name).to_string(), at)
        };
        let parameters: Map<String, Value> = parameters.iter().map(place).collect();
        let link = json!({ "operationId": next, "parameters": parameters });
        if let Some(response) = responses.get_mut(*status) {
            response["links"][*next] = link;
        }
    }
}

fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let open = operation.get("security").is_some();
    let (named, writes) = (path.contains('{'), method == "post" || method == "delete");
    let id = operation.get("operationId").and_then(Value::as_str);
    let id = id.unwrap_or_default().to_string();
    let (bodiless, finding) = (
        BODILESS.contains(&id.as_str()),
        FINDING.contains(&id.as_str()),
    );
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let paged =
        parameters.is_some_and(|parameters| parameters.iter().any(|one| one["name"] == "cursor"));
    let body = operation.get_mut("requestBody");
    let body = body
        .map(|body| body["required"] = json!(!bodiless))
        .is_some();
    let answers = |status: &str| match status {
        "400" => true,
        "401" | "500" => !open,
        "403" => writes || named,
        "404" => named || writes || finding,
        "422" => writes || paged,
        "409" | "503" => writes,
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
    linked(&id, responses);
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
