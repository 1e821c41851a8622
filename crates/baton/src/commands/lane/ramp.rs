//! `baton lane ramp`, `plan`, `cancel`, `undo`: shares that change by dated steps.

use super::{Asked, Policy, change, part};
use crate::commands::Outcome;
use crate::failure::Failure;
use crate::open::{Data, Open};
use baton_app::{lanes, ramps, sight};
use baton_journal::Command;
use baton_journal::command::PlanShares;
use baton_journal::event::{Gate, GateMeasure, Step};
use baton_journal::setup::{Share, Takes};
use baton_model::share::{WHOLE, percent};
use baton_model::{LaneId, Micros, PartyId};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Ramp {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    lane: String,
    /// PARTY=PERCENT of a step, several with commas; the rest goes to who has most of the lane now
    #[arg(long, required = true, value_name = "PARTY=PERCENT")]
    to: Vec<String>,
    /// When the step is taken: a day at the lane's site, or an instant like 2026-12-01T08:00:00Z
    #[arg(long, required = true, value_name = "WHEN")]
    at: Vec<String>,
    /// What must hold before the step is taken, like "TO on-time 95 over 30 in 7" or "TO returned 3 over
    /// 30 in 7": percent, hops, days; - for nothing. Give one for each step, or none
    #[arg(long, value_name = "GATE", allow_hyphen_values = true)]
    gate: Vec<String>,
    /// When the shares of now come back
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// What becomes of the open work items of a party that stops
    #[arg(long, value_enum, default_value_t = Policy::Split)]
    in_flight: Policy,
    /// Why; it is kept, and shown to those it concerns
    #[arg(long)]
    reason: String,
}

#[derive(Args)]
pub(super) struct Because {
    #[command(flatten)]
    data: Data,
    /// The lane's id
    lane: String,
    /// Why; it is kept
    #[arg(long)]
    reason: String,
}

impl Because {
    pub(super) fn run(self, make: impl FnOnce(LaneId, String) -> Command) -> Outcome {
        change(
            &self.data.open()?,
            make(LaneId::new(self.lane), self.reason),
        )
    }
}

impl Ramp {
    pub(super) fn run(self) -> Outcome {
        let open = self.data.open()?;
        if self.at.len() != self.to.len()
            || !matches!(self.gate.len(), 0) && self.gate.len() != self.to.len()
        {
            let said = "give each --to its --at, and each its --gate or none at all";
            return Err(Failure::Said(said.into()));
        }
        let all = lanes::all(&open.app, &open.tenant)?;
        let lane = all.iter().find(|lane| lane.id.as_str() == self.lane);
        let lane = lane.ok_or_else(|| {
            Failure::Said(format!(
                "there is no lane `{}`; `baton lane list` shows those there are",
                self.lane
            ))
        })?;
        let sites = sight::sites(&open.app, &open.tenant)?;
        let most = lane.parts.iter().max_by_key(|part| part.share.basis_points);
        let site = most.and_then(|part| sites.get(&part.share.site));
        let zone = site
            .and_then(|site| TimeZone::get(&site.zone).ok())
            .unwrap_or(TimeZone::UTC);
        let mut steps = Vec::new();
        for (number, to) in self.to.iter().enumerate() {
            let gate = self
                .gate
                .get(number)
                .map(String::as_str)
                .filter(|gate| *gate != "-");
            steps.push(Step {
                at: instant(&self.at[number], &zone)?,
                shares: shares(&open, lane, to)?,
                gate: gate.map(read_gate).transpose()?,
            });
        }
        let until = self
            .until
            .as_deref()
            .map(|until| instant(until, &zone))
            .transpose()?;
        let command = Command::PlanShares(PlanShares {
            lane: lane.id.clone(),
            steps,
            until,
            in_flight: self.in_flight.into(),
            reason: self.reason,
        });
        let cause = open.app.fresh_cause("cli");
        let actor = baton_journal::Actor::System;
        let receipt = open.app.submit_now(&open.tenant, actor, &cause, command)?;
        println!("entry {}: planned", receipt.n);
        list(&open, &self.lane)
    }
}

/// What is planned for a lane.
pub(super) fn list(open: &Open, lane: &str) -> Outcome {
    let steps = ramps::all(&open.app, &open.tenant, &LaneId::new(lane))?;
    if steps.is_empty() {
        println!("nothing is planned for {lane}");
    }
    for step in steps {
        let shares: Vec<String> = step
            .shares
            .iter()
            .map(|(party, points)| format!("{party} {} %", percent(*points)))
            .collect();
        let gate = step.gate.as_ref().map_or_else(String::new, |gate| {
            let (what, bound) = match gate.measure {
                GateMeasure::OnTime => ("on time", "at least"),
                GateMeasure::Returned => ("came back", "at most"),
            };
            let (points, hops, days) = (percent(gate.points), gate.hops, gate.days);
            format!(
                "  if {bound} {points} % of {hops} hops or more of {} in {days} days {what}",
                gate.party
            )
        });
        let reading = step
            .reading
            .map_or_else(String::new, |said| format!("; {said}"));
        println!(
            "{:>2}  {}  [{}]{gate}  {}{reading}",
            step.step,
            step.at,
            shares.join(", "),
            step.state
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// A step's shares: those named, and the rest to who has most of the lane now.
fn shares(open: &Open, lane: &lanes::LaneNow, text: &str) -> Result<Vec<Share>, Failure> {
    let asked: Vec<Asked> = text
        .split(',')
        .map(|one| part(one.trim()).map_err(Failure::Said))
        .collect::<Result<_, _>>()?;
    let named: u64 = asked.iter().map(|one| u64::from(one.basis_points)).sum();
    let rest = u64::from(WHOLE).checked_sub(named);
    let rest =
        rest.ok_or_else(|| Failure::Said(format!("`{text}` is more than 100 %; correct it")))?;
    let mut shares: Vec<Share> = lane.parts.iter().map(|part| part.share.clone()).collect();
    let is_named = |party: &PartyId| asked.iter().any(|one| one.party == party.as_str());
    let heir = shares
        .iter()
        .filter(|share| !is_named(&share.party))
        .max_by_key(|share| share.basis_points)
        .map(|share| share.party.clone());
    for share in &mut shares {
        share.basis_points = match &heir {
            Some(heir) if *heir == share.party => u32::try_from(rest).unwrap_or_default(),
            _ => 0,
        };
    }
    for one in asked {
        let party = PartyId::new(&one.party);
        match shares.iter_mut().find(|share| share.party == party) {
            Some(share) => share.basis_points = one.basis_points,
            None => {
                let site = lanes::site_of(&open.app, &open.tenant, &party)?;
                let site = site.ok_or_else(|| {
                    Failure::Said(format!("party {party} has no site here; name one that has"))
                })?;
                shares.push(Share {
                    party,
                    site,
                    basis_points: one.basis_points,
                    when: None,
                    takes: Takes::default(),
                });
            }
        }
    }
    Ok(shares)
}

/// A day in a zone, or an instant.
fn instant(text: &str, zone: &TimeZone) -> Result<Micros, Failure> {
    let wrong = || {
        Failure::Said(format!(
            "`{text}` is no day and no instant; write 2026-12-01 or 2026-12-01T08:00:00Z"
        ))
    };
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        let zoned: Zoned = date.to_zoned(zone.clone()).map_err(|_| wrong())?;
        return Ok(Micros(zoned.timestamp().as_microsecond()));
    }
    let at: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(Micros(at.as_microsecond()))
}

/// A gate like `TO on-time 95 over 30 in 7`.
fn read_gate(text: &str) -> Result<Gate, Failure> {
    let wrong = || {
        Failure::Said(format!(
            "`{text}` is no gate; write \"TO on-time 95 over 30 in 7\" or \"TO returned 3 over 30 in 7\""
        ))
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [party, measure, points, "over", hops, "in", days] = words.as_slice() else {
        return Err(wrong());
    };
    let points = part(&format!("x={points}"))
        .map_err(|_| wrong())?
        .basis_points;
    Ok(Gate {
        measure: match *measure {
            "on-time" => GateMeasure::OnTime,
            "returned" => GateMeasure::Returned,
            _ => return Err(wrong()),
        },
        party: PartyId::new(*party),
        points,
        hops: hops.parse().map_err(|_| wrong())?,
        days: days.parse().map_err(|_| wrong())?,
    })
}
