//! `baton documents`: what was taken in.

use super::Outcome;
use crate::open::Data;
use baton_app::views::documents;
use clap::Args;
use std::process::ExitCode;

/// How many are read at once.
const PAGE: usize = 500;

/// Lists the documents that were taken in, the last first.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton documents --data ./data
  baton documents --data ./data --json | jq -r .number")]
pub(crate) struct Documents {
    #[command(flatten)]
    data: Data,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Documents {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let mut skip = 0;
        loop {
            let page = documents::all(&open.app, &open.tenant, skip, PAGE)?;
            page.iter().for_each(|document| self.print(document));
            skip += page.len();
            if page.len() < PAGE {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }

    fn print(&self, document: &documents::Document) {
        let case = document.case.as_deref().unwrap_or("–");
        if self.json {
            let line = serde_json::json!({
                "document": document.id, "kind": document.kind, "number": document.number,
                "sender": document.sender, "file": document.name, "sha256": document.sha256,
                "case": document.case, "suspected_of": document.suspected_of,
            });
            println!("{line}");
        } else {
            println!(
                "{:<8} {:<16} {:<24} {:<24} {case}",
                document.id, document.kind, document.number, document.sender
            );
        }
    }
}
