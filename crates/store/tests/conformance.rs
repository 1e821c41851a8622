//! Both stores against the suite that every store must pass.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::store::{Store, StoreError};
use baton_store::{conformance, postgres, sqlite};
use std::collections::HashMap;
use std::sync::Mutex;

#[test]
fn sqlite_in_a_file_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(sqlite::open(&folder.path().join(name))?))
    };
    conformance::run(&open)
        .map_err(|(case, departure)| format!("{case}: {departure}"))
        .unwrap();
}

#[test]
fn postgresql_conforms() {
    let databases = Mutex::new(HashMap::new());
    let open = |name: &str| -> Result<Box<dyn Store>, StoreError> {
        let mut databases = databases.lock().unwrap();
        let made = databases.entry(name.to_owned());
        let address = made
            .or_insert_with(baton_postgres_tests::database)
            .address();
        let opened = postgres::open(&address.parse().unwrap());
        Ok(Box::new(opened.unwrap_or_else(|error| panic!("{error}"))))
    };
    conformance::run(&open)
        .map_err(|(case, departure)| format!("{case}: {departure}"))
        .unwrap();
}
