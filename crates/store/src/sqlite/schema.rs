//! Tables: the journal's own, and those of the views, made from their declarations.
//!
//! A view's table that no longer looks like its declaration is dropped and made anew; a view whose
//! version some tenant's rows do not have is named to the caller, who folds the journal again.

use super::connect::write_error;
use super::plans;
use baton_journal::store::StoreError;
use baton_journal::{Column, Kind, View};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

/// The format of the database this Baton writes.
pub(super) const FORMAT: i64 = 1;

/// The journal's own tables. Entries and snapshots are large, so they keep their row ids.
const JOURNAL: &str = "
create table if not exists head (
  tenant text not null primary key, n integer not null, chain blob not null, at integer not null
) strict, without rowid;
create table if not exists entry (
  tenant text not null, n integer not null, at integer not null, cause text not null,
  bytes blob not null, chain blob not null,
  primary key (tenant, n), unique (tenant, cause)
) strict;
create table if not exists entry_case (
  tenant text not null, case_id text not null, n integer not null,
  primary key (tenant, case_id, n)
) strict, without rowid;
create table if not exists snapshot (
  tenant text not null, shelf text not null, slot text not null, bytes blob not null,
  primary key (tenant, shelf, slot)
) strict;
create table if not exists flushed (
  tenant text not null primary key, n integer not null
) strict, without rowid;
create table if not exists view_version (
  tenant text not null, view_name text not null, version integer not null,
  primary key (tenant, view_name)
) strict, without rowid;
";

/// Makes what is missing, in one transaction; names the views to be rebuilt.
pub(super) fn prepare(
    connection: &mut Connection,
    views: &[View],
) -> Result<Vec<&'static str>, StoreError> {
    check_format(connection)?;
    let failed = |error| write_error("the tables", &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let stale = make(&transaction, views).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    Ok(stale)
}

fn check_format(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection
        .query_row("pragma user_version", [], |row| row.get(0))
        .map_err(|error| super::connect::read_error("the data folder's format", &error))?;
    if found > FORMAT {
        return Err(StoreError::Newer {
            found,
            known: FORMAT,
        });
    }
    Ok(())
}

fn make(transaction: &Transaction<'_>, views: &[View]) -> rusqlite::Result<Vec<&'static str>> {
    transaction.execute_batch(JOURNAL)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    let mut stale = Vec::new();
    for view in views {
        make_view(transaction, view)?;
        if is_stale(transaction, view)? {
            stale.push(view.name);
        }
    }
    plans::tell(transaction)?;
    Ok(stale)
}

/// Makes a view's table and indexes, unless they stand as declared.
fn make_view(transaction: &Transaction<'_>, view: &View) -> rusqlite::Result<()> {
    let wanted = definitions(view);
    if standing(transaction, view)? == wanted {
        return Ok(());
    }
    transaction.execute_batch(&format!("drop table if exists {}", view.name))?;
    transaction.execute("delete from view_version where view_name = $1", [view.name])?;
    wanted
        .iter()
        .try_for_each(|definition| transaction.execute_batch(definition))
}

/// The texts by which the view's table and indexes were made. SQLite keeps them with their first
/// words in capitals; ours have no others.
fn standing(transaction: &Transaction<'_>, view: &View) -> rusqlite::Result<Vec<String>> {
    let mut statement = transaction.prepare(
        "select lower(sql) from sqlite_schema where tbl_name = $1 and sql is not null order by rowid",
    )?;
    statement
        .query_map([view.name], |row| row.get(0))?
        .collect()
}

/// Whether some tenant's rows of the view were written under another version, or never.
fn is_stale(transaction: &Transaction<'_>, view: &View) -> rusqlite::Result<bool> {
    transaction
        .query_row(
            "select 1 from head left join view_version v
               on v.tenant = head.tenant and v.view_name = $1
             where v.version is null or v.version <> $2 limit 1",
            (view.name, view.version),
            |_| Ok(()),
        )
        .optional()
        .map(|found| found.is_some())
}

/// The statements that make a view's table and its indexes.
fn definitions(view: &View) -> Vec<String> {
    let indexes = view.indexes.iter().enumerate().map(|(number, columns)| {
        let columns = columns.join(", ");
        let name = view.name;
        format!("create index {name}_{number} on {name} (tenant, {columns})")
    });
    std::iter::once(table(view)).chain(indexes).collect()
}

/// A view's table: the tenant first in its key, without row ids where its rows are small.
fn table(view: &View) -> String {
    let columns: Vec<String> = view
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| declared(column, place < view.key))
        .collect();
    let key: Vec<&str> = std::iter::once("tenant")
        .chain(view.columns[..view.key].iter().map(|column| column.name))
        .collect();
    let large = view.columns.iter().any(|column| column.kind == Kind::Blob);
    format!(
        "create table {} (tenant text not null, {}, primary key ({})) strict{}",
        view.name,
        columns.join(", "),
        key.join(", "),
        if large { "" } else { ", without rowid" }
    )
}

fn declared(column: &Column, key: bool) -> String {
    let kind = match column.kind {
        Kind::Int => "integer",
        Kind::Text => "text",
        Kind::Blob => "blob",
    };
    let presence = if key { " not null" } else { "" };
    format!("{} {kind}{presence}", column.name)
}
