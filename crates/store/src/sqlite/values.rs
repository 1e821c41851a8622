//! Data of rows and parameters to SQLite's values and back.

use baton_journal::Datum;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Result, Row, ToSql};
use std::sync::Arc;

/// A datum as SQLite binds it, without a copy.
pub(super) struct Bound<'a>(pub(super) &'a Datum);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Datum::Null => ToSqlOutput::Owned(Value::Null),
            Datum::Int(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Datum::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Datum::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// All columns of a row. Numbers with a fraction, which no table of ours holds, are cut.
pub(super) fn data(row: &Row<'_>) -> Result<Vec<Datum>> {
    (0..row.as_ref().column_count())
        .map(|index| datum(row, index))
        .collect()
}

fn datum(row: &Row<'_>, index: usize) -> Result<Datum> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Datum::Null,
        ValueRef::Integer(value) => Datum::Int(value),
        ValueRef::Real(value) => Datum::Int(value as i64),
        text @ ValueRef::Text(_) => Datum::Text(Arc::from(text.as_str()?)),
        ValueRef::Blob(bytes) => Datum::Blob(bytes.to_vec()),
    })
}

/// The size of a datum in bytes.
pub(super) fn size(datum: &Datum) -> usize {
    match datum {
        Datum::Null => 0,
        Datum::Int(_) => 8,
        Datum::Text(text) => text.len(),
        Datum::Blob(bytes) => bytes.len(),
    }
}
