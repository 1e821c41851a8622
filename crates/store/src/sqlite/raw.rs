//! Rows without Baton: what the same machine writes when SQLite is given rows that are ready, in the
//! same transactions, and nothing is decided, sealed, hashed or answered. The two measures that `bench`
//! compares with: the same rows in the same tables, and rows of the same sizes in one plain table.

use super::connect::{Place, write_error};
use super::tables::{self, Rows, Tables};
use super::{commit, schema};
use baton_journal::View;
use baton_journal::store::{Batch, StoreError};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// A database of its own, under the settings the journal has.
#[derive(Debug)]
pub struct RawRows {
    connection: Connection,
    tables: Tables,
}

impl RawRows {
    /// Makes a new file with the journal's tables, those of these views, and the plain one.
    pub fn create(path: &Path, views: &[View]) -> Result<Self, StoreError> {
        let failed = |error| write_error("raw rows", &error);
        let mut connection = Place::File(path.to_owned()).writer().map_err(failed)?;
        schema::prepare(&mut connection, views)?;
        connection
            .execute_batch(
                "pragma wal_autocheckpoint = 4000;
                 create table plain (id integer primary key, body blob not null) strict;",
            )
            .map_err(failed)?;
        let mut tables = Tables::new();
        views.iter().for_each(|view| tables.add(view));
        Ok(Self { connection, tables })
    }

    /// Writes the rows of these batches into tables of the same shape, each batch durable before the
    /// next begins, and tells how long it took.
    pub fn same(&mut self, batches: &[Batch]) -> Result<Duration, StoreError> {
        let folded: Vec<Rows<'_>> = batches
            .iter()
            .map(|batch| self.tables.last_changes(&batch.changes))
            .collect::<Result<_, _>>()?;
        let start = Instant::now();
        for (batch, rows) in batches.iter().zip(&folded) {
            self.batch(batch, rows)
                .map_err(|error| write_error("raw rows", &error))?;
        }
        Ok(start.elapsed())
    }

    /// Writes rows of the same sizes into a table keyed by a number alone.
    pub fn plain(&mut self, batches: &[Batch]) -> Result<Duration, StoreError> {
        let sizes: Vec<Vec<usize>> = batches
            .iter()
            .map(|batch| self.sizes(batch))
            .collect::<Result<_, _>>()?;
        let largest = sizes.iter().flatten().copied().max();
        let body = vec![b'x'; largest.unwrap_or(0)];
        let start = Instant::now();
        for sizes in &sizes {
            self.transaction(sizes, &body)
                .map_err(|error| write_error("plain rows", &error))?;
        }
        Ok(start.elapsed())
    }

    /// The sizes in bytes of a batch's rows: entries, and of each key of a view the last row.
    pub fn sizes(&self, batch: &Batch) -> Result<Vec<usize>, StoreError> {
        let rows = self.tables.last_changes(&batch.changes)?;
        let rows = rows.values().flat_map(|view| view.values().flatten());
        let entries = batch.entries.iter().map(|entry| entry.bytes.len());
        Ok(entries
            .chain(rows.map(|row| row.iter().map(super::values::size).sum()))
            .collect())
    }

    fn batch(&mut self, batch: &Batch, rows: &Rows<'_>) -> rusqlite::Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        commit::write_entries(&transaction, &self.tables, batch)?;
        tables::write(&transaction, &self.tables, batch.tenant.as_str(), rows)?;
        commit::write_slots(&transaction, &self.tables, batch)?;
        transaction.commit()
    }

    fn transaction(&mut self, sizes: &[usize], body: &[u8]) -> rusqlite::Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached("insert into plain (body) values ($1)")?;
            for size in sizes {
                insert.execute([&body[..*size]])?;
            }
        }
        transaction.commit()
    }
}
