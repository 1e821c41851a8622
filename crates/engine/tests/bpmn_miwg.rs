//! The reference models of the BPMN interchange group: each is compiled, or refused with every element
//! that is not run by id and line. Broken copies of them never stop the reader.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test, helpers and all

use baton_engine::{Models, model::check};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn models() -> Option<Vec<PathBuf>> {
    let root = std::env::var_os("BATON_FIXTURES").map(PathBuf::from);
    let root = root
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"));
    let files = std::fs::read_dir(root.join("bpmn-miwg/Reference")).ok()?;
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    Some(files)
}

#[test]
fn every_model_compiles_or_is_refused_by_id_and_line() {
    let Some(files) = models() else {
        println!("skipped: no fixtures");
        return;
    };
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let name = file.file_name().unwrap().to_string_lossy();
        match check(&bytes, &Models::default(), &BTreeSet::new()) {
            Ok(processes) => println!("{name}: runs, {} processes", processes.len()),
            Err(findings) => {
                let kinds: BTreeSet<_> = findings
                    .iter()
                    .map(|finding| finding.code.as_str())
                    .collect();
                assert!(
                    findings
                        .iter()
                        .all(|finding| finding.line > 0 || finding.code == "BATON-MODEL-001")
                );
                println!("{name}: {} findings, {kinds:?}", findings.len());
                for finding in findings.iter().filter(|finding| finding.subject.is_some()) {
                    let subject = finding.subject.as_deref().unwrap();
                    assert!(finding.line > 0, "{name}: {finding}");
                    // An expression's finding stands at the expression, inside the element it names.
                    let around: String = text
                        .lines()
                        .skip((finding.line as usize).saturating_sub(12))
                        .take(48)
                        .collect();
                    assert!(
                        around.contains(subject),
                        "{name}: {subject} is not at {finding}"
                    );
                }
            }
        }
    }
}

#[test]
fn broken_copies_are_refused_and_the_process_lives_on() {
    let Some(files) = models() else {
        println!("skipped: no fixtures");
        return;
    };
    let mut refused = 0;
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        for part in 1..40 {
            let mut copy = bytes.clone();
            let at = copy.len() * part / 40;
            match part % 3 {
                0 => copy.truncate(at),
                1 => copy[at] = b'<',
                _ => drop(copy.drain(at..at + 7)),
            }
            refused += usize::from(check(&copy, &Models::default(), &BTreeSet::new()).is_err());
        }
    }
    println!(
        "{refused} of {} broken copies are refused",
        files.len() * 39
    );
    assert!(refused > files.len() * 20);
}
