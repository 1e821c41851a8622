//! What must not occur in the sources: sights and masks made outside `access`, `unwrap` and `expect`
//! outside tests, and IO, clock or randomness in a stage. It reads tokens, so the inside of macros counts
//! too; what a dependency does is `rooms`' business. Findings go to `tests/house.rs`.

use crate::Finding;
use crate::rooms::STAGES;
use crate::source::{self, Source};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};

/// Paths that no stage may name: IO, environment, clock and randomness.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "tokio",
    "tokio_postgres",
    "rusqlite",
    "axum",
    "rand",
    "getrandom",
];

/// Calls that read the clock whatever they were imported from.
const CLOCKS: &[&str] = &[
    "SystemTime",
    "Instant",
    "Timestamp",
    "Zoned",
    "Utc",
    "Local",
];

/// Checks one file against every absence.
pub fn check(source: &Source) -> Vec<Finding> {
    if source.test {
        return Vec::new();
    }
    let code = Code::of(source);
    let mut findings = Vec::new();
    let room = source.room().unwrap_or("");
    if room != "access" {
        makers(source, &code, &mut findings);
    }
    unwraps(source, &code, &mut findings);
    if STAGES.contains(&room) {
        outside(source, &code, &mut findings);
    }
    findings.sort();
    findings
}

/// A file's words with their lines, and its imports as full paths, without the parts that are tests.
pub(crate) struct Code {
    words: Vec<(String, usize)>,
    imports: Vec<(String, usize)>,
}

impl Code {
    /// The words that ship.
    pub(crate) fn of(source: &Source) -> Self {
        Self::taken(source, false)
    }

    /// The words of the tests.
    pub(crate) fn of_tests(source: &Source) -> Self {
        Self::taken(source, true)
    }

    fn taken(source: &Source, tests: bool) -> Self {
        let mut parts = Parts {
            tests,
            items: Vec::new(),
        };
        for item in &source.syntax.items {
            parts.take(item, source.test);
        }
        let mut code = Self {
            words: Vec::new(),
            imports: Vec::new(),
        };
        for item in parts.items {
            code.flatten(item.to_token_stream());
            code.visit_item(item);
        }
        code
    }

    /// The string literals, documentation left out.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        self.words
            .windows(3)
            .filter(|window| {
                window[2].0.contains('"') && !(window[0].0 == "doc" && window[1].0 == "=")
            })
            .map(|window| window[2].0.as_str())
    }

    fn flatten(&mut self, tokens: TokenStream) {
        for token in tokens {
            let line = token.span().start().line;
            match token {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::None => ("", ""),
                    };
                    self.words.push((open.to_owned(), line));
                    self.flatten(group.stream());
                    self.words.push((close.to_owned(), line));
                }
                other => self.words.push((other.to_string(), line)),
            }
        }
    }

    /// The lines at which the words stand one after another.
    fn lines_of<'a>(&'a self, words: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
        self.words
            .windows(words.len())
            .filter(move |window| window.iter().map(|(word, _)| word).eq(words.iter()))
            .map(|window| window[0].1)
    }

    fn import(&mut self, before: &str, tree: &syn::UseTree, line: usize) {
        let join = |name: &dyn std::fmt::Display| match before {
            "" => name.to_string(),
            _ => format!("{before}::{name}"),
        };
        match tree {
            syn::UseTree::Path(path) => self.import(&join(&path.ident), &path.tree, line),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.imports.push((before.to_owned(), line));
            }
            syn::UseTree::Name(name) => self.imports.push((join(&name.ident), line)),
            syn::UseTree::Rename(name) => {
                let path = format!("{} as {}", join(&name.ident), name.rename);
                self.imports.push((path, line));
            }
            syn::UseTree::Glob(_) => self.imports.push((join(&"*"), line)),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(before, tree, line);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Code {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let line = item.use_token.span.start().line;
        self.import("", &item.tree, line);
        visit::visit_item_use(self, item);
    }
}

/// The items that ship, or those of the tests: modules are opened, because either may hold the other.
struct Parts<'a> {
    tests: bool,
    items: Vec<&'a syn::Item>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, item: &'a syn::Item, within_tests: bool) {
        let test = within_tests || source::is_test(source::attributes(item));
        match item {
            syn::Item::Mod(syn::ItemMod {
                content: Some((_, items)),
                ..
            }) => {
                items.iter().for_each(|item| self.take(item, test));
            }
            _ if test == self.tests => self.items.push(item),
            _ => {}
        }
    }
}

fn makers(source: &Source, code: &Code, findings: &mut Vec<Finding>) {
    for maker in ["issue", "made"] {
        for line in code.lines_of(&[":", ":", maker]) {
            let message = format!(
                "calls `::{maker}`: only `access` issues a `Scope` and makes a `Masked`; ask it"
            );
            findings.push(Finding::new(&source.path, line, message));
        }
    }
    for (path, line) in &code.imports {
        if path.contains("Scope as ") || path.contains("Masked as ") {
            let message = format!("imports `{path}`: keep the names `Scope` and `Masked`");
            findings.push(Finding::new(&source.path, *line, message));
        }
    }
}

fn unwraps(source: &Source, code: &Code, findings: &mut Vec<Finding>) {
    for (index, window) in code.words.windows(4).enumerate() {
        let words = [&window[0].0, &window[1].0, &window[2].0].map(String::as_str);
        let call = match words {
            [".", "unwrap" | "expect", "("] => !own_expect(code, index, words[1]),
            [":", "unwrap" | "expect", _] => true,
            _ => false,
        };
        if call {
            let message = format!(
                "`{}` outside tests: return an error with a code, or make the wrong value impossible",
                words[1]
            );
            findings.push(Finding::new(&source.path, window[1].1, message));
        }
    }
}

/// A parser may have a method `expect` of its own: `self.expect(…)?`.
fn own_expect(code: &Code, dot: usize, name: &str) -> bool {
    let before = dot.checked_sub(1).and_then(|index| code.words.get(index));
    name == "expect" && before.is_some_and(|(word, _)| word == "self")
}

fn outside(source: &Source, code: &Code, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    for banned in OUTSIDE {
        for (path, line) in &code.imports {
            if names(path, banned) {
                found.push((path.clone(), *line));
            }
        }
        let words = path_words(banned);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        found.extend(
            code.lines_of(&words)
                .map(|line| ((*banned).to_owned(), line)),
        );
    }
    for clock in CLOCKS {
        let words = [*clock, ":", ":", "now"];
        let lines = code.lines_of(&words);
        found.extend(lines.map(|line| (format!("{clock}::now"), line)));
    }
    found.sort();
    found.dedup();
    for (path, line) in found {
        let message = format!(
            "a stage names `{path}`: it does no IO, reads no clock, draws no randomness; take it as an argument"
        );
        findings.push(Finding::new(&source.path, line, message));
    }
}

/// Whether an import brings in the banned path, something below it, or a glob above it.
fn names(import: &str, banned: &str) -> bool {
    let import = import.split(" as ").next().unwrap_or(import);
    if let Some(above) = import.strip_suffix("::*") {
        return banned == above
            || banned.starts_with(&format!("{above}::"))
            || above.starts_with(&format!("{banned}::"));
    }
    import == banned || import.starts_with(&format!("{banned}::"))
}

/// A path's words as tokens, with `::` behind a crate's name so that a variable of that name is none.
fn path_words(path: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in path.split("::").enumerate() {
        if index > 0 {
            words.extend([":".to_owned(), ":".to_owned()]);
        }
        words.push(part.to_owned());
    }
    if !path.contains("::") {
        words.extend([":".to_owned(), ":".to_owned()]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> String {
        let source = Source::parse(path, text).expect("Rust");
        let findings: Vec<_> = check(&source).iter().map(Finding::to_string).collect();
        findings.join("\n")
    }

    const DESK: &str = "crates/desk/src/lib.rs";

    #[test]
    fn only_access_issues_and_masks() {
        let text = "fn a() { Scope::issue(1); Masked::<u8>::made(2); }";
        assert_eq!(found("crates/access/src/lib.rs", text), "");
        let found = found("crates/web/src/lib.rs", text);
        assert!(
            found.contains("`::issue`") && found.contains("`::made`"),
            "{found}"
        );
    }

    #[test]
    fn a_renamed_scope_is_found() {
        let found = found("crates/web/src/lib.rs", "use baton_model::{Scope as S};");
        assert!(found.contains("Scope as S"), "{found}");
    }

    #[test]
    fn unwrap_and_expect_are_found_in_macros_too_but_not_in_tests() {
        let text = "fn a() {\n b.unwrap();\n format!(\"{}\", c.expect(\"d\"));\n e.map(Option::unwrap);\n}\n#[cfg(test)] mod tests { fn f() { g.unwrap(); } }";
        let lines: Vec<_> = found(DESK, text)
            .lines()
            .map(|line| line[..25].to_owned())
            .collect();
        assert_eq!(lines, [2, 3, 4].map(|line| format!("{DESK}:{line}:")));
    }

    #[test]
    fn softer_unwraps_and_a_parser_s_own_expect_pass() {
        let text = "fn a() { b.unwrap_or(1); self.expect(c)?; expect(d); }";
        assert_eq!(found(DESK, text), "");
    }

    #[test]
    fn io_clock_and_randomness_in_a_stage_are_found() {
        for text in [
            "use std::fs;",
            "use std::{io, fs::File};",
            "use std::time::*;",
            "use std::time::{Duration, SystemTime};",
            "fn a() { std::fs::read(b); }",
            "fn a() { rand::random(); }",
            "fn a() { assert!(Timestamp::now() > b); }",
            "fn a(b: std::net::IpAddr) {}",
        ] {
            assert!(found(DESK, text).contains("a stage names"), "{text}");
            assert_eq!(found("crates/app/src/lib.rs", text), "", "{text}");
        }
    }

    #[test]
    fn a_stage_may_name_durations_and_a_variable_rand() {
        let text =
            "use std::time::Duration; use std::collections::*; fn a(rand: u8) -> u8 { rand }";
        assert_eq!(found(DESK, text), "");
    }
}
