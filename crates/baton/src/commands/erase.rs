//! `baton erase`: destroys a subject's key.

use super::Outcome;
use crate::open::Data;
use baton_app::erasure;
use baton_model::SubjectId;
use clap::Args;
use std::process::ExitCode;

/// Destroys a subject's key and originals: the personal data is gone for good, from the journal, its
/// views and every copy that is not yet backed up elsewhere. Chain, tree and views stay sound; a
/// tombstone is journaled.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton erase --data ./data --list
  baton erase --data ./data 9930:de123456789 --reason \"request 2026-118\" --yes")]
pub(crate) struct Erase {
    #[command(flatten)]
    data: Data,
    /// Whose data: the sender of documents, or a worker
    #[arg(required_unless_present = "list")]
    subject: Option<String>,
    /// Why, like the request's reference
    #[arg(long, required_unless_present = "list")]
    reason: Option<String>,
    /// It cannot be undone; say that you know
    #[arg(long)]
    yes: bool,
    /// List the subjects with data here
    #[arg(long)]
    list: bool,
}

impl Erase {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let (Some(subject), Some(reason)) = (self.subject, self.reason) else {
            erasure::subjects(&open.app, &open.tenant)?
                .iter()
                .for_each(|subject| println!("{subject}"));
            return Ok(ExitCode::SUCCESS);
        };
        let subject = SubjectId::new(subject);
        if !self.yes {
            println!("{subject}: this cannot be undone. Say --yes to destroy the key.");
            return Ok(ExitCode::from(1));
        }
        let receipt = erasure::erase(&open.app, &open.tenant, &subject, &reason)?;
        println!("entry {}: the key of {subject} is destroyed", receipt.n);
        Ok(ExitCode::SUCCESS)
    }
}
