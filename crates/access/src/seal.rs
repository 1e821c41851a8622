//! Sealing and opening of cells: AES-256-SIV per field, bound to tenant, record and field.
//!
//! Deterministic: the nonce is synthetic, so the same field sealed again in the same record gives the
//! same bytes, and nothing breaks where randomness fails. It knows no place where keys lie: the shell
//! brings them. A sealed cell starts with a mark of the key it was sealed under, so that a key made
//! anew for an erased subject is told apart from a forged cell.

use crate::keys::{SubjectKey, siv};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use baton_model::{Cell, Record, SubjectId, TenantId, Value};
use zeroize::Zeroizing;

/// The shape of sealed bytes; part of what a cell is bound to.
const SHAPE: &[u8] = b"baton-cell-1";

/// Why something could not be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The value has no bytes, or too many.
    #[error("BATON-ACCESS-001: the value cannot be sealed; send a smaller one")]
    Long,
    /// A wrapped key is damaged, or was wrapped under another root key.
    #[error(
        "BATON-ACCESS-002: the subject's key does not unwrap; the root key is another one or the key file is damaged: restore the keys from their backup"
    )]
    Wrapped,
    /// The cell was sealed under a key that has been destroyed.
    #[error("BATON-ACCESS-003: the field `{field}` was erased; its key is destroyed for ever")]
    Erased {
        /// The field.
        field: String,
    },
    /// The cell is not what was sealed in this record and field.
    #[error(
        "BATON-ACCESS-004: the field `{field}` does not open: it was changed, or moved here from another record, field or tenant; run `baton verify`"
    )]
    Forged {
        /// The field.
        field: String,
    },
}

/// Where a cell belongs: its tenant and the record that was known at the door, like a case's or
/// worker's id or a document's name.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The record.
    pub record: &'a str,
}

impl<'a> Place<'a> {
    /// The place of a tenant's record.
    pub fn new(tenant: &'a TenantId, record: &'a str) -> Self {
        Self { tenant, record }
    }

    fn binding(&self, subject: &'a SubjectId, field: &'a str) -> [&'a [u8]; 5] {
        [
            SHAPE,
            self.tenant.as_str().as_bytes(),
            subject.as_str().as_bytes(),
            self.record.as_bytes(),
            field.as_bytes(),
        ]
    }
}

/// The record name under which a document's fields are sealed: its hash is all that is known of it at
/// the door.
pub fn document_record(sha256: &str) -> String {
    format!("document:{sha256}")
}

/// Seals a value of a field under its subject's key.
pub fn seal(
    key: &SubjectKey,
    place: Place<'_>,
    subject: &SubjectId,
    field: &str,
    value: &Value,
) -> Result<Cell, SealError> {
    let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| SealError::Long)?);
    let sealed = siv(&key.cells)
        .encrypt(place.binding(subject, field), &plain)
        .map_err(|_| SealError::Long)?;
    let mut bytes = key.mark.to_vec();
    bytes.extend(sealed);
    Ok(Cell::Sealed {
        subject: subject.clone(),
        record: place.record.into(),
        ciphertext: STANDARD_NO_PAD.encode(bytes),
    })
}

/// Opens a cell of a field. A cell in the clear is its own value. Without a key, or under a newer one,
/// the field is erased.
pub fn open(
    key: Option<&SubjectKey>,
    tenant: &TenantId,
    field: &str,
    cell: &Cell,
) -> Result<Value, SealError> {
    let (subject, record, ciphertext) = match cell {
        Cell::Clear(value) => return Ok(value.clone()),
        Cell::Sealed {
            subject,
            record,
            ciphertext,
        } => (subject, record, ciphertext),
    };
    let forged = || SealError::Forged {
        field: field.into(),
    };
    let bytes = STANDARD_NO_PAD.decode(ciphertext).map_err(|_| forged())?;
    let (mark, sealed) = bytes.split_at_checked(8).ok_or_else(forged)?;
    let Some(key) = key.filter(|key| key.mark == mark) else {
        return Err(SealError::Erased {
            field: field.into(),
        });
    };
    let place = Place::new(tenant, record);
    let plain = siv(&key.cells).decrypt(place.binding(subject, field), sealed);
    let plain = Zeroizing::new(plain.map_err(|_| forged())?);
    serde_json::from_slice(&plain).map_err(|_| forged())
}

/// Whether a field's name is matched by one of these: names, or prefixes ending in `*`.
pub fn matches(globs: &[String], field: &str) -> bool {
    globs.iter().any(|glob| match glob.strip_suffix('*') {
        Some(prefix) => field.starts_with(prefix),
        None => glob == field,
    })
}

/// Seals the personal fields of a record; the others stay in the clear. What is sealed already stays
/// as it is, and nothing (null) needs no seal.
pub fn seal_record(
    key: &SubjectKey,
    place: Place<'_>,
    subject: &SubjectId,
    personal: &[String],
    fields: impl IntoIterator<Item = (String, Value)>,
) -> Result<Record, SealError> {
    fields
        .into_iter()
        .map(|(field, value)| {
            let cell = if value != Value::Null && matches(personal, &field) {
                seal(key, place, subject, &field, &value)?
            } else {
                Cell::Clear(value)
            };
            Ok((field, cell))
        })
        .collect()
}
