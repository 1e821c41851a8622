//! `baton bench`: durable commands per second against what the same disk gives SQLite rows that are
//! ready, in the same transactions, measured one right after the other: the same rows in the same
//! tables, and rows of the same sizes in one plain table.
//!
//! It works in a folder of its own, which it removes. The load is in `load`, the tape of what was
//! written in `tape`, the tenant in `tenant`; what a floor of clients gets over HTTP in `floor`.

mod floor;
mod load;
mod tape;
mod tenant;

use super::Outcome;
use crate::failure::Failure;
use crate::open::start;
use baton_app::{App, Folder};
use baton_store::sqlite::{self, RawRows};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tape::Tape;

/// The share of the same rows, written raw, that is aimed at: with one submitter, and with many.
const AIM: (f64, f64) = (0.60, 0.45);

/// Measures durable commands per second at 1, 8 and 64 submitters, sealing included, and in the same
/// run how many commands' worth of ready SQLite rows the disk takes.
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  baton bench --data /srv/baton            on the disk that will hold the data
  baton bench --data /srv/baton --seconds 20 --json

Each submitter starts a case with a sealed field, claims its work item and completes it, over and over,
and waits for each answer. Then the rows of its transactions are written again without Baton, ready made:
`same` into the same tables with their keys and indexes, which is what the aim is a share of; `plain` into
one table keyed by a number alone, with nothing indexed."
)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: Option<What>,
    /// A folder on the disk to measure; a folder of its own is made in it and removed
    #[arg(long, value_name = "DIR", env = "BATON_DATA", default_value = ".")]
    data: PathBuf,
    /// How long each measurement takes
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many submitters
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64])]
    submitters: Vec<usize>,
    /// Print one JSON line a measurement
    #[arg(long)]
    json: bool,
}

/// What else is measured.
#[derive(clap::Subcommand)]
enum What {
    /// Work over HTTP: items a second, pages, live updates, memory
    Floor(floor::Floor),
}

impl Bench {
    pub(crate) fn run(mut self) -> Outcome {
        if let Some(What::Floor(floor)) = self.what.take() {
            return floor.run();
        }
        let scratch = Scratch::make(&self.data)?;
        let folder = Folder::at(scratch.0.join("data"));
        folder.make().map_err(Failure::io(&scratch.0))?;
        let tape = Arc::new(Tape::over(sqlite::open(&folder.journal())?));
        let app = start(folder, tape.clone())?;
        let measured = self.measure(&app, &tape, &scratch);
        app.stop();
        measured.map(|()| ExitCode::SUCCESS)
    }

    fn measure(&self, app: &App, tape: &Tape, scratch: &Scratch) -> Result<(), Failure> {
        let most = self.submitters.iter().copied().max().unwrap_or(1);
        let tenant = tenant::install(app, &scratch.0, most)?;
        if !self.json {
            println!("{}", Line::heading());
        }
        for submitters in &self.submitters {
            let line = self.level(app, tape, scratch, &tenant, *submitters)?;
            println!("{}", if self.json { line.json() } else { line.text() });
        }
        Ok(())
    }

    fn level(
        &self,
        app: &App,
        tape: &Tape,
        scratch: &Scratch,
        tenant: &baton_model::TenantId,
        submitters: usize,
    ) -> Result<Line, Failure> {
        let warm = Duration::from_millis(500);
        load::run(app, tenant, submitters, warm)?;
        tape.take();
        let load = load::run(app, tenant, submitters, Duration::from_secs(self.seconds))?;
        let written = tape.take();
        let raw = scratch.0.join(format!("raw-{submitters}.db"));
        Line::measure(
            submitters,
            &load,
            &written,
            RawRows::create(&raw, &tape.views())?,
        )
    }
}

/// A folder that is removed when the measurement ends.
struct Scratch(PathBuf);

impl Scratch {
    fn make(disk: &Path) -> Result<Self, Failure> {
        let path = disk.join(format!("baton-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(Failure::io(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("baton: {} could not be removed: {error}", self.0.display());
        }
    }
}

/// One measurement.
struct Line {
    submitters: usize,
    /// Commands a second.
    commands: f64,
    /// Commands a commit.
    group: f64,
    /// Events a command.
    events: f64,
    entry_bytes: f64,
    /// Rows of views a command.
    view_rows: f64,
    /// Commands' worth of rows a second: the same rows in the same tables.
    same: f64,
    /// The same: rows of the same sizes in a plain table.
    plain: f64,
}

impl Line {
    fn measure(
        submitters: usize,
        load: &load::Load,
        written: &tape::Written,
        mut raw: RawRows,
    ) -> Result<Self, Failure> {
        let batches = &written.batches;
        let entries = written.entries.max(1) as f64;
        let mut rows = 0;
        for batch in batches {
            rows += raw.sizes(batch)?.len();
        }
        let bytes = batches.iter().flat_map(|batch| &batch.entries);
        let bytes: usize = bytes.map(|entry| entry.bytes.len()).sum();
        Ok(Self {
            submitters,
            commands: load.commands as f64 / load.took.as_secs_f64(),
            group: entries / batches.len().max(1) as f64,
            events: load.events as f64 / load.commands.max(1) as f64,
            entry_bytes: bytes as f64 / entries,
            view_rows: rows as f64 / entries - 1.0,
            same: entries / raw.same(batches)?.as_secs_f64(),
            plain: entries / raw.plain(batches)?.as_secs_f64(),
        })
    }

    fn ratio(&self) -> f64 {
        self.commands / self.same
    }

    fn aim(&self) -> f64 {
        if self.submitters == 1 { AIM.0 } else { AIM.1 }
    }

    fn heading() -> String {
        "submitters  commands/s  per commit  events  entry bytes  view rows  rows/s    same/s  ratio   aim   plain/s  ratio".into()
    }

    fn text(&self) -> String {
        let rows = self.commands * (1.0 + self.view_rows);
        format!(
            "{:>10}  {:>10.0}  {:>10.1}  {:>6.1}  {:>11.0}  {:>9.1}  {rows:>6.0}  {:>8.0}  {:>3.0} %  {:.0} %  {:>8.0}  {:>3.0} %",
            self.submitters,
            self.commands,
            self.group,
            self.events,
            self.entry_bytes,
            self.view_rows,
            self.same,
            self.ratio() * 100.0,
            self.aim() * 100.0,
            self.plain,
            self.commands / self.plain * 100.0,
        )
    }

    fn json(&self) -> String {
        serde_json::json!({
            "submitters": self.submitters,
            "commands_per_second": self.commands.round(),
            "commands_per_commit": self.group,
            "events_per_command": self.events,
            "entry_bytes": self.entry_bytes.round(),
            "view_rows_per_command": self.view_rows,
            "same_rows_commands_per_second": self.same.round(),
            "ratio": self.ratio(),
            "aim": self.aim(),
            "plain_rows_commands_per_second": self.plain.round(),
            "plain_ratio": self.commands / self.plain,
        })
        .to_string()
    }
}
