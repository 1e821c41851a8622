//! Writing: a batch goes in whole, in one transaction on the head it was decided on, or not at all.
//!
//! After a failed write the connection is closed and the next write opens another, so a full disk
//! that was cleared needs no restart.

use super::connect::{Place, write_error};
use super::insert::Insert;
use super::values::Bound;
use super::{reads, schema};
use baton_journal::slots::Snapshot;
use baton_journal::store::{Batch, Row, StoreError, StoredEntry};
use baton_journal::{Change, Datum, View};
use baton_model::TenantId;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior, params_from_iter};
use std::collections::{BTreeMap, HashMap};

const BATCH: &str = "a batch";

/// As many pages as SQLite can number.
pub(super) const MOST_PAGES: u32 = u32::MAX - 1;

/// The one who writes.
#[derive(Debug)]
pub(super) struct Writer {
    place: Place,
    connection: Option<Connection>,
    /// How many pages the database may have.
    most_pages: u32,
    tables: Tables,
}

/// How rows of each table are written.
#[derive(Debug)]
struct Tables {
    entry: Insert,
    entry_case: Insert,
    snapshot: Insert,
    views: HashMap<&'static str, ViewTable>,
}

#[derive(Debug)]
struct ViewTable {
    view: View,
    put: Insert,
    delete: String,
}

/// The last change of each key of each view: the row, or nothing where it is deleted.
type Rows<'a> = BTreeMap<&'static str, BTreeMap<&'a [Datum], Option<&'a [Datum]>>>;

impl Writer {
    /// Opens the database, so that a wrong path is found at the start.
    pub(super) fn open(place: Place) -> Result<Self, StoreError> {
        let mut writer = Self {
            place,
            connection: None,
            most_pages: MOST_PAGES,
            tables: Tables::new(),
        };
        writer.connection()?;
        Ok(writer)
    }

    /// The connection; a new one after a failed write.
    pub(super) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        if self.connection.is_none() {
            let failed = |error| write_error("the database", &error);
            let opened = self.place.writer().map_err(failed)?;
            limit(&opened, self.most_pages).map_err(failed)?;
            self.connection = Some(opened);
        }
        self.connection.as_mut().ok_or(StoreError::Write {
            operation: "the database",
            reason: "there is no connection".into(),
        })
    }

    /// Limits the database's pages, for this connection and those after it.
    pub(super) fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        self.most_pages = pages;
        limit(self.connection()?, pages).map_err(|error| write_error("the database", &error))
    }

    pub(super) fn prepare(&mut self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        let stale = schema::prepare(self.connection()?, views)?;
        for view in views {
            self.tables.views.insert(view.name, ViewTable::new(view));
        }
        Ok(stale)
    }

    pub(super) fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        check_numbers(batch)?;
        let rows = self.tables.last_changes(&batch.changes)?;
        self.writing(|connection, tables| commit(connection, tables, batch, &rows))
    }

    pub(super) fn replace_view(
        &mut self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        self.writing(|connection, _| {
            let failed = |error| write_error("a rebuilt view", &error);
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(failed)?;
            replace(&transaction, tenant, view, rows).map_err(failed)?;
            transaction.commit().map_err(failed)
        })
    }

    /// Runs a write; after a failed one the next begins on a fresh connection.
    fn writing<T>(
        &mut self,
        write: impl FnOnce(&mut Connection, &Tables) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.connection()?;
        let Some(connection) = &mut self.connection else {
            return Err(StoreError::Write {
                operation: "the database",
                reason: "there is no connection".into(),
            });
        };
        let written = write(connection, &self.tables);
        let failed = matches!(written, Err(StoreError::Write { .. }));
        if failed && matches!(self.place, Place::File(_)) {
            self.connection = None;
        }
        written
    }
}

fn limit(connection: &Connection, pages: u32) -> rusqlite::Result<()> {
    connection.pragma_update(None, "max_page_count", pages)
}

impl Tables {
    fn new() -> Self {
        let over = " on conflict (tenant, shelf, slot) do update set bytes = excluded.bytes";
        Self {
            entry: Insert::new("entry", &["n", "at", "cause", "bytes", "chain"], ""),
            entry_case: Insert::new("entry_case", &["case_id", "n"], ""),
            snapshot: Insert::new("snapshot", &["shelf", "slot", "bytes"], over),
            views: HashMap::new(),
        }
    }

    /// Folds the changes: whole rows, so that only the last one of a key counts.
    fn last_changes<'a>(&self, changes: &'a [Change]) -> Result<Rows<'a>, StoreError> {
        let mut last = Rows::new();
        for change in changes {
            let (name, data, put) = match change {
                Change::Put { view, row } => (*view, row.as_slice(), true),
                Change::Delete { view, key } => (*view, key.as_slice(), false),
            };
            let view = self.views.get(name).map(|table| &table.view);
            let (key, row) = keyed(view, data, put).ok_or_else(|| misfit(name, data.len()))?;
            last.entry(name).or_default().insert(key, row);
        }
        Ok(last)
    }
}

impl ViewTable {
    fn new(view: &View) -> Self {
        let key: Vec<String> = view.columns[..view.key]
            .iter()
            .zip(2..)
            .map(|(column, number)| format!(" and {} = ${number}", column.name))
            .collect();
        Self {
            view: *view,
            put: Insert::over(view),
            delete: format!(
                "delete from {} where tenant = $1{}",
                view.name,
                key.concat()
            ),
        }
    }
}

/// A change's key, and its row if it has one; nothing where it does not fit the view.
fn keyed<'a>(
    view: Option<&View>,
    data: &'a [Datum],
    put: bool,
) -> Option<(&'a [Datum], Option<&'a [Datum]>)> {
    let view = view?;
    let width = if put { view.columns.len() } else { view.key };
    (data.len() == width).then(|| (&data[..view.key], put.then_some(data)))
}

fn misfit(view: &str, width: usize) -> StoreError {
    StoreError::Unsound {
        operation: BATCH,
        reason: format!("a change with {width} values fits no prepared view `{view}`"),
    }
}

/// The numbers go on from the head without a gap.
fn check_numbers(batch: &Batch) -> Result<(), StoreError> {
    for (entry, expected) in batch.entries.iter().zip(batch.base.n + 1..) {
        if entry.n != expected {
            return Err(StoreError::Unsound {
                operation: BATCH,
                reason: format!("entry {} stands in the place of {expected}", entry.n),
            });
        }
    }
    Ok(())
}

fn commit(
    connection: &mut Connection,
    tables: &Tables,
    batch: &Batch,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    let failed = |error| write_error(BATCH, &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    if !move_head(&transaction, tables, batch).map_err(failed)? {
        let found =
            reads::head(&transaction, &batch.tenant).map_err(|fault| fault.during(BATCH))?;
        return Err(StoreError::HeadMoved {
            expected: batch.base.n,
            found: found.n,
        });
    }
    if let Err(error) = write_entries(&transaction, tables, batch) {
        drop(transaction);
        return Err(refused_entry(connection, batch, &error));
    }
    write_rows(&transaction, tables, batch.tenant.as_str(), rows).map_err(failed)?;
    write_slots(&transaction, tables, batch).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Moves the head from the one the batch was decided on; false if it is not there.
fn move_head(
    transaction: &Transaction<'_>,
    tables: &Tables,
    batch: &Batch,
) -> rusqlite::Result<bool> {
    let tenant = batch.tenant.as_str();
    let last = batch.entries.last();
    let (n, chain, at) = last.map_or((batch.base.n, batch.base.chain, batch.base.at), |entry| {
        (entry.n, entry.chain, entry.at)
    });
    let moved = transaction
        .prepare_cached(
            "update head set n = $1, chain = $2, at = $3
             where tenant = $4 and n = $5 and chain = $6",
        )?
        .execute((n, chain, at.0, tenant, batch.base.n, batch.base.chain))?;
    if moved == 1 || batch.base.n != 0 {
        return Ok(moved == 1);
    }
    let begun = transaction.execute(
        "insert into head (tenant, n, chain, at) values ($1, $2, $3, $4)
         on conflict (tenant) do nothing",
        (tenant, n, chain, at.0),
    )?;
    if begun == 1 {
        for table in tables.views.values() {
            note_version(transaction, tenant, &table.view)?;
        }
    }
    Ok(begun == 1)
}

fn write_entries(
    transaction: &Transaction<'_>,
    tables: &Tables,
    batch: &Batch,
) -> rusqlite::Result<()> {
    let tenant = batch.tenant.as_str();
    let entries = &batch.entries;
    tables
        .entry
        .run(transaction, tenant, entries, |entry, row| {
            row.push(entry.n)?;
            row.push(entry.at.0)?;
            row.push(&*entry.cause)?;
            row.push(&entry.bytes)?;
            row.push(entry.chain)
        })?;
    let cases: Vec<(&str, i64)> = entries.iter().flat_map(touched).collect();
    tables
        .entry_case
        .run(transaction, tenant, &cases, |(case, n), row| {
            row.push(*case)?;
            row.push(*n)
        })
}

fn touched(entry: &StoredEntry) -> impl Iterator<Item = (&str, i64)> {
    entry.cases.iter().map(|case| (&**case, entry.n))
}

/// Why the entries were refused: a cause that is already there, or the disk.
fn refused_entry(connection: &Connection, batch: &Batch, error: &rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return write_error(BATCH, error);
    }
    let known = batch.entries.iter().find(|entry| {
        matches!(
            reads::cause(connection, &batch.tenant, &entry.cause),
            Ok(Some(_))
        )
    });
    match known {
        Some(entry) => StoreError::CauseKnown {
            cause: entry.cause.to_string(),
        },
        None => StoreError::Unsound {
            operation: BATCH,
            reason: error.to_string(),
        },
    }
}

fn write_rows(
    transaction: &Transaction<'_>,
    tables: &Tables,
    tenant: &str,
    views: &Rows<'_>,
) -> rusqlite::Result<()> {
    for (name, rows) in views {
        let Some(table) = tables.views.get(name) else {
            continue;
        };
        let puts: Vec<&[Datum]> = rows.values().flatten().copied().collect();
        table.put.run(transaction, tenant, &puts, |data, row| {
            data.iter().try_for_each(|datum| row.push(Bound(datum)))
        })?;
        let mut delete = transaction.prepare_cached(&table.delete)?;
        for (key, _) in rows.iter().filter(|(_, row)| row.is_none()) {
            let tenant = Datum::from(tenant);
            delete.execute(params_from_iter(
                std::iter::once(&tenant).chain(*key).map(Bound),
            ))?;
        }
    }
    Ok(())
}

fn write_slots(
    transaction: &Transaction<'_>,
    tables: &Tables,
    batch: &Batch,
) -> rusqlite::Result<()> {
    let tenant = batch.tenant.as_str();
    let slots = batch
        .snapshots
        .iter()
        .map(|slot| (slot, slot.key.to_string()));
    let (kept, gone): (Vec<_>, Vec<_>) = slots.partition(|(slot, _)| slot.bytes.is_some());
    tables.snapshot.run(
        transaction,
        tenant,
        &kept,
        |slot: &(&Snapshot, String), row| {
            row.push(slot.0.shelf)?;
            row.push(&slot.1)?;
            row.push(&slot.0.bytes)
        },
    )?;
    for (slot, key) in gone {
        let text = "delete from snapshot where tenant = $1 and shelf = $2 and slot = $3";
        transaction
            .prepare_cached(text)?
            .execute((tenant, slot.shelf, key))?;
    }
    if let Some(flushed) = batch.flushed {
        transaction.execute(
            "insert into flushed (tenant, n) values ($1, $2)
             on conflict (tenant) do update set n = excluded.n",
            (tenant, flushed),
        )?;
    }
    Ok(())
}

fn replace(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    view: &View,
    rows: &mut dyn Iterator<Item = Row>,
) -> rusqlite::Result<()> {
    let tenant = tenant.as_str();
    let text = format!("delete from {} where tenant = $1", view.name);
    transaction.execute(&text, [tenant])?;
    let put = Insert::over(view);
    for row in rows {
        put.run(transaction, tenant, &[row], |data, row| {
            data.iter().try_for_each(|datum| row.push(Bound(datum)))
        })?;
    }
    note_version(transaction, tenant, view)
}

/// Notes under which version a tenant's rows of a view were written.
fn note_version(transaction: &Transaction<'_>, tenant: &str, view: &View) -> rusqlite::Result<()> {
    transaction
        .execute(
            "insert into view_version (tenant, view_name, version) values ($1, $2, $3)
             on conflict (tenant, view_name) do update set version = excluded.version",
            (tenant, view.name, view.version),
        )
        .map(|_| ())
}

/// About how many pages a batch changes, for those who look after the write-ahead log.
pub(super) fn pages(batch: &Batch) -> u64 {
    let bytes: usize = batch.entries.iter().map(|entry| entry.bytes.len()).sum();
    let rows = batch.entries.len() + batch.changes.len() / 2 + batch.snapshots.len();
    (4 + bytes / 4_096 + rows) as u64
}
