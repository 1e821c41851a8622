//! The side file: one line a sent invoice or credit note, with the defect planted in it. Baton never reads it; it is
//! there to be held against what Baton found.

use crate::Defect;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// What was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// The deal's number.
    pub number: u64,
    /// The supplier's name.
    pub supplier: String,
    /// The invoice's or credit note's number.
    pub invoice: String,
    /// The invoice it credits, where it is a credit note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<String>,
    /// The order's number.
    pub order: String,
    /// What is wrong with it, if anything.
    pub defect: Option<Defect>,
    /// What a careful clerk would say of it, in order.
    pub reasons: Vec<String>,
}

/// Why the side file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// The disk.
    #[error("BATON-FLOOR-001: {path}: {error}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },
    /// A line that is none.
    #[error("BATON-FLOOR-002: {path}, line {line}: {error}; move the file away to begin a new one")]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// The side file, open at its end.
#[derive(Debug)]
pub struct SideFile {
    path: PathBuf,
    file: File,
    next: u64,
}

impl SideFile {
    /// Opens the file, or begins one; numbers go on where they stopped.
    pub fn open(path: &Path) -> Result<Self, SideError> {
        let last = match path.exists() {
            true => Self::read(path)?.last().map_or(0, |planted| planted.number),
            false => 0,
        };
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Self {
            path: path.to_owned(),
            file: file.map_err(io(path))?,
            next: last + 1,
        })
    }

    /// All lines of a side file.
    pub fn read(path: &Path) -> Result<Vec<Planted>, SideError> {
        let file = File::open(path).map_err(io(path))?;
        let mut lines = Vec::new();
        for (line, text) in BufReader::new(file).lines().enumerate() {
            let text = text.map_err(io(path))?;
            let read = serde_json::from_str(&text).map_err(|error| SideError::Line {
                path: path.to_owned(),
                line: line + 1,
                error,
            })?;
            lines.push(read);
        }
        Ok(lines)
    }

    /// The next deal's number.
    pub fn number(&self) -> u64 {
        self.next
    }

    /// Notes what is about to be sent.
    pub fn note(&mut self, planted: &Planted) -> Result<(), SideError> {
        let mut line = serde_json::to_vec(planted).map_err(|error| SideError::Line {
            path: self.path.clone(),
            line: 0,
            error,
        })?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(io(&self.path))?;
        self.next = planted.number + 1;
        Ok(())
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> SideError {
    move |error| SideError::Io {
        path: path.to_owned(),
        error,
    }
}
