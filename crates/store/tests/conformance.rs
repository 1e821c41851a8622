//! SQLite against the suite that every store must pass.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::store::{Store, StoreError};
use baton_store::{conformance, sqlite};

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
