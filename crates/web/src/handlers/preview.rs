//! The preview of a work item: beside the list, and alone for the script.

use super::answer::{Failed, read};
use super::filling::{case, history, matching};
use super::frame::Frame;
use super::session::Signed;
use super::work::{Loaded, drawing, holder, load};
use super::{Web, originals};
use crate::pages;
use crate::pages::parts::{Note, Tone};
use crate::pages::work::{Preview, PreviewPart, Why};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::command::Entry;
use baton_app::views::{journal, pauses, work};
use baton_model::{Masked, WorkItemId};

/// `GET /work/preview/{item}`
pub(crate) async fn preview(
    State(web): State<Web>,
    signed: Signed,
    Path(item): Path<String>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let found = work::one(
            &frame.reader(),
            &signed.viewer.scope,
            &WorkItemId::new(&item),
        )?;
        let Some(item) = found else {
            denials.count(app, &signed.viewer, &item);
            return Err(Failed::Missing("work item"));
        };
        let loaded = load(&frame, item)?.ok_or(Failed::Missing("case"))?;
        let part = PreviewPart {
            preview: previewed(&frame, &loaded)?,
            token: signed.forms.clone(),
        };
        Ok(pages::answer(StatusCode::OK, &part))
    })
    .await
}

/// What the preview shows of an item.
pub(crate) fn previewed(frame: &Frame<'_>, loaded: &Loaded) -> Result<Masked<Preview>, Failed> {
    let reader = frame.reader();
    let (item, case) = (&loaded.item, &loaded.case);
    let lines = journal::of_case(&reader, &case.id)?;
    let entries: Vec<&Entry> = lines.iter().map(|line| &line.entry).collect();
    let scope = &frame.signed.viewer.scope;
    let pauses = pauses::of_case(&reader, scope, &case.id)?;
    let mut events = history::history(frame, &entries, &pauses);
    events.truncate(5);
    let docs = originals::links(&reader, &frame.signed.viewer.scope, &case.id)?;
    let table = case::briefly(case);
    let note = case::note(case, matching::fired(&entries).as_ref());
    let strip = drawing(frame, loaded).strip_or_empty(loaded.times.as_ref(), case.id.as_str());
    let given = super::work::given(frame, item);
    let free = item.worker.is_none() && item.misses.is_none();
    Ok(case.heading.clone().map(|heading| Preview {
        item: item.id.to_string(),
        href: format!("/items/{}", item.id),
        n: item.touched.unsigned_abs(),
        case: case.id.to_string(),
        subject: heading.title,
        with: heading.about,
        amount: format!("{} {}", heading.currency, heading.amount),
        held: holder(frame, item),
        strip,
        note: note.or_else(|| {
            Some(Note {
                tone: Tone::Plain,
                strong: item.name.clone(),
                text: String::new(),
            })
        }),
        lines: table,
        draft: None,
        why: Some(Why {
            whom: if given.is_some() { "you" } else { "your party" }.into(),
            text: given.unwrap_or_else(|| item.why.clone()),
        }),
        events,
        docs,
        complete: None,
        claim: free,
    }))
}
