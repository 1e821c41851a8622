//! The store of subject keys on disk: one small file a subject, wrapped under the tenant's key, and the
//! root key above them. Each write is durable before it is used.
//!
//! It seals nothing itself and never writes a subject's id: names are blind, as the id may be personal.
//! `door` asks it for keys; an erasure in the journal makes it destroy one. The folder is kept and
//! backed up apart from the journal: whoever holds both can read everything.
//!
//! Layout: `root.key`; `TENANT/SUBJECT.key`, a wrapped key; `TENANT/SUBJECT.gone`, the number of the
//! last erasure that was carried out.

mod disk;
#[cfg(test)]
mod tests;

use crate::clock::Random;
use baton_access::{KEY_BYTES, RootKey, SealError, SubjectKey, TenantKey};
use baton_model::{SubjectId, TenantId};
use disk::write_first;
pub(crate) use disk::{names_in, private_folder, sync_folder, write_durably};
use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why a key could not be kept, found or destroyed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The disk.
    #[error("BATON-APP-101: {operation} failed: {error}; free or mend the disk of the key folder")]
    Io {
        /// What was being done.
        operation: &'static str,
        /// The system's words.
        error: io::Error,
    },
    /// There are subject keys but no root key to open them.
    #[error(
        "BATON-APP-102: the key folder holds keys but no `root.key`; restore it from the keys' backup, a new one would open nothing"
    )]
    RootMissing,
    /// The root key file is not a key.
    #[error(
        "BATON-APP-103: `root.key` has {found} bytes instead of {KEY_BYTES}; restore it from the keys' backup"
    )]
    RootDamaged {
        /// Its size.
        found: usize,
    },
    /// A subject's key does not unwrap.
    #[error(transparent)]
    Seal(#[from] SealError),
}

fn io(operation: &'static str) -> impl FnOnce(io::Error) -> KeyError {
    move |error| KeyError::Io { operation, error }
}

/// The keys of a data folder.
pub struct KeyStore {
    folder: PathBuf,
    root: RootKey,
    random: Arc<dyn Random>,
    held: Mutex<Held>,
}

/// What is in memory: tenants' keys, and the subject keys used since the start with their files' bytes.
/// Another process may erase a subject, so a key counts only while its file says the same.
#[derive(Default)]
struct Held {
    tenants: HashMap<TenantId, Arc<TenantKey>>,
    subjects: HashMap<(TenantId, SubjectId), (Vec<u8>, Arc<SubjectKey>)>,
}

impl KeyStore {
    /// Opens the store in a folder; makes the root key where there is nothing yet.
    pub fn open(folder: &Path, random: Arc<dyn Random>) -> Result<Self, KeyError> {
        private_folder(folder).map_err(io("making the key folder"))?;
        let path = folder.join("root.key");
        let root = match fs::read(&path) {
            Ok(bytes) => read_root(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_root(folder, random.as_ref())?
            }
            Err(error) => return Err(io("reading the root key")(error)),
        };
        Ok(Self {
            folder: folder.to_owned(),
            root,
            random,
            held: Mutex::default(),
        })
    }

    /// A subject's key, made on first use and durable before it is returned.
    pub fn subject(
        &self,
        tenant: &TenantId,
        subject: &SubjectId,
    ) -> Result<Arc<SubjectKey>, KeyError> {
        let mut held = self.lock();
        if let Some(key) = self.load(&mut held, tenant, subject)? {
            return Ok(key);
        }
        let mut bytes = [0; KEY_BYTES];
        self.random.fill(&mut bytes);
        let above = self.above(&mut held, tenant);
        let wrapped = above.wrap(subject, &SubjectKey::new(bytes))?;
        let folder = self.tenant_folder(&above, tenant);
        private_folder(&folder).map_err(io("making a tenant's key folder"))?;
        let name = format!("{}.key", name_of(&above, subject));
        write_first(&folder, &name, &wrapped).map_err(io("writing a subject's key"))?;
        // Where another process was first, its key counts.
        let key = self.load(&mut held, tenant, subject)?;
        key.ok_or_else(|| io("reading a subject's key")(io::ErrorKind::NotFound.into()))
    }

    /// A subject's key if there is one; none was ever needed, or it is destroyed, where there is none.
    pub fn find(
        &self,
        tenant: &TenantId,
        subject: &SubjectId,
    ) -> Result<Option<Arc<SubjectKey>>, KeyError> {
        self.load(&mut self.lock(), tenant, subject)
    }

    /// Destroys a subject's key: overwrites and removes it, and notes the number `n` of the entry that
    /// erased it. Repeated for the same entry it does nothing: a key made since then stays.
    pub fn erase(&self, tenant: &TenantId, subject: &SubjectId, n: i64) -> Result<bool, KeyError> {
        let mut held = self.lock();
        let above = self.above(&mut held, tenant);
        let folder = self.tenant_folder(&above, tenant);
        let name = name_of(&above, subject);
        if read_mark(&folder, &name)? >= n {
            return Ok(false);
        }
        held.subjects.remove(&(tenant.clone(), subject.clone()));
        private_folder(&folder).map_err(io("making a tenant's key folder"))?;
        // The key, and what a crash may have left beside it while it was made.
        let own = format!("{name}.key");
        for file in names_in(&folder).map_err(io("listing the keys"))? {
            if file.starts_with(&own) {
                self.destroy(&folder.join(file))
                    .map_err(io("destroying a subject's key"))?;
            }
        }
        write_durably(&folder, &format!("{name}.gone"), n.to_string().as_bytes())
            .map_err(io("noting an erasure"))?;
        Ok(true)
    }

    /// The number of the last entry whose erasure of the subject was carried out; 0 where there is none.
    /// After a crash the shell erases again what the journal knows and this does not.
    pub fn erased(&self, tenant: &TenantId, subject: &SubjectId) -> Result<i64, KeyError> {
        let above = self.above(&mut self.lock(), tenant);
        read_mark(
            &self.tenant_folder(&above, tenant),
            &name_of(&above, subject),
        )
    }

    /// The blind names of the subjects that have a key, in order.
    pub fn list(&self, tenant: &TenantId) -> Result<Vec<String>, KeyError> {
        let above = self.above(&mut self.lock(), tenant);
        let names =
            names_in(&self.tenant_folder(&above, tenant)).map_err(io("listing the keys"))?;
        let keys = names
            .iter()
            .filter_map(|name| name.strip_suffix(".key").map(str::to_owned));
        Ok(keys.collect())
    }

    /// A name that says nothing without the tenant's key; `purpose` keeps kinds of names apart.
    pub fn blind(&self, tenant: &TenantId, purpose: &str, text: &str) -> String {
        self.above(&mut self.lock(), tenant).blind(purpose, text)
    }

    /// Random bytes in hex, for the name of a file.
    pub(crate) fn random_name(&self) -> String {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        crate::hex(&bytes)
    }

    fn load(
        &self,
        held: &mut Held,
        tenant: &TenantId,
        subject: &SubjectId,
    ) -> Result<Option<Arc<SubjectKey>>, KeyError> {
        let slot = (tenant.clone(), subject.clone());
        let above = self.above(held, tenant);
        let name = format!("{}.key", name_of(&above, subject));
        let path = self.tenant_folder(&above, tenant).join(name);
        let wrapped = match fs::read(path) {
            Ok(wrapped) => wrapped,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                held.subjects.remove(&slot);
                return Ok(None);
            }
            Err(error) => return Err(io("reading a subject's key")(error)),
        };
        if let Some((_, key)) = held
            .subjects
            .get(&slot)
            .filter(|(file, _)| *file == wrapped)
        {
            return Ok(Some(key.clone()));
        }
        let key = Arc::new(above.unwrap_key(subject, &wrapped)?);
        held.subjects.insert(slot, (wrapped, key.clone()));
        Ok(Some(key))
    }

    fn above(&self, held: &mut Held, tenant: &TenantId) -> Arc<TenantKey> {
        if let Some(key) = held.tenants.get(tenant) {
            return key.clone();
        }
        let key = Arc::new(self.root.tenant(tenant));
        held.tenants.insert(tenant.clone(), key.clone());
        key
    }

    fn tenant_folder(&self, above: &TenantKey, tenant: &TenantId) -> PathBuf {
        self.folder.join(above.blind("tenant", tenant.as_str()))
    }

    /// Overwrites and removes a file. On disks that write elsewhere the old bytes may linger, wrapped.
    fn destroy(&self, path: &Path) -> io::Result<()> {
        let mut file = match OpenOptions::new().write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let mut noise = vec![0; usize::try_from(file.metadata()?.len()).unwrap_or(4096)];
        self.random.fill(&mut noise);
        file.write_all(&noise)?;
        file.sync_all()?;
        fs::remove_file(path)
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name_of(above: &TenantKey, subject: &SubjectId) -> String {
    above.blind("subject", subject.as_str())
}

fn read_root(bytes: &[u8]) -> Result<RootKey, KeyError> {
    let found = bytes.len();
    let bytes = bytes
        .try_into()
        .map_err(|_| KeyError::RootDamaged { found })?;
    Ok(RootKey::new(bytes))
}

fn make_root(folder: &Path, random: &dyn Random) -> Result<RootKey, KeyError> {
    let names = names_in(folder).map_err(io("listing the key folder"))?;
    if names.iter().any(|name| folder.join(name).is_dir()) {
        return Err(KeyError::RootMissing);
    }
    let mut bytes = [0; KEY_BYTES];
    random.fill(&mut bytes);
    write_durably(folder, "root.key", &bytes).map_err(io("writing the root key"))?;
    Ok(RootKey::new(bytes))
}

fn read_mark(folder: &Path, name: &str) -> Result<i64, KeyError> {
    match fs::read_to_string(folder.join(format!("{name}.gone"))) {
        Ok(text) => Ok(text.trim().parse().unwrap_or(0)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(io("reading an erasure's mark")(error)),
    }
}
