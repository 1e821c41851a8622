//! The check of a case's proof, without any data folder: entries and paths against the checkpoint in it,
//! and that checkpoint against a known key or one that was kept elsewhere.

use super::{key, note};
use crate::commands::statement::mark;
use crate::failure::Failure;
use baton_app::proofs::CaseProof;
use baton_journal::checkpoint::SignedCheckpoint;
use std::path::{Path, PathBuf};

/// What is known apart from the bundle.
pub(super) struct Known<'a> {
    pub(super) key: Option<&'a PathBuf>,
    pub(super) checkpoints: &'a [PathBuf],
}

/// Checks a bundle and says what was found; whether it holds.
pub(super) fn check(path: &Path, known: &Known<'_>) -> Result<bool, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let found = text
        .parse()
        .map_err(|error: baton_app::proofs::ProofError| error.to_string())
        .and_then(|proof: CaseProof| {
            proof.holds().map_err(|error| error.to_string())?;
            Ok(proof)
        });
    let proof = match found {
        Ok(proof) => proof,
        Err(reason) => {
            println!("  BROKEN      {reason}");
            println!("  it does NOT hold; ask for the bundle again");
            return Ok(false);
        }
    };
    print(&proof);
    let vouched = vouched(&proof, known)?;
    let verdict = match vouched {
        Some(true) => "everything holds",
        Some(false) => "it does NOT hold",
        None => {
            "nobody vouches for the checkpoint in it: give the signer's key with --key, or a checkpoint you kept of the same size with --checkpoint"
        }
    };
    println!("  {verdict}");
    Ok(vouched == Some(true))
}

fn print(proof: &CaseProof) {
    mark(proof.simulated() == Some(true));
    println!("case {} of {}", proof.case(), proof.tenant());
    for entry in proof.entries() {
        println!(
            "  entry       {:<6} {}",
            entry.n,
            entry.command.label().replace('_', " ")
        );
    }
    let size = proof.checkpoint().checkpoint().extent.size;
    println!(
        "  tree        {} entries, byte for byte in a journal of {size}",
        proof.len()
    );
}

/// Whether what is known vouches for the bundle's checkpoint; nothing where nothing known is about it.
fn vouched(proof: &CaseProof, known: &Known<'_>) -> Result<Option<bool>, Failure> {
    let mut vouched = None;
    if let Some(path) = known.key {
        let key = key(path)?;
        match proof.verify(std::slice::from_ref(&key)) {
            Ok(_) => println!("  signature   by {}", key.name()),
            Err(error) => println!("  BROKEN      {error}"),
        }
        vouched = Some(proof.verify(std::slice::from_ref(&key)).is_ok());
    }
    for path in known.checkpoints {
        let kept: SignedCheckpoint = note(path)?;
        let (own, kept) = (proof.checkpoint().checkpoint(), kept.checkpoint());
        let path = path.display();
        if (&own.origin, own.extent.size) != (&kept.origin, kept.extent.size) {
            println!("  passed over {path}: of another journal or size, it cannot be compared");
        } else if own.extent.root == kept.extent.root {
            println!("  checkpoint  the same as {path}");
            vouched = Some(vouched.unwrap_or(true));
        } else {
            println!("  BROKEN      {path} has another root: one of the two journals is forged");
            vouched = Some(false);
        }
    }
    Ok(vouched)
}
