//! Cells: the fields of a record as they lie behind the door. A personal field is sealed before its
//! command is queued; there is no variant that holds it in the clear.
//!
//! Sealing and opening are done by the shell with the keys of `access`; see HOUSE.md.

use crate::{SubjectId, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field's value: in the clear, or sealed under its subject's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Not personal.
    Clear(Value),
    /// Personal: ciphertext in base64, bound to tenant, record and field.
    Sealed {
        /// Whose key opens it.
        subject: SubjectId,
        /// The record it was sealed in: what was known at the door, like a document's hash.
        record: String,
        /// AEAD ciphertext with its synthetic nonce, in base64.
        ciphertext: String,
    },
}

impl Cell {
    /// A cell in the clear.
    pub fn clear(value: Value) -> Self {
        Self::Clear(value)
    }

    /// The value, unless it is sealed.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Clear(value) => Some(value),
            Self::Sealed { .. } => None,
        }
    }
}

/// A record's fields by name. Names are dotted paths (`supplier.iban`), so that one field of a
/// document can be personal beside others that are not.
pub type Record = BTreeMap<String, Cell>;
