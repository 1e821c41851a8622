//! The case desk: an item with its form, and a case to read.

use super::answer::{Failed, read};
use super::filling::case::{compared, context, data, note, status};
use super::filling::form::{Typed, fields};
use super::filling::pauses::{askable, lines as said_of};
use super::filling::{history, matching};
use super::frame::Frame;
use super::notice::Notice;
use super::session::Signed;
use super::times::{clocks, counted_on, remaining};
use super::work::{Loaded, case_of, drawing, load};
use super::{Web, originals, presence, times as drawn};
use crate::pages;
use crate::pages::case::{CasePage, Desk, Fact};
use crate::pages::form::WorkForm;
use crate::pages::parts::Left;
use crate::pages::shell::Place;
use crate::pages::work::Why;
use crate::strip::{Axis, hours, moment};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::Entry;
use baton_app::forms::Form;
use baton_app::sight::Viewer;
use baton_app::views::cases::{self, Case};
use baton_app::views::pauses::Pause;
use baton_app::views::times::{self, CaseTimes};
use baton_app::views::work::{self, Item};
use baton_app::views::{forms, journal, pauses};
use baton_model::{CaseId, Masked, WorkItemId};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The page's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    strip: String,
    #[serde(default)]
    done: String,
}

/// A form that comes back with what is wrong in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Again {
    pub(crate) typed: Option<BTreeMap<String, String>>,
    pub(crate) wrong: BTreeMap<String, String>,
    pub(crate) revealed: Option<String>,
}

/// `GET /items/{item}`
pub(crate) async fn item(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    item_page(&web, signed, id, asked, Again::default(), StatusCode::OK).await
}

pub(crate) async fn item_page(
    web: &Web,
    signed: Signed,
    id: String,
    asked: Asked,
    again: Again,
    status: StatusCode,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let scope = &signed.viewer.scope;
        let Some(item) = work::one(&frame.reader(), scope, &WorkItemId::new(&id))? else {
            let case = CaseId::new(case_of(&id));
            if cases::one(&frame.reader(), scope, &case, None)?.is_some() {
                return Ok(Redirect::to(&format!("/cases/{case}")).into_response());
            }
            denials.count(app, &signed.viewer, &id);
            return Err(Failed::Missing("work item"));
        };
        let mut loaded = load(&frame, item)?.ok_or(Failed::Missing("case"))?;
        if let Some(field) = &again.revealed {
            let case = cases::one(&frame.reader(), scope, &loaded.case.id, Some(field))?;
            loaded.case = case.ok_or(Failed::Missing("case"))?;
        }
        let case = loaded.case.id.clone();
        let page = Page {
            frame: &frame,
            asked: &asked,
            again: &again,
            item: Some(&loaded),
        };
        let said = Notice::words(&asked.done, &signed);
        let desk = page.desk(&loaded.case, loaded.times.as_ref())?;
        Ok(pages::answer(
            status,
            &CasePage {
                shell: frame.shell(case.as_str(), Place::Desk, said)?,
                desk,
            },
        ))
    })
    .await
}

/// `GET /cases/{case}`
pub(crate) async fn case(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    case_page(&web, signed, id, asked, Again::default()).await
}

pub(crate) async fn case_page(
    web: &Web,
    signed: Signed,
    id: String,
    asked: Asked,
    again: Again,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let (id, reader) = (CaseId::new(&id), frame.reader());
        let Some(case) = cases::one(
            &reader,
            &signed.viewer.scope,
            &id,
            again.revealed.as_deref(),
        )?
        else {
            denials.count(app, &signed.viewer, id.as_str());
            return Err(Failed::Missing("case"));
        };
        let times = times::times(&reader, &times::book(&reader)?, &id, frame.now)?;
        let page = Page {
            frame: &frame,
            asked: &asked,
            again: &again,
            item: None,
        };
        let desk = page.desk(&case, times.as_ref())?;
        let said = Notice::words(&asked.done, &signed);
        let shell = frame.shell(id.as_str(), Place::Cases, said)?;
        Ok(pages::answer(StatusCode::OK, &CasePage { shell, desk }))
    })
    .await
}

/// The form of an item as it was deployed with its case's version of the process.
pub(crate) fn schema(frame: &Frame<'_>, case: &Case, item: &Item) -> Result<Option<Form>, Failed> {
    let Some(form) = &item.form else {
        return Ok(None);
    };
    Ok(forms::of(
        &frame.reader(),
        &case.process,
        case.version,
        form,
    )?)
}

/// A case's page being made.
struct Page<'a> {
    frame: &'a Frame<'a>,
    asked: &'a Asked,
    again: &'a Again,
    item: Option<&'a Loaded>,
}

impl Page<'_> {
    fn desk(&self, case: &Case, times: Option<&CaseTimes>) -> Result<Masked<Desk>, Failed> {
        let reader = self.frame.reader();
        let scope = &self.frame.signed.viewer.scope;
        let lines = journal::of_case(&reader, &case.id)?;
        let entries: Vec<&Entry> = lines.iter().map(|line| &line.entry).collect();
        let paused = pauses::of_case(&reader, scope, &case.id)?;
        let matched = case
            .fields
            .get("match.lines")
            .is_some_and(|field| field.show().value().is_some());
        let fired = matching::fired(&entries).filter(|_| matched);
        let heading = case.heading.show().clone();
        let desk = Desk {
            case: case.id.to_string(),
            path: self.item.map_or_else(
                || format!("/cases/{}", case.id),
                |loaded| format!("/items/{}", loaded.item.id),
            ),
            list: if self.item.is_some() {
                "/work".into()
            } else {
                "/cases".into()
            },
            position: None,
            subject: heading.title.clone(),
            with: heading.about.clone(),
            amount: format!("{} {}", heading.currency, heading.amount),
            status: Some(status(case, self.item)),
            here: presence::named(self.frame, &case.id, self.item.map(|loaded| &loaded.item)),
            strip: self.drawing(case).strip_or_empty(times, case.id.as_str()),
            as_table: self.asked.strip == "table",
            form: self
                .item
                .map(|loaded| self.form(loaded, &paused))
                .transpose()?,
            note: note(case, fired.as_ref()),
            lines: compared(case),
            data: if self.item.is_some() {
                Vec::new()
            } else {
                data(&case.fields)
            },
            fired,
            clocks: times
                .map(|times| clocks(self.frame, times))
                .unwrap_or_default(),
            counted_on: times.and_then(|times| counted_on(self.frame, times)),
            facts: self.facts(case, times),
            why: self.item.map(|loaded| Why {
                whom: loaded.item.party.to_string(),
                text: loaded.item.why.clone(),
            }),
            history: history::history(self.frame, &entries, &paused),
            pauses: said_of(self.frame, &paused),
            context_name: "Supplier".into(),
            context: context(&case.fields),
            docs: originals::links(&reader, scope, &case.id)?,
        };
        Ok(case.heading.clone().map(|_| desk))
    }

    fn drawing(&self, case: &Case) -> drawn::Drawing<'_> {
        let axis = if self.asked.strip == "working" {
            Axis::Working
        } else {
            Axis::Wall
        };
        match self.item {
            Some(loaded) => drawn::Drawing {
                axis,
                ..drawing(self.frame, loaded)
            },
            None => drawn::Drawing {
                frame: self.frame,
                axis,
                incident: case.incident.is_some(),
                offered: false,
                person: None,
            },
        }
    }

    fn form(&self, loaded: &Loaded, paused: &[Pause]) -> Result<WorkForm, Failed> {
        let item = &loaded.item;
        let schema = schema(self.frame, &loaded.case, item)?;
        let typed = Typed {
            typed: self.again.typed.as_ref(),
            // What another party's worker typed so far is not told, to the client neither.
            draft: item
                .draft
                .as_ref()
                .filter(|_| item.party == self.frame.signed.viewer.scope.party),
            wrong: &self.again.wrong,
        };
        let own = item.worker.as_ref() == Some(&self.frame.signed.viewer.scope.worker);
        let not_now = not_now(item, &self.frame.signed.viewer);
        let held = held(self.frame, item).filter(|_| not_now.is_none());
        let mut open = paused.iter().filter(|pause| pause.is_open());
        let asked = open.any(|pause| pause.item == item.id);
        Ok(WorkForm {
            item: item.id.to_string(),
            n: item.touched.unsigned_abs(),
            heading: item.name.clone(),
            sub: format!("{} · version {}", item.lane_name, loaded.case.version),
            saved: item
                .draft
                .as_ref()
                .filter(|_| own)
                .map(|_| "on the server".into()),
            fields: schema
                .map(|schema| fields(&schema, &typed))
                .unwrap_or_default(),
            claim: false,
            take_over: held.is_some(),
            not_now: not_now.or(held),
            give_back: own,
            resume: item.paused.is_some() && !asked,
            asks: if own && item.paused.is_none() {
                askable(self.frame, item, loaded.times.as_ref())
            } else {
                Vec::new()
            },
            next: None,
        })
    }

    fn facts(&self, case: &Case, times: Option<&CaseTimes>) -> Vec<Fact> {
        let mut facts = vec![Fact::new(
            "Process",
            format!("{} version {}", case.process, case.version),
        )];
        if let Some(loaded) = self.item {
            let left = remaining(self.frame, times, loaded.item.lane.as_str());
            if left.kind != Left::None {
                facts.push(Fact::new(
                    "Due",
                    format!("{} ({} left)", left.due, hours(left.micros)),
                ));
            }
        }
        facts.push(Fact::new("Began", moment(case.started, &self.frame.zone)));
        if let Some(ended) = case.ended {
            facts.push(Fact::new("Ended", moment(ended, &self.frame.zone)));
        }
        facts
    }
}

/// By whom an item is held, where it is not by the viewer.
fn held(frame: &Frame<'_>, item: &Item) -> Option<String> {
    let holder = item.worker.as_ref()?;
    let other = *holder != frame.signed.viewer.scope.worker;
    let name = frame.worker(holder).unwrap_or_else(|| "a colleague".into());
    other.then(|| format!("held by {name}"))
}

/// Why the viewer may not complete an item, whoever has it.
fn not_now(item: &Item, viewer: &Viewer) -> Option<String> {
    let (worker, scope) = (&viewer.scope.worker, &viewer.scope);
    if item.party != scope.party || !scope.lanes.contains(&item.lane) {
        return Some(format!("workers of {} do it", item.lane_name));
    }
    if item.excluded.as_ref() == Some(worker) {
        return Some("you created the order; a colleague approves".into());
    }
    if let Some(role) = item
        .role
        .as_ref()
        .filter(|role| !viewer.roles.contains(*role))
    {
        return Some(format!("it needs the role {role}"));
    }
    let paused = item.paused.as_ref();
    paused.map(|reason| format!("paused, {}", drawn::said(reason)))
}
