//! `baton demo`: a simulated company with sample documents, served at once.

mod rehearsal;

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Journal, outside};
use crate::progress;
use baton_app::clock::{Clock, SetClock, SystemClock};
use baton_app::{App, Folder, Outside, packs, sight};
use clap::Args;
use rehearsal::Rehearsal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Makes a simulated company with the pack's sample documents, prints a one-time link for every worker
/// and serves. Started again with the same folder it goes on where it stopped.
#[derive(Args)]
#[command(after_help = "Example:\n  baton demo --data ./demo --listen 127.0.0.1:4470")]
pub(crate) struct Demo {
    /// The data folder
    #[arg(
        long,
        value_name = "DIR",
        env = "BATON_DATA",
        default_value = "demo-data"
    )]
    data: PathBuf,
    /// The pack to show
    #[arg(long, default_value = "purchase-to-pay")]
    pack: String,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4470")]
    listen: SocketAddr,
    #[command(flatten)]
    journal: Journal,
}

impl Demo {
    pub(crate) fn run(self) -> Outcome {
        if self.journal.existing(&Folder::at(&self.data))?.is_none() {
            match packs::read(&self.pack) {
                Ok(pack) => self.fill(&pack)?,
                Err(findings) => return Ok(super::pack::refuse(&findings)),
            }
        }
        let data = Data {
            data: self.data.clone(),
            tenant: None,
            journal: self.journal.clone(),
        };
        let open = data.open()?;
        self.links(&open)?;
        super::serve::serve(&open, self.listen)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Makes the company and plays its last four days.
    fn fill(&self, pack: &packs::Pack) -> Result<(), Failure> {
        let folder = Folder::at(&self.data);
        folder.make().map_err(Failure::io(&self.data))?;
        let clock = Arc::new(SetClock::at(SystemClock.now()));
        let store = self.journal.open(&folder)?;
        let app = App::start_in(
            folder,
            store,
            Outside {
                clock: clock.clone(),
                ..outside()?
            },
        )?;
        let bar = progress::bar("Rehearsing four days", pack.samples.len() as u64);
        let rehearsal = Rehearsal {
            app: &app,
            clock: &clock,
            now: SystemClock.now(),
        };
        let played = rehearsal.play(pack, &bar);
        bar.finish_and_clear();
        app.stop();
        played
    }

    fn links(&self, open: &crate::open::Open) -> Result<(), Failure> {
        println!("Everything here is simulated. One-time links, each works once, for 24 hours:");
        for worker in sight::workers(&open.app, &open.tenant)? {
            let token = sight::invite(&open.app, &open.tenant, &worker.id)?;
            println!(
                "link: http://{}/sign-in/{token}  {} · {}",
                self.listen, worker.party, worker.name
            );
        }
        Ok(())
    }
}
