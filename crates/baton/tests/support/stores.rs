//! Both stores, so that a test runs on each; and a clock and a randomness that give the same twice.

use super::Temporary;
use super::house::House;
use baton_app::clock::{Clock, Random, SetClock, SystemClock, SystemRandom};
use baton_app::{App, Folder, packs};
use baton_journal::store::{Batch, Head, Row, Store, StoreError, StoredEntry};
use baton_journal::{Datum, View};
use baton_model::TenantId;
use baton_postgres_tests::{Database, database};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Where a test keeps its journal.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the data folder.
    Sqlite,
    /// In a database of a throwaway server.
    Postgres(Database),
    /// In the same, by a port behind which something stands between.
    Behind(Database, u16),
    /// Elsewhere, while it is noted what is asked.
    Heard(Box<Place>, Asked),
}

/// One of each kind, empty.
pub fn places() -> [Place; 2] {
    [Place::Sqlite, Place::Postgres(database())]
}

impl Place {
    /// Opens it for a data folder.
    pub fn open(&self, folder: &Folder) -> Arc<dyn Store> {
        match self {
            Self::Sqlite => {
                let opened = baton_store::sqlite::open(&folder.journal());
                Arc::new(opened.expect("the store"))
            }
            Self::Postgres(database) => postgres(&database.address()),
            Self::Behind(database, port) => postgres(&database.address_at(*port)),
            Self::Heard(place, asked) => Arc::new(Listening {
                store: place.open(folder),
                asked: asked.clone(),
            }),
        }
    }

    /// Another program over the same journal.
    pub fn program(&self, folder: &Path) -> App {
        self.program_with(folder, Arc::new(SystemClock), Arc::new(SystemRandom))
    }

    /// Another program over the same journal and data folder as a house's.
    pub fn beside(&self, house: &House) -> House {
        House {
            app: self.program(house.folder.path()),
            tenant: house.tenant.clone(),
            folder: Temporary::new("beside"),
            clock: Arc::new(SystemClock),
        }
    }

    fn program_with(&self, folder: &Path, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> App {
        let folder = Folder::at(folder);
        folder.make().expect("the data folder");
        let store = self.open(&folder);
        App::start_with(folder, store, clock, random).expect("the app")
    }

    /// A new data folder with a pack in it.
    pub fn found(&self, name: &str, pack: &str) -> House {
        self.found_with(name, pack, Arc::new(SystemClock), Arc::new(SystemRandom))
    }

    /// The same at a set instant, with randomness that gives the same each time.
    pub fn found_at(&self, name: &str, pack: &str, clock: Arc<SetClock>) -> House {
        self.found_with(name, pack, clock, Arc::new(Seeded::default()))
    }

    fn found_with(
        &self,
        name: &str,
        pack: &str,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> House {
        let folder = Temporary::new(name);
        let app = self.program_with(folder.path(), clock.clone(), random);
        let pack = packs::read(pack).unwrap_or_else(|findings| panic!("{pack}: {findings:?}"));
        let tenant = packs::install(&app, &pack, None, true).expect("the pack is installed");
        House {
            app,
            tenant,
            folder,
            clock,
        }
    }
}

fn postgres(address: &str) -> Arc<dyn Store> {
    let opened = baton_store::postgres::open(&address.parse().expect("an address"));
    Arc::new(opened.unwrap_or_else(|error| panic!("{error}")))
}

/// Numbers that look like chance and are the same in every run.
#[derive(Default)]
struct Seeded(Mutex<u64>);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("unpoisoned");
        for byte in bytes {
            *state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (*state >> 56) as u8;
        }
    }
}

/// A query's text and parameters.
type Query = (String, Vec<Datum>);

/// The queries that were asked, each once.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<BTreeSet<Query>>>);

impl Asked {
    pub fn all(&self) -> Vec<Query> {
        let asked = self.0.lock().expect("unpoisoned");
        asked.iter().cloned().collect()
    }
}

/// A store that notes every query.
struct Listening {
    store: Arc<dyn Store>,
    asked: Asked,
}

impl Store for Listening {
    fn prepare(&self, views: &[View]) -> Result<Vec<&'static str>, StoreError> {
        self.store.prepare(views)
    }

    fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        self.store.tenants()
    }

    fn head(&self, tenant: &TenantId) -> Result<Head, StoreError> {
        self.store.head(tenant)
    }

    fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)
    }

    fn entries(
        &self,
        tenant: &TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.store.entries(tenant, after, limit)
    }

    fn case_entries(&self, tenant: &TenantId, case: &str) -> Result<Vec<StoredEntry>, StoreError> {
        self.store.case_entries(tenant, case)
    }

    fn cause(&self, tenant: &TenantId, cause: &str) -> Result<Option<i64>, StoreError> {
        self.store.cause(tenant, cause)
    }

    fn snapshot(
        &self,
        tenant: &TenantId,
        shelf: &str,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.snapshot(tenant, shelf, key)
    }

    fn flushed(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        self.store.flushed(tenant)
    }

    fn replace_view(
        &self,
        tenant: &TenantId,
        view: &View,
        rows: &mut dyn Iterator<Item = Row>,
    ) -> Result<(), StoreError> {
        self.store.replace_view(tenant, view, rows)
    }

    fn view_rows(&self, tenant: &TenantId, view: &View) -> Result<Vec<Row>, StoreError> {
        self.store.view_rows(tenant, view)
    }

    fn read(&self, sql: &str, parameters: &[Datum]) -> Result<Vec<Row>, StoreError> {
        let mut asked = self.asked.0.lock().expect("unpoisoned");
        asked.insert((sql.to_owned(), parameters.to_vec()));
        drop(asked);
        self.store.read(sql, parameters)
    }
}
