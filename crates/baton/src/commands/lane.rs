//! `baton lane`: who gets the new cases of a lane, and changing it: shares, pause, resume, step-in.

mod ramp;

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Open};
use baton_app::lanes::{self, LaneNow, Part};
use baton_journal::setup::{InFlight, Share, Takes};
use baton_journal::{Actor, Command};
use baton_model::share::percent;
use baton_model::{LaneId, PartyId, SiteId};
use clap::{Args, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Shows and changes who gets the new cases of a lane. The process stays; every change is an entry with
/// its reason.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton lane list --data ./data
  baton lane share --data ./data verify KS=70 TO=30 LV=0 --reason \"second provider from November\"
  baton lane share --data ./data verify KS=70 TO=30 --when \"TO: invoice.gross < 25000\" --reason \"limit of the agreement\"
  baton lane pause --data ./data verify TO --in-flight split --reason \"accuracy below 99 % for 3 weeks\"
  baton lane resume --data ./data verify TO --reason \"retrained\"
  baton lane step-in --data ./data verify LV --in-flight hand-over --reason \"site closed by a storm\"
  baton lane share --data ./data verify KS=70 TO=30 --most TO=25000 --language TO=en --reason \"limit of the agreement\"
  baton lane ramp --data ./data verify --to TO=10 --at 2026-12-01 --gate - --to TO=30 --at 2026-12-08 --gate \"TO on-time 95 over 30 in 7\" --reason \"ramp of Tala\"
  baton lane ramp --data ./data verify --to LV=100 --at 2026-12-24 --until 2027-01-02 --reason \"holidays of the provider\"
  baton lane plan --data ./data verify
  baton lane cancel --data ./data verify --reason \"contract delayed\"
  baton lane undo --data ./data verify --reason \"wrong lane\"
  baton lane history --data ./data verify")]
pub(crate) struct Lane {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Lists the lanes with their parties
    List(Data),
    /// Gives all new cases to one party
    Give(Change),
    /// Splits new cases between parties; those with 0 are backups
    Share(Shares),
    /// Gives a party nothing new until it is resumed
    Pause(Change),
    /// Gives a paused party its share again
    Resume(Change),
    /// Lets a party run all of the lane from now on
    StepIn(Change),
    /// Plans dated steps of shares, each with a gate
    Ramp(ramp::Ramp),
    /// Shows what is planned for a lane
    Plan(History),
    /// Cancels what is planned for a lane
    Cancel(ramp::Because),
    /// Restores what was before the last change of a lane
    Undo(ramp::Because),
    /// Lists the changes of a lane, the newest first
    History(History),
}

#[derive(Args)]
struct Shares {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    lane: String,
    /// PARTY=PERCENT, adding up to 100; at another than the party's first site PARTY@SITE=PERCENT
    #[arg(required = true, value_name = "PARTY=PERCENT", value_parser = part)]
    shares: Vec<Asked>,
    /// Which cases a party takes, as a FEEL condition
    #[arg(long, value_name = "PARTY: CONDITION", value_parser = condition)]
    when: Vec<(String, String)>,
    /// Only cases in this language; may be repeated
    #[arg(long, value_name = "PARTY=CODE", value_parser = pair)]
    language: Vec<(String, String)>,
    /// Only cases of at least this value
    #[arg(long, value_name = "PARTY=VALUE", value_parser = pair)]
    least: Vec<(String, String)>,
    /// Only cases of at most this value
    #[arg(long, value_name = "PARTY=VALUE", value_parser = pair)]
    most: Vec<(String, String)>,
    #[command(flatten)]
    how: How,
}

#[derive(Args)]
struct Change {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    lane: String,
    /// The party's code
    party: String,
    #[command(flatten)]
    how: How,
}

#[derive(Args)]
struct History {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    lane: String,
}

#[derive(Args)]
struct How {
    /// What becomes of the open work items of a party that stops
    #[arg(long, value_enum, default_value_t = Policy::Split)]
    in_flight: Policy,
    /// Why; it is kept, and shown to those it concerns
    #[arg(long)]
    reason: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Policy {
    /// The party finishes all of them
    Finish,
    /// It finishes what somebody works on; the rest is handed over
    Split,
    /// All are handed over
    HandOver,
}

impl From<Policy> for InFlight {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Finish => Self::Finish,
            Policy::Split => Self::Split,
            Policy::HandOver => Self::HandOver,
        }
    }
}

/// A share as it was typed.
#[derive(Clone, Debug)]
struct Asked {
    party: String,
    site: Option<String>,
    basis_points: u32,
}

fn part(text: &str) -> Result<Asked, String> {
    let (who, percent) = text
        .split_once('=')
        .ok_or("write PARTY=PERCENT, like KS=70")?;
    let percent: f64 = percent
        .trim_end_matches('%')
        .trim()
        .parse()
        .map_err(|_| "the percentage is a number, like 70 or 33.34")?;
    let points = percent * 100.0;
    if !(0.0..=10_000.0).contains(&points) || (points - points.round()).abs() > 1e-6 {
        return Err("a percentage lies between 0 and 100 and has at most two decimals".into());
    }
    let (party, site) = match who.split_once('@') {
        Some((party, site)) => (party, Some(site.to_owned())),
        None => (who, None),
    };
    Ok(Asked {
        party: party.to_owned(),
        site,
        basis_points: points.round() as u32,
    })
}

fn condition(text: &str) -> Result<(String, String), String> {
    let (party, condition) = text
        .split_once(':')
        .ok_or("write PARTY: CONDITION, like \"TO: invoice.gross < 25000\"")?;
    Ok((party.trim().to_owned(), condition.trim().to_owned()))
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (party, value) = text
        .split_once('=')
        .ok_or("write PARTY=VALUE, like TO=25000")?;
    Ok((party.trim().to_owned(), value.trim().to_owned()))
}

impl Lane {
    pub(crate) fn run(self) -> Outcome {
        match self.act {
            Act::List(data) => list(&data.open()?),
            Act::Share(shares) => shares.run(),
            Act::Give(change) => change.run(|lane, party, _, reason| Command::Allocate {
                lane,
                party,
                reason,
            }),
            Act::Pause(change) => {
                change.run(|lane, party, in_flight, reason| Command::PauseParty {
                    lane,
                    party,
                    in_flight,
                    reason,
                })
            }
            Act::Resume(change) => change.run(|lane, party, _, reason| Command::ResumeParty {
                lane,
                party,
                reason,
            }),
            Act::StepIn(change) => change.run(|lane, party, in_flight, reason| Command::StepIn {
                lane,
                party,
                in_flight,
                reason,
            }),
            Act::Ramp(ramp) => ramp.run(),
            Act::Plan(plan) => ramp::list(&plan.data.open()?, &plan.lane),
            Act::Cancel(because) => {
                because.run(|lane, reason| Command::CancelPlan { lane, reason })
            }
            Act::Undo(because) => because.run(|lane, reason| Command::UndoChange { lane, reason }),
            Act::History(history) => history.run(),
        }
    }
}

impl Shares {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let shares = self
            .shares
            .iter()
            .map(|asked| self.share(&open, asked))
            .collect::<Result<_, _>>()?;
        let command = Command::SetShares {
            lane: LaneId::new(self.lane),
            shares,
            in_flight: self.how.in_flight.into(),
            reason: self.how.reason,
        };
        change(&open, command)
    }

    fn share(&self, open: &Open, asked: &Asked) -> Result<Share, Failure> {
        let party = PartyId::new(&asked.party);
        let site = match &asked.site {
            Some(site) => SiteId::new(site),
            None => lanes::site_of(&open.app, &open.tenant, &party)?.ok_or_else(|| {
                Failure::Said(format!(
                    "party {party} has no site here; `baton lane list` shows who there is"
                ))
            })?,
        };
        let value = |of: &[(String, String)]| {
            let own = of.iter().find(|(party, _)| *party == asked.party);
            let read = own.map(|(_, value)| {
                let wrong =
                    || Failure::Said(format!("`{value}` is no value; write a number like 25000"));
                value.parse().map_err(|_| wrong())
            });
            read.transpose()
        };
        let speaks = self
            .language
            .iter()
            .filter(|(party, _)| *party == asked.party);
        let takes = Takes {
            languages: speaks.map(|(_, code)| code.clone()).collect(),
            least: value(&self.least)?,
            most: value(&self.most)?,
        };
        let when = self.when.iter().find(|(of, _)| *of == asked.party);
        Ok(Share {
            party,
            site,
            basis_points: asked.basis_points,
            when: when.map(|(_, condition)| condition.clone()),
            takes,
        })
    }
}

impl Change {
    fn run(self, make: impl FnOnce(LaneId, PartyId, InFlight, String) -> Command) -> Outcome {
        let open = self.data.open()?;
        let command = make(
            LaneId::new(self.lane),
            PartyId::new(self.party),
            self.how.in_flight.into(),
            self.how.reason,
        );
        change(&open, command)
    }
}

fn change(open: &Open, command: Command) -> Outcome {
    let cause = open.app.fresh_cause("cli");
    let receipt = open
        .app
        .submit_now(&open.tenant, Actor::System, &cause, command)?;
    println!("entry {}: in force for new cases", receipt.n);
    let moved = lanes::hand_over(&open.app, &open.tenant)?;
    if moved > 0 {
        println!("{moved} open work items handed over");
    }
    Ok(ExitCode::SUCCESS)
}

fn list(open: &Open) -> Outcome {
    for lane in lanes::all(&open.app, &open.tenant)? {
        print_lane(&lane);
    }
    Ok(ExitCode::SUCCESS)
}

fn print_lane(lane: &LaneNow) {
    println!(
        "{:<18} {}, version {}: {}",
        lane.id.as_str(),
        lane.name,
        lane.epoch,
        lane.reason
    );
    for part in &lane.parts {
        println!("  {}", line(part));
    }
}

fn line(part: &Part) -> String {
    let share = &part.share;
    let state = match (&part.paused, share.basis_points) {
        (Some(reason), _) => format!("  paused: {reason}"),
        (None, 0) => "  backup".to_owned(),
        _ => String::new(),
    };
    let mut only: Vec<String> = share.when.iter().cloned().collect();
    only.extend(
        share
            .takes
            .languages
            .iter()
            .map(|code| format!("in {code}")),
    );
    only.extend(
        share
            .takes
            .least
            .map(|least| format!("of at least {least}")),
    );
    only.extend(share.takes.most.map(|most| format!("of at most {most}")));
    let when = match only.as_slice() {
        [] => String::new(),
        only => format!("  only {}", only.join(", ")),
    };
    format!(
        "{:<4} {:>5} %  {:<22} {:>4} open, {} started{when}{state}",
        share.party,
        percent(share.basis_points),
        share.site,
        part.open,
        part.started,
    )
}

impl History {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let lane = LaneId::new(self.lane);
        for version in lanes::versions(&open.app, &open.tenant, &lane)? {
            let shares: Vec<String> = version
                .shares
                .iter()
                .map(|(party, points)| format!("{party} {} %", percent(*points)))
                .collect();
            let party = version
                .party
                .map_or_else(String::new, |party| format!(" {party}"));
            println!(
                "{:>3}  {}  entry {:<6} {}{party}  [{}]  {}",
                version.epoch,
                version.at,
                version.n,
                version.change,
                shares.join(", "),
                version.reason
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}
