//! `baton init`: a data folder with a service in it.

use super::Outcome;
use crate::failure::Failure;
use crate::open::store;
use baton_app::{App, Folder, packs};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes a data folder, founds a tenant in it, and deploys a pack with its sample cast of parties,
/// sites and workers.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton init --pack purchase-to-pay --data ./data
  baton init --pack ./packs/request --data ./request --name \"Linden & Voss\"")]
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
}

impl Init {
    pub(crate) fn run(self) -> Outcome {
        let folder = Folder::at(&self.data);
        if folder.exists() {
            let path = self.data.display();
            return Err(Failure::Said(format!(
                "{path} already has a journal; choose another folder, or `baton pack deploy` a new version into it"
            )));
        }
        let pack = match packs::read(&self.pack) {
            Ok(pack) => pack,
            Err(findings) => return Ok(super::pack::refuse(&findings)),
        };
        folder.make().map_err(Failure::io(&self.data))?;
        let app = App::start(folder.clone(), store(&folder)?)?;
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
            "next: baton import --data {0} FILE…   baton serve --data {0}",
            self.data.display()
        );
        Ok(ExitCode::SUCCESS)
    }
}
