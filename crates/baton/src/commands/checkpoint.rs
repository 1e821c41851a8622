//! `baton checkpoint`: a signed note over the journal's tree, to be kept by the other party.

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use baton_app::signing;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Signs the journal's tree as it stands and prints the note (C2SP signed note, Ed25519). Whoever keeps
/// it can later prove an edit or a cut tail with `baton verify --checkpoint`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton checkpoint --data ./data --out ../kestrel/2026-11-21.note
  baton checkpoint --data ./data --key      the key to check its signature with")]
pub(crate) struct Checkpoint {
    #[command(flatten)]
    data: Data,
    /// Write it to a file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the verifier key instead
    #[arg(long)]
    key: bool,
}

impl Checkpoint {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let text = if self.key {
            signing::verifier(&open.app, &open.tenant)?
        } else {
            let note = signing::checkpoint(&open.app, &open.tenant)?;
            signing::keep(&open.app, &open.tenant, &note)?;
            note.to_string()
        };
        match self.out {
            Some(path) => {
                std::fs::write(&path, &text).map_err(Failure::io(&path))?;
                println!("written to {}; let the other party keep it", path.display());
            }
            None => print!("{text}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
