//! 409: the item moved while the viewer decided. Nothing of the viewer's is lost; both answers stand
//! side by side, and the viewer's goes again from the new state.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use super::work::case_of;
use crate::pages;
use crate::pages::shell::Place;
use crate::pages::trouble::{Conflict, ConflictPage, ConflictRow};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::command::{Entry, Event};
use baton_app::forms::{Form, Kind};
use baton_app::views::cases::Case;
use baton_app::views::headline::words;
use baton_app::views::journal::Line;
use baton_app::views::{cases, forms, journal, work};
use baton_model::{CaseId, Cell, Record, WorkItemId};
use std::collections::BTreeMap;

/// The page of a conflict about an item.
pub(crate) async fn page(
    web: &Web,
    signed: Signed,
    item: String,
    typed: BTreeMap<String, String>,
    seen: Option<u64>,
) -> Result<Response, Failed> {
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let reader = frame.reader();
        let case = CaseId::new(case_of(&item));
        let open = work::one(&reader, &signed.viewer.scope, &WorkItemId::new(&item))?;
        let case = cases::one(&reader, &signed.viewer.scope, &case, None)?
            .ok_or(Failed::Missing("case"))?;
        let lines = journal::of_case(&reader, &case.id)?;
        let last = lines
            .iter()
            .rfind(|line| touches(&line.entry, &item))
            .map(|line| &line.entry);
        let conflict = Conflict {
            who: last
                .and_then(|entry| frame.worker(entry.actor.worker()?))
                .unwrap_or_else(|| "Somebody".into()),
            ago: last
                .map(|entry| ago(frame.now.since(entry.at).0))
                .unwrap_or_default(),
            seen: seen.unwrap_or_default(),
            n: last.map(|entry| entry.n.unsigned_abs()).unwrap_or_default(),
            rows: rows(
                last,
                &item,
                &typed,
                form_of(&frame, &case, &lines, &item)?.as_ref(),
            ),
            action: format!("/items/{item}/complete"),
            fields: open
                .iter()
                .map(|open| ("n".to_string(), open.touched.to_string()))
                .chain(typed)
                .collect(),
            keep: open.as_ref().map_or_else(
                || format!("/cases/{}", case.id),
                |open| format!("/items/{}", open.id),
            ),
            again: open.is_some(),
        };
        let shell = frame.shell(&item, Place::Desk, None)?;
        let page = ConflictPage {
            shell,
            conflict: case.heading.clone().map(|_| conflict),
        };
        Ok(pages::answer(StatusCode::CONFLICT, &page))
    })
    .await
}

pub(super) fn touches(entry: &Entry, item: &str) -> bool {
    entry.events.iter().any(|event| match event {
        Event::ItemAssigned { item: id, .. }
        | Event::ItemReleased { item: id, .. }
        | Event::ItemPaused { item: id, .. }
        | Event::ItemResumed { item: id, .. }
        | Event::ItemCompleted { item: id, .. } => id.as_str() == item,
        Event::AnswerRequested(asked) => asked.item.as_str() == item,
        Event::RequestAnswered(answered) => answered.item.as_str() == item,
        Event::ItemSetAside(aside) => aside.item.as_str() == item,
        _ => false,
    })
}

/// The form of an item as its case's version has it; the journal names it, for the item may be done.
fn form_of(
    frame: &Frame<'_>,
    case: &Case,
    lines: &[Line],
    item: &str,
) -> Result<Option<Form>, Failed> {
    let events = lines.iter().flat_map(|line| &line.entry.events);
    let name = events.into_iter().find_map(|event| match event {
        Event::TaskReady { item: id, form, .. } if id.as_str() == item => form.clone(),
        _ => None,
    });
    let Some(name) = name else { return Ok(None) };
    Ok(forms::of(
        &frame.reader(),
        &case.process,
        case.version,
        &name,
    )?)
}

/// A field's label and a value's words, as the form has them.
fn labelled(form: Option<&Form>, name: &str, value: &str) -> (String, String) {
    let field = form.and_then(|form| form.fields.iter().find(|field| field.name == name));
    let plain = || name.rsplit('.').next().unwrap_or(name).replace('_', " ");
    let label = field.map_or_else(plain, |field| field.title.clone());
    let chosen = field.and_then(|field| match &field.kind {
        Kind::Choice(choices) => choices.iter().find(|choice| choice.input() == value),
        _ => None,
    });
    let words = chosen.map_or_else(|| value.to_string(), |choice| choice.title.clone());
    (label, words)
}

fn rows(
    last: Option<&Entry>,
    item: &str,
    typed: &BTreeMap<String, String>,
    form: Option<&Form>,
) -> Vec<ConflictRow> {
    let theirs: Record = last
        .into_iter()
        .flat_map(|entry| &entry.events)
        .find_map(|event| match event {
            Event::ItemCompleted {
                item: id, fields, ..
            } if id.as_str() == item => Some(fields.clone()),
            _ => None,
        })
        .unwrap_or_default();
    let their = |name: &str| {
        theirs
            .get(name)
            .and_then(Cell::value)
            .map(words)
            .unwrap_or_default()
    };
    typed
        .iter()
        .map(|(name, yours)| {
            let (field, yours) = labelled(form, name, yours);
            ConflictRow {
                before: "open".into(),
                theirs: labelled(form, name, &their(name)).1,
                field,
                yours,
            }
        })
        .collect()
}

/// `20 s ago`
fn ago(micros: i64) -> String {
    match micros / 1_000_000 {
        seconds if seconds < 90 => format!("{seconds} s ago"),
        seconds if seconds < 5_400 => format!("{} min ago", seconds / 60),
        seconds => format!("{} h ago", seconds / 3_600),
    }
}
