//! Documents that come in: what intake makes of an order, a receipt or an invoice before the command
//! is queued. The original's bytes are not here, only their hash; they lie encrypted beside.

use baton_model::{DocumentId, Record, SubjectId};
use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// What was ordered, from whom, at which prices.
    Order,
    /// What the buyer says was received.
    ReceiptAdvice,
    /// What the supplier says was sent.
    DespatchAdvice,
    /// What the supplier claims.
    Invoice,
    /// What the supplier gives back.
    CreditNote,
}

impl DocumentKind {
    /// The kind's name in records, messages and lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::ReceiptAdvice => "receipt_advice",
            Self::DespatchAdvice => "despatch_advice",
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }
}

/// The class of fields that originals fall under: a lane that declares `original.*` may open them. An
/// original holds all that its sender wrote, personal data too, so opening one is a reveal.
pub const ORIGINAL: &str = "original.";

/// A document's original as a field of its case.
pub fn original_of(document: &DocumentId) -> String {
    format!("{ORIGINAL}{document}")
}

/// A document that was read and found sound, ready to be received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number, as the sender gave it.
    pub number: String,
    /// Who sent it: the sender's id as it stands in the document.
    pub sender: String,
    /// Whose personal data it holds.
    pub subject: SubjectId,
    /// The orders it is about, as keys of the register of orders: an order's own key first, then
    /// other names it can be found by; for a receipt or an invoice the orders it may belong to.
    pub orders: Vec<String>,
    /// SHA-256 of the original's bytes, in hex.
    pub sha256: String,
    /// The size of the original in bytes.
    pub size: u64,
    /// The file's name, as it came.
    pub name: String,
    /// How it came: `cli`, `http` or `folder`.
    pub channel: String,
    /// Its fields, personal ones sealed.
    pub record: Record,
}
