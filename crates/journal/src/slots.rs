//! Slots: the part of a stage's state that is loaded when a turn needs it, remembered while it is hot,
//! and put back when the turn has to be done again.
//!
//! A slot is what one stage keeps of one key. The shell loads it from its snapshot on a
//! [`Need`](crate::Need) and writes the changed ones when it flushes.

use crate::turn::Need;
use crate::{Document, DocumentKind};
use baton_model::{CaseId, LaneId, WorkerId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// What a slot is kept under.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The tenant's set-up.
    Tenant,
    /// A case.
    Case(CaseId),
    /// An order in the register of orders.
    Order(String),
    /// A lane's counts.
    Lane(LaneId),
    /// A sender's document of a kind and number.
    Number(String),
    /// A file's bytes, by their hash.
    File(String),
    /// A cost centre's budget.
    Budget(String),
    /// A worker.
    Worker(WorkerId),
    /// A one-time link, by its hash.
    Link(String),
    /// A session, by its hash.
    Session(String),
    /// A client program's token, by its hash.
    Token(String),
}

impl Key {
    /// The key under which a sender's numbers are kept apart, per kind of document.
    pub fn number(document: &Document) -> Self {
        Self::number_of(&document.sender, document.kind, &document.number)
    }

    /// The same, from its parts.
    pub fn number_of(sender: &str, kind: DocumentKind, number: &str) -> Self {
        Self::Number(format!("{}|{sender}|{number}", kind.name()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant => f.write_str("tenant"),
            Self::Case(id) => write!(f, "case/{id}"),
            Self::Order(id) => write!(f, "order/{id}"),
            Self::Lane(id) => write!(f, "lane/{id}"),
            Self::Number(id) => write!(f, "number/{id}"),
            Self::File(id) => write!(f, "file/{id}"),
            Self::Budget(id) => write!(f, "budget/{id}"),
            Self::Worker(id) => write!(f, "worker/{id}"),
            Self::Link(id) => write!(f, "link/{id}"),
            Self::Session(id) => write!(f, "session/{id}"),
            Self::Token(id) => write!(f, "token/{id}"),
        }
    }
}

/// A set of slots as the shell sees it: bytes by key.
pub trait Shelf {
    /// The shelf's name in the snapshots: room, dot, noun.
    fn name(&self) -> &'static str;
    /// Whether it keeps slots under such a key.
    fn accepts(&self, key: &Key) -> bool;
    /// Whether the slot is loaded, present or known to be absent.
    fn holds(&self, key: &Key) -> bool;
    /// Loads a slot from its snapshot, or notes that there is none.
    fn load(&mut self, key: &Key, snapshot: Option<&[u8]>) -> Result<(), serde_json::Error>;
    /// Begins a turn: what changes from here on can be taken back.
    fn begin(&mut self);
    /// Takes back what changed since [`Shelf::begin`].
    fn roll_back(&mut self);
    /// Hands over the slots that changed since the last call, with their bytes; `None` where removed.
    fn drain(&mut self, into: &mut Vec<Snapshot>) -> Result<(), serde_json::Error>;
    /// Forgets all slots that are not dirty, save the tenant's. They are loaded again when needed.
    fn forget(&mut self);
    /// How many slots are loaded.
    fn len(&self) -> usize;
    /// Whether none is loaded.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A slot's bytes, as the store keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The shelf's name.
    pub shelf: &'static str,
    /// The slot's key.
    pub key: Key,
    /// The slot, or nothing where it was removed.
    pub bytes: Option<Vec<u8>>,
}

/// Slots of one kind of value.
#[derive(Debug)]
pub struct Slots<T> {
    name: &'static str,
    accepts: fn(&Key) -> bool,
    held: HashMap<Key, Option<T>>,
    before: HashMap<Key, (Option<T>, bool)>,
    dirty: BTreeSet<Key>,
}

impl<T: Clone> Slots<T> {
    /// An empty set of slots under a name, for the keys it accepts.
    pub fn new(name: &'static str, accepts: fn(&Key) -> bool) -> Self {
        Self {
            name,
            accepts,
            held: HashMap::new(),
            before: HashMap::new(),
            dirty: BTreeSet::new(),
        }
    }

    /// The slot's value if there is one; a need if it is not loaded.
    pub fn get(&self, key: &Key) -> Result<Option<&T>, Need> {
        self.held
            .get(key)
            .map(Option::as_ref)
            .ok_or_else(|| Need(key.clone()))
    }

    /// The slot's value as far as it is loaded: for `apply` and `project`, whose keys always are.
    pub fn peek(&self, key: &Key) -> Option<&T> {
        self.held.get(key).and_then(Option::as_ref)
    }

    /// Every loaded value.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.held.values().flatten()
    }

    /// Sets a slot.
    pub fn put(&mut self, key: Key, value: T) {
        self.touch(&key);
        self.held.insert(key, Some(value));
    }

    /// Removes a slot; it is then known to be absent.
    pub fn remove(&mut self, key: &Key) {
        self.touch(key);
        self.held.insert(key.clone(), None);
    }

    /// Changes a slot if it has a value.
    pub fn update(&mut self, key: &Key, change: impl FnOnce(&mut T)) {
        self.touch(key);
        if let Some(Some(value)) = self.held.get_mut(key) {
            change(value);
        }
    }

    /// Changes a slot, beginning with its default where it has no value.
    pub fn upsert(&mut self, key: &Key, change: impl FnOnce(&mut T))
    where
        T: Default,
    {
        self.touch(key);
        change(
            self.held
                .entry(key.clone())
                .or_default()
                .get_or_insert_default(),
        );
    }

    /// [`Slots::upsert`] where the condition holds; otherwise nothing is touched.
    pub fn upsert_if(&mut self, key: &Key, condition: bool, change: impl FnOnce(&mut T))
    where
        T: Default,
    {
        if condition {
            self.upsert(key, change);
        }
    }

    fn touch(&mut self, key: &Key) {
        if !self.before.contains_key(key) {
            let value = self.held.get(key).cloned().flatten();
            self.before
                .insert(key.clone(), (value, self.dirty.contains(key)));
        }
        self.dirty.insert(key.clone());
    }
}

impl<T: Clone + Serialize + DeserializeOwned> Shelf for Slots<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn accepts(&self, key: &Key) -> bool {
        (self.accepts)(key)
    }

    fn holds(&self, key: &Key) -> bool {
        self.held.contains_key(key)
    }

    fn load(&mut self, key: &Key, snapshot: Option<&[u8]>) -> Result<(), serde_json::Error> {
        let value = snapshot.map(serde_json::from_slice).transpose()?;
        self.held.insert(key.clone(), value);
        Ok(())
    }

    fn begin(&mut self) {
        self.before.clear();
    }

    fn roll_back(&mut self) {
        for (key, (value, dirty)) in self.before.drain() {
            if !dirty {
                self.dirty.remove(&key);
            }
            self.held.insert(key, value);
        }
    }

    fn drain(&mut self, into: &mut Vec<Snapshot>) -> Result<(), serde_json::Error> {
        for key in std::mem::take(&mut self.dirty) {
            let value = self.held.get(&key).and_then(Option::as_ref);
            let bytes = value.map(serde_json::to_vec).transpose()?;
            into.push(Snapshot {
                shelf: self.name,
                key,
                bytes,
            });
        }
        Ok(())
    }

    fn forget(&mut self) {
        let dirty = &self.dirty;
        self.held
            .retain(|key, _| *key == Key::Tenant || dirty.contains(key));
        self.before.clear();
    }

    fn len(&self) -> usize {
        self.held.len()
    }
}
