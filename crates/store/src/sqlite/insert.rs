//! Inserting many rows of one table: the texts are made once, several rows go with one statement.

use baton_journal::View;
use rusqlite::{CachedStatement, Connection, ToSql};

/// How many rows one statement writes, the most first.
const ROWS: [usize; 3] = [16, 4, 1];

/// How rows of a table are written. The tenant is `$1` of every statement.
#[derive(Debug)]
pub(super) struct Insert {
    texts: [String; ROWS.len()],
}

impl Insert {
    /// Rows of these columns after the tenant; `conflict` is what follows the values.
    pub(super) fn new(table: &str, columns: &[&str], conflict: &str) -> Self {
        let names = columns.join(", ");
        let text = |rows: &usize| {
            let values: Vec<String> = (0..*rows)
                .map(|row| values(2 + row * columns.len(), columns.len()))
                .collect();
            let values = values.join(", ");
            format!("insert into {table} (tenant, {names}) values {values}{conflict}")
        };
        Self {
            texts: ROWS.each_ref().map(text),
        }
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
        rows: &[T],
        bind: impl Fn(&T, &mut Bind<'_, '_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut left = rows;
        for (many, text) in ROWS.iter().zip(&self.texts) {
            if left.len() < *many {
                continue;
            }
            let mut statement = connection.prepare_cached(text)?;
            while let Some((group, rest)) = left.split_at_checked(*many) {
                statement.raw_bind_parameter(1, tenant)?;
                let mut slots = Bind {
                    statement: &mut statement,
                    next: 2,
                };
                group.iter().try_for_each(|row| bind(row, &mut slots))?;
                statement.raw_execute()?;
                left = rest;
            }
        }
        Ok(())
    }
}

/// The values of one row: `($1, $2, …)`.
fn values(first: usize, count: usize) -> String {
    let numbers: Vec<String> = (first..first + count)
        .map(|number| format!("${number}"))
        .collect();
    format!("($1, {})", numbers.join(", "))
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
