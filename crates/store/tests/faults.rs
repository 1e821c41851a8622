//! What SQLite's store does when the disk, the folder or another process is not as it should be.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::store::{Batch, Head, Store, StoreError, StoredEntry};
use baton_journal::{Change, Column, Datum, View, chain};
use baton_model::{Micros, TenantId};
use baton_store::sqlite;
use std::path::Path;

const ITEM: View = View {
    name: "fault_item",
    version: 1,
    columns: &[Column::text("item"), Column::int("n")],
    key: 1,
    indexes: &[],
};

fn tenant() -> TenantId {
    TenantId::new("linden-voss")
}

fn batch(base: &Head, size: usize) -> Batch {
    let bytes = vec![b'x'; size];
    let n = base.n + 1;
    let entry = StoredEntry {
        n,
        at: Micros(n),
        cause: n.to_string().into(),
        chain: chain::next(&base.chain, &bytes),
        bytes,
        cases: vec!["C-1".into()],
    };
    Batch {
        tenant: tenant(),
        base: base.clone(),
        entries: vec![entry],
        changes: vec![Change::Put {
            view: ITEM.name,
            row: vec![Datum::from("last"), Datum::Int(n)],
        }],
        snapshots: Vec::new(),
        flushed: None,
    }
}

fn commit(store: &dyn Store, size: usize) -> Result<Head, StoreError> {
    let base = store.head(&tenant())?;
    store.commit(&batch(&base, size))?;
    store.head(&tenant())
}

fn open(path: &Path) -> sqlite::Sqlite {
    let store = sqlite::open(path).unwrap();
    store.prepare(&[ITEM]).unwrap();
    store
}

#[test]
fn a_full_disk_refuses_keeps_reading_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("journal.db"));
    let head = commit(&store, 1_000).unwrap();
    store.limit_pages(Some(60)).unwrap();
    let refused = commit(&store, 1_000_000).unwrap_err();
    assert!(matches!(refused, StoreError::Write { .. }), "{refused}");
    assert!(
        refused.to_string().starts_with("BATON-STORE-003"),
        "{refused}"
    );
    assert_eq!(store.head(&tenant()).unwrap(), head);
    assert_eq!(store.entries(&tenant(), 0, 9).unwrap().len(), 1);
    let rows = store.view_rows(&tenant(), &ITEM).unwrap();
    assert_eq!(rows, [vec![Datum::from("last"), Datum::Int(1)]]);
    store.limit_pages(None).unwrap();
    assert_eq!(commit(&store, 1_000_000).unwrap().n, 2);
}

#[test]
fn a_missing_folder_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let refused = sqlite::open(&folder.path().join("none/journal.db")).unwrap_err();
    assert!(
        refused.to_string().starts_with("BATON-STORE-003"),
        "{refused}"
    );
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    std::fs::write(
        &path,
        "this is a letter, not a database, and long enough to be read as one",
    )
    .unwrap();
    assert!(
        sqlite::open(&path)
            .and_then(|store| store.prepare(&[ITEM]))
            .is_err()
    );
}

#[test]
fn a_newer_data_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    drop(open(&path));
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let refused = sqlite::open(&path).unwrap().prepare(&[ITEM]).unwrap_err();
    assert!(
        refused.to_string().starts_with("BATON-STORE-005"),
        "{refused}"
    );
}

#[test]
fn two_stores_on_one_file_see_each_other_and_never_both_win() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let (one, two) = (open(&path), open(&path));
    let base = one.head(&tenant()).unwrap();
    one.commit(&batch(&base, 10)).unwrap();
    let refused = two.commit(&batch(&base, 10)).unwrap_err();
    assert!(
        matches!(
            refused,
            StoreError::HeadMoved {
                expected: 0,
                found: 1
            }
        ),
        "{refused}"
    );
    assert_eq!(commit(&two, 10).unwrap().n, 2);
    assert_eq!(one.entries(&tenant(), 0, 9).unwrap().len(), 2);
}

#[test]
fn the_write_ahead_log_is_moved_while_commits_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let store = open(&path);
    for _ in 0..40 {
        commit(&store, 1_000_000).unwrap();
    }
    // The log alone would hold every page written: 40 MB and more in the log, none in the file.
    let database = std::fs::metadata(&path).unwrap().len();
    assert!(
        database > 10_000_000,
        "the database file has {database} bytes"
    );
    drop(store);
    assert_eq!(open(&path).head(&tenant()).unwrap().n, 40);
}

#[test]
fn a_database_in_memory_works_the_same_while_it_lives() {
    let store = sqlite::memory().unwrap();
    store.prepare(&[ITEM]).unwrap();
    assert_eq!(commit(&store, 10).unwrap().n, 1);
    let refused = store.commit(&batch(&Head::EMPTY, 10)).unwrap_err();
    assert!(matches!(refused, StoreError::HeadMoved { .. }));
    assert_eq!(commit(&store, 10).unwrap().n, 2);
    assert_eq!(store.cause(&tenant(), "2").unwrap(), Some(2));
}
