//! Originals: the bytes of every file that came in, refused ones too, encrypted beside the journal under
//! their subject's key.
//!
//! The journal holds only a hash. A file's name is random, with a blind form of that hash behind it, so
//! identical bytes are found again by whoever holds the tenant's key and by nobody else. Bytes come from
//! `imports` before the command is sent and go to pages, proofs and exports. Nothing here decides who
//! may read.
//!
//! Layout: `TENANT/SUBJECT/RANDOM-HASH.doc`.

#[cfg(test)]
mod tests;

use crate::keystore::{KeyError, KeyStore, names_in, private_folder, sync_folder, write_durably};
use baton_access::{ChunkError, decrypt, encrypt};
use baton_model::{SubjectId, TenantId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

/// What the ids of subjects begin with that were made for one file.
const FILE: &str = "file:";

/// Why an original could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The disk.
    #[error(
        "BATON-APP-111: {operation} failed: {error}; free or mend the disk of the folder of originals"
    )]
    Io {
        /// What was being done.
        operation: &'static str,
        /// The system's words.
        error: io::Error,
    },
    /// The keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file does not open.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
}

impl From<baton_access::SealError> for DocumentError {
    fn from(error: baton_access::SealError) -> Self {
        Self::Key(KeyError::Seal(error))
    }
}

fn io(operation: &'static str) -> impl FnOnce(io::Error) -> DocumentError {
    move |error| DocumentError::Io { operation, error }
}

/// The subject made for a file that names none, like a refused one: its bytes can be erased alone.
pub fn file_subject(sha256: &str) -> SubjectId {
    SubjectId::new(format!("{FILE}{sha256}"))
}

/// The originals of a data folder.
pub struct Documents {
    folder: PathBuf,
    keys: Arc<KeyStore>,
    index: Mutex<HashMap<Blind, PathBuf>>,
}

/// The blind names of a tenant and of an original's hash.
type Blind = (String, String);

impl Documents {
    /// Opens the originals in a folder; the index is read from the files' names.
    pub fn open(folder: &Path, keys: Arc<KeyStore>) -> Result<Self, DocumentError> {
        private_folder(folder).map_err(io("making the folder of originals"))?;
        let index = read_index(folder).map_err(io("listing the originals"))?;
        Ok(Self {
            folder: folder.to_owned(),
            keys,
            index: Mutex::new(index),
        })
    }

    /// Keeps an original, durably, under its subject's key; answers whether it was new. One that was
    /// kept under a subject of its own moves to the subject it turns out to be about.
    pub fn put(
        &self,
        tenant: &TenantId,
        subject: &SubjectId,
        sha256: &str,
        bytes: &[u8],
    ) -> Result<bool, DocumentError> {
        let slot = self.slot(tenant, sha256);
        let folder = self.subject_folder(tenant, subject);
        let old = self.lock().get(&slot).cloned();
        if self.stands(tenant, subject, sha256, old.as_deref())? {
            return Ok(false);
        }
        let name = format!("{}-{}.doc", self.keys.random_name(), slot.1);
        let key = self.keys.subject(tenant, subject)?;
        let file = encrypt(&key, tenant, &name, bytes)?;
        private_folder(&folder).map_err(io("making a subject's folder"))?;
        write_durably(&folder, &name, &file).map_err(io("writing an original"))?;
        let displaced = self.lock().insert(slot, folder.join(name));
        match displaced.map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
                Err(io("removing an original that moved")(error))
            }
            displaced => Ok(displaced.is_none()),
        }
    }

    /// Whether what is kept of an original needs no writing: it is about the same subject and opens, or
    /// is about a better known one.
    fn stands(
        &self,
        tenant: &TenantId,
        subject: &SubjectId,
        sha256: &str,
        old: Option<&Path>,
    ) -> Result<bool, DocumentError> {
        let Some(old) = old else { return Ok(false) };
        if !old.starts_with(self.subject_folder(tenant, subject)) {
            return Ok(subject.as_str().starts_with(FILE));
        }
        match self.get(tenant, subject, sha256) {
            Err(DocumentError::Chunk(_)) => Ok(false),
            kept => Ok(kept?.is_some()),
        }
    }

    /// Whether an original with this hash is kept.
    pub fn has(&self, tenant: &TenantId, sha256: &str) -> bool {
        let slot = self.slot(tenant, sha256);
        self.lock().contains_key(&slot)
    }

    /// The bytes of a subject's original; nothing where it was never kept or is erased.
    pub fn get(
        &self,
        tenant: &TenantId,
        subject: &SubjectId,
        sha256: &str,
    ) -> Result<Option<Vec<u8>>, DocumentError> {
        let folder = self.subject_folder(tenant, subject);
        let path = self.lock().get(&self.slot(tenant, sha256)).cloned();
        let Some(path) = path.filter(|path| path.starts_with(&folder)) else {
            return Ok(None);
        };
        let Some(key) = self.keys.find(tenant, subject)? else {
            return Ok(None);
        };
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io("reading an original")(error)),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Some(decrypt(&key, tenant, &name, &file)?))
    }

    /// Removes all originals of a subject, and answers how many there were. Their key is destroyed by
    /// [`KeyStore::erase`].
    pub fn erase(&self, tenant: &TenantId, subject: &SubjectId) -> Result<usize, DocumentError> {
        let folder = self.subject_folder(tenant, subject);
        let mut index = self.lock();
        let before = index.len();
        index.retain(|_, path| !path.starts_with(&folder));
        if folder.is_dir() {
            fs::remove_dir_all(&folder).map_err(io("removing a subject's originals"))?;
            let parent = folder.parent().unwrap_or(&self.folder);
            sync_folder(parent).map_err(io("removing a subject's originals"))?;
        }
        Ok(before - index.len())
    }

    fn slot(&self, tenant: &TenantId, sha256: &str) -> Blind {
        let blind = |purpose, text| self.keys.blind(tenant, purpose, text);
        (blind("tenant", tenant.as_str()), blind("document", sha256))
    }

    fn subject_folder(&self, tenant: &TenantId, subject: &SubjectId) -> PathBuf {
        let blind = |purpose, text| self.keys.blind(tenant, purpose, text);
        let folder = self.folder.join(blind("tenant", tenant.as_str()));
        folder.join(blind("originals", subject.as_str()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Blind, PathBuf>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the index from the names of the files; what was left half written is removed.
fn read_index(folder: &Path) -> io::Result<HashMap<Blind, PathBuf>> {
    let mut index = HashMap::new();
    for tenant in names_in(folder)? {
        for subject in names_in(&folder.join(&tenant))? {
            let own = folder.join(&tenant).join(&subject);
            for name in names_in(&own)? {
                if name.ends_with(".tmp") {
                    fs::remove_file(own.join(&name))?;
                } else if let Some(hash) = hash_of(&name) {
                    index.insert((tenant.clone(), hash.to_owned()), own.join(&name));
                }
            }
        }
    }
    Ok(index)
}

fn hash_of(name: &str) -> Option<&str> {
    name.strip_suffix(".doc")?
        .split_once('-')
        .map(|(_, hash)| hash)
}
