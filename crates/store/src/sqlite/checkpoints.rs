//! The thread that moves the write-ahead log into the database file. Most of it is moved beside the
//! writer and the readers; then the writer is held back for the little that came meanwhile, so that
//! the log begins anew in the same place of the disk instead of growing.

use super::connect::{Place, write_error};
use super::lock;
use super::writer::Writer;
use baton_journal::store::StoreError;
use rusqlite::Connection;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// After about how many changed pages the log is moved.
const PAGES: u64 = 4_000;

/// The thread and what it is told.
#[derive(Debug)]
pub(super) struct Checkpointer {
    work: Arc<Work>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Work {
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pages: u64,
    stop: bool,
}

impl Checkpointer {
    /// Starts the thread with a connection of its own.
    pub(super) fn start(place: &Place, writer: Arc<Mutex<Writer>>) -> Result<Self, StoreError> {
        let operation = "the write-ahead log";
        let connection = place
            .writer()
            .map_err(|error| write_error(operation, &error))?;
        let work = Arc::new(Work::default());
        let shared = Arc::clone(&work);
        let thread = std::thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || run(&shared, &connection, &writer))
            .map_err(|error| StoreError::Write {
                operation,
                reason: error.to_string(),
            })?;
        Ok(Self {
            work,
            thread: Some(thread),
        })
    }

    /// Notes that a commit changed about so many pages.
    pub(super) fn note(&self, pages: u64) {
        let mut state = lock(&self.work.state);
        state.pages += pages;
        if state.pages >= PAGES {
            self.work.told.notify_one();
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        lock(&self.work.state).stop = true;
        self.work.told.notify_one();
        if let Some(thread) = self.thread.take() {
            // A thread that failed leaves the log as it is, and the next start reads it.
            let _ = thread.join();
        }
    }
}

fn run(work: &Work, connection: &Connection, writer: &Mutex<Writer>) {
    while wait(work) {
        // A checkpoint that fails, on a full disk or under a reader, is tried again with the next.
        if passive(connection).is_ok() {
            let _held = lock(writer);
            let _ = passive(connection);
        }
    }
}

/// Waits for enough pages; false when the thread is to end.
fn wait(work: &Work) -> bool {
    let mut state = lock(&work.state);
    while !state.stop && state.pages < PAGES {
        let waited = work.told.wait(state);
        state = waited.unwrap_or_else(PoisonError::into_inner);
    }
    state.pages = 0;
    !state.stop
}

/// Moves what no reader still needs in its place.
fn passive(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))
}
