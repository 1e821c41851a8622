//! Codes of errors and rejections, like `BATON-DESK-003`: each belongs to one room, and each should be
//! provoked by a test. It finds the codes in string literals and knows nothing of when they are
//! returned. Findings and the list of unprovoked codes go to `tests/house.rs`.

use crate::Finding;
use crate::absence::Code;
use crate::source::{Source, below};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The codes that ship, with the rooms that name them.
pub fn shipped(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.test) {
        let room = source.room().unwrap_or_default();
        for literal in Code::of(source).literals() {
            for code in codes_in(literal) {
                codes.entry(code).or_default().insert(room.to_owned());
            }
        }
    }
    codes
}

/// Codes that two rooms name: nobody could tell whose they are.
pub fn check(codes: &BTreeMap<String, BTreeSet<String>>) -> Vec<Finding> {
    codes
        .iter()
        .filter(|(_, rooms)| rooms.len() > 1)
        .map(|(code, rooms)| {
            let rooms: Vec<_> = rooms.iter().map(String::as_str).collect();
            let message = format!(
                "is named by {}; give one of them another",
                rooms.join(" and ")
            );
            Finding::new(code, 0, message)
        })
        .collect()
}

/// The codes that occur in tests: test modules, files of tests, snapshots.
pub fn provoked(root: &Path, sources: &[Source]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for source in sources {
        codes.extend(Code::of_tests(source).literals().flat_map(codes_in));
    }
    for path in below(&root.join("crates")) {
        let name = path.to_string_lossy();
        if name.contains("/tests/") || name.ends_with(".snap") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            codes.extend(codes_in(&text));
        }
    }
    codes
}

/// Every code in a text.
pub fn codes_in(text: &str) -> Vec<String> {
    text.match_indices("BATON-")
        .filter_map(|(at, _)| code_at(&text[at..]))
        .collect()
}

fn code_at(text: &str) -> Option<String> {
    let rest = text.strip_prefix("BATON-")?;
    let room: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
    let digits: String = rest[room.len()..]
        .strip_prefix('-')?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    (!room.is_empty() && digits.len() == 3).then(|| format!("BATON-{room}-{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str, text: &str) -> Source {
        Source::parse(path, text).expect("Rust")
    }

    #[test]
    fn codes_are_found_whole() {
        let found = codes_in("BATON-DESK-003: no; BATON-XML-12, BATON-, BATON-UBL-001.");
        assert_eq!(found, ["BATON-DESK-003", "BATON-UBL-001"]);
    }

    #[test]
    fn a_code_of_two_rooms_is_found_and_docs_do_not_count() {
        let sources = [
            parse(
                "crates/desk/src/lib.rs",
                "fn a() { no(\"BATON-DESK-001\", \"BATON-DESK-002\") }",
            ),
            parse(
                "crates/access/src/lib.rs",
                "/// As `BATON-DESK-002`.\nfn a() { no(\"BATON-DESK-001\") }",
            ),
        ];
        let found = check(&shipped(&sources));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0]
                .to_string()
                .contains("BATON-DESK-001: is named by access and desk"),
            "{found:?}"
        );
    }

    #[test]
    fn a_code_in_a_test_module_is_provoked() {
        let text = "fn a() { no(\"BATON-DESK-001\"); no(\"BATON-DESK-002\") } #[cfg(test)] mod tests { fn b() { is(\"BATON-DESK-002\") } }";
        let found = provoked(
            Path::new("nowhere"),
            &[parse("crates/desk/src/lib.rs", text)],
        );
        assert_eq!(found, BTreeSet::from(["BATON-DESK-002".to_owned()]));
    }
}
