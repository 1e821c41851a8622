//! A case's proof: a text with the case's entries, a path from each to a checkpoint's root, and the
//! checkpoint. It can be checked on any machine with nothing but the signer's public key.
//!
//! It proves that these entries stood in the signed journal, byte for byte, at these places. It does
//! not prove that the case has no others: for that the whole journal is verified. The tenant's founding
//! stands before them, proved like them: it says whether all of it is simulated.
//!
//! ```text
//! baton case proof 1
//! linden-voss
//! P2P-12
//!
//! entry 1
//! {"format":1,…}           the founding, then the case's entries
//! HEX …                    the path, from the leaf up, a hash a line
//!
//! baton/linden-voss        the checkpoint, as it was signed
//! 9
//! BASE64
//!
//! — linden-voss BASE64
//! ```

use baton_journal::checkpoint::{CheckpointError, SignedCheckpoint, origin};
use baton_journal::note::Verifier;
use baton_journal::store::StoredEntry;
use baton_journal::tree::{Hash, Tree, leaf, verify_inclusion};
use baton_journal::{Entry, Event};
use baton_model::{CaseId, TenantId};
use std::fmt;
use std::str::FromStr;

const TITLE: &str = "baton case proof 1";

/// The proof of a case's entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseProof {
    tenant: TenantId,
    case: CaseId,
    entries: Vec<Proved>,
    checkpoint: SignedCheckpoint,
}

/// One entry and its path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proved {
    n: i64,
    text: String,
    path: Vec<Hash>,
}

impl CaseProof {
    /// Proves a case's entries by the tree over its tenant's journal and a checkpoint of that tree.
    pub fn new(
        tenant: &TenantId,
        case: &CaseId,
        entries: &[StoredEntry],
        tree: &Tree,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Self, ProofError> {
        let size = checkpoint.checkpoint().extent.size;
        let entries = entries
            .iter()
            .map(|stored| Proved::new(stored, tree, size))
            .collect::<Result<Vec<_>, _>>()?;
        let proof = Self {
            tenant: tenant.clone(),
            case: case.clone(),
            entries,
            checkpoint: checkpoint.clone(),
        };
        proof.check()?;
        Ok(proof)
    }

    /// The case.
    pub fn case(&self) -> &CaseId {
        &self.case
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The checkpoint it leads to.
    pub fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// The case's entries it proves, in order; none that cannot be read.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.all().filter(|entry| founding(entry).is_none())
    }

    /// Whether the tenant was founded as a simulated one; nothing where its founding is not among the
    /// entries.
    pub fn simulated(&self) -> Option<bool> {
        self.all().find_map(|entry| founding(&entry))
    }

    fn all(&self) -> impl Iterator<Item = Entry> {
        let texts = self.entries.iter().map(|entry| entry.text.as_bytes());
        texts.filter_map(|text| Entry::from_bytes(text).ok())
    }

    /// Checks every entry and path against the checkpoint it carries, and nobody's signature: that the
    /// checkpoint is genuine must be known otherwise.
    pub fn holds(&self) -> Result<(), ProofError> {
        self.check()
    }

    /// How many entries of the case it proves.
    pub fn len(&self) -> usize {
        self.entries().count()
    }

    /// Whether it proves none; such a proof never verifies.
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// Checks every entry and path, and that known keys signed the checkpoint; answers them.
    pub fn verify<'a>(&self, known: &'a [Verifier]) -> Result<Vec<&'a Verifier>, ProofError> {
        self.check()?;
        Ok(self.checkpoint.verify(known)?)
    }

    fn check(&self) -> Result<(), ProofError> {
        if self.checkpoint.checkpoint().origin != origin(&self.tenant) {
            return Err(ProofError::Foreign(self.tenant.clone()));
        }
        if self.is_empty() {
            return Err(ProofError::Empty(self.case.clone()));
        }
        let ascending = self.entries.windows(2).all(|pair| pair[0].n < pair[1].n);
        if !ascending {
            return Err(ProofError::Malformed("order of the entries"));
        }
        self.entries
            .iter()
            .try_for_each(|entry| self.check_entry(entry))
    }

    fn check_entry(&self, proved: &Proved) -> Result<(), ProofError> {
        let n = proved.n;
        let extent = self.checkpoint.checkpoint().extent;
        let index = u64::try_from(n - 1).map_err(|_| ProofError::Path(n))?;
        let hash = leaf(proved.text.as_bytes());
        if !verify_inclusion(&hash, index, extent.size, &proved.path, &extent.root) {
            return Err(ProofError::Path(n));
        }
        let entry = Entry::from_bytes(proved.text.as_bytes()).map_err(|_| ProofError::Entry(n))?;
        let mut events = entry.events.iter();
        let about = events.any(|event| event.case() == Some(&self.case));
        let about = about || founding(&entry).is_some();
        let same = entry.n == n && entry.tenant == self.tenant;
        (about && same).then_some(()).ok_or(ProofError::Entry(n))
    }
}

/// Of the entry that founded a tenant: whether it is simulated.
fn founding(entry: &Entry) -> Option<bool> {
    entry.events.iter().find_map(|event| match event {
        Event::TenantFounded { simulated, .. } if entry.n == 1 => Some(*simulated),
        _ => None,
    })
}

impl Proved {
    fn new(stored: &StoredEntry, tree: &Tree, size: u64) -> Result<Self, ProofError> {
        let n = stored.n;
        let index = u64::try_from(n - 1).map_err(|_| ProofError::Path(n))?;
        Ok(Self {
            n,
            text: String::from_utf8(stored.bytes.clone()).map_err(|_| ProofError::Entry(n))?,
            path: tree.inclusion(index, size).ok_or(ProofError::Path(n))?,
        })
    }

    fn read(block: &str) -> Option<Self> {
        let mut lines = block.lines();
        let n = lines.next()?.strip_prefix("entry ")?.parse().ok()?;
        let text = lines.next()?.to_owned();
        let path = lines.map(unhex).collect::<Option<Vec<_>>>()?;
        Some(Self { n, text, path })
    }
}

impl fmt::Display for CaseProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}\n{}\n{}\n", self.tenant, self.case)?;
        for entry in &self.entries {
            writeln!(f, "entry {}\n{}", entry.n, entry.text)?;
            entry
                .path
                .iter()
                .try_for_each(|hash| writeln!(f, "{}", hex(hash)))?;
            writeln!(f)?;
        }
        self.checkpoint.fmt(f)
    }
}

impl FromStr for CaseProof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let (title, mut rest) = block(text).ok_or(ProofError::Malformed("title"))?;
        let [TITLE, tenant, case] = title.lines().collect::<Vec<_>>()[..] else {
            return Err(ProofError::Malformed("title"));
        };
        let mut entries = Vec::new();
        while rest.starts_with("entry ") {
            let (entry, after) = block(rest).ok_or(ProofError::Malformed("list of entries"))?;
            entries.push(Proved::read(entry).ok_or(ProofError::Malformed("list of entries"))?);
            rest = after;
        }
        Ok(Self {
            tenant: TenantId::new(tenant),
            case: CaseId::new(case),
            entries,
            checkpoint: rest.parse()?,
        })
    }
}

/// A text up to the next empty line, and what follows it.
fn block(text: &str) -> Option<(&str, &str)> {
    text.split_once("\n\n")
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(line: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if line.len() != 64 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The text is not a proof.
    #[error("BATON-AUDIT-020: the proof's {0} cannot be read; get the file again")]
    Malformed(&'static str),
    /// It names no entry.
    #[error("BATON-AUDIT-021: the proof holds no entry of case {0}")]
    Empty(CaseId),
    /// The checkpoint is of another journal.
    #[error("BATON-AUDIT-022: the checkpoint is not of tenant {0}; use one of the same journal")]
    Foreign(TenantId),
    /// An entry is not in the checkpoint's tree.
    #[error(
        "BATON-AUDIT-023: entry {0} is not in the checkpoint's tree: it was changed, or it is newer than the checkpoint"
    )]
    Path(i64),
    /// An entry is not what the proof says it is.
    #[error("BATON-AUDIT-024: entry {0} is not an entry of this case, tenant and number")]
    Entry(i64),
    /// The checkpoint's signatures are no good.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}
