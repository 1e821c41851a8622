//! Redaction of free text: e-mail addresses, account numbers (IBAN), card numbers and telephone numbers
//! are blacked out. What looks personal goes, even where it is not: a number too much hidden is asked
//! for, a number too many shown cannot be taken back.
//!
//! It finds no names of people; a lane that must not show those declares `freetext = "none"`.

use baton_journal::setup::Freetext;
use baton_model::Value;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What stands where something was blacked out.
pub const BLACK: &str = "████";

/// The last parts of names whose fields are free text.
const NAMES: &[&str] = &[
    "note",
    "notes",
    "comment",
    "remark",
    "remarks",
    "message",
    "text",
    "description",
];

/// Whether a field is free text: the last part of its name says so.
pub fn is_freetext(field: &str) -> bool {
    let last = field.rsplit(['.', '_']).next().unwrap_or(field);
    NAMES.contains(&last)
}

/// The patterns, compiled once; nothing if one did not compile, and then everything is black.
static LOOKED_FOR: LazyLock<Option<LookedFor>> = LazyLock::new(LookedFor::compile);

/// What is looked for.
struct LookedFor {
    address: Regex,
    account: Regex,
    date: Regex,
    card: Regex,
    telephone: Regex,
}

impl LookedFor {
    fn compile() -> Option<Self> {
        let regex = |pattern: &str| Regex::new(pattern).ok();
        Some(Self {
            // Something, @, something.
            address: regex(r"[\p{L}\p{N}._%+'\-]+\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}.\-]+")?,
            // An IBAN: two letters, two digits, 11 to 30 more, in groups or not.
            account: regex(r"(?i)\b[A-Z]{2}[0-9]{2}(?:[\s\-]?[A-Z0-9]){11,30}\b")?,
            // 2026-11-01, 01.11.2026 or 1/11/2026.
            date: regex(
                r"\b(?:(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-3]?[0-9][./][0-3]?[0-9][./](?:19|20)[0-9]{2})\b",
            )?,
            // 13 to 19 digits, in groups or not.
            card: regex(r"\b[0-9](?:[\s\-]?[0-9]){12,18}\b")?,
            // Begins with +, 0 or a number in brackets, and has at least seven digits.
            telephone: regex(
                r"(?:\+|\b0)[\s(]*[0-9](?:[\s()/.\-]{0,3}[0-9]){5,}|\(\+?[0-9\s]{2,7}\)[\s/.\-]{0,3}[0-9](?:[\s/.\-]{0,3}[0-9]){4,}",
            )?,
        })
    }

    /// Blacks out cards and telephones between dates; a date is none.
    fn numbers(&self, text: &str) -> String {
        let black = |part: &str| {
            let part = self.card.replace_all(part, BLACK);
            self.telephone.replace_all(&part, BLACK).into_owned()
        };
        let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
        for date in self.date.find_iter(text) {
            shown += &black(&text[from..date.start()]);
            shown += date.as_str();
            from = date.end();
        }
        shown + &black(&text[from..])
    }
}

/// Blacks out what looks personal.
pub fn redact(text: &str) -> String {
    let Some(looked_for) = LOOKED_FOR.as_ref() else {
        return BLACK.into();
    };
    let text = looked_for.address.replace_all(text, BLACK);
    let black = |found: &Captures<'_>| format!("{BLACK}{}", behind(&found[0]));
    let text = looked_for.account.replace_all(&text, black);
    looked_for.numbers(&text)
}

/// The words behind an account number: its groups of letters and digits run on into them. The number
/// ends with the word of its last digit.
fn behind(found: &str) -> &str {
    let end = found.rfind(|sign: char| sign.is_ascii_digit()).unwrap_or(0);
    let word = found[end..].find(char::is_whitespace);
    word.map_or("", |word| &found[end + word..])
}

/// Shows a field's value under a lane's rule for free text, nested fields too; nothing where the whole
/// of it is hidden.
pub(crate) fn under(rule: Freetext, field: &str, value: &Value) -> Option<Value> {
    let free = is_freetext(field);
    match value {
        Value::Text(_) if free && rule == Freetext::None => None,
        Value::Text(text) if free && rule == Freetext::Redacted => Some(Value::Text(redact(text))),
        Value::List(items) => {
            let shown = items.iter().filter_map(|item| under(rule, field, item));
            Some(Value::List(shown.collect()))
        }
        Value::Map(map) => {
            let shown = map.iter().filter_map(|(name, value)| {
                let inner = if free { field } else { name };
                Some((name.clone(), under(rule, inner, value)?))
            });
            Some(Value::Map(shown.collect()))
        }
        _ => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_personal_is_blacked_out() {
        for text in [
            "ada.lovelace+x@mail.example",
            "ada@brixner-kartonagen.de",
            "ада@почта.рф",
            "ada (at) mail.example",
            "ada7 (at) mail.example",
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 00",
            "gb29 nwbk 6016 1331 9268 19",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "378282246310005",
            "+49 561 123456",
            "+49 (0)561 / 12 34 56",
            "0561-123456",
            "0048 12 345 67 89",
            "(0561) 123456",
            "(212) 555-0199",
            "01.23.45.67.89",
        ] {
            let shown = redact(&format!("please ask {text} about it"));
            assert_eq!(shown, format!("please ask {BLACK} about it"), "{text}");
            assert_eq!(redact(text), BLACK, "{text}");
        }
    }

    #[test]
    fn what_the_work_needs_stays() {
        for text in [
            "Order 4500-7731 not yet updated",
            "valid from 2026-11-01, was 0.380, now 0.399 EUR",
            "from 01.11.2026 10:00 to 2026-01-05 100 pieces, 05/01/2026",
            "order (4500-7731), 2026-01-05 2026-01-06, 1.000.000,00 EUR",
            "EUR 3,892.37 goes to Approve, line 30",
            "INV-20419 of Thu 19 Nov 06:00",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn rules_reach_into_nested_values() {
        let line = Value::map([
            ("note", Value::text("call 0561-123456")),
            ("name", Value::text("Corner board")),
        ]);
        let lines = Value::List(vec![line]);
        let shown = |rule| under(rule, "invoice.lines", &lines).unwrap();
        let first = |rule| shown(rule).items()[0].clone();
        assert_eq!(first(Freetext::None).get("note"), None);
        let redacted = first(Freetext::Redacted);
        let note = redacted.get("note").and_then(Value::as_text);
        assert_eq!(note, Some("call ████"));
        assert_eq!(shown(Freetext::Full), lines);
        assert_eq!(under(Freetext::None, "a.note", &Value::text("x")), None);
        let list = Value::List(vec![Value::text("x")]);
        assert_eq!(
            under(Freetext::None, "a.note", &list),
            Some(Value::List(vec![]))
        );
    }

    #[test]
    fn free_text_is_told_by_the_last_part_of_the_name() {
        assert!(is_freetext("invoice.note") && is_freetext("note"));
        assert!(is_freetext("resolution.approver_note"));
        assert!(!is_freetext("invoice.notebook") && !is_freetext("invoice.number"));
    }
}
