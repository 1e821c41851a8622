//! `baton token`: tokens for bots and client programs. A token is printed once and kept nowhere.

use super::Outcome;
use crate::failure::Failure;
use crate::open::Data;
use baton_app::command::{Actor, Command, RevokeToken};
use baton_app::sight;
use baton_model::{WallTime, WorkerId};
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Lets client programs act as workers over the HTTP API.
#[derive(Subcommand)]
pub(crate) enum Token {
    /// Print a new token for a worker
    Issue(Issue),
    /// List the tokens that were not revoked
    List(List),
    /// Revoke a token, at once
    Revoke(Revoke),
}

/// Prints a new token. It is shown once and kept nowhere.
#[derive(Args)]
#[command(after_help = "\
Example:
  baton token issue --data ./data kestrel.bot --name 'invoice reader' --days 90")]
pub(crate) struct Issue {
    #[command(flatten)]
    data: Data,
    /// The worker the program acts as
    worker: String,
    /// What people call the program
    #[arg(long)]
    name: String,
    /// For how many days it holds, 366 at most
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=366))]
    days: i64,
}

/// Lists the tokens that were not revoked: worker, name, until when, and the beginning of the hash.
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    data: Data,
}

/// Revokes a token.
#[derive(Args)]
#[command(after_help = "Example:\n  baton token revoke --data ./data 4f1c09ab")]
pub(crate) struct Revoke {
    #[command(flatten)]
    data: Data,
    /// The beginning of its hash, as `baton token list` shows it; or the token itself
    token: String,
}

impl Token {
    pub(crate) fn run(self) -> Outcome {
        match self {
            Self::Issue(issue) => issue.run(),
            Self::List(list) => list.run(),
            Self::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Issue {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let until = open.app.now().plus(WallTime::hours(24 * self.days));
        let worker = WorkerId::new(self.worker);
        let (app, by) = (&open.app, (&open.tenant, Actor::System));
        println!(
            "{}",
            sight::issue_token(app, by, &worker, &self.name, until)?
        );
        eprintln!("It acts as {worker} until {until} and is not shown again.");
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let now = open.app.now();
        for token in sight::tokens(&open.app, &open.tenant, None)? {
            let ended = if token.until <= now { "  (ended)" } else { "" };
            println!(
                "{}  {}  {}  until {}{ended}",
                &token.hash[..token.hash.len().min(12)],
                token.worker,
                token.name,
                token.until
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Revoke {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let whole = sight::hash(&self.token);
        let tokens = sight::tokens(&open.app, &open.tenant, None)?;
        let mut meant = tokens
            .iter()
            .filter(|token| token.hash == whole || token.hash.starts_with(&self.token));
        let (Some(token), None) = (meant.next(), meant.next()) else {
            return Err(Failure::Said(
                "no token is meant by that, or more than one; `baton token list` shows them".into(),
            ));
        };
        let command = Command::RevokeToken(RevokeToken {
            hash: token.hash.clone(),
        });
        let cause = open.app.fresh_cause("token");
        open.app
            .submit_now(&open.tenant, Actor::System, &cause, command)?;
        println!("revoked: {} of {}", token.name, token.worker);
        Ok(ExitCode::SUCCESS)
    }
}
