//! Who runs which lane, as folded from the journal. One slot a tenant; read by the stage alone.

use baton_journal::Event;
use baton_journal::event::LaneShared;
use baton_journal::setup::{Deployment, InFlight, Share, Takes};
use baton_model::{LaneId, Micros, PackId, PartyId, SiteId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The lanes of a tenant and the sites its parties have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lanes {
    runs: BTreeMap<LaneId, Run>,
    sites: BTreeMap<PartyId, SiteId>,
    /// Every site of a party.
    #[serde(default)]
    all: BTreeMap<PartyId, BTreeSet<SiteId>>,
}

/// Who runs a lane.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The pack whose lane it is.
    pub pack: PackId,
    /// The lane's name.
    pub name: String,
    /// The party with the largest share.
    pub party: PartyId,
    /// Its site, whose calendar the clock runs on.
    pub site: SiteId,
    /// The parties between which new cases are split; none where `party` runs all of it.
    #[serde(default)]
    shares: Vec<Share>,
    /// The parties that get nothing new, and why.
    #[serde(default)]
    paused: BTreeMap<PartyId, String>,
    /// What becomes of the open items of a party that stops.
    #[serde(default)]
    pub in_flight: InFlight,
    /// The lane's version: it grows with every change of who gets new cases.
    #[serde(default)]
    pub epoch: u32,
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

    /// Whether a party has such a site.
    pub fn has_site(&self, party: &PartyId, site: &SiteId) -> bool {
        self.all
            .get(party)
            .is_some_and(|sites| sites.contains(site))
    }

    /// Whether an event changes anything here.
    pub fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::SiteRegistered(_)
                | Event::PackDeployed { .. }
                | Event::LaneGiven { .. }
                | Event::LaneShared(_)
                | Event::PartyPaused(_)
                | Event::PartyResumed(_)
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

    /// Folds an event.
    pub fn apply(&mut self, event: &Event, at: Micros) {
        match event {
            Event::SiteRegistered(site) => {
                let all = self.all.entry(site.party.clone()).or_default();
                all.insert(site.id.clone());
                self.sites
                    .entry(site.party.clone())
                    .or_insert_with(|| site.id.clone());
            }
            Event::PackDeployed { deployment, .. } => self.deployed(deployment, at),
            _ => {
                let run = changed(event).and_then(|lane| self.runs.get_mut(lane));
                if let Some(run) = run {
                    run.apply(event, at);
                }
            }
        }
    }

    fn deployed(&mut self, deployment: &Deployment, at: Micros) {
        for lane in &deployment.lanes {
            let run = self.runs.entry(lane.id.clone()).or_insert_with(|| Run {
                pack: deployment.pack.clone(),
                name: lane.name.clone(),
                party: lane.party.clone(),
                site: lane.site.clone(),
                shares: Vec::new(),
                paused: BTreeMap::new(),
                in_flight: InFlight::default(),
                epoch: 0,
                target: lane.target,
                since: at,
                reason: String::new(),
            });
            (run.name, run.target) = (lane.name.clone(), lane.target);
        }
    }
}

impl Run {
    /// The parties of the lane, backups and paused ones too.
    pub fn shares(&self) -> Vec<Share> {
        if !self.shares.is_empty() {
            return self.shares.clone();
        }
        vec![Share {
            party: self.party.clone(),
            site: self.site.clone(),
            basis_points: 10_000,
            when: None,
            takes: Takes::default(),
        }]
    }

    /// Those that get new cases now.
    pub fn active(&self) -> Vec<Share> {
        let mut shares = self.shares();
        shares.retain(|share| share.basis_points > 0 && !self.paused.contains_key(&share.party));
        shares
    }

    /// Whether a party gets new cases now.
    pub fn is_active(&self, party: &PartyId) -> bool {
        self.active().iter().any(|share| share.party == *party)
    }

    /// Why a party is paused, if it is.
    pub fn paused(&self, party: &PartyId) -> Option<&str> {
        self.paused.get(party).map(String::as_str)
    }

    /// In words who is paused.
    pub(crate) fn stopped(&self) -> Vec<String> {
        let paused = self.paused.keys();
        paused.map(|party| format!("{party} is paused")).collect()
    }

    fn apply(&mut self, event: &Event, at: Micros) {
        self.epoch += 1;
        match event {
            Event::LaneGiven {
                party,
                site,
                reason,
                ..
            } => {
                (self.party, self.site) = (party.clone(), site.clone());
                (self.since, self.reason) = (at, reason.clone());
                self.shares.clear();
                self.paused.clear();
                // Who had it finishes what it has.
                self.in_flight = InFlight::Finish;
            }
            Event::LaneShared(now) => self.share(now, at),
            Event::PartyPaused(pause) => {
                self.paused
                    .insert(pause.party.clone(), pause.reason.clone());
                self.in_flight = pause.in_flight;
            }
            Event::PartyResumed(back) => drop(self.paused.remove(&back.party)),
            _ => {}
        }
    }

    /// A party that is paused stays paused as long as it has a part in the lane.
    fn share(&mut self, now: &LaneShared, at: Micros) {
        let most = now.shares.iter().max_by_key(|share| share.basis_points);
        if let Some(most) = most {
            (self.party, self.site) = (most.party.clone(), most.site.clone());
        }
        (self.since, self.reason) = (at, now.reason.clone());
        self.shares = now.shares.clone();
        self.in_flight = now.in_flight;
        let has = |party: &PartyId| now.shares.iter().any(|share| share.party == *party);
        self.paused.retain(|party, _| has(party));
    }
}

/// The lane whose parties an event changes.
pub(crate) fn changed(event: &Event) -> Option<&LaneId> {
    match event {
        Event::LaneGiven { lane, .. } => Some(lane),
        Event::LaneShared(now) => Some(&now.lane),
        Event::PartyPaused(pause) => Some(&pause.lane),
        Event::PartyResumed(back) => Some(&back.lane),
        _ => None,
    }
}
