//! What may be changed of a lane, and the events it comes to: shares, pause, resume, step-in, undo, and the
//! slices in which open work items are handed over.

use crate::choose::Chooser;
use crate::counts::Counts;
use crate::lanes::{Lanes, Run};
use crate::{Allocation, Given};
use crate::{plan, refusal, views};
use baton_journal::event::{LaneShared, PartyPaused, PartyResumed};
use baton_journal::setup::{InFlight, Share, Takes};
use baton_journal::{Command, Env, Event, Key, Stop};
use baton_model::share::WHOLE;
use baton_model::{CaseId, LaneId, PartyId, SiteId, WorkItemId};
use std::collections::BTreeSet;

pub(crate) type Decision = Result<Vec<Event>, Stop>;

/// A change of a lane that is asked for.
pub(crate) struct Change<'a> {
    lanes: Option<&'a Lanes>,
    pub(crate) lane: &'a LaneId,
    in_flight: InFlight,
    reason: &'a str,
}

/// Decides a command of this room.
pub(crate) fn decide(stage: &Allocation, command: &Command, env: &Env<'_>) -> Decision {
    let lanes = stage.lanes()?;
    let change = |lane, in_flight, reason| Change {
        lanes,
        lane,
        in_flight,
        reason,
    };
    let policy = InFlight::default();
    match command {
        Command::Allocate {
            lane,
            party,
            reason,
        } => change(lane, policy, reason).give(party),
        Command::SetShares {
            lane,
            shares,
            in_flight,
            reason,
        } => change(lane, *in_flight, reason).share(shares),
        Command::PauseParty {
            lane,
            party,
            in_flight,
            reason,
        } => change(lane, *in_flight, reason).pause(party),
        Command::ResumeParty {
            lane,
            party,
            reason,
        } => change(lane, policy, reason).resume(party),
        Command::StepIn {
            lane,
            party,
            in_flight,
            reason,
        } => change(lane, *in_flight, reason).step_in(party),
        Command::UndoChange { lane, reason } => change(lane, policy, reason).undo(),
        Command::PlanShares(asked) => {
            let change = change(&asked.lane, asked.in_flight, asked.reason.as_str());
            plan::plan(&change, asked, env.now)
        }
        Command::CancelPlan { lane, reason } => plan::cancel(&change(lane, policy, reason)),
        Command::TakeStep(asked) => plan::take(&change(&asked.lane, policy, ""), asked, env.now),
        Command::HandOver { lane, items } => hand_over(stage, lane, items, env),
        _ => Ok(Vec::new()),
    }
}

impl<'a> Change<'a> {
    pub(crate) fn run(&self) -> Result<&'a Run, Stop> {
        let run = self.lanes.and_then(|lanes| lanes.run(self.lane));
        Ok(run.ok_or_else(|| refusal::no_lane(self.lane))?)
    }

    fn site(&self, party: &PartyId) -> Result<SiteId, Stop> {
        let site = self.lanes.and_then(|lanes| lanes.site_of(party));
        Ok(site.cloned().ok_or_else(|| refusal::no_site(party))?)
    }

    /// A change without a reason explains nothing to those it concerns.
    pub(crate) fn because(&self) -> Result<String, Stop> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(refusal::no_reason().into());
        }
        Ok(reason.to_owned())
    }

    /// Whether the lane may be run at a site: nothing it shows is barred there.
    fn may_run_at(&self, run: &Run, site: &SiteId) -> Result<(), Stop> {
        let barred = self.lanes.and_then(|lanes| lanes.barred(run, site));
        barred.map_or(Ok(()), |(class, country)| {
            Err(refusal::barred(self.lane, site, class, country).into())
        })
    }

    fn has_part(&self, run: &Run, party: &PartyId) -> Result<(), Stop> {
        if run.shares().iter().any(|share| share.party == *party) {
            return Ok(());
        }
        Err(refusal::no_part(self.lane, party).into())
    }

    /// A change by hand takes the place of what was planned.
    fn overtakes(&self, run: &Run, mut events: Vec<Event>) -> Vec<Event> {
        if run.plan().is_some_and(plan::Plan::is_open) {
            events.push(plan::ended(self.lane, "overtaken", self.reason.trim()));
        }
        events
    }

    fn give(&self, party: &PartyId) -> Decision {
        let run = self.run()?;
        let site = self.site(party)?;
        if let [only] = run.shares().as_slice()
            && only.party == *party
            && run.is_active(party)
        {
            return Err(refusal::already(self.lane, party).into());
        }
        self.may_run_at(run, &site)?;
        let given = Event::LaneGiven {
            lane: self.lane.clone(),
            party: party.clone(),
            site,
            reason: self.because()?,
        };
        Ok(self.overtakes(run, vec![given]))
    }

    /// Whether shares can be set.
    pub(crate) fn check(&self, shares: &[Share]) -> Result<(), Stop> {
        let run = self.run()?;
        let points = shares.iter().map(|share| u64::from(share.basis_points));
        let sum: u64 = points.sum();
        if sum != u64::from(WHOLE) {
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
            let known = |lanes: &Lanes| lanes.has_site(&share.party, &share.site);
            if !self.lanes.is_some_and(known) {
                return Err(refusal::no_such_site(&share.party, &share.site).into());
            }
            self.may_run_at(run, &share.site)?;
            run.can_tell(&share.takes)
                .map_err(|what| refusal::untold(self.lane, what))?;
        }
        let works = |share: &&Share| share.basis_points > 0 && run.paused(&share.party).is_none();
        if !shares.iter().any(|share| works(&share)) {
            return Err(refusal::nobody_left(self.lane).into());
        }
        Ok(())
    }

    fn share(&self, shares: &[Share]) -> Decision {
        self.check(shares)?;
        let shared = self.shared(shares.to_vec(), self.because()?);
        Ok(self.overtakes(self.run()?, vec![shared]))
    }

    fn shared(&self, shares: Vec<Share>, reason: String) -> Event {
        Event::LaneShared(LaneShared {
            lane: self.lane.clone(),
            shares,
            in_flight: self.in_flight,
            reason,
        })
    }

    fn pause(&self, party: &PartyId) -> Decision {
        let run = self.run()?;
        self.has_part(run, party)?;
        if run.paused(party).is_some() {
            return Err(refusal::paused_already(self.lane, party).into());
        }
        if run.active().iter().all(|share| share.party == *party) {
            return Err(refusal::nobody_left(self.lane).into());
        }
        Ok(vec![self.paused(party, self.because()?)])
    }

    fn paused(&self, party: &PartyId, reason: String) -> Event {
        Event::PartyPaused(PartyPaused {
            lane: self.lane.clone(),
            party: party.clone(),
            in_flight: self.in_flight,
            reason,
        })
    }

    fn resume(&self, party: &PartyId) -> Decision {
        let run = self.run()?;
        self.has_part(run, party)?;
        if run.paused(party).is_none() {
            return Err(refusal::not_paused(self.lane, party).into());
        }
        Ok(vec![self.resumed(party, self.because()?)])
    }

    fn resumed(&self, party: &PartyId, reason: String) -> Event {
        Event::PartyResumed(PartyResumed {
            lane: self.lane.clone(),
            party: party.clone(),
            reason,
        })
    }

    /// Who steps in runs all of the lane; the others stay in it as backups.
    fn step_in(&self, party: &PartyId) -> Decision {
        let run = self.run()?;
        let mut shares = run.shares();
        for share in &mut shares {
            share.basis_points = 0;
        }
        match shares.iter_mut().find(|share| share.party == *party) {
            Some(share) => {
                (share.basis_points, share.when, share.takes) = (WHOLE, None, Takes::default());
            }
            None => shares.push(Share {
                party: party.clone(),
                site: self.site(party)?,
                basis_points: WHOLE,
                when: None,
                takes: Takes::default(),
            }),
        }
        if shares.len() > views::PLACES {
            return Err(refusal::too_many(shares.len()).into());
        }
        for share in shares.iter().filter(|share| share.basis_points > 0) {
            self.may_run_at(run, &share.site)?;
        }
        let mut events = Vec::new();
        if run.paused(party).is_some() {
            events.extend(self.resume(party)?);
        } else if let [only] = run.active().as_slice()
            && only.party == *party
        {
            return Err(refusal::already(self.lane, party).into());
        }
        events.push(self.shared(shares, self.because()?));
        Ok(self.overtakes(run, events))
    }

    /// The last change is undone by one that restores what was before it.
    fn undo(&self) -> Decision {
        let run = self.run()?;
        let before = run
            .before()
            .ok_or_else(|| refusal::nothing_to_undo(self.lane))?;
        let reason = format!("version {} undone: {}", run.epoch, self.because()?);
        let mut events = Vec::new();
        let back = before
            .paused
            .iter()
            .filter(|(party, _)| run.paused(party).is_none());
        let gone = run
            .pauses()
            .filter(|party| !before.paused.contains_key(party));
        events.extend(gone.map(|party| self.resumed(party, reason.clone())));
        if before.shares != run.shares() {
            self.check(&before.shares)?;
            events.push(self.shared(before.shares.clone(), reason.clone()));
        }
        events.extend(back.map(|(party, _)| self.paused(party, reason.clone())));
        if events.is_empty() {
            return Err(refusal::nothing_to_undo(self.lane).into());
        }
        Ok(self.overtakes(run, events))
    }
}

/// Gives those of the items that a party which stopped still has, and does not finish, to the parties
/// that run the lane now. Items that moved meanwhile are left alone.
fn hand_over(
    stage: &Allocation,
    lane: &LaneId,
    items: &[(CaseId, WorkItemId)],
    env: &Env<'_>,
) -> Decision {
    let run = stage.lanes()?.and_then(|lanes| lanes.run(lane));
    let run = run.ok_or_else(|| refusal::no_lane(lane))?;
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
    let goes = match run.policy(party) {
        InFlight::Finish => false,
        InFlight::Split => !started,
        InFlight::HandOver => true,
    };
    goes && !run.is_active(party)
}
