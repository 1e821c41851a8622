//! Turns: of several programs on one data folder, one decides and writes at a time. The lock file holds
//! the mark of who had the last turn; a program that finds its own there knows that nobody wrote since.
//!
//! It makes nothing right: every batch is committed on the head it was decided on. It saves looking the
//! head up, and deciding in vain.

use crate::Folder;
use std::fs::File;
use std::io::{Read, Seek, Write};

/// A program's mark.
pub(crate) type Mark = [u8; 16];

/// This program's turns on a data folder.
#[derive(Debug)]
pub(crate) struct Turns {
    folder: Folder,
    own: Mark,
    file: Option<File>,
    held: bool,
}

impl Turns {
    pub(crate) fn on(folder: &Folder, own: Mark) -> Self {
        Self {
            folder: folder.clone(),
            own,
            file: None,
            held: false,
        }
    }

    /// Whether this program has its turn.
    pub(crate) fn held(&self) -> bool {
        self.held
    }

    /// Waits for the turn, and tells whether somebody else may have written since this program's last.
    /// Where the folder has no locks there are no turns, and somebody always may.
    pub(crate) fn begin(&mut self) -> bool {
        if self.file.is_none() {
            self.file = self.folder.lock_file().ok();
        }
        let Some(file) = self.file.as_mut().filter(|file| file.lock().is_ok()) else {
            return true;
        };
        self.held = true;
        !matches!(last(file), Ok(mark) if mark == self.own) && note(file, &self.own)
    }

    /// Ends the turn.
    pub(crate) fn end(&mut self) {
        if !std::mem::take(&mut self.held) {
            return;
        }
        // A lock that cannot be given back ends with its file.
        if self
            .file
            .as_ref()
            .is_some_and(|file| file.unlock().is_err())
        {
            self.file = None;
        }
    }
}

fn last(file: &mut File) -> std::io::Result<Mark> {
    let mut mark = Mark::default();
    file.rewind()?;
    file.read_exact(&mut mark)?;
    Ok(mark)
}

/// Puts a mark; true, for others may have written. One that could not be put says so the next time too.
fn note(file: &mut File, own: &Mark) -> bool {
    let _ = file.rewind().and_then(|()| file.write_all(own));
    true
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use crate::Folder;

    #[test]
    fn who_finds_the_own_mark_was_alone() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(temporary.path());
        let (mut one, mut other) = (Turns::on(&folder, [1; 16]), Turns::on(&folder, [2; 16]));
        assert!(one.begin(), "nothing is known at first");
        one.end();
        assert!(!one.begin(), "nobody came between");
        one.end();
        assert!(other.begin());
        other.end();
        assert!(one.begin(), "the other had a turn");
        one.end();
        assert!(!one.begin());
    }

    #[test]
    fn one_waits_for_the_other() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(temporary.path());
        let mut one = Turns::on(&folder, [1; 16]);
        one.begin();
        let waiting = std::thread::spawn({
            let mut other = Turns::on(&folder, [2; 16]);
            move || other.begin()
        });
        assert!(one.held() && !waiting.is_finished());
        one.end();
        assert!(waiting.join().expect("it got its turn"));
    }
}
