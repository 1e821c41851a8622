//! The data folder: one place for the journal, the keys, the originals and the inbox.

use std::path::{Path, PathBuf};

/// A data folder's layout.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path; nothing is made.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The journal's database.
    pub fn journal(&self) -> PathBuf {
        self.0.join("journal.db")
    }

    /// The keys.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// The originals, encrypted.
    pub fn originals(&self) -> PathBuf {
        self.0.join("originals")
    }

    /// The watched folder: a file put here is taken in and moved away.
    pub fn inbox(&self) -> PathBuf {
        self.0.join("inbox")
    }

    /// Whether it holds a journal itself.
    pub fn exists(&self) -> bool {
        self.journal().is_file()
    }

    /// Whether the keys are there.
    pub fn has_keys(&self) -> bool {
        self.keys().join("root.key").is_file()
    }

    /// The file on which programs take turns.
    pub(crate) fn lock_file(&self) -> std::io::Result<std::fs::File> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        options.open(self.0.join("writer.lock"))
    }

    /// Makes the folders that are missing.
    pub fn make(&self) -> std::io::Result<()> {
        for path in [self.0.clone(), self.keys(), self.originals(), self.inbox()] {
            std::fs::create_dir_all(path)?;
        }
        Ok(())
    }
}
