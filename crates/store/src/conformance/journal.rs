//! Checks of the journal itself: numbers, heads, causes, slots.

use super::subject::{ITEM, Journal, cause, item, put, without_cases};
use super::{Departure, Open, holds, same};
use baton_journal::slots::Snapshot;
use baton_journal::store::{Head, StoreError};
use baton_journal::{Change, Key};
use baton_model::{CaseId, TenantId};

pub(super) fn empty(open: Open<'_>) -> Result<(), Departure> {
    let journal = Journal::open(open, "empty", "a")?;
    let (store, tenant) = (&journal.store, &journal.tenant);
    same("tenants", store.tenants()?, Vec::new())?;
    same("the head", store.head(tenant)?, Head::EMPTY)?;
    same("entries", store.entries(tenant, 0, 10)?, Vec::new())?;
    same(
        "a case's entries",
        store.case_entries(tenant, "C")?,
        Vec::new(),
    )?;
    same("a cause", store.cause(tenant, "none")?, None)?;
    same("a snapshot", store.snapshot(tenant, "shelf", "key")?, None)?;
    same("the last flush", store.flushed(tenant)?, 0)?;
    same("a view's rows", store.view_rows(tenant, &ITEM)?, Vec::new())
}

pub(super) fn gapless(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "gapless", "a")?;
    let first = journal.batch(39);
    journal.commit(&first)?;
    journal.commit(&journal.batch(1))?;
    journal.unchanged()?;
    let page = journal.store.entries(&journal.tenant, 30, 5)?;
    same("a page", page, without_cases(&first.entries[30..35]))?;
    let all = journal.store.entries(&journal.tenant, 0, 100)?;
    let numbers: Vec<i64> = all.iter().map(|entry| entry.n).collect();
    same("the numbers", numbers, (1..=40).collect())?;
    let mut gap = journal.batch(3);
    gap.entries.remove(1);
    let refused = journal.store.commit(&gap);
    holds(
        "a gap is refused",
        matches!(refused, Err(StoreError::Unsound { .. })),
    )?;
    journal.unchanged()
}

pub(super) fn head_moved(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "head", "a")?;
    let late_first = journal.batch(1);
    journal.commit(&journal.batch(2))?;
    let late = journal.batch(1);
    journal.commit(&journal.batch(5))?;
    let mut no_entries = journal.batch(0);
    no_entries.base = late.base.clone();
    let mut other_chain = journal.batch(1);
    other_chain.base.chain = [7; 32];
    for (batch, expected) in [
        (late_first, 0),
        (late, 2),
        (no_entries, 2),
        (other_chain, 7),
    ] {
        let refused = journal.store.commit(&batch);
        let told = matches!(refused, Err(StoreError::HeadMoved { expected: told, found: 7 }) if told == expected);
        holds("a batch on another head is refused", told)?;
        journal.unchanged()?;
    }
    journal.commit(&journal.batch(1))?;
    journal.unchanged()
}

pub(super) fn cause_known(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "cause", "a")?;
    journal.commit(&journal.batch(20))?;
    same(
        "a cause",
        journal.store.cause(&journal.tenant, "cause 17")?,
        Some(17),
    )?;
    let mut again = journal.batch(20);
    again.entries[4].cause = cause("cause 17");
    match journal.store.commit(&again) {
        Err(StoreError::CauseKnown { cause }) => {
            same("the known cause", cause.as_str(), "cause 17")?
        }
        other => return Err(Departure::Answer(format!("a known cause gave {other:?}"))),
    }
    journal.unchanged()?;
    let mut twice = journal.batch(2);
    twice.entries[1].cause = twice.entries[0].cause.clone();
    holds(
        "a cause twice in a batch is refused",
        journal.store.commit(&twice).is_err(),
    )?;
    journal.unchanged()?;
    journal.commit(&journal.batch(20))?;
    let mut other = Journal::open(open, "cause", "b")?;
    other.commit(&other.batch(20))?;
    same(
        "a cause of another tenant",
        other.store.cause(&other.tenant, "cause 40")?,
        None,
    )
}

pub(super) fn all_or_nothing(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "all", "a")?;
    journal.change(vec![put(&ITEM, item("1", "KS", 1))])?;
    let short = Change::Put {
        view: ITEM.name,
        row: item("3", "KS", 3)[..2].to_vec(),
    };
    let unknown = Change::Put {
        view: "conformance_none",
        row: Vec::new(),
    };
    let no_key = put(&ITEM, vec![baton_journal::Datum::Null; 4]);
    for bad in [short, unknown, no_key] {
        let mut batch = journal.batch(2);
        batch.changes = vec![put(&ITEM, item("2", "KS", 2)), bad];
        batch.flushed = Some(2);
        holds(
            "a bad change is refused",
            journal.store.commit(&batch).is_err(),
        )?;
        journal.unchanged()?;
        let rows = journal.store.view_rows(&journal.tenant, &ITEM)?;
        same("rows after a refusal", rows, vec![item("1", "KS", 1)])?;
        same("the last flush", journal.store.flushed(&journal.tenant)?, 0)?;
    }
    journal.change(Vec::new())?;
    journal.unchanged()
}

pub(super) fn case_history(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "case", "a")?;
    journal.commit(&journal.batch(10))?;
    let mut other = Journal::open(open, "case", "b")?;
    other.commit(&other.batch(4))?;
    let history = journal.store.case_entries(&journal.tenant, "C-1")?;
    let numbers: Vec<i64> = history.iter().map(|entry| entry.n).collect();
    same("the case's numbers", numbers, vec![1, 4, 7, 10])?;
    let named = history.iter().all(|entry| entry.cases == [cause("C-1")]);
    holds("the case is named", named)?;
    same(
        "tenants",
        journal.store.tenants()?,
        vec![TenantId::new("a"), TenantId::new("b")],
    )
}

pub(super) fn snapshots(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "snapshots", "a")?;
    journal.commit(&journal.batch(3))?;
    let slot = |case: usize, bytes: Option<&[u8]>| Snapshot {
        shelf: "engine.case",
        key: Key::Case(CaseId::new(case.to_string())),
        bytes: bytes.map(<[u8]>::to_vec),
    };
    let mut flush = journal.batch(0);
    flush.snapshots = (0..30).map(|case| slot(case, Some(b"first"))).collect();
    flush.flushed = Some(3);
    journal.commit(&flush)?;
    flush.snapshots = vec![slot(7, Some(b"second")), slot(8, None), slot(99, None)];
    journal.commit(&flush)?;
    journal.unchanged()?;
    let read = |case: usize| {
        let key = Key::Case(CaseId::new(case.to_string())).to_string();
        journal.store.snapshot(&journal.tenant, "engine.case", &key)
    };
    same("a kept slot", read(29)?, Some(b"first".to_vec()))?;
    same("a slot kept again", read(7)?, Some(b"second".to_vec()))?;
    same("a removed slot", read(8)?, None)?;
    let asked = [29, 8, 7, 7].map(|case: usize| {
        let key = Key::Case(CaseId::new(case.to_string())).to_string();
        ("engine.case", key)
    });
    let expected = [Some(&b"first"[..]), None, Some(b"second"), Some(b"second")];
    same(
        "slots at once",
        journal.store.snapshots(&journal.tenant, &asked)?,
        expected.map(|bytes| bytes.map(<[u8]>::to_vec)).to_vec(),
    )?;
    let none = journal.store.snapshots(&journal.tenant, &[])?;
    same("no slots at once", none, Vec::new())?;
    same("the last flush", journal.store.flushed(&journal.tenant)?, 3)?;
    let other = TenantId::new("b");
    same("another tenant's flush", journal.store.flushed(&other)?, 0)
}

/// A slot's key comes from documents and may be of any length.
pub(super) fn long_keys(open: Open<'_>) -> Result<(), Departure> {
    let mut journal = Journal::open(open, "long", "a")?;
    let number = |n: u64| format!("{n} {}", noise(n, 3_000));
    let mut flush = journal.batch(1);
    flush.snapshots = (0..3)
        .map(|n| Snapshot {
            shelf: "intake.numbers",
            key: Key::Number(number(n)),
            bytes: Some(vec![n as u8]),
        })
        .collect();
    flush.snapshots[2].bytes = None;
    journal.commit(&flush)?;
    for (n, expected) in [(0, Some(vec![0])), (1, Some(vec![1])), (2, None)] {
        let key = Key::Number(number(n)).to_string();
        let found = journal
            .store
            .snapshot(&journal.tenant, "intake.numbers", &key)?;
        same("a slot with a long key", found, expected)?;
    }
    Ok(())
}

/// Text that does not shrink when it is compressed.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_add(1);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + (state >> 33) as u8 % 90)
    };
    (0..length).map(|_| next()).collect()
}

/// Several writers on one head: each commit holds or is refused, and none is lost.
pub(super) fn writers_at_once(open: Open<'_>) -> Result<(), Departure> {
    let store = Journal::open(open, "writers", "a")?.store;
    let shared = &*store;
    let write = |writer: usize| {
        for turn in 0..10 {
            commit_once(shared, &format!("{writer} {turn}"))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|writer| scope.spawn(move || write(writer)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let ended = thread.join();
            ended.unwrap_or_else(|_| Err(Departure::Answer("a writer panicked".into())))
        })
    })?;
    let entries = shared.entries(&TenantId::new("a"), 0, 100)?;
    same("entries of four writers", entries.len(), 40)?;
    holds(
        "the numbers have no gap",
        entries.iter().zip(1..).all(|(entry, n)| entry.n == n),
    )
}

/// Commits one entry, again and again until no other writer was faster.
fn commit_once(store: &dyn baton_journal::store::Store, text: &str) -> Result<(), Departure> {
    let tenant = TenantId::new("a");
    for _ in 0..1_000 {
        let base = store.head(&tenant)?;
        let mut batch = Journal::batch_on(&tenant, &base, 1);
        batch.entries[0].cause = cause(text);
        match store.commit(&batch) {
            Err(StoreError::HeadMoved { .. }) => {}
            other => return Ok(other?),
        }
    }
    Err(Departure::Answer(
        "a writer was refused a thousand times".into(),
    ))
}
