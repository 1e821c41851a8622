//! The program: one file a command under `commands/`. It parses arguments, opens the data folder, calls
//! one thing in `app` or `web`, and prints. Exit codes: see `baton --help`.

#![allow(
    clippy::print_stdout,
    reason = "a command's answer goes to the terminal"
)]

mod commands;
mod failure;
mod open;
mod progress;

use clap::Parser;
use std::process::ExitCode;

/// A turn makes and drops many small texts; the system's allocator takes twice as long over them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Baton runs outsourced business processes: the process stays, who runs it changes, every leg has its
/// own clock, and every number can be proved.
#[derive(Parser)]
#[command(name = "baton", version, arg_required_else_help = true, after_help = AFTER)]
struct Baton {
    #[command(subcommand)]
    command: commands::Command,
}

const AFTER: &str = "\
Examples:
  baton init --pack purchase-to-pay --data ./data   a data folder with a service in it
  baton serve --data ./data                         the pages and the HTTP API on 127.0.0.1:4470
  baton import --data ./data invoices/*.xml         take documents in
  baton verify --data ./data                        prove chain, tree and views
  BATON_STORE=postgres://baton:secret@localhost/baton baton serve --data ./data
                                                    the same with the journal in PostgreSQL

Exit codes:
  0  done, and everything holds
  1  done, but something was refused or does not hold; the output says what
  2  the arguments are wrong
  3  it could not be done: no data folder, no disk, no port";

fn main() -> ExitCode {
    end_quietly_with_the_reader();
    let filter = tracing_subscriber::EnvFilter::try_from_env("BATON_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Baton::parse().command.run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("baton: {failure}");
            ExitCode::from(3)
        }
    }
}

/// Ends without a word where the reader of the output has gone, as in `baton verify | head`.
fn end_quietly_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|said| said.contains("Broken pipe")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
