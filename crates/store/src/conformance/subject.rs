//! What the checks work on: a journal of made-up entries over a store, and two views.

use super::{Departure, Open, same};
use baton_journal::store::{Batch, Head, Store, StoreError, StoredEntry};
use baton_journal::{Change, Column, Datum, View, chain};
use baton_model::{Micros, TenantId};
use std::sync::Arc;

/// Rows with every kind of value.
pub(super) const ITEM: View = View {
    name: "conformance_item",
    version: 1,
    columns: &[
        Column::text("item"),
        Column::text("party"),
        Column::int("due"),
        Column::blob("body"),
    ],
    key: 1,
    indexes: &[&["party", "due"]],
};

/// Rows that are only a key, as those that say what a worker sees.
pub(super) const SIGHT: View = View {
    name: "conformance_sight",
    version: 1,
    columns: &[Column::text("worker"), Column::text("item")],
    key: 2,
    indexes: &[],
};

/// A tenant's journal as a shell sees it.
pub(super) struct Journal {
    pub(super) store: Box<dyn Store>,
    pub(super) tenant: TenantId,
    pub(super) head: Head,
}

impl Journal {
    /// The journal of a tenant in the database with this name, with both views.
    pub(super) fn open(open: Open<'_>, name: &str, tenant: &str) -> Result<Self, Departure> {
        let store = open(name)?;
        same("stale views", store.prepare(&[ITEM, SIGHT])?, Vec::new())?;
        let tenant = TenantId::new(tenant);
        let head = store.head(&tenant)?;
        Ok(Self {
            store,
            tenant,
            head,
        })
    }

    /// A batch of so many entries on the head, not committed.
    pub(super) fn batch(&self, count: i64) -> Batch {
        Self::batch_on(&self.tenant, &self.head, count)
    }

    /// The same on any head.
    pub(super) fn batch_on(tenant: &TenantId, base: &Head, count: i64) -> Batch {
        let mut entries = Vec::new();
        let mut chain = base.chain;
        for n in base.n + 1..=base.n + count {
            let entry = entry(tenant, &chain, n);
            chain = entry.chain;
            entries.push(entry);
        }
        Batch {
            tenant: tenant.clone(),
            base: base.clone(),
            entries,
            changes: Vec::new(),
            snapshots: Vec::new(),
            flushed: None,
        }
    }

    /// Commits a batch and goes on from its last entry.
    pub(super) fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)?;
        if let Some(last) = batch.entries.last() {
            self.head = Head {
                n: last.n,
                chain: last.chain,
                at: last.at,
            };
        }
        Ok(())
    }

    /// Commits one entry with these changes.
    pub(super) fn change(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        let mut batch = self.batch(1);
        batch.changes = changes;
        self.commit(&batch)
    }

    /// Checks that the database stands where this journal does.
    pub(super) fn unchanged(&self) -> Result<(), Departure> {
        same(
            "the head",
            self.store.head(&self.tenant)?,
            self.head.clone(),
        )?;
        let last = self.store.entries(&self.tenant, self.head.n, 9)?;
        same("entries past the head", last, Vec::new())
    }
}

/// An entry that touches one case, which it shares with every third.
fn entry(tenant: &TenantId, before: &[u8; 32], n: i64) -> StoredEntry {
    let bytes = format!("{tenant} {n} {}", "x".repeat(n as usize % 50 * 100)).into_bytes();
    StoredEntry {
        n,
        at: Micros(n * 1_000),
        cause: format!("cause {n}").into(),
        chain: chain::next(before, &bytes),
        bytes,
        cases: vec![format!("C-{}", n % 3).into()],
    }
}

/// A row of [`ITEM`].
pub(super) fn item(item: &str, party: &str, due: i64) -> Vec<Datum> {
    let body = Datum::Blob(vec![0, 159, 255]);
    vec![item.into(), party.into(), due.into(), body]
}

pub(super) fn put(view: &View, row: Vec<Datum>) -> Change {
    Change::Put {
        view: view.name,
        row,
    }
}

pub(super) fn delete(view: &View, key: &[&str]) -> Change {
    Change::Delete {
        view: view.name,
        key: key.iter().map(|part| Datum::from(*part)).collect(),
    }
}

/// The texts of a batch's cases, entry by entry, as they are read back.
pub(super) fn without_cases(entries: &[StoredEntry]) -> Vec<StoredEntry> {
    let mut entries = entries.to_vec();
    entries.iter_mut().for_each(|entry| entry.cases.clear());
    entries
}

/// A cause's text.
pub(super) fn cause(text: &str) -> Arc<str> {
    Arc::from(text)
}
