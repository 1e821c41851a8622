//! The frame of a page: who looks, at what, and the names of parties, sites and lanes that pages show.
//! Read once a page, on the thread that may wait.

use super::answer::Failed;
use super::session::Signed;
use crate::pages::parts::Chip;
use crate::pages::shell::{
    CheckpointMark, Foot, Party as ShellParty, Person, Place, Shell, ZoneClock,
};
use crate::strip::{Slot, moment};
use baton_app::granted;
use baton_app::sight::{self, About, Lane, Party, Site};
use baton_app::signing;
use baton_app::views::headline::spoken;
use baton_app::views::work::{self, Counts};
use baton_app::views::{Reader, documents};
use baton_app::{App, Shown};
use baton_model::{LaneId, Masked, Micros, PartyId, SiteId, WorkerId};
use jiff::tz::TimeZone;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What a page is drawn with.
pub(crate) struct Frame<'a> {
    pub(crate) app: &'a App,
    pub(crate) signed: &'a Signed,
    pub(crate) about: About,
    pub(crate) parties: BTreeMap<PartyId, Party>,
    pub(crate) sites: BTreeMap<SiteId, Site>,
    pub(crate) lanes: BTreeMap<LaneId, Lane>,
    pub(crate) zone: TimeZone,
    pub(crate) now: Micros,
    /// The head before anything was read: the page shows at least what it covers.
    pub(crate) head: u64,
    counts: OnceCell<Counts>,
}

impl<'a> Frame<'a> {
    pub(crate) fn of(app: &'a App, signed: &'a Signed) -> Result<Self, Failed> {
        let tenant = signed.tenant();
        let head = app.store().head(tenant)?.n.unsigned_abs();
        let sites = sight::sites(app, tenant)?;
        let zone = sites
            .get(&signed.viewer.site)
            .map(|site| zone(&site.zone))
            .unwrap_or(TimeZone::UTC);
        let lanes = sight::lanes(app, tenant)?;
        Ok(Self {
            app,
            signed,
            about: sight::about(app, tenant)?,
            parties: sight::parties(app, tenant)?,
            sites,
            lanes: lanes
                .into_iter()
                .map(|lane| (lane.id.clone(), lane))
                .collect(),
            zone,
            now: app.now(),
            head,
            counts: OnceCell::new(),
        })
    }

    /// Reads the tenant's views under the viewer's scope.
    pub(crate) fn reader(&self) -> Reader<'a> {
        Reader::of(self.app, &self.signed.viewer.scope)
    }

    /// How many items wait in the viewer's queues, counted once a page.
    pub(crate) fn counts(&self) -> Result<&Counts, Failed> {
        if let Some(counts) = self.counts.get() {
            return Ok(counts);
        }
        let counts = work::counts(&self.reader(), &self.signed.viewer.scope)?;
        Ok(self.counts.get_or_init(|| counts))
    }

    /// What stands around a page.
    pub(crate) fn shell(
        &self,
        title: &str,
        place: Place,
        said: Option<String>,
    ) -> Result<Shell, Failed> {
        let scope = &self.signed.viewer.scope;
        let reader = self.reader();
        let open = self.counts()?.of(&work::Filter::default());
        let refused = documents::refused(&reader, scope, "", 0, 1)?.total;
        let party = self.parties.get(&scope.party);
        let site = self.sites.get(&self.signed.viewer.site);
        Ok(Shell {
            title: title.to_string(),
            place,
            party: ShellParty {
                chip: self.chip(&scope.party),
                name: party.map(|party| party.name.clone()).unwrap_or_default(),
                site: site.map(|site| site.name.clone()),
            },
            client: (!scope.client).then(|| self.about.name.clone()),
            open: (open > 0).then_some(open),
            refused: (refused > 0).then_some(refused),
            uploads: self.sends_documents()?,
            zones: self.zones(),
            person: self.viewer(),
            simulated: self.about.simulated,
            foot: Foot {
                live: format!("As of {}", moment(self.now, &self.zone)),
                head: self.head,
                checkpoint: self.checkpoint_mark(),
            },
            said,
            token: self.signed.forms.clone(),
        })
    }

    /// Whether the viewer's party may send documents in.
    pub(crate) fn sends_documents(&self) -> Result<bool, Failed> {
        Ok(granted::sends_documents(
            self.app,
            &self.signed.viewer.scope,
        )?)
    }

    /// The last checkpoint in short, for the foot.
    fn checkpoint_mark(&self) -> Option<CheckpointMark> {
        let last = signing::last(self.app, self.signed.tenant())?;
        Some(CheckpointMark {
            covers: last.note.checkpoint().extent.size,
            href: "/journal".into(),
            signed: format!("signed {}", moment(last.at, &self.zone)),
        })
    }

    /// A party's chip. Of another provider a provider learns only that there is one.
    pub(crate) fn chip(&self, party: &PartyId) -> Chip {
        match self.parties.get(party) {
            Some(known) if self.may_name(party) => Chip::new(party.as_str(), slot(known.slot)),
            _ => Chip {
                code: "··".into(),
                slot: None,
            },
        }
    }

    /// Whether the viewer may know which party it is: the own, the client, and for the client all.
    pub(crate) fn may_name(&self, party: &PartyId) -> bool {
        let scope = &self.signed.viewer.scope;
        scope.client || scope.party == *party || self.about.client == *party
    }

    /// A party's slot as strips draw it.
    pub(crate) fn slot(&self, party: &PartyId) -> Option<Slot> {
        let known = self.parties.get(party).filter(|_| self.may_name(party));
        known.map(|known| Slot(slot(known.slot)))
    }

    /// A lane's name.
    pub(crate) fn lane(&self, lane: &LaneId) -> String {
        self.lanes
            .get(lane)
            .map_or_else(|| lane.to_string(), |lane| lane.name.clone())
    }

    /// A worker's name, where the worker is of the viewer's own party.
    pub(crate) fn worker(&self, worker: &WorkerId) -> Option<String> {
        let person = sight::person(self.app, &self.signed.viewer.scope, worker).ok()??;
        name(&person)
    }

    fn viewer(&self) -> Person {
        let name = name(&self.signed.viewer.name)
            .unwrap_or_else(|| self.signed.viewer.scope.worker.to_string());
        Person {
            initials: initials(&name),
            name,
            state: self.signed.viewer.state.word(),
            leads: self.signed.viewer.leads(),
        }
    }

    /// The clocks of the viewer's own site and, for a provider, the client's; for the client all of them.
    fn zones(&self) -> Vec<ZoneClock> {
        let own = &self.signed.viewer.site;
        let shown = self
            .sites
            .values()
            .filter(|site| self.may_name(&site.party) && !site.always);
        let mut sites: Vec<&Site> = shown.collect();
        sites.sort_by_key(|site| (site.id != *own, site.name.clone()));
        sites.dedup_by_key(|site| site.zone.clone());
        sites
            .into_iter()
            .take(3)
            .map(|site| self.clock(site))
            .collect()
    }

    fn clock(&self, site: &Site) -> ZoneClock {
        let time = clock_time(self.now, &zone(&site.zone));
        ZoneClock {
            time,
            place: site.name.clone(),
            zone: site.zone.clone(),
        }
    }
}

/// A person's name where it is shown.
pub(crate) fn name(shown: &Masked<Shown>) -> Option<String> {
    shown.show().value().map(|_| spoken(shown.show()))
}

/// The two letters of a name.
pub(crate) fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |word: Option<&&str>| word.and_then(|word| word.chars().next());
    let letters = [
        first(words.first()),
        first(words.last().filter(|_| words.len() > 1)),
    ];
    letters
        .into_iter()
        .flatten()
        .flat_map(char::to_uppercase)
        .collect()
}

/// The time of day in a zone, like `14:37`.
fn clock_time(at: Micros, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    instant.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn slot(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
