//! Rows of tables: how each is written, and the folding of changes, of which only a key's last counts.

use super::insert::Insert;
use super::values::Bound;
use baton_journal::store::{Row, StoreError};
use baton_journal::{Change, Datum, View};
use rusqlite::{Connection, params_from_iter};
use std::collections::{BTreeMap, HashMap};

/// How rows of each table are written.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) entry: Insert,
    pub(super) entry_case: Insert,
    pub(super) snapshot: Insert,
    views: HashMap<&'static str, ViewTable>,
}

#[derive(Debug)]
struct ViewTable {
    view: View,
    put: Insert,
    delete: String,
}

/// The last change of each key of each view: the row, or nothing where it is deleted.
pub(super) type Rows<'a> = BTreeMap<&'static str, BTreeMap<&'a [Datum], Option<&'a [Datum]>>>;

impl Tables {
    pub(super) fn new() -> Self {
        let over = " on conflict (tenant, shelf, slot) do update set bytes = excluded.bytes";
        Self {
            entry: Insert::new("entry", &["n", "at", "cause", "bytes", "chain"], ""),
            entry_case: Insert::new("entry_case", &["case_id", "n"], ""),
            snapshot: Insert::new("snapshot", &["shelf", "slot", "bytes"], over),
            views: HashMap::new(),
        }
    }

    /// Makes a view known.
    pub(super) fn add(&mut self, view: &View) {
        self.views.insert(view.name, ViewTable::new(view));
    }

    /// Notes for a new tenant that its rows are written under the views' versions.
    pub(super) fn note_versions(
        &self,
        connection: &Connection,
        tenant: &str,
    ) -> rusqlite::Result<()> {
        let mut views = self.views.values();
        views.try_for_each(|table| note_version(connection, tenant, &table.view))
    }

    /// Folds the changes: whole rows, so that only the last one of a key counts.
    pub(super) fn last_changes<'a>(&self, changes: &'a [Change]) -> Result<Rows<'a>, StoreError> {
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
        operation: "a batch",
        reason: format!("a change with {width} values fits no prepared view `{view}`"),
    }
}

/// Writes the last changes of each view.
pub(super) fn write(
    connection: &Connection,
    tables: &Tables,
    tenant: &str,
    views: &Rows<'_>,
) -> rusqlite::Result<()> {
    for (name, rows) in views {
        let Some(table) = tables.views.get(name) else {
            continue;
        };
        table
            .put
            .run(connection, tenant, rows.values().flatten(), |data, row| {
                data.iter().try_for_each(|datum| row.push(Bound(datum)))
            })?;
        let mut delete = connection.prepare_cached(&table.delete)?;
        for (key, _) in rows.iter().filter(|(_, row)| row.is_none()) {
            let tenant = Datum::from(tenant);
            delete.execute(params_from_iter(
                std::iter::once(&tenant).chain(*key).map(Bound),
            ))?;
        }
    }
    Ok(())
}

/// Replaces a tenant's rows of a view.
pub(super) fn replace(
    connection: &Connection,
    tenant: &str,
    view: &View,
    rows: &mut dyn Iterator<Item = Row>,
) -> rusqlite::Result<()> {
    let text = format!("delete from {} where tenant = $1", view.name);
    connection.execute(&text, [tenant])?;
    Insert::over(view).run(connection, tenant, rows, |data, row| {
        data.iter().try_for_each(|datum| row.push(Bound(datum)))
    })?;
    note_version(connection, tenant, view)
}

/// Notes under which version a tenant's rows of a view were written.
fn note_version(connection: &Connection, tenant: &str, view: &View) -> rusqlite::Result<()> {
    connection
        .execute(
            "insert into view_version (tenant, view_name, version) values ($1, $2, $3)
             on conflict (tenant, view_name) do update set version = excluded.version",
            (tenant, view.name, view.version),
        )
        .map(|_| ())
}
