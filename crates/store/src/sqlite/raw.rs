//! Rows without a journal: what the same machine writes when SQLite is given rows of the same sizes in
//! transactions of the same size, and nothing is decided, hashed or indexed. The measure of `bench`.

use super::connect::{Place, write_error};
use baton_journal::store::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// What one command writes, and how many commands go into one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawShape {
    /// The size in bytes of each row of one command.
    pub rows: Vec<usize>,
    /// Commands in a transaction.
    pub group: usize,
}

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

    /// Writes the rows of so many commands, durably, and tells how long it took.
    pub fn write(&mut self, shape: &RawShape, commands: usize) -> Result<Duration, StoreError> {
        let body = vec![b'x'; shape.rows.iter().copied().max().unwrap_or(0)];
        let start = Instant::now();
        let mut left = commands;
        while left > 0 {
            let group = left.min(shape.group.max(1));
            self.transaction(shape, group, &body)
                .map_err(|error| write_error("plain rows", &error))?;
            left -= group;
        }
        Ok(start.elapsed())
    }

    fn transaction(&mut self, shape: &RawShape, group: usize, body: &[u8]) -> rusqlite::Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached("insert into plain (body) values ($1)")?;
            for _ in 0..group {
                for size in &shape.rows {
                    insert.execute([&body[..*size]])?;
                }
            }
        }
        transaction.commit()
    }
}
