//! `baton link`: a one-time sign-in link for a worker. There is no default password.

use super::Outcome;
use crate::open::Data;
use baton_app::sight;
use baton_model::WorkerId;
use clap::Args;
use std::process::ExitCode;

/// Prints a one-time sign-in link. It works once, for 24 hours.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton link --data ./data agnieszka.wrona
  baton link --data ./data --all")]
pub(crate) struct Link {
    #[command(flatten)]
    data: Data,
    /// The worker's id
    #[arg(required_unless_present = "all")]
    worker: Option<String>,
    /// A link for every worker
    #[arg(long, conflicts_with = "worker")]
    all: bool,
    /// What the link begins with
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:4470")]
    address: String,
}

impl Link {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let workers = match self.worker {
            Some(worker) => vec![WorkerId::new(worker)],
            None => sight::workers(&open.app, &open.tenant)?
                .into_iter()
                .map(|worker| worker.id)
                .collect(),
        };
        for worker in workers {
            let token = sight::invite(&open.app, &open.tenant, &worker)?;
            println!(
                "{worker}  {}/sign-in/{token}",
                self.address.trim_end_matches('/')
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
