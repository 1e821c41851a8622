//! `/api/v1/journal`: what happened, entry by entry, as far as the one who asks is told; and the last
//! signed checkpoint.

use super::ask::{Caller, Path, Query};
use super::describe::Nothing;
use super::listed::{Listed, Paging};
use super::problem::{Problem, Said};
use super::shape::{Page, ShownFields, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use baton_app::signing;
use baton_app::views::Reader;
use baton_app::views::journal::{self, ToldEntry, ToldEvent};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An entry as the one who asks is told of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Told {
    /// Its number.
    n: i64,
    /// Its instant.
    #[schema(format = DateTime)]
    at: String,
    /// The party of the one who asked for it; absent where Baton did, or it is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// The worker who asked for it, if of the own party.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    /// The events that are told.
    events: Vec<EventTold>,
    /// How many events are not told.
    silent: usize,
}

/// An event as the one who asks is told of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventTold {
    /// Its place in the entry, from 0.
    i: u32,
    /// Its name.
    #[schema(example = "item_completed")]
    event: String,
    /// Its case.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    /// Its work item.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    /// Its worker, if of the own party.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    /// What it says besides.
    facts: BTreeMap<String, String>,
    #[serde(flatten)]
    shown: ShownFields,
}

impl Told {
    pub(crate) fn of(entry: &ToldEntry) -> Self {
        Self {
            n: entry.n,
            at: instant(entry.at),
            party: entry.party.as_ref().map(ToString::to_string),
            worker: entry.worker.as_ref().map(ToString::to_string),
            events: entry.events.iter().map(EventTold::of).collect(),
            silent: entry.silent,
        }
    }
}

impl EventTold {
    fn of(event: &ToldEvent) -> Self {
        Self {
            i: event.i,
            event: event.label.clone(),
            case: event.case.as_ref().map(ToString::to_string),
            item: event.item.as_ref().map(ToString::to_string),
            worker: event.worker.as_ref().map(ToString::to_string),
            facts: event.facts.clone(),
            shown: ShownFields::told(&event.fields),
        }
    }
}

/// List entries of the journal
///
/// The last first: all of them for the client, for others those of the cases in their sight.
#[utoipa::path(get, path = "/journal", tag = "journal", operation_id = "list_entries", params(Paging),
    responses((status = 200, description = "A page of entries", body = Page<Told>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Nothing, i64>,
) -> Result<Json<Page<Told>>, Problem> {
    // Before the first entry there is none; 0 would begin at the head.
    let before = listed.after.map_or(0, |after| after.max(1));
    let page = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let reader = Reader::of(app, scope);
        let mut lines = journal::list(&reader, scope, before, listed.read())?;
        let next = listed.cut(&mut lines, |line| line.entry.n);
        let told = journal::told(&reader, scope, &lines)?;
        let items = told.iter().flatten().map(|it| Told::of(it.show()));
        Ok(Page {
            items: items.collect(),
            next,
        })
    });
    Ok(Json(page.await?))
}

/// Read an entry of the journal
#[utoipa::path(get, path = "/journal/{n}", tag = "journal", operation_id = "read_entry",
    params(("n" = i64, Path, description = "The entry's number", minimum = 1)),
    responses((status = 200, description = "The entry", body = Told)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(n): Path<i64>,
    Query(_): Query<Nothing>,
) -> Result<Json<Told>, Problem> {
    let told = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let reader = Reader::of(app, scope);
        let line = journal::one(&reader, scope, n)?.ok_or(Failed::Missing("entry"))?;
        let told = journal::told(&reader, scope, std::slice::from_ref(&line))?;
        let told = told.into_iter().flatten().next();
        Ok(Told::of(told.ok_or(Failed::Missing("entry"))?.show()))
    });
    Ok(Json(told.await?))
}

/// The last checkpoint that was signed here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checkpoint {
    /// The signed note (C2SP), to be kept by the other party.
    note: String,
    /// How many entries it covers.
    covers: u64,
    /// When it was signed.
    #[schema(format = DateTime)]
    at: String,
    /// The key's name and id.
    key: String,
}

/// Read the last checkpoint
#[utoipa::path(get, path = "/checkpoint", tag = "journal", operation_id = "read_checkpoint",
    responses((status = 200, description = "The last signed checkpoint", body = Checkpoint),
        (status = 404, description = "None was signed yet", body = Said, content_type = "application/problem+json")))]
pub(crate) async fn checkpoint(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<Checkpoint>, Problem> {
    let last = read(&web, move |app| {
        let last = signing::last(app, &caller.0.viewer.scope.tenant);
        let last = last.ok_or(Failed::Missing("checkpoint"))?;
        Ok(Checkpoint {
            note: last.note.to_string(),
            covers: last.note.checkpoint().extent.size,
            at: instant(last.at),
            key: last.key,
        })
    });
    Ok(Json(last.await?))
}
