//! Findings: what is wrong in which file of a pack, at which line.

use super::Fault;
use baton_formats::xml::Lines;
use baton_model::Diagnostic;
use std::ops::Range;

/// A mistake in a file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, as seen from the pack's folder.
    pub path: String,
    /// What is wrong, and where in the file.
    pub diagnostic: Diagnostic,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.diagnostic)
    }
}

/// Findings being collected; those of `pack.toml` by their span.
pub(super) struct Findings<'a> {
    lines: Lines<'a>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let lines = Lines::of(text);
        let found = Vec::new();
        Self { lines, found }
    }

    /// A fault at a place of `pack.toml`.
    pub(super) fn at(&mut self, span: Range<usize>, fault: &Fault) {
        let (line, column) = self.lines.position(span.start);
        self.add("pack.toml", line, column, fault);
    }

    /// A fault at a line of another file.
    pub(super) fn add(&mut self, path: &str, line: u32, column: u32, fault: &Fault) {
        let diagnostic = Diagnostic::at(fault.code(), line, column, fault.to_string());
        self.push(path, diagnostic);
    }

    /// A finding another reader made.
    pub(super) fn push(&mut self, path: &str, diagnostic: Diagnostic) {
        let path = path.to_string();
        self.found.push(Finding { path, diagnostic });
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.found
    }
}
