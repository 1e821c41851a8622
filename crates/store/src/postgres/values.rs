//! Data of rows and parameters to PostgreSQL's values and back.
//!
//! PostgreSQL's text cannot hold the sign of number 0, which the other stores take. It is kept as two
//! signs, and so is the mark they begin with; whatever reads through the port sees the text as it was.

use super::fault::Fault;
use baton_journal::{Datum, Kind};
use bytes::BytesMut;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Column, Row};

/// What the driver is given, and what it says when a value does not fit.
type Given = Result<IsNull, Box<dyn Error + Sync + Send>>;

/// A datum as PostgreSQL binds it. Its debug text says nothing: the driver writes it to the log.
pub(super) struct Bound<'a>(pub(super) &'a Datum);

impl Bound<'_> {
    /// The type a query is prepared with: a parameter without a value takes the one the text suggests.
    pub(super) fn kind(&self) -> Type {
        match self.0 {
            Datum::Null => Type::UNKNOWN,
            Datum::Int(_) => Type::INT8,
            Datum::Text(_) => Type::TEXT,
            Datum::Blob(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Given {
        match self.0 {
            Datum::Null => Ok(IsNull::Yes),
            Datum::Int(value) => value.to_sql(kind, out),
            Datum::Text(text) => kept(text).to_sql(kind, out),
            Datum::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// One column of many rows, bound as one array.
pub(super) enum List<'a> {
    /// Integers.
    Int(Vec<Option<i64>>),
    /// Texts, as they are kept.
    Text(Vec<Option<Cow<'a, str>>>),
    /// Bytes.
    Blob(Vec<Option<Cow<'a, [u8]>>>),
}

impl<'a> List<'a> {
    /// No rows yet.
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Int => Self::Int(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Blob => Self::Blob(Vec::new()),
        }
    }

    /// The array's type in a text.
    pub(super) fn cast(kind: Kind) -> &'static str {
        match kind {
            Kind::Int => "bigint[]",
            Kind::Text => "text[]",
            Kind::Blob => "bytea[]",
        }
    }

    /// The next row's value; false where it is not of the column's kind.
    pub(super) fn push(&mut self, datum: &'a Datum) -> bool {
        match (self, datum) {
            (Self::Int(list), Datum::Null) => list.push(None),
            (Self::Text(list), Datum::Null) => list.push(None),
            (Self::Blob(list), Datum::Null) => list.push(None),
            (Self::Int(list), Datum::Int(value)) => list.push(Some(*value)),
            (Self::Text(list), Datum::Text(text)) => list.push(Some(kept(text))),
            (Self::Blob(list), Datum::Blob(bytes)) => list.push(Some(Cow::Borrowed(bytes))),
            _ => return false,
        }
        true
    }

    /// A column of integers.
    pub(super) fn ints(values: impl Iterator<Item = i64>) -> Self {
        Self::Int(values.map(Some).collect())
    }

    /// A column of texts.
    pub(super) fn texts(values: impl Iterator<Item = &'a str>) -> Self {
        Self::Text(values.map(|text| Some(kept(text))).collect())
    }

    /// A column of bytes.
    pub(super) fn blobs(values: impl Iterator<Item = &'a [u8]>) -> Self {
        Self::Blob(values.map(|bytes| Some(Cow::Borrowed(bytes))).collect())
    }
}

impl ToSql for List<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Given {
        match self {
            Self::Int(list) => list.to_sql(kind, out),
            Self::Text(list) => list.to_sql(kind, out),
            Self::Blob(list) => list.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[…]")
    }
}

/// Where a slot lies: its key's SHA-256, since a key may be longer than an index takes.
pub(super) fn place(key: &str) -> Vec<u8> {
    Sha256::digest(key).to_vec()
}

/// What the two signs begin with.
const MARK: char = '\u{1}';

/// A text as PostgreSQL can keep it.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte < 2) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '\0' => kept.extend([MARK, '0']),
            MARK => kept.extend([MARK, '1']),
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// The text that was kept so.
pub(super) fn told(kept: &str) -> Arc<str> {
    if !kept.contains(MARK) {
        return Arc::from(kept);
    }
    let mut signs = kept.chars();
    let mut text = String::with_capacity(kept.len());
    while let Some(sign) = signs.next() {
        text.push(match sign {
            MARK if signs.next() == Some('0') => '\0',
            sign => sign,
        });
    }
    Arc::from(text)
}

/// Whether the port has a value for what this column holds.
pub(super) fn is_portable(column: &Column) -> bool {
    let whole = [Type::INT8, Type::INT4, Type::INT2, Type::BOOL];
    let text = [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME];
    let kind = column.type_();
    whole.contains(kind) || text.contains(kind) || *kind == Type::BYTEA
}

/// All columns of a row; of its columns each is portable.
pub(super) fn data(row: &Row) -> Result<Vec<Datum>, Fault> {
    let columns = row.columns().iter().enumerate();
    columns
        .map(|(place, column)| datum(row, place, column.type_()))
        .collect()
}

fn datum(row: &Row, place: usize, kind: &Type) -> Result<Datum, Fault> {
    let datum = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(place)?.map(Datum::Int),
        Type::INT4 => int(row.try_get::<_, Option<i32>>(place)?),
        Type::INT2 => int(row.try_get::<_, Option<i16>>(place)?),
        Type::BOOL => int(row.try_get::<_, Option<bool>>(place)?),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Datum::Blob),
        _ => {
            let text = row.try_get::<_, Option<&str>>(place)?;
            text.map(|text| Datum::Text(told(text)))
        }
    };
    Ok(datum.unwrap_or(Datum::Null))
}

fn int(value: Option<impl Into<i64>>) -> Option<Datum> {
    value.map(|value| Datum::Int(value.into()))
}

#[cfg(test)]
mod tests {
    use super::{kept, told};

    #[test]
    fn signs_that_postgresql_refuses_are_kept_and_told_again() {
        for text in ["", "plain", "a\0b", "\u{1}", "\u{1}0", "\0\0\u{1}1", "ö\0"] {
            let kept = kept(text);
            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(&*told(&kept), text);
        }
        assert_ne!(kept("\0"), kept("\u{1}0"));
    }
}
