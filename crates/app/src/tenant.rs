//! A tenant's world in memory: loaded from the kept slots, caught up from the journal, and filled slot
//! by slot as turns need them.

use baton_journal::slots::Snapshot;
use baton_journal::store::{Head, Store, StoreError};
use baton_journal::{Command, Entry, Env, Key, Need};
use baton_model::TenantId;
use baton_relay::{Turned, World, fold, turn};
use std::sync::Arc;

/// Past this many loaded slots those that are safely kept are forgotten.
const SLOTS: usize = 50_000;
/// How many entries are read at once while catching up.
const PAGE: usize = 500;

/// A tenant in memory.
pub(crate) struct Tenant {
    id: TenantId,
    world: World,
    /// The head the world stands at.
    pub(crate) head: Head,
    /// The number up to which all slots are kept.
    pub(crate) flushed: i64,
}

impl Tenant {
    /// Loads a tenant and catches up with its journal.
    pub(crate) fn load(store: &Arc<dyn Store>, id: &TenantId) -> Result<Self, StoreError> {
        let flushed = store.flushed(id)?;
        let mut tenant = Self {
            id: id.clone(),
            world: World::default(),
            head: Head::EMPTY,
            flushed,
        };
        tenant.head.n = flushed;
        tenant.catch_up(store)?;
        Ok(tenant)
    }

    /// Folds the entries that another program wrote since.
    pub(crate) fn catch_up(&mut self, store: &Arc<dyn Store>) -> Result<(), StoreError> {
        let head = store.head(&self.id)?;
        while self.head.n < head.n {
            let page = store.entries(&self.id, self.head.n, PAGE)?;
            let Some(last) = page.last() else { break };
            let n = last.n;
            for stored in &page {
                let entry = Entry::from_bytes(&stored.bytes).map_err(|error| unreadable(&error))?;
                self.fold(store, &entry)?;
            }
            self.head.n = n;
        }
        if self.head.n != head.n {
            return Err(StoreError::HeadMoved {
                expected: self.head.n,
                found: head.n,
            });
        }
        self.head = head;
        Ok(())
    }

    /// Runs a turn, loading what it needs.
    pub(crate) fn turn(
        &mut self,
        store: &Arc<dyn Store>,
        command: &Command,
        env: &Env<'_>,
    ) -> Result<Turned, StoreError> {
        loop {
            match turn(&mut self.world, command, env) {
                Ok(turned) => return Ok(turned),
                Err(Need(key)) => self.fetch(store, &key)?,
            }
        }
    }

    fn fold(&mut self, store: &Arc<dyn Store>, entry: &Entry) -> Result<(), StoreError> {
        while let Err(Need(key)) = fold(&mut self.world, entry) {
            self.fetch(store, &key)?;
        }
        Ok(())
    }

    fn fetch(&mut self, store: &Arc<dyn Store>, key: &Key) -> Result<(), StoreError> {
        for shelf in self.world.missing(key) {
            let snapshot = store.snapshot(&self.id, shelf, &key.to_string())?;
            self.world
                .load(shelf, key, snapshot.as_deref())
                .map_err(|error| unreadable(&error))?;
        }
        Ok(())
    }

    /// Hands over the slots that changed, to be kept.
    pub(crate) fn drain(&mut self) -> Result<Vec<Snapshot>, StoreError> {
        self.world.drain().map_err(|error| unreadable(&error))
    }

    /// Notes that all slots are kept up to a number, and forgets some if there are many.
    pub(crate) fn flushed_to(&mut self, n: i64) {
        self.flushed = n;
        if self.world.loaded() > SLOTS {
            self.world.forget();
        }
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Read {
        operation: "a tenant's state",
        reason: error.to_string(),
    }
}
