//! What happens to agreements.

use baton_model::{Agreement, Micros};
use serde::{Deserialize, Serialize};

/// A version of an agreement is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementSet {
    /// What it says.
    pub agreement: Agreement,
    /// Its version, counted per agreement from 1.
    pub version: u32,
    /// From when on it counts: its date; of a later version not before the instant it became known, so
    /// that nothing measured is rewritten.
    pub from: Micros,
    /// The text it was read from, unchanged.
    pub text: String,
}
