//! The HTTP API: everything a person can do, for bots and client programs. One file a resource.
//!
//! It decides nothing and reads no store: a handler extracts, calls one thing of `app` and gives a shape
//! of [`shape`]; every refusal is a [`problem::Problem`]. The routes and their description are one thing
//! ([`router`]), so that neither can say what the other does not.

mod ask;
mod cursor;
mod describe;
mod items;
mod once;
mod problem;
mod shape;
mod work;

pub(crate) use once::UnderWay;
pub(crate) use problem::explained;

use crate::handlers::{FORM, Web};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri};
use problem::Problem;
use std::sync::OnceLock;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where the API lies.
pub(crate) const BASE: &str = "/api/v1";

/// All operations, with their description.
fn operations() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(describe::frame())
        .routes(routes!(work::list))
        .routes(routes!(work::claim_next))
        .routes(routes!(items::one))
        .routes(routes!(items::claim))
        .routes(routes!(items::release))
        .routes(routes!(items::extend))
        .routes(routes!(items::complete))
        .routes(routes!(items::draft))
        .routes(routes!(items::pause))
        .routes(routes!(items::resume))
        .routes(routes!(items::fail))
        .routes(routes!(describe::document))
}

/// The routes below [`BASE`].
pub(crate) fn router() -> Router<Web> {
    let (router, _) = operations().split_for_parts();
    router
        .fallback(nothing)
        .method_not_allowed_fallback(not_this_way)
        .layer(DefaultBodyLimit::max(FORM))
}

/// The description of all operations, as JSON.
pub fn openapi() -> &'static [u8] {
    static DOCUMENT: OnceLock<Vec<u8>> = OnceLock::new();
    DOCUMENT.get_or_init(|| describe::whole(operations().into_openapi()))
}

async fn nothing(uri: Uri) -> Problem {
    let mut problem = Problem::new(
        StatusCode::NOT_FOUND,
        "BATON-WEB-037",
        "Not here",
        "the API has no such address; `GET /api/v1/openapi.json` lists those it has",
    );
    problem.instance = Some(uri.path().to_string());
    problem
}

async fn not_this_way(method: Method, uri: Uri) -> Problem {
    let mut problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "BATON-WEB-018",
        "Not in this way",
        &format!("this address does not take {method}; the header `Allow` says what it takes"),
    );
    problem.instance = Some(uri.path().to_string());
    problem
}
