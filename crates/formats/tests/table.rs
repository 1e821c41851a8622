//! Tables read with their lines, and written so that no spreadsheet runs a cell.

#![allow(clippy::print_stdout)]

mod fixtures;

use baton_formats::table::{self, Table};
use baton_model::{Decimal, Diagnostic};
use proptest::prelude::*;

fn read(text: &str) -> Table {
    table::read(text.as_bytes()).unwrap_or_else(|found| panic!("{found:?}"))
}

fn refused(bytes: &[u8]) -> (String, u32) {
    let found: Vec<Diagnostic> = table::read(bytes).expect_err("must be refused");
    (found[0].code.clone(), found[0].line)
}

#[test]
fn reads_cells_by_type() {
    let table = read("\u{feff}cost_centre,budget,from\n4711, 1200.50 ,2026-01-01\n\"47,12\",,\n");
    let [first, second] = table.rows.as_slice() else {
        panic!("{table:?}")
    };
    assert_eq!(table.text(first, "cost_centre"), Ok("4711"));
    assert_eq!(
        table.decimal(first, "budget"),
        Ok(Some(Decimal::new(120_050, 2)))
    );
    assert!(table.date(first, "from").is_ok_and(|day| day.is_some()));
    assert_eq!(table.text(second, "cost_centre"), Ok("47,12"));
    assert_eq!(table.decimal(second, "budget"), Ok(None));
    let absent = table.filled(second, "budget").expect_err("blank");
    assert_eq!((absent.code.as_str(), absent.line), ("BATON-TABLE-006", 3));
    let other = table.decimal(second, "cost_centre").expect_err("no number");
    assert!(other.message.contains("47,12"), "{other}");
    assert_eq!(
        table.column("owner").expect_err("no column").code,
        "BATON-TABLE-005"
    );
}

#[test]
fn refuses_with_lines() {
    assert_eq!(refused(b""), ("BATON-TABLE-003".into(), 1));
    assert_eq!(refused(b"a,b,a\n"), ("BATON-TABLE-003".into(), 1));
    assert_eq!(refused(b"a,,b\n"), ("BATON-TABLE-003".into(), 1));
    assert_eq!(
        refused(b"a,b\n\"1\n2\",3\n1\n"),
        ("BATON-TABLE-004".into(), 4)
    );
    assert_eq!(
        refused(b"a,b\n1,2\n\xff,2\n"),
        ("BATON-TABLE-002".into(), 3)
    );
    assert_eq!(refused(&vec![b'a'; 11_000_000]).0, "BATON-TABLE-001");
    let many = "a,b\n".to_owned() + &"1,2\n".repeat(500_001);
    assert_eq!(refused(many.as_bytes()).0, "BATON-TABLE-001");
}

#[test]
fn reads_the_spectrum() {
    for path in fixtures::files("csv-spectrum/csvs", "csv") {
        let mut text = std::fs::read_to_string(&path).expect("fixture");
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("name");
        // The copies of these two have lost the carriage returns that their JSON still has.
        if name.ends_with("_crlf") && !text.contains('\r') {
            text = text.replace('\n', "\r\n");
        }
        let table = read(&text);
        let expected = path.with_file_name(format!("../json/{name}.json"));
        let expected: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_slice(&std::fs::read(expected).expect("fixture")).expect("JSON");
        assert_eq!(table.rows.len(), expected.len(), "{name}");
        for (row, expected) in table.rows.iter().zip(&expected) {
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                assert_eq!(expected[column].as_str(), Some(cell.as_str()), "{name}");
            }
        }
    }
}

#[test]
fn disarms_formulas() {
    for (cell, written) in [
        ("=1+1", "'=1+1"),
        ("+49 40", "'+49 40"),
        ("-1+1|cmd", "'-1+1|cmd"),
        ("-", "'-"),
        ("-12.50", "-12.50"),
        ("-12.", "'-12."),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("a=1", "a=1"),
        ("", ""),
    ] {
        assert_eq!(table::disarm(cell), written);
    }
    for path in fixtures::files("naughty", "txt") {
        for line in String::from_utf8_lossy(&std::fs::read(path).expect("fixture")).lines() {
            let out = String::from_utf8(table::write(&["a"], [vec![line]])).expect("UTF-8");
            let cell = &read(&out)
                .rows
                .first()
                .map(|row| row.cells[0].clone())
                .unwrap_or_default();
            let number = cell.starts_with('-') && cell.parse::<Decimal>().is_ok();
            assert!(
                number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
        }
    }
}

proptest! {
    /// What is written is read again, less the apostrophe that disarms.
    #[test]
    fn survives_writing(rows in proptest::collection::vec(("\\PC{0,12}", "[a=,\"\n\r@+-]{1,8}"), 0..6)) {
        let cells = rows.iter().map(|(one, two)| vec![format!("x{one}"), two.clone()]);
        let table = table::read(&table::write(&["one", "two"], cells)).expect("reads");
        prop_assert_eq!(table.rows.len(), rows.len());
        for (row, (one, two)) in table.rows.iter().zip(&rows) {
            prop_assert_eq!(&row.cells[0], &format!("x{one}"));
            let written = table::disarm(two).into_owned();
            prop_assert_eq!(&row.cells[1], &written);
        }
    }
}
