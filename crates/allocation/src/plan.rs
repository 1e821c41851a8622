//! A ramp: dated steps of a lane's shares, each with a gate that must hold before it is taken. What the gate
//! measures is read by the shell from finished hops and stands in the event.
//!
//! A gate is about the step before: where it fails, that step did not hold, and the shares go back to the
//! last step that did, or to those of before the plan.

use crate::changes::{Change, Decision};
use crate::lanes::Run;
use crate::refusal;
use baton_journal::command::{PlanShares, TakeStep};
use baton_journal::event::{
    Gate, GateMeasure, LaneShared, PlanEnded, Reading, SharesPlanned, Step, StepFailed, StepTaken,
};
use baton_journal::setup::Share;
use baton_journal::{Event, Stop};
use baton_model::share::percent;
use baton_model::{LaneId, Micros};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most steps of a plan.
pub(crate) const STEPS: usize = 24;

/// A lane's plan, kept until the next one begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// As it was planned.
    pub(crate) planned: SharesPlanned,
    /// The shares before it.
    pub(crate) before: Vec<Share>,
    /// How many steps were taken.
    pub(crate) taken: u32,
    /// What was measured for the steps that were taken and have a gate.
    pub(crate) readings: BTreeMap<u32, Reading>,
    /// The step whose gate failed.
    pub(crate) failed: Option<(u32, Reading)>,
    /// How it ended.
    pub(crate) ended: Option<String>,
}

impl Plan {
    pub(crate) fn of(planned: &SharesPlanned, before: Vec<Share>) -> Self {
        Self {
            planned: planned.clone(),
            before,
            taken: 0,
            readings: BTreeMap::new(),
            failed: None,
            ended: None,
        }
    }

    /// Whether something is still to come.
    pub(crate) fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// What was measured for a step's gate, whether it held or not.
    pub(crate) fn reading(&self, step: u32) -> Option<&Reading> {
        let failed = self.failed.as_ref().filter(|(failed, _)| *failed == step);
        let failed = failed.map(|(_, reading)| reading);
        failed.or_else(|| self.readings.get(&step))
    }

    /// The shares of a step; 0 is before the plan, one past the last is before it too.
    fn shares(&self, step: u32) -> &[Share] {
        let steps = &self.planned.steps;
        let of = (step as usize).checked_sub(1).and_then(|at| steps.get(at));
        of.map_or(&self.before, |step| &step.shares)
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::StepTaken(it) => {
                self.taken = it.step;
                let reading = it.reading.iter().cloned();
                self.readings
                    .extend(reading.map(|reading| (it.step, reading)));
            }
            Event::StepFailed(it) => self.failed = Some((it.step, it.reading.clone())),
            Event::PlanEnded(it) => self.ended = Some(it.how.clone()),
            _ => {}
        }
    }
}

/// Plans steps.
pub(crate) fn plan(change: &Change<'_>, asked: &PlanShares, now: Micros) -> Decision {
    let run = change.run()?;
    if run.plan().is_some_and(Plan::is_open) {
        return Err(refusal::plan_open(change.lane).into());
    }
    if asked.steps.is_empty() || asked.steps.len() > STEPS {
        return Err(refusal::steps(asked.steps.len()).into());
    }
    let mut last = now;
    for step in &asked.steps {
        if step.at <= last {
            return Err(refusal::not_in_order().into());
        }
        last = step.at;
        change.check(&step.shares)?;
        step.gate
            .as_ref()
            .map_or(Ok(()), |gate| gated(change.lane, run, step, gate))?;
    }
    if asked.until.is_some_and(|until| until <= last) {
        return Err(refusal::not_in_order().into());
    }
    Ok(vec![Event::SharesPlanned(SharesPlanned {
        lane: asked.lane.clone(),
        steps: asked.steps.clone(),
        until: asked.until,
        in_flight: asked.in_flight,
        reason: change.because()?,
    })])
}

fn gated(lane: &LaneId, run: &Run, step: &Step, gate: &Gate) -> Result<(), Stop> {
    let mut parts = run.shares().into_iter().chain(step.shares.iter().cloned());
    if !parts.any(|share| share.party == gate.party) {
        return Err(refusal::no_part(lane, &gate.party).into());
    }
    let sound = gate.points <= 10_000 && gate.hops > 0 && (1..=92).contains(&gate.days);
    if sound {
        Ok(())
    } else {
        Err(refusal::gate().into())
    }
}

/// Takes the step that is due, or goes back where its gate does not hold.
pub(crate) fn take(change: &Change<'_>, asked: &TakeStep, now: Micros) -> Decision {
    let run = change.run()?;
    let plan = run.plan().filter(|plan| plan.is_open());
    let plan = plan.ok_or_else(|| refusal::no_plan(change.lane))?;
    let last = plan.planned.steps.len() as u32;
    if asked.step != plan.taken + 1 || asked.step > last + 1 {
        return Err(refusal::no_plan(change.lane).into());
    }
    let step = plan.planned.steps.get(asked.step as usize - 1);
    let at = step.map_or(plan.planned.until, |step| Some(step.at));
    if at.is_none_or(|at| at > now) {
        return Err(refusal::not_due(change.lane, asked.step).into());
    }
    if let Some(gate) = step.and_then(|step| step.gate.as_ref()) {
        let reading = asked
            .reading
            .as_ref()
            .filter(|reading| reading.hops >= gate.hops);
        let reading = reading.ok_or_else(|| refusal::too_few(gate.hops))?;
        if !gate.holds(reading) {
            return back(change, plan, asked.step, gate, reading);
        }
    }
    let shares = plan.shares(asked.step);
    change.check(shares)?;
    let reason = match step {
        Some(_) => format!("step {} of {last}: {}", asked.step, plan.planned.reason),
        None => format!("end of the plan: {}", plan.planned.reason),
    };
    let mut events = vec![
        Event::StepTaken(StepTaken {
            lane: change.lane.clone(),
            step: asked.step,
            reading: asked.reading.clone(),
        }),
        shared(change, plan, shares, reason),
    ];
    let over = step.is_none() || (asked.step == last && plan.planned.until.is_none());
    events.extend(over.then(|| ended(change.lane, "done", &plan.planned.reason)));
    Ok(events)
}

fn back(change: &Change<'_>, plan: &Plan, step: u32, gate: &Gate, reading: &Reading) -> Decision {
    let back_to = step.saturating_sub(2);
    let why = words(gate, reading);
    let mut events = vec![Event::StepFailed(StepFailed {
        lane: change.lane.clone(),
        step,
        reading: reading.clone(),
        back_to,
    })];
    let shares = plan.shares(back_to);
    if change.run()?.shares() != shares {
        change.check(shares)?;
        let reason = match back_to {
            0 => format!("rolled back to the shares of before the plan: {why}"),
            held => format!("rolled back to step {held}: {why}"),
        };
        events.push(shared(change, plan, shares, reason));
    }
    events.push(ended(change.lane, "rolled back", &why));
    Ok(events)
}

/// What was measured and asked, in words.
pub(crate) fn words(gate: &Gate, reading: &Reading) -> String {
    let points = u64::from(reading.counted) * 10_000 / u64::from(reading.hops.max(1));
    let measured = percent(u32::try_from(points).unwrap_or_default());
    let (what, bound) = match gate.measure {
        GateMeasure::OnTime => ("on time", "at least"),
        GateMeasure::Returned => ("came back", "at most"),
    };
    format!(
        "{} had {measured} % of {} hops {what}, {bound} {} % is asked",
        gate.party,
        reading.hops,
        percent(gate.points)
    )
}

fn shared(change: &Change<'_>, plan: &Plan, shares: &[Share], reason: String) -> Event {
    Event::LaneShared(LaneShared {
        lane: change.lane.clone(),
        shares: shares.to_vec(),
        in_flight: plan.planned.in_flight,
        reason,
    })
}

pub(crate) fn ended(lane: &LaneId, how: &str, reason: &str) -> Event {
    Event::PlanEnded(PlanEnded {
        lane: lane.clone(),
        how: how.to_owned(),
        reason: reason.to_owned(),
    })
}

/// Cancels what is still to come.
pub(crate) fn cancel(change: &Change<'_>) -> Decision {
    let run = change.run()?;
    if !run.plan().is_some_and(Plan::is_open) {
        return Err(refusal::no_plan(change.lane).into());
    }
    Ok(vec![ended(change.lane, "cancelled", &change.because()?)])
}
