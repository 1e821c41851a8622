//! SIGKILL at any moment: a child process commits and writes each acknowledged number to its own
//! file; after the kill every acknowledged entry is there, once, with its row, and the chain holds.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::store::{Batch, Head, Store, StoredEntry};
use baton_journal::{Change, Column, Datum, View, chain};
use baton_model::{Micros, TenantId};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const CHILD: &str = "BATON_TEST_KILL_FOLDER";
const ROUNDS: u64 = 20;

const LAST: View = View {
    name: "kill_last",
    version: 1,
    columns: &[Column::text("what"), Column::int("n")],
    key: 1,
    indexes: &[],
};

fn tenant() -> TenantId {
    TenantId::new("linden-voss")
}

fn batch(base: &Head) -> Batch {
    let n = base.n + 1;
    let bytes = vec![b'x'; (n * 7919 % 9_000) as usize];
    let entry = StoredEntry {
        n,
        at: Micros(n),
        cause: n.to_string().into(),
        chain: chain::next(&base.chain, &bytes),
        bytes,
        cases: Vec::new(),
    };
    Batch {
        tenant: tenant(),
        base: base.clone(),
        entries: vec![entry],
        changes: vec![Change::Put {
            view: LAST.name,
            row: vec![Datum::from("n"), Datum::Int(n)],
        }],
        snapshots: Vec::new(),
        flushed: Some(n),
    }
}

/// Not a test of its own: what the killed child does.
#[test]
fn child_commits_until_killed() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let store = baton_store::open(&folder.join("journal.db")).unwrap();
    store.prepare(&[LAST]).unwrap();
    let mut acknowledged = std::fs::File::options()
        .append(true)
        .create(true)
        .open(folder.join("acknowledged"))
        .unwrap();
    let mut head = store.head(&tenant()).unwrap();
    loop {
        let batch = batch(&head);
        store.commit(&batch).unwrap();
        let last = &batch.entries[0];
        (head.n, head.chain, head.at) = (last.n, last.chain, last.at);
        // One write a line: a kill between the digits and the line's end would join two numbers.
        acknowledged
            .write_all(format!("{}\n", last.n).as_bytes())
            .unwrap();
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_stands_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for round in 0..ROUNDS {
        let mut child = spawn(folder.path());
        wait_for(folder.path(), seen + 1 + round * 37 % 29, &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        let start = Instant::now();
        seen = check(folder.path());
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "ready again too late"
        );
    }
    println!("{ROUNDS} kills, {seen} acknowledged entries, none lost");
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_commits_until_killed"])
        .env(CHILD, folder)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

fn acknowledged(folder: &Path) -> u64 {
    let text = std::fs::read_to_string(folder.join("acknowledged")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().last().map_or(0, |n| n.parse().unwrap())
}

fn wait_for(folder: &Path, count: u64, child: &mut Child) {
    while acknowledged(folder) < count {
        assert!(
            child.try_wait().unwrap().is_none(),
            "the child ended by itself"
        );
        std::thread::yield_now();
    }
}

/// Opens what the kill left, checks it, and tells how many entries were acknowledged.
fn check(folder: &Path) -> u64 {
    let store = baton_store::open(&folder.join("journal.db")).unwrap();
    store.prepare(&[LAST]).unwrap();
    let head = store.head(&tenant()).unwrap();
    let entries = store.entries(&tenant(), 0, usize::MAX).unwrap();
    let mut before = chain::START;
    for (entry, n) in entries.iter().zip(1..) {
        assert_eq!(entry.n, n);
        before = chain::next(&before, &entry.bytes);
        assert_eq!(entry.chain, before);
    }
    assert_eq!((head.n, head.chain), (entries.len() as i64, before));
    let row = store.view_rows(&tenant(), &LAST).unwrap();
    assert_eq!(row, [vec![Datum::from("n"), Datum::Int(head.n)]]);
    assert_eq!(store.flushed(&tenant()).unwrap(), head.n);
    let acknowledged = acknowledged(folder);
    assert!(
        acknowledged <= entries.len() as u64,
        "an acknowledged entry is lost"
    );
    entries.len() as u64
}
