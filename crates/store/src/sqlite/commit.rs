//! The commit: a batch goes in whole, in one transaction on the head it was decided on, or not at all.

use super::connect::write_error;
use super::reads;
use super::tables::{self, Rows, Tables};
use crate::batches::{BATCH, check_numbers};
use baton_journal::store::{Batch, StoreError, StoredEntry};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

/// Commits a batch; see the port.
pub(super) fn commit(
    connection: &mut Connection,
    tables: &Tables,
    batch: &Batch,
    rows: &Rows<'_>,
) -> Result<(), StoreError> {
    check_numbers(batch)?;
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
    tables::write(&transaction, tables, batch.tenant.as_str(), rows)
        .map_err(|error| refused(&error))?;
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
    if batch.entries.is_empty() {
        let text = "select not exists (select 1 from head where tenant = $1)";
        return transaction.query_row(text, [tenant], |row| row.get(0));
    }
    let begun = transaction.execute(
        "insert into head (tenant, n, chain, at) values ($1, $2, $3, $4)
         on conflict (tenant) do nothing",
        (tenant, n, chain, at.0),
    )?;
    if begun == 1 {
        tables.note_versions(transaction, tenant)?;
    }
    Ok(begun == 1)
}

/// Writes the entries and the index of their cases.
pub(super) fn write_entries(
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
    let cases = entries.iter().flat_map(touched);
    tables
        .entry_case
        .run(transaction, tenant, cases, |(case, n), row| {
            row.push(case)?;
            row.push(n)
        })
}

fn touched(entry: &StoredEntry) -> impl Iterator<Item = (&str, i64)> {
    entry.cases.iter().map(|case| (&**case, entry.n))
}

/// Why the entries were refused: a cause that is already there, or the disk.
fn refused_entry(connection: &Connection, batch: &Batch, error: &rusqlite::Error) -> StoreError {
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
        None => refused(error),
    }
}

/// A row that breaks its table's rules is a fault of the caller; all else is the disk's.
fn refused(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => StoreError::Unsound {
            operation: BATCH,
            reason: error.to_string(),
        },
        _ => write_error(BATCH, error),
    }
}

/// Writes the slots that are kept.
pub(super) fn write_slots(
    transaction: &Transaction<'_>,
    tables: &Tables,
    batch: &Batch,
) -> rusqlite::Result<()> {
    let tenant = batch.tenant.as_str();
    let kept = batch.snapshots.iter().filter(|slot| slot.bytes.is_some());
    tables
        .snapshot
        .run(transaction, tenant, kept, |slot, row| {
            row.push(slot.shelf)?;
            row.push(slot.key.to_string())?;
            row.push(&slot.bytes)
        })?;
    let text = "delete from snapshot where tenant = $1 and shelf = $2 and slot = $3";
    let mut delete = transaction.prepare_cached(text)?;
    for slot in batch.snapshots.iter().filter(|slot| slot.bytes.is_none()) {
        delete.execute((tenant, slot.shelf, slot.key.to_string()))?;
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

/// About how many pages a batch changes, for those who look after the write-ahead log: a row changes a
/// page of its table and of each of its indexes, and rows beside each other share them.
pub(super) fn pages(batch: &Batch) -> u64 {
    let bytes: usize = batch.entries.iter().map(|entry| entry.bytes.len()).sum();
    let rows = batch.entries.len() + batch.changes.len() / 2 + batch.snapshots.len();
    (8 + bytes / 4_096 + 2 * rows) as u64
}
