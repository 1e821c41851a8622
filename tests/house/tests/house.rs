//! The laws of the house, held against the repository this test lies in. Each law has a test of its own
//! on a planted violation beside its code; here they meet the real sources. The lengths are printed on
//! every run.

use baton_house_tests::lengths::Function;
use baton_house_tests::source::Source;
use baton_house_tests::{Finding, absence, codes, folders, lengths, ratchet, rooms, root, source};
use std::io::Write;

fn none(findings: &[Finding]) {
    let lines: Vec<_> = findings.iter().map(Finding::to_string).collect();
    assert!(
        lines.is_empty(),
        "{} broken:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// Past the capture of the test runner, so that the numbers show in every log.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn sources() -> Vec<Source> {
    let sources = source::crates(&root());
    assert!(
        sources.len() > 20,
        "only {} files found under crates/",
        sources.len()
    );
    sources
}

fn functions(sources: &[Source]) -> Vec<Function> {
    sources.iter().flat_map(lengths::functions).collect()
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let packages = rooms::packages(&root());
    let named = packages
        .iter()
        .filter(|package| package.name.starts_with("baton"));
    assert!(named.count() > 10, "cargo metadata named too few rooms");
    none(&rooms::check(&packages));
}

#[test]
fn functions_and_files_stay_short() {
    let sources = sources();
    let functions = functions(&sources);
    say(&lengths::report(&sources, &functions));
    let list =
        std::fs::read_to_string(root().join("tests/house/ratchet.txt")).expect("ratchet.txt");
    let mut findings = ratchet::functions(&functions, &ratchet::read(&list).expect("ratchet.txt"));
    findings.extend(ratchet::median(&functions));
    findings.extend(ratchet::files(&sources));
    none(&findings);
}

#[test]
fn what_must_not_occur_does_not_occur() {
    let findings: Vec<_> = sources().iter().flat_map(absence::check).collect();
    none(&findings);
}

#[test]
fn packs_hold_no_rust_and_rooms_bear_their_names() {
    none(&folders::check(&root()));
}

#[test]
fn a_code_belongs_to_one_room() {
    let sources = sources();
    let shipped = codes::shipped(&sources);
    let provoked = codes::provoked(&root(), &sources);
    let open: Vec<_> = shipped
        .keys()
        .filter(|code| !provoked.contains(*code))
        .map(String::as_str)
        .collect();
    say(&format!(
        "{} codes, {} not yet named by a test: {}\n",
        shipped.len(),
        open.len(),
        open.join(" ")
    ));
    assert!(shipped.len() > 50, "only {} codes found", shipped.len());
    none(&codes::check(&shipped));
}
