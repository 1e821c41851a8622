//! Pages and HTTP API over the app: page structs with their templates, the relay strip, and the embedded
//! styles and scripts.
//!
//! It deliberately decides nothing and reads no store: handlers extract, authorise, call one thing of
//! `app` and fill a struct of [`pages`]; the struct renders itself.

pub mod api;
pub mod assets;
pub mod handlers;
pub mod live;
pub mod map;
pub mod pages;
pub mod strip;

use baton_app::App;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often timers, leases and the watched folder are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Serves the pages and the HTTP API until `stopped` ends, and ticks meanwhile.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let live = Arc::<live::Live>::default();
    let secure = handlers::Secure::Loopback;
    let (router, denials) = handlers::router(app.clone(), secure, live.clone());
    let telling = tokio::spawn(live.clone().run(app.clone()));
    let ticking = tokio::task::spawn_blocking({
        let (over, mut watch) = (app.clone(), baton_app::ticks::Watch::default());
        move || {
            while !over.is_stopping() {
                if let Err(failure) = baton_app::ticks::tick(&over, &mut watch) {
                    tracing::warn!(%failure, "a tick did not finish; the next goes on");
                }
                denials.sweep(&over);
                std::thread::sleep(TICK);
            }
        }
    });
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            stopped.await;
            // A stream never ends by itself, and the server waits for all answers to end.
            live.stop();
        })
        .await;
    telling.abort();
    app.begin_to_stop();
    if ticking.await.is_err() {
        tracing::error!("the tick ended by a fault of its own");
    }
    served
}
