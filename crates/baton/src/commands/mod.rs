//! The commands, in the order of a first day: set up, serve, bring in, look, prove.

mod agreement;
mod bench;
mod checkpoint;
mod clocks;
mod decide;
mod demo;
mod documents;
mod erase;
mod evaluator;
mod import;
mod init;
mod lane;
mod link;
mod pack;
mod process;
mod prove;
mod rate;
mod serve;
mod statement;
mod token;
mod verify;
mod worker;

use crate::failure::Failure;
use std::process::ExitCode;

/// What a command gives: its exit code, or why it could not be done at all.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// One of Baton's commands.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a data folder with a service in it, without a server
    Init(init::Init),
    /// Serve the pages and the HTTP API
    Serve(serve::Serve),
    /// A simulated company with sample documents, served at once
    Demo(demo::Demo),
    /// Print a one-time sign-in link for a worker
    Link(link::Link),
    /// Let bots and client programs in over the HTTP API
    #[command(subcommand)]
    Token(token::Token),
    /// Take documents in: UBL orders, receipts, despatch advices, invoices, credit notes
    Import(import::Import),
    /// List the documents that were taken in
    Documents(documents::Documents),
    /// Prove that journal and views are unchanged, offline
    Verify(verify::Verify),
    /// Write the proof of one case, to be checked anywhere
    Prove(prove::Prove),
    /// Sign and export a checkpoint, to be kept by the other party
    Checkpoint(checkpoint::Checkpoint),
    /// Check, deploy or feed a pack
    #[command(subcommand)]
    Pack(pack::Pack),
    /// Check a process model
    #[command(subcommand)]
    Process(process::Process),
    /// Make a decision of a DMN file and show the rules that fired
    Decide(decide::Decide),
    /// Show and change who gets the new cases of a lane
    Lane(lane::Lane),
    /// Show and change who works for which party
    Worker(worker::Worker),
    /// Import, show and compare agreements
    Agreement(agreement::AgreementCommand),
    /// Who held a case, for how long on whose clock, and whose lateness it is
    Clocks(clocks::Clocks),
    /// The service levels of a month
    Scorecard(statement::ScorecardCommand),
    /// The charges of a month under an agreement
    Statement(statement::StatementCommand),
    /// Rate a month by a rate card: charges and service credits, each explained
    Rate(rate::Rate),
    /// Destroy a subject's key: its personal data is gone for good
    Erase(erase::Erase),
    /// Measure durable commands per second against the raw database, in one run
    Bench(bench::Bench),
    /// Evaluate for the Baton that started this
    #[command(hide = true)]
    Evaluator(evaluator::Evaluator),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Init(command) => command.run(),
            Self::Serve(command) => command.run(),
            Self::Demo(command) => command.run(),
            Self::Link(command) => command.run(),
            Self::Token(command) => command.run(),
            Self::Import(command) => command.run(),
            Self::Documents(command) => command.run(),
            Self::Verify(command) => command.run(),
            Self::Prove(command) => command.run(),
            Self::Checkpoint(command) => command.run(),
            Self::Pack(command) => command.run(),
            Self::Process(command) => command.run(),
            Self::Decide(command) => command.run(),
            Self::Lane(command) => command.run(),
            Self::Worker(command) => command.run(),
            Self::Agreement(command) => command.run(),
            Self::Clocks(command) => command.run(),
            Self::Scorecard(command) => command.run(),
            Self::Statement(command) => command.run(),
            Self::Rate(command) => command.run(),
            Self::Erase(command) => command.run(),
            Self::Bench(command) => command.run(),
            Self::Evaluator(command) => command.run(),
        }
    }
}
