//! Statements and service levels from the journal alone: every entry is folded again, no stored row is
//! looked at, no key is needed. `verify` prints and compares with it; so does whoever doubts a page.

use crate::proofs::Pages;
use crate::views::agreements::{Known, counting};
use baton_journal::store::{Row, Store, StoreError};
use baton_journal::{Entry, Event, EventName};
use baton_measure::measured::{
    AGREEMENT, MEASUREMENT, Measurement, UNIT, agreement_of, measurement_of,
};
use baton_measure::score::{Period, Score, Tally, counts, scores};
use baton_measure::statement::{Statement, UnitRow, Units, statement, unit_of};
use baton_measure::view;
use baton_model::agreement::ServiceLevel;
use baton_model::calendar::Book;
use baton_model::{AgreementId, Micros, Month, TenantId};
use baton_relay::{Rows, rebuild};
use std::sync::Arc;

/// What a journal gives, up to an entry.
#[derive(Debug)]
pub struct Recomputed {
    /// The last entry.
    pub n: i64,
    /// Its instant.
    pub at: Micros,
    /// How many events were folded.
    pub events: u64,
    /// Whether the tenant was founded as a simulated one.
    pub simulated: bool,
    known: Vec<Known>,
    units: Vec<UnitRow>,
    measurements: Vec<Measurement>,
    book: Book,
}

/// What is known of the entries themselves.
struct Head {
    n: i64,
    at: Micros,
    events: u64,
    simulated: bool,
}

fn is_simulated(event: &Event) -> bool {
    matches!(
        event,
        Event::TenantFounded {
            simulated: true,
            ..
        }
    )
}

impl Recomputed {
    /// Folds a tenant's journal up to an entry, or all of it.
    pub fn of(
        store: &Arc<dyn Store>,
        tenant: &TenantId,
        until: Option<i64>,
    ) -> Result<Self, StoreError> {
        let (mut n, mut at, mut events, mut simulated) = (0, Micros(0), 0, false);
        let entries = Pages::of(store, tenant).map(|stored| {
            let stored = stored?;
            Entry::from_bytes(&stored.bytes).map_err(|error| StoreError::Read {
                operation: "an entry",
                reason: error.to_string(),
            })
        });
        let wanted = |entry: &Result<Entry, StoreError>| match (entry, until) {
            (Ok(entry), Some(until)) => entry.n <= until,
            _ => true,
        };
        let entries = entries.take_while(wanted).inspect(|entry| {
            if let Ok(entry) = entry {
                (n, at) = (entry.n, entry.at);
                events += entry.events.len() as u64;
                simulated |= entry.events.iter().any(is_simulated);
            }
        });
        let rows = rebuild(entries)?;
        let head = Head {
            n,
            at,
            events,
            simulated,
        };
        Self::from_rows(&rows, head)
    }

    fn from_rows(rows: &Rows, head: Head) -> Result<Self, StoreError> {
        let of = |view: &str| -> Vec<Row> {
            let rows = rows.get(view).map(|rows| rows.values().cloned().collect());
            rows.unwrap_or_default()
        };
        let known = of(AGREEMENT.name).into_iter().filter_map(|row| {
            Some(Known {
                set: agreement_of(&row)?,
                at: Micros(row.get(4)?.int()),
                name: EventName {
                    n: row.get(5)?.int(),
                    i: u32::try_from(row.get(6)?.int()).ok()?,
                },
            })
        });
        let book = view::book(&of(view::CALENDAR.name)).map_err(|error| StoreError::Read {
            operation: "the calendars",
            reason: error.to_string(),
        })?;
        Ok(Self {
            n: head.n,
            at: head.at,
            events: head.events,
            simulated: head.simulated,
            known: known.collect(),
            units: of(UNIT.name).iter().filter_map(unit_of).collect(),
            measurements: of(MEASUREMENT.name)
                .iter()
                .filter_map(measurement_of)
                .collect(),
            book,
        })
    }

    /// The agreements that count in a month.
    pub fn agreements(&self, month: Month) -> Vec<AgreementId> {
        let terms = counting(&self.known, |set| month.span(&set.agreement.zone));
        terms.into_keys().collect()
    }

    /// The statement of a month; nothing where the agreement does not count then.
    pub fn statement(&self, id: &AgreementId, month: Month) -> Option<Statement> {
        let terms = counting(&self.known, |set| month.span(&set.agreement.zone));
        statement(terms.get(id)?, &self.units(month), month)
    }

    fn units(&self, month: Month) -> Vec<Units> {
        self.units
            .iter()
            .filter_map(|unit| unit.in_month(month))
            .collect()
    }

    /// The service levels of a month, as of an instant.
    pub fn scores(&self, month: Month, now: Micros) -> Vec<Score> {
        let terms = counting(&self.known, |set| month.span(&set.agreement.zone));
        let units = self.units(month);
        let all = terms.into_values().filter_map(|versions| {
            let set = *versions.last()?;
            let (id, zone) = (&set.agreement.id, &set.agreement.zone);
            let period = Period::of(month, zone, now);
            let on_time = |level: &ServiceLevel| {
                let own = self.measurements.iter();
                let own = own.filter(|row| row.agreement == *id && row.lane == level.lane);
                own.fold(Tally::default(), |mut sum, row| {
                    sum.add(counts(row, zone, &period, &self.book));
                    sum
                })
            };
            let done = |level: &ServiceLevel| {
                let own = units.iter();
                let own = own.filter(|units| units.agreement == *id && units.lane == level.lane);
                own.cloned().collect()
            };
            Some(scores(set, &period, on_time, done))
        });
        all.flatten().collect()
    }
}
