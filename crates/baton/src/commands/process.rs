//! `baton process`: checks a process model.

use super::Outcome;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What to do with a process model.
#[derive(Subcommand)]
pub(crate) enum Process {
    /// Say whether Baton can run a BPMN file, and if not why, by id and line
    Check(Check),
}

/// Checks a BPMN file: what Baton does not run is named with its id and line.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton process check packs/purchase-to-pay/purchase-to-pay.bpmn --dmn packs/purchase-to-pay/match.dmn
  baton process check model.bpmn")]
pub(crate) struct Check {
    /// The BPMN file
    file: PathBuf,
    /// DMN files its business rule tasks use
    #[arg(long, value_name = "FILE")]
    dmn: Vec<PathBuf>,
}

impl Process {
    pub(crate) fn run(self) -> Outcome {
        let Self::Check(check) = self;
        check.run()
    }
}

impl Check {
    fn run(self) -> Outcome {
        let read = |path: &PathBuf| std::fs::read(path).map_err(Failure::io(path));
        let model = read(&self.file)?;
        let decisions = self.dmn.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        match baton_app::packs::check_process(&model, &decisions) {
            Ok(summary) => {
                println!("{}: {summary}", self.file.display());
                Ok(ExitCode::SUCCESS)
            }
            Err(findings) => Ok(super::pack::refuse_in(
                &self.file.display().to_string(),
                &findings,
            )),
        }
    }
}
