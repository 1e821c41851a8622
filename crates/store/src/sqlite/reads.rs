//! Reading: the journal's rows, snapshots, views, and the queries the shell brings.

use super::connect::ReadFault;
use super::values::{Bound, data};
use baton_journal::store::{Head, Row, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::{Micros, TenantId};
use rusqlite::{Connection, OptionalExtension, Params, Statement, params_from_iter};
use std::sync::Arc;

type Read<T> = Result<T, ReadFault>;

pub(super) fn tenants(connection: &Connection) -> Read<Vec<TenantId>> {
    let mut statement = connection.prepare_cached("select tenant from head order by tenant")?;
    let names = statement.query_map([], |row| Ok(TenantId::new(row.get_ref(0)?.as_str()?)))?;
    Ok(names.collect::<Result<_, _>>()?)
}

pub(super) fn head(connection: &Connection, tenant: &TenantId) -> Read<Head> {
    let text = "select n, chain, at from head where tenant = $1";
    let found = connection
        .prepare_cached(text)?
        .query_row([tenant.as_str()], |row| {
            Ok(Head {
                n: row.get(0)?,
                chain: row.get(1)?,
                at: Micros(row.get(2)?),
            })
        })
        .optional()?;
    Ok(found.unwrap_or(Head::EMPTY))
}

pub(super) fn entries(
    connection: &Connection,
    tenant: &TenantId,
    after: i64,
    limit: usize,
) -> Read<Vec<StoredEntry>> {
    let mut statement = connection.prepare_cached(
        "select n, at, cause, bytes, chain from entry where tenant = $1 and n > $2
         order by n limit $3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    stored(&mut statement, (tenant.as_str(), after, limit), &[])
}

pub(super) fn case_entries(
    connection: &Connection,
    tenant: &TenantId,
    case: &str,
) -> Read<Vec<StoredEntry>> {
    let mut statement = connection.prepare_cached(
        "select e.n, e.at, e.cause, e.bytes, e.chain
         from entry_case c join entry e on e.tenant = c.tenant and e.n = c.n
         where c.tenant = $1 and c.case_id = $2 order by c.n",
    )?;
    stored(&mut statement, (tenant.as_str(), case), &[Arc::from(case)])
}

fn stored(
    statement: &mut Statement<'_>,
    parameters: impl Params,
    cases: &[Arc<str>],
) -> Read<Vec<StoredEntry>> {
    let rows = statement.query_map(parameters, |row| {
        Ok(StoredEntry {
            n: row.get(0)?,
            at: Micros(row.get(1)?),
            cause: Arc::from(row.get_ref(2)?.as_str()?),
            bytes: row.get(3)?,
            chain: row.get(4)?,
            cases: cases.to_vec(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn cause(connection: &Connection, tenant: &TenantId, cause: &str) -> Read<Option<i64>> {
    let text = "select n from entry where tenant = $1 and cause = $2";
    Ok(connection
        .prepare_cached(text)?
        .query_row((tenant.as_str(), cause), |row| row.get(0))
        .optional()?)
}

pub(super) fn snapshot(
    connection: &Connection,
    tenant: &TenantId,
    shelf: &str,
    key: &str,
) -> Read<Option<Vec<u8>>> {
    let text = "select bytes from snapshot where tenant = $1 and shelf = $2 and slot = $3";
    Ok(connection
        .prepare_cached(text)?
        .query_row((tenant.as_str(), shelf, key), |row| row.get(0))
        .optional()?)
}

pub(super) fn flushed(connection: &Connection, tenant: &TenantId) -> Read<i64> {
    let text = "select n from flushed where tenant = $1";
    let found = connection
        .prepare_cached(text)?
        .query_row([tenant.as_str()], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

pub(super) fn view_rows(connection: &Connection, tenant: &TenantId, view: &View) -> Read<Vec<Row>> {
    let names: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
    let key = names[..view.key].join(", ");
    let order = if key.is_empty() { "tenant" } else { &key };
    let text = format!(
        "select {} from {} where tenant = $1 order by {order}",
        names.join(", "),
        view.name
    );
    query(connection, &text, &[Datum::from(tenant.as_str())])
}

pub(super) fn query(connection: &Connection, sql: &str, parameters: &[Datum]) -> Read<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    check_numbers(&statement, parameters.len())?;
    let rows = statement.query_map(params_from_iter(parameters.iter().map(Bound)), data)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// SQLite numbers named parameters by first appearance, other databases by their digits: only where
/// both agree does a text mean the same everywhere.
fn check_numbers(statement: &Statement<'_>, given: usize) -> Read<()> {
    let count = statement.parameter_count();
    if count != given {
        let reason = format!("the text has {count} parameters, {given} were given");
        return Err(ReadFault::Unsound(reason));
    }
    for number in 1..=count {
        let name = statement.parameter_name(number).unwrap_or("?");
        if name.strip_prefix('$') != Some(number.to_string().as_str()) {
            let reason = format!("parameter {number} is written `{name}`, not `${number}`");
            return Err(ReadFault::Unsound(reason));
        }
    }
    Ok(())
}
