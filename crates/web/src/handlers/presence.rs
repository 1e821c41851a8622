//! Who has a case or item open: the heartbeat of open pages, and the faces on lists and desks.
//!
//! It journals nothing and shows people of the viewer's own party only, by the names the mask lets through.

use super::Web;
use super::answer::{Failed, read};
use super::frame::{Frame, initials};
use super::session::Posted;
use super::work::{case_of, holder};
use crate::live::presence::{Beat, Here, Who};
use crate::pages::work::Presence;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use baton_app::views::cases;
use baton_app::views::work::Item;
use baton_model::{CaseId, WorkItemId};
use std::time::Instant;

/// `POST /presence`: a page says that it is open, that something is typed in it, or that it was left.
pub(crate) async fn beat(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let scope = posted.signed.viewer.scope.clone();
    let page: String = given(&posted, "page").chars().take(40).collect();
    let news = if given(&posted, "left") == "1" {
        web.live
            .presence
            .leave(&posted.signed.viewer.session, &page)
    } else {
        open(&web, &posted, page).await?
    };
    if news {
        web.live.stirred(&scope.tenant, &scope.party);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Notes an open page, where its case is in the viewer's sight. Whether it is news.
async fn open(web: &Web, posted: &Posted, page: String) -> Result<bool, Failed> {
    let item = Some(given(posted, "item")).filter(|item| !item.is_empty());
    let case = CaseId::new(item.map_or(given(posted, "case"), case_of));
    let (viewer, asked) = (posted.signed.viewer.clone(), case.clone());
    let denials = web.denials.clone();
    read(web, move |app| {
        let reader = baton_app::views::Reader::of(app, &viewer.scope);
        if cases::one(&reader, &viewer.scope, &asked, None)?.is_some() {
            return Ok(());
        }
        denials.count(app, &viewer, asked.as_str());
        Err(Failed::Missing("case"))
    })
    .await?;
    let beat = Beat {
        page,
        case,
        item: item.map(WorkItemId::new),
        edits: given(posted, "edits") == "1",
    };
    let viewer = &posted.signed.viewer;
    let who = Who::from(&viewer.scope);
    let presence = &web.live.presence;
    Ok(presence.beat(&viewer.session, who, beat, Instant::now()))
}

fn given<'a>(posted: &'a Posted, name: &str) -> &'a str {
    posted.fields.get(name).map_or("", String::as_str)
}

/// The colleagues at a case in one face: the first, and how many more.
pub(crate) fn briefly(
    frame: &Frame<'_>,
    case: &CaseId,
    item: Option<&WorkItemId>,
) -> Option<Presence> {
    let mut here = colleagues(frame, case, item);
    let more = here.len().saturating_sub(1);
    let (here, name) = (!here.is_empty()).then(|| here.swap_remove(0))?;
    let word = word(&here);
    Some(Presence {
        initials: initials(&name),
        word: match more {
            0 => word.into(),
            more => format!("{word} +{more}"),
        },
        edits: here.edits,
    })
}

/// Everybody at a case by name, and whoever holds its item without having it open.
pub(crate) fn named(frame: &Frame<'_>, case: &CaseId, item: Option<&Item>) -> Vec<Presence> {
    let here = colleagues(frame, case, item.map(|item| &item.id));
    let holds = |item: &&Item| {
        let open = |(here, _): &(Here, String)| Some(&here.worker) == item.worker.as_ref();
        !here.iter().any(open)
    };
    let held = item.filter(holds).and_then(|item| holder(frame, item));
    let open = here.iter().map(|(here, name)| Presence {
        initials: initials(name),
        word: format!("{name} {}", word(here)),
        edits: here.edits,
    });
    open.chain(held).collect()
}

fn word(here: &Here) -> &'static str {
    if here.edits { "edits" } else { "views" }
}

fn colleagues(frame: &Frame<'_>, case: &CaseId, item: Option<&WorkItemId>) -> Vec<(Here, String)> {
    let looks = Who::from(&frame.signed.viewer.scope);
    let presence = &frame.signed.live.presence;
    let here = presence.at(&looks, case, item, Instant::now());
    here.into_iter()
        .filter_map(|here| frame.worker(&here.worker).map(|name| (here, name)))
        .collect()
}
