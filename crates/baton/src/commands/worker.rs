//! `baton worker`: who works for which party, in which lanes, with what skills. Name and address are sealed
//! before the command is queued; changing a worker keeps what is not named.

use super::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Open};
use baton_app::people::{self, Change};
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Shows and changes who works here.
#[derive(Args)]
#[command(after_help = "\
Examples:
  baton worker list --data ./data
  baton worker add --data ./data eva.lis --party KS --site kestrel-krakow --name \"Ewa Lis\" --email ewa.lis@kestrel.example --lane resolve --skill credit-notes --language de --language en
  baton worker change --data ./data eva.lis --skill tax --clearance payroll
  baton worker change --data ./data eva.lis --no-skill tax --no-lane resolve")]
pub(crate) struct Worker {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Lists the workers with what they do
    List(Data),
    /// Makes a worker known
    Add(Add),
    /// Changes what a worker does; what is not named stays
    Change(Changed),
}

#[derive(Args)]
struct Add {
    #[command(flatten)]
    data: Data,
    /// The worker's id, like eva.lis
    id: String,
    /// The party's code
    #[arg(long)]
    party: String,
    /// The site's id
    #[arg(long)]
    site: String,
    /// The name; it is sealed
    #[arg(long)]
    name: String,
    /// The e-mail address; it is sealed
    #[arg(long)]
    email: String,
    #[command(flatten)]
    does: Does,
}

#[derive(Args)]
struct Changed {
    #[command(flatten)]
    data: Data,
    /// The worker's id
    id: String,
    /// The site's id
    #[arg(long)]
    site: Option<String>,
    /// The name; it is sealed
    #[arg(long)]
    name: Option<String>,
    /// The e-mail address; it is sealed
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    does: Does,
    /// A lane no more
    #[arg(long, value_name = "LANE")]
    no_lane: Vec<String>,
    /// A role no more
    #[arg(long, value_name = "ROLE")]
    no_role: Vec<String>,
    /// A skill no more
    #[arg(long, value_name = "SKILL")]
    no_skill: Vec<String>,
    /// A language no more
    #[arg(long, value_name = "LANGUAGE")]
    no_language: Vec<String>,
    /// A clearance no more
    #[arg(long, value_name = "CLEARANCE")]
    no_clearance: Vec<String>,
}

#[derive(Args)]
struct Does {
    /// A lane whose work items the worker does; may be repeated
    #[arg(long)]
    lane: Vec<String>,
    /// A role, like team-leader; may be repeated
    #[arg(long)]
    role: Vec<String>,
    /// A skill; may be repeated
    #[arg(long)]
    skill: Vec<String>,
    /// A language's code, like de; may be repeated
    #[arg(long)]
    language: Vec<String>,
    /// A clearance; may be repeated
    #[arg(long)]
    clearance: Vec<String>,
}

impl Does {
    fn change(self) -> Change {
        Change {
            lanes: self.lane,
            roles: self.role,
            skills: self.skill,
            languages: self.language,
            clearances: self.clearance,
            ..Change::default()
        }
    }
}

impl Worker {
    pub(crate) fn run(self) -> Outcome {
        match self.act {
            Act::List(data) => list(&data.open()?),
            Act::Add(add) => add.run(),
            Act::Change(change) => change.run(),
        }
    }
}

impl Add {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let change = Change {
            site: Some(self.site),
            name: Some(self.name),
            email: Some(self.email),
            ..self.does.change()
        };
        let n = people::add(&open.app, &open.tenant, &self.id, &self.party, &change)?;
        println!("entry {n}: {} works for {}", self.id, self.party);
        Ok(ExitCode::SUCCESS)
    }
}

impl Changed {
    fn run(self) -> Outcome {
        let open = self.data.open()?;
        let change = Change {
            site: self.site,
            name: self.name,
            email: self.email,
            ..self.does.change()
        };
        let gone = Change {
            lanes: self.no_lane,
            roles: self.no_role,
            skills: self.no_skill,
            languages: self.no_language,
            clearances: self.no_clearance,
            ..Change::default()
        };
        let n = people::change(&open.app, &open.tenant, &self.id, &change, &gone)?;
        println!("entry {n}: {} is changed", self.id);
        Ok(ExitCode::SUCCESS)
    }
}

fn list(open: &Open) -> Outcome {
    for (worker, name) in people::all(&open.app, &open.tenant).map_err(Failure::from)? {
        println!(
            "{:<22} {:<4} {:<22} {name}",
            worker.id, worker.party, worker.site
        );
        let able = &worker.able;
        let lanes = worker.lanes.iter().map(ToString::to_string).collect();
        for (what, words) in [
            ("lanes", lanes),
            ("roles", worker.roles.clone()),
            ("skills", able.skills.clone()),
            ("languages", able.languages.clone()),
            ("clearances", able.clearances.clone()),
        ] {
            let words: Vec<String> = words.into_iter().collect();
            if !words.is_empty() {
                println!("  {what:<11} {}", words.join(", "));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
