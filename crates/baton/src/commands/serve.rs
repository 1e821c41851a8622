//! `baton serve`: the pages and the HTTP API over a data folder.

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use clap::Args;
use std::net::SocketAddr;
use std::process::ExitCode;

/// Serves the pages and the HTTP API until it is interrupted. Files put into the data folder's `inbox`
/// are taken in.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton serve --data ./data
  baton serve --data ./data --listen 127.0.0.1:8080

There is no default password: `baton link --data ./data WORKER` prints a one-time link.")]
pub(crate) struct Serve {
    #[command(flatten)]
    data: Data,
    /// The address to listen on; keep it on this machine unless a proxy with TLS stands before it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4470")]
    listen: SocketAddr,
}

impl Serve {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        serve(&open, self.listen, |_| {})?;
        Ok(ExitCode::SUCCESS)
    }
}

/// How many threads wait for the database at most. More would wait for each other, and each keeps the memory
/// of the largest page it made.
pub(crate) const BLOCKING: usize = 16;

/// Serves an open folder until it is interrupted; tells the address once it listens there.
pub(crate) fn serve(
    open: &crate::open::Open,
    listen: SocketAddr,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build()
        .map_err(Failure::io("the server's threads"))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(Failure::io(listen.to_string()))?;
        let address = listener
            .local_addr()
            .map_err(Failure::io(listen.to_string()))?;
        println!("listening: http://{address}/");
        listening(address);
        if !address.ip().is_loopback() {
            eprintln!("baton: {address} can be reached from elsewhere without encryption; put a proxy with TLS before it");
        }
        baton_web::serve(open.app.clone(), listener, stopped())
            .await
            .map_err(Failure::io(listen.to_string()))
    })
}

/// Ends when the process is asked to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        return drop(interrupted.await);
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}
