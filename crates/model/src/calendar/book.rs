//! The book of calendars: every compiled calendar of a tenant by its id. It is passed to whoever
//! measures; it is made from what packs and agreements write, and holds no state of its own.

use super::{Calendar, CalendarError, CalendarSpec, Compiled};
use crate::{CalendarId, Micros};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Compiled calendars by id.
#[derive(Clone, Debug)]
pub struct Book {
    calendars: BTreeMap<CalendarId, Arc<Compiled>>,
    always: Arc<Compiled>,
}

impl Default for Book {
    fn default() -> Self {
        let always = Calendar::always(CalendarId::new("24x7"));
        Self {
            calendars: BTreeMap::new(),
            always: Arc::new(Compiled::new(always)),
        }
    }
}

impl Book {
    /// The book of these calendars; several with one id are its versions.
    ///
    /// # Errors
    /// The first [`CalendarError`] found.
    pub fn new<'a>(
        specs: impl IntoIterator<Item = &'a CalendarSpec>,
    ) -> Result<Self, CalendarError> {
        let mut versions: BTreeMap<CalendarId, Vec<Calendar>> = BTreeMap::new();
        for spec in specs {
            let calendar = Calendar::parse(spec)?;
            versions.entry(spec.id.clone()).or_default().push(calendar);
        }
        let compiled = versions.into_iter().map(|(id, versions)| {
            let compiled = Compiled::versions(id.clone(), versions)?;
            Ok((id, Arc::new(compiled)))
        });
        let calendars = compiled.collect::<Result<_, CalendarError>>()?;
        Ok(Self {
            calendars,
            ..Self::default()
        })
    }

    /// The book of calendars that became known at instants. A later version of an id counts from the
    /// instant it became known, or from its own `from` date if that is later; so no past measurement
    /// is ever rewritten.
    ///
    /// # Errors
    /// The first [`CalendarError`] found.
    pub fn dated<'a>(
        specs: impl IntoIterator<Item = (Micros, &'a CalendarSpec)>,
    ) -> Result<Self, CalendarError> {
        let mut versions: BTreeMap<CalendarId, Vec<(Micros, Calendar)>> = BTreeMap::new();
        for (at, spec) in specs {
            let calendar = Calendar::parse(spec)?;
            let start = at.max(calendar.effective());
            let known = versions.entry(spec.id.clone()).or_default();
            known.push((start, calendar));
        }
        let mut book = Self::default();
        for (id, versions) in versions {
            book.insert(Compiled::dated(id, versions)?);
        }
        Ok(book)
    }

    /// The calendar of an id.
    pub fn get(&self, id: &CalendarId) -> Option<&Compiled> {
        self.calendars.get(id).map(Arc::as_ref)
    }

    /// The calendar of an id, or the one that is always open for no id or an unknown one.
    pub fn or_always(&self, id: Option<&CalendarId>) -> &Compiled {
        let known = id.and_then(|id| self.calendars.get(id));
        known.unwrap_or(&self.always)
    }

    /// Adds a calendar, in place of one with the same id.
    pub fn insert(&mut self, calendar: Compiled) {
        let id = calendar.id().clone();
        self.calendars.insert(id, Arc::new(calendar));
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &CalendarId> {
        self.calendars.keys()
    }
}
