//! The JSON door: limits, names said twice, numbers that would lose digits.

#![allow(clippy::print_stdout)]

mod fixtures;

use baton_formats::json;
use baton_model::{Decimal, Value};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn refused(text: &str) -> (String, u32, u32) {
    let start = Instant::now();
    let found = json::read(text.as_bytes()).expect_err("must be refused");
    assert!(start.elapsed() < Duration::from_secs(1));
    (found.code, found.line, found.column)
}

fn code(text: &str) -> String {
    refused(text).0
}

#[test]
fn reads_values() {
    let value =
        json::read(b"{\"a\": [1, 2.50, -0.1, true, null], \"b\": \"\\u00e9\"}").expect("reads");
    let numbers: Vec<Option<Decimal>> = value
        .at("a")
        .expect("a")
        .items()
        .iter()
        .map(Value::as_number)
        .collect();
    assert_eq!(numbers[1], Some(Decimal::new(25, 1)));
    assert_eq!(numbers[2], Some(Decimal::new(-1, 1)));
    assert_eq!(value.at("b").and_then(Value::as_text), Some("é"));
}

#[test]
fn refuses_with_code_and_place() {
    assert_eq!(
        refused("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}"),
        ("BATON-JSON-005".into(), 2, 18)
    );
    assert_eq!(code("{\"a\": 1, \"\\u0061\": 2}"), "BATON-JSON-005");
    assert_eq!(code("{\"$num\": \"1\"}"), "BATON-JSON-006");
    assert_eq!(refused("[1,\n2,]").1, 2);
    assert_eq!(code("{} {}"), "BATON-JSON-007");
    assert_eq!(code(""), "BATON-JSON-007");
    assert_eq!(code("\"abc"), "BATON-JSON-007");
    assert_eq!(code("\"abc\\"), "BATON-JSON-007");
    assert_eq!(
        refused("[\n1234567890123456]"),
        ("BATON-JSON-004".into(), 2, 1)
    );
    assert_eq!(code("[1e9]"), "BATON-JSON-004");
    assert_eq!(code("[0.1234567890123456]"), "BATON-JSON-004");
    let bytes = json::read(b"\"\xff\"").expect_err("refused");
    assert_eq!(bytes.code, "BATON-JSON-002");
}

#[test]
fn refuses_depth_and_size() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(json::read(nested(64).as_bytes()).is_ok());
    assert_eq!(refused(&nested(65)), ("BATON-JSON-003".into(), 1, 65));
    assert_eq!(code(&nested(500_000)), "BATON-JSON-003");
    assert_eq!(code(&" ".repeat(1024 * 1024 + 1)), "BATON-JSON-001");
    assert!(json::read(format!("\"{}\"", "[".repeat(1000)).as_bytes()).is_ok());
}

#[test]
fn plain_trees_keep_schema_names() {
    assert!(json::read_plain(b"{\"$schema\": \"x\"}").is_ok());
    assert!(json::read_plain(b"{\"$schema\": \"x\", \"$schema\": \"y\"}").is_err());
}

#[test]
fn naughty_strings_come_through() {
    for path in fixtures::files("naughty", "json") {
        let bytes = std::fs::read(path).expect("fixture");
        let ours = json::read(&bytes).expect("reads");
        let theirs: Vec<String> = serde_json::from_slice(&bytes).expect("reads");
        let ours: Vec<&str> = ours.items().iter().filter_map(Value::as_text).collect();
        assert_eq!(ours, theirs);
    }
}

proptest! {
    #[test]
    fn never_panics(text in "[\\[\\]{}\",:\\\\0-9eE.+ a$\\-]{0,60}") {
        let _ = json::read(text.as_bytes());
    }

    /// A number of fifteen digits keeps every one of them.
    #[test]
    fn numbers_keep_their_digits(digits in 0..1_000_000_000_000_000i64, scale in 0u32..14) {
        let number = Decimal::new(digits, scale);
        prop_assume!(number.to_string().chars().filter(char::is_ascii_digit).count() <= 15);
        let read = json::read(format!("[{number}]").as_bytes()).expect("reads");
        prop_assert_eq!(read.items()[0].as_number(), Some(number));
    }
}
