//! The tape: a store that passes everything on and notes the sizes of the rows each commit wrote.

use baton_journal::store::{Batch, Head, Row, Store, StoreError, StoredEntry};
use baton_journal::{Change, Datum, View};
use baton_model::TenantId;
use baton_store::sqlite::{RowSizes, Sqlite};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was written since the tape was last taken.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The sizes of the rows of each transaction: entries and rows of views.
    pub(super) transactions: Vec<RowSizes>,
    /// How many entries.
    pub(super) entries: usize,
    /// Their bytes.
    pub(super) entry_bytes: usize,
    /// How many rows of views, each counted once a transaction.
    pub(super) view_rows: usize,
}

/// A store and its tape.
#[derive(Debug)]
pub(super) struct Tape {
    store: Sqlite,
    /// How many columns of each view are its key.
    keys: Mutex<BTreeMap<&'static str, usize>>,
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
            keys: Mutex::default(),
            written: Mutex::default(),
        }
    }

    /// Takes what was noted; the tape begins anew.
    pub(super) fn take(&self) -> Written {
        std::mem::take(&mut lock(&self.written))
    }

    fn note(&self, batch: &Batch) {
        let entries: Vec<usize> = batch
            .entries
            .iter()
            .map(|entry| entry.bytes.len())
            .collect();
        let rows = self.rows(&batch.changes);
        let mut written = lock(&self.written);
        written.entries += entries.len();
        written.entry_bytes += entries.iter().sum::<usize>();
        written.view_rows += rows.len();
        written
            .transactions
            .push(entries.into_iter().chain(rows).collect());
    }

    /// The sizes of the rows that these changes come to: a key's last one counts.
    fn rows(&self, changes: &[Change]) -> Vec<usize> {
        let keys = lock(&self.keys);
        let mut last = BTreeMap::new();
        for change in changes {
            let (view, data, size) = match change {
                Change::Put { view, row } => (view, row, row.iter().map(size).sum()),
                Change::Delete { view, key } => (view, key, 0),
            };
            let key = keys
                .get(view)
                .copied()
                .unwrap_or(data.len())
                .min(data.len());
            last.insert((*view, &data[..key]), size);
        }
        last.into_values().filter(|size| *size > 0).collect()
    }
}

fn size(datum: &Datum) -> usize {
    match datum {
        Datum::Null => 0,
        Datum::Int(_) => 8,
        Datum::Text(text) => text.len(),
        Datum::Blob(bytes) => bytes.len(),
    }
}

impl Store for Tape {
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        lock(&self.keys).extend(views.iter().map(|view| (view.name, view.key)));
        self.store.prepare(views)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)?;
        self.note(batch);
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
