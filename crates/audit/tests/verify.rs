//! A journal that holds, and one by one what may have been done to it: a changed byte, an edited and
//! re-hashed chain, a cut tail, a changed column, an entry that is gone, doubled or misplaced.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_audit::{CaseProof, Finding, ProofError, Verification, verify};
use baton_journal::checkpoint::SignedCheckpoint;
use baton_journal::note::Signer;
use baton_journal::store::{Head, StoredEntry};
use baton_journal::tree::{Tree, leaf};
use baton_journal::{Actor, Command, Entry, Event, chain};
use baton_model::{CaseId, Micros, TenantId, WorkItemId};
use proptest::prelude::*;

fn tenant() -> TenantId {
    TenantId::new("linden-voss")
}

fn entry(n: i64) -> Entry {
    let case = CaseId::new(format!("P2P-{}", n % 3));
    let item = WorkItemId::new(format!("{case}.{n}"));
    Entry {
        format: 1,
        tenant: tenant(),
        n,
        at: Micros(n * 1_000_000),
        actor: Actor::System,
        cause: format!("cause {n}").into(),
        command: Command::Claim {
            item: item.clone(),
            case: case.clone(),
        },
        events: vec![Event::ItemOffered { case, item }],
    }
}

fn store(entry: &Entry) -> StoredEntry {
    StoredEntry {
        n: entry.n,
        at: entry.at,
        cause: entry.cause.clone(),
        bytes: entry.to_bytes().unwrap(),
        chain: [0; 32],
        cases: Vec::new(),
    }
}

/// Hashes the chain over the bytes as they are now, as a forger would.
fn rehash(entries: &mut [StoredEntry]) {
    let mut before = chain::START;
    for entry in entries {
        before = chain::next(&before, &entry.bytes);
        entry.chain = before;
    }
}

fn journal(size: i64) -> Vec<StoredEntry> {
    let mut entries: Vec<StoredEntry> = (1..=size).map(|n| store(&entry(n))).collect();
    rehash(&mut entries);
    entries
}

fn head(entries: &[StoredEntry]) -> Head {
    entries.last().map_or(Head::EMPTY, |last| Head {
        n: last.n,
        chain: last.chain,
        at: last.at,
    })
}

fn check(entries: &[StoredEntry], checkpoints: &[SignedCheckpoint]) -> Verification {
    let all = entries.iter().cloned().map(Ok);
    verify(&tenant(), &head(entries), all, checkpoints).unwrap()
}

fn signer() -> Signer {
    Signer::new("kestrel", &[9; 32]).unwrap()
}

fn checkpoint(entries: &[StoredEntry]) -> SignedCheckpoint {
    let found = check(entries, &[]).checkpoint(&tenant());
    found.sign(&[&signer()]).unwrap()
}

#[test]
fn an_untouched_journal_holds_against_every_older_checkpoint() {
    let entries = journal(20);
    let checkpoints: Vec<_> = (0..=20).map(|size| checkpoint(&entries[..size])).collect();
    let found = check(&entries, &checkpoints);
    assert!(found.holds(), "{found}: {:?}", found.findings);
    assert_eq!(found.checkpoints, 21);
    assert!(check(&[], &[]).holds());
}

#[test]
fn a_changed_byte_is_found_where_it_is() {
    for place in [0, 6, 19] {
        let mut entries = journal(20);
        let byte = entries[place].bytes.len() / 2;
        entries[place].bytes[byte] ^= 1;
        let n = place as i64 + 1;
        let found = check(&entries, &[]).findings;
        assert_eq!(found[0], Finding::Chain { n });
        assert!(found.iter().all(|finding| finding.n() == n), "{found:?}");
    }
}

#[test]
fn an_edited_and_rehashed_chain_is_found_only_by_a_checkpoint() {
    let honest = journal(20);
    let held = [checkpoint(&honest[..5]), checkpoint(&honest[..15])];
    let mut edited = honest;
    let mut other = entry(8);
    other.actor = Actor::Worker {
        party: baton_model::PartyId::new("KS"),
        worker: baton_model::WorkerId::new("mila"),
    };
    edited[7] = store(&other);
    rehash(&mut edited);
    assert!(check(&edited, &[]).holds());
    assert!(check(&edited, &held[..1]).holds());
    let found = check(&edited, &held).findings;
    assert_eq!(found, [Finding::Rewritten { n: 6, size: 15 }]);
}

#[test]
fn a_cut_tail_is_found_only_by_a_checkpoint() {
    let honest = journal(20);
    let held = [checkpoint(&honest[..19])];
    assert!(check(&honest[..19], &held).holds());
    assert!(check(&honest[..18], &[]).holds());
    let found = check(&honest[..18], &held).findings;
    assert_eq!(found, [Finding::Cut { n: 19, size: 19 }]);
}

#[test]
fn entries_cut_or_added_past_the_head_are_found() {
    let entries = journal(5);
    let shorter = entries[..4].iter().cloned().map(Ok);
    let found = verify(&tenant(), &head(&entries), shorter, &[])
        .unwrap()
        .findings;
    assert_eq!(found, [Finding::Head { n: 4, expected: 5 }]);
}

#[test]
fn a_changed_column_is_found_by_its_name() {
    let mut entries = journal(5);
    entries[1].at = Micros(2_000_001);
    entries[2].cause = "other".into();
    let found = check(&entries, &[]).findings;
    let column = |n, column| Finding::Column { n, column };
    assert_eq!(found, [column(2, "at"), column(3, "cause")]);
    let entries = journal(1);
    let found = verify(
        &TenantId::new("kestrel"),
        &head(&entries),
        [Ok(entries[0].clone())],
        &[],
    );
    assert_eq!(found.unwrap().findings, [column(1, "tenant")]);
}

#[test]
fn a_renumbered_entry_is_found() {
    let mut entries = journal(4);
    entries[3].bytes = entry(9).to_bytes().unwrap();
    rehash(&mut entries);
    let found = check(&entries, &[]).findings;
    assert_eq!(found[0], Finding::Column { n: 4, column: "n" });
}

#[test]
fn a_missing_a_doubled_and_a_misplaced_entry_are_found() {
    let mut gone = journal(6);
    gone.remove(2);
    assert_eq!(
        check(&gone, &[]).findings,
        [Finding::Gap {
            expected: 3,
            found: 4
        }]
    );
    let mut twice = journal(3);
    twice.insert(2, twice[1].clone());
    let found = check(&twice, &[]).findings;
    assert_eq!(
        found[0],
        Finding::Gap {
            expected: 3,
            found: 2
        }
    );
    assert!(found.contains(&Finding::Repeated {
        n: 2,
        cause: "cause 2".into()
    }));
    let mut swapped = journal(6);
    swapped.swap(3, 4);
    assert_eq!(
        check(&swapped, &[]).findings[0],
        Finding::Gap {
            expected: 4,
            found: 5
        }
    );
}

#[test]
fn time_that_went_back_and_bytes_that_are_no_entry_are_found() {
    let mut entries = journal(3);
    let mut late = entry(2);
    late.at = Micros(9_000_000);
    entries[1] = store(&late);
    rehash(&mut entries);
    assert_eq!(check(&entries, &[]).findings, [Finding::Backwards { n: 3 }]);
    let mut entries = journal(3);
    entries[1].bytes = b"{}".to_vec();
    rehash(&mut entries);
    let found = check(&entries, &[]).findings;
    assert!(
        matches!(found[..], [Finding::Unreadable { n: 2, .. }]),
        "{found:?}"
    );
}

#[test]
fn every_finding_says_its_code() {
    let found = [
        Finding::Gap {
            expected: 3,
            found: 4,
        },
        Finding::Chain { n: 3 },
        Finding::Column { n: 3, column: "at" },
        Finding::Unreadable {
            n: 3,
            reason: "no JSON".into(),
        },
        Finding::Head { n: 3, expected: 4 },
        Finding::Rewritten { n: 3, size: 4 },
        Finding::Cut { n: 3, size: 4 },
        Finding::Backwards { n: 3 },
        Finding::Repeated {
            n: 3,
            cause: "c".into(),
        },
    ];
    for (finding, number) in found.iter().zip(1..) {
        assert_eq!(finding.code(), format!("BATON-AUDIT-{number:03}"));
        assert!(finding.to_string().starts_with(finding.code()));
        assert_eq!(finding.n(), 3);
    }
}

#[test]
fn a_checkpoint_of_another_journal_is_passed_over() {
    let entries = journal(4);
    let other = check(&journal(9), &[]).checkpoint(&TenantId::new("kestrel"));
    let found = check(&entries, &[other.sign(&[&signer()]).unwrap()]);
    assert!(found.holds());
    assert_eq!(found.checkpoints, 0);
}

fn tree(entries: &[StoredEntry]) -> Tree {
    let mut tree = Tree::default();
    entries
        .iter()
        .for_each(|entry| tree.push(leaf(&entry.bytes)));
    tree
}

fn proof(entries: &[StoredEntry], size: usize) -> Result<CaseProof, ProofError> {
    let case = CaseId::new("P2P-1");
    let about: Vec<_> = entries
        .iter()
        .filter(|entry| entry.n % 3 == 1)
        .cloned()
        .collect();
    CaseProof::new(
        &tenant(),
        &case,
        &about,
        &tree(entries),
        &checkpoint(&entries[..size]),
    )
}

#[test]
fn a_cases_proof_is_checked_without_the_journal() {
    let text = proof(&journal(20), 20).unwrap().to_string();
    let read: CaseProof = text.parse().unwrap();
    assert_eq!(read.len(), 7);
    assert_eq!(read.to_string(), text);
    let known = [signer().verifier()];
    assert_eq!(read.verify(&known).unwrap()[0].name(), "kestrel");
    let stranger = [Signer::new("kestrel", &[1; 32]).unwrap().verifier()];
    assert!(matches!(
        read.verify(&stranger),
        Err(ProofError::Checkpoint(_))
    ));
}

#[test]
fn a_proof_that_was_touched_proves_nothing() {
    let text = proof(&journal(20), 20).unwrap().to_string();
    let known = [signer().verifier()];
    for (from, to) in [
        ("cause 7", "cause 8"),
        ("entry 7\n", "entry 10\n"),
        ("\nP2P-1\n\n", "\nP2P-2\n\n"),
        ("baton/linden-voss\n20\n", "baton/linden-voss\n21\n"),
        (
            "baton case proof 1\nlinden-voss",
            "baton case proof 1\nkestrel",
        ),
        ("baton case proof 1", "baton case proof 2"),
    ] {
        let touched = text.replacen(from, to, 1);
        assert_ne!(touched, text, "{from:?} is not in the proof");
        let verified = touched
            .parse()
            .and_then(|proof: CaseProof| proof.verify(&known).map(drop));
        assert!(verified.is_err(), "{from:?} to {to:?} still verifies");
    }
}

#[test]
fn an_entry_newer_than_the_checkpoint_has_no_proof() {
    assert_eq!(proof(&journal(20), 18).unwrap_err(), ProofError::Path(19));
    assert_eq!(
        proof(&[], 0).unwrap_err(),
        ProofError::Empty(CaseId::new("P2P-1"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever one byte is changed in the bytes, the chain or a cause, it is found.
    #[test]
    fn any_changed_byte_is_found(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0u8..8, chain in any::<bool>()) {
        let mut entries = journal(9);
        let entry = pick.get(&entries).n as usize - 1;
        if chain {
            entries[entry].chain[at.index(32)] ^= 1 << bit;
        } else {
            let byte = at.index(entries[entry].bytes.len());
            entries[entry].bytes[byte] ^= 1 << bit;
        }
        prop_assert!(!check(&entries, &[]).holds());
    }
}

#[test]
fn a_proof_carries_the_founding_and_says_whether_all_is_simulated() {
    for simulated in [true, false] {
        let mut entries: Vec<Entry> = (1..=9).map(entry).collect();
        entries[0].events = vec![Event::TenantFounded {
            name: "Linden & Voss".into(),
            simulated,
            client: "LV".into(),
        }];
        let mut entries: Vec<StoredEntry> = entries.iter().map(store).collect();
        rehash(&mut entries);
        let text = proof(&entries, 9).unwrap().to_string();
        let read: CaseProof = text.parse().unwrap();
        read.holds().unwrap();
        assert_eq!(read.simulated(), Some(simulated));
        let of = |about: &[StoredEntry]| {
            let (case, whole) = (CaseId::new("P2P-1"), tree(&entries));
            CaseProof::new(&tenant(), &case, about, &whole, &checkpoint(&entries))
        };
        let without = of(&entries[3..4]).unwrap();
        assert_eq!(without.simulated(), None);
        // The mark is under the checkpoint like every other byte.
        let (mark, other) = (
            format!("\"simulated\":{simulated}"),
            format!("\"simulated\":{}", !simulated),
        );
        let touched: CaseProof = text.replacen(&mark, &other, 1).parse().unwrap();
        assert_eq!(touched.holds().unwrap_err(), ProofError::Path(1));
        let alone = of(&entries[..1]).unwrap_err();
        assert_eq!(alone, ProofError::Empty(CaseId::new("P2P-1")));
    }
}
