//! `baton demo`: a simulated company with sample documents, served at once.

mod floor;
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
/// and serves, while suppliers send documents and simulated colleagues work on them. Started again with
/// the same folder it goes on where it stopped.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton demo
  baton demo --data ./demo --listen 127.0.0.1:4470
  baton demo --pace 400        ten times as fast
  baton demo --pace 0          only the sample documents; nobody else works

What is wrong with the documents that arrive is noted in DIR/floor/planted.jsonl.")]
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
    /// How many invoices an hour the simulated suppliers send; everybody works as much faster. 0: none
    #[arg(long, value_name = "INVOICES", default_value_t = baton_floor::ORDINARY)]
    pace: u32,
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
        let floor =
            (self.pace > 0).then(|| floor::prepare(&open, &Folder::at(&self.data), self.pace));
        let floor = floor.transpose()?;
        let mut running = None;
        super::serve::serve(&open, self.listen, |address| {
            running = floor.and_then(|floor| floor.begin(address).inspect_err(say).ok());
        })?;
        drop(running);
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
        let mut played = rehearsal.play(pack, &bar);
        bar.finish_and_clear();
        if let (Ok(tenant), true) = (&played, self.pace > 0) {
            played = floor::share_out(&app, tenant).map(|()| tenant.clone());
        }
        app.stop();
        played.map(drop)
    }

    fn links(&self, open: &crate::open::Open) -> Result<(), Failure> {
        println!("Everything here is simulated. One-time links, each works once, for 24 hours:");
        let workers = sight::workers(&open.app, &open.tenant)?;
        for worker in workers
            .iter()
            .filter(|worker| !worker.roles.contains(floor::SIMULATED))
        {
            let token = sight::invite(&open.app, &open.tenant, &worker.id)?;
            println!(
                "link: http://{}/sign-in/{token}  {} · {}",
                self.listen, worker.party, worker.name
            );
        }
        Ok(())
    }
}

fn say(failure: &Failure) {
    eprintln!("baton: nobody works here: {failure}");
}
