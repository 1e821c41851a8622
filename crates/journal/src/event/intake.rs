//! What happens to files that are refused, and to what an invoice claims of an order and a budget.

use super::ClaimedLine;
use baton_model::{CaseId, Decimal, Diagnostic, DocumentId};
use serde::{Deserialize, Serialize};

/// A file was refused; it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRefused {
    /// Its id.
    pub id: DocumentId,
    /// The file's name.
    pub name: String,
    /// How it came.
    pub channel: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
}

/// The bytes of a file that was refused came again and are refused again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalRepeated {
    /// The id under which they were refused first.
    pub id: DocumentId,
    /// The file's name this time.
    pub name: String,
    /// How it came this time.
    pub channel: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// An invoice claims quantities of an order and an amount of a budget until its case ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuantitiesClaimed {
    /// The case.
    pub case: CaseId,
    /// The order claimed from, if there is one: sender and number.
    pub order: Option<String>,
    /// The quantities.
    pub lines: Vec<ClaimedLine>,
    /// The cost centre whose budget is claimed from.
    pub cost_centre: Option<String>,
    /// The net amount claimed.
    pub amount: Decimal,
}

/// The claim of a rejected case was given back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimReleased {
    /// The case.
    pub case: CaseId,
    /// The order claimed from.
    pub order: Option<String>,
    /// The cost centre claimed from.
    pub cost_centre: Option<String>,
}
