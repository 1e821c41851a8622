//! The one who writes: its connection, the head it may hold, and what it does when the connection breaks.
//!
//! A connection that broke before the commit was sent did nothing: the batch goes in on a fresh one. One
//! that broke on the commit itself leaves open whether it was heard; a fresh one waits until the old
//! transaction has ended and looks for the batch's last entry by number and chain, which no other batch
//! can have. While the server cannot be reached the batch counts as not answered.

use super::commit::{self, Failed};
use super::fault::Fault;
use super::schema::{self, Unmade};
use super::session::{Purpose, Server, Session, WRITING};
use super::tables::{self, Tables, Write};
use super::values::kept;
use super::wait::wait;
use crate::batches::BATCH;
use baton_journal::View;
use baton_journal::store::{Batch, Row, StoreError};
use baton_model::TenantId;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a server is called again that does not take connections: it may be starting anew.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long between two calls.
const PAUSE: Duration = Duration::from_millis(50);
/// How long is waited while tables are made and views rebuilt.
const MAKING: Duration = Duration::from_secs(3_600);
/// How many rows of a rebuilt view go in one statement.
const SLICE: usize = 5_000;

/// The one who writes.
#[derive(Debug)]
pub(super) struct Writer {
    server: Arc<Server>,
    session: Option<Session>,
    held: Option<TenantId>,
    tables: Tables,
}

impl Writer {
    pub(super) fn of(server: Arc<Server>) -> Self {
        Self {
            server,
            session: None,
            held: None,
            tables: Tables::new(),
        }
    }

    pub(super) fn prepare(&mut self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        let operation = "the tables";
        let mut session = self.making(operation)?;
        let made = wait(MAKING, schema::prepare(&mut session, views));
        let made = made.unwrap_or_else(|| Err(Unmade::Fault(Fault::late())));
        let stale = made.map_err(|unmade| unmade.told(operation))?;
        for view in views {
            self.tables.add(view);
        }
        Ok(stale)
    }

    /// Takes the tenant's head, and keeps it until the next commit or [`Writer::release`].
    pub(super) fn hold(&mut self, tenant: &TenantId) -> Result<(), StoreError> {
        self.release();
        let held = self.asking(async |session| commit::hold(session, tenant.as_str()).await);
        held.map_err(|fault| fault.writing("the head's lock"))?;
        self.held = Some(tenant.clone());
        Ok(())
    }

    /// Lets a held head go.
    pub(super) fn release(&mut self) {
        if self.held.take().is_some() {
            // If it fails the connection is given up, and the head with it.
            let _ = self.asking(async |session| commit::roll_back(session).await);
        }
    }

    /// Commits a batch; see the port.
    pub(super) fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.held.as_ref().is_some_and(|held| *held != batch.tenant) {
            self.release();
        }
        match self.attempt(batch) {
            Err(Failed::Fault(fault)) if fault.is_lost() => {}
            Err(Failed::Unknown(fault)) => match self.stands(batch) {
                Some(true) => return Ok(()),
                Some(false) => {}
                None => return Err(fault.writing(BATCH)),
            },
            other => return other.map_err(answer),
        }
        let reached = self.call_again();
        reached.map_err(|fault| fault.writing(BATCH))?;
        self.attempt(batch).map_err(answer)
    }

    fn attempt(&mut self, batch: &Batch) -> Result<(), Failed> {
        let held = self.held.take().is_some();
        self.open()?;
        let Some(session) = &mut self.session else {
            return Err(Fault::late().into());
        };
        let done = wait(WRITING, commit::commit(session, &self.tables, batch, held));
        let done = done.unwrap_or_else(|| Err(Failed::Unknown(Fault::late())));
        if matches!(done, Err(Failed::Fault(_) | Failed::Unknown(_))) {
            // A fresh connection has no transaction half done.
            self.session = None;
        }
        done
    }

    /// Whether a batch of unknown fate is in the journal; nothing where the server cannot be asked.
    fn stands(&mut self, batch: &Batch) -> Option<bool> {
        self.call_again().ok()?;
        let asked = self.asking(async |session| commit::stands(session, batch).await);
        asked.ok()
    }

    /// Replaces a tenant's rows of a view, all or nothing.
    pub(super) fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        let operation = "a rebuilt view";
        let mut session = self.making(operation)?;
        let replaced = wait(MAKING, replace(&mut session, tenant, view, rows));
        let replaced = replaced.unwrap_or_else(|| Err(Unmade::Fault(Fault::late())));
        replaced.map_err(|unmade| unmade.told(operation))
    }

    /// A connection of its own for what takes long.
    fn making(&self, operation: &'static str) -> Result<Session, StoreError> {
        let opened = self.server.open(Purpose::Make);
        opened.map_err(|fault| fault.writing(operation))
    }

    /// Opens a connection where there is none.
    fn open(&mut self) -> Result<(), Fault> {
        if self.session.is_none() {
            self.session = Some(self.server.open(Purpose::Write)?);
        }
        Ok(())
    }

    /// Opens a fresh connection, calling again for a while where the server takes none.
    fn call_again(&mut self) -> Result<(), Fault> {
        let end = Instant::now() + PATIENCE;
        self.session = None;
        while let Err(fault) = self.open() {
            if !fault.is_lost() || Instant::now() > end {
                return Err(fault);
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Asks something on the connection, and gives it up if that fails.
    fn asking<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Session) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.open()?;
        let Some(session) = &mut self.session else {
            return Err(Fault::late());
        };
        let told = wait(WRITING, ask(session)).unwrap_or_else(|| Err(Fault::late()));
        if told.is_err() {
            self.session = None;
        }
        told
    }
}

fn answer(failed: Failed) -> StoreError {
    match failed {
        Failed::Answer(error) => error,
        Failed::Fault(fault) | Failed::Unknown(fault) => fault.writing(BATCH),
    }
}

async fn replace(
    session: &mut Session,
    tenant: &TenantId,
    view: &View,
    rows: &mut dyn Iterator<Item = Row>,
) -> Result<(), Unmade> {
    let (name, put) = (kept(tenant.as_str()), tables::put(view));
    session.run("begin").await?;
    let delete = format!("delete from {} where tenant = $1", view.name);
    session.execute(&delete, &[&name]).await?;
    loop {
        let slice: Vec<Row> = rows.take(SLICE).collect();
        if slice.is_empty() {
            break;
        }
        let rows = slice.iter().map(Vec::as_slice);
        let lists = tables::columns(view, view.columns, rows).map_err(Unmade::Store)?;
        let write = Write { text: &put, lists };
        session
            .execute(&put, &commit::ask(&name, &write).values)
            .await?;
    }
    let tables = Tables::of(&[*view]);
    let versions = tables.versions();
    let values = commit::ask(&name, &versions).values;
    session.execute(versions.text, &values).await?;
    Ok(session.run("commit").await?)
}
