//! Reading: the bytes of a UBL file become the command that takes the document in, or the one that
//! keeps its refusal with line and reason.
//!
//! Pure, and before the door: the record it makes is in the clear, and the shell seals what the pack
//! calls personal ([`PERSONAL`] by default) before the command is queued. It does not judge whether
//! the document is new; the stage does.

mod order;
mod record;

use baton_formats::ubl;
use baton_journal::{Command, Document, DocumentKind};
use baton_model::{Diagnostic, SubjectId};
use record::Made;

/// The fields of a document's record that are personal whatever a pack says.
pub const PERSONAL: [&str; 4] = [
    "supplier.iban",
    "supplier.contact",
    "supplier.email",
    "supplier.phone",
];

/// A file as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The file's name.
    pub name: &'a str,
    /// How it came: `cli`, `http` or `folder`.
    pub channel: &'a str,
    /// SHA-256 of its bytes, in hex.
    pub sha256: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The command a file makes: [`Command::Receive`], or [`Command::Refuse`] with what is wrong.
pub fn read(arrival: &Arrival<'_>) -> Command {
    match ubl::read(arrival.bytes) {
        Ok(document) => received(arrival, &document),
        Err(findings) => refused(arrival, findings),
    }
}

/// A size in bytes as the journal keeps it.
fn size(arrival: &Arrival<'_>) -> u64 {
    u64::try_from(arrival.bytes.len()).unwrap_or(u64::MAX)
}

/// The command that keeps a refusal.
pub fn refused(arrival: &Arrival<'_>, findings: Vec<Diagnostic>) -> Command {
    Command::Refuse {
        name: arrival.name.into(),
        channel: arrival.channel.into(),
        sha256: arrival.sha256.into(),
        size: size(arrival),
        findings,
    }
}

fn received(arrival: &Arrival<'_>, document: &ubl::Document) -> Command {
    let Made {
        supplier,
        sender,
        orders,
        record,
    } = made(document);
    Command::Receive(Box::new(Document {
        kind: kind(document),
        number: document.number().into(),
        sender,
        subject: SubjectId::new(supplier),
        orders,
        sha256: arrival.sha256.into(),
        size: size(arrival),
        name: arrival.name.into(),
        channel: arrival.channel.into(),
        record,
    }))
}

fn kind(document: &ubl::Document) -> DocumentKind {
    match document {
        ubl::Document::Order(_) => DocumentKind::Order,
        ubl::Document::ReceiptAdvice(_) => DocumentKind::ReceiptAdvice,
        ubl::Document::DespatchAdvice(_) => DocumentKind::DespatchAdvice,
        ubl::Document::Invoice(_) => DocumentKind::Invoice,
        ubl::Document::CreditNote(_) => DocumentKind::CreditNote,
    }
}

fn made(document: &ubl::Document) -> Made {
    match document {
        ubl::Document::Order(order) => order::order(order),
        ubl::Document::ReceiptAdvice(advice) => order::receipt(advice),
        ubl::Document::DespatchAdvice(advice) => order::despatch(advice),
        ubl::Document::Invoice(invoice) | ubl::Document::CreditNote(invoice) => {
            record::invoice(invoice)
        }
    }
}
