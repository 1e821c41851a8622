//! Agreements: what a sound text says, and every mistake at its place.

#![allow(clippy::unwrap_used)]

use baton_formats::agreement::read;
use baton_model::agreement::LevelKind;
use baton_model::{Decimal, WorkingTime};

const TEXT: &str = r#"id = "KS-2026"
name = "Exceptions"
client = "LV"
provider = "KS"
currency = "EUR"
zone = "Europe/Berlin"
from = "2026-11-01"
until = "2026-12-31"
sites = ["krakow"]

[[lane]]
id = "resolve"
price = { card = "1.1", unit = "3.905" }
read = ["invoice.*"]
freetext = "redacted"

[[level]]
id = "on-time"
name = "On time"
lane = "resolve"
kind = "on-time"
within = "PT1H30M"
target = "97.5 %"
critical = true

[[level]]
id = "first-pass"
name = "Right the first time"
lane = "resolve"
kind = "first-pass"
target = "95"

[continuity]
backup = "TO"
in-flight = "hand-over"
"#;

#[test]
fn a_sound_text_is_read() {
    let agreement = read(TEXT).unwrap();
    assert_eq!(
        agreement.from.to_string(),
        "2026-10-31T23:00:00Z",
        "midnight in Berlin"
    );
    assert_eq!(
        agreement.until.unwrap().to_string(),
        "2026-12-31T23:00:00Z",
        "after its last day"
    );
    let price = agreement.lanes[0].price.as_ref().unwrap();
    assert_eq!(price.unit, "3.905".parse::<Decimal>().unwrap());
    let (level, within) = agreement.on_time(&"resolve".into()).unwrap();
    assert_eq!(
        (level.target, level.minimum, within),
        (9_750, 20, WorkingTime::minutes(90))
    );
    assert_eq!(agreement.levels[1].kind, LevelKind::FirstPass);
    assert_eq!(agreement.continuity.unwrap().in_flight, "hand_over");
}

/// The finding of a text in which one thing was replaced.
fn broken(from: &str, to: &str) -> (String, u32, u32, String) {
    assert!(TEXT.contains(from), "{from}");
    let found = read(&TEXT.replacen(from, to, 1)).unwrap_err();
    let first = found.first().unwrap().clone();
    (first.code, first.line, first.column, first.message)
}

#[test]
fn every_mistake_is_found_at_its_place() {
    for (from, to, code, line, column) in [
        (
            "name = \"Exceptions\"",
            "nane = \"Exceptions\"",
            "BATON-AGREEMENT-001",
            2,
            1,
        ),
        (
            "kind = \"on-time\"",
            "kind = \"sometimes\"",
            "BATON-AGREEMENT-001",
            21,
            8,
        ),
        ("\"KS-2026\"", "\"KS 2026\"", "BATON-AGREEMENT-002", 1, 6),
        ("\"EUR\"", "\"euro\"", "BATON-AGREEMENT-002", 5, 12),
        (
            "\"2026-11-01\"",
            "\"1 November\"",
            "BATON-AGREEMENT-002",
            7,
            8,
        ),
        ("\"3.905\"", "\"-1\"", "BATON-AGREEMENT-002", 13, 32),
        (
            "\"invoice.*\"",
            "\"in*voice\"",
            "BATON-AGREEMENT-002",
            14,
            9,
        ),
        ("\"PT1H30M\"", "\"P1D\"", "BATON-AGREEMENT-002", 22, 10),
        ("\"97.5 %\"", "\"101 %\"", "BATON-AGREEMENT-002", 23, 10),
        (
            "[\"krakow\"]",
            "[\"krakow\", \"krakow\"]",
            "BATON-AGREEMENT-003",
            9,
            20,
        ),
        (
            "id = \"first-pass\"",
            "id = \"on-time\"",
            "BATON-AGREEMENT-003",
            27,
            6,
        ),
        (
            "lane = \"resolve\"",
            "lane = \"verify\"",
            "BATON-AGREEMENT-005",
            20,
            8,
        ),
        (
            "kind = \"first-pass\"",
            "kind = \"on-time\"\nwithin = \"PT2H\"",
            "BATON-AGREEMENT-006",
            29,
            8,
        ),
        ("within = \"PT1H30M\"\n", "", "BATON-AGREEMENT-007", 18, 6),
        (
            "\"Europe/Berlin\"",
            "\"Europe/Berln\"",
            "BATON-AGREEMENT-008",
            6,
            8,
        ),
        (
            "\"2026-12-31\"",
            "\"2026-10-01\"",
            "BATON-AGREEMENT-009",
            8,
            9,
        ),
        (
            "provider = \"KS\"",
            "provider = \"LV\"",
            "BATON-AGREEMENT-010",
            13,
            32,
        ),
    ] {
        let (found, at_line, at_column, message) = broken(from, to);
        assert_eq!(
            (found.as_str(), at_line, at_column),
            (code, line, column),
            "{to}: {message}"
        );
    }
    let bare = TEXT.split("[[lane]]").next().unwrap();
    assert_eq!(read(bare).unwrap_err()[0].code, "BATON-AGREEMENT-004");
    let (_, _, _, said) = broken("\"Europe/Berlin\"", "\"Europe/Berln\"");
    assert!(said.contains("did you mean Europe/Berlin?"), "{said}");
}

#[test]
fn a_text_of_anything_is_read_or_refused() {
    for text in [
        "",
        "=",
        "[[lane]]",
        "id = 1",
        "\u{feff}id = \"x\"",
        "a = [[[[[[[[",
        "sites = \"x\"",
    ] {
        assert!(!read(text).unwrap_err().is_empty(), "{text}");
    }
}
