//! The store port: what the shell asks of a database. A store only commits and reads; it knows no
//! event and no rule.

use crate::slots::Snapshot;
use crate::{Change, Datum, View};
use baton_model::{Micros, TenantId};
use std::sync::Arc;

/// The last entry of a tenant's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, 0 for an empty journal.
    pub n: i64,
    /// The chain's hash up to it; 32 zero bytes for an empty journal.
    pub chain: [u8; 32],
    /// Its instant.
    pub at: Micros,
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Head = Head {
        n: 0,
        chain: [0; 32],
        at: Micros(0),
    };
}

/// An entry as it is stored: its bytes, and the columns that `verify` compares with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry's number.
    pub n: i64,
    /// Its instant.
    pub at: Micros,
    /// Its cause.
    pub cause: Arc<str>,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// The chain's hash after it (see `chain`).
    pub chain: [u8; 32],
    /// The cases it touches, for a case's history. Read back, it holds only the case asked for.
    pub cases: Vec<Arc<str>>,
}

/// What is committed in one transaction.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Whose journal.
    pub tenant: TenantId,
    /// The head the batch was decided on; the commit holds only on it.
    pub base: Head,
    /// The new entries, gapless after the head.
    pub entries: Vec<StoredEntry>,
    /// The changes of views, in order. Later ones win.
    pub changes: Vec<Change>,
    /// Slots to be kept, when the shell flushes.
    pub snapshots: Vec<Snapshot>,
    /// The number up to which all slots are kept, when the shell flushes.
    pub flushed: Option<i64>,
}

/// A row of a query's answer.
pub type Row = Vec<Datum>;

/// A database. SQL texts stand beside their callers, in the portable subset of HOUSE.md.
pub trait Store: Send + Sync + 'static {
    /// Makes the tables of the journal and of these views where they are missing, and answers the
    /// names of the views that must be rebuilt for some tenant because their version changed. They
    /// stay on that list until [`Store::replace_view`] has written them for every tenant.
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError>;
    /// The tenants, in order.
    fn tenants(&self) -> Result<Vec<TenantId>, StoreError>;
    /// A tenant's head.
    fn head(&self, tenant: &TenantId) -> Result<Head, StoreError>;
    /// Holds back the tenant's other writers, on whatever machine, until what is answered is dropped or a
    /// batch was committed. A batch that lost its head is decided again under it, so that nobody loses for
    /// ever. It changes nothing about what is right: the head decides. A store of one machine has none.
    fn hold(&self, _tenant: &TenantId) -> Result<Option<Box<dyn Send + '_>>, StoreError> {
        Ok(None)
    }
    /// Whether programs that do not share this data folder may write to it: on other machines.
    fn is_shared(&self) -> bool {
        false
    }
    /// Commits a batch on the head it was decided on: all of it, durably, or nothing.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;
    /// Entries after a number, in order, at most `limit`.
    fn entries(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, StoreError>;
    /// The entries that touch a case, in order.
    fn case_entries(&self, tenant: &TenantId, case: &str) -> Result<Vec<StoredEntry>, StoreError>;
    /// The number of the entry with this cause, if there is one.
    fn cause(&self, tenant: &TenantId, cause: &str) -> Result<Option<i64>, StoreError>;
    /// A slot's snapshot.
    fn snapshot(
        &self,
        tenant: &TenantId,
        shelf: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError>;
    /// The snapshots of several slots, by shelf and key, in their order.
    fn snapshots(
        &self,
        tenant: &TenantId,
        slots: &[(&str, String)],
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let one = |(shelf, key): &(&str, String)| self.snapshot(tenant, shelf, key);
        slots.iter().map(one).collect()
    }
    /// The number up to which all slots are kept.
    fn flushed(&self, tenant: &TenantId) -> Result<i64, StoreError>;
    /// Replaces a tenant's rows of a view by rebuilt ones, all or nothing.
    fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError>;
    /// All rows of a view of a tenant, in the order of the key.
    fn view_rows(&self, tenant: &TenantId, view: &View) -> Result<Vec<Row>, StoreError>;
    /// A query: reads beside the writer. Parameters are `$1`, `$2` and so on, numbered in the order
    /// in which they first appear in the text.
    fn read(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError>;
}

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer moved the head; drop the guesses, catch up, decide again.
    #[error(
        "BATON-STORE-001: the journal's head is at {found}, the batch was decided on {expected}"
    )]
    HeadMoved {
        /// The number the batch was decided on.
        expected: i64,
        /// The number found.
        found: i64,
    },
    /// A cause is already in the journal.
    #[error("BATON-STORE-002: the cause `{cause}` is already in the journal")]
    CauseKnown {
        /// The cause.
        cause: String,
    },
    /// The database refused to write: the disk is full or failing. Nothing was acknowledged.
    #[error(
        "BATON-STORE-003: {operation} could not be written: {reason}. Free disk space or mend the disk; reading goes on"
    )]
    Write {
        /// What was being done.
        operation: &'static str,
        /// The database's words.
        reason: String,
    },
    /// The database could not be read.
    #[error("BATON-STORE-004: {operation} could not be read: {reason}")]
    Read {
        /// What was being done.
        operation: &'static str,
        /// The database's words.
        reason: String,
    },
    /// The data was written by a newer Baton.
    #[error(
        "BATON-STORE-005: the data folder has format {found}, this Baton knows {known}; run the newer version"
    )]
    Newer {
        /// The format found.
        found: i64,
        /// The newest format known.
        known: i64,
    },
    /// A batch or a query that no caller should make.
    #[error(
        "BATON-STORE-006: {operation} is not sound: {reason}. This is a fault in Baton; nothing was written, please report it"
    )]
    Unsound {
        /// What was being done.
        operation: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The database's server does not answer. What was under way may or may not have been done.
    #[error(
        "BATON-STORE-007: {operation}: the database cannot be reached: {reason}. Start it, or mend the way to it; what was not answered can be sent again"
    )]
    Unreachable {
        /// What was being done.
        operation: &'static str,
        /// The driver's words.
        reason: String,
    },
}
