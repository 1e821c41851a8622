//! Checkpoints (C2SP `tlog-checkpoint`): a signed note that says how large a journal's tree was and
//! what its root was. Whoever holds one finds a later rewriting or a cut tail.
//!
//! The note's text has a line each for the origin (which journal), the size and the base64 root, and
//! perhaps extensions. Nothing is compared with a journal here: that is `audit`'s work.

use crate::note::{Note, NoteError, Signer, Verifier};
use crate::tree::{Extent, Frontier, Hash};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_model::TenantId;
use std::fmt;
use std::str::FromStr;

/// The origin line of a tenant's checkpoints.
pub fn origin(tenant: &TenantId) -> String {
    format!("baton/{tenant}")
}

/// How large a journal's tree was, and its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which journal.
    pub origin: String,
    /// Its size and root.
    pub extent: Extent,
    /// Further lines, which Baton neither writes nor reads.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of a tenant's journal as far as it was followed.
    pub fn of(tenant: &TenantId, frontier: &Frontier) -> Self {
        Self {
            origin: origin(tenant),
            extent: Extent {
                size: frontier.size(),
                root: frontier.root(),
            },
            extensions: Vec::new(),
        }
    }

    /// Signs it.
    pub fn sign(&self, signers: &[&Signer]) -> Result<SignedCheckpoint, CheckpointError> {
        let mut note = Note::new(self.to_string())?;
        for signer in signers {
            note.sign(signer);
        }
        Ok(SignedCheckpoint {
            checkpoint: self.clone(),
            note,
        })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = STANDARD.encode(self.extent.root);
        writeln!(f, "{}\n{}\n{root}", self.origin, self.extent.size)?;
        for line in &self.extensions {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::Malformed("last line"))?
            .split('\n');
        let mut line = |what| {
            let line = lines.next().filter(|line| !line.is_empty());
            line.ok_or(CheckpointError::Malformed(what))
        };
        let origin = line("origin")?.to_owned();
        let size = size(line("size")?).ok_or(CheckpointError::Malformed("size"))?;
        let root = root(line("root")?).ok_or(CheckpointError::Malformed("root"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Malformed("extension line"));
        }
        Ok(Self {
            origin,
            extent: Extent { size, root },
            extensions,
        })
    }
}

/// A decimal number without a sign and without leading zeros.
fn size(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text).then_some(size)
}

fn root(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// A checkpoint with its signatures, as it is exchanged between the parties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// What was signed, by whomever.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Adds another party's signature.
    pub fn cosign(&mut self, signer: &Signer) {
        self.note.sign(signer);
    }

    /// The known keys that signed it; see [`Note::verify`].
    pub fn verify<'a>(&self, known: &'a [Verifier]) -> Result<Vec<&'a Verifier>, CheckpointError> {
        Ok(self.note.verify(known)?)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let note: Note = text.parse()?;
        let checkpoint = note.text.parse()?;
        Ok(Self { checkpoint, note })
    }
}

/// Why a text is not a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not a signed note, or its signatures are no good.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A line of it is missing or wrong.
    #[error(
        "BATON-JOURNAL-016: the checkpoint's {0} is missing or wrong; get it again from whoever signed it"
    )]
    Malformed(&'static str),
}
