//! A case in words: why it needs a person, its status, its facts and those of its supplier.

use super::matching;
use crate::handlers::work::Loaded;
use crate::pages::case::{Fact, Fired, Reveal};
use crate::pages::parts::{Note, Table, Tag, Tone};
use baton_app::Shown;
use baton_app::views::cases::Case;
use baton_app::views::headline::{Fields, spoken};
use baton_model::{Masked, Value};

/// The lines of a matched case, where the viewer may read them.
pub(crate) fn compared(case: &Case) -> Option<Table> {
    matching::lines(
        value(&case.fields, "match.lines")?,
        value(&case.fields, "verdicts"),
    )
}

/// The same in short, for the preview beside a list.
pub(crate) fn briefly(case: &Case) -> Option<Table> {
    let verdicts = value(&case.fields, "verdicts");
    matching::brief(value(&case.fields, "match.lines")?, verdicts)
}

/// Why a case needs a person, in words.
pub(crate) fn reason(case: &Case) -> String {
    let lines = value(&case.fields, "match.lines").zip(value(&case.fields, "verdicts"));
    let said = lines.and_then(|(lines, verdicts)| matching::said(lines, verdicts));
    said.unwrap_or_else(|| capital(&case.heading.show().reason))
}

fn value<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name)?.show().value()
}

/// Words that begin with a capital.
pub(crate) fn capital(words: &str) -> String {
    let mut signs = words.chars();
    let first: String = signs
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", signs.as_str())
}

/// What is to be decided, or what is stuck.
pub(crate) fn note(case: &Case, fired: Option<&Fired>) -> Option<Note> {
    if let Some(incident) = &case.incident {
        return Some(Note {
            tone: Tone::Late,
            strong: "Stuck, a person is needed.".into(),
            text: incident.clone(),
        });
    }
    let reason = reason(case);
    let text = fired
        .map(|fired| fired.note.text.clone())
        .unwrap_or_default();
    (!reason.is_empty()).then_some(Note {
        tone: Tone::Risk,
        strong: reason,
        text,
    })
}

/// How a case stands.
pub(crate) fn status(case: &Case, item: Option<&Loaded>) -> Tag {
    match (&case.outcome, &case.incident, item) {
        (Some(outcome), ..) => Tag {
            text: outcome.clone(),
            tone: Tone::Quiet,
        },
        (None, Some(_), _) => Tag {
            text: "Stuck".into(),
            tone: Tone::Late,
        },
        (None, None, Some(loaded)) => Tag {
            text: loaded.item.name.clone(),
            tone: Tone::Risk,
        },
        (None, None, None) => Tag {
            text: "running".into(),
            tone: Tone::Plain,
        },
    }
}

/// The case's own fields that are one value each.
pub(crate) fn data(fields: &Fields) -> Vec<Fact> {
    let plain = fields
        .iter()
        .filter(|(name, _)| !name.starts_with("supplier.") && !name.starts_with("match.header."));
    plain
        .filter_map(|(name, shown)| {
            Some(Fact {
                name: capital(&name.replace(['.', '_'], " ")),
                ..fact(name, shown)?
            })
        })
        .collect()
}

/// The supplier's facts, masked ones with a way to reveal.
pub(crate) fn context(fields: &Fields) -> Vec<Fact> {
    fields
        .iter()
        .filter(|(name, _)| name.starts_with("supplier."))
        .filter_map(|(name, shown)| fact(name, shown))
        .collect()
}

fn fact(name: &str, shown: &Masked<Shown>) -> Option<Fact> {
    let words = match shown.show() {
        Shown::Clear(Value::List(_) | Value::Map(_) | Value::Null) => return None,
        other => spoken(other),
    };
    let (masked, revealable) = match shown.show() {
        Shown::Masked { revealable, .. } => (true, *revealable),
        _ => (false, false),
    };
    let reveal = revealable.then(|| Reveal {
        field: name.to_string(),
        left: "a reason is journaled; five an hour".into(),
    });
    Some(Fact {
        masked,
        reveal,
        ..Fact::new(label(name), words)
    })
}

/// A field's name for people.
fn label(name: &str) -> String {
    match name.rsplit('.').next().unwrap_or(name) {
        "iban" => "IBAN".into(),
        "vat" => "VAT number".into(),
        "id" => "Number".into(),
        "email" => "E-mail".into(),
        other => capital(&other.replace('_', " ")),
    }
}
