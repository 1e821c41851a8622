//! Who runs which lane, as folded from the journal. One slot a tenant; read by the stage alone.

use crate::plan::Plan;
use crate::refusal;
use baton_journal::event::LaneShared;
use baton_journal::setup::{Deployment, InFlight, LaneSetting, Share, Takes};
use baton_journal::{Event, Stop};
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
    /// The sites where classes of data are barred, with their country.
    #[serde(default)]
    barred: BTreeMap<SiteId, (BTreeSet<String>, Option<String>)>,
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
    /// What becomes of the open items of a paused party, where it is not the lane's.
    #[serde(default)]
    policies: BTreeMap<PartyId, InFlight>,
    /// What was before the last change.
    #[serde(default)]
    before: Option<Before>,
    /// What is to come.
    #[serde(default)]
    plan: Option<Plan>,
    /// The classes of data it shows.
    #[serde(default)]
    classes: BTreeSet<String>,
    /// The field of a case that holds its value.
    #[serde(default)]
    pub(crate) amount: String,
    /// The field of a case that names its language.
    #[serde(default)]
    pub(crate) language: Option<String>,
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

/// Who ran a lane before its last change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(crate) shares: Vec<Share>,
    pub(crate) paused: BTreeMap<PartyId, String>,
}

impl Lanes {
    /// The class of data a lane shows that is barred at a site, and the site's country.
    pub(crate) fn barred<'a>(
        &'a self,
        run: &'a Run,
        site: &SiteId,
    ) -> Option<(&'a str, Option<&'a str>)> {
        let (classes, country) = self.barred.get(site)?;
        let class = run.classes.intersection(classes).next()?;
        Some((class, country.as_deref()))
    }

    /// Whether every lane of a pack may show what it shows where it is run.
    pub(crate) fn fits(&self, deployment: &Deployment) -> Result<(), Stop> {
        for lane in &deployment.lanes {
            let mut run = Run::new(deployment, lane, Micros(0));
            if let Some(known) = self.run(&lane.id) {
                run.shares = known.shares();
            }
            for share in run.shares() {
                if let Some((class, country)) = self.barred(&run, &share.site) {
                    return Err(refusal::barred(&lane.id, &share.site, class, country).into());
                }
            }
        }
        Ok(())
    }

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
                | Event::SharesPlanned(_)
                | Event::StepTaken(_)
                | Event::StepFailed(_)
                | Event::PlanEnded(_)
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
                let barred = (site.barred.clone(), site.country.clone());
                self.barred.insert(site.id.clone(), barred);
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
                let planned = planned(event).and_then(|lane| self.runs.get_mut(lane));
                if let Some(run) = planned {
                    run.fold_plan(event);
                }
            }
        }
    }

    fn deployed(&mut self, deployment: &Deployment, at: Micros) {
        for lane in &deployment.lanes {
            let new = Run::new(deployment, lane, at);
            let run = self
                .runs
                .entry(lane.id.clone())
                .or_insert_with(|| new.clone());
            (run.classes, run.amount, run.language) = (new.classes, new.amount, new.language);
            (run.name, run.target) = (lane.name.clone(), lane.target);
        }
    }
}

impl Run {
    fn new(deployment: &Deployment, lane: &LaneSetting, at: Micros) -> Self {
        let covers = |field: &String| lane.read.iter().any(|read| meet(read, field));
        let shown = deployment.classes.iter();
        let shown = shown.filter(|(_, fields)| fields.iter().any(covers));
        Self {
            pack: deployment.pack.clone(),
            name: lane.name.clone(),
            party: lane.party.clone(),
            site: lane.site.clone(),
            shares: Vec::new(),
            paused: BTreeMap::new(),
            policies: BTreeMap::new(),
            before: None,
            plan: None,
            classes: shown.map(|(class, _)| class.clone()).collect(),
            amount: deployment.headline.amount.clone(),
            language: lane.language.clone(),
            in_flight: InFlight::default(),
            epoch: 0,
            target: lane.target,
            since: at,
            reason: String::new(),
        }
    }

    /// Whether what a share asks can be told of a case; if not, what cannot.
    pub(crate) fn can_tell(&self, takes: &Takes) -> Result<(), &'static str> {
        if !takes.languages.is_empty() && self.language.is_none() {
            return Err("language");
        }
        let value = takes.least.is_some() || takes.most.is_some();
        if value && self.amount.is_empty() {
            return Err("value");
        }
        Ok(())
    }

    /// What becomes of the open items of a party that stopped.
    pub(crate) fn policy(&self, party: &PartyId) -> InFlight {
        let own = self
            .policies
            .get(party)
            .filter(|_| self.paused.contains_key(party));
        own.copied().unwrap_or(self.in_flight)
    }

    /// The parties that are paused.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = &PartyId> {
        self.paused.keys()
    }

    /// What was before the last change.
    pub(crate) fn before(&self) -> Option<&Before> {
        self.before.as_ref()
    }

    /// What is to come, or came last.
    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

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

    fn fold_plan(&mut self, event: &Event) {
        match event {
            Event::SharesPlanned(planned) => self.plan = Some(Plan::of(planned, self.shares())),
            other => {
                if let Some(plan) = &mut self.plan {
                    plan.apply(other);
                }
            }
        }
    }

    fn apply(&mut self, event: &Event, at: Micros) {
        let before = Before {
            shares: self.shares(),
            paused: self.paused.clone(),
        };
        self.before = (self.epoch > 0).then_some(before);
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
                self.policies.clear();
                // Who had it finishes what it has.
                self.in_flight = InFlight::Finish;
            }
            Event::LaneShared(now) => self.share(now, at),
            Event::PartyPaused(pause) => {
                self.paused
                    .insert(pause.party.clone(), pause.reason.clone());
                self.policies.insert(pause.party.clone(), pause.in_flight);
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

/// Whether a pattern of fields and another one, both names or prefixes ending in `*`, have a field in common.
fn meet(one: &str, other: &str) -> bool {
    match (one.strip_suffix('*'), other.strip_suffix('*')) {
        (Some(one), Some(other)) => one.starts_with(other) || other.starts_with(one),
        (Some(prefix), None) => other.starts_with(prefix),
        (None, Some(prefix)) => one.starts_with(prefix),
        (None, None) => one == other,
    }
}

/// The lane whose plan an event is about.
pub(crate) fn planned(event: &Event) -> Option<&LaneId> {
    match event {
        Event::SharesPlanned(it) => Some(&it.lane),
        Event::StepTaken(it) => Some(&it.lane),
        Event::StepFailed(it) => Some(&it.lane),
        Event::PlanEnded(it) => Some(&it.lane),
        _ => None,
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
