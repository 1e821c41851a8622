//! Which fields an expression reads: the dotted paths in its text, so that a case opens no cell that is
//! not needed and the event can name what was read.
//!
//! It looks at words only and errs to the side of too many: a loop's variable is a path too, and
//! matches no field.

use std::collections::BTreeSet;

/// The dotted paths in an expression, like `invoice.order`; strings and comments are left out.
pub fn reads(text: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut current = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => skip_quoted(&mut letters),
            _ if letter.is_alphanumeric() || letter == '_' => {
                current.push(letter);
                continue;
            }
            '.' if !current.is_empty()
                && letters
                    .peek()
                    .is_some_and(|next| next.is_alphabetic() || *next == '_') =>
            {
                current.push('.');
                continue;
            }
            _ => {}
        }
        keep(&mut paths, &mut current);
    }
    keep(&mut paths, &mut current);
    paths
}

fn keep(paths: &mut BTreeSet<String>, current: &mut String) {
    if current
        .chars()
        .next()
        .is_some_and(|first| !first.is_numeric())
    {
        paths.insert(std::mem::take(current));
    }
    current.clear();
}

fn skip_quoted(letters: &mut impl Iterator<Item = char>) {
    let mut escaped = false;
    for letter in letters.by_ref() {
        match letter {
            '"' if !escaped => return,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
}
