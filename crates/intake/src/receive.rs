//! Receiving: whether a document is new, was here before, or may be a duplicate; and the kept refusal
//! of a file that could not be read. Not here: reading the file.

use crate::Intake;
use baton_journal::turn::Refusal;
use baton_journal::{Command, Document, Env, Event, Key, Rejection, Stop};
use baton_model::{CaseId, DocumentId, Micros, Record, Value};
use serde::{Deserialize, Serialize};

/// A document as intake remembers it under its sender, kind and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) id: DocumentId,
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) name: String,
    pub(crate) channel: String,
    pub(crate) at: Micros,
    pub(crate) case: Option<CaseId>,
    pub(crate) suspected_of: Option<DocumentId>,
}

/// All documents of a sender, kind and number.
pub(crate) type Numbered = Vec<Seen>;

/// The id of the document that a turn takes in.
fn document_id(env: &Env<'_>) -> DocumentId {
    DocumentId::new(format!("D-{}", env.n))
}

pub(crate) fn decide(
    intake: &Intake,
    command: &Command,
    env: &Env<'_>,
) -> Result<Vec<Event>, Stop> {
    match command {
        Command::Receive(document) => receive(intake, document, env),
        Command::Refuse {
            name,
            channel,
            sha256,
            size,
            findings,
        } => Ok(vec![Event::DocumentRefused {
            id: document_id(env),
            name: name.clone(),
            channel: channel.clone(),
            sha256: sha256.clone(),
            size: *size,
            findings: findings.clone(),
        }]),
        _ => Ok(Vec::new()),
    }
}

fn receive(intake: &Intake, document: &Document, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
    let seen = intake.numbers.get(&Key::number(document))?;
    let seen = seen.map(Vec::as_slice).unwrap_or_default();
    if let Some(same) = seen.iter().find(|seen| seen.sha256 == document.sha256) {
        return Err(duplicate(document, same).into());
    }
    let id = document_id(env);
    let suspected_of = seen.first().map(|first| first.id.clone());
    let mut document = document.clone();
    note(&mut document, &id, suspected_of.as_ref());
    Ok(vec![Event::DocumentReceived {
        id,
        document: Box::new(document),
        suspected_of,
    }])
}

/// The same bytes again: nothing is done, and the answer names what is there.
fn duplicate(document: &Document, same: &Seen) -> Rejection {
    let case = same.case.as_ref().map(CaseId::to_string);
    let about = case.unwrap_or_else(|| same.id.to_string());
    let message = format!(
        "{} {} of {} was received before, byte for byte, as {about}; nothing was done",
        document.kind.name(),
        document.number,
        document.sender,
    );
    Rejection::new(Refusal::Duplicate, "BATON-INTAKE-001", message).about(about)
}

/// Notes in the fields of a case-to-be which document it is of, and which it may repeat.
fn note(document: &mut Document, id: &DocumentId, suspected_of: Option<&DocumentId>) {
    let record: &mut Record = &mut document.record;
    if !record.contains_key("invoice.number") {
        return;
    }
    let text = |id: &DocumentId| baton_model::Cell::clear(Value::text(id.as_str()));
    record.insert("invoice.document".into(), text(id));
    let suspected = suspected_of.map_or(baton_model::Cell::Clear(Value::Null), text);
    record.insert("invoice.suspected_of".into(), suspected);
}
