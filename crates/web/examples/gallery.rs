//! Every page from sample structs, on loopback, to look at beside the pictures of the design.
//!
//! It is no part of the product: no store, no session, no command. `cargo run -p baton-web --example gallery`.

#[path = "gallery/samples.rs"]
mod samples;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use baton_web::{assets, pages};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/work", get(|| async { pages::answer(StatusCode::OK, &samples::work()) }))
        .route("/empty", get(|| async { pages::answer(StatusCode::OK, &samples::work_empty()) }))
        .route("/work/preview/{id}", get(|| async { pages::answer(StatusCode::OK, &samples::preview_part()) }))
        .route("/items/{id}", get(|uri: axum::http::Uri| async move { pages::answer(StatusCode::OK, &samples::case(uri.query())) }))
        .merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4417").await?;
    axum::serve(listener, app).await
}
