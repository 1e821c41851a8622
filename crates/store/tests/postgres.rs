//! What PostgreSQL's store does when the server, the way to it or another program is not as it should be.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::store::{Batch, Head, Store, StoreError, StoredEntry};
use baton_journal::{Change, Column, Datum, View, chain};
use baton_model::{Micros, TenantId};
use baton_postgres_tests::{Between, Break, Database, database};
use baton_store::postgres::{self, OpenError, Postgres};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

fn batch(base: &Head, count: i64, who: &str) -> Batch {
    let mut batch = Batch {
        tenant: tenant(),
        base: base.clone(),
        entries: Vec::new(),
        changes: Vec::new(),
        snapshots: Vec::new(),
        flushed: None,
    };
    let mut before = base.chain;
    for n in base.n + 1..=base.n + count {
        let bytes = format!("{who} {n}").into_bytes();
        before = chain::next(&before, &bytes);
        batch.entries.push(StoredEntry {
            n,
            at: Micros(n),
            cause: format!("{who} {n}").into(),
            chain: before,
            bytes,
            cases: vec!["C-1".into()],
        });
        batch.changes.push(Change::Put {
            view: ITEM.name,
            row: vec![Datum::from(n.to_string()), Datum::Int(n)],
        });
    }
    batch
}

fn commit(store: &dyn Store, count: i64) -> Result<Head, StoreError> {
    let base = store.head(&tenant())?;
    store.commit(&batch(&base, count, "one"))?;
    store.head(&tenant())
}

fn open_at(address: &str) -> Postgres {
    let store = postgres::open(&address.parse().unwrap());
    let store = store.unwrap_or_else(|error| panic!("{error}"));
    store.prepare(&[ITEM]).unwrap();
    store
}

fn open(database: &Database) -> Postgres {
    open_at(&database.address())
}

/// A store with something between it and its server.
fn apart() -> (Database, Between, Postgres) {
    let database = database();
    let between = database.between();
    let store = open_at(&database.address_at(between.port));
    (database, between, store)
}

#[test]
fn a_wrong_password_is_told_without_either() {
    let address = database().address();
    let refused = |address: &str| postgres::open(&address.parse().unwrap()).unwrap_err();
    let wrong = refused(&address.replace("s3cret", "wr0ng"));
    let nowhere = refused(&address.replace("/test_", "/not_there_"));
    for (error, reason) in [(wrong, "password"), (nowhere, "does not exist")] {
        let told = format!("{error} {error:?}");
        assert!(told.contains(reason), "{told}");
        assert!(
            !told.contains("s3cret") && !told.contains("wr0ng"),
            "{told}"
        );
    }
    let store = format!("{:?}", open(&database()));
    assert!(!store.contains("s3cret"), "{store}");
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let address = database().address_at(1);
    let refused = postgres::open(&address.parse().unwrap()).unwrap_err();
    assert!(
        refused.to_string().starts_with("BATON-STORE-007"),
        "{refused}"
    );
}

#[test]
fn a_database_with_another_encoding_is_refused() {
    let database = database();
    database.sql("create database latin encoding 'LATIN1' template template0 locale 'C'");
    let address = database.address();
    let (server, _) = address.rsplit_once('/').unwrap();
    let refused = postgres::open(&format!("{server}/latin").parse().unwrap()).unwrap_err();
    assert!(matches!(refused, OpenError::Encoding { .. }), "{refused}");
}

#[test]
fn a_newer_database_is_refused() {
    let database = database();
    drop(open(&database));
    database.sql("update baton_format set version = 99");
    let store = postgres::open(&database.address().parse().unwrap()).unwrap();
    let refused = store.prepare(&[ITEM]).unwrap_err();
    assert!(
        refused.to_string().starts_with("BATON-STORE-005"),
        "{refused}"
    );
}

#[test]
fn a_database_without_tables_has_no_tenants() {
    let store = postgres::open(&database().address().parse().unwrap()).unwrap();
    assert_eq!(store.tenants().unwrap(), []);
}

/// Row by row, 256 entries with their rows would take twenty seconds over such a line.
#[test]
fn a_batch_takes_a_few_journeys_however_many_entries_it_has() {
    let (_, between, store) = apart();
    let mut head = commit(&store, 1).unwrap();
    between.slow_down(Duration::from_millis(25));
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let batch = batch(&head, 256, "one");
        let began = Instant::now();
        store.commit(&batch).unwrap();
        best = best.min(began.elapsed());
        head = store.head(&tenant()).unwrap();
    }
    assert_eq!(head.n, 769);
    assert!(best < Duration::from_secs(2), "{best:?}");
}

#[test]
fn connections_that_broke_are_opened_anew() {
    let database = database();
    let store = open(&database);
    for n in 1..=3 {
        assert_eq!(commit(&store, 1).unwrap().n, n);
        database.break_connections();
        assert_eq!(store.head(&tenant()).unwrap().n, n);
        assert_eq!(store.view_rows(&tenant(), &ITEM).unwrap().len(), n as usize);
        database.break_connections();
    }
}

/// Commits while the connection breaks on the commit itself; gives what was answered.
fn broken(what: Break) -> (Database, Postgres, Result<(), StoreError>) {
    let (database, between, store) = apart();
    let head = commit(&store, 3).unwrap();
    between.at_next_commit(what);
    let answer = store.commit(&batch(&head, 5, "two"));
    assert!(between.is_done(), "the connection did not break");
    (database, store, answer)
}

#[test]
fn a_commit_that_the_server_did_not_hear_goes_in_again() {
    let (_, store, answer) = broken(Break::Unheard);
    answer.unwrap();
    assert_eq!(store.head(&tenant()).unwrap().n, 8);
    assert_eq!(store.entries(&tenant(), 0, 99).unwrap().len(), 8);
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_and_not_done_twice() {
    let (_, store, answer) = broken(Break::Unanswered);
    answer.unwrap();
    assert_eq!(store.head(&tenant()).unwrap().n, 8);
    assert_eq!(store.entries(&tenant(), 0, 99).unwrap().len(), 8);
}

#[test]
fn a_commit_still_under_way_is_waited_for_before_it_is_looked_for() {
    let (_, store, answer) = broken(Break::Late);
    answer.unwrap();
    assert_eq!(store.head(&tenant()).unwrap().n, 8);
    assert_eq!(store.entries(&tenant(), 0, 99).unwrap().len(), 8);
}

#[test]
fn the_first_commit_of_a_tenant_still_under_way_is_waited_for_too() {
    let (_, between, store) = apart();
    between.at_next_commit(Break::Late);
    store.commit(&batch(&Head::EMPTY, 4, "one")).unwrap();
    assert!(between.is_done());
    assert_eq!(store.head(&tenant()).unwrap().n, 4);
}

#[test]
fn while_the_server_is_away_nothing_is_answered_and_later_all_goes_on() {
    let (database, between, store) = apart();
    let head = commit(&store, 2).unwrap();
    between.close(true);
    database.break_connections();
    let refused = store.commit(&batch(&head, 1, "two")).unwrap_err();
    assert!(
        matches!(refused, StoreError::Unreachable { .. }),
        "{refused}"
    );
    assert!(store.head(&tenant()).is_err());
    between.close(false);
    store.commit(&batch(&head, 1, "two")).unwrap();
    assert_eq!(store.head(&tenant()).unwrap().n, 3);
}

#[test]
fn two_stores_on_one_database_see_each_other_and_never_both_win() {
    let database = database();
    let (one, two) = (open(&database), open(&database));
    let base = one.head(&tenant()).unwrap();
    one.commit(&batch(&base, 1, "one")).unwrap();
    let refused = two.commit(&batch(&base, 1, "two")).unwrap_err();
    let expected = matches!(
        refused,
        StoreError::HeadMoved {
            expected: 0,
            found: 1
        }
    );
    assert!(expected, "{refused}");
    assert_eq!(commit(&two, 1).unwrap().n, 2);
    assert_eq!(one.entries(&tenant(), 0, 9).unwrap().len(), 2);
}

/// Whether another store's commit of a tenant waits while `one` holds the head, and what comes of it.
fn beside(database: &Database, release: impl FnOnce(&Head)) -> Result<(), StoreError> {
    let two = open(database);
    let base = two.head(&tenant()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let answer = two.commit(&batch(&base, 1, "two"));
            done.store(true, Ordering::SeqCst);
            answer
        });
        while database.sql("select count(*) from pg_locks where not granted") == "0" {
            assert!(!done.load(Ordering::SeqCst), "the other did not wait");
        }
        release(&base);
        other.join().unwrap()
    })
}

#[test]
fn who_holds_the_head_wins_and_others_wait() {
    let database = database();
    let one = open(&database);
    commit(&one, 1).unwrap();
    let held = one.hold(&tenant()).unwrap();
    let answer = beside(&database, |base| {
        one.commit(&batch(base, 1, "one")).unwrap()
    });
    let moved = matches!(
        answer,
        Err(StoreError::HeadMoved {
            expected: 1,
            found: 2
        })
    );
    assert!(moved, "{answer:?}");
    drop(held);
    assert_eq!(commit(&one, 1).unwrap().n, 3);
}

#[test]
fn a_head_that_is_let_go_is_free() {
    let database = database();
    let one = open(&database);
    commit(&one, 1).unwrap();
    let held = one.hold(&tenant()).unwrap();
    beside(&database, |_| drop(held)).unwrap();
    let held = one.hold(&tenant()).unwrap();
    beside(&database, |_| {
        // A commit of another tenant lets it go as well.
        let mut other = batch(&Head::EMPTY, 1, "one");
        other.tenant = TenantId::new("another");
        one.commit(&other).unwrap();
    })
    .unwrap();
    drop(held);
    assert_eq!(one.head(&tenant()).unwrap().n, 3);
}

#[test]
fn a_table_made_anew_by_another_program_is_read_as_it_is_now() {
    const OTHERWISE: View = View {
        version: 2,
        columns: &[Column::text("item"), Column::text("n")],
        ..ITEM
    };
    let database = database();
    let one = open(&database);
    commit(&one, 1).unwrap();
    let sql = "select n from fault_item where tenant = $1";
    let asked = [Datum::from("linden-voss")];
    assert_eq!(one.read(sql, &asked).unwrap(), [vec![Datum::Int(1)]]);
    let two = postgres::open(&database.address().parse().unwrap()).unwrap();
    assert_eq!(two.prepare(&[OTHERWISE]).unwrap(), [ITEM.name]);
    let row = vec![Datum::from("1"), Datum::from("one")];
    two.replace_view(&tenant(), &OTHERWISE, &mut [row].into_iter())
        .unwrap();
    assert_eq!(one.read(sql, &asked).unwrap(), [vec![Datum::from("one")]]);
}

#[test]
fn what_is_not_portable_is_told_when_it_is_prepared() {
    let database = database();
    let store = open(&database);
    for (sql, told) in [
        ("select sum(n) from fault_item", "cast it"),
        ("select now()", "cast it"),
        (
            "select n from fault_item where item = $2 and n = $1",
            "`$2`",
        ),
        ("delete from fault_item", "gives no rows"),
    ] {
        let count = sql.matches('$').count();
        let refused = store.read(sql, &vec![Datum::Null; count]).unwrap_err();
        assert!(
            matches!(refused, StoreError::Unsound { .. }),
            "{sql}: {refused}"
        );
        assert!(refused.to_string().contains(told), "{sql}: {refused}");
    }
    let writing = "insert into fault_item (tenant, item) values ('a', 'b') returning item";
    let refused = store.read(writing, &[]).unwrap_err();
    assert!(refused.to_string().contains("read-only"), "{refused}");
    assert!(
        store
            .read("select 1 where cast($1 as text) is null", &[Datum::Null])
            .is_ok()
    );
}

#[test]
fn commits_are_durable_and_bounded_whatever_the_database_says() {
    let database = database();
    let store = open(&database);
    commit(&store, 1).unwrap();
    database.sql(
        "do $$ begin execute format('alter database %I set synchronous_commit = off',
           current_database()); end $$;
         create table seen (settings text);
         create function see() returns trigger language plpgsql as $$ begin
           insert into seen select concat_ws(' ', current_setting('synchronous_commit'),
             current_setting('statement_timeout'), current_setting('lock_timeout'),
             current_setting('idle_in_transaction_session_timeout'));
           return null; end $$;
         create trigger see after update on head for each row execute function see()",
    );
    commit(&open(&database), 1).unwrap();
    assert_eq!(database.sql("select settings from seen"), "on 1min 40s 30s");
}
