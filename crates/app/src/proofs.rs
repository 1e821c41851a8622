//! Proofs over a tenant's journal: chain, tree and checkpoints by `audit`, and the views and the index of
//! cases by folding the journal again and comparing every row; and the proof of one case. It needs no
//! keys and writes nothing, save for [`rebuild_stale`], which replaces views whose declaration changed.

pub use baton_audit::{CaseProof, ProofError};
use baton_audit::{Finding, Verification};
use baton_journal::checkpoint::SignedCheckpoint;
use baton_journal::store::{Row, Store, StoreError, StoredEntry};
use baton_journal::tree::{Tree, leaf, verify_inclusion};
use baton_journal::{Datum, Entry, Event, View, chain};
use baton_model::{CaseId, TenantId};
use baton_relay::{Rows, rebuild, views};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many entries are read at once.
const PAGE: usize = 1_000;

/// A journal's stored entries in order, read page by page.
pub struct Pages<'a> {
    store: &'a Arc<dyn Store>,
    tenant: &'a TenantId,
    page: std::vec::IntoIter<StoredEntry>,
    after: i64,
}

impl<'a> Pages<'a> {
    /// All entries of a tenant.
    pub fn of(store: &'a Arc<dyn Store>, tenant: &'a TenantId) -> Self {
        Self {
            store,
            tenant,
            page: Vec::new().into_iter(),
            after: 0,
        }
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<StoredEntry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 {
            match self.store.entries(self.tenant, self.after, PAGE) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        let entry = self.page.next()?;
        self.after = entry.n;
        Some(Ok(entry))
    }
}

/// What comparing a view with the journal gave.
#[derive(Clone, Debug)]
pub struct ViewCheck {
    /// The view.
    pub view: &'static str,
    /// How many rows the journal gives.
    pub rows: usize,
    /// The keys of rows that differ, are missing or are too many.
    pub different: Vec<String>,
}

/// What verifying a tenant gave.
#[derive(Debug)]
pub struct Report {
    /// The tenant.
    pub tenant: TenantId,
    /// Chain, tree and checkpoints.
    pub journal: Verification,
    /// The index of cases, then the views.
    pub views: Vec<ViewCheck>,
}

impl Report {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.journal.findings.is_empty() && self.views.iter().all(|view| view.different.is_empty())
    }

    /// What does not hold in the journal itself.
    pub fn findings(&self) -> &[Finding] {
        &self.journal.findings
    }
}

/// Verifies a tenant: its journal against itself and against checkpoints kept elsewhere, and its views
/// against its journal. `progress` is told how many entries were read.
pub fn verify(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    checkpoints: &[SignedCheckpoint],
    progress: &dyn Fn(i64),
) -> Result<Report, StoreError> {
    let head = store.head(tenant)?;
    let entries = Pages::of(store, tenant).inspect(|entry| {
        if let Ok(entry) = entry {
            progress(entry.n);
        }
    });
    let journal = baton_audit::verify(tenant, &head, entries, checkpoints)?;
    let views = if journal.findings.is_empty() {
        compare(store, tenant)?
    } else {
        Vec::new()
    };
    Ok(Report {
        tenant: tenant.clone(),
        journal,
        views,
    })
}

fn compare(store: &Arc<dyn Store>, tenant: &TenantId) -> Result<Vec<ViewCheck>, StoreError> {
    let mut index = BTreeSet::new();
    let rows = rows(store, tenant, |entry| {
        let of = entry.cases().into_iter();
        index.extend(of.map(|case| (case, entry.n)));
    })?;
    let mut checks = vec![compare_index(store, tenant, &index)?];
    for view in &views() {
        checks.push(compare_view(store, tenant, view, &rows)?);
    }
    Ok(checks)
}

const INDEX: &str = "select case_id, n from entry_case where tenant = $1";

/// The index of cases, by which a case's history is found, against the entries' own events.
fn compare_index(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    expected: &BTreeSet<(Arc<str>, i64)>,
) -> Result<ViewCheck, StoreError> {
    let rows = store.read(INDEX, &[tenant.as_str().into()])?;
    let pair = |row: &Row| {
        let case = row.first().and_then(Datum::text).unwrap_or_default();
        (
            Arc::from(case),
            row.get(1).map(Datum::int).unwrap_or_default(),
        )
    };
    let found: BTreeSet<(Arc<str>, i64)> = rows.iter().map(pair).collect();
    let spelt = |(case, n): &(Arc<str>, i64)| format!("{case}/{n}");
    Ok(ViewCheck {
        view: "entry_case",
        rows: expected.len(),
        different: found.symmetric_difference(expected).map(spelt).collect(),
    })
}

fn compare_view(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    view: &View,
    rows: &Rows,
) -> Result<ViewCheck, StoreError> {
    let none = BTreeMap::new();
    let expected = rows.get(view.name).unwrap_or(&none);
    let mut different = Vec::new();
    let mut seen = 0;
    for row in store.view_rows(tenant, view)? {
        seen += 1;
        let key = row[..view.key].to_vec();
        if expected.get(&key) != Some(&row) {
            different.push(spell(&key));
        }
    }
    if different.is_empty() && seen < expected.len() {
        different.push(format!("{} rows are missing", expected.len() - seen));
    }
    Ok(ViewCheck {
        view: view.name,
        rows: expected.len(),
        different,
    })
}

fn spell(key: &[Datum]) -> String {
    let parts = key.iter().map(|datum| match datum {
        Datum::Int(value) => value.to_string(),
        Datum::Text(text) => text.to_string(),
        Datum::Null => "null".into(),
        Datum::Blob(bytes) => crate::hex(bytes),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The rows of all views as the journal gives them; each entry is shown in passing.
fn rows(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    mut passing: impl FnMut(&Entry),
) -> Result<Rows, StoreError> {
    rebuild(Pages::of(store, tenant).map(|stored| {
        let entry = entry_of(&stored?)?;
        passing(&entry);
        Ok(entry)
    }))
}

fn entry_of(stored: &StoredEntry) -> Result<Entry, StoreError> {
    Entry::from_bytes(&stored.bytes).map_err(|error| StoreError::Read {
        operation: "an entry",
        reason: error.to_string(),
    })
}

/// The proof of a case's entries, by a checkpoint over the journal they stand in. The entries are looked
/// for in the whole journal, not in the index of cases.
///
/// # Errors
/// If the journal cannot be read, there is no such case, or an entry is newer than the checkpoint.
pub fn prove(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    case: &CaseId,
    checkpoint: &SignedCheckpoint,
) -> Result<CaseProof, ProveError> {
    let (mut tree, mut entries) = (Tree::default(), Vec::new());
    for stored in Pages::of(store, tenant) {
        let stored = stored?;
        tree.push(leaf(&stored.bytes));
        let entry = entry_of(&stored)?;
        let mut events = entry.events.iter();
        let founding = events.any(|event| matches!(event, Event::TenantFounded { .. }));
        let of_case = entry.cases().iter().any(|of| **of == *case.as_str());
        if of_case || founding {
            entries.push(stored);
        }
    }
    Ok(CaseProof::new(tenant, case, &entries, &tree, checkpoint)?)
}

/// Why a case cannot be proved.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The journal cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to prove, or the checkpoint does not reach it.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// Rebuilds the views whose declaration changed, for every tenant.
pub fn rebuild_stale(store: &Arc<dyn Store>, stale: &[&'static str]) -> Result<(), StoreError> {
    if stale.is_empty() {
        return Ok(());
    }
    for tenant in store.tenants()? {
        let mut rows = rows(store, &tenant, |_| ())?;
        for view in views().iter().filter(|view| stale.contains(&view.name)) {
            let rows = rows.remove(view.name).unwrap_or_default();
            store.replace_view(&tenant, view, &mut rows.into_values())?;
            tracing::info!(tenant = %tenant, view = view.name, "view rebuilt from the journal");
        }
    }
    Ok(())
}

/// An entry's place in the tree, and whether it fits there.
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// How many entries the tree has.
    pub size: i64,
    /// The tree's root, in hex.
    pub root: String,
    /// The hashes that lead from the entry to the root, lowest first, in hex.
    pub path: Vec<String>,
    /// Whether the entry's bytes and the chain before give the chain after.
    pub chained: bool,
    /// Whether both the chain and the path hold.
    pub holds: bool,
}

/// Proves one entry against the whole journal.
pub fn inclusion(
    store: &Arc<dyn Store>,
    tenant: &TenantId,
    n: i64,
) -> Result<Inclusion, StoreError> {
    let (mut tree, mut before, mut chained, mut own) = (Tree::default(), [0; 32], false, [0; 32]);
    for entry in Pages::of(store, tenant) {
        let entry = entry?;
        let hash = leaf(&entry.bytes);
        tree.push(hash);
        if entry.n == n {
            chained = chain::next(&before, &entry.bytes) == entry.chain;
            own = hash;
        }
        before = entry.chain;
    }
    let size = tree.size();
    let index = n.unsigned_abs().saturating_sub(1);
    let root = tree.root(size).unwrap_or_default();
    let path = tree.inclusion(index, size).unwrap_or_default();
    let included = verify_inclusion(&own, index, size, &path, &root);
    Ok(Inclusion {
        size: i64::try_from(size).unwrap_or(i64::MAX),
        root: crate::hex(&root),
        path: path.iter().map(|hash| crate::hex(hash)).collect(),
        chained,
        holds: chained && included,
    })
}
