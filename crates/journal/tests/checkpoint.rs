//! Signed notes against the published example of C2SP `signed-note`, and checkpoints signed by several
//! parties.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use baton_journal::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use baton_journal::note::{Note, NoteError, Signer, Verifier};
use baton_journal::tree::{Frontier, leaf};
use baton_model::TenantId;

/// The key and note that Go's `sumdb/note` documents, which C2SP `signed-note` was written from.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn signer(name: &str, seed: u8) -> Signer {
    Signer::new(name, &[seed; 32]).unwrap()
}

fn checkpoint(size: u8) -> Checkpoint {
    let mut frontier = Frontier::default();
    (0..size).for_each(|n| frontier.push(leaf(&[n])));
    Checkpoint::of(&TenantId::new("linden-voss"), &frontier)
}

#[test]
fn the_published_note_verifies_and_is_written_back_unchanged() {
    let key: Verifier = PETER.parse().unwrap();
    let note: Note = PETERS_NOTE.parse().unwrap();
    assert_eq!(key.to_string(), PETER);
    assert_eq!(note.to_string(), PETERS_NOTE);
    assert_eq!(note.verify(std::slice::from_ref(&key)), Ok(vec![&key]));
    let changed: Note = PETERS_NOTE.replace("answer", "Answer").parse().unwrap();
    assert_eq!(
        changed.verify(std::slice::from_ref(&key)),
        Err(NoteError::False("PeterNeumann".into()))
    );
}

#[test]
fn a_checkpoint_reads_as_the_specification_writes_it() {
    let text = checkpoint(3).to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["baton/linden-voss", "3"]);
    assert_eq!(lines[2].len(), 44);
    assert_eq!(text.parse(), Ok(checkpoint(3)));
}

#[test]
fn several_parties_sign_one_checkpoint() {
    let (client, provider) = (signer("linden-voss", 1), signer("kestrel", 2));
    let mut signed = checkpoint(7).sign(&[&client]).unwrap();
    signed.cosign(&provider);
    signed.cosign(&provider);
    let read: SignedCheckpoint = signed.to_string().parse().unwrap();
    assert_eq!(read, signed);
    assert_eq!(read.checkpoint(), &checkpoint(7));
    let known = [provider.verifier(), client.verifier()];
    let names: Vec<&str> = read
        .verify(&known)
        .unwrap()
        .iter()
        .map(|key| key.name())
        .collect();
    assert_eq!(names, ["linden-voss", "kestrel"]);
    assert_eq!(read.to_string().matches("— kestrel ").count(), 1);
}

#[test]
fn strangers_and_forgers_prove_nothing() {
    let signed = checkpoint(7).sign(&[&signer("kestrel", 2)]).unwrap();
    let stranger = [signer("kestrel", 3).verifier()];
    assert_eq!(
        signed.verify(&stranger),
        Err(CheckpointError::Note(NoteError::Unsigned))
    );
    let forged: SignedCheckpoint = signed
        .to_string()
        .replace("\n7\n", "\n6\n")
        .parse()
        .unwrap();
    let known = [signer("kestrel", 2).verifier()];
    assert_eq!(
        forged.verify(&known),
        Err(CheckpointError::Note(NoteError::False("kestrel".into())))
    );
}

#[test]
fn malformed_checkpoints_are_refused_by_line() {
    let good = checkpoint(7).to_string();
    let root = good.lines().nth(2).unwrap();
    for (text, what) in [
        ("".to_owned(), "last line"),
        (format!("\n7\n{root}\n"), "origin"),
        (format!("o\n07\n{root}\n"), "size"),
        (format!("o\n+7\n{root}\n"), "size"),
        (format!("o\n-7\n{root}\n"), "size"),
        ("o\n7\n".to_owned(), "root"),
        ("o\n7\nAAAA\n".to_owned(), "root"),
        (format!("o\n7\n{root}\n\n"), "extension line"),
    ] {
        let refused = text.parse::<Checkpoint>();
        assert_eq!(refused, Err(CheckpointError::Malformed(what)), "{text:?}");
    }
}

#[test]
fn malformed_notes_and_keys_are_refused_by_code() {
    for (note, code) in [
        ("no end", "BATON-JOURNAL-010"),
        ("tab\there\n\n— a AAAAAAA=\n", "BATON-JOURNAL-010"),
        ("text\n", "BATON-JOURNAL-010"),
        ("text\n\n", "BATON-JOURNAL-010"),
        ("text\n\n- a AAAAAAA=\n", "BATON-JOURNAL-011"),
        ("text\n\n— a AAAA\n", "BATON-JOURNAL-011"),
        ("text\n\n— a+b AAAAAAA=\n", "BATON-JOURNAL-012"),
    ] {
        let refused = note.parse::<Note>().unwrap_err().to_string();
        assert!(refused.starts_with(code), "{note:?} gave {refused}");
    }
    for key in ["", "a+b", "a+00000000+AAAA", &PETER.replace("c74f", "c74e")] {
        let refused = key.parse::<Verifier>().unwrap_err().to_string();
        assert!(
            refused.starts_with("BATON-JOURNAL-013"),
            "{key:?} gave {refused}"
        );
    }
}
