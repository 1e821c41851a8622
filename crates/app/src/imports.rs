//! Taking documents in: a file's bytes are kept encrypted, read, sealed and submitted; the answer says
//! what became of it. Used by the program, the watched folder and the HTTP upload alike.

use crate::{App, Failure, granted, sight};
use baton_access::{Place, document_record};
use baton_intake::reading::{self, Arrival};
use baton_journal::event::{DocumentRefused, RefusalRepeated};
use baton_journal::turn::Refusal;
use baton_journal::{Actor, Command, Document, Event};
use baton_model::{Diagnostic, TenantId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

/// The most bytes of a file that are read; more is refused by the reader all the same.
const CAP: u64 = baton_formats::xml::MAX_BYTES as u64 + 1;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It started a case.
    Case,
    /// It went to a running case that waited for it.
    Correlated,
    /// It was taken in and started none: an order, a receipt.
    Document,
    /// The same bytes were there before; nothing happened.
    Duplicate,
    /// The same sender and number came before with other content: a case of its own, for a person.
    Suspected,
    /// It could not be read; it is kept and listed.
    Refused,
}

/// A file that was taken in, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Imported {
    /// The file's name.
    pub file: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The case it started or went to, or that its duplicate had started.
    pub case: Option<String>,
    /// The document's id.
    pub document: Option<String>,
    /// What it is: `invoice`, `order` …
    pub kind: Option<&'static str>,
    /// Its number.
    pub number: Option<String>,
    /// The currency of its totals.
    pub currency: Option<String>,
    /// The net total.
    pub net: Option<String>,
    /// The tax total.
    pub tax: Option<String>,
    /// The total with tax.
    pub gross: Option<String>,
    /// The amount payable.
    pub payable: Option<String>,
    /// The line of the first finding.
    pub line: Option<u32>,
    /// The code of the first finding.
    pub code: Option<String>,
    /// Why it was refused, or what it duplicates.
    pub reason: Option<String>,
}

/// Takes a file in.
pub fn import(
    app: &App,
    tenant: &TenantId,
    actor: Actor,
    channel: &str,
    name: &str,
    bytes: &[u8],
) -> Result<Imported, Failure> {
    let sha256 = crate::hex(&Sha256::digest(bytes));
    let command = reading::read(&Arrival {
        name,
        channel,
        sha256: &sha256,
        bytes,
    });
    let mut imported = Imported::of(name, &command);
    may_send(app, tenant, &actor, &command)?;
    let command = seal(app, tenant, command, bytes)?;
    match app.submit_now(tenant, actor, &app.fresh_cause("file"), command) {
        Ok(receipt) => imported.note(&receipt.events),
        Err(Failure::Rejected(rejection)) if rejection.kind == Refusal::Duplicate => {
            imported.outcome = Outcome::Duplicate;
            imported.case = rejection
                .about
                .clone()
                .filter(|about| !about.starts_with("D-"));
            imported.document = rejection.about.filter(|about| about.starts_with("D-"));
            imported.reason = Some(rejection.message);
        }
        Err(failure) => return Err(failure),
    }
    Ok(imported)
}

/// Refuses one who may not send it in, before anything of it is kept.
fn may_send(app: &App, tenant: &TenantId, actor: &Actor, command: &Command) -> Result<(), Failure> {
    let kind = match command {
        Command::Receive(document) => Some(document.kind.name()),
        _ => None,
    };
    let Some(party) = actor.party() else {
        return Ok(());
    };
    let failed = |error: &dyn std::fmt::Display| Failure::Store(error.to_string());
    let about = sight::about(app, tenant).map_err(|error| failed(&error))?;
    if about.client == *party {
        return Ok(());
    }
    let grants = granted::lane_grants(app, tenant).map_err(|error| failed(&error))?;
    baton_access::may_take_in(&grants, party, kind).map_err(Failure::Rejected)
}

/// Keeps the original and seals the record, before the command is queued.
fn seal(app: &App, tenant: &TenantId, command: Command, bytes: &[u8]) -> Result<Command, Failure> {
    let door = &app.inner.door;
    let keep = |subject: &_, sha256: &str| {
        door.originals
            .put(tenant, subject, sha256, bytes)
            .map_err(|error| Failure::Door(error.to_string()))
    };
    Ok(match command {
        Command::Receive(mut document) => {
            keep(&document.subject, &document.sha256)?;
            let place = document_record(&document.sha256);
            let record = std::mem::take(&mut document.record);
            let personal = app
                .personal(tenant)
                .map_err(|error| Failure::Store(error.to_string()))?;
            document.record = door.seal(
                Place::new(tenant, &place),
                &document.subject,
                record,
                &personal,
            )?;
            Command::Receive(document)
        }
        Command::Refuse {
            name,
            channel,
            sha256,
            size,
            findings,
        } => {
            keep(&crate::documents::file_subject(&sha256), &sha256)?;
            Command::Refuse {
                name,
                channel,
                sha256,
                size,
                findings,
            }
        }
        other => other,
    })
}

impl Imported {
    fn of(file: &str, command: &Command) -> Self {
        match command {
            Command::Receive(document) => Self::read(file, document),
            Command::Refuse { findings, .. } => Self::refused(file, findings.first()),
            _ => Self::refused(file, None),
        }
    }

    fn read(file: &str, document: &Document) -> Self {
        let part = if matches!(document.kind.name(), "invoice" | "credit_note") {
            "invoice"
        } else {
            document.kind.name()
        };
        let field = |name: &str| {
            let value = document.record.get(&format!("{part}.{name}"))?.value()?;
            value
                .as_number()
                .map(|number| number.to_string())
                .or_else(|| value.as_text().map(str::to_string))
        };
        Self {
            kind: Some(document.kind.name()),
            number: Some(document.number.clone()),
            currency: field("currency"),
            net: field("net"),
            tax: field("tax"),
            gross: field("gross"),
            payable: field("payable"),
            outcome: Outcome::Document,
            ..Self::refused(file, None)
        }
    }

    fn refused(file: &str, finding: Option<&Diagnostic>) -> Self {
        Self {
            file: file.into(),
            outcome: Outcome::Refused,
            case: None,
            document: None,
            kind: None,
            number: None,
            currency: None,
            net: None,
            tax: None,
            gross: None,
            payable: None,
            line: finding.map(|finding| finding.line),
            code: finding.map(|finding| finding.code.clone()),
            reason: finding.map(|finding| finding.message.clone()),
        }
    }

    /// Fills in what the events say.
    fn note(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::DocumentReceived {
                    id, suspected_of, ..
                } => {
                    self.document = Some(id.to_string());
                    if let Some(earlier) = suspected_of {
                        self.outcome = Outcome::Suspected;
                        self.reason = Some(format!(
                            "same sender and number as {earlier}, other content"
                        ));
                    }
                }
                Event::DocumentCorrelated { case, id, .. } => {
                    self.document = Some(id.to_string());
                    self.case = Some(case.to_string());
                    self.outcome = Outcome::Correlated;
                }
                Event::DocumentRefused(DocumentRefused { id, .. })
                | Event::RefusalRepeated(RefusalRepeated { id, .. }) => {
                    self.document = Some(id.to_string())
                }
                Event::CaseStarted { case, .. } => {
                    self.case = Some(case.to_string());
                    if self.outcome == Outcome::Document {
                        self.outcome = Outcome::Case;
                    }
                }
                _ => {}
            }
        }
    }

    /// The same without what it says of a case: for one who does not see that case.
    pub fn without_case(mut self) -> Self {
        self.case = None;
        self.document = None;
        if !self.is_refused() {
            self.reason = None;
        }
        self
    }

    /// Whether it could not be read.
    pub fn is_refused(&self) -> bool {
        self.outcome == Outcome::Refused
    }

    /// One line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = format!("{} {}", self.kind.unwrap_or_default(), text(&self.number));
        match self.outcome {
            Outcome::Case => {
                write!(
                    f,
                    "{}: {number} started {}, {} {}",
                    self.file,
                    text(&self.case),
                    text(&self.currency),
                    text(&self.gross)
                )
            }
            Outcome::Correlated => {
                write!(
                    f,
                    "{}: {number} went to {}, which waited for it",
                    self.file,
                    text(&self.case)
                )
            }
            Outcome::Document => write!(f, "{}: {number} taken in", self.file),
            Outcome::Duplicate => write!(
                f,
                "{}: {number} was there before ({})",
                self.file,
                text(&self.reason)
            ),
            Outcome::Suspected => {
                write!(
                    f,
                    "{}: {number} may be a duplicate, held as {} ({})",
                    self.file,
                    text(&self.case),
                    text(&self.reason)
                )
            }
            Outcome::Refused => {
                write!(
                    f,
                    "{}: refused at line {}: {}",
                    self.file,
                    self.line.unwrap_or_default(),
                    text(&self.reason)
                )
            }
        }
    }
}

/// A file's bytes, up to a little over what the readers take.
pub fn read_capped(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(CAP)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
