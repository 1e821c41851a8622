//! Allocation: lane → party. New cases of a lane are split between parties by exact shares, and every
//! work item names the reason it went where it went; a party can be paused, resumed, and stepped in for.
//!
//! It does not pick a worker (the room `desk` does) and runs no clock. Its data comes from deployed
//! packs and the commands on lanes; its answer, [`Event::ItemAllocated`], goes to `desk` and `measure`.
//! Open items of a party that stopped are handed over in slices ([`Command::HandOver`]) by the shell.

mod case;
mod changes;
mod choose;
mod counts;
mod lanes;
mod plan;
mod refusal;
pub mod split;
mod views;

use baton_journal::event::ShareDrawn;
use baton_journal::{
    Change, Command, Env, Event, EventName, Key, Need, Shelf, Slots, Stage, Stop, View,
};
use baton_model::{CaseId, LaneId, Micros, PartyId, WorkItemId, WorkingTime};
use case::Case;
use choose::{Choice, Chooser};
use counts::Counts;
pub use lanes::{Lanes, Run};
pub use plan::Plan;

/// The stage.
#[derive(Debug)]
pub struct Allocation {
    lanes: Slots<Lanes>,
    counts: Slots<Counts>,
    cases: Slots<Case>,
}

impl Default for Allocation {
    fn default() -> Self {
        Self {
            lanes: Slots::new("allocation.plans", |key| *key == Key::Tenant),
            counts: Slots::new("allocation.counts", |key| matches!(key, Key::Lane(_))),
            cases: Slots::new("allocation.case", |key| matches!(key, Key::Case(_))),
        }
    }
}

impl Allocation {
    fn lanes(&self) -> Result<Option<&Lanes>, Need> {
        self.lanes.get(&Key::Tenant)
    }

    /// The party of a new work item, with the reason in words; an incident where there is none.
    fn allocate(&self, event: &Event, env: &Env<'_>) -> Result<Vec<Event>, Need> {
        let Event::TaskReady {
            case,
            item,
            lane,
            target,
            ..
        } = event
        else {
            return Ok(Vec::new());
        };
        let Some(run) = self.lanes()?.and_then(|lanes| lanes.run(lane)) else {
            return Ok(vec![stuck(event, &format!("nobody runs lane `{lane}`"))]);
        };
        let counts = self.counts.get(&Key::Lane(lane.clone()))?;
        let known = self.cases.get(&Key::Case(case.clone()))?;
        let (no_counts, no_case) = (Counts::default(), Case::default());
        let known = known.unwrap_or(&no_case);
        let chooser = Chooser {
            lane,
            run,
            counts: counts.unwrap_or(&no_counts),
            case: known,
            env,
        };
        let choice = match chooser.choose() {
            Ok(choice) => choice,
            Err(why) => return Ok(vec![stuck(event, &why)]),
        };
        let drawn = choice.drawn.clone();
        let drawn = drawn.filter(|_| !known.counted(lane, run.epoch));
        let to = Given {
            case,
            item,
            lane,
            epoch: run.epoch,
            target: target.or(run.target),
        };
        let reason = choice.reason.clone();
        Ok(to.events(choice, drawn, reason))
    }
}

/// A work item on its way to a party.
struct Given<'a> {
    case: &'a CaseId,
    item: &'a WorkItemId,
    lane: &'a LaneId,
    epoch: u32,
    target: Option<WorkingTime>,
}

impl Given<'_> {
    /// The events by which an item goes to a party, counted to its share where it was drawn.
    fn events(&self, choice: Choice, drawn: Option<Vec<PartyId>>, reason: String) -> Vec<Event> {
        let drawn = drawn.map(|eligible| {
            Event::ShareDrawn(ShareDrawn {
                case: self.case.clone(),
                lane: self.lane.clone(),
                epoch: self.epoch,
                eligible,
                party: choice.party.clone(),
            })
        });
        let allocated = Event::ItemAllocated {
            case: self.case.clone(),
            item: self.item.clone(),
            lane: self.lane.clone(),
            party: choice.party,
            site: choice.site,
            target: self.target,
            reason,
        };
        drawn.into_iter().chain([allocated]).collect()
    }
}

/// An item nobody can be given: a person has to see to the lane.
fn stuck(event: &Event, why: &str) -> Event {
    let Event::TaskReady {
        case, item, task, ..
    } = event
    else {
        // Only items that were created are allocated.
        return event.clone();
    };
    Event::IncidentRaised {
        case: case.clone(),
        incident: format!("allocation-{item}"),
        node: task.clone(),
        token: 0,
        message: format!("{why}; allocate the lane, then resolve the incident"),
    }
}

impl Stage for Allocation {
    const VIEWS: &'static [View] = &[
        views::LANE,
        views::LANE_SHARE,
        views::LANE_VERSION,
        views::LANE_PLAN,
    ];

    fn decides(command: &Command) -> bool {
        matches!(
            command,
            Command::Allocate { .. }
                | Command::SetShares { .. }
                | Command::PauseParty { .. }
                | Command::ResumeParty { .. }
                | Command::StepIn { .. }
                | Command::UndoChange { .. }
                | Command::PlanShares(_)
                | Command::CancelPlan { .. }
                | Command::TakeStep(_)
                | Command::HandOver { .. }
        )
    }

    fn veto(&self, command: &Command, _env: &Env<'_>) -> Result<(), Stop> {
        let Command::Deploy(deployment) = command else {
            return Ok(());
        };
        let lanes = self.lanes()?;
        let taken = deployment.lanes.iter().find_map(|lane| {
            let run = lanes?.run(&lane.id)?;
            (run.pack != deployment.pack).then_some((&lane.id, &run.pack))
        });
        if let Some((lane, pack)) = taken {
            return Err(refusal::lane_taken(lane, pack.as_str()).into());
        }
        lanes.map_or(Ok(()), |lanes| lanes.fits(deployment))
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        changes::decide(self, command, env)
    }

    fn react(&self, event: &Event, env: &Env<'_>) -> Result<Vec<Event>, Need> {
        match event {
            Event::PackDeployed { deployment, .. } => {
                let lanes = self.lanes()?;
                Ok(lanes.map_or_else(Vec::new, |lanes| lanes.first_given(deployment)))
            }
            Event::TaskReady { .. } => self.allocate(event, env),
            _ => Ok(Vec::new()),
        }
    }

    fn apply(&mut self, event: &Event, _name: EventName, at: Micros) {
        self.lanes
            .upsert_if(&Key::Tenant, Lanes::concerns(event), |lanes| {
                lanes.apply(event, at)
            });
        if let Event::ShareDrawn(drawn) = event {
            self.counts
                .upsert(&Key::Lane(drawn.lane.clone()), |counts| {
                    counts.add(drawn.epoch, &drawn.eligible, &drawn.party)
                });
        }
        match (event, event.case()) {
            (Event::CaseEnded { .. }, Some(case)) => self.cases.remove(&Key::Case(case.clone())),
            (event, Some(case)) if Case::concerns(event) => self
                .cases
                .upsert(&Key::Case(case.clone()), |it| it.apply(event)),
            _ => {}
        }
    }

    fn project(&self, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
        views::project(self, event, name, at)
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.lanes);
        visit(&mut self.counts);
        visit(&mut self.cases);
    }
}
