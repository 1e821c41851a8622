//! The journal: its entries, and one entry with its proof. A viewer sees the entries of the cases in
//! sight; what stands in an entry's fields is told to the client alone, and sealed cells to nobody.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use super::work::encoded;
use crate::pages;
use crate::pages::case::Fact;
use crate::pages::journal::{
    CheckpointView, EntryPage, EntryView, EventView, JournalPage, JournalRow, Signer, Step, Tree,
};
use crate::pages::parts::{Empty, Link, Note, Pager, Tone};
use crate::pages::shell::Place;
use crate::strip::{exact, moment};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::command::{Entry, Event};
use baton_app::proofs::{self, Inclusion};
use baton_app::signing;
use baton_app::views::cases::{self, plain};
use baton_app::views::headline::spoken;
use baton_app::views::journal::{self, Line, ToldEntry, ToldEvent};
use baton_model::CaseId;
use serde::Deserialize;

/// How many entries stand on a page.
const ROWS: usize = 50;

/// The list's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    case: String,
    #[serde(default)]
    before: i64,
}

/// `GET /journal`
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let scope = &signed.viewer.scope;
        if !asked.case.is_empty()
            && cases::one(&frame.reader(), scope, &CaseId::new(&asked.case), None)?.is_none()
        {
            denials.count(app, &signed.viewer, &asked.case);
            return Err(Failed::Missing("case"));
        }
        Ok(pages::answer(StatusCode::OK, &page(&frame, &asked)?))
    })
    .await
}

/// `GET /journal/{n}`
pub(crate) async fn one(
    State(web): State<Web>,
    signed: Signed,
    Path(n): Path<i64>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let Some(line) = journal::one(&frame.reader(), &signed.viewer.scope, n)? else {
            denials.count(app, &signed.viewer, &format!("entry {n}"));
            return Err(Failed::Missing("entry"));
        };
        let proof = proofs::inclusion(app.store(), signed.tenant(), n)?;
        let mut told = journal::told(
            &frame.reader(),
            &signed.viewer.scope,
            std::slice::from_ref(&line),
        )?;
        let told = told.pop().flatten().ok_or(Failed::Missing("entry"))?;
        let page = EntryPage {
            shell: frame.shell(&format!("Entry {n}"), Place::Journal, None)?,
            entry: told.map(|told| entry(&frame, &line, &proof, &told)),
            checkpoint: checkpoint(&frame),
            commands: commands(),
        };
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

fn commands() -> Vec<String> {
    vec![
        "baton verify --data DIR".into(),
        "baton checkpoint --data DIR --out kept-elsewhere.note".into(),
    ]
}

/// The last checkpoint that was signed here, and what it does not prove.
fn checkpoint(frame: &Frame<'_>) -> Option<CheckpointView> {
    let last = signing::last(frame.app, frame.signed.tenant())?;
    let client = frame.parties.get(&frame.about.client);
    Some(CheckpointView {
        covers: last.note.checkpoint().extent.size,
        at: exact(last.at, &frame.zone),
        signers: vec![Signer {
            party: frame.chip(&frame.about.client),
            name: client.map(|party| party.name.clone()).unwrap_or_default(),
            at: moment(last.at, &frame.zone),
            key: last.key,
            valid: last.valid,
        }],
        note: last.note.to_string(),
        limits: vec![
            "That the work was done well.".into(),
            "That the server's clock was right.".into(),
            "Anything at all, unless the other party keeps a copy.".into(),
        ],
    })
}

fn page(frame: &Frame<'_>, asked: &Asked) -> Result<JournalPage, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let head = frame
        .app
        .store()
        .head(frame.signed.tenant())?
        .n
        .unsigned_abs() as usize;
    let lines: Vec<Line> = if asked.case.is_empty() {
        journal::list(&reader, scope, asked.before, ROWS)?
    } else {
        let mut lines = journal::of_case(&reader, &CaseId::new(&asked.case))?;
        lines.reverse();
        lines
    };
    let first = lines
        .first()
        .map_or(0, |line| line.entry.n.unsigned_abs() as usize);
    let skipped = if asked.before > 0 && scope.client {
        head - first
    } else {
        0
    };
    let checkpoint = checkpoint(frame);
    let covers = checkpoint
        .as_ref()
        .map_or(0, |checkpoint| checkpoint.covers);
    let last = lines.last().map(|line| line.entry.n).unwrap_or_default();
    let more = asked.case.is_empty() && lines.len() == ROWS && last > 1;
    Ok(JournalPage {
        shell: frame.shell("Journal", Place::Journal, None)?,
        case: asked.case.clone(),
        pager: Pager {
            from: skipped + 1,
            to: skipped + lines.len(),
            total: if asked.case.is_empty() && scope.client {
                head
            } else {
                lines.len()
            },
            before: (asked.before > 0).then(|| "/journal".into()),
            after: more.then(|| format!("/journal?before={last}")),
        },
        empty: lines.is_empty().then(|| Empty {
            what: "No entries in your sight".into(),
            then: "Entries appear here as soon as a case reaches one of your lanes.".into(),
            act: None,
        }),
        rows: lines
            .iter()
            .map(|line| plain(scope, row(frame, line, covers)))
            .collect(),
        checkpoint,
        commands: commands(),
    })
}

fn row(frame: &Frame<'_>, line: &Line, covers: u64) -> JournalRow {
    let entry = &line.entry;
    let case = entry.events.iter().find_map(Event::case);
    JournalRow {
        n: entry.n.unsigned_abs(),
        href: format!("/journal/{}", entry.n),
        at: exact(entry.at, &frame.zone),
        party: entry.actor.party().map(|party| frame.chip(party)),
        actor: actor(frame, line),
        command: command(line),
        events: summary(entry),
        case: case.map(|case| Link {
            name: case.to_string(),
            href: format!("/cases/{}", encoded(case.as_str())),
        }),
        hash: line.chain.chars().take(12).collect(),
        covered: entry.n.unsigned_abs() <= covers,
    }
}

fn actor(frame: &Frame<'_>, line: &Line) -> String {
    match line.entry.actor.worker() {
        Some(worker) => frame.worker(worker).unwrap_or_else(|| "a worker".into()),
        None => "system".into(),
    }
}

fn command(line: &Line) -> String {
    line.entry.command.label().replace('_', " ")
}

fn entry(frame: &Frame<'_>, line: &Line, proof: &Inclusion, told: &ToldEntry) -> EntryView {
    let entry = &line.entry;
    let neighbour = |n: i64| (n >= 1 && n <= proof.size).then(|| format!("/journal/{n}"));
    let event = |event: &ToldEvent| EventView {
        index: usize::try_from(event.i).unwrap_or_default(),
        name: event.label.replace('_', " "),
        text: said(event),
    };
    EntryView {
        n: entry.n.unsigned_abs(),
        before: neighbour(entry.n - 1),
        after: neighbour(entry.n + 1),
        verdict: verdict(entry.n, proof),
        steps: steps(line, proof),
        tree: Some(Tree {
            n: entry.n.unsigned_abs(),
            given: proof.path.iter().map(|hash| short(hash)).collect(),
            root: short(&proof.root),
        }),
        facts: vec![
            Fact::new("At", exact(entry.at, &frame.zone)),
            Fact::new("Who", actor(frame, line)),
            Fact::new("Command", command(line)),
            Fact::new("Cause", entry.cause.to_string()),
            Fact::new("Chain", line.chain.clone()),
        ],
        events: told.events.iter().map(event).collect(),
    }
}

fn verdict(n: i64, proof: &Inclusion) -> Note {
    if proof.holds {
        let text = "Its bytes, the entries before it and the tree agree.".to_string();
        return Note {
            tone: Tone::Good,
            strong: format!("Entry {n} is in the journal as it was written."),
            text,
        };
    }
    let text = "Run `baton verify`, and compare with a checkpoint the other party keeps.".into();
    Note {
        tone: Tone::Late,
        strong: format!("Entry {n} does not fit the journal."),
        text,
    }
}

fn steps(line: &Line, proof: &Inclusion) -> Vec<Step> {
    let step = |name: &str, text: String, holds: bool| Step {
        name: name.into(),
        text,
        holds,
    };
    vec![
        step(
            "The entry has a fingerprint",
            format!(
                "The stored {} bytes and the entry before give {}.",
                line.size,
                short(&line.chain)
            ),
            proof.chained,
        ),
        step(
            "Its neighbours lead to the root",
            format!(
                "With {} given fingerprints it gives the root {} over {} entries.",
                proof.path.len(),
                short(&proof.root),
                proof.size
            ),
            proof.holds,
        ),
    ]
}

fn short(hash: &str) -> String {
    if hash.len() < 12 {
        hash.to_string()
    } else {
        format!("{}…{}", &hash[..2], &hash[hash.len() - 2..])
    }
}

/// An event in the viewer's mask: its harmless parts and its fields.
fn said(event: &ToldEvent) -> String {
    let facts = event
        .facts
        .iter()
        .map(|(name, value)| format!("{name} {value}"));
    let fields = event
        .fields
        .iter()
        .map(|(name, shown)| format!("{name}: {}", spoken(shown)));
    facts
        .chain(fields)
        .collect::<Vec<_>>()
        .join(" · ")
        .chars()
        .take(2_000)
        .collect()
}

/// The events' names, each once with how often it stands there.
fn summary(entry: &Entry) -> String {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for event in &entry.events {
        let label = event.label().replace('_', " ");
        match counted.iter_mut().find(|(name, _)| *name == label) {
            Some((_, count)) => *count += 1,
            None => counted.push((label, 1)),
        }
    }
    let said = counted.into_iter().map(|(name, count)| {
        if count > 1 {
            format!("{name} ×{count}")
        } else {
            name
        }
    });
    said.collect::<Vec<_>>().join(", ")
}
