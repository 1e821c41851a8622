//! Reading: the journal's rows, snapshots, views, and the queries the shell brings.

use super::fault::Fault;
use super::session::Session;
use super::values::{Bound, data, kept, place, told};
use baton_journal::store::{Head, Row, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::{Micros, TenantId};
use std::sync::Arc;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

type Read<T> = Result<T, Fault>;

/// The tenants; none where no table was made yet.
pub(super) async fn tenants(session: &mut Session) -> Read<Vec<TenantId>> {
    let text = "select tenant from head order by tenant";
    match session.query(text, &[]).await {
        Err(fault) if fault.is(&SqlState::UNDEFINED_TABLE) => Ok(Vec::new()),
        Err(fault) => Err(fault),
        Ok(rows) => rows
            .iter()
            .map(|row| Ok(TenantId::new(&*told(row.try_get(0)?))))
            .collect(),
    }
}

pub(super) async fn head(session: &mut Session, tenant: &TenantId) -> Read<Head> {
    let text = "select n, chain, at from head where tenant = $1";
    let rows = session.query(text, &[&kept(tenant.as_str())]).await?;
    let Some(row) = rows.first() else {
        return Ok(Head::EMPTY);
    };
    Ok(Head {
        n: row.try_get(0)?,
        chain: hash(row.try_get(1)?)?,
        at: Micros(row.try_get(2)?),
    })
}

/// A hash as it is stored.
fn hash(bytes: &[u8]) -> Read<[u8; 32]> {
    let whole = bytes.try_into();
    whole.map_err(|_| Fault::Unsound(format!("a hash has {} bytes instead of 32", bytes.len())))
}

pub(super) async fn entries(
    session: &mut Session,
    tenant: &TenantId,
    after: i64,
    limit: usize,
) -> Read<Vec<StoredEntry>> {
    let text = "select n, at, cause, bytes, chain from entry where tenant = $1 and n > $2
         order by n limit $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    stored(
        session,
        text,
        &[&kept(tenant.as_str()), &after, &limit],
        &[],
    )
    .await
}

pub(super) async fn case_entries(
    session: &mut Session,
    tenant: &TenantId,
    case: &str,
) -> Read<Vec<StoredEntry>> {
    let text = "select e.n, e.at, e.cause, e.bytes, e.chain
         from entry_case c join entry e on e.tenant = c.tenant and e.n = c.n
         where c.tenant = $1 and c.case_id = $2 order by c.n";
    let values: [&(dyn ToSql + Sync); 2] = [&kept(tenant.as_str()), &kept(case)];
    stored(session, text, &values, &[Arc::from(case)]).await
}

async fn stored(
    session: &mut Session,
    text: &str,
    values: &[&(dyn ToSql + Sync)],
    cases: &[Arc<str>],
) -> Read<Vec<StoredEntry>> {
    let rows = session.query(text, values).await?;
    let entry = |row: &tokio_postgres::Row| {
        Ok(StoredEntry {
            n: row.try_get(0)?,
            at: Micros(row.try_get(1)?),
            cause: told(row.try_get(2)?),
            bytes: row.try_get(3)?,
            chain: hash(row.try_get(4)?)?,
            cases: cases.to_vec(),
        })
    };
    rows.iter().map(entry).collect()
}

pub(super) async fn cause(
    session: &mut Session,
    tenant: &TenantId,
    cause: &str,
) -> Read<Option<i64>> {
    let text = "select n from entry where tenant = $1 and cause = $2";
    let rows = session
        .query(text, &[&kept(tenant.as_str()), &kept(cause)])
        .await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn snapshot(
    session: &mut Session,
    tenant: &TenantId,
    shelf: &str,
    key: &str,
) -> Read<Option<Vec<u8>>> {
    let text = "select bytes from snapshot where tenant = $1 and shelf = $2 and place = $3";
    let values: [&(dyn ToSql + Sync); 3] = [&kept(tenant.as_str()), &shelf, &place(key)];
    let rows = session.query(text, &values).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn snapshots(
    session: &mut Session,
    tenant: &TenantId,
    slots: &[(&str, String)],
) -> Read<Vec<Option<Vec<u8>>>> {
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    let text =
        "select s.bytes from unnest($2::text[], $3::bytea[]) with ordinality w (shelf, place, nth)
         left join snapshot s on s.tenant = $1 and s.shelf = w.shelf and s.place = w.place
         order by w.nth";
    let (shelves, places): (Vec<_>, Vec<_>) = slots
        .iter()
        .map(|(shelf, key)| (*shelf, place(key)))
        .unzip();
    let values: [&(dyn ToSql + Sync); 3] = [&kept(tenant.as_str()), &shelves, &places];
    let rows = session.query(text, &values).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

pub(super) async fn flushed(session: &mut Session, tenant: &TenantId) -> Read<i64> {
    let text = "select n from flushed where tenant = $1";
    let rows = session.query(text, &[&kept(tenant.as_str())]).await?;
    Ok(rows.first().map_or(Ok(0), |row| row.try_get(0))?)
}

pub(super) async fn view_rows(
    session: &mut Session,
    tenant: &TenantId,
    view: &View,
) -> Read<Vec<Row>> {
    let names: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
    let key = names[..view.key].join(", ");
    let order = if key.is_empty() { "tenant" } else { &key };
    let text = format!(
        "select {} from {} where tenant = $1 order by {order}",
        names.join(", "),
        view.name
    );
    query(session, &text, &[Datum::from(tenant.as_str())]).await
}

pub(super) async fn query(
    session: &mut Session,
    sql: &str,
    parameters: &[Datum],
) -> Read<Vec<Row>> {
    let bound: Vec<Bound<'_>> = parameters.iter().map(Bound).collect();
    let types: Vec<Type> = bound.iter().map(Bound::kind).collect();
    let statement = session.prepare_query(sql, &types).await?;
    let values: Vec<_> = bound
        .iter()
        .map(|each| each as &(dyn ToSql + Sync))
        .collect();
    let rows = session.rows(&statement, &values).await?;
    rows.iter().map(data).collect()
}
