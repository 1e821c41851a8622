//! Who runs which lane, as folded from the journal. One slot a tenant; read by the stage alone.

use baton_journal::Event;
use baton_journal::setup::Deployment;
use baton_model::{LaneId, Micros, PackId, PartyId, SiteId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The lanes of a tenant and the sites its parties have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lanes {
    runs: BTreeMap<LaneId, Run>,
    sites: BTreeMap<PartyId, SiteId>,
}

/// Who runs a lane.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The pack whose lane it is.
    pub pack: PackId,
    /// The lane's name.
    pub name: String,
    /// The party.
    pub party: PartyId,
    /// The party's site, whose calendar the clock runs on.
    pub site: SiteId,
    /// The target of a hop there.
    pub target: Option<WorkingTime>,
    /// Since when.
    pub since: Micros,
    /// Why.
    pub reason: String,
}

impl Lanes {
    /// Who runs a lane.
    pub fn run(&self, lane: &LaneId) -> Option<&Run> {
        self.runs.get(lane)
    }

    /// The site of a party that has one.
    pub fn site_of(&self, party: &PartyId) -> Option<&SiteId> {
        self.sites.get(party)
    }

    /// Whether an event changes anything here.
    pub fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::SiteRegistered(_) | Event::PackDeployed { .. } | Event::LaneGiven { .. }
        )
    }

    /// A deployment gives those of its lanes that nobody runs yet to the party its pack names; an
    /// allocation made since is not undone by a new version.
    pub fn first_given(&self, deployment: &Deployment) -> Vec<Event> {
        let reason = format!(
            "first deployment of {} {}",
            deployment.name, deployment.version
        );
        let unset = deployment
            .lanes
            .iter()
            .filter(|lane| self.run(&lane.id).is_none_or(|run| run.reason.is_empty()));
        unset
            .map(|lane| Event::LaneGiven {
                lane: lane.id.clone(),
                party: lane.party.clone(),
                site: lane.site.clone(),
                reason: reason.clone(),
            })
            .collect()
    }

    /// The party of a new work item, with the reason in words; an incident where the lane has none.
    pub fn allocate(&self, event: &Event) -> Option<Event> {
        let Event::TaskReady {
            case,
            item,
            lane,
            target,
            task,
            ..
        } = event
        else {
            return None;
        };
        let Some(run) = self.run(lane) else {
            return Some(Event::IncidentRaised {
                case: case.clone(),
                incident: format!("allocation-{item}"),
                node: task.clone(),
                token: 0,
                message: format!(
                    "nobody runs lane `{lane}`; allocate it to a party, then resolve the incident"
                ),
            });
        };
        let (case, item, lane, party, site) = (
            case.clone(),
            item.clone(),
            lane.clone(),
            run.party.clone(),
            run.site.clone(),
        );
        let reason = format!("Lane {} is 100 % {} ({})", run.name, run.party, run.reason);
        Some(Event::ItemAllocated {
            case,
            item,
            lane,
            party,
            site,
            target: target.or(run.target),
            reason,
        })
    }

    /// Folds an event.
    pub fn apply(&mut self, event: &Event, at: Micros) {
        match event {
            Event::SiteRegistered(site) => {
                self.sites
                    .entry(site.party.clone())
                    .or_insert_with(|| site.id.clone());
            }
            Event::PackDeployed { deployment, .. } => self.deployed(deployment, at),
            Event::LaneGiven {
                lane,
                party,
                site,
                reason,
            } => {
                if let Some(run) = self.runs.get_mut(lane) {
                    (run.party, run.site) = (party.clone(), site.clone());
                    (run.since, run.reason) = (at, reason.clone());
                }
            }
            _ => {}
        }
    }

    fn deployed(&mut self, deployment: &Deployment, at: Micros) {
        for lane in &deployment.lanes {
            let run = self.runs.entry(lane.id.clone()).or_insert_with(|| Run {
                pack: deployment.pack.clone(),
                name: lane.name.clone(),
                party: lane.party.clone(),
                site: lane.site.clone(),
                target: lane.target,
                since: at,
                reason: String::new(),
            });
            (run.name, run.target) = (lane.name.clone(), lane.target);
        }
    }
}
