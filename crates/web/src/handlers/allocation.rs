//! Who runs which lane, and changing it: first the effects, then the command. A change carries the
//! lane's version it was looked at in; if the lane has changed since, nothing is done and the page says so.

mod effects;
mod ramp;

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::{Posted, Signed};
use crate::pages;
use crate::pages::allocation::{
    AllocationPage, Bar, BarPart, LaneLink, OpenLane, PartyRow, PlanRow, Service, VersionRow,
};
use crate::pages::parts::Chip;
use crate::pages::shell::Place;
use crate::strip::{day, exact};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::GateMeasure;
use baton_app::lanes::{self, LaneNow, Part, Version};
use baton_app::ramps::{self, Planned};
use baton_app::views::{Reader, processes};
use baton_app::{Failure, StoreError};
use baton_model::PartyId;
use baton_model::share::percent;
use std::collections::BTreeMap;

/// The address's or a form's fields.
type Fields = BTreeMap<String, String>;

/// `GET /allocation`
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Fields>,
) -> Result<Response, Failed> {
    shown(&web, signed, asked, None, StatusCode::OK).await
}

/// `POST /allocation`
pub(crate) async fn change(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let fields = posted.fields.clone();
    let (signed, asked) = (posted.signed.clone(), fields.clone());
    let now = read(&web, move |app| {
        let scope = &signed.viewer.scope;
        Ok(lanes::lanes(&Reader::of(app, scope), scope)?)
    })
    .await?;
    let lane = open(&now, &asked).ok_or(Failed::Missing("lane"))?.clone();
    let signed = posted.signed.clone();
    if fields.get("epoch") != Some(&lane.epoch.to_string()) {
        let moved =
            "The lane was changed since this page was drawn; the effects below are computed anew.";
        let conflict = StatusCode::CONFLICT;
        return shown(&web, signed, fields, Some(moved.into()), conflict).await;
    }
    let (of, typed, on) = (posted.signed.clone(), fields.clone(), lane.clone());
    let command = read(&web, move |app| {
        let frame = Frame::of(app, &of)?;
        Ok(effects::command(&frame, &on, &typed))
    })
    .await?;
    let command = match command {
        Ok(command) => command,
        Err(wrong) => {
            let unfit = StatusCode::UNPROCESSABLE_ENTITY;
            return shown(&web, signed, fields, Some(wrong), unfit).await;
        }
    };
    let key = fields.get("key").cloned();
    let worker = &posted.signed.viewer.scope.worker;
    let cause = key.map(|key| format!("http:{worker}:lane:{}:{key}", lane.id));
    let cause = cause.unwrap_or_else(|| web.app.fresh_cause("lane"));
    let tenant = posted.signed.tenant().clone();
    let sent = web
        .app
        .submit(&tenant, posted.signed.actor(), &cause, command)
        .await;
    match sent {
        Ok(_) => {}
        Err(Failure::Rejected(why)) if !why.code.starts_with("BATON-ACCESS") => {
            let unfit = StatusCode::UNPROCESSABLE_ENTITY;
            return shown(&web, signed, fields, Some(why.message), unfit).await;
        }
        Err(failure) => return Err(failure.into()),
    }
    hand_over(&web, &posted.signed);
    Ok(Redirect::to(&format!("/allocation?lane={}", lane.id)).into_response())
}

/// Open work items move beside the answer; what is left, the tick moves.
fn hand_over(web: &Web, signed: &Signed) {
    let (app, tenant) = (web.app.clone(), signed.tenant().clone());
    tokio::task::spawn_blocking(move || {
        if let Err(failure) = lanes::hand_over(&app, &tenant) {
            tracing::warn!(%failure, "a hand-over stopped; the next tick goes on with it");
        }
    });
}

async fn shown(
    web: &Web,
    signed: Signed,
    fields: Fields,
    refused: Option<String>,
    status: StatusCode,
) -> Result<Response, Failed> {
    let fields = ramp::settled(fields);
    read(web, move |app| {
        let frame = Frame::of(app, &signed)?;
        if !signed.viewer.scope.client {
            return Err(Failed::Missing("page"));
        }
        let lanes = lanes::lanes(&frame.reader(), &signed.viewer.scope)?;
        let page = fill(&frame, &lanes, &fields, refused)?;
        Ok(pages::answer(status, &page))
    })
    .await
}

fn open<'a>(lanes: &'a [LaneNow], fields: &Fields) -> Option<&'a LaneNow> {
    match fields.get("lane") {
        Some(id) => lanes.iter().find(|lane| lane.id.as_str() == id),
        None => lanes.first(),
    }
}

fn fill(
    frame: &Frame<'_>,
    lanes: &[LaneNow],
    fields: &Fields,
    refused: Option<String>,
) -> Result<AllocationPage, Failed> {
    let open = open(lanes, fields);
    if open.is_none() && fields.contains_key("lane") {
        return Err(Failed::Missing("lane"));
    }
    let preview = open.and_then(|lane| {
        let asked = fields.contains_key("act") && !ramp::begins(fields);
        asked.then(|| effects::preview(frame, lane, fields, refused))
    });
    let lane = open.map(|lane| opened(frame, lane, fields)).transpose()?;
    Ok(AllocationPage {
        shell: frame.shell("Allocation", Place::Allocation, None)?,
        services: services(frame, lanes, open)?,
        lane,
        preview,
    })
}

/// The lanes by service. A service is called as its process is; a pack of several, as the first of them.
fn services(
    frame: &Frame<'_>,
    lanes: &[LaneNow],
    open: Option<&LaneNow>,
) -> Result<Vec<Service>, Failed> {
    let processes = processes::list(&frame.reader())?;
    let called = |pack: &str| {
        let process = processes.iter().find(|process| process.pack == pack);
        process.map_or_else(|| pack.to_string(), |process| process.name.clone())
    };
    let mut services: Vec<Service> = Vec::new();
    for lane in lanes {
        let link = LaneLink {
            name: lane.name.clone(),
            href: format!("/allocation?lane={}", lane.id),
            current: open.is_some_and(|open| open.id == lane.id),
            since: day(lane.since, &frame.zone),
            bar: bar(frame, &now(lane)),
        };
        let name = called(&lane.pack);
        match services.iter_mut().find(|service| service.name == name) {
            Some(service) => service.lanes.push(link),
            None => services.push(Service {
                name,
                lanes: vec![link],
            }),
        }
    }
    Ok(services)
}

/// Who gets new cases, of 10,000: the shares of those that are active, drawn together.
fn now(lane: &LaneNow) -> Vec<(PartyId, u32)> {
    let active = lane.parts.iter().filter(|part| part.active);
    active
        .map(|part| (part.share.party.clone(), part.share.basis_points))
        .collect()
}

fn bar(frame: &Frame<'_>, shares: &[(PartyId, u32)]) -> Bar {
    let all: u64 = shares.iter().map(|(_, points)| u64::from(*points)).sum();
    let mut from = 0;
    let mut parts = Vec::new();
    for (party, points) in shares {
        let width = u32::try_from(u64::from(*points) * 10_000 / all.max(1)).unwrap_or_default();
        parts.push(BarPart {
            chip: frame.chip(party),
            from,
            width,
        });
        from += width;
    }
    Bar(parts)
}

fn opened(frame: &Frame<'_>, lane: &LaneNow, fields: &Fields) -> Result<OpenLane, StoreError> {
    let versions = lanes::versions(frame.app, frame.signed.tenant(), &lane.id)?;
    let before = ramps::before(&frame.reader(), &lane.id)?;
    let may = frame.signed.viewer.may_allocate();
    let picked = fields.get("party").map(String::as_str);
    let rows = lane.parts.iter();
    Ok(OpenLane {
        id: lane.id.to_string(),
        name: lane.name.clone(),
        version: format!("version {}: {}", lane.epoch, lane.reason),
        epoch: lane.epoch,
        parties: rows
            .map(|part| party(frame, lane, part, fields, may))
            .chain(others(frame, lane, fields, may))
            .map(|row| PartyRow {
                picked: picked == Some(row.code.as_str()),
                ..row
            })
            .collect(),
        may,
        ramp: (may && fields.get("act").is_some_and(|act| act == "ramp"))
            .then(|| ramp::form(frame, lane, fields)),
        drawing: ramp::running(frame, lane, &before),
        plan: lane
            .plan
            .iter()
            .map(|step| planned(frame, lane, step))
            .collect(),
        plan_of: ramp::title(frame, lane, &before),
        open_plan: lane.plan.iter().any(|step| step.state == "planned"),
        undo: may && !lane.before.is_empty(),
        history: versions.iter().map(|it| version(frame, it)).collect(),
    })
}

/// A party of the lane; what was typed for it stays.
fn party(frame: &Frame<'_>, lane: &LaneNow, part: &Part, fields: &Fields, may: bool) -> PartyRow {
    let code = part.share.party.to_string();
    let typed = |name: &str| fields.get(&format!("{name}.{code}")).cloned();
    let link = |act: &str| format!("/allocation?lane={}&act={act}&party={code}", lane.id);
    let mut acts = Vec::new();
    if may && part.paused.is_some() {
        acts.push(("Resume", link("resume")));
    } else if may && part.active {
        acts.push(("Pause", link("pause")));
    }
    if may
        && now(lane)
            .iter()
            .any(|(party, _)| *party != part.share.party)
    {
        acts.push(("Step in", link("step_in")));
    }
    let site = frame.sites.get(&part.share.site);
    PartyRow {
        chip: frame.chip(&part.share.party),
        name: effects::named(frame, &part.share.party),
        site: site.map_or_else(|| part.share.site.to_string(), |site| site.name.clone()),
        share: typed("share").unwrap_or_else(|| percent(part.share.basis_points)),
        when: typed("when").unwrap_or_else(|| part.share.when.clone().unwrap_or_default()),
        takes: {
            let takes = &part.share.takes;
            let value = |value: Option<baton_model::Decimal>| {
                value.map(|value| value.to_string()).unwrap_or_default()
            };
            let languages: Vec<&str> = takes.languages.iter().map(String::as_str).collect();
            [
                typed("lang").unwrap_or_else(|| languages.join(", ")),
                typed("least").unwrap_or_else(|| value(takes.least)),
                typed("most").unwrap_or_else(|| value(takes.most)),
            ]
        },
        open: part.open,
        started: part.started,
        paused: part.paused.clone(),
        picked: false,
        acts,
        code,
    }
}

/// Parties that have no part in the lane yet: they can be given one.
fn others(
    frame: &Frame<'_>,
    lane: &LaneNow,
    fields: &Fields,
    may: bool,
) -> impl Iterator<Item = PartyRow> {
    let outside = frame
        .parties
        .keys()
        .filter(move |party| may && !lane.parts.iter().any(|part| part.share.party == **party));
    let rows = outside.filter_map(|party| {
        let site = frame.sites.values().find(|site| site.party == *party)?;
        let code = party.to_string();
        let link = format!("/allocation?lane={}&act=step_in&party={code}", lane.id);
        let typed = |name: &str| fields.get(&format!("{name}.{code}")).cloned();
        Some(PartyRow {
            chip: frame.chip(party),
            name: effects::named(frame, party),
            site: site.name.clone(),
            share: typed("share").unwrap_or_else(|| "0".into()),
            when: typed("when").unwrap_or_default(),
            takes: ["lang", "least", "most"].map(|name| typed(name).unwrap_or_default()),
            open: 0,
            started: 0,
            paused: None,
            picked: false,
            acts: vec![("Step in", link)],
            code,
        })
    });
    rows.collect::<Vec<_>>().into_iter()
}

/// A step of the lane's plan.
fn planned(frame: &Frame<'_>, lane: &LaneNow, step: &Planned) -> PlanRow {
    let shares: Vec<(PartyId, u32)> = step
        .shares
        .iter()
        .filter(|(_, points)| *points > 0)
        .cloned()
        .collect();
    let gate = step.gate.as_ref().map(|gate| {
        let (points, hops) = (percent(gate.points), gate.hops);
        let asks = match gate.measure {
            GateMeasure::OnTime => format!("at least {points} % on time"),
            GateMeasure::Returned => format!("at most {points} % came back"),
        };
        let now = ramps::measure(&frame.reader(), &lane.id, gate, frame.now);
        let now = now.map_or_else(
            |_| String::new(),
            |now| format!("; now {} of {} hops", now.counted, now.hops),
        );
        let now = if step.state == "planned" {
            now
        } else {
            String::new()
        };
        format!(
            "{}: {asks}, {hops} hops or more of {} days{now}",
            gate.party, gate.days
        )
    });
    PlanRow {
        step: step.step,
        at: exact(step.at, &frame.zone),
        bar: bar(frame, &shares),
        gate,
        state: step.state.clone(),
        reading: step.reading.clone(),
        reason: step.reason.clone(),
        href: format!("/journal/{}", step.n),
    }
}

fn version(frame: &Frame<'_>, version: &Version) -> VersionRow {
    let chip: Option<Chip> = version.party.as_ref().map(|party| frame.chip(party));
    let whom = chip.map_or_else(String::new, |chip| format!("{} ", chip.code));
    VersionRow {
        epoch: version.epoch,
        at: exact(version.at, &frame.zone),
        href: format!("/journal/{}", version.n),
        bar: bar(frame, &version.shares),
        text: format!("{whom}{}: {}", version.change, version.reason),
    }
}
