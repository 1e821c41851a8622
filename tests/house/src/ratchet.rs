//! What may only shrink: the functions that were already past the limit, with their lengths, and the
//! check that none grew, none was added and none that shrank keeps its old number. It measures nothing.
//! The list is `tests/house/ratchet.txt`: path, function, lines, one a line, `#` before remarks.

use crate::Finding;
use crate::lengths::{FILE, FUNCTION, Function, MEDIAN, Summary};
use crate::source::Source;
use std::collections::BTreeMap;

/// The listed lengths by path and function.
pub type List = BTreeMap<(String, String), usize>;

/// Reads the list.
pub fn read(text: &str) -> Result<List, String> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or("").trim())
        .filter(|line| !line.is_empty())
        .map(entry)
        .collect()
}

fn entry(line: &str) -> Result<((String, String), usize), String> {
    let mut words = line.split_whitespace();
    let (Some(path), Some(name), Some(lines), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(format!("`{line}`: write path, function, lines"));
    };
    let lines = lines
        .parse()
        .map_err(|_| format!("`{line}`: `{lines}` is no number of lines"))?;
    Ok(((path.to_owned(), name.to_owned()), lines))
}

/// Checks the functions against the limits and the list.
pub fn functions(functions: &[Function], list: &List) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut unused = list.clone();
    for found in functions.iter().filter(|found| found.lines > FUNCTION) {
        let listed = unused.remove(&(found.path.clone(), found.name.clone()));
        if let Some(message) = judge(found, listed) {
            findings.push(Finding::new(&found.path, found.line, message));
        }
    }
    for ((path, name), _) in unused {
        let message =
            format!("`{name}` is within {FUNCTION} lines now; strike it from ratchet.txt");
        findings.push(Finding::new(path, 0, message));
    }
    findings
}

fn judge(found: &Function, listed: Option<usize>) -> Option<String> {
    let Function { name, lines, .. } = found;
    match listed {
        None => Some(format!(
            "`{name}` has {lines} lines, more than {FUNCTION}; split it"
        )),
        Some(old) if *lines > old => Some(format!(
            "`{name}` grew from {old} to {lines} lines; split it"
        )),
        Some(old) if *lines < old => Some(format!(
            "`{name}` shrank to {lines} lines; write {lines} for {old} in ratchet.txt"
        )),
        Some(_) => None,
    }
}

/// Checks the median of the functions that ship.
pub fn median(functions: &[Function]) -> Vec<Finding> {
    let median = Summary::of(functions.iter().filter(|found| !found.test)).percentile(50);
    match median < MEDIAN {
        true => Vec::new(),
        false => vec![Finding::new(
            "crates",
            0,
            format!("the median function has {median} lines; it must stay under {MEDIAN}"),
        )],
    }
}

/// Checks the files' lengths, and that each says at its head what it is.
pub fn files(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        if source.lines > FILE {
            let message = format!(
                "{} lines, more than {FILE}; ask which second noun hides in it",
                source.lines
            );
            findings.push(Finding::new(&source.path, 0, message));
        }
        if !source.opened && source.lines > 0 {
            let message = "opens without `//!`: say what it is, what it does not do, where its data comes from and goes";
            findings.push(Finding::new(&source.path, 1, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, lines: usize) -> Function {
        Function {
            path: "crates/desk/src/lib.rs".into(),
            line: 1,
            name: name.into(),
            lines,
            test: false,
        }
    }

    fn judged(lines: usize, list: &str) -> String {
        let list = read(list).expect("list");
        let findings = functions(&[function("claim", lines)], &list);
        let texts: Vec<_> = findings.iter().map(Finding::to_string).collect();
        texts.join("\n")
    }

    #[test]
    fn a_long_function_is_found_unless_listed() {
        assert_eq!(judged(70, ""), "");
        assert!(judged(71, "").contains("more than 70; split it"));
        assert_eq!(judged(90, "crates/desk/src/lib.rs claim 90 # for now"), "");
    }

    #[test]
    fn a_listed_function_may_only_shrink() {
        let list = "crates/desk/src/lib.rs claim 90";
        assert!(judged(91, list).contains("grew from 90 to 91"));
        assert!(judged(80, list).contains("write 80 for 90"));
        assert!(judged(60, list).contains("strike it"));
    }

    #[test]
    fn a_wrong_line_of_the_list_is_refused() {
        assert!(read("crates/desk/src/lib.rs claim").is_err());
        assert!(read("crates/desk/src/lib.rs claim many").is_err());
    }

    #[test]
    fn a_median_at_the_limit_is_found() {
        assert_eq!(median(&[function("a", 11)]), []);
        assert_eq!(median(&[function("a", 12)]).len(), 1);
    }

    #[test]
    fn a_long_file_and_a_silent_file_are_found() {
        let parse = |text: &str| Source::parse("crates/desk/src/lib.rs", text).expect("Rust");
        assert_eq!(
            files(&[parse(&format!("//! Desk.{}", "\n//".repeat(499)))]),
            []
        );
        let long = files(&[parse(&format!("//! Desk.{}", "\n//".repeat(500)))]);
        assert!(long[0].message.contains("501 lines"), "{long:?}");
        assert!(
            files(&[parse("mod a;")])[0]
                .message
                .contains("opens without")
        );
    }
}
