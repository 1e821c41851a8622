//! The journal and the proof of picture 10.

use super::frame::*;
use baton_web::pages::case::*;
use baton_web::pages::journal::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;

pub(crate) fn checkpoint() -> CheckpointView {
    let signer = |code: &str, slot, name: &str, key: &str| Signer {
        party: Chip::new(code, slot),
        name: name.into(),
        at: "14:30:58".into(),
        key: key.into(),
        valid: true,
    };
    CheckpointView {
        covers: 184_000,
        at: "today 14:30:58".into(),
        signers: vec![signer("LV", 0, "Linden & Voss", "linden-voss+5a1c")],
        note: "baton.linden-voss.example/journal\n184000\nfB4EuS1xFkK3JrBEAWJ8qfusMvXIUw+xkDzE2wIloE8=\n\n— linden-voss.example WhwK…kQ==".into(),
        limits: vec!["That the work was done well.".into(), "That the clock of the server was right.".into(), "The 306 entries after 184,000: signed by the next checkpoint.".into()],
    }
}

pub(crate) fn commands() -> Vec<String> {
    vec!["baton verify --data DIR --checkpoint checkpoint.txt".into()]
}

pub(crate) fn journal() -> JournalPage {
    let row = |n, actor: &str, code: &str, slot, command: &str, events: &str| {
        masked(JournalRow {
            n,
            href: format!("/journal/{n}"),
            at: "today 14:36:12".into(),
            party: Some(Chip::new(code, slot)),
            actor: actor.into(),
            command: command.into(),
            events: events.into(),
            case: Some(Link {
                name: "P2P-20419".into(),
                href: "/cases/x".into(),
            }),
            hash: "7c1e…a04f".into(),
            covered: n <= 184_000,
        })
    };
    let mut rows = vec![
        row(
            184_306,
            "Agnieszka Wrona",
            "KS",
            1,
            "SaveDraft",
            "DraftSaved",
        ),
        row(
            184_305,
            "Tomás Reyes",
            "TO",
            2,
            "Complete",
            "ItemCompleted, TokenMoved, ServiceAsked, ServiceAnswered, HopEnded, HopBegan, ItemOffered",
        ),
    ];
    rows.extend((0..20).map(|i| {
        row(
            184_010 - i,
            "Docklens bot",
            "DL",
            3,
            "StartCase",
            "CaseStarted, HopBegan, ItemOffered",
        )
    }));
    JournalPage {
        shell: shell("Journal", Place::Journal),
        case: String::new(),
        rows,
        pager: Pager {
            from: 1,
            to: 22,
            total: 184_306,
            before: None,
            after: Some("/journal?before=183990".into()),
        },
        empty: None,
        checkpoint: Some(checkpoint()),
        commands: commands(),
    }
}

pub(crate) fn entry() -> EntryPage {
    let step = |name: &str, text: &str| Step {
        name: name.into(),
        text: text.into(),
        holds: true,
    };
    let view = EntryView {
        n: 171_163,
        before: Some("/journal/171162".into()),
        after: Some("/journal/171164".into()),
        verdict: Note { tone: Tone::Good, strong: "“Complete, Agnieszka Wrona, 30 Oct 16:40:12 UTC” is in the journal, unchanged since it was written.".into(), text: "Whoever changed one letter of it would need the signature of Linden & Voss again.".into() },
        steps: vec![
            step("The entry has a fingerprint", "The stored 412 bytes give SHA-256 e15d…7780. It also covers the entry before it, 171,162."),
            step("Its neighbours lead to the root", "Joined with the 18 fingerprints of the path it gives exactly the root of checkpoint 184,000."),
            step("The parties signed that root", "One signature, made at 14:30 today."),
        ],
        tree: Some(Tree { n: 171_163, given: ["e7…41", "03…9c", "b8…f2", "aa…01"].map(Into::into).into(), root: "7c1e 04b9 … a04f".into() }),
        facts: vec![Fact::new("At", "30 Oct 2026 16:40:12.004 UTC"), Fact::new("By", "Agnieszka Wrona, Kestrel"), Fact::new("Cause", "http/9b1f"), Fact { href: Some("/cases/x".into()), ..Fact::new("Case", "P2P-20419") }],
        events: vec![EventView { index: 0, name: "ItemCompleted".into(), text: "{\"item\":\"P2P-20419.3\",\"decision\":\"accept\",\"supplier.iban\":\"sealed\"}".into() }, EventView { index: 1, name: "HopEnded".into(), text: "{\"lane\":\"Resolve exception\",\"party\":\"KS\"}".into() }],
    };
    EntryPage {
        shell: shell("Entry 171,163", Place::Journal),
        entry: masked(view),
        checkpoint: Some(checkpoint()),
        commands: commands(),
    }
}
