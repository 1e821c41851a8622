//! What may be asked of agreements.

use baton_model::Agreement;
use serde::{Deserialize, Serialize};

/// Let a version of an agreement count from its date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAgreement {
    /// What it says.
    pub agreement: Agreement,
    /// The text it was read from.
    pub text: String,
}
