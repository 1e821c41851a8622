//! The HTTP API: everything a person can do, for bots and client programs. One file a resource.
//!
//! It decides nothing and reads no store: a handler extracts, calls one thing of `app` and gives a shape
//! of [`shape`]; every refusal is a [`problem::Problem`]. The routes and their description are one thing
//! ([`router`]), so that neither can say what the other does not.

mod agreements;
mod answers;
mod ask;
mod case_acts;
mod cases;
mod describe;
mod documents;
mod floor;
mod items;
mod journal;
mod lanes;
mod listed;
mod map;
mod next;
mod once;
mod pauses;
mod people;
mod plans;
mod problem;
mod processes;
mod rows;
mod scorecard;
mod shape;
mod statements;
mod time;
mod times;
mod units;
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
        .merge(work())
        .merge(lane_routes())
        .merge(people())
        .merge(measured())
        .routes(routes!(documents::list))
        .routes(routes!(documents::one))
        .routes(routes!(documents::original))
        .routes(routes!(documents::refused))
        .routes(routes!(processes::list))
        .routes(routes!(processes::form))
        .routes(routes!(journal::list))
        .routes(routes!(journal::one))
        .routes(routes!(journal::checkpoint))
        .routes(routes!(describe::document))
        .layer(DefaultBodyLimit::max(FORM))
        .merge(uploads())
}

/// Work items and cases.
fn work() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(work::list))
        .routes(routes!(work::claim_next))
        .routes(routes!(items::one))
        .routes(routes!(items::claim))
        .routes(routes!(items::release))
        .routes(routes!(floor::assign))
        .routes(routes!(floor::take_over))
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
        .routes(routes!(times::times_of))
        .routes(routes!(case_acts::message))
        .routes(routes!(case_acts::resolve))
        .routes(routes!(case_acts::reveal))
        .routes(routes!(case_acts::proof))
}

/// Who runs which lane.
fn lane_routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(map::page))
        .routes(routes!(lanes::list))
        .routes(routes!(lanes::one))
        .routes(routes!(lanes::history))
        .routes(routes!(lanes::set_shares))
        .routes(routes!(lanes::pause))
        .routes(routes!(lanes::resume))
        .routes(routes!(lanes::step_in))
        .routes(routes!(lanes::give))
        .routes(routes!(plans::undo))
        .routes(routes!(plans::plan, plans::set))
        .routes(routes!(plans::cancel))
}

/// Who there is, and what they do.
fn people() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(people::me))
        .routes(routes!(people::parties))
        .routes(routes!(people::sites))
        .routes(routes!(people::workers))
        .routes(routes!(people::tokens, people::admit))
        .routes(routes!(people::revoke))
        .routes(routes!(people::invite))
        .routes(routes!(floor::page))
        .routes(routes!(floor::items))
        .routes(routes!(time::day))
        .routes(routes!(time::state))
        .routes(routes!(time::corrections, time::propose))
        .routes(routes!(time::decide))
}

/// What was agreed, and how it is kept and charged.
fn measured() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(agreements::list, agreements::set))
        .routes(routes!(agreements::would))
        .routes(routes!(agreements::one))
        .routes(routes!(agreements::versions))
        .routes(routes!(agreements::one_version))
        .routes(routes!(scorecard::page))
        .routes(routes!(rows::hops))
        .routes(routes!(units::items))
        .routes(routes!(rows::cases))
        .routes(routes!(statements::list))
        .routes(routes!(statements::one))
        .routes(routes!(statements::again))
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
        &format!(
            "this address does not take {method}; send one of those that the header `Allow` names"
        ),
    )
}
