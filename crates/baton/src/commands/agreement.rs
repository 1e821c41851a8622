//! `baton agreement`: imports agreements, lists and shows them, and says in words what a version changes.

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Open};
use baton_app::agreements::{self, SetAgreement, effects};
use baton_app::views::agreements::Known;
use baton_journal::Actor;
use baton_model::{Agreement, AgreementId};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Agreements between client and providers: lanes, service levels, unit prices, grants, continuity, as
/// versioned TOML. A new version counts from its date, never before it was imported.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton agreement import --data ./data KS-2026.toml --dry-run
  baton agreement import --data ./data KS-2026.toml
  baton agreement list --data ./data
  baton agreement show --data ./data KS-2026 --version 1
  baton agreement diff --data ./data KS-2026@1 KS-2026@2
  baton agreement diff --data ./data KS-2026 changed.toml")]
pub(crate) struct AgreementCommand {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Takes an agreement in, or its next version
    Import(Import),
    /// Lists the agreements with their versions
    List(Data),
    /// Prints the text of an agreement
    Show(Show),
    /// Says in words what changes between two agreements
    Diff(Diff),
}

#[derive(Args)]
struct Import {
    #[command(flatten)]
    data: Data,
    /// The agreement's file
    file: PathBuf,
    /// Only say what it would change
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
struct Show {
    #[command(flatten)]
    data: Data,
    /// The agreement's id
    id: String,
    /// Which version; the last where none is named
    #[arg(long)]
    version: Option<u32>,
}

#[derive(Args)]
struct Diff {
    #[command(flatten)]
    data: Data,
    /// ID, ID@VERSION, or a file
    before: String,
    /// ID, ID@VERSION, or a file
    after: String,
}

impl AgreementCommand {
    pub(crate) fn run(self) -> Outcome {
        match self.act {
            Act::Import(import) => import.run(),
            Act::List(data) => list(&data.open()?),
            Act::Show(show) => show.run(),
            Act::Diff(diff) => diff.run(),
        }
    }
}

impl Import {
    fn run(self) -> Outcome {
        let asked = match read(&self.file)? {
            Ok(asked) => asked,
            Err(code) => return Ok(code),
        };
        let open = self.data.open()?;
        let id = asked.agreement.id.clone();
        let before = agreements::last(&open.app, &open.tenant, &id)?;
        let before = before.map(|known| known.set.agreement);
        print_effects(before.as_ref(), &asked.agreement);
        if self.dry_run {
            println!("nothing was changed (--dry-run)");
            return Ok(ExitCode::SUCCESS);
        }
        let receipt = agreements::set(&open.app, &open.tenant, Actor::System, asked)?;
        let now = agreements::last(&open.app, &open.tenant, &id)?;
        if let Some(known) = now {
            let (version, from) = (known.set.version, known.set.from);
            println!("entry {}: {id} v{version} counts from {from}", receipt.n);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// An agreement from a file; what is wrong with it is printed.
fn read(path: &Path) -> Result<Result<SetAgreement, ExitCode>, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let name = path.display().to_string();
    Ok(agreements::read(&text).map_err(|findings| super::pack::refuse_in(&name, &findings)))
}

fn print_effects(before: Option<&Agreement>, after: &Agreement) {
    let said = effects(before, after);
    if said.is_empty() {
        println!("no effects: both say the same");
    }
    said.iter().for_each(|effect| println!("  {effect}"));
}

fn list(open: &Open) -> Outcome {
    for known in agreements::all(&open.app, &open.tenant)? {
        let agreement = &known.set.agreement;
        println!(
            "{:<10} v{:<3} {}  from {}  entry {:<6} {}",
            agreement.id.as_str(),
            known.set.version,
            agreement.provider,
            known.set.from,
            known.name.n,
            agreement.name
        );
    }
    Ok(ExitCode::SUCCESS)
}

impl Show {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let known = find(&open, &self.id, self.version)?;
        print!("{}", known.set.text);
        Ok(ExitCode::SUCCESS)
    }
}

fn find(open: &Open, id: &str, version: Option<u32>) -> Result<Known, Failure> {
    let all = agreements::all(&open.app, &open.tenant)?;
    let wanted = |known: &Known| {
        let same = known.set.agreement.id == AgreementId::new(id);
        same && version.is_none_or(|version| known.set.version == version)
    };
    all.into_iter().rfind(wanted).ok_or_else(|| {
        let version = version.map_or_else(String::new, |version| format!(" version {version}"));
        Failure::Said(format!(
            "there is no agreement {id}{version}; `baton agreement list` shows which there are"
        ))
    })
}

impl Diff {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let side = |text: &str| -> Result<Result<Agreement, ExitCode>, Failure> {
            if Path::new(text).is_file() {
                return Ok(read(Path::new(text))?.map(|asked| asked.agreement));
            }
            let (id, version) = match text.rsplit_once('@') {
                Some((id, version)) => (id, Some(version)),
                None => (text, None),
            };
            let version = version.map(|version| {
                let number = version.trim_start_matches('v').parse::<u32>();
                number.map_err(|_| Failure::Said(format!("`{version}` is no version; write ID@2")))
            });
            Ok(Ok(find(&open, id, version.transpose()?)?.set.agreement))
        };
        let before = match side(&self.before)? {
            Ok(before) => before,
            Err(code) => return Ok(code),
        };
        match side(&self.after)? {
            Ok(after) => print_effects(Some(&before), &after),
            Err(code) => return Ok(code),
        }
        Ok(ExitCode::SUCCESS)
    }
}
