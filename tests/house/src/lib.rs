//! The laws of the house as functions over the project's own sources: who may depend on whom
//! ([`rooms`]), how long functions and files may be ([`lengths`]), and what must not occur at all
//! ([`absence`], [`folders`]), whose the codes of errors are ([`codes`]). It judges syntax and dependencies only, never behaviour. Its data comes
//! from `cargo metadata` and from the files under `crates/` ([`source`]); its findings go to
//! `tests/house.rs`, which fails on them.

pub mod absence;
pub mod codes;
pub mod folders;
pub mod lengths;
pub mod ratchet;
pub mod rooms;
pub mod source;

use std::fmt;
use std::path::{Path, PathBuf};

/// One broken law: where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file (relative to the repository), or the crate.
    pub place: String,
    /// The line in the file, 0 where the whole file or crate is meant.
    pub line: usize,
    /// What was found and what the law asks instead.
    pub message: String,
}

impl Finding {
    /// Makes a finding.
    pub fn new(place: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.message),
            line => write!(f, "{}:{line}: {}", self.place, self.message),
        }
    }
}

/// The repository's root, two folders above this crate. The folder is asked for when the test runs: a
/// target folder shared by several clones may hold a test that was compiled in another of them.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .map_or(here.clone(), Path::to_path_buf)
}
