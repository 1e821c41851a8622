//! `baton allocate`: who runs which lane, and changing it.

use super::Outcome;
use crate::open::Data;
use baton_app::sight;
use baton_journal::{Actor, Command};
use baton_model::{LaneId, PartyId};
use clap::Args;
use std::process::ExitCode;

/// Gives a lane to another party from now on; the process stays. Without lane and party it lists who
/// runs which lane.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton allocate --data ./data
  baton allocate --data ./data verify KS --reason \"Tala's site is closed\"")]
pub(crate) struct Allocate {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    #[arg(requires = "party")]
    lane: Option<String>,
    /// The party's code
    #[arg(requires = "reason")]
    party: Option<String>,
    /// Why; it is shown on every work item that goes there
    #[arg(long)]
    reason: Option<String>,
}

impl Allocate {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let (Some(lane), Some(party)) = (self.lane, self.party) else {
            for lane in sight::lanes(&open.app, &open.tenant)? {
                println!(
                    "{:<18} {}  {} ({})",
                    lane.id.as_str(),
                    lane.party,
                    lane.name,
                    lane.reason
                );
            }
            return Ok(ExitCode::SUCCESS);
        };
        let reason = self.reason.unwrap_or_default();
        let command = Command::Allocate {
            lane: LaneId::new(lane),
            party: PartyId::new(party),
            reason,
        };
        let cause = open.app.fresh_cause("cli");
        let receipt = open
            .app
            .submit_now(&open.tenant, Actor::System, &cause, command)?;
        println!("entry {}: in force for new work items", receipt.n);
        Ok(ExitCode::SUCCESS)
    }
}
