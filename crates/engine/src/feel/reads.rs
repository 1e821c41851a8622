//! Which fields an expression reads: the dotted paths in its text, so that a case opens no cell that is
//! not needed, the event can name what was read, and the parser knows every name.
//!
//! It looks at words only: keywords and the names of functions are left out, a loop's variable is not.

use std::collections::BTreeSet;

/// Words of FEEL that are no names, and words its functions begin with although an `and` follows.
const WORDS: [&str; 26] = [
    "and",
    "or",
    "not",
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
    "true",
    "false",
    "null",
    "function",
    "external",
    "instance",
    "of",
    "date",
    "time",
    "years",
    "months",
    "days",
    "partial",
];

/// The dotted paths in an expression, like `invoice.order`; texts and comments are left out.
pub fn reads(text: &str) -> BTreeSet<String> {
    let words = words(text);
    let mut paths = BTreeSet::new();
    for (place, word) in words.iter().enumerate() {
        let called = match words.get(place + 1) {
            Some(Word::Path(next)) => !WORDS.contains(&next.as_str()),
            Some(Word::Bracket) => true,
            _ => false,
        };
        if let Word::Path(path) = word
            && !called
            && !WORDS.contains(&path.as_str())
        {
            paths.insert(path.clone());
        }
    }
    paths
}

/// A part of an expression, as far as it matters here.
enum Word {
    Path(String),
    /// An opening round bracket: what stands before it is called.
    Bracket,
    Other,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => super::guard::quoted(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            letter if letter.is_alphabetic() || letter == '_' => path(rest),
            digit if digit.is_numeric() => rest
                .find(|letter: char| !letter.is_numeric())
                .unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        match first {
            letter if letter.is_alphabetic() || letter == '_' => {
                words.push(Word::Path(part.to_owned()))
            }
            '(' => words.push(Word::Bracket),
            space if space.is_whitespace() => {}
            '/' if length > 1 => {}
            _ => words.push(Word::Other),
        }
        rest = after;
    }
    words
}

/// The length of a dotted path; a dot without a name after it ends it.
fn path(text: &str) -> usize {
    let ends = |letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '.');
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    let named =
        |part: &str| part.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    whole
        .split('.')
        .take_while(|part| named(part))
        .map(|part| part.len() + 1)
        .sum::<usize>()
        - 1
}
