//! The HTTP API: everything a person can do, for bots and client programs. One file a resource.
//!
//! It decides nothing and reads no store: a handler extracts, calls one thing of `app` and gives a shape
//! of [`shape`]; every refusal is a [`problem::Problem`]. The routes and their description are one thing
//! ([`router`]), so that neither can say what the other does not.

mod answers;
mod ask;
mod case_acts;
mod cases;
mod cursor;
mod describe;
mod documents;
mod items;
mod journal;
mod lanes;
mod next;
mod once;
mod pauses;
mod people;
mod problem;
mod processes;
mod shape;
mod work;

pub(crate) use next::Heads;
pub(crate) use once::UnderWay;
pub(crate) use problem::{Problem, explained};

use crate::handlers::{FORM, UPLOAD, Web};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::middleware;
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
        .routes(routes!(pauses::answer))
        .routes(routes!(pauses::contest))
        .routes(routes!(pauses::list))
        .routes(routes!(pauses::of_case))
        .routes(routes!(items::fail))
        .routes(routes!(cases::list, case_acts::start))
        .routes(routes!(cases::one))
        .routes(routes!(cases::entries))
        .routes(routes!(cases::times_of))
        .routes(routes!(case_acts::message))
        .routes(routes!(case_acts::resolve))
        .routes(routes!(case_acts::reveal))
        .routes(routes!(case_acts::proof))
        .routes(routes!(lanes::list))
        .routes(routes!(lanes::one))
        .routes(routes!(lanes::history))
        .routes(routes!(lanes::set_shares))
        .routes(routes!(lanes::pause))
        .routes(routes!(lanes::resume))
        .routes(routes!(lanes::step_in))
        .routes(routes!(lanes::give))
        .routes(routes!(documents::list))
        .routes(routes!(documents::one))
        .routes(routes!(documents::original))
        .routes(routes!(documents::refused))
        .routes(routes!(people::me))
        .routes(routes!(people::parties))
        .routes(routes!(people::sites))
        .routes(routes!(people::workers))
        .routes(routes!(people::tokens, people::admit))
        .routes(routes!(people::revoke))
        .routes(routes!(people::invite))
        .routes(routes!(processes::list))
        .routes(routes!(processes::form))
        .routes(routes!(journal::list))
        .routes(routes!(journal::one))
        .routes(routes!(journal::checkpoint))
        .routes(routes!(describe::document))
        .layer(DefaultBodyLimit::max(FORM))
        .merge(uploads())
}

/// What takes more than a form.
fn uploads() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(documents::upload))
        .layer(DefaultBodyLimit::max(UPLOAD))
}

/// The routes below [`BASE`].
pub(crate) fn router() -> Router<Web> {
    let (router, _) = operations().split_for_parts();
    router
        .fallback(nothing)
        .method_not_allowed_fallback(not_this_way)
        .layer(middleware::from_fn(problem::placed))
}

/// The description of all operations, as JSON.
pub fn openapi() -> &'static [u8] {
    static DOCUMENT: OnceLock<Vec<u8>> = OnceLock::new();
    DOCUMENT.get_or_init(|| describe::whole(operations().into_openapi()))
}

async fn nothing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "BATON-WEB-037",
        "Not here",
        "the API has no such address; `GET /api/v1/openapi.json` lists those it has",
    )
}

async fn not_this_way(method: Method) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "BATON-WEB-018",
        "Not in this way",
        &format!("this address does not take {method}; the header `Allow` says what it takes"),
    )
}
