//! Verification: one pass over a tenant's stored entries that checks numbers, chain, columns and
//! causes, grows the tree, and compares it with checkpoints kept elsewhere.
//!
//! The chain finds what was changed without hashing it again; a rewritten chain and a cut tail are
//! found only by a checkpoint that was exported before.

use crate::Finding;
use baton_journal::checkpoint::{Checkpoint, SignedCheckpoint, origin};
use baton_journal::store::{Head, StoreError, StoredEntry};
use baton_journal::tree::{Extent, Frontier, leaf};
use baton_journal::{Entry, chain};
use baton_model::TenantId;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// So many findings are told; a journal with more is not worth listing further.
const TOLD: usize = 100;

/// What the pass gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The tree over the entries, whose root a new checkpoint would sign.
    pub frontier: Frontier,
    /// The chain's hash after the last entry.
    pub chain: [u8; 32],
    /// How many of the checkpoints are of this journal and were compared.
    pub checkpoints: usize,
    /// What does not fit, in the order of the entries; at most a hundred.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether everything fits.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }

    /// The checkpoint of the journal as it was found.
    pub fn checkpoint(&self, tenant: &TenantId) -> Checkpoint {
        Checkpoint::of(tenant, &self.frontier)
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.frontier.root();
        write!(f, "{} entries, root ", self.frontier.size())?;
        root.iter()
            .take(8)
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        match self.checkpoints {
            0 => write!(f, "…, no checkpoint to compare with")?,
            count => write!(f, "…, compared with {count} checkpoints")?,
        }
        match self.findings.len() {
            0 => write!(f, ", chain and tree hold"),
            count => write!(f, ", {count} findings"),
        }
    }
}

/// Verifies a tenant's journal. Checkpoints of other journals are passed over.
pub fn verify(
    tenant: &TenantId,
    head: &Head,
    entries: impl IntoIterator<Item = Result<StoredEntry, StoreError>>,
    checkpoints: &[SignedCheckpoint],
) -> Result<Verification, StoreError> {
    let mut pass = Pass::new(tenant, checkpoints);
    for entry in entries {
        pass.entry(&entry?);
    }
    Ok(pass.finish(head))
}

/// The pass, between two entries.
struct Pass<'a> {
    tenant: &'a TenantId,
    last: Head,
    frontier: Frontier,
    causes: HashSet<Arc<str>>,
    /// What is still to be compared, the smallest last.
    ahead: Vec<Extent>,
    compared: usize,
    /// The size up to which a checkpoint fitted.
    fitted: i64,
    findings: Vec<Finding>,
}

impl<'a> Pass<'a> {
    fn new(tenant: &'a TenantId, checkpoints: &[SignedCheckpoint]) -> Self {
        let origin = origin(tenant);
        let mut ahead: Vec<Extent> = checkpoints
            .iter()
            .map(SignedCheckpoint::checkpoint)
            .filter(|checkpoint| checkpoint.origin == origin)
            .map(|checkpoint| checkpoint.extent)
            .collect();
        ahead.sort_by_key(|extent| std::cmp::Reverse(extent.size));
        let mut pass = Self {
            tenant,
            last: Head::EMPTY,
            frontier: Frontier::default(),
            causes: HashSet::new(),
            compared: ahead.len(),
            ahead,
            fitted: 0,
            findings: Vec::new(),
        };
        pass.compare();
        pass
    }

    /// Notes a finding. A gap is followed by the entry that came, so each fault is told once.
    fn find(&mut self, finding: Finding) {
        if self.findings.len() < TOLD {
            self.findings.push(finding);
        }
    }

    fn entry(&mut self, stored: &StoredEntry) {
        let (n, expected) = (stored.n, self.last.n + 1);
        if n != expected {
            self.find(Finding::Gap { expected, found: n });
        } else if chain::next(&self.last.chain, &stored.bytes) != stored.chain {
            self.find(Finding::Chain { n });
        }
        match Entry::from_bytes(&stored.bytes) {
            Ok(entry) => self.columns(stored, &entry),
            Err(error) => self.find(Finding::Unreadable {
                n,
                reason: error.to_string(),
            }),
        }
        if stored.at < self.last.at {
            self.find(Finding::Backwards { n });
        }
        if !self.causes.insert(Arc::clone(&stored.cause)) {
            let cause = stored.cause.to_string();
            self.find(Finding::Repeated { n, cause });
        }
        self.last = Head {
            n,
            chain: stored.chain,
            at: stored.at,
        };
        self.frontier.push(leaf(&stored.bytes));
        self.compare();
    }

    /// Compares every column with the hashed bytes.
    fn columns(&mut self, stored: &StoredEntry, entry: &Entry) {
        let n = stored.n;
        for (column, same) in [
            ("tenant", entry.tenant == *self.tenant),
            ("n", entry.n == n),
            ("at", entry.at == stored.at),
            ("cause", entry.cause == stored.cause),
        ] {
            if !same {
                self.find(Finding::Column { n, column });
            }
        }
    }

    /// Compares the tree with the checkpoints of its size.
    fn compare(&mut self) {
        while let Some(extent) = self.ahead.pop_if(|next| next.size <= self.frontier.size()) {
            let size = extent.size;
            if extent.root == self.frontier.root() {
                self.fitted = size.try_into().unwrap_or(i64::MAX);
            } else {
                let n = self.fitted + 1;
                self.find(Finding::Rewritten { n, size });
            }
        }
    }

    fn finish(mut self, head: &Head) -> Verification {
        if self.last != *head {
            let (n, expected) = (self.last.n, head.n);
            self.find(Finding::Head { n, expected });
        }
        while let Some(extent) = self.ahead.pop() {
            let n = self.last.n + 1;
            let size = extent.size;
            self.find(Finding::Cut { n, size });
        }
        Verification {
            frontier: self.frontier,
            chain: self.last.chain,
            checkpoints: self.compared,
            findings: self.findings,
        }
    }
}
