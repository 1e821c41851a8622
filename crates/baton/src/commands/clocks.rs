//! `baton clocks`: a case's hops with wall and working times, and whom its lateness is charged to.

use super::Outcome;
use super::statement::mark;
use crate::failure::Failure;
use crate::open::Data;
use baton_app::figures::{self, Paused};
use baton_app::sight;
use baton_app::views::times::CaseTimes;
use baton_model::{CaseId, Micros, WallTime};
use clap::Args;
use std::process::ExitCode;

/// Who held a case, from when to when, for how long on whose clock, and whose lateness it is. The
/// holders' wall times add up to the case's to the microsecond.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton clocks --data ./data P2P-25
  baton clocks --data ./data P2P-25 --json")]
pub(crate) struct Clocks {
    #[command(flatten)]
    data: Data,
    /// The case
    case: String,
    /// Print JSON, in microseconds, with the events each hop was measured from
    #[arg(long)]
    json: bool,
}

impl Clocks {
    pub(crate) fn run(self) -> Outcome {
        let open = self.data.open()?;
        let found = figures::clocks(&open.app, &open.tenant, &CaseId::new(&self.case))?;
        let times =
            found.ok_or_else(|| Failure::Said(format!("there is no case {}", self.case)))?;
        let pauses = figures::pauses(&open.app, &open.tenant, &CaseId::new(&self.case))?;
        let simulated = sight::about(&open.app, &open.tenant)?.simulated;
        if self.json {
            let mut json = json(&times, &pauses).map_err(said)?;
            json["simulated"] = simulated.into();
            println!("{json:#}");
        } else {
            mark(simulated);
            print(&times);
            pauses.iter().for_each(|paused| print_pause(paused, &times));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn said(error: serde_json::Error) -> Failure {
    Failure::Said(error.to_string())
}

/// The times with the pauses beside; those that count stand in the clocks too.
fn json(times: &CaseTimes, pauses: &[Paused]) -> Result<serde_json::Value, serde_json::Error> {
    let mut json = serde_json::to_value(times)?;
    json["pauses"] = serde_json::to_value(pauses)?;
    Ok(json)
}

/// A pause in a line: what was asked, whether it counts, and who objects.
fn print_pause(paused: &Paused, times: &CaseTimes) {
    let lasted = paused.until.unwrap_or(times.now).since(paused.from);
    let asked = paused.asked.as_ref();
    let asked = asked.map_or(String::new(), |party| format!(", {party} was asked"));
    let how = match (paused.counts, paused.answered_by, paused.until) {
        (false, ..) => ", nothing asked: the clock ran on".into(),
        (true, Some(n), _) => format!(", answered in entry {n}"),
        (true, None, Some(_)) => ", never answered".into(),
        (true, None, None) => ", not answered yet".into(),
    };
    let contested = paused.contested_by;
    let contested = contested.map_or(String::new(), |n| {
        format!("; the client objects in entry {n}")
    });
    println!(
        "pause {} {} {} {}, entry {}{asked}{how}{contested}",
        paused.party,
        paused.lane,
        hours(lasted.0),
        paused.reason,
        paused.n
    );
}

/// A duration in hours, minutes and seconds.
fn hours(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    format!(
        "{}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn print(times: &CaseTimes) {
    println!(
        "{:<4} {:<18} {:>12} {:>12} {:>12} {:>12}",
        "", "lane", "working", "wall", "paused", "charged"
    );
    for hop in &times.hops {
        println!(
            "{:<4} {:<18} {:>12} {:>12} {:>12} {:>12}",
            hop.party,
            hop.lane,
            hours(hop.clock.working.0),
            hours(hop.held.0),
            hours(hop.clock.paused.0),
            hours(hop.charged.0)
        );
    }
    let clock = &times.clock;
    let held: WallTime = times.held.iter().map(|(_, wall)| *wall).sum();
    println!(
        "{:<23} {:>12} {:>12} {:>12} {:>12}",
        "case",
        hours(clock.working.0),
        hours(clock.wall.0),
        hours(clock.paused.0),
        hours(times.lateness.late.0)
    );
    println!("holders add up to {} us of {} us", held.0, clock.wall.0);
    let target = clock.target.map_or("none".into(), |target| hours(target.0));
    let due = clock
        .due
        .map_or("none".into(), |due: Micros| due.to_string());
    println!(
        "target {target}, due {due}, late {}, unattributed {}, tzdata {}",
        hours(times.lateness.late.0),
        hours(times.lateness.unattributed.0),
        times.zones
    );
}
