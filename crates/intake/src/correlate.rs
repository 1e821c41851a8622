//! Correlating: whether a running case waits for a credit note that came in, and what it brings to the
//! case. A credit note that refers to an invoice of the same sender goes to that invoice's case, if the
//! case awaits a message by the name of its kind; else it starts a case of its own.
//!
//! Which case awaits what is folded from the engine's events; the engine takes the message in. One that
//! may be a duplicate is never correlated, nor one that several cases wait for: a person looks.

use crate::Intake;
use crate::lines::Fields;
use baton_journal::{Document, DocumentKind, Event, Key, Need};
use baton_model::{CaseId, Cell, Decimal, DocumentId, Record, Value};
use serde::{Deserialize, Serialize};

/// What intake remembers of a case that waited for a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// The messages it awaits.
    awaited: Vec<Awaited>,
    /// The credit notes that came to it.
    pub(crate) credits: Vec<Credit>,
}

/// A message that is awaited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Awaited {
    token: u32,
    message: String,
    key: String,
}

/// A credit note that came to a case of its invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credit {
    pub(crate) number: String,
    pub(crate) currency: String,
    pub(crate) net: Decimal,
    pub(crate) payable: Decimal,
}

impl Waiting {
    /// Folds an event of the case.
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::MessageAwaited {
                token,
                message,
                key,
                ..
            } => self.awaited.push(Awaited {
                token: *token,
                message: message.clone(),
                key: key.clone(),
            }),
            Event::MessageEnded { token, message, .. } => self
                .awaited
                .retain(|awaited| awaited.token != *token || awaited.message != *message),
            Event::CaseEnded { .. } => self.awaited.clear(),
            Event::DocumentCorrelated { document, .. } => {
                self.credits.push(Credit::of(document));
            }
            _ => {}
        }
    }

    /// The key under which such a message about an invoice is awaited; an empty one is about the whole
    /// case.
    fn key(&self, message: &str, invoice: &str) -> Option<&str> {
        let mut fits = self
            .awaited
            .iter()
            .filter(|awaited| awaited.message == message);
        let found = fits.find(|awaited| awaited.key == invoice || awaited.key.is_empty())?;
        Some(&found.key)
    }
}

impl Credit {
    fn of(document: &Document) -> Self {
        let fields = Fields(&document.record);
        Self {
            number: document.number.clone(),
            currency: fields.text("invoice.currency").unwrap_or_default(),
            net: fields.number("invoice.net"),
            payable: fields.number("invoice.payable"),
        }
    }
}

/// The taking in of a credit note that exactly one running case waits for.
pub(crate) fn correlated(
    intake: &Intake,
    id: &DocumentId,
    document: &Document,
) -> Result<Option<Event>, Need> {
    if document.kind != DocumentKind::CreditNote {
        return Ok(None);
    }
    let mut waits = waiting(intake, document)?;
    let Some((case, key)) = waits.pop().filter(|_| waits.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(Event::DocumentCorrelated {
        case,
        message: document.kind.name().into(),
        key,
        id: id.clone(),
        document: Box::new(document.clone()),
        brought: brought(document),
    }))
}

/// The cases of the invoices it refers to that await it, each with the key it is awaited by.
fn waiting(intake: &Intake, document: &Document) -> Result<Vec<(CaseId, String)>, Need> {
    let referred = Fields(&document.record).value("invoice.preceding");
    let referred = referred.map(Value::items).unwrap_or_default();
    let mut found = Vec::new();
    for invoice in referred.iter().filter_map(Value::as_text) {
        let key = Key::number_of(&document.sender, DocumentKind::Invoice, invoice);
        let seen = intake.numbers.get(&key)?.into_iter().flatten();
        for case in seen.filter_map(|seen| seen.case.as_ref()) {
            let waiting = intake.waiting.get(&Key::Case(case.clone()))?;
            let key = waiting.and_then(|waiting| waiting.key(document.kind.name(), invoice));
            found.extend(key.map(|key| (case.clone(), key.to_string())));
        }
    }
    found.dedup();
    Ok(found)
}

/// What it brings: its fields under the name of its kind, so that those of the case's own document stay.
/// A sealed cell is bound to the name it was sealed under and stays with the document.
fn brought(document: &Document) -> Record {
    let kind = document.kind.name();
    let clear = document.record.iter().filter_map(|(name, cell)| {
        let name = name.strip_prefix("invoice.")?;
        Some((format!("{kind}.{name}"), Cell::Clear(cell.value()?.clone())))
    });
    clear.collect()
}
