//! SQLite behind the store port: one writing connection, readers beside it, and a thread that moves
//! the write-ahead log into the database file while neither waits for it.
//!
//! A commit is on the disk when it returns (`synchronous = full`). One disk is all there is: what the
//! disk loses is lost. Texts of SQL stand beside what they do, in the modules below.

mod checkpoints;
mod commit;
mod connect;
mod insert;
mod plans;
mod raw;
mod reads;
mod schema;
mod tables;
mod values;
mod writer;

use baton_journal::store::{Batch, Head, Row, Store, StoreError, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::TenantId;
use checkpoints::Checkpointer;
use connect::{Place, Readers};
pub use raw::RawRows;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use writer::Writer;

/// A SQLite database.
#[derive(Debug)]
pub struct Sqlite {
    writer: Arc<Mutex<Writer>>,
    readers: Option<Readers>,
    checkpointer: Option<Checkpointer>,
}

/// Opens the database in this file, making it if it is missing. Its folder must be there.
pub fn open(path: &Path) -> Result<Sqlite, StoreError> {
    let place = Place::File(path.to_owned());
    let writer = Arc::new(Mutex::new(Writer::open(place.clone())?));
    let checkpointer = Checkpointer::start(&place, Arc::clone(&writer))?;
    Ok(Sqlite {
        writer,
        readers: Some(Readers::new(place)),
        checkpointer: Some(checkpointer),
    })
}

/// A database in memory, gone when it is dropped: for tests and simulations.
pub fn memory() -> Result<Sqlite, StoreError> {
    Ok(Sqlite {
        writer: Arc::new(Mutex::new(Writer::open(Place::Memory)?)),
        readers: None,
        checkpointer: None,
    })
}

/// A lock whose holder never leaves half-done work behind: transactions roll back when dropped.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sqlite {
    /// Lets the database grow to so many pages and no further, as a full disk would: for tests.
    pub fn limit_pages(&self, pages: Option<u32>) -> Result<(), StoreError> {
        lock(&self.writer).limit_pages(pages.unwrap_or(writer::MOST_PAGES))
    }

    /// Reads on a connection of the readers, or on the writer's where there is only that.
    fn reading<T>(
        &self,
        operation: &'static str,
        read: impl FnOnce(&rusqlite::Connection) -> Result<T, connect::ReadFault>,
    ) -> Result<T, StoreError> {
        match &self.readers {
            Some(readers) => readers.read(operation, read),
            None => read(lock(&self.writer).connection()?).map_err(|fault| fault.during(operation)),
        }
    }
}

impl Store for Sqlite {
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        lock(&self.writer).prepare(views)
    }

    fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.reading("the list of tenants", reads::tenants)
    }

    fn head(&self, tenant: &TenantId) -> Result<Head, StoreError> {
        self.reading("the journal's head", |connection| {
            reads::head(connection, tenant)
        })
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        lock(&self.writer).commit(batch)?;
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.note(commit::pages(batch));
        }
        Ok(())
    }

    fn entries(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.reading("the journal's entries", |connection| {
            reads::entries(connection, tenant, after, limit)
        })
    }

    fn case_entries(&self, tenant: &TenantId, case: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.reading("a case's entries", |connection| {
            reads::case_entries(connection, tenant, case)
        })
    }

    fn cause(&self, tenant: &TenantId, cause: &str) -> Result<Option<i64>, StoreError> {
        self.reading("a cause", |connection| {
            reads::cause(connection, tenant, cause)
        })
    }

    fn snapshot(
        &self,
        tenant: &TenantId,
        shelf: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.reading("a snapshot", |connection| {
            reads::snapshot(connection, tenant, shelf, key)
        })
    }

    fn flushed(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        self.reading("the number of the last flush", |connection| {
            reads::flushed(connection, tenant)
        })
    }

    fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        lock(&self.writer).replace_view(tenant, view, rows)
    }

    fn view_rows(&self, tenant: &TenantId, view: &View) -> Result<Vec<Row>, StoreError> {
        self.reading("a view's rows", |connection| {
            reads::view_rows(connection, tenant, view)
        })
    }

    fn read(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError> {
        self.reading("a query", |connection| {
            reads::query(connection, sql, parameters)
        })
    }
}
