//! The case desk: an item with its form, a case to read, and the commands of the form.

use super::answer::{Failed, read};
use super::filling::form::{Typed, fields};
use super::filling::{history, matching};
use super::frame::Frame;
use super::session::{Posted, Signed};
use super::times::{clocks, remaining};
use super::work::{Loaded, case_of, drawing, encoded, load, presence};
use super::{Web, times as drawn};
use crate::pages;
use crate::pages::case::{CasePage, Desk, Fact, Fired, Reveal};
use crate::pages::form::WorkForm;
use crate::pages::parts::{DocLink, Left, Note, Table, Tag, Tone};
use crate::pages::shell::Place;
use crate::pages::work::Why;
use crate::strip::{Axis, hours, moment};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::Shown;
use baton_app::command::{Command, Entry, Refusal};
use baton_app::forms::Form;
use baton_app::views::cases::{self, Case};
use baton_app::views::headline::{Fields, spoken};
use baton_app::views::times::{self, CaseTimes};
use baton_app::views::work::{self, Filter, Item};
use baton_app::views::{documents, forms, journal};
use baton_model::{CaseId, Cell, Masked, Record, Value, WorkItemId};
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
struct Again {
    typed: Option<BTreeMap<String, String>>,
    wrong: BTreeMap<String, String>,
    revealed: Option<String>,
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

async fn item_page(
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
        let book = times::book(&frame.reader())?;
        let loaded = load(&frame, &book, item)?.ok_or(Failed::Missing("case"))?;
        let case = loaded.case.id.clone();
        let page = Page {
            frame: &frame,
            asked: &asked,
            again: &again,
            item: Some(&loaded),
        };
        let said = Some(asked.done.clone()).filter(|done| !done.is_empty());
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

async fn case_page(
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
        let shell = frame.shell(
            id.as_str(),
            Place::Cases,
            Some(asked.done.clone()).filter(|done| !done.is_empty()),
        )?;
        Ok(pages::answer(StatusCode::OK, &CasePage { shell, desk }))
    })
    .await
}

/// `POST /items/{item}/claim`
pub(crate) async fn claim(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "claim", Command::Claim { item, case }).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/release`
pub(crate) async fn release(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "release", Command::Release { item, case }).await?;
    Ok(Redirect::to("/work?done=Given+back.").into_response())
}

/// `POST /items/{item}/pause`
pub(crate) async fn pause(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let reason = posted.fields.get("reason").cloned().unwrap_or_default();
    send(
        &web,
        &posted,
        "pause",
        Command::Pause { item, case, reason },
    )
    .await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/resume`
pub(crate) async fn resume(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    send(&web, &posted, "resume", Command::Resume { item, case }).await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/draft`
pub(crate) async fn draft(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let typed = posted.typed();
    let fields = typed
        .into_iter()
        .map(|(name, text)| (name, Cell::Clear(Value::Text(text))))
        .collect::<Record>();
    let fields = web
        .app
        .sealed(posted.signed.tenant(), case.as_str(), fields)?;
    send(
        &web,
        &posted,
        "draft",
        Command::SaveDraft { item, case, fields },
    )
    .await?;
    Ok(Redirect::to(&format!("/items/{id}")).into_response())
}

/// `POST /items/{item}/complete`: complete and next.
pub(crate) async fn complete(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let (item, case) = ids(&id);
    let typed = posted.typed();
    let form = form_of(&web, &posted.signed, &item).await?;
    let values = match form.as_ref().map(|form| form.check(&typed)) {
        Some(Ok(values)) => values,
        Some(Err(wrong)) => {
            let wrong = wrong
                .into_iter()
                .map(|error| (error.field, error.message))
                .collect();
            let again = Again {
                typed: Some(typed),
                wrong,
                revealed: None,
            };
            return item_page(
                &web,
                posted.signed,
                id,
                Asked::default(),
                again,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await;
        }
        None => BTreeMap::new(),
    };
    let record = values
        .into_iter()
        .map(|(name, value)| (name, Cell::Clear(value)))
        .collect::<Record>();
    let fields = web
        .app
        .sealed(posted.signed.tenant(), case.as_str(), record)?;
    let expected = posted
        .fields
        .get("n")
        .and_then(|n| n.parse().ok())
        .unwrap_or_default();
    let command = Command::Complete {
        item,
        case: case.clone(),
        expected,
        fields,
    };
    match send(&web, &posted, "complete", command).await {
        Ok(()) => next(&web, posted.signed, &case).await,
        Err(Failed::App(failure))
            if failure
                .rejection()
                .is_some_and(|rejection| rejection.kind == Refusal::Conflict) =>
        {
            super::conflict::page(&web, posted.signed, id, typed).await
        }
        Err(failed) => Err(failed),
    }
}

/// Opens the next item in the order of the list, and says what became of the last.
async fn next(web: &Web, signed: Signed, done: &CaseId) -> Result<Response, Failed> {
    let done = done.clone();
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let items = work::list(
            &frame.reader(),
            &signed.viewer.scope,
            &Filter::default(),
            50,
        )?;
        let own = &signed.viewer.scope.worker;
        let next = items.iter().find(|item| {
            item.paused.is_none() && item.worker.as_ref().is_none_or(|worker| worker == own)
        });
        let target = match next {
            Some(item) => format!(
                "/items/{}?done={}",
                item.id,
                encoded(&format!("{done} completed. Next is open."))
            ),
            None => format!("/work?done={}", encoded(&format!("{done} completed."))),
        };
        Ok(Redirect::to(&target).into_response())
    })
    .await
}

/// `POST /cases/{case}/reveal`
pub(crate) async fn reveal(
    State(web): State<Web>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Failed> {
    let field = posted.fields.get("field").cloned().unwrap_or_default();
    let reason = posted.fields.get("reason").cloned().unwrap_or_default();
    let command = Command::Reveal {
        case: CaseId::new(&id),
        field: field.clone(),
        reason,
    };
    send(&web, &posted, "reveal", command).await?;
    let again = Again {
        revealed: Some(field),
        ..Again::default()
    };
    case_page(&web, posted.signed, id, Asked::default(), again).await
}

fn ids(item: &str) -> (WorkItemId, CaseId) {
    (WorkItemId::new(item), CaseId::new(case_of(item)))
}

async fn send(web: &Web, posted: &Posted, kind: &str, command: Command) -> Result<(), Failed> {
    let cause = match &posted.key {
        Some(key) => format!("http:{}:{key}", posted.signed.viewer.scope.worker),
        None => web.app.fresh_cause(kind),
    };
    web.app
        .submit(
            posted.signed.tenant(),
            posted.signed.actor(),
            &cause,
            command,
        )
        .await?;
    Ok(())
}

async fn form_of(web: &Web, signed: &Signed, item: &WorkItemId) -> Result<Option<Form>, Failed> {
    let (signed, item) = (signed.clone(), item.clone());
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let scope = &signed.viewer.scope;
        let item =
            work::one(&frame.reader(), scope, &item)?.ok_or(Failed::Missing("open work item"))?;
        let case =
            cases::one(&frame.reader(), scope, &item.case, None)?.ok_or(Failed::Missing("case"))?;
        schema(&frame, &case, &item)
    })
    .await
}

fn schema(frame: &Frame<'_>, case: &Case, item: &Item) -> Result<Option<Form>, Failed> {
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

/// The lines of a matched case, where the viewer may read them.
pub(crate) fn compared(case: &Case) -> Option<Table> {
    matching::lines(
        value(&case.fields, "match.lines")?,
        value(&case.fields, "verdicts"),
    )
}

/// Why a case needs a person, in words.
pub(crate) fn reason(case: &Case) -> String {
    let lines = value(&case.fields, "match.lines").zip(value(&case.fields, "verdicts"));
    let said = lines.and_then(|(lines, verdicts)| matching::said(lines, verdicts));
    said.unwrap_or_else(|| capital(&case.heading.show().reason))
}

fn value<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name)?.show().value()
}

/// Words that begin with a capital.
pub(crate) fn capital(words: &str) -> String {
    let mut signs = words.chars();
    let first: String = signs
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", signs.as_str())
}

/// What is to be decided, or what is stuck.
pub(crate) fn note(case: &Case, fired: Option<&Fired>) -> Option<Note> {
    if let Some(incident) = &case.incident {
        return Some(Note {
            tone: Tone::Late,
            strong: "Stuck, a person is needed.".into(),
            text: incident.clone(),
        });
    }
    let reason = reason(case);
    let text = fired
        .map(|fired| fired.note.text.clone())
        .unwrap_or_default();
    (!reason.is_empty()).then_some(Note {
        tone: Tone::Risk,
        strong: reason,
        text,
    })
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
        let matched = case
            .fields
            .get("match.lines")
            .is_some_and(|field| field.show().value().is_some());
        let fired = matching::fired(&entries).filter(|_| matched);
        let docs = documents::of_case(&reader, scope, &case.id)?;
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
            here: self
                .item
                .and_then(|loaded| presence(self.frame, &loaded.item))
                .into_iter()
                .collect(),
            strip: self.drawing(case).strip_or_empty(times, case.id.as_str()),
            as_table: self.asked.strip == "table",
            form: self.item.map(|loaded| self.form(loaded)).transpose()?,
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
            facts: self.facts(case, times),
            why: self.item.map(|loaded| Why {
                whom: loaded.item.party.to_string(),
                text: loaded.item.why.clone(),
            }),
            history: history::history(self.frame, &entries),
            context_name: "Supplier".into(),
            context: context(&case.fields),
            docs: docs
                .into_iter()
                .map(|doc| DocLink {
                    name: format!("{} {}", doc.kind.replace('_', " "), doc.number),
                    href: None,
                })
                .collect(),
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

    fn form(&self, loaded: &Loaded) -> Result<WorkForm, Failed> {
        let item = &loaded.item;
        let schema = schema(self.frame, &loaded.case, item)?;
        let typed = Typed {
            typed: self.again.typed.as_ref(),
            draft: item.draft.as_ref(),
            wrong: &self.again.wrong,
        };
        let own = item.worker.as_ref() == Some(&self.frame.signed.viewer.scope.worker);
        let free = item.worker.is_none();
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
            not_now: not_now(item, own, free),
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

fn not_now(item: &Item, own: bool, free: bool) -> Option<String> {
    if let Some(reason) = &item.paused {
        return Some(format!("paused, {}", drawn::said(reason)));
    }
    (!own && !free).then(|| "a colleague has it".into())
}

fn status(case: &Case, item: Option<&Loaded>) -> Tag {
    match (&case.outcome, &case.incident, item) {
        (Some(outcome), ..) => Tag {
            text: outcome.clone(),
            tone: Tone::Quiet,
        },
        (None, Some(_), _) => Tag {
            text: "Stuck".into(),
            tone: Tone::Late,
        },
        (None, None, Some(loaded)) => Tag {
            text: loaded.item.name.clone(),
            tone: Tone::Risk,
        },
        (None, None, None) => Tag {
            text: "running".into(),
            tone: Tone::Plain,
        },
    }
}

/// The case's own fields that are one value each.
fn data(fields: &Fields) -> Vec<Fact> {
    let plain = fields
        .iter()
        .filter(|(name, _)| !name.starts_with("supplier.") && !name.starts_with("match.header."));
    plain
        .filter_map(|(name, shown)| {
            Some(Fact {
                name: capital(&name.replace(['.', '_'], " ")),
                ..fact(name, shown)?
            })
        })
        .collect()
}

/// The supplier's facts, masked ones with a way to reveal.
fn context(fields: &Fields) -> Vec<Fact> {
    fields
        .iter()
        .filter(|(name, _)| name.starts_with("supplier."))
        .filter_map(|(name, shown)| fact(name, shown))
        .collect()
}

fn fact(name: &str, shown: &Masked<Shown>) -> Option<Fact> {
    let words = match shown.show() {
        Shown::Clear(Value::List(_) | Value::Map(_) | Value::Null) => return None,
        other => spoken(other),
    };
    let (masked, revealable) = match shown.show() {
        Shown::Masked { revealable, .. } => (true, *revealable),
        _ => (false, false),
    };
    let reveal = revealable.then(|| Reveal {
        field: name.to_string(),
        left: "a reason is journaled; five an hour".into(),
    });
    Some(Fact {
        masked,
        reveal,
        ..Fact::new(label(name), words)
    })
}

/// A field's name for people.
fn label(name: &str) -> String {
    match name.rsplit('.').next().unwrap_or(name) {
        "iban" => "IBAN".into(),
        "vat" => "VAT number".into(),
        "id" => "Number".into(),
        "email" => "E-mail".into(),
        other => capital(&other.replace('_', " ")),
    }
}
