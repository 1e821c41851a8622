//! What may be changed of a lane, and the events it comes to: shares, pause, resume, step-in, and the
//! slices in which open work items are handed over.

use crate::choose::Chooser;
use crate::counts::Counts;
use crate::lanes::{Lanes, Run};
use crate::{Allocation, Given};
use crate::{refusal, views};
use baton_journal::event::{LaneShared, PartyPaused, PartyResumed};
use baton_journal::setup::{InFlight, Share, Takes};
use baton_journal::{Command, Env, Event, Key, Stop};
use baton_model::share::WHOLE;
use baton_model::{CaseId, LaneId, PartyId, SiteId, WorkItemId};
use std::collections::BTreeSet;

type Decision = Result<Vec<Event>, Stop>;

/// Decides a command of this room.
pub(crate) fn decide(stage: &Allocation, command: &Command, env: &Env<'_>) -> Decision {
    let lanes = stage.lanes()?;
    match command {
        Command::Allocate {
            lane,
            party,
            reason,
        } => give(lanes, lane, party, reason),
        Command::SetShares {
            lane,
            shares,
            in_flight,
            reason,
        } => share(lanes, lane, shares, *in_flight, reason),
        Command::PauseParty {
            lane,
            party,
            in_flight,
            reason,
        } => pause(lanes, lane, party, *in_flight, reason),
        Command::ResumeParty {
            lane,
            party,
            reason,
        } => resume(lanes, lane, party, reason),
        Command::StepIn {
            lane,
            party,
            in_flight,
            reason,
        } => step_in(lanes, lane, party, *in_flight, reason),
        Command::HandOver { lane, items } => hand_over(stage, lane, items, env),
        _ => Ok(Vec::new()),
    }
}

fn run<'a>(lanes: Option<&'a Lanes>, lane: &LaneId) -> Result<&'a Run, Stop> {
    let run = lanes.and_then(|lanes| lanes.run(lane));
    Ok(run.ok_or_else(|| refusal::no_lane(lane))?)
}

fn site(lanes: Option<&Lanes>, party: &PartyId) -> Result<SiteId, Stop> {
    let site = lanes.and_then(|lanes| lanes.site_of(party));
    Ok(site.cloned().ok_or_else(|| refusal::no_site(party))?)
}

/// A change without a reason explains nothing to those it concerns.
fn because(reason: &str) -> Result<String, Stop> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(refusal::no_reason().into());
    }
    Ok(reason.to_owned())
}

fn give(lanes: Option<&Lanes>, lane: &LaneId, party: &PartyId, reason: &str) -> Decision {
    let run = run(lanes, lane)?;
    let site = site(lanes, party)?;
    if let [only] = run.shares().as_slice()
        && only.party == *party
        && run.is_active(party)
    {
        return Err(refusal::already(lane, party).into());
    }
    Ok(vec![Event::LaneGiven {
        lane: lane.clone(),
        party: party.clone(),
        site,
        reason: because(reason)?,
    }])
}

fn share(
    lanes: Option<&Lanes>,
    lane: &LaneId,
    shares: &[Share],
    in_flight: InFlight,
    reason: &str,
) -> Decision {
    let run = run(lanes, lane)?;
    let sum: u32 = shares.iter().map(|share| share.basis_points).sum();
    if sum != WHOLE {
        return Err(refusal::not_all(sum).into());
    }
    if shares.len() > views::PLACES {
        return Err(refusal::too_many(shares.len()).into());
    }
    let parties: BTreeSet<&PartyId> = shares.iter().map(|share| &share.party).collect();
    if parties.len() != shares.len() {
        return Err(refusal::twice().into());
    }
    for share in shares {
        if !lanes.is_some_and(|lanes| lanes.has_site(&share.party, &share.site)) {
            return Err(refusal::no_such_site(&share.party, &share.site).into());
        }
    }
    let works = |share: &&Share| share.basis_points > 0 && run.paused(&share.party).is_none();
    if !shares.iter().any(|share| works(&share)) {
        return Err(refusal::nobody_left(lane).into());
    }
    Ok(vec![Event::LaneShared(LaneShared {
        lane: lane.clone(),
        shares: shares.to_vec(),
        in_flight,
        reason: because(reason)?,
    })])
}

fn pause(
    lanes: Option<&Lanes>,
    lane: &LaneId,
    party: &PartyId,
    in_flight: InFlight,
    reason: &str,
) -> Decision {
    let run = run(lanes, lane)?;
    has_part(run, lane, party)?;
    if run.paused(party).is_some() {
        return Err(refusal::paused_already(lane, party).into());
    }
    if run.active().iter().all(|share| share.party == *party) {
        return Err(refusal::nobody_left(lane).into());
    }
    Ok(vec![Event::PartyPaused(PartyPaused {
        lane: lane.clone(),
        party: party.clone(),
        in_flight,
        reason: because(reason)?,
    })])
}

fn resume(lanes: Option<&Lanes>, lane: &LaneId, party: &PartyId, reason: &str) -> Decision {
    let run = run(lanes, lane)?;
    has_part(run, lane, party)?;
    if run.paused(party).is_none() {
        return Err(refusal::not_paused(lane, party).into());
    }
    Ok(vec![Event::PartyResumed(PartyResumed {
        lane: lane.clone(),
        party: party.clone(),
        reason: because(reason)?,
    })])
}

fn has_part(run: &Run, lane: &LaneId, party: &PartyId) -> Result<(), Stop> {
    if run.shares().iter().any(|share| share.party == *party) {
        return Ok(());
    }
    Err(refusal::no_part(lane, party).into())
}

/// Who steps in runs all of the lane; the others stay in it as backups.
fn step_in(
    lanes: Option<&Lanes>,
    lane: &LaneId,
    party: &PartyId,
    in_flight: InFlight,
    reason: &str,
) -> Decision {
    let run = run(lanes, lane)?;
    let mut shares = run.shares();
    for share in &mut shares {
        share.basis_points = 0;
    }
    match shares.iter_mut().find(|share| share.party == *party) {
        Some(share) => {
            *share = Share {
                basis_points: WHOLE,
                when: None,
                takes: Takes::default(),
                ..share.clone()
            }
        }
        None => shares.push(Share {
            party: party.clone(),
            site: site(lanes, party)?,
            basis_points: WHOLE,
            when: None,
            takes: Takes::default(),
        }),
    }
    let mut events = Vec::new();
    if run.paused(party).is_some() {
        events.extend(resume(lanes, lane, party, reason)?);
    } else if let [only] = run.active().as_slice()
        && only.party == *party
    {
        return Err(refusal::already(lane, party).into());
    }
    events.push(Event::LaneShared(LaneShared {
        lane: lane.clone(),
        shares,
        in_flight,
        reason: because(reason)?,
    }));
    Ok(events)
}

/// Gives those of the items that a party which stopped still has, and does not finish, to the parties
/// that run the lane now. Items that moved meanwhile are left alone.
fn hand_over(
    stage: &Allocation,
    lane: &LaneId,
    items: &[(CaseId, WorkItemId)],
    env: &Env<'_>,
) -> Decision {
    let run = run(stage.lanes()?, lane)?;
    let none = Counts::default();
    let mut counts = stage
        .counts
        .get(&Key::Lane(lane.clone()))?
        .unwrap_or(&none)
        .clone();
    let mut events = Vec::new();
    for (id, item) in items {
        let Some(case) = stage.cases.get(&Key::Case(id.clone()))? else {
            continue;
        };
        let held = case.item(item).filter(|held| held.lane == *lane);
        let Some(held) = held.filter(|held| leaves(run, &held.party, held.started)) else {
            continue;
        };
        let chooser = Chooser {
            lane,
            run,
            counts: &counts,
            case,
            env,
        };
        let Ok(choice) = chooser.choose() else {
            continue;
        };
        let from = held.party.clone();
        let drawn = choice
            .drawn
            .clone()
            .filter(|_| !case.counted(lane, run.epoch));
        if let Some(eligible) = &drawn {
            counts.add(run.epoch, eligible, &choice.party);
        }
        let reason = format!("handed over from {from}; {}", choice.reason);
        let to = Given {
            case: id,
            item,
            lane,
            epoch: run.epoch,
            target: held.target,
        };
        events.extend(to.events(choice, drawn, reason));
    }
    if events.is_empty() {
        return Err(refusal::nothing_to_hand_over(lane).into());
    }
    Ok(events)
}

/// Whether a party gives an open item away.
fn leaves(run: &Run, party: &PartyId, started: bool) -> bool {
    let goes = match run.in_flight {
        InFlight::Finish => false,
        InFlight::Split => !started,
        InFlight::HandOver => true,
    };
    goes && !run.is_active(party)
}
