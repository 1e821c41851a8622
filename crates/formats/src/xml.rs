//! The door for XML: BPMN, DMN, UBL and whatever comes later are read through [`parse`] and nothing else.
//!
//! `guard` measures the bytes in one linear pass (size, encoding, depth, attributes, namespaces, nodes,
//! no DTD) before `roxmltree` builds a tree, because the tree builder is quadratic in attributes and in
//! namespaces. It does not check well-formedness; the tree builder does. The bytes come from a pack or a
//! message; the tree goes to the reader of the format.

mod guard;

use baton_model::Diagnostic;
pub use guard::{Fault, MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_NAMESPACES, MAX_NODES};
pub use roxmltree::{Document, Node};

/// Reads guarded XML into a tree that borrows the bytes.
///
/// # Errors
/// One positioned diagnostic `BATON-XML-NNN`: a limit of [`guard`](Fault) passed, or not well-formed.
pub fn parse(bytes: &[u8]) -> Result<Document<'_>, Diagnostic> {
    let text = guard::check(bytes)?;
    let options = roxmltree::ParsingOptions {
        allow_dtd: false,
        nodes_limit: u32::MAX,
        ..Default::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let fault = Fault::Malformed(error.to_string());
        Diagnostic::at(fault.code(), at.row, at.col, fault.to_string())
    })
}

/// The line starts of a text, so that many offsets find their lines without reading the text again.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of a text; for a tree, of its [`Document::input_text`].
    pub fn of(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        (number(line), number(before.chars().count() + 1))
    }

    /// Line and column where a node begins.
    pub fn of_node(&self, node: Node<'_, '_>) -> (u32, u32) {
        self.position(node.range().start)
    }
}

/// A count as the 32 bits of a diagnostic; a file is never that long.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
