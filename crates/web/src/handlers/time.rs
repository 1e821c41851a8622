//! What one does, and a worker's day: stretches, sums, corrections, and the same as CSV. A worker sees the
//! own time; a team leader that of the party's workers, and decides on their corrections.

use super::Web;
use super::answer::{Failed, read};
use super::floor::day_of;
use super::frame::Frame;
use super::measured::file;
use super::session::{Posted, Signed};
use super::work::encoded;
use crate::pages;
use crate::pages::shell::Place;
use crate::pages::time::{CorrectionRow, StretchRow, TimePage};
use crate::strip::{brief, clock};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::Failure;
use baton_app::command::{Command, DecideTime, ProposeTime, Refusal, WorkState};
use baton_app::views::time::{self, Correction, Day, Stretch};
use baton_model::{Micros, WorkerId};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A day's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    worker: String,
    #[serde(default)]
    day: String,
}

/// `POST /state`: what the worker does from now on.
pub(crate) async fn state(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let field = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let word = field("state");
    let state = WorkState::of(&word).ok_or_else(|| {
        Failed::Unreadable(format!("`{word}` is no state; choose one of the menu"))
    })?;
    let sent = send(&web, &posted, Command::SetState { state }).await;
    match sent {
        // To say again what one does is no fault.
        Err(Failure::Rejected(why)) if why.kind == Refusal::Duplicate => {}
        other => other?,
    }
    let back = field("back");
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    Ok(Redirect::to(if own { &back } else { "/time" }).into_response())
}

/// `GET /time`
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    shown(&web, signed, asked, None, BTreeMap::new()).await
}

/// `POST /time/propose`
pub(crate) async fn propose(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let field = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let asked = Asked {
        worker: String::new(),
        day: field("day"),
    };
    let signed = posted.signed.clone();
    let (day, from, until) = (field("day"), field("from"), field("until"));
    let instants = read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        Ok(instant(&frame, &day, &from).zip(instant(&frame, &day, &until)))
    })
    .await?;
    let (Some((from, until)), Some(state)) = (instants, WorkState::of(&field("state"))) else {
        let wrong = "Write times as 09:10, and choose what you did.".to_owned();
        return shown(
            &web,
            posted.signed.clone(),
            asked,
            Some(wrong),
            posted.fields,
        )
        .await;
    };
    let command = Command::ProposeTime(ProposeTime {
        id: web.app.token(8),
        state,
        from,
        until,
        why: field("why"),
    });
    match send(&web, &posted, command).await {
        Err(Failure::Rejected(why)) => {
            shown(
                &web,
                posted.signed.clone(),
                asked,
                Some(why.message),
                posted.fields,
            )
            .await
        }
        other => {
            other?;
            Ok(Redirect::to(&format!("/time?day={}", encoded(&asked.day))).into_response())
        }
    }
}

/// `POST /time/decide`
pub(crate) async fn decide(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let field = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let command = Command::DecideTime(DecideTime {
        id: field("id"),
        worker: WorkerId::new(field("worker")),
        approved: field("decision") == "approve",
        why: field("why"),
    });
    let asked = Asked {
        worker: field("shown"),
        day: field("day"),
    };
    match send(&web, &posted, command).await {
        Err(Failure::Rejected(why)) => {
            shown(
                &web,
                posted.signed.clone(),
                asked,
                Some(why.message),
                BTreeMap::new(),
            )
            .await
        }
        other => {
            other?;
            let (worker, day) = (encoded(&asked.worker), encoded(&asked.day));
            Ok(Redirect::to(&format!("/time?worker={worker}&day={day}")).into_response())
        }
    }
}

/// `GET /time.csv`
pub(crate) async fn csv(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let (worker, date, window) = whose(&frame, &asked.worker, &asked.day)?;
        let day = time::day(&frame.reader(), &signed.viewer.scope, &worker, window)?;
        let columns = ["worker", "kind", "state", "from", "until", "seconds"];
        let name = format!("time-{date}");
        Ok(file(&frame, &name, &columns, table(&worker, &day)))
    })
    .await
}

fn table(worker: &WorkerId, day: &Day) -> Vec<Vec<String>> {
    let row = |kind: &str, one: &Stretch| {
        vec![
            worker.to_string(),
            kind.to_owned(),
            one.state.clone(),
            one.from.to_string(),
            one.until.to_string(),
            (one.length().0 / 1_000_000).to_string(),
        ]
    };
    let recorded = day.recorded.iter().map(|one| row("recorded", one));
    let counted = day.counted.iter().map(|one| row("counted", one));
    recorded.chain(counted).collect()
}

async fn send(web: &Web, posted: &Posted, command: Command) -> Result<(), Failure> {
    let cause = web.app.fresh_cause("time");
    let (tenant, actor) = (posted.signed.tenant(), posted.signed.actor());
    web.app
        .submit(tenant, actor, &cause, command)
        .await
        .map(drop)
}

/// A time of a day in the viewer's zone.
fn instant(frame: &Frame<'_>, day: &str, time: &str) -> Option<Micros> {
    let date: Date = day.parse().ok()?;
    let time: Time = time.trim().parse().ok()?;
    let local = date.to_datetime(time).to_zoned(frame.zone.clone()).ok()?;
    Some(Micros(local.timestamp().as_microsecond()))
}

/// Whose day is asked for, where the viewer may see it, and the day's instants until now.
pub(crate) fn whose(
    frame: &Frame<'_>,
    worker: &str,
    day: &str,
) -> Result<(WorkerId, Date, (Micros, Micros)), Failed> {
    let scope = &frame.signed.viewer.scope;
    let worker = match worker {
        "" => scope.worker.clone(),
        worker => WorkerId::new(worker),
    };
    if !time::may_see(&frame.reader(), scope, &worker)? {
        return Err(Failed::Missing("worker"));
    }
    let now = Timestamp::from_microsecond(frame.now.0).unwrap_or_default();
    let today = now.to_zoned(frame.zone.clone()).date();
    let date = match day {
        "" => today,
        day => day.parse().map_err(|_| Failed::Missing("day"))?,
    };
    let begin = |date: Date| -> Result<Micros, Failed> {
        let zoned = date
            .to_zoned(frame.zone.clone())
            .map_err(|_| Failed::Missing("day"))?;
        Ok(day_of(
            Micros(zoned.timestamp().as_microsecond()),
            &frame.zone,
        ))
    };
    let next = date
        .checked_add(1.day())
        .map_err(|_| Failed::Missing("day"))?;
    let from = begin(date)?;
    let until = begin(next)?.min(frame.now).max(from);
    Ok((worker, date, (from, until)))
}

async fn shown(
    web: &Web,
    signed: Signed,
    asked: Asked,
    refused: Option<String>,
    typed: BTreeMap<String, String>,
) -> Result<Response, Failed> {
    let status = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let page = filled(&frame, &asked, refused, &typed)?;
        Ok(pages::answer(status, &page))
    })
    .await
}

fn filled(
    frame: &Frame<'_>,
    asked: &Asked,
    refused: Option<String>,
    typed: &BTreeMap<String, String>,
) -> Result<TimePage, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let (worker, date, window) = whose(frame, &asked.worker, &asked.day)?;
    let day = time::day(&reader, scope, &worker, window)?;
    let own = worker == scope.worker;
    let waiting = if frame.signed.viewer.leads() {
        let mut all = time::corrections(&reader, scope, None)?;
        all.retain(|one| one.decision.is_none() && one.worker != scope.worker);
        all
    } else {
        Vec::new()
    };
    let at = |date: Date| format!("/time?worker={}&day={date}", encoded(worker.as_str()));
    let name = frame.worker(&worker).unwrap_or_else(|| worker.to_string());
    let field = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let before = date.checked_sub(1.day()).unwrap_or(date);
    let after = date.checked_add(1.day()).ok();
    let today = window.1 >= frame.now;
    Ok(TimePage {
        shell: frame.shell("Time", Place::Elsewhere, None)?,
        whose: if own {
            "My time".into()
        } else {
            format!("Time of {name}")
        },
        own,
        day: date.strftime("%a %-d %b %Y").to_string(),
        around: (at(before), after.filter(|_| !today).map(at)),
        bar: bar(frame, &day, window),
        recorded: day.recorded.iter().map(|one| stretch(frame, one)).collect(),
        sums: day
            .sums()
            .into_iter()
            .map(|(state, sum)| (state, brief(sum.0)))
            .collect(),
        shift: brief(day.shift().0),
        corrections: day
            .corrections
            .iter()
            .map(|one| correction(frame, one))
            .collect(),
        waiting: waiting.iter().map(|one| correction(frame, one)).collect(),
        refused,
        typed: [field("from"), field("until"), field("state"), field("why")],
        csv: format!("/time.csv?worker={}&day={date}", encoded(worker.as_str())),
        date: date.to_string(),
        worker: worker.to_string(),
    })
}

fn stretch(frame: &Frame<'_>, one: &Stretch) -> StretchRow {
    StretchRow {
        state: one.state.clone(),
        from: clock(one.from, &frame.zone),
        until: clock(one.until, &frame.zone),
        length: brief(one.length().0),
    }
}

fn correction(frame: &Frame<'_>, one: &Correction) -> CorrectionRow {
    let (from, until) = (one.stretch.from, one.stretch.until);
    let decided = one.decision.as_ref().map(|decision| {
        let leader = one.leader.as_ref().and_then(|leader| frame.worker(leader));
        format!(
            "{decision} by {}: {}",
            leader.unwrap_or_default(),
            one.decided_why
        )
    });
    let zoned = crate::strip::local(from, &frame.zone);
    CorrectionRow {
        id: one.id.clone(),
        worker: one.worker.to_string(),
        whose: frame
            .worker(&one.worker)
            .unwrap_or_else(|| one.worker.to_string()),
        says: format!(
            "{} {} to {}",
            one.stretch.state,
            clock(from, &frame.zone),
            clock(until, &frame.zone)
        ),
        why: one.why.clone(),
        decided,
        href: format!(
            "/time?worker={}&day={}",
            encoded(one.worker.as_str()),
            zoned.date()
        ),
    }
}

/// The day as two bars: what counts, and below it what was recorded where that differs.
fn bar(frame: &Frame<'_>, day: &Day, (from, until): (Micros, Micros)) -> String {
    let first = day
        .recorded
        .iter()
        .chain(&day.counted)
        .map(|one| one.from)
        .min();
    let first = first.unwrap_or(from);
    let long = (until.0 - first.0).max(1) as f64;
    let differs = day.recorded != day.counted;
    let mut out = format!(
        "<svg class=\"day-bar\" viewBox=\"0 0 1000 {}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{} from {} to {}; the table says the same\">",
        if differs { 40 } else { 24 },
        brief(day.shift().0),
        clock(first, &frame.zone),
        clock(until, &frame.zone)
    );
    let mut draw = |stretches: &[Stretch], y: u32, high: u32| {
        for one in stretches {
            let x = (one.from.0 - first.0) as f64 / long * 1000.0;
            let wide = one.length().0 as f64 / long * 1000.0;
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{x:.1}\" y=\"{y}\" width=\"{wide:.1}\" height=\"{high}\"/>",
                crate::strip::escape(&one.state)
            );
        }
    };
    draw(&day.counted, 0, 24);
    if differs {
        draw(&day.recorded, 30, 10);
    }
    out.push_str("</svg>");
    out
}
