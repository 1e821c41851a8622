//! The door: personal fields are sealed here, before a command is queued, and opened here, when a page
//! has been masked or an expression needs them. Behind it there is no personal plaintext.

use crate::clock::Random;
use crate::documents::Documents;
use crate::keystore::KeyStore;
use crate::{Failure, Folder};
use baton_access::{Place, SealError, open, seal_record};
use baton_model::{Cell, Record, SubjectId, TenantId, Value};
use std::sync::Arc;

/// Keys and originals of a data folder.
pub(crate) struct Door {
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) originals: Documents,
}

impl Door {
    /// Opens the keys and originals of a folder; makes the root key where there is none yet.
    pub(crate) fn open_folder(folder: &Folder, random: Arc<dyn Random>) -> Result<Self, String> {
        let keys = KeyStore::open(&folder.keys(), random).map_err(|error| error.to_string())?;
        let keys = Arc::new(keys);
        let originals = Documents::open(&folder.originals(), keys.clone())
            .map_err(|error| error.to_string())?;
        Ok(Self { keys, originals })
    }

    /// Seals the personal fields of a record under a subject's key.
    pub(crate) fn seal(
        &self,
        place: Place<'_>,
        subject: &SubjectId,
        record: Record,
        personal: &[String],
    ) -> Result<Record, Failure> {
        let door = |reason: String| Failure::Door(reason);
        let fields = record.into_iter().map(|(name, cell)| (name, clear(cell)));
        let key = self
            .keys
            .subject(place.tenant, subject)
            .map_err(|error| door(error.to_string()))?;
        seal_record(&key, place, subject, personal, fields).map_err(|error| door(error.to_string()))
    }

    /// Opens a cell of a field; an erased one says so.
    pub(crate) fn open(
        &self,
        tenant: &TenantId,
        field: &str,
        cell: &Cell,
    ) -> Result<Value, String> {
        self.open_sealed(tenant, field, cell)
            .map_err(|error| error.to_string())
    }

    /// The same with the reason as `access` names it. A key that cannot be read counts as erased
    /// nowhere: the field is then unreadable.
    pub(crate) fn open_sealed(
        &self,
        tenant: &TenantId,
        field: &str,
        cell: &Cell,
    ) -> Result<Value, SealError> {
        let key = match cell {
            Cell::Clear(value) => return Ok(value.clone()),
            Cell::Sealed { subject, .. } => self
                .keys
                .find(tenant, subject)
                .map_err(|_| SealError::Wrapped)?,
        };
        open(key.as_deref(), tenant, field, cell)
    }
}

/// Before the door everything is in the clear; a sealed cell that comes from outside is nothing.
fn clear(cell: Cell) -> Value {
    match cell {
        Cell::Clear(value) => value,
        Cell::Sealed { .. } => Value::Null,
    }
}
