//! Rows without a journal: what the same machine writes when SQLite is given rows of the same sizes in
//! the same transactions, and nothing is decided, sealed, hashed, keyed or indexed. The measure that
//! `bench` compares with.

use super::connect::{Place, write_error};
use baton_journal::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// The sizes in bytes of the rows of one transaction.
pub type RowSizes = Vec<usize>;

/// A table of plain rows in a database of its own.
#[derive(Debug)]
pub struct RawRows {
    connection: Connection,
}

impl RawRows {
    /// Makes the table in a new file, under the settings the journal has.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let failed = |error| write_error("plain rows", &error);
        let connection = Place::File(path.to_owned()).writer().map_err(failed)?;
        connection
            .execute_batch(
                "pragma wal_autocheckpoint = 4000;
                 create table plain (id integer primary key, body blob not null) strict;",
            )
            .map_err(failed)?;
        Ok(Self { connection })
    }

    /// Writes these transactions one after another, each durable before the next begins, and tells how
    /// long they took.
    pub fn write(&mut self, transactions: &[RowSizes]) -> Result<Duration, StoreError> {
        let largest = transactions.iter().flatten().copied().max();
        let body = vec![b'x'; largest.unwrap_or(0)];
        let start = Instant::now();
        for sizes in transactions {
            self.transaction(sizes, &body)
                .map_err(|error| write_error("plain rows", &error))?;
        }
        Ok(start.elapsed())
    }

    fn transaction(&mut self, sizes: &RowSizes, body: &[u8]) -> rusqlite::Result<()> {
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
