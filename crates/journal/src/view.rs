//! Views: rows computed from events, declared once by the stage that owns them, and written in the
//! append transaction.
//!
//! The first column of every view is the tenant; it is not declared and not in the rows here, the
//! store adds it.

use std::sync::Arc;

/// A column's type in the portable subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A 64-bit integer; instants and money too.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Blob,
}

/// A column of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, lower case.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
}

/// A view's declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The table's name.
    pub name: &'static str,
    /// Raised when the columns or their meaning change; the view is then rebuilt.
    pub version: u32,
    /// Its columns, the key's first.
    pub columns: &'static [Column],
    /// How many of the first columns are the key, after the tenant.
    pub key: usize,
    /// Indexes, each a list of columns after the tenant.
    pub indexes: &'static [&'static [&'static str]],
}

impl Column {
    /// An integer column.
    pub const fn int(name: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Int,
        }
    }

    /// A text column.
    pub const fn text(name: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Text,
        }
    }

    /// A bytes column.
    pub const fn blob(name: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Blob,
        }
    }
}

/// A value in a row or a parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// Text.
    Text(Arc<str>),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Datum {
    /// The integer, or 0.
    pub fn int(&self) -> i64 {
        match self {
            Self::Int(value) => *value,
            _ => 0,
        }
    }

    /// The text, or nothing.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<i64> for Datum {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl<T: Into<Datum>> From<Option<T>> for Datum {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A change of a view: a whole row put, or a key deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Write this row over the one with its key.
    Put {
        /// The view.
        view: &'static str,
        /// The row, in the order of the view's columns.
        row: Vec<Datum>,
    },
    /// Delete the row with this key.
    Delete {
        /// The view.
        view: &'static str,
        /// The key's columns.
        key: Vec<Datum>,
    },
}
