//! The measure of an expression's text, before a parser sees it: bytes, brackets, terms.
//!
//! It knows strings and comments, so that a bracket in a text does not count; it checks no syntax.

use super::EvaluationError;

/// The longest expression, in bytes.
pub const MAX_BYTES: usize = 2_048;
/// The deepest nesting of brackets.
pub const MAX_DEPTH: usize = 24;
/// The most operators and keywords: a chain of terms nests as deep as it is long.
pub const MAX_TERMS: usize = 250;

const KEYWORDS: [&str; 12] = [
    "and",
    "or",
    "if",
    "then",
    "else",
    "for",
    "some",
    "every",
    "in",
    "return",
    "satisfies",
    "between",
];

/// Refuses a text that is too long, too deep, or has too many terms.
pub(super) fn check(text: &str) -> Result<(), EvaluationError> {
    if text.len() > MAX_BYTES {
        return Err(EvaluationError::TooLong { found: text.len() });
    }
    let mut measure = Measure::default();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        rest = &rest[measure.step(rest, next)..];
        if measure.depth > MAX_DEPTH || measure.terms > MAX_TERMS {
            return Err(EvaluationError::TooDeep);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Measure {
    depth: usize,
    terms: usize,
}

impl Measure {
    /// Reads one token and returns its length in bytes, at least one character.
    fn step(&mut self, rest: &str, next: char) -> usize {
        match next {
            '"' => quoted(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '(' | '[' | '{' => {
                self.depth += 1;
                1
            }
            ')' | ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                1
            }
            '+' | '-' | '*' | '/' | '=' | '<' | '>' | '!' | '.' => {
                self.terms += 1;
                1
            }
            letter if letter.is_alphanumeric() || letter == '_' => self.word(rest),
            other => other.len_utf8(),
        }
    }

    fn word(&mut self, rest: &str) -> usize {
        let ends = |letter: char| !(letter.is_alphanumeric() || letter == '_');
        let length = rest.find(ends).unwrap_or(rest.len());
        self.terms += usize::from(KEYWORDS.contains(&&rest[..length]));
        length
    }
}

/// The length of a quoted text with its quotes; to the end where it is not closed.
pub(super) fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    rest.len()
}
