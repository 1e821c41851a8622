//! Every page from sample structs, on loopback, to look at beside the pictures of the design.
//!
//! It is no part of the product: no store, no session, no command. `cargo run -p baton-web --example gallery`.

mod samples;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use baton_web::{assets, pages};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route(
            "/work",
            get(|| async { pages::answer(StatusCode::OK, &samples::work()) }),
        )
        .route(
            "/empty",
            get(|| async { pages::answer(StatusCode::OK, &samples::work_empty()) }),
        )
        .route(
            "/work/preview/{id}",
            get(|| async { pages::answer(StatusCode::OK, &samples::preview_part()) }),
        )
        .route(
            "/items/{id}",
            get(|uri: axum::http::Uri| async move {
                pages::answer(StatusCode::OK, &samples::case(uri.query()))
            }),
        )
        .route(
            "/cases",
            get(|| async { pages::answer(StatusCode::OK, &samples::cases()) }),
        )
        .route(
            "/documents/refused",
            get(|| async { pages::answer(StatusCode::OK, &samples::refused(false)) }),
        )
        .route(
            "/documents/refused/{id}",
            get(|| async { pages::answer(StatusCode::OK, &samples::refused(true)) }),
        )
        .route(
            "/documents/upload",
            get(|| async { pages::answer(StatusCode::OK, &samples::upload()) }),
        )
        .route(
            "/journal",
            get(|| async { pages::answer(StatusCode::OK, &samples::journal()) }),
        )
        .route(
            "/journal/{n}",
            get(|| async { pages::answer(StatusCode::OK, &samples::entry()) }),
        )
        .route(
            "/404",
            get(|| async { pages::answer(StatusCode::NOT_FOUND, &samples::missing()) }),
        )
        .route(
            "/409",
            get(|| async { pages::answer(StatusCode::CONFLICT, &samples::conflict()) }),
        )
        .route(
            "/keys",
            get(|| async { pages::answer(StatusCode::OK, &samples::keys()) }),
        )
        .route(
            "/sign-in",
            get(|| async { pages::answer(StatusCode::OK, &samples::sign_in(false)) }),
        )
        .route(
            "/sign-in/{link}",
            get(|| async { pages::answer(StatusCode::OK, &samples::sign_in(true)) }),
        )
        .route(
            "/strips",
            get(|| async { axum::response::Html(samples::strips()) }),
        )
        .merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4417").await?;
    axum::serve(listener, app).await
}
