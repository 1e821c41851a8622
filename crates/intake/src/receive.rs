//! Receiving: whether a document is new, was here before, or may be a duplicate; and the kept refusal
//! of a file that could not be read. Not here: reading the file.

use crate::{Intake, correlate};
use baton_journal::event::{DocumentRefused, RefusalRepeated};
use baton_journal::turn::Refusal;
use baton_journal::{Command, Document, Env, Event, Key, Rejection, Stop};
use baton_model::{CaseId, Diagnostic, DocumentId, Micros, Record, SubjectId, Value};
use serde::{Deserialize, Serialize};

/// A document as intake remembers it under its sender, kind and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) id: DocumentId,
    pub(crate) subject: SubjectId,
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) name: String,
    pub(crate) channel: String,
    pub(crate) at: Micros,
    pub(crate) case: Option<CaseId>,
    pub(crate) suspected_of: Option<DocumentId>,
}

impl Seen {
    /// A document that has no case yet.
    pub(crate) fn of(id: &DocumentId, document: &Document, at: Micros) -> Self {
        Self {
            id: id.clone(),
            subject: document.subject.clone(),
            sha256: document.sha256.clone(),
            size: document.size,
            name: document.name.clone(),
            channel: document.channel.clone(),
            at,
            case: None,
            suspected_of: None,
        }
    }
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
        Command::Refuse { sha256, .. } => {
            let known = intake.refused.get(&Key::File(sha256.clone()))?;
            Ok(refusal(command, known, env).into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// The refusal of a file. The same bytes again, refused for the same reason, are counted and not listed
/// once more; where a newer Baton finds something else wrong with them, that is told.
fn refusal(command: &Command, known: Option<&Refused>, env: &Env<'_>) -> Option<Event> {
    let Command::Refuse {
        name,
        channel,
        sha256,
        size,
        findings,
    } = command
    else {
        return None;
    };
    let (name, channel, sha256) = (name.clone(), channel.clone(), sha256.clone());
    let same = known.filter(|known| known.findings == *findings);
    Some(match same {
        Some(known) => Event::RefusalRepeated(RefusalRepeated {
            id: known.id.clone(),
            name,
            channel,
            sha256,
        }),
        None => Event::DocumentRefused(DocumentRefused {
            id: document_id(env),
            name,
            channel,
            sha256,
            size: *size,
            findings: findings.clone(),
        }),
    })
}

/// A refused file as intake remembers it under its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) id: DocumentId,
    pub(crate) name: String,
    pub(crate) channel: String,
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) at: Micros,
    /// How often it came.
    pub(crate) times: u32,
    /// When it came last.
    pub(crate) last: Micros,
}

impl Refused {
    /// A file as it is refused first.
    pub(crate) fn of(event: &Event, at: Micros) -> Option<Self> {
        let Event::DocumentRefused(DocumentRefused {
            id,
            name,
            channel,
            sha256,
            size,
            findings,
        }) = event
        else {
            return None;
        };
        Some(Self {
            id: id.clone(),
            name: name.clone(),
            channel: channel.clone(),
            sha256: sha256.clone(),
            size: *size,
            findings: findings.clone(),
            at,
            times: 1,
            last: at,
        })
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
    if suspected_of.is_none()
        && let Some(correlated) = correlate::correlated(intake, &id, &document)?
    {
        return Ok(vec![correlated]);
    }
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
        "{} {} of {} was received before, byte for byte, as {about}; nothing was done, look there",
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
