//! Writing rows of one table: the text is made once, a row is one run of its statement.
//!
//! Several rows a statement were tried and are slower: SQLite then keeps a copy of every page it
//! touches, so that the whole statement can be taken back.

use baton_journal::View;
use rusqlite::{CachedStatement, Connection, ToSql};

/// How rows of a table are written. The tenant is `$1`.
#[derive(Debug)]
pub(super) struct Insert(String);

impl Insert {
    /// Rows of these columns after the tenant; `conflict` is what follows the values.
    pub(super) fn new(table: &str, columns: &[&str], conflict: &str) -> Self {
        let names = columns.join(", ");
        let numbers: Vec<String> = (2..columns.len() + 2)
            .map(|number| format!("${number}"))
            .collect();
        let values = numbers.join(", ");
        Self(format!(
            "insert into {table} (tenant, {names}) values ($1, {values}){conflict}"
        ))
    }

    /// Whole rows of a view, over those with the same keys.
    pub(super) fn over(view: &View) -> Self {
        let columns: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
        let (key, rest) = columns.split_at(view.key);
        let key: Vec<&str> = std::iter::once("tenant")
            .chain(key.iter().copied())
            .collect();
        let set: Vec<String> = rest
            .iter()
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        let action = if set.is_empty() {
            "do nothing".to_owned()
        } else {
            format!("do update set {}", set.join(", "))
        };
        let conflict = format!(" on conflict ({}) {action}", key.join(", "));
        Self::new(view.name, &columns, &conflict)
    }

    /// Writes the rows; `bind` gives a row's values in the order of the columns.
    pub(super) fn run<T>(
        &self,
        connection: &Connection,
        tenant: &str,
        rows: impl IntoIterator<Item = T>,
        bind: impl Fn(T, &mut Bind<'_, '_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(&self.0)?;
        statement.raw_bind_parameter(1, tenant)?;
        for row in rows {
            let mut slots = Bind {
                statement: &mut statement,
                next: 2,
            };
            bind(row, &mut slots)?;
            statement.raw_execute()?;
        }
        Ok(())
    }
}

/// The next parameters of a statement.
pub(super) struct Bind<'s, 'c> {
    statement: &'s mut CachedStatement<'c>,
    next: usize,
}

impl Bind<'_, '_> {
    /// Binds the next parameter.
    pub(super) fn push(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.statement.raw_bind_parameter(self.next, value)?;
        self.next += 1;
        Ok(())
    }
}
