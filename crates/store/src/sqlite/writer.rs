//! The one who writes: its connection, and what is done with it.
//!
//! After a failed write the connection is closed and the next write opens another, so a full disk
//! that was cleared needs no restart.

use super::connect::{Place, write_error};
use super::tables::Tables;
use super::{commit, schema, tables};
use baton_journal::View;
use baton_journal::store::{Batch, Row, StoreError};
use baton_model::TenantId;
use rusqlite::{Connection, TransactionBehavior};

/// As many pages as SQLite can number.
pub(super) const MOST_PAGES: u32 = u32::MAX - 1;

/// The one who writes.
#[derive(Debug)]
pub(super) struct Writer {
    place: Place,
    connection: Option<Connection>,
    /// How many pages the database may have.
    most_pages: u32,
    tables: Tables,
}

impl Writer {
    /// Opens the database, so that a wrong path is found at the start.
    pub(super) fn open(place: Place) -> Result<Self, StoreError> {
        let mut writer = Self {
            place,
            connection: None,
            most_pages: MOST_PAGES,
            tables: Tables::new(),
        };
        writer.connection()?;
        Ok(writer)
    }

    /// The connection; a new one after a failed write.
    pub(super) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        if self.connection.is_none() {
            let failed = |error| write_error("the database", &error);
            let opened = self.place.writer().map_err(failed)?;
            limit(&opened, self.most_pages).map_err(failed)?;
            self.connection = Some(opened);
        }
        self.connection.as_mut().ok_or(StoreError::Write {
            operation: "the database",
            reason: "there is no connection".into(),
        })
    }

    /// Limits the database's pages, for this connection and those after it.
    pub(super) fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        self.most_pages = pages;
        limit(self.connection()?, pages).map_err(|error| write_error("the database", &error))
    }

    pub(super) fn prepare(&mut self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        let stale = schema::prepare(self.connection()?, views)?;
        for view in views {
            self.tables.add(view);
        }
        Ok(stale)
    }

    pub(super) fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let rows = self.tables.last_changes(&batch.changes)?;
        self.writing(|connection, tables| commit::commit(connection, tables, batch, &rows))
    }

    pub(super) fn replace_view(
        &mut self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        self.writing(|connection, _| {
            let failed = |error| write_error("a rebuilt view", &error);
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(failed)?;
            tables::replace(&transaction, tenant.as_str(), view, rows).map_err(failed)?;
            transaction.commit().map_err(failed)
        })
    }

    /// Runs a write; after a failed one the next begins on a fresh connection.
    fn writing<T>(
        &mut self,
        write: impl FnOnce(&mut Connection, &Tables) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.connection()?;
        let Some(connection) = &mut self.connection else {
            return Err(StoreError::Write {
                operation: "the database",
                reason: "there is no connection".into(),
            });
        };
        let written = write(connection, &self.tables);
        let failed = matches!(written, Err(StoreError::Write { .. }));
        if failed && matches!(self.place, Place::File(_)) {
            self.connection = None;
        }
        written
    }
}

fn limit(connection: &Connection, pages: u32) -> rusqlite::Result<()> {
    connection.pragma_update(None, "max_page_count", pages)
}
