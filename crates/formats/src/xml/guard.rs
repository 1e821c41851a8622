//! The linear pre-pass over XML bytes: it counts what makes a tree dear to build and refuses too much.
//!
//! It finds tags and quotes, nothing more: names, nesting and characters are the tree builder's to judge.
//! It never counts less than the tree builder will build.

use super::Lines;
use baton_model::Diagnostic;
use thiserror::Error;

/// The most bytes a file may have: 10 MB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The deepest nesting of elements.
pub const MAX_DEPTH: usize = 64;
/// The most attributes one element may have, namespace declarations included.
pub const MAX_ATTRIBUTES: usize = 200;
/// The most namespace declarations in scope at one element.
pub const MAX_NAMESPACES: usize = 100;
/// The most nodes: elements, texts, comments, processing instructions.
pub const MAX_NODES: usize = 200_000;

/// Why XML was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// More than [`MAX_BYTES`].
    #[error("the file has {0} bytes; at most {MAX_BYTES} are read: split it or send less")]
    TooLarge(usize),
    /// A byte that is no UTF-8.
    #[error("byte {0:#04x} is not UTF-8; save the file as UTF-8 and send it again")]
    NotUtf8(u8),
    /// A declared encoding other than UTF-8.
    #[error("the file declares the encoding {0}; only UTF-8 is read: save it as UTF-8")]
    Encoding(String),
    /// A document type definition.
    #[error("a document type definition (<!DOCTYPE) is not read; remove it")]
    Dtd,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("elements are nested deeper than {MAX_DEPTH}; flatten the file")]
    Depth,
    /// More than [`MAX_ATTRIBUTES`] on an element.
    #[error("this element has more than {MAX_ATTRIBUTES} attributes; give it fewer")]
    Attributes,
    /// More than [`MAX_NAMESPACES`] in scope.
    #[error("more than {MAX_NAMESPACES} namespace declarations are in scope here; declare fewer")]
    Namespaces,
    /// More than [`MAX_NODES`].
    #[error("the file has more than {MAX_NODES} nodes; split it")]
    Nodes,
    /// A tag, comment or quote that is never closed.
    #[error("this {0} is never closed; the file is cut off or is not XML")]
    Unclosed(&'static str),
    /// Nothing that looks like an element.
    #[error("the file holds no XML element; send an XML document")]
    NoElement,
    /// The tree builder's finding.
    #[error("the XML is not well-formed: {0}")]
    Malformed(String),
}

impl Fault {
    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "BATON-XML-001",
            Self::NotUtf8(_) => "BATON-XML-002",
            Self::Encoding(_) => "BATON-XML-003",
            Self::Dtd => "BATON-XML-004",
            Self::Depth => "BATON-XML-005",
            Self::Attributes => "BATON-XML-006",
            Self::Namespaces => "BATON-XML-007",
            Self::Nodes => "BATON-XML-008",
            Self::Unclosed(_) => "BATON-XML-009",
            Self::NoElement => "BATON-XML-010",
            Self::Malformed(_) => "BATON-XML-011",
        }
    }
}

/// The text of the bytes without a byte order mark, if every limit holds.
pub(super) fn check(bytes: &[u8]) -> Result<&str, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(refuse("", 0, &Fault::TooLarge(bytes.len())));
    }
    let text = utf8(bytes)?;
    let mut scan = Scan::default();
    scan.run(text)
        .map_err(|fault| refuse(text, scan.at, &fault))?;
    Ok(text)
}

fn refuse(text: &str, offset: usize, fault: &Fault) -> Diagnostic {
    let before = text.get(..offset).unwrap_or(text);
    let (line, column) = Lines::of(before).position(before.len());
    Diagnostic::at(fault.code(), line, column, fault.to_string())
}

fn utf8(bytes: &[u8]) -> Result<&str, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'<', ..] | [b'<', 0, ..]
    ) {
        return Err(refuse("", 0, &Fault::Encoding("UTF-16".into())));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
        let bad = bytes.get(error.valid_up_to()).copied().unwrap_or(0);
        let text = std::str::from_utf8(good).unwrap_or("");
        refuse(text, text.len(), &Fault::NotUtf8(bad))
    })
}

/// What the pass has counted so far.
#[derive(Default)]
struct Scan {
    at: usize,
    nodes: usize,
    namespaces: usize,
    /// Namespace declarations of each open element.
    open: Vec<usize>,
    elements: bool,
}

impl Scan {
    fn run(&mut self, text: &str) -> Result<(), Fault> {
        while let Some(found) = text[self.at..].find('<') {
            if found > 0 {
                self.node()?;
            }
            self.at += found;
            self.at = self.markup(text)?;
        }
        if self.elements {
            Ok(())
        } else {
            Err(Fault::NoElement)
        }
    }

    fn node(&mut self) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            Err(Fault::Nodes)
        } else {
            Ok(())
        }
    }

    /// Reads one piece of markup at the position; returns the offset behind it.
    fn markup(&mut self, text: &str) -> Result<usize, Fault> {
        self.node()?;
        let rest = &text[self.at..];
        if rest.starts_with("<!--") {
            self.behind(rest, 4, "-->", "comment")
        } else if rest.starts_with("<![CDATA[") {
            self.behind(rest, 9, "]]>", "CDATA section")
        } else if rest.starts_with("<!") {
            Err(Fault::Dtd)
        } else if rest.starts_with("<?") {
            let end = self.behind(rest, 2, "?>", "processing instruction")?;
            declared(&text[self.at..end]).map(|()| end)
        } else if rest.starts_with("</") {
            self.namespaces -= self.open.pop().unwrap_or(0);
            self.behind(rest, 2, ">", "end tag")
        } else {
            self.start_tag(rest)
        }
    }

    fn behind(
        &self,
        rest: &str,
        skip: usize,
        end: &str,
        what: &'static str,
    ) -> Result<usize, Fault> {
        let found = rest[skip..].find(end).ok_or(Fault::Unclosed(what))?;
        Ok(self.at + skip + found + end.len())
    }

    fn start_tag(&mut self, rest: &str) -> Result<usize, Fault> {
        self.elements = true;
        let tag = Tag::read(rest)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::Depth);
        }
        if self.namespaces + tag.namespaces > MAX_NAMESPACES {
            return Err(Fault::Namespaces);
        }
        if !tag.closed {
            self.namespaces += tag.namespaces;
            self.open.push(tag.namespaces);
        }
        Ok(self.at + tag.length)
    }
}

/// A start tag, measured.
struct Tag {
    length: usize,
    namespaces: usize,
    closed: bool,
}

impl Tag {
    fn read(rest: &str) -> Result<Self, Fault> {
        let bytes = rest.as_bytes();
        let (mut attributes, mut namespaces, mut name, mut at) = (0, 0, 1, 1);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    let closed = bytes[at - 1] == b'/';
                    return Ok(Self {
                        length: at + 1,
                        namespaces,
                        closed,
                    });
                }
                b'=' => {
                    attributes += 1;
                    namespaces += usize::from(rest[name..at].starts_with("xmlns"));
                }
                b'"' | b'\'' => at = after_quote(bytes, at)?,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    if matches!(bytes[at - 1], b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'') {
                        name = at;
                    }
                }
            }
            if attributes > MAX_ATTRIBUTES {
                return Err(Fault::Attributes);
            }
            at += 1;
        }
        Err(Fault::Unclosed("start tag"))
    }
}

/// The offset of the quote that closes the one at `open`.
fn after_quote(bytes: &[u8], open: usize) -> Result<usize, Fault> {
    let quote = bytes[open];
    bytes[open + 1..]
        .iter()
        .position(|byte| *byte == quote)
        .map(|found| open + 1 + found)
        .ok_or(Fault::Unclosed("attribute value"))
}

/// Refuses an XML declaration that names an encoding other than UTF-8 (or its subset, US-ASCII).
fn declared(instruction: &str) -> Result<(), Fault> {
    let Some(found) = instruction
        .starts_with("<?xml ")
        .then(|| instruction.find("encoding"))
        .flatten()
    else {
        return Ok(());
    };
    let value = instruction[found + "encoding".len()..].trim_start_matches([' ', '\t', '=']);
    let name: String = value
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect();
    let accepted = ["utf-8", "utf8", "us-ascii", "ascii"];
    if accepted.contains(&name.to_ascii_lowercase().as_str()) {
        Ok(())
    } else {
        Err(Fault::Encoding(name))
    }
}
