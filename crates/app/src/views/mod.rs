//! What pages read: queries over the views, each under a scope. One SQL text per kind of sight, joined
//! to the `sight` table; nothing here is decided.

pub mod agreements;
pub mod cases;
pub mod documents;
pub mod floor;
pub mod forms;
pub mod headline;
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
pub use baton_formats::table::write as table_file;
use baton_journal::Datum;
use baton_journal::store::{Row, StoreError};
use baton_model::{Scope, TenantId};

/// Why a page has nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
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
