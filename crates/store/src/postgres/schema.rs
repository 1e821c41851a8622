//! Tables: the journal's own, and those of the views, made from their declarations.
//!
//! Text sorts by its bytes, as in the other stores, whatever the database's language. A view's table that
//! does not stand as declared is dropped and made anew; a view whose version some tenant's rows do not
//! have is named to the caller, who folds the journal again.

use super::fault::Fault;
use super::session::Session;
use baton_journal::store::StoreError;
use baton_journal::{Column, Kind, View};
use tokio_postgres::types::FromSql;

/// The format of the database this Baton writes.
pub(super) const FORMAT: i64 = 1;

/// One program at a time looks at the tables and makes them: the lock's number means nothing else.
const BEGIN: &str = "begin; select pg_advisory_xact_lock(28267894447407)";

/// The journal's own tables.
const JOURNAL: &str = "
create table if not exists baton_format (version bigint not null);
create table if not exists head (
  tenant text collate \"C\" primary key, n bigint not null, chain bytea not null, at bigint not null
);
create table if not exists entry (
  tenant text collate \"C\" not null, n bigint not null, at bigint not null,
  cause text collate \"C\" not null, bytes bytea not null, chain bytea not null,
  primary key (tenant, n), constraint entry_cause unique (tenant, cause)
);
create table if not exists entry_case (
  tenant text collate \"C\" not null, case_id text collate \"C\" not null, n bigint not null,
  primary key (tenant, case_id, n)
);
create table if not exists snapshot (
  tenant text collate \"C\" not null, shelf text collate \"C\" not null, place bytea not null,
  slot text collate \"C\" not null, bytes bytea not null, primary key (tenant, shelf, place)
);
create table if not exists flushed (tenant text collate \"C\" primary key, n bigint not null);
create table if not exists view_version (
  tenant text collate \"C\" not null, view_name text collate \"C\" not null, version bigint not null,
  primary key (tenant, view_name)
);
";

/// Why tables were not made, or rows not replaced.
pub(super) enum Unmade {
    /// The port's own answer.
    Store(StoreError),
    /// The server's.
    Fault(Fault),
}

impl From<Fault> for Unmade {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Unmade {
    /// The port's answer, naming what was being made.
    pub(super) fn told(self, operation: &'static str) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Fault(fault) => fault.writing(operation),
        }
    }
}

/// Makes what is missing, in one transaction; names the views to be rebuilt.
pub(super) async fn prepare(
    session: &mut Session,
    views: &[View],
) -> Result<Vec<&'static str>, Unmade> {
    session.run(BEGIN).await?;
    check_format(session).await?;
    session.run(JOURNAL).await?;
    let note = "insert into baton_format (version)
         select $1 where not exists (select 1 from baton_format)";
    session.execute(note, &[&FORMAT]).await?;
    let mut stale = Vec::new();
    for view in views {
        make_view(session, view).await?;
        if is_stale(session, view).await? {
            stale.push(view.name);
        }
    }
    session.run("commit").await?;
    Ok(stale)
}

async fn check_format(session: &mut Session) -> Result<(), Unmade> {
    let there = "select to_regclass('baton_format') is not null";
    let made: bool = one(session, there).await?.unwrap_or_default();
    if !made {
        return Ok(());
    }
    match one(session, "select max(version) from baton_format").await? {
        Some(found) if found > FORMAT => Err(Unmade::Store(StoreError::Newer {
            found,
            known: FORMAT,
        })),
        _ => Ok(()),
    }
}

/// The value of a text that gives one.
pub(super) async fn one<T: for<'a> FromSql<'a>>(
    session: &mut Session,
    text: &str,
) -> Result<Option<T>, Fault> {
    let rows = session.query(text, &[]).await?;
    Ok(rows.first().map_or(Ok(None), |row| row.try_get(0))?)
}

/// Makes a view's table and indexes, unless they stand as declared.
async fn make_view(session: &mut Session, view: &View) -> Result<(), Fault> {
    if standing(session, view.name).await? == wanted(view) {
        return Ok(());
    }
    let forget = "delete from view_version where view_name = $1";
    session.execute(forget, &[&view.name]).await?;
    let drop = format!("drop table if exists {}", view.name);
    let texts: Vec<String> = std::iter::once(drop).chain(definitions(view)).collect();
    session.run(&texts.join("; ")).await
}

/// The columns and indexes of a table as the server describes them, in the words of [`wanted`].
async fn standing(session: &mut Session, table: &str) -> Result<Vec<String>, Fault> {
    let columns = "select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                     c.collname, case when a.attnotnull then 'not null' end)
                   from pg_attribute a left join pg_collation c on c.oid = a.attcollation
                   where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
                   order by a.attnum";
    let indexes = "select concat(case when i.indisprimary then 'key ' else 'index ' end,
                     array_to_string(array(select a.attname from unnest(i.indkey::int2[])
                       with ordinality k (attnum, place) join pg_attribute a
                       on a.attrelid = i.indrelid and a.attnum = k.attnum order by k.place), ', '))
                   from pg_index i where i.indrelid = to_regclass($1) and i.indisvalid
                   order by i.indisprimary desc, i.indexrelid";
    let mut found = Vec::new();
    for text in [columns, indexes] {
        for row in session.query(text, &[&table]).await? {
            found.push(row.try_get(0)?);
        }
    }
    Ok(found)
}

fn wanted(view: &View) -> Vec<String> {
    let columns = view.columns.iter().enumerate().map(|(place, column)| {
        let presence = if place < view.key { " not null" } else { "" };
        let collation = if column.kind == Kind::Text { " C" } else { "" };
        format!("{} {}{collation}{presence}", column.name, kind(column))
    });
    let indexes = view
        .indexes
        .iter()
        .map(|columns| format!("index tenant, {}", columns.join(", ")));
    std::iter::once("tenant text C not null".to_owned())
        .chain(columns)
        .chain(std::iter::once(format!("key {}", key(view))))
        .chain(indexes)
        .collect()
}

/// Whether some tenant's rows of the view were written under another version, or never.
async fn is_stale(session: &mut Session, view: &View) -> Result<bool, Fault> {
    let text = "select 1 from head left join view_version v
                  on v.tenant = head.tenant and v.view_name = $1
                where v.version is null or v.version <> $2 limit 1";
    let version = i64::from(view.version);
    Ok(!session
        .query(text, &[&view.name, &version])
        .await?
        .is_empty())
}

/// The statements that make a view's table and its indexes.
fn definitions(view: &View) -> Vec<String> {
    let name = view.name;
    let columns: Vec<String> = view
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| declared(column, place < view.key))
        .collect();
    let table = format!(
        "create table {name} (tenant text collate \"C\" not null, {}, primary key ({}))",
        columns.join(", "),
        key(view)
    );
    let indexes = view.indexes.iter().enumerate().map(|(number, columns)| {
        let columns = columns.join(", ");
        format!("create index {name}_{number} on {name} (tenant, {columns})")
    });
    std::iter::once(table).chain(indexes).collect()
}

/// The columns of a view's key, the tenant first.
pub(super) fn key(view: &View) -> String {
    let key = view.columns[..view.key].iter().map(|column| column.name);
    let key: Vec<&str> = std::iter::once("tenant").chain(key).collect();
    key.join(", ")
}

fn declared(column: &Column, key: bool) -> String {
    let collation = if column.kind == Kind::Text {
        " collate \"C\""
    } else {
        ""
    };
    let presence = if key { " not null" } else { "" };
    format!("{} {}{collation}{presence}", column.name, kind(column))
}

fn kind(column: &Column) -> &'static str {
    match column.kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Blob => "bytea",
    }
}
