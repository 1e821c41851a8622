//! `baton prove`: the proof of one case, to be checked by anybody without a data folder.

use super::Outcome;
use super::verify::note;
use crate::failure::Failure;
use crate::open::Data;
use baton_app::{proofs, signing};
use baton_model::CaseId;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Writes a case's proof: its entries byte for byte, a path from each to the root of the journal's tree,
/// and a signed checkpoint of that tree. Personal fields stay sealed in it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton prove P2P-25 --data ./data --out P2P-25.proof
  baton prove P2P-25 --data ./data --checkpoint kept-by-kestrel.note --out P2P-25.proof

Whoever gets it checks it with `baton verify --bundle P2P-25.proof --key baton.key`; the key is printed
by `baton checkpoint --key`. It proves that these entries stood in the journal, not that there are no
others: for that the whole journal is verified.")]
pub(crate) struct Prove {
    #[command(flatten)]
    data: Data,
    /// The case
    case: String,
    /// Prove by a checkpoint exported earlier instead of a new one
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Write it to a file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Prove {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let checkpoint = match &self.checkpoint {
            Some(path) => note(path)?,
            None => {
                let signed = signing::checkpoint(&open.app, &open.tenant)?;
                signing::keep(&open.app, &open.tenant, &signed)?;
                signed
            }
        };
        let case = CaseId::new(&self.case);
        let proof = proofs::prove(open.app.store(), &open.tenant, &case, &checkpoint)
            .map_err(|error| Failure::Said(error.to_string()))?;
        match &self.out {
            Some(path) => {
                std::fs::write(path, proof.to_string()).map_err(Failure::io(path))?;
                println!(
                    "{} entries of {case}, proved by a checkpoint over {}, written to {}",
                    proof.len(),
                    checkpoint.checkpoint().extent.size,
                    path.display()
                );
            }
            None => print!("{proof}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
