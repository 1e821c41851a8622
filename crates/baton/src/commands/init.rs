//! `baton init`: a data folder with a service in it.

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Journal, start};
use baton_app::{Folder, packs};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes a data folder, founds a tenant in it, and deploys a pack with its sample cast of parties,
/// sites and workers.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton init --pack purchase-to-pay --data ./data
  baton init --pack ./packs/request --data ./request --name \"Linden & Voss\"
  BATON_STORE=postgres://baton:secret@localhost/baton baton init --pack purchase-to-pay --data ./data

With --store the journal is in PostgreSQL; keys, originals and inbox stay in the data folder.")]
pub(crate) struct Init {
    /// A pack that comes with Baton, or the path of a pack's folder
    #[arg(long)]
    pack: String,
    /// The data folder to make
    #[arg(long, value_name = "DIR", env = "BATON_DATA", default_value = "data")]
    data: PathBuf,
    /// The tenant's name; else the name of the pack's client
    #[arg(long)]
    name: Option<String>,
    /// Mark the tenant as simulated, for ever
    #[arg(long)]
    simulated: bool,
    #[command(flatten)]
    journal: Journal,
}

impl Init {
    pub(crate) fn run(self) -> Outcome {
        let folder = Folder::at(&self.data);
        if self.journal.existing(&folder)?.is_some() {
            let place = self.journal.place(&folder)?;
            return Err(Failure::Said(format!(
                "{place} already has a journal; choose another place, or `baton pack deploy` a new version into it"
            )));
        }
        let pack = match packs::read(&self.pack) {
            Ok(pack) => pack,
            Err(findings) => return Ok(super::pack::refuse(&findings)),
        };
        folder.make().map_err(Failure::io(&self.data))?;
        let app = start(folder.clone(), self.journal.open(&folder)?)?;
        let installed = packs::install(&app, &pack, self.name.as_deref(), self.simulated);
        app.stop();
        let tenant = installed?;
        println!(
            "{} is ready: tenant {tenant}, pack {} {}",
            self.data.display(),
            pack.deployment.name,
            pack.deployment.version
        );
        println!(
            "next: baton import --data {0} FILE…   baton serve --data {0}{1}",
            self.data.display(),
            self.journal.hint()
        );
        Ok(ExitCode::SUCCESS)
    }
}
