//! The linear pre-pass over JSON bytes: size, encoding, depth and length of numbers.
//!
//! It knows strings from structure and nothing more; `tree` judges the grammar.

use baton_model::Diagnostic;
use thiserror::Error;

/// The most bytes a document may have: 1 MiB.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The deepest nesting of lists and objects.
pub const MAX_DEPTH: usize = 64;
/// The most digits of a number; longer ones are to be written as text.
pub const MAX_DIGITS: usize = 15;

/// Why JSON was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// More than [`MAX_BYTES`].
    #[error("the document has {0} bytes; at most {MAX_BYTES} are read: send less")]
    TooLarge(usize),
    /// Bytes that are no UTF-8.
    #[error("the document is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("lists and objects are nested deeper than {MAX_DEPTH}; flatten the document")]
    Depth,
    /// A number of more than [`MAX_DIGITS`] digits, or with an exponent.
    #[error(
        "the number {0} has more than {MAX_DIGITS} digits or an exponent; write it as text in quotes"
    )]
    Number(String),
    /// A name that an object has already.
    #[error("the name `{0}` stands twice in one object; remove one")]
    Duplicate(String),
    /// A name that belongs to the journal.
    #[error("the name `{0}` begins with `$`, which is kept for the journal; rename it")]
    Reserved(String),
    /// Not JSON.
    #[error("not JSON: {0}")]
    Malformed(String),
}

impl Fault {
    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "BATON-JSON-001",
            Self::NotUtf8 => "BATON-JSON-002",
            Self::Depth => "BATON-JSON-003",
            Self::Number(_) => "BATON-JSON-004",
            Self::Duplicate(_) => "BATON-JSON-005",
            Self::Reserved(_) => "BATON-JSON-006",
            Self::Malformed(_) => "BATON-JSON-007",
        }
    }
}

/// The text of the bytes without a byte order mark, if every limit holds.
pub(super) fn check(bytes: &[u8]) -> Result<&str, Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(refuse("", 0, &Fault::TooLarge(bytes.len())));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
        let text = std::str::from_utf8(good).unwrap_or("");
        refuse(text, text.len(), &Fault::NotUtf8)
    })?;
    scan(text)?;
    Ok(text)
}

fn refuse(text: &str, offset: usize, fault: &Fault) -> Diagnostic {
    let before = text.get(..offset).unwrap_or(text);
    let (line, column) = crate::xml::Lines::of(before).position(before.len());
    Diagnostic::at(fault.code(), line, column, fault.to_string())
}

fn scan(text: &str) -> Result<(), Diagnostic> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(refuse(text, at, &Fault::Depth));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'-' | b'0'..=b'9' => at = number_end(text, at)?,
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The offset of the quote that ends the string begun at `open`, or of the end.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The offset of a number's last byte.
fn number_end(text: &str, start: usize) -> Result<usize, Diagnostic> {
    let rest = text.get(start..).unwrap_or("");
    let of_number = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let length = rest.bytes().take_while(|byte| of_number(byte)).count();
    let number = rest.get(..length).unwrap_or("");
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits > MAX_DIGITS || number.contains(['e', 'E']) {
        let shown = number.chars().take(40).collect();
        return Err(refuse(text, start, &Fault::Number(shown)));
    }
    Ok(start + length - 1)
}
