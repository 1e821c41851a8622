//! The tenant's calendars and targets, from its set-up. A calendar that changes counts from the
//! instant it became known; what was measured before stays.

use baton_journal::Event;
use baton_journal::setup::Deployment;
use baton_model::calendar::{Book, CalendarSpec};
use baton_model::{CalendarId, Micros, PartyId, ProcessId, SiteId, WorkingTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Calendars and targets of a tenant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Setup {
    client: Option<PartyId>,
    /// The calendar of each site.
    sites: BTreeMap<SiteId, CalendarId>,
    /// The site whose calendar is a party's own: its first.
    homes: BTreeMap<PartyId, SiteId>,
    /// Every version of every calendar with the instant it became known.
    calendars: Vec<(Micros, CalendarSpec)>,
    /// The target of a whole case, by process.
    targets: BTreeMap<ProcessId, WorkingTime>,
    #[serde(skip)]
    book: OnceLock<Book>,
}

impl Setup {
    /// Folds an event of the tenant's set-up.
    pub fn apply(&mut self, event: &Event, at: Micros) {
        match event {
            Event::TenantFounded { client, .. } => self.client = Some(client.clone()),
            Event::SiteRegistered(site) => {
                let home = self.homes.entry(site.party.clone());
                home.or_insert_with(|| site.id.clone());
                let calendar = site.calendar.id.clone();
                self.sites.insert(site.id.clone(), calendar);
                self.learn(at, &site.calendar);
            }
            Event::PackDeployed {
                deployment,
                versions,
            } => self.deploy(deployment, versions),
            _ => {}
        }
    }

    /// Whether an event concerns the set-up.
    pub fn concerns(event: &Event) -> bool {
        matches!(
            event,
            Event::TenantFounded { .. } | Event::SiteRegistered(_) | Event::PackDeployed { .. }
        )
    }

    fn deploy(&mut self, deployment: &Deployment, versions: &[(ProcessId, u32)]) {
        for (process, _) in versions {
            match deployment.target {
                Some(target) => self.targets.insert(process.clone(), target),
                None => self.targets.remove(process),
            };
        }
    }

    fn learn(&mut self, at: Micros, spec: &CalendarSpec) {
        if self.current(&spec.id) != Some(spec) {
            self.calendars.push((at, spec.clone()));
            self.book = OnceLock::new();
        }
    }

    fn current(&self, id: &CalendarId) -> Option<&CalendarSpec> {
        let versions = self.calendars.iter().map(|(_, spec)| spec);
        versions.rev().find(|spec| spec.id == *id)
    }

    /// The calendars, ready for arithmetic. One that cannot be read is left out, as it was refused
    /// when it was registered.
    pub fn book(&self) -> &Book {
        self.book.get_or_init(|| {
            let known = self.calendars.iter().map(|(at, spec)| (*at, spec));
            Book::dated(known).unwrap_or_default()
        })
    }

    /// Every version of every calendar with the instant it became known, in that order.
    pub fn calendars(&self) -> &[(Micros, CalendarSpec)] {
        &self.calendars
    }

    /// The version of a calendar that is known, counted from 1; 0 for one that is not.
    pub fn calendar_version(&self, id: &CalendarId) -> u32 {
        let versions = self.calendars.iter().filter(|(_, spec)| spec.id == *id);
        versions.count() as u32
    }

    /// The calendar of a site.
    pub fn of_site(&self, site: &SiteId) -> Option<&CalendarId> {
        self.sites.get(site)
    }

    /// The calendar of whole cases: the client's.
    pub fn of_cases(&self) -> Option<&CalendarId> {
        self.sites.get(self.homes.get(self.client.as_ref()?)?)
    }

    /// The target of a whole case.
    pub fn target(&self, process: &ProcessId) -> Option<WorkingTime> {
        self.targets.get(process).copied()
    }
}
