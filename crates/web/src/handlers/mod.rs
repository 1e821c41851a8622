//! The handlers: extract, authorise, call one thing of `app`, fill a page, render. No SQL and no rules.
//!
//! Blocking reads run on the threads made for them; commands are awaited. A worker who asks for what
//! is not in sight gets the same answer as for what does not exist, and the attempt is counted.

mod acts;
mod agreements;
mod allocation;
pub(crate) mod answer;
mod asking;
mod cases;
mod conflict;
mod desk;
pub(crate) mod documents;
mod filling;
pub(crate) mod floor;
pub(crate) mod frame;
mod journal;
mod live;
pub(crate) mod map;
pub(crate) mod measured;
mod notice;
pub(crate) mod originals;
mod presence;
mod preview;
pub(crate) mod scorecard;
pub(crate) mod session;
mod since;
pub(crate) mod statement;
pub(crate) mod time;
mod times;
mod tour;
pub(crate) mod work;

use crate::live::Live;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use baton_app::App;
use std::sync::Arc;

pub use session::{Denials, Secure};

/// The most bytes of an upload: many documents of ten megabytes.
pub(crate) const UPLOAD: usize = 256 << 20;
/// The most bytes of a form.
pub(crate) const FORM: usize = 1 << 20;

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct Web {
    pub(crate) app: App,
    pub(crate) denials: Arc<session::Denials>,
    pub(crate) secure: Secure,
    pub(crate) live: Arc<Live>,
    pub(crate) under_way: Arc<crate::api::UnderWay>,
    pub(crate) heads: Arc<crate::api::Heads>,
}

/// What people do, and who leads them.
fn people() -> Router<Web> {
    Router::new()
        .route("/floor", get(floor::page))
        .route("/floor/assign", post(floor::assign))
        .route("/state", post(time::state))
        .route("/time", get(time::page))
        .route("/time.csv", get(time::csv))
        .route("/time/propose", post(time::propose))
        .route("/time/decide", post(time::decide))
}

/// The pages and the HTTP API over an app, and the count of denials to be swept now and then. Open pages
/// are told of what moves through `live`.
pub fn router(app: App, secure: Secure, live: Arc<Live>) -> (Router, Arc<Denials>) {
    let denials = Arc::<Denials>::default();
    let web = Web {
        app,
        denials: denials.clone(),
        secure,
        live,
        under_way: Arc::default(),
        heads: Arc::default(),
    };
    let router = Router::new()
        .route("/", get(work::home))
        .route("/health", get(session::health))
        .route("/keys", get(documents::keys))
        .route("/live", get(live::stream))
        .route("/presence", post(presence::beat))
        .route("/tour", get(tour::page))
        .route("/sign-in", get(session::how).post(session::sign_in_by_form))
        .route(
            "/sign-in/{token}",
            get(session::link).post(session::sign_in),
        )
        .route("/sign-out", post(session::sign_out))
        .route("/work", get(work::list))
        .route("/work/claim", post(work::claim))
        .route("/work/preview/{item}", get(preview::preview))
        .route("/work/left", get(since::left))
        .route("/items/{item}", get(desk::item))
        .route("/items/{item}/claim", post(acts::claim))
        .route("/items/{item}/take-over", post(acts::take_over))
        .route("/items/{item}/release", post(acts::release))
        .route("/items/{item}/since/{n}", get(since::since))
        .route("/items/{item}/draft", post(acts::draft))
        .route("/items/{item}/complete", post(acts::complete))
        .route("/items/{item}/pause", post(asking::pause))
        .route("/items/{item}/resume", post(asking::resume))
        .route("/items/{item}/answer", post(asking::answer))
        .route("/items/{item}/contest", post(asking::contest))
        .route("/cases", get(cases::list))
        .route("/cases/{case}", get(desk::case))
        .route("/cases/{case}/reveal", post(acts::reveal))
        .route(
            "/allocation",
            get(allocation::page).post(allocation::change),
        )
        .route("/map", get(map::page))
        .route("/map/hand-overs", get(map::hand_overs))
        .merge(people())
        .route("/documents", get(originals::list))
        .route("/documents/{id}/original", get(originals::open))
        .route("/documents/refused", get(documents::refused))
        .route("/documents/refused/{id}", get(documents::one_refused))
        .route("/problems/{code}", get(crate::api::explained))
        .route("/journal", get(journal::list))
        .route("/journal/{n}", get(journal::one))
        .layer(DefaultBodyLimit::max(FORM))
        .merge(uploads())
        .nest(crate::api::BASE, crate::api::router())
        .merge(measured_routes())
        .merge(crate::assets::routes())
        .fallback(answer::nothing_here)
        .layer(middleware::from_fn_with_state(web.clone(), answer::framed))
        .with_state(web);
    (router, denials)
}

/// What takes more than a form.
fn uploads() -> Router<Web> {
    let upload = get(documents::form).post(documents::upload);
    Router::new()
        .route("/documents/upload", upload)
        .layer(DefaultBodyLimit::max(UPLOAD))
}

/// Scorecards, statements and agreements.
fn measured_routes() -> Router<Web> {
    Router::new()
        .route("/scorecard", get(scorecard::page))
        .route("/scorecard/rows", get(scorecard::measurements))
        .route("/scorecard/units", get(scorecard::units))
        .route("/scorecard/cases", get(scorecard::late_cases))
        .route("/statement", get(statement::list))
        .route("/statement/{agreement}", get(statement::one))
        .route("/agreements", get(agreements::list))
        .route("/agreements/{id}", get(agreements::one))
}
