//! Rows of tables: the text that writes many rows of one at once, and what a batch comes to.
//!
//! Each column of the rows is bound as one array. A batch thus takes one statement a table, however many
//! rows it has, and they all go to the server in one journey.

use super::values::{List, kept, place};
use crate::batches::{self, BATCH, Rows};
use baton_journal::slots::Snapshot;
use baton_journal::store::{Batch, StoreError, StoredEntry};
use baton_journal::{Change, Column, Datum, View};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// How rows of each table are written.
#[derive(Debug)]
pub(super) struct Tables {
    entry: String,
    entry_case: String,
    snapshot: String,
    no_snapshot: String,
    flushed: String,
    view_version: String,
    views: HashMap<&'static str, ViewTable>,
}

#[derive(Debug)]
struct ViewTable {
    view: View,
    put: String,
    delete: String,
}

/// One statement over many rows: its text, whose `$1` is the tenant, and the columns behind it.
pub(super) struct Write<'a> {
    pub(super) text: &'a str,
    pub(super) lists: Vec<List<'a>>,
}

impl Tables {
    pub(super) fn new() -> Self {
        let entry = [
            Column::int("n"),
            Column::int("at"),
            Column::text("cause"),
            Column::blob("bytes"),
            Column::blob("chain"),
        ];
        let snapshot = [
            Column::text("shelf"),
            Column::blob("place"),
            Column::text("slot"),
            Column::blob("bytes"),
        ];
        let version = [Column::text("view_name"), Column::int("version")];
        Self {
            entry: insert("entry", &entry, ""),
            entry_case: insert(
                "entry_case",
                &[Column::text("case_id"), Column::int("n")],
                "",
            ),
            snapshot: insert("snapshot", &snapshot, &over(&snapshot, 2)),
            no_snapshot: delete("snapshot", &snapshot[..2]),
            flushed: insert(
                "flushed",
                &[Column::int("n")],
                &over(&[Column::int("n")], 0),
            ),
            view_version: insert("view_version", &version, &over(&version, 1)),
            views: HashMap::new(),
        }
    }

    /// Those of these views alone.
    pub(super) fn of(views: &[View]) -> Self {
        let mut tables = Self::new();
        views.iter().for_each(|view| tables.add(view));
        tables
    }

    /// Makes a view known.
    pub(super) fn add(&mut self, view: &View) {
        self.views.insert(view.name, ViewTable::new(view));
    }

    /// What a batch writes beside the head, in order.
    pub(super) fn writes<'a>(&'a self, batch: &'a Batch) -> Result<Vec<Write<'a>>, StoreError> {
        batches::check_numbers(batch)?;
        let rows = self.last_changes(&batch.changes)?;
        let mut writes = Vec::new();
        if !batch.entries.is_empty() {
            writes.extend([self.entries(&batch.entries), self.cases(&batch.entries)]);
        }
        for (name, rows) in rows {
            if let Some(table) = self.views.get(name) {
                writes.extend(table.writes(rows)?);
            }
        }
        writes.extend(self.slots(&batch.snapshots));
        writes.extend(batch.flushed.map(|n| Write {
            text: &self.flushed,
            lists: vec![List::ints([n].into_iter())],
        }));
        Ok(writes)
    }

    /// Notes that a tenant's rows are written under the views' versions.
    pub(super) fn versions(&self) -> Write<'_> {
        let views = || self.views.values().map(|table| &table.view);
        Write {
            text: &self.view_version,
            lists: vec![
                List::texts(views().map(|view| view.name)),
                List::ints(views().map(|view| i64::from(view.version))),
            ],
        }
    }

    fn last_changes<'a>(&self, changes: &'a [Change]) -> Result<Rows<'a>, StoreError> {
        let declared = |name: &str| self.views.get(name).map(|table| &table.view);
        batches::last_changes(changes, declared)
    }

    fn entries<'a>(&'a self, entries: &'a [StoredEntry]) -> Write<'a> {
        Write {
            text: &self.entry,
            lists: vec![
                List::ints(entries.iter().map(|entry| entry.n)),
                List::ints(entries.iter().map(|entry| entry.at.0)),
                List::texts(entries.iter().map(|entry| &*entry.cause)),
                List::blobs(entries.iter().map(|entry| entry.bytes.as_slice())),
                List::blobs(entries.iter().map(|entry| entry.chain.as_slice())),
            ],
        }
    }

    fn cases<'a>(&'a self, entries: &'a [StoredEntry]) -> Write<'a> {
        let touched = || {
            let of = |entry: &'a StoredEntry| entry.cases.iter().map(|case| (&**case, entry.n));
            entries.iter().flat_map(of)
        };
        Write {
            text: &self.entry_case,
            lists: vec![
                List::texts(touched().map(|(case, _)| case)),
                List::ints(touched().map(|(_, n)| n)),
            ],
        }
    }

    fn slots<'a>(&'a self, snapshots: &'a [Snapshot]) -> impl Iterator<Item = Write<'a>> {
        let last: BTreeMap<(&str, String), Option<&[u8]>> = snapshots
            .iter()
            .map(|slot| ((slot.shelf, slot.key.to_string()), slot.bytes.as_deref()))
            .collect();
        let (put, gone): (Vec<_>, Vec<_>) = last.iter().partition(|(_, bytes)| bytes.is_some());
        let [put, gone] = [put, gone].map(|slots| (!slots.is_empty()).then_some(slots));
        let put = put.map(|slots| Write {
            text: &self.snapshot,
            lists: places(&slots)
                .chain([keys(&slots), contents(&slots)])
                .collect(),
        });
        let gone = gone.map(|slots| Write {
            text: &self.no_snapshot,
            lists: places(&slots).collect(),
        });
        put.into_iter().chain(gone)
    }
}

/// A slot's shelf, key, and bytes where it has some.
type Slot<'s, 'a> = (&'s (&'a str, String), &'s Option<&'a [u8]>);

/// The columns of the slots' key.
fn places<'a>(slots: &[Slot<'_, 'a>]) -> impl Iterator<Item = List<'a>> {
    let shelves = slots
        .iter()
        .map(|((shelf, _), _)| Some(Cow::Borrowed(*shelf)));
    let places = slots
        .iter()
        .map(|((_, key), _)| Some(Cow::Owned(place(key))));
    [List::Text(shelves.collect()), List::Blob(places.collect())].into_iter()
}

fn keys<'a>(slots: &[Slot<'_, 'a>]) -> List<'a> {
    let keys = slots
        .iter()
        .map(|((_, key), _)| Some(Cow::Owned(kept(key).into_owned())));
    List::Text(keys.collect())
}

fn contents<'a>(slots: &[Slot<'_, 'a>]) -> List<'a> {
    List::blobs(slots.iter().filter_map(|(_, bytes)| **bytes))
}

impl ViewTable {
    fn new(view: &View) -> Self {
        Self {
            view: *view,
            put: put(view),
            delete: delete(view.name, &view.columns[..view.key]),
        }
    }

    fn writes<'a>(
        &'a self,
        rows: BTreeMap<&'a [Datum], Option<&'a [Datum]>>,
    ) -> Result<Vec<Write<'a>>, StoreError> {
        let (put, gone): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| row.is_some());
        let mut writes = Vec::new();
        if !put.is_empty() {
            let rows = put.into_iter().filter_map(|(_, row)| row);
            writes.push(Write {
                text: &self.put,
                lists: columns(&self.view, self.view.columns, rows)?,
            });
        }
        if !gone.is_empty() {
            let keys = gone.into_iter().map(|(key, _)| key);
            writes.push(Write {
                text: &self.delete,
                lists: columns(&self.view, &self.view.columns[..self.view.key], keys)?,
            });
        }
        Ok(writes)
    }
}

/// Rows turned into columns.
pub(super) fn columns<'a>(
    view: &View,
    declared: &[Column],
    rows: impl Iterator<Item = &'a [Datum]>,
) -> Result<Vec<List<'a>>, StoreError> {
    let mut lists: Vec<List<'a>> = declared
        .iter()
        .map(|column| List::new(column.kind))
        .collect();
    for row in rows {
        for ((list, datum), column) in lists.iter_mut().zip(row).zip(declared) {
            if !list.push(datum) {
                return Err(misfit(view, column));
            }
        }
    }
    Ok(lists)
}

fn misfit(view: &View, column: &Column) -> StoreError {
    let (view, column, kind) = (view.name, column.name, column.kind);
    StoreError::Unsound {
        operation: BATCH,
        reason: format!("a value of `{view}.{column}` is no {kind:?}"),
    }
}

/// The text that writes whole rows of a view over those with the same keys.
pub(super) fn put(view: &View) -> String {
    insert(view.name, view.columns, &over(view.columns, view.key))
}

/// The text that notes under which version a tenant's rows of views are written.
pub(super) fn insert(table: &str, columns: &[Column], conflict: &str) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let (names, arrays) = (names.join(", "), arrays(columns));
    format!(
        "insert into {table} (tenant, {names}) select $1::text, u.* from unnest({arrays}) u{conflict}"
    )
}

/// What follows an insert: a row with the same key is written over.
fn over(columns: &[Column], key: usize) -> String {
    let (key, rest) = columns.split_at(key);
    let key: Vec<&str> = std::iter::once("tenant")
        .chain(key.iter().map(|column| column.name))
        .collect();
    let set = |column: &Column| format!("{0} = excluded.{0}", column.name);
    let set: Vec<String> = rest.iter().map(set).collect();
    let action = if set.is_empty() {
        "do nothing".to_owned()
    } else {
        format!("do update set {}", set.join(", "))
    };
    format!(" on conflict ({}) {action}", key.join(", "))
}

fn delete(table: &str, key: &[Column]) -> String {
    let names: Vec<&str> = key.iter().map(|column| column.name).collect();
    let of_tenant = format!("delete from {table} where tenant = $1::text");
    if names.is_empty() {
        return of_tenant;
    }
    let (names, arrays) = (names.join(", "), arrays(key));
    format!("{of_tenant} and ({names}) in (select u.* from unnest({arrays}) u)")
}

/// The arrays of the columns, from `$2` on.
fn arrays(columns: &[Column]) -> String {
    let numbered = columns.iter().zip(2..);
    let arrays: Vec<String> = numbered
        .map(|(column, number)| format!("${number}::{}", List::cast(column.kind)))
        .collect();
    arrays.join(", ")
}
