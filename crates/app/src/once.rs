//! Requests that may be sent again: what was accepted under a key before, by the cause in the journal.
//!
//! A cause is `api:WORKER:KEY:PRINT`, where KEY is a hash of the sender's key and PRINT one of the request
//! itself; so the journal tells a repetition from another request under the same key. It keeps nothing.

use crate::views::{Reader, int, text};
use crate::{App, Receipt, hex};
use baton_journal::Entry;
use baton_journal::store::StoreError;
use baton_model::{TenantId, WorkerId};
use sha2::{Digest, Sha256};

/// How many hex digits of a hash stand in a cause.
const DIGITS: usize = 32;

/// What a request is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    worker: String,
    key: String,
    print: String,
}

/// What became of an earlier request with the same key.
#[derive(Debug)]
pub enum Before {
    /// There was none that was accepted.
    Nothing,
    /// The same request: what came of it.
    Same(Box<Receipt>),
    /// Another request: the entry it made.
    Other(i64),
}

impl Cause {
    /// The cause of a worker's request under a key; `request` is all that makes it this request.
    pub fn of(worker: &WorkerId, key: &str, request: &[&[u8]]) -> Self {
        let mut print = Sha256::new();
        for part in request {
            print.update((part.len() as u64).to_be_bytes());
            print.update(part);
        }
        let short = |digest: &[u8]| hex(digest).chars().take(DIGITS).collect();
        Self {
            worker: worker.to_string(),
            key: short(&Sha256::digest(key)),
            print: short(&print.finalize()),
        }
    }

    /// The cause, as the journal has it.
    pub fn text(&self) -> String {
        format!("{}{}", self.prefix(), self.print)
    }

    /// What all causes under the key begin with.
    pub fn prefix(&self) -> String {
        format!("api:{}:{}:", self.worker, self.key)
    }
}

/// `;` comes right after `:`.
const CAUSES: &str = "select cause, n from entry where tenant = $1 and cause >= $2 and cause < $3 \
    order by cause limit 1";

/// What was accepted under the key of a cause before.
pub fn before(app: &App, tenant: &TenantId, cause: &Cause) -> Result<Before, StoreError> {
    let prefix = cause.prefix();
    let after = format!("{};", prefix.trim_end_matches(':'));
    let rows = Reader::shell(app, tenant).rows(CAUSES, &[prefix.as_str().into(), after.into()])?;
    let Some(row) = rows.first() else {
        return Ok(Before::Nothing);
    };
    let n = int(row, 1);
    if text(row, 0) != cause.text() {
        return Ok(Before::Other(n));
    }
    let stored = app.store().entries(tenant, n - 1, 1)?;
    let entry = stored
        .first()
        .and_then(|stored| Entry::from_bytes(&stored.bytes).ok());
    let entry = entry.ok_or_else(|| StoreError::Read {
        operation: "an entry",
        reason: format!("entry {n} cannot be read; run `baton verify`"),
    })?;
    Ok(Before::Same(Box::new(Receipt {
        n,
        at: entry.at,
        events: entry.events,
        repeated: true,
    })))
}
