//! A tenant's world in memory: loaded from the kept slots, caught up from the journal, and filled slot
//! by slot as turns need them.

use baton_journal::slots::Snapshot;
use baton_journal::store::{Head, Store, StoreError};
use baton_journal::{Command, Entry, Env, Event, Key, Need};
use baton_model::TenantId;
use baton_relay::{Turned, World, fold, turn};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Past this many loaded slots those that are safely kept are forgotten.
const SLOTS: usize = 50_000;
/// How often catching up begins again while other programs keep slots.
const CATCHES: usize = 3;
/// How many entries are read at once while catching up.
const PAGE: usize = 500;

/// Under this name it is kept which shelves the slots were kept for.
const SHELVES: &str = "shelves";

/// A tenant in memory.
pub(crate) struct Tenant {
    id: TenantId,
    world: World,
    /// Whether the kept slots are those of this Baton's shelves. Where they are not, an older or newer
    /// one kept them: everything is folded from the first entry, and the next flush keeps it anew.
    kept: bool,
    /// Whether other programs may have written since it was caught up.
    pub(crate) behind: bool,
    /// The head the world stands at.
    pub(crate) head: Head,
    /// The number up to which all slots are kept.
    pub(crate) flushed: i64,
    /// The number up to which the changed slots were handed over; beyond `flushed` they are on their way.
    drained: i64,
}

impl Tenant {
    /// Loads a tenant and catches up with its journal.
    pub(crate) fn load(store: &Arc<dyn Store>, id: &TenantId) -> Result<Self, StoreError> {
        let mut tenant = Self::as_kept(id, kept(store, id)?);
        tenant.catch_up(store)?;
        Ok(tenant)
    }

    /// A tenant as its slots were last kept, none of them loaded yet.
    fn as_kept(id: &TenantId, flushed: Option<i64>) -> Self {
        let kept = flushed.is_some();
        let flushed = flushed.unwrap_or_default();
        let head = Head {
            n: flushed,
            ..Head::EMPTY
        };
        Self {
            id: id.clone(),
            world: World::default(),
            kept,
            behind: true,
            head,
            flushed,
            drained: flushed,
        }
    }

    /// Folds the entries that another program wrote since. Where that program has kept slots beyond this
    /// world's head, before or meanwhile, those loaded here may be of a later instant than the entries
    /// folded on them, and it begins again from them.
    pub(crate) fn catch_up(&mut self, store: &Arc<dyn Store>) -> Result<(), StoreError> {
        for _ in 0..CATCHES {
            let (head, stood) = (store.head(&self.id)?, self.head.n);
            if stood >= head.n {
                return self.stand_at(head);
            }
            let mut flushed = kept(store, &self.id)?;
            if flushed.is_none_or(|flushed| flushed <= stood) {
                self.fold_to(store, &head)?;
                flushed = kept(store, &self.id)?;
            }
            if flushed.is_none_or(|flushed| flushed <= stood) {
                return self.stand_at(head);
            }
            *self = Self::as_kept(&self.id, flushed);
        }
        self.stand_at(store.head(&self.id)?)
    }

    /// Checks that the world stands at a head, and takes it over.
    fn stand_at(&mut self, head: Head) -> Result<(), StoreError> {
        if self.head.n != head.n {
            return Err(StoreError::HeadMoved {
                expected: self.head.n,
                found: head.n,
            });
        }
        self.head = head;
        self.behind = false;
        Ok(())
    }

    fn fold_to(&mut self, store: &Arc<dyn Store>, head: &Head) -> Result<(), StoreError> {
        while self.head.n < head.n {
            let missing = usize::try_from(head.n - self.head.n).unwrap_or(PAGE);
            let page = store.entries(&self.id, self.head.n, missing.min(PAGE))?;
            let Some(last) = page.last() else { break };
            let n = last.n;
            let entries = page.iter().map(|stored| Entry::from_bytes(&stored.bytes));
            let entries: Vec<Entry> = entries
                .collect::<Result<_, _>>()
                .map_err(|error| unreadable(&error))?;
            self.fetch(store, &touched(&entries))?;
            for entry in &entries {
                self.fold(store, entry)?;
            }
            self.head.n = n;
        }
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
                Err(Need(key)) => self.fetch(store, &[key].into())?,
            }
        }
    }

    fn fold(&mut self, store: &Arc<dyn Store>, entry: &Entry) -> Result<(), StoreError> {
        while let Err(Need(key)) = fold(&mut self.world, entry) {
            self.fetch(store, &[key].into())?;
        }
        Ok(())
    }

    /// Loads the slots of these keys that are not loaded yet, all at once.
    fn fetch(&mut self, store: &Arc<dyn Store>, keys: &BTreeSet<Key>) -> Result<(), StoreError> {
        let mut slots = Vec::new();
        for key in keys {
            let shelves = self.world.missing(key).into_iter();
            slots.extend(shelves.map(|shelf| (shelf, key)));
        }
        let named: Vec<_> = slots
            .iter()
            .map(|(shelf, key)| (*shelf, key.to_string()))
            .collect();
        let found = match self.kept {
            true => store.snapshots(&self.id, &named)?,
            false => vec![None; named.len()],
        };
        for ((shelf, key), snapshot) in slots.into_iter().zip(found) {
            let loaded = self.world.load(shelf, key, snapshot.as_deref());
            loaded.map_err(|error| unreadable(&error))?;
        }
        Ok(())
    }

    /// Hands over the slots that changed, to be kept.
    pub(crate) fn drain(&mut self) -> Result<Vec<Snapshot>, StoreError> {
        let mut slots = self.world.drain().map_err(|error| unreadable(&error))?;
        self.drained = self.head.n;
        if !self.kept {
            slots.push(Snapshot {
                shelf: SHELVES,
                key: Key::Tenant,
                bytes: Some(names(&mut self.world)),
            });
        }
        Ok(slots)
    }

    /// Notes that all slots are kept up to a number, and forgets some if there are many. Slots that were
    /// handed over since are on their way and stay: what is kept of them is of an earlier entry, and whoever
    /// loaded that would give away again what was given away.
    pub(crate) fn flushed_to(&mut self, n: i64) {
        self.flushed = n;
        self.kept = true;
        if n >= self.drained && self.world.loaded() > SLOTS {
            self.world.forget();
        }
    }
}

/// Up to which number all slots are kept for the shelves of this Baton; nothing where it was another that
/// kept them, or none.
fn kept(store: &Arc<dyn Store>, id: &TenantId) -> Result<Option<i64>, StoreError> {
    let slot = [(SHELVES, Key::Tenant.to_string())];
    let found = store.snapshots(id, &slot)?.pop().flatten();
    if found.is_some_and(|shelves| shelves == names(&mut World::default())) {
        return store.flushed(id).map(Some);
    }
    Ok(None)
}

/// The names of all shelves. A shelf whose slots change their shape gets another name.
fn names(world: &mut World) -> Vec<u8> {
    let mut names = Vec::new();
    world.shelves(&mut |shelf| {
        names.extend(shelf.name().as_bytes());
        names.push(b' ');
    });
    names
}

/// The keys that entries touch, less those of cases that begin in them: nothing is kept of these yet.
fn touched(entries: &[Entry]) -> BTreeSet<Key> {
    let events = || entries.iter().flat_map(|entry| &entry.events);
    let mut keys: BTreeSet<Key> = events().flat_map(Event::keys).collect();
    for event in events() {
        if let Event::CaseStarted { case, .. } = event {
            keys.remove(&Key::Case(case.clone()));
        }
    }
    keys
}

fn unreadable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Read {
        operation: "a tenant's state",
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_model::CaseId;

    /// What was handed over after a flush began is kept by the next one: until that has landed it is not
    /// forgotten, or it would be loaded as it was before.
    #[test]
    fn slots_that_are_on_their_way_are_not_forgotten() {
        let mut tenant = Tenant::as_kept(&TenantId::new("lv"), None);
        for case in 0..SLOTS {
            let key = Key::Case(CaseId::new(format!("P2P-{case}")));
            for shelf in tenant.world.missing(&key) {
                let loaded = tenant.world.load(shelf, &key, None);
                loaded.expect("nothing to read");
            }
        }
        let loaded = tenant.world.loaded();
        assert!(loaded > SLOTS);
        tenant.head.n = 1_000;
        tenant.drain().expect("the first flush");
        tenant.head.n = 1_256;
        tenant.drain().expect("the next, while the first flies");
        tenant.flushed_to(1_000);
        assert_eq!(tenant.world.loaded(), loaded, "the next has not landed");
        tenant.flushed_to(1_256);
        assert_eq!(tenant.world.loaded(), 0, "all of it is kept");
    }
}
