//! Tables: the CSV files of packs read, and CSV written so that no spreadsheet runs a cell.
//!
//! A table has a header row and text in every cell; what a cell means is asked for by type, and a wrong
//! one is refused with its line. Bytes come from a pack; tables go to the match's budgets and creators,
//! and written ones to whoever exports.

mod write;

pub use write::{disarm, write};

use baton_model::{Decimal, Diagnostic};
use thiserror::Error;

/// The most bytes a table may have: 10 MB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most cells a table may have.
pub const MAX_CELLS: usize = 1_000_000;

/// Why a table was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// More than [`MAX_BYTES`] or [`MAX_CELLS`].
    #[error("the table has more than {MAX_BYTES} bytes or {MAX_CELLS} cells; split it")]
    TooLarge,
    /// Bytes that are no UTF-8.
    #[error("the table is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// No header row, or a blank or repeated column.
    #[error("column {0} of the header is `{1}`; give every column its own name")]
    Header(usize, String),
    /// A row with more or fewer cells than the header.
    #[error("this row has {found} cells, the header {header}; add or remove cells")]
    Ragged {
        /// The row's cells.
        found: usize,
        /// The header's cells.
        header: usize,
    },
    /// A column the reader needs is absent.
    #[error("the table has no column `{0}`; add it to the header")]
    NoColumn(String),
    /// A cell that is not of the type asked for.
    #[error("`{column}` is `{value}`, which is {why}")]
    Cell {
        /// The column.
        column: String,
        /// The cell's text.
        value: String,
        /// What it should be.
        why: &'static str,
    },
}

impl Fault {
    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "BATON-TABLE-001",
            Self::NotUtf8 => "BATON-TABLE-002",
            Self::Header(..) => "BATON-TABLE-003",
            Self::Ragged { .. } => "BATON-TABLE-004",
            Self::NoColumn(_) => "BATON-TABLE-005",
            Self::Cell { .. } => "BATON-TABLE-006",
        }
    }

    fn at(&self, line: u32) -> Diagnostic {
        Diagnostic::at(self.code(), line, 0, self.to_string())
    }
}

/// A table: named columns and rows of as many cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns, in order, each once.
    pub columns: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u32,
    /// Its cells, as many as the table has columns.
    pub cells: Vec<String>,
}

/// Reads a CSV table: UTF-8, comma separated, with a header row (RFC 4180).
///
/// # Errors
/// All findings, `BATON-TABLE-NNN`, with their lines.
pub fn read(bytes: &[u8]) -> Result<Table, Vec<Diagnostic>> {
    if bytes.len() > MAX_BYTES {
        return Err(vec![Fault::TooLarge.at(0)]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        return Err(vec![Fault::NotUtf8.at(line(breaks + 1))]);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut records = reader.records();
    let columns = header(records.next())?;
    let (rows, found) = rows(records, columns.len());
    if found.is_empty() {
        Ok(Table { columns, rows })
    } else {
        Err(found)
    }
}

type Record = Result<csv::StringRecord, csv::Error>;

fn line(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn header(first: Option<Record>) -> Result<Vec<String>, Vec<Diagnostic>> {
    let record = first.and_then(Result::ok).unwrap_or_default();
    let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
    let wrong = |n: usize, name: &String| {
        name.is_empty() || names.iter().take(n).any(|before| before == name)
    };
    let found = names.iter().enumerate().find(|(n, name)| wrong(*n, name));
    match found {
        Some((n, name)) => Err(vec![Fault::Header(n + 1, name.clone()).at(1)]),
        None if names.is_empty() => Err(vec![Fault::Header(1, String::new()).at(1)]),
        None => Ok(names),
    }
}

fn rows(records: impl Iterator<Item = Record>, width: usize) -> (Vec<Row>, Vec<Diagnostic>) {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    for record in records {
        let Ok(record) = record else {
            found.push(Fault::NotUtf8.at(0));
            break;
        };
        let at = record.position().map_or(0, csv::Position::line);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        if record.len() != width {
            let fault = Fault::Ragged {
                found: record.len(),
                header: width,
            };
            found.push(fault.at(at));
        }
        if (rows.len() + 1) * width > MAX_CELLS || found.len() >= 50 {
            found.extend((found.len() < 50).then(|| Fault::TooLarge.at(at)));
            break;
        }
        let cells = record.iter().map(str::to_owned).collect();
        rows.push(Row { line: at, cells });
    }
    (rows, found)
}

impl Table {
    /// The place of a column.
    ///
    /// # Errors
    /// `BATON-TABLE-005` if the header lacks it.
    pub fn column(&self, name: &str) -> Result<usize, Diagnostic> {
        let found = self.columns.iter().position(|column| column == name);
        found.ok_or_else(|| Fault::NoColumn(name.to_owned()).at(1))
    }

    /// A cell's text, blanks around it removed.
    ///
    /// # Errors
    /// `BATON-TABLE-005` if the header lacks the column.
    pub fn text<'a>(&self, row: &'a Row, column: &str) -> Result<&'a str, Diagnostic> {
        let at = self.column(column)?;
        Ok(row.cells.get(at).map_or("", |cell| cell.trim()))
    }

    /// A cell's text, which must not be blank.
    ///
    /// # Errors
    /// `BATON-TABLE-005` if the header lacks the column, `BATON-TABLE-006` if the cell is blank.
    pub fn filled<'a>(&self, row: &'a Row, column: &str) -> Result<&'a str, Diagnostic> {
        let text = self.text(row, column)?;
        if text.is_empty() {
            return Err(cell(row, column, text, "empty; fill it in"));
        }
        Ok(text)
    }

    /// A cell's number, written like `1234.50`; nothing if the cell is blank.
    ///
    /// # Errors
    /// `BATON-TABLE-005` if the header lacks the column, `BATON-TABLE-006` if the cell holds no number.
    pub fn decimal(&self, row: &Row, column: &str) -> Result<Option<Decimal>, Diagnostic> {
        let text = self.text(row, column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|_| !text.contains('_'));
        let wrong = || cell(row, column, text, "no number; write it like 1234.50");
        number.map(Some).ok_or_else(wrong)
    }

    /// A cell's day, written like `2026-07-16`; nothing if the cell is blank.
    ///
    /// # Errors
    /// `BATON-TABLE-005` if the header lacks the column, `BATON-TABLE-006` if the cell holds no date.
    pub fn date(&self, row: &Row, column: &str) -> Result<Option<jiff::civil::Date>, Diagnostic> {
        let text = self.text(row, column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || cell(row, column, text, "no date; write it like 2026-07-16");
        let day = text.parse().ok().filter(|_| text.len() == 10);
        day.map(Some).ok_or_else(wrong)
    }
}

fn cell(row: &Row, column: &str, value: &str, why: &'static str) -> Diagnostic {
    let (column, value) = (column.to_owned(), value.chars().take(40).collect());
    Fault::Cell { column, value, why }.at(row.line)
}
