//! Connections: how the writer and the readers are opened, and the pool of readers.
//!
//! A reader's connection cannot write, whatever text a query brings.

use super::lock;
use baton_journal::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a connection waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 256;
/// How many readers there are at most.
const READERS: usize = 8;

/// Where the database lies.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In a file.
    File(PathBuf),
    /// In memory.
    Memory,
}

impl Place {
    /// A connection that writes. Its cache is small on purpose: SQLite goes through all of it at the
    /// end of a transaction that split a page, and the operating system keeps the pages anyway.
    pub(super) fn writer(&self) -> rusqlite::Result<Connection> {
        let connection = match self {
            Self::File(path) => Connection::open(path)?,
            Self::Memory => Connection::open_in_memory()?,
        };
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0;
             pragma journal_size_limit = 67108864; pragma cache_size = -16384;
             pragma temp_store = memory; pragma foreign_keys = off;",
        )?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// A connection that only reads.
    fn reader(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::File(path) => Connection::open_with_flags(path, flags)?,
            Self::Memory => Connection::open_in_memory()?,
        };
        connection.busy_timeout(PATIENCE)?;
        // Else a statement whose parameters change is planned again, which takes longer than its run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch("pragma query_only = on; pragma cache_size = -4096;")?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

/// Readers, opened when first needed.
#[derive(Debug)]
pub(super) struct Readers {
    place: Place,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    lent: usize,
}

impl Readers {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Reads on an idle reader; waits while all are busy.
    pub(super) fn read<T>(
        &self,
        operation: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, ReadFault>,
    ) -> Result<T, StoreError> {
        let connection = match self.idle() {
            Some(connection) => Ok(connection),
            None => self.place.reader(),
        };
        let answer = match &connection {
            Ok(connection) => read(connection).map_err(|fault| fault.during(operation)),
            Err(error) => Err(read_error("the database", error)),
        };
        self.give_back(connection.ok());
        answer
    }

    /// Counts a reader as lent and hands it out, if one was opened before.
    fn idle(&self) -> Option<Connection> {
        let mut pool = lock(&self.pool);
        while pool.idle.is_empty() && pool.lent >= READERS {
            let waited = self.returned.wait(pool);
            pool = waited.unwrap_or_else(PoisonError::into_inner);
        }
        pool.lent += 1;
        pool.idle.pop()
    }

    fn give_back(&self, connection: Option<Connection>) {
        let mut pool = lock(&self.pool);
        pool.lent -= 1;
        pool.idle.extend(connection);
        drop(pool);
        self.returned.notify_one();
    }
}

/// Why a read gave nothing.
#[derive(Debug)]
pub(super) enum ReadFault {
    /// SQLite's word.
    Sqlite(rusqlite::Error),
    /// The query is not one of ours.
    Unsound(String),
}

impl From<rusqlite::Error> for ReadFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl ReadFault {
    /// The store's error, naming what was read.
    pub(super) fn during(self, operation: &'static str) -> StoreError {
        match self {
            Self::Sqlite(error) => read_error(operation, &error),
            Self::Unsound(reason) => StoreError::Unsound { operation, reason },
        }
    }
}

pub(super) fn read_error(operation: &'static str, error: &rusqlite::Error) -> StoreError {
    StoreError::Read {
        operation,
        reason: error.to_string(),
    }
}

pub(super) fn write_error(operation: &'static str, error: &rusqlite::Error) -> StoreError {
    StoreError::Write {
        operation,
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Readers};
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_planned_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::File(folder.path().join("journal.db"));
        let writer = place.writer().expect("a writer");
        let table = "create table t (name text primary key) strict, without rowid";
        writer.execute_batch(table).expect("a table");
        let planned_again = Readers::new(place).read("names", |connection| {
            // A text whose plan a careful planner would make anew for each pattern.
            let mut statement = connection.prepare("select name from t where name like $1")?;
            for pattern in ["a%", "%b", "c%"] {
                let _ = statement.exists([pattern])?;
            }
            Ok(statement.get_status(StatementStatus::RePrepare))
        });
        assert_eq!(planned_again.expect("a number"), 0);
    }
}
