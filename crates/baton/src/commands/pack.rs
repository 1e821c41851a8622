//! `baton pack`: checks and deploys packs, and makes documents to try them with.

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use baton_app::packs;
use baton_model::Diagnostic;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What to do with a pack.
#[derive(Subcommand)]
pub(crate) enum Pack {
    /// List the packs that come with Baton
    List,
    /// Check a pack: every file, and that they fit together
    Check(Check),
    /// Deploy a new version; running cases keep theirs
    Deploy(Deploy),
    /// Write the order and receipt advice that match a real invoice
    Derive(Derive),
}

/// Checks a pack's folder and prints every finding with its line.
#[derive(Args)]
#[command(after_help = "Example:\n  baton pack check ./packs/request")]
pub(crate) struct Check {
    /// A pack that comes with Baton, or the path of a pack's folder
    pack: String,
}

/// Deploys a pack, or a new version of one, into a data folder. New cases run it; running cases keep
/// the version they began with.
#[derive(Args)]
#[command(after_help = "Example:\n  baton pack deploy ./packs/purchase-to-pay --data ./data")]
pub(crate) struct Deploy {
    /// A pack that comes with Baton, or the path of a pack's folder
    pack: String,
    #[command(flatten)]
    data: Data,
}

/// Writes the order and the receipt advice that match an invoice, so that a real invoice can run
/// through the three-way match, unchanged or with one planted defect.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton pack derive invoice.xml --into ./derived
  baton pack derive invoice.xml --into ./derived --defect price")]
pub(crate) struct Derive {
    /// The invoice or credit note
    file: PathBuf,
    /// The folder to write into
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
    /// Plant one defect: quantity, price, unit, unknown-line, duplicate, over-budget
    #[arg(long)]
    defect: Option<String>,
}

impl Pack {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::List => {
                packs::names().iter().for_each(|name| println!("{name}"));
                Ok(ExitCode::SUCCESS)
            }
            Self::Check(check) => check.run(),
            Self::Deploy(deploy) => deploy.run(),
            Self::Derive(derive) => derive.run(),
        }
    }
}

impl Check {
    fn run(self) -> Outcome {
        match packs::read(&self.pack) {
            Ok(pack) => {
                let deployment = &pack.deployment;
                println!(
                    "{} {}: {} process(es), {} decision file(s), {} form(s), {} lane(s); no findings",
                    deployment.name,
                    deployment.version,
                    deployment.processes.len(),
                    deployment.decisions.len(),
                    deployment.forms.len(),
                    deployment.lanes.len()
                );
                Ok(ExitCode::SUCCESS)
            }
            Err(findings) => Ok(refuse(&findings)),
        }
    }
}

impl Deploy {
    fn run(self) -> Outcome {
        let pack = match packs::read(&self.pack) {
            Ok(pack) => pack,
            Err(findings) => return Ok(refuse(&findings)),
        };
        let open = self.data.open()?;
        let receipt = packs::deploy(&open.app, &open.tenant, &pack)?;
        println!("entry {}: in force for new cases", receipt.n);
        Ok(ExitCode::SUCCESS)
    }
}

impl Derive {
    fn run(self) -> Outcome {
        let bytes = std::fs::read(&self.file).map_err(Failure::io(&self.file))?;
        let stem = self
            .file
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let files = match packs::derive(&stem, &bytes, self.defect.as_deref()) {
            Ok(files) => files,
            Err(findings) => return Ok(refuse_in(&self.file.display().to_string(), &findings)),
        };
        std::fs::create_dir_all(&self.into).map_err(Failure::io(&self.into))?;
        for (name, bytes) in files {
            let path = self.into.join(name);
            std::fs::write(&path, bytes).map_err(Failure::io(&path))?;
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints what is wrong with a pack.
pub(crate) fn refuse(findings: &[(String, Diagnostic)]) -> ExitCode {
    for (file, finding) in findings {
        println!("{file}: {finding}");
    }
    ExitCode::from(1)
}

/// Prints what is wrong with a file.
pub(crate) fn refuse_in(file: &str, findings: &[Diagnostic]) -> ExitCode {
    for finding in findings {
        println!("{file}: {finding}");
    }
    ExitCode::from(1)
}
