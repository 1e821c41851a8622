//! `baton import`: takes files in and says of each what became of it.

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use crate::progress;
use baton_app::imports::{self, Imported};
use baton_journal::Actor;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Takes documents in: UBL 2.1 orders, receipt advices, despatch advices, invoices and credit notes. A
/// folder is taken with all files below it. A file that cannot be read is refused with line and reason,
/// kept, and listed.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton import --data ./data invoice.xml
  baton import --data ./data ./inbox --json | jq .outcome

With --json, one line a file: file, outcome (case, correlated, document, duplicate, suspected, refused),
case, document, kind, number, currency, net, tax, gross, payable, line, code, reason. Exit code 1 if any
file was refused.")]
pub(crate) struct Import {
    #[command(flatten)]
    data: Data,
    /// Files or folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let files = files(&self.paths)?;
        if files.is_empty() {
            eprintln!("baton: there are no files at these paths");
        }
        let bar = progress::bar("Taking in", files.len() as u64);
        let mut refused = false;
        for file in &files {
            let bytes = imports::read_capped(file).map_err(Failure::io(file))?;
            let name = file.display().to_string();
            let imported =
                imports::import(&open.app, &open.tenant, Actor::System, "cli", &name, &bytes)?;
            refused |= imported.is_refused();
            bar.suspend(|| self.print(&imported));
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(if refused {
            ExitCode::from(1)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn print(&self, imported: &Imported) {
        if self.json {
            println!("{}", imported.to_json());
        } else {
            println!("{imported}");
        }
    }
}

/// The files at the paths: a folder gives all files below it, in the order of their names.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    Ok(files)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let meta = std::fs::metadata(path).map_err(Failure::io(path))?;
    if !meta.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(Failure::io(path))? {
        entries.push(entry.map_err(Failure::io(path))?.path());
    }
    entries.sort();
    entries.iter().try_for_each(|entry| collect(entry, files))
}
