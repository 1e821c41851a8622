//! Readers: connections that cannot write, opened when first needed and kept for the next.
//!
//! A connection that broke while it lay idle is replaced, and the read done again: the server may have
//! been started anew since.

use super::fault::Fault;
use super::lock;
use super::session::{Purpose, READING, Server, Session};
use super::wait::wait;
use baton_journal::store::StoreError;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// How many readers there are at most.
const READERS: usize = 8;

/// The readers of a database.
#[derive(Debug)]
pub(super) struct Readers {
    server: Arc<Server>,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Session>,
    lent: usize,
}

impl Readers {
    pub(super) fn of(server: Arc<Server>) -> Self {
        Self {
            server,
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// Reads on an idle reader; waits while all are busy.
    pub(super) fn read<T>(
        &self,
        operation: &'static str,
        read: impl AsyncFn(&mut Session) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let lent = self.lend();
        let (answer, session) = self.attempt(lent, &read);
        self.take_back(session);
        answer.map_err(|fault| fault.reading(operation))
    }

    fn attempt<T>(
        &self,
        lent: Option<Session>,
        read: &impl AsyncFn(&mut Session) -> Result<T, Fault>,
    ) -> (Result<T, Fault>, Option<Session>) {
        if let Some(mut session) = lent {
            match on(&mut session, read) {
                Err(fault) if fault.is_lost() || fault.is_outdated() => {}
                answer => return (answer, Some(session)),
            }
        }
        match self.server.open(Purpose::Read) {
            Err(fault) => (Err(fault), None),
            Ok(mut session) => match on(&mut session, read) {
                Err(fault) if fault.is_lost() => (Err(fault), None),
                answer => (answer, Some(session)),
            },
        }
    }

    /// Counts a reader as lent and hands it out, if one was opened before.
    fn lend(&self) -> Option<Session> {
        let mut pool = lock(&self.pool);
        while pool.lent >= READERS {
            let waited = self.returned.wait(pool);
            pool = waited.unwrap_or_else(PoisonError::into_inner);
        }
        pool.lent += 1;
        pool.idle.pop()
    }

    fn take_back(&self, session: Option<Session>) {
        let mut pool = lock(&self.pool);
        pool.lent -= 1;
        pool.idle.extend(session);
        drop(pool);
        self.returned.notify_one();
    }
}

fn on<T>(
    session: &mut Session,
    read: &impl AsyncFn(&mut Session) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if session.is_lost() {
        return Err(Fault::late());
    }
    wait(READING, read(session)).unwrap_or_else(|| Err(Fault::late()))
}
