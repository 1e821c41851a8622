//! What pages read: queries over the views, each under a scope. One SQL text per kind of sight, joined
//! to the `sight` table; nothing here is decided.

pub mod agreements;
pub mod cases;
pub mod documents;
pub mod floor;
pub mod forms;
pub mod headline;
mod hops;
pub mod journal;
pub mod map;
pub mod pauses;
pub mod processes;
pub mod queue;
pub mod scorecard;
pub mod statement;
pub mod time;
pub mod times;
pub mod work;

use crate::App;
use baton_journal::Datum;
use baton_journal::store::{Row, StoreError};
use baton_model::{Micros, Scope, TenantId};

/// Why a page has nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It moved while it was read, again and again.
    #[error("BATON-APP-021: {0} changes faster than it can be read; send the request again")]
    Moving(String),
    /// A row cannot be read.
    #[error("BATON-APP-020: {what} cannot be read: {reason}; run `baton verify`")]
    Unsound {
        /// What.
        what: String,
        /// Why.
        reason: String,
    },
}

/// Reads a tenant's views.
pub struct Reader<'a> {
    app: &'a App,
    tenant: &'a TenantId,
}

impl<'a> Reader<'a> {
    /// A reader of what a scope may see. Queries over cases also join `sight` on its party.
    pub fn of(app: &'a App, scope: &'a Scope) -> Self {
        Self {
            app,
            tenant: &scope.tenant,
        }
    }

    /// A reader for the shell itself: timers, leases, set-up.
    pub(crate) fn shell(app: &'a App, tenant: &'a TenantId) -> Self {
        Self { app, tenant }
    }

    /// The app read from.
    pub(crate) fn app(&self) -> &'a App {
        self.app
    }

    /// The tenant read from.
    pub(crate) fn tenant(&self) -> &'a TenantId {
        self.tenant
    }

    /// The rows of a query whose first parameter is the tenant.
    pub(crate) fn rows(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError> {
        let mut all = Vec::with_capacity(parameters.len() + 1);
        all.push(self.tenant.as_str().into());
        all.extend_from_slice(parameters);
        self.app.inner.store.read(sql, &all)
    }
}

/// Ids as a query takes them in `in (…)`. A list is filled up to one of a few lengths with its last id, so
/// that there are as few texts to prepare.
pub(crate) struct Listed<'a>(Vec<&'a str>);

impl<'a> Listed<'a> {
    const LENGTHS: [usize; 3] = [1, 10, 100];

    /// So many lists as it takes for these ids.
    pub(crate) fn of(ids: &'a [String]) -> impl Iterator<Item = Self> {
        ids.chunks(100).map(|ids| {
            let length = Self::LENGTHS
                .into_iter()
                .find(|length| *length >= ids.len());
            let last = ids.last().map_or("", String::as_str);
            let mut list: Vec<&str> = ids.iter().map(String::as_str).collect();
            list.resize(length.unwrap_or(ids.len()), last);
            Self(list)
        })
    }

    /// The parameters' places in the text, from this number on.
    pub(crate) fn places(&self, from: usize) -> String {
        let places: Vec<String> = (from..from + self.0.len())
            .map(|place| format!("${place}"))
            .collect();
        places.join(", ")
    }

    /// The parameters, after others.
    pub(crate) fn after(&self, others: &[Datum]) -> Vec<Datum> {
        let ids = self.0.iter().map(|id| Datum::from(*id));
        others.iter().cloned().chain(ids).collect()
    }
}

/// A table as a CSV file that says of every row whether it is simulated, where the tenant is.
///
/// The mark is a column, the last one: people sort, filter and copy rows into sheets of their own, and a mark
/// that is in no row is lost there. A line above the head would be taken for the head, and a name is lost
/// with the first *save as*. Files of a real tenant have no such column, and the others keep their places.
pub fn marked_table(
    simulated: bool,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Vec<u8> {
    let marks = |row: &mut Vec<String>| row.extend(simulated.then(|| "yes".to_owned()));
    let mut columns = columns.to_vec();
    columns.extend(simulated.then_some("simulated"));
    let rows = rows.into_iter().map(|mut row| {
        marks(&mut row);
        row
    });
    baton_formats::table::write(&columns, rows)
}

/// A row's place in a list that goes by an instant, the last first: what comes or goes meanwhile moves no
/// row after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The instant the list goes by.
    pub at: Micros,
    /// The row's id, for rows of one instant.
    pub id: String,
}

impl Place {
    /// The condition of the rows after it, which are in the order of the two columns, descending; its
    /// parameters are added.
    pub(crate) fn condition(&self, at: &str, id: &str, parameters: &mut Vec<Datum>) -> String {
        parameters.push(self.at.0.into());
        parameters.push(self.id.as_str().into());
        // The tenant is the first parameter.
        let last = parameters.len() + 1;
        format!(" and ({at}, {id}) < (${}, ${last})", last - 1)
    }
}

/// A column's text, or nothing.
pub(crate) fn text(row: &[Datum], column: usize) -> String {
    row.get(column)
        .and_then(Datum::text)
        .unwrap_or_default()
        .to_string()
}

/// A column's text where it has one.
pub(crate) fn maybe(row: &[Datum], column: usize) -> Option<String> {
    row.get(column).and_then(Datum::text).map(str::to_string)
}

/// A column's integer, 0 where it has none.
pub(crate) fn int(row: &[Datum], column: usize) -> i64 {
    row.get(column).map(Datum::int).unwrap_or_default()
}

const PERSONAL: &str = "select personal from process where tenant = $1";

/// The personal fields the deployed packs name.
pub(crate) fn personal(reader: &Reader<'_>) -> Result<Vec<String>, StoreError> {
    let rows = reader.rows(PERSONAL, &[])?;
    Ok(rows
        .iter()
        .filter_map(|row| serde_json::from_str::<Vec<String>>(&text(row, 0)).ok())
        .flatten()
        .collect())
}
