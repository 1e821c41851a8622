//! `baton verify`: proves journal and views, offline, and against checkpoints kept elsewhere; or one case's
//! proof without any data folder.

mod bundle;
mod figures;

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use crate::progress;
use baton_app::proofs::{self, Report};
use baton_journal::checkpoint::SignedCheckpoint;
use baton_journal::note::Verifier;
use baton_model::Month;
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Proves that the journal is unchanged: the chain over every stored byte, every column against the
/// bytes, the tree, and each view and the index of cases against the journal folded again. Needs no keys
/// and no server.
#[derive(Args)]
#[command(group(ArgGroup::new("proof").args(["checkpoint", "bundle"]).multiple(true)), after_help = "\
Examples:
  baton verify --data ./data
  baton verify --data ./data --checkpoint kept-by-kestrel.note
  baton verify --data ./data --month 2026-10               and that month's levels and statements
  baton verify --data ./data --statement KS-2026-11.json   a statement as it was exported
  baton verify --bundle P2P-25.proof --key baton.key       one case, without a data folder

A journal that was edited and hashed again, or whose tail was cut, is found by a checkpoint exported
earlier (`baton checkpoint`), and by nothing else.")]
pub(crate) struct Verify {
    #[command(flatten)]
    data: Data,
    /// Checkpoints exported earlier
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// A case's proof (`baton prove` writes it); no data folder is looked at
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Recompute the levels and statements of this month; the head's where none is named
    #[arg(long, value_name = "MONTH", value_parser = figures::month)]
    month: Option<Month>,
    /// A statement's file (`baton statement --json` writes it): recomputed up to the entry it names
    #[arg(long, value_name = "FILE")]
    statement: Vec<PathBuf>,
    /// The verifier key each checkpoint must be signed with (`baton checkpoint --key` prints it)
    #[arg(long, value_name = "FILE", requires = "proof")]
    key: Option<PathBuf>,
}

impl Verify {
    pub(crate) fn run(self) -> Outcome {
        let holds = match &self.bundle {
            Some(bundle) => bundle::check(
                bundle,
                &bundle::Known {
                    key: self.key.as_ref(),
                    checkpoints: &self.checkpoint,
                },
            )?,
            None => self.journal()?,
        };
        Ok(if holds {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(1)
        })
    }

    fn journal(&self) -> Result<bool, Failure> {
        let store = self.data.store()?;
        let checkpoints = self.checkpoints()?;
        let mut holds = true;
        for tenant in store.tenants()? {
            if self
                .data
                .tenant
                .as_deref()
                .is_some_and(|only| only != tenant.as_str())
            {
                continue;
            }
            let head = store.head(&tenant)?;
            let bar = progress::bar("Verifying", head.n.unsigned_abs());
            let report = proofs::verify(&store, &tenant, &checkpoints, &|n| {
                bar.set_position(n.unsigned_abs())
            })?;
            bar.finish_and_clear();
            print(&report);
            holds &= report.holds();
            if report.holds() {
                holds &= figures::check(&store, &tenant, self.month, &self.statement)?;
            }
        }
        Ok(holds)
    }

    fn checkpoints(&self) -> Result<Vec<SignedCheckpoint>, Failure> {
        let known: Option<Verifier> = self.key.as_deref().map(key).transpose()?;
        let checkpoints = self.checkpoint.iter().map(|path| {
            let note = note(path)?;
            let signed = known.as_ref().is_none_or(|key| {
                let keys = note.verify(std::slice::from_ref(key));
                keys.is_ok_and(|keys| !keys.is_empty())
            });
            let forged = || Failure::Said(format!("{}: not signed with that key", path.display()));
            signed.then_some(note).ok_or_else(forged)
        });
        checkpoints.collect()
    }
}

/// A checkpoint from a file.
pub(super) fn note(path: &Path) -> Result<SignedCheckpoint, Failure> {
    read(path)
}

/// A verifier key from a file.
fn key(path: &Path) -> Result<Verifier, Failure> {
    read(path)
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    text.trim_start()
        .parse()
        .map_err(|error| Failure::Said(format!("{}: {error}", path.display())))
}

fn print(report: &Report) {
    println!("tenant {}", report.tenant);
    println!("  journal     {}", report.journal);
    for finding in report.findings() {
        println!("  BROKEN      {finding}");
    }
    for view in &report.views {
        match view.different.as_slice() {
            [] => println!(
                "  view        {:<14} {} rows, same as the journal gives",
                view.view, view.rows
            ),
            keys => println!(
                "  BROKEN      view {}: {} rows differ, first {}",
                view.view,
                keys.len(),
                keys[0]
            ),
        }
    }
    println!(
        "  {}",
        if report.holds() {
            "everything holds"
        } else {
            "it does NOT hold; restore from a backup and compare"
        }
    );
}
