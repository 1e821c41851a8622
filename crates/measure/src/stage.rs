//! The stage: it takes agreements in, refuses a site whose calendar cannot be measured on, and follows
//! the journal with hops, clocks and what is measured under agreements.

use crate::agreements::Agreements;
use crate::state::{CaseClock, Setup};
use crate::{measured, view};
use baton_journal::turn::Refusal;
use baton_journal::{
    Change, Command, Env, Event, EventName, Key, Need, Rejection, Shelf, Slots, Stage, Stop, View,
};
use baton_model::calendar::Calendar;
use baton_model::{CaseId, Micros};

/// The state of the room: the tenant's calendars and targets, and each case's clocks.
#[derive(Debug)]
pub struct Measure {
    setup: Slots<Setup>,
    agreements: Slots<Agreements>,
    cases: Slots<CaseClock>,
}

impl Default for Measure {
    fn default() -> Self {
        Self {
            setup: Slots::new("measure.setup", |key| matches!(key, Key::Tenant)),
            agreements: Slots::new("measure.agreements", |key| matches!(key, Key::Tenant)),
            cases: Slots::new("measure.clocks", |key| matches!(key, Key::Case(_))),
        }
    }
}

impl Measure {
    /// The tenant's calendars and targets, if they are loaded.
    pub fn setup(&self) -> Option<&Setup> {
        self.setup.peek(&Key::Tenant)
    }

    /// A case's clocks; a need if they are not loaded.
    pub fn case(&self, case: &CaseId) -> Result<Option<&CaseClock>, Need> {
        self.cases.get(&Key::Case(case.clone()))
    }
}

impl Stage for Measure {
    const VIEWS: &'static [View] = &[
        view::HOP,
        view::CASE_CLOCK,
        view::CALENDAR,
        measured::AGREEMENT,
        measured::MEASUREMENT,
        measured::UNIT,
    ];

    fn decides(command: &Command) -> bool {
        matches!(command, Command::SetAgreement(_))
    }

    fn veto(&self, command: &Command, _env: &Env<'_>) -> Result<(), Stop> {
        let Command::RegisterSite(site) = command else {
            return Ok(());
        };
        let refused = Calendar::parse(&site.calendar).err();
        refused.map_or(Ok(()), |error| {
            let rejection = Rejection::new(Refusal::Invalid, error.code(), error.to_string());
            Err(Stop::Reject(rejection.about(site.id.as_str())))
        })
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let Command::SetAgreement(asked) = command else {
            return Ok(Vec::new());
        };
        let none = Agreements::default();
        let known = self.agreements.get(&Key::Tenant)?.unwrap_or(&none);
        let set = known.set(asked, env.now)?;
        Ok(vec![Event::AgreementSet(Box::new(set))])
    }

    fn apply(&mut self, event: &Event, name: EventName, at: Micros) {
        let concerned = Setup::concerns(event);
        let tenant = Key::Tenant;
        self.setup
            .upsert_if(&tenant, concerned, |setup| setup.apply(event, at));
        let concerned = Agreements::concerns(event);
        self.agreements
            .upsert_if(&tenant, concerned, |known| known.apply(event));
        let Some(case) = event.case().filter(|_| CaseClock::concerns(event)) else {
            return;
        };
        let none = Setup::default();
        let setup = self.setup.peek(&tenant).unwrap_or(&none);
        let key = Key::Case(case.clone());
        match CaseClock::begin(event, setup, name, at) {
            Some(begun) => self.cases.put(key, begun),
            None => self
                .cases
                .update(&key, |clock| clock.apply(event, setup, name, at)),
        }
    }

    fn project(&self, event: &Event, name: EventName, at: Micros) -> Vec<Change> {
        let Some(setup) = self.setup() else {
            return Vec::new();
        };
        if let Event::SiteRegistered(_) = event {
            return view::calendars(setup, at);
        }
        if let Event::AgreementSet(set) = event {
            return vec![measured::agreement(set, name, at)];
        }
        let case = event.case().filter(|_| CaseClock::concerns(event));
        let clock = case.and_then(|case| self.cases.peek(&Key::Case(case.clone())));
        let clock = clock.filter(|clock| clock.changed == name);
        clock.map_or_else(Vec::new, |clock| {
            let mut changes = view::changes(clock, setup.book(), name, at);
            if let Some(agreements) = self.agreements.peek(&Key::Tenant) {
                changes.extend(measured::changes(clock, setup, agreements, name, at));
            }
            changes
        })
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.setup);
        visit(&mut self.agreements);
        visit(&mut self.cases);
    }
}
