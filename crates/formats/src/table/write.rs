//! CSV written so that a spreadsheet takes every cell for what it is.

use std::borrow::Cow;

/// The cell with an apostrophe before it if it begins with `=`, `+`, `-`, `@`, tab or a line break, so
/// that no spreadsheet runs it. A plain negative number like `-12.50` stays a number.
pub fn disarm(cell: &str) -> Cow<'_, str> {
    let armed = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if armed && !is_negative_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_negative_number(cell: &str) -> bool {
    let number = cell.strip_prefix('-').unwrap_or("");
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// A table as CSV (RFC 4180, lines ending in CR LF), every cell disarmed.
pub fn write<C: AsRef<str>>(columns: &[&str], rows: impl IntoIterator<Item = Vec<C>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    // Writing to memory takes every byte, so the results are not looked at.
    let _ = writer.write_record(columns.iter().map(|name| disarm(name).into_owned()));
    for row in rows {
        let _ = writer.write_record(row.iter().map(|cell| disarm(cell.as_ref()).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}
