//! What became of an item since a page was drawn: in words above its form, and in a word where its row
//! left a list.
//!
//! It tells of an item that was the viewer's to see; what another party does with it afterwards it does
//! not tell, and names only people of the viewer's own party.

use super::Web;
use super::answer::{Failed, read};
use super::conflict::touches;
use super::frame::Frame;
use super::session::Signed;
use super::work::case_of;
use crate::pages;
use crate::pages::trouble::{Changed, ChangedPart};
use crate::strip::moment;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use baton_app::command::{Entry, Event};
use baton_app::views::{cases, journal, work};
use baton_model::{CaseId, WorkItemId};
use std::collections::BTreeMap;

/// The most items a list asks about at once.
const ASKED: usize = 50;

/// `GET /items/{item}/since/{n}`: what others did with the item after an entry; 204 where nothing.
pub(crate) async fn since(
    State(web): State<Web>,
    signed: Signed,
    Path((item, n)): Path<(String, i64)>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let (reader, scope) = (frame.reader(), &signed.viewer.scope);
        let case = CaseId::new(case_of(&item));
        let Some(case) = cases::one(&reader, scope, &case, None)? else {
            denials.count(app, &signed.viewer, &item);
            return Err(Failed::Missing("work item"));
        };
        let lines = journal::of_case(&reader, &case.id)?;
        let entries = lines.iter().map(|line| &line.entry);
        let changed = changed(&frame, entries.filter(|entry| entry.n > n), &item);
        Ok(match changed {
            None => StatusCode::NO_CONTENT.into_response(),
            Some(changed) => {
                let changed = case.heading.map(|_| changed);
                pages::answer(StatusCode::OK, &ChangedPart { changed })
            }
        })
    })
    .await
}

/// The last thing that happened to an item, up to where it left the viewer's party.
fn changed<'a>(
    frame: &Frame<'_>,
    entries: impl Iterator<Item = &'a Entry>,
    item: &str,
) -> Option<Changed> {
    let mut last = None;
    for entry in entries {
        if handed_over(frame, entry, item) {
            return Some(over("It was handed over to another party.".into()));
        }
        if touches(entry, item) || ended(entry, item) {
            last = Some(entry);
        }
    }
    last.and_then(|entry| told(frame, entry, item))
}

fn handed_over(frame: &Frame<'_>, entry: &Entry, item: &str) -> bool {
    let own = &frame.signed.viewer.scope.party;
    entry.events.iter().any(|event| {
        matches!(event, Event::ItemAllocated { item: id, party, .. } if id.as_str() == item && party != own)
    })
}

fn ended(entry: &Entry, item: &str) -> bool {
    entry
        .events
        .iter()
        .any(|event| matches!(event, Event::TaskEnded { item: id, .. } if id.as_str() == item))
}

/// An entry's act in words.
fn told(frame: &Frame<'_>, entry: &Entry, item: &str) -> Option<Changed> {
    let scope = &frame.signed.viewer.scope;
    let actor = entry.actor.worker();
    let own = actor == Some(&scope.worker);
    let who = match actor {
        _ if own => "You".to_string(),
        Some(worker) => frame.worker(worker).unwrap_or_else(|| "Somebody".into()),
        None => "Baton".to_string(),
    };
    let elsewhere = if own { " in another window" } else { "" };
    let at = moment(entry.at, &frame.zone);
    let of_item = |event: &&Event| touched(event) == Some(item);
    if !touches(entry, item) {
        return Some(over(format!("This step ended, {at}.")));
    }
    // Whoever completes what nobody holds takes it in the same act; the last event is what counts.
    let event = entry.events.iter().rev().find(of_item)?;
    let said = |verb: &str| format!("{who} {verb}{elsewhere}, {at}.");
    Some(match event {
        Event::ItemCompleted { .. } => over(said("completed this")),
        // The page knows what its own worker took: it is drawn again after that.
        Event::ItemAssigned { .. } | Event::ItemResumed { .. } if own => return None,
        Event::ItemAssigned { .. } => Changed {
            what: said("took this"),
            then: "You can read on; what you typed stays here.".into(),
            button: Some(format!("Send although {who} has it")),
            over: false,
        },
        Event::ItemReleased { .. } if actor.is_none() => open(format!(
            "It went back to the queue, {at}: nothing was done for a while."
        )),
        Event::ItemReleased { .. } => open(said("gave this back")),
        Event::ItemPaused { .. } | Event::AnswerRequested(_) => open(said("paused this")),
        Event::ItemSetAside(_) => open(said("set this aside")),
        Event::RequestAnswered(_) => open(said("answered what was asked")),
        Event::ItemResumed { .. } => open(said("let this run on")),
        _ => return None,
    })
}

fn over(what: String) -> Changed {
    Changed {
        what,
        then: "What you typed stays here; if you send it, both answers are shown side by side."
            .into(),
        button: Some("See both answers".into()),
        over: true,
    }
}

fn open(what: String) -> Changed {
    Changed {
        what,
        then: "What you typed stays here.".into(),
        button: None,
        over: false,
    }
}

/// The item whose standing an event changes.
fn touched(event: &Event) -> Option<&str> {
    match event {
        Event::ItemAssigned { item, .. }
        | Event::ItemReleased { item, .. }
        | Event::ItemPaused { item, .. }
        | Event::ItemResumed { item, .. }
        | Event::ItemCompleted { item, .. } => Some(item.as_str()),
        Event::AnswerRequested(asked) => Some(asked.item.as_str()),
        Event::RequestAnswered(answered) => Some(answered.item.as_str()),
        Event::ItemSetAside(aside) => Some(aside.item.as_str()),
        _ => None,
    }
}

/// `GET /work/left?item=…`: a word for each item whose row left the list.
pub(crate) async fn left(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let items = asked.into_iter().filter(|(name, _)| name == "item");
        let mut words = BTreeMap::new();
        for (_, item) in items.take(ASKED) {
            let word = word(&frame, &WorkItemId::new(&item))?;
            words.insert(item, word);
        }
        let kept = [(header::CACHE_CONTROL, "no-store")];
        Ok((kept, Json(words)).into_response())
    })
    .await
}

/// How an item stands that is not in the list any more.
fn word(frame: &Frame<'_>, id: &WorkItemId) -> Result<String, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    if let Some(item) = work::one(&reader, scope, id)? {
        return Ok(match &item.worker {
            Some(worker) if *worker == scope.worker => "with you".into(),
            Some(worker) => match frame.worker(worker) {
                Some(name) => format!("taken by {name}"),
                None => "taken".into(),
            },
            None if item.party != scope.party => "handed over".into(),
            None => "not in this view".into(),
        });
    }
    let case = CaseId::new(case_of(id.as_str()));
    if cases::one(&reader, scope, &case, None)?.is_none() {
        return Ok("gone".into());
    }
    let lines = journal::of_case(&reader, &case)?;
    let mut entries = lines.iter().map(|line| &line.entry);
    let over = entries.any(|entry| handed_over(frame, entry, id.as_str()));
    Ok(if over { "handed over" } else { "done" }.into())
}
