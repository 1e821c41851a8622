//! Tables of a pack: CSV with a header row. Those that intake itself reads have their numbers checked.

use super::{Fault, Findings};
use baton_journal::setup::{SourceFile, TableRow};
use baton_model::Decimal;

/// The rows of a table, as far as they can be read.
pub(super) fn rows(source: &SourceFile, findings: &mut Findings<'_>) -> Vec<TableRow> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.deserialize::<TableRow>() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                findings.add(&source.path, line, 0, &Fault::Csv(error.to_string()));
            }
        }
    }
    if super::stem(&source.path) == "budgets" {
        amounts(&source.path, &rows, findings);
    }
    rows
}

/// The table of budgets must hold amounts; its rows begin on line 2.
fn amounts(path: &str, rows: &[TableRow], findings: &mut Findings<'_>) {
    for (line, row) in (2..).zip(rows) {
        let text = row.get("budget").cloned().unwrap_or_default();
        if text.parse::<Decimal>().is_err() {
            let column = "budget";
            findings.add(path, line, 0, &Fault::Number { column, text });
        }
    }
}
