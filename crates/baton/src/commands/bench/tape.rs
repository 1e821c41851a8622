//! The tape: a store that passes everything on and keeps what each commit wrote, so that the same rows
//! can be written again without Baton.

use baton_journal::store::{Batch, Head, Row, Store, StoreError, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::TenantId;
use baton_store::sqlite::Sqlite;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most entries that are kept; what comes after is only counted.
const KEPT: usize = 30_000;

/// What was written since the tape was last taken.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The first transactions, with at most [`KEPT`] entries and a batch more.
    pub(super) batches: Vec<Batch>,
    /// The entries in them.
    pub(super) entries: usize,
}

/// A store and its tape.
#[derive(Debug)]
pub(super) struct Tape {
    store: Sqlite,
    views: Mutex<Vec<View>>,
    written: Mutex<Written>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tape {
    /// A tape over a store.
    pub(super) fn over(store: Sqlite) -> Self {
        Self {
            store,
            views: Mutex::default(),
            written: Mutex::default(),
        }
    }

    /// Takes what was kept; the tape begins anew.
    pub(super) fn take(&self) -> Written {
        std::mem::take(&mut lock(&self.written))
    }

    /// The views that are written.
    pub(super) fn views(&self) -> Vec<View> {
        lock(&self.views).clone()
    }

    fn keep(&self, batch: &Batch) {
        let mut written = lock(&self.written);
        if written.entries < KEPT {
            written.entries += batch.entries.len();
            written.batches.push(batch.clone());
        }
    }
}

impl Store for Tape {
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        lock(&self.views).extend_from_slice(views);
        self.store.prepare(views)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)?;
        self.keep(batch);
        Ok(())
    }

    fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.store.tenants()
    }

    fn head(&self, tenant: &TenantId) -> Result<Head, StoreError> {
        self.store.head(tenant)
    }

    fn entries(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.store.entries(tenant, after, limit)
    }

    fn case_entries(&self, tenant: &TenantId, case: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.store.case_entries(tenant, case)
    }

    fn cause(&self, tenant: &TenantId, cause: &str) -> Result<Option<i64>, StoreError> {
        self.store.cause(tenant, cause)
    }

    fn snapshot(
        &self,
        tenant: &TenantId,
        shelf: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.snapshot(tenant, shelf, key)
    }

    fn flushed(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        self.store.flushed(tenant)
    }

    fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        self.store.replace_view(tenant, view, rows)
    }

    fn view_rows(&self, tenant: &TenantId, view: &View) -> Result<Vec<Row>, StoreError> {
        self.store.view_rows(tenant, view)
    }

    fn read(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError> {
        self.store.read(sql, parameters)
    }
}
