//! Rows of tables: how each is written.

use super::insert::Insert;
use super::values::Bound;
use crate::batches;
pub(super) use crate::batches::Rows;
use baton_journal::store::{Row, StoreError};
use baton_journal::{Change, Datum, View};
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;

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

    /// Folds the changes: only the last one of a key counts.
    pub(super) fn last_changes<'a>(&self, changes: &'a [Change]) -> Result<Rows<'a>, StoreError> {
        batches::last_changes(changes, |name| {
            self.views.get(name).map(|table| &table.view)
        })
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
