//! How long functions and files are: measured from the parsed sources, with the median, the ninetieth
//! percentile and the longest. It does not say why something is long. Findings go to `tests/house.rs`,
//! where `ratchet` holds what may only shrink.

use crate::source::{self, Source};
use std::fmt::Write;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The median function must be shorter than this.
pub const MEDIAN: usize = 12;
/// No function may be longer, but for those of the ratchet.
pub const FUNCTION: usize = 70;
/// No file may be longer.
pub const FILE: usize = 500;

/// One function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The file, from the repository's root.
    pub path: String,
    /// The line its `fn` stands on.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Lines from its signature to its closing brace, both counted; attributes and docs are not.
    pub lines: usize,
    /// Whether it belongs to the tests.
    pub test: bool,
}

/// Every function of a file.
pub fn functions(source: &Source) -> Vec<Function> {
    let mut counter = Counter {
        path: &source.path,
        test: source.test,
        found: Vec::new(),
    };
    counter.visit_file(&source.syntax);
    counter.found
}

struct Counter<'a> {
    path: &'a str,
    test: bool,
    found: Vec<Function>,
}

impl Counter<'_> {
    fn count(&mut self, signature: &syn::Signature, body: &syn::Block, test: bool) {
        let first = signature.span().start().line;
        let last = body.span().end().line;
        self.found.push(Function {
            path: self.path.to_owned(),
            line: first,
            name: signature.ident.to_string(),
            lines: last + 1 - first,
            test: self.test || test,
        });
    }
}

impl<'ast> Visit<'ast> for Counter<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let before = self.test;
        self.test |= source::is_test(source::attributes(item));
        visit::visit_item(self, item);
        self.test = before;
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.count(&function.sig, &function.block, false);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let test = source::is_test(&function.attrs);
        self.count(&function.sig, &function.block, test);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.count(&function.sig, body, source::is_test(&function.attrs));
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// The lengths of a set of functions in order.
pub struct Summary {
    sorted: Vec<usize>,
}

impl Summary {
    /// Orders the lengths of the functions.
    pub fn of<'a>(functions: impl IntoIterator<Item = &'a Function>) -> Self {
        let mut sorted: Vec<_> = functions.into_iter().map(|found| found.lines).collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// The length that `percent` of the functions do not exceed (nearest rank), 0 without functions.
    pub fn percentile(&self, percent: usize) -> usize {
        let rank = (self.sorted.len() * percent).div_ceil(100).max(1);
        self.sorted.get(rank - 1).copied().unwrap_or(0)
    }
}

/// What the test prints: numbers of the whole, the longest functions, the longest files.
pub fn report(sources: &[Source], functions: &[Function]) -> String {
    let mut text = String::new();
    let shipped: Vec<_> = functions.iter().filter(|found| !found.test).collect();
    let summary = Summary::of(shipped.iter().copied());
    let lines: usize = sources.iter().map(|source| source.lines).sum();
    let _ = writeln!(
        text,
        "{} files, {lines} lines, {} functions outside tests: median {} lines, 90 % within {}, longest {}",
        sources.len(),
        shipped.len(),
        summary.percentile(50),
        summary.percentile(90),
        summary.percentile(100)
    );
    let mut longest: Vec<_> = functions.iter().collect();
    longest.sort_by_key(|found| std::cmp::Reverse(found.lines));
    for found in longest.iter().take(8) {
        let _ = writeln!(
            text,
            "  function {:>4} lines  {}:{} {}",
            found.lines, found.path, found.line, found.name
        );
    }
    let mut files: Vec<_> = sources.iter().collect();
    files.sort_by_key(|source| std::cmp::Reverse(source.lines));
    for source in files.iter().take(8) {
        let _ = writeln!(
            text,
            "  file     {:>4} lines  {}",
            source.lines, source.path
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str) -> Vec<(String, usize, bool)> {
        let source = Source::parse("crates/desk/src/lib.rs", text).expect("Rust");
        let functions = functions(&source).into_iter();
        functions
            .map(|found| (found.name, found.lines, found.test))
            .collect()
    }

    #[test]
    fn lines_run_from_the_signature_to_the_brace() {
        let text = "/// Said twice,\n/// at length.\n#[inline]\nfn long(\n    a: u8,\n) {\n    let _ = a;\n}\nfn short() {}\n";
        let expected = [
            ("long".to_owned(), 5, false),
            ("short".to_owned(), 1, false),
        ];
        assert_eq!(measured(text), expected);
    }

    #[test]
    fn methods_defaults_and_inner_functions_count_and_tests_are_marked() {
        let text = "impl A { fn a() { fn b() {} } }\ntrait T { fn c(); fn d() {} }\n#[cfg(test)] mod tests { fn e() {} }";
        let found: Vec<_> = measured(text)
            .into_iter()
            .map(|(name, _, test)| (name, test))
            .collect();
        let expected = [("a", false), ("b", false), ("d", false), ("e", true)];
        assert_eq!(found, expected.map(|(name, test)| (name.to_owned(), test)));
    }

    #[test]
    fn percentiles_take_the_nearest_rank() {
        let function = |lines| Function {
            path: String::new(),
            line: 1,
            name: String::new(),
            lines,
            test: false,
        };
        let functions: Vec<_> = (1..=10).rev().map(function).collect();
        let summary = Summary::of(&functions);
        let found = [50, 90, 100].map(|percent| summary.percentile(percent));
        assert_eq!(found, [5, 9, 10]);
        assert_eq!(Summary::of([]).percentile(50), 0);
    }
}
