//! `baton evaluator`: the process in which a running Baton evaluates what packs say. Not for people: it
//! reads questions from standard input, answers on standard output, and ends with whoever started it.

use super::Outcome;
use crate::failure::Failure;
use clap::Args;
use std::process::ExitCode;

/// Answers the questions of the Baton that started it.
#[derive(Args)]
pub(crate) struct Evaluator {}

impl Evaluator {
    #[allow(clippy::unused_self, reason = "like every command")]
    pub(crate) fn run(self) -> Outcome {
        baton_app::evaluator::process::serve().map_err(Failure::io("the evaluator"))?;
        Ok(ExitCode::SUCCESS)
    }
}
