//! A ramp of several steps by the page: its form, with a step more or less without any script, what it would
//! do, and how the one that runs stands. The rules of plans are `allocation`'s.

mod drawing;
mod form;

use super::Fields;
use super::effects::{Effect, instant, named, part_of, points, text};
use crate::handlers::frame::Frame;
use crate::strip::day;
use baton_app::command::{Gate, GateMeasure, Step};
use baton_app::lanes::{InFlight, LaneNow, Share, Takes};
use baton_app::ramps::{self, Planned};
use baton_model::share::percent;
use baton_model::{Micros, PartyId};
use drawing::Point;
use form::numbers;
pub(super) use form::{begins, form, settled};

/// Whom a step may give a share: those of the lane first, then all that have a site.
fn parties(lane: &LaneNow) -> Vec<PartyId> {
    let mut parties: Vec<PartyId> = lane
        .parts
        .iter()
        .map(|part| part.share.party.clone())
        .collect();
    let others = lane.homes.keys().filter(|party| !parties.contains(party));
    let others: Vec<PartyId> = others.cloned().collect();
    parties.extend(others);
    parties
}

/// The steps as they were typed, and when the shares of before come back.
pub(super) fn steps(
    frame: &Frame<'_>,
    lane: &LaneNow,
    fields: &Fields,
) -> Result<(Vec<Step>, Option<Micros>), String> {
    let numbers = numbers(fields);
    if numbers.is_empty() {
        return Err(
            "say in the steps beside what shall change and when; then show what it would do".into(),
        );
    }
    let read = |number: usize| {
        let wrong = |wrong: String| format!("step {number}: {wrong}");
        Ok(Step {
            at: at(frame, fields, &format!("at.{number}")).map_err(wrong)?,
            shares: shares(lane, fields, number).map_err(wrong)?,
            gate: gate(fields, number).map_err(wrong)?,
        })
    };
    let steps: Vec<Step> = numbers
        .into_iter()
        .map(read)
        .collect::<Result<_, String>>()?;
    let until = match text(fields, "until").trim() {
        "" => None,
        _ => Some(at(frame, fields, "until")?),
    };
    let mut last = frame.now;
    for (number, step) in (1..).zip(&steps) {
        if step.at <= last {
            return Err(format!(
                "step {number} is not later than what comes before it; give it a later day"
            ));
        }
        last = step.at;
    }
    if until.is_some_and(|until| until <= last) {
        return Err(
            "the end of the ramp is not later than its last step; give it a later day".into(),
        );
    }
    Ok((steps, until))
}

fn at(frame: &Frame<'_>, fields: &Fields, name: &str) -> Result<Micros, String> {
    let typed = text(fields, name).trim();
    instant(frame, typed)
        .ok_or_else(|| format!("`{typed}` is no day and time; write it like 2026-12-01T08:00"))
}

fn shares(lane: &LaneNow, fields: &Fields, number: usize) -> Result<Vec<Share>, String> {
    let mut shares = Vec::new();
    for party in parties(lane) {
        let typed = text(fields, &format!("share.{number}.{party}"));
        let typed = if typed.trim().is_empty() { "0" } else { typed };
        let basis_points = points(typed).map_err(|wrong| format!("share of {party}: {wrong}"))?;
        let part = lane.parts.iter().find(|part| part.share.party == party);
        if basis_points == 0 && part.is_none() {
            continue;
        }
        let kept = part.map(|part| part.share.clone());
        let home = || {
            let site = lane.homes.get(&party).cloned();
            let site =
                site.ok_or_else(|| format!("{party} has no site here; register one first"))?;
            Ok::<Share, String>(Share {
                party: party.clone(),
                site,
                basis_points,
                when: None,
                takes: Takes::default(),
            })
        };
        shares.push(match kept {
            Some(kept) => Share {
                basis_points,
                ..kept
            },
            None => home()?,
        });
    }
    let sum: u32 = shares.iter().map(|share| share.basis_points).sum();
    if sum != 10_000 {
        let sum = percent(sum);
        return Err(format!(
            "the shares add up to {sum} %, not 100 %; correct them"
        ));
    }
    Ok(shares)
}

fn gate(fields: &Fields, number: usize) -> Result<Option<Gate>, String> {
    let typed = |name: &str| text(fields, &format!("gate.{number}.{name}")).trim();
    let measure = match typed("is") {
        "" => return Ok(None),
        "on_time" => GateMeasure::OnTime,
        "returned" => GateMeasure::Returned,
        other => {
            return Err(format!(
                "there is no gate `{other}`; choose one on the page"
            ));
        }
    };
    let whole = |name: &str, what: &str| {
        let typed = typed(name);
        typed
            .parse::<u32>()
            .map_err(|_| format!("`{typed}` is no number of {what}; write one like 30"))
    };
    Ok(Some(Gate {
        measure,
        party: PartyId::new(typed("of")),
        points: points(typed("points")).map_err(|wrong| format!("gate: {wrong}"))?,
        hops: whole("hops", "hops")?,
        days: whole("days", "days")?,
    }))
}

/// Each party's part of new cases in a step.
pub(super) fn split(step: &Step) -> Vec<(PartyId, u32)> {
    let shares = step.shares.iter().filter(|share| share.basis_points > 0);
    shares
        .map(|share| (share.party.clone(), share.basis_points))
        .collect()
}

/// What the steps would do, each compared with the one before.
pub(super) fn effects(
    frame: &Frame<'_>,
    lane: &LaneNow,
    steps: &[Step],
    until: Option<Micros>,
    policy: InFlight,
) -> Vec<Effect> {
    let begin = super::now(lane);
    let (mut before, mut effects) = (begin.clone(), Vec::new());
    for (number, step) in (1..).zip(steps) {
        let after = split(step);
        let sure = match step.gate {
            Some(_) => "if its gate holds, else back",
            None => "exact, at that instant",
        };
        effects.extend(moved(frame, step.at, (&before, &after), sure));
        effects.extend(
            step.gate
                .as_ref()
                .map(|gate| measured(frame, lane, number, gate)),
        );
        effects.extend(stopped(frame, lane, (&before, &after), policy));
        before = after;
    }
    if let Some(until) = until {
        let sure = "exact; the shares of before come back";
        effects.extend(moved(frame, until, (&before, &begin), sure));
    }
    effects
}

type Split = [(PartyId, u32)];

/// Whose part of new cases changes at an instant.
fn moved(
    frame: &Frame<'_>,
    at: Micros,
    (before, after): (&Split, &Split),
    sure: &'static str,
) -> Vec<Effect> {
    let mut parties: Vec<&PartyId> = before.iter().chain(after).map(|(party, _)| party).collect();
    parties.sort();
    parties.dedup();
    let changes = parties.into_iter().filter_map(|party| {
        let (now, then) = (part_of(before, party), part_of(after, party));
        let name = format!("{}: new cases to {party}", day(at, &frame.zone));
        (now != then).then_some((name, now, then, sure))
    });
    changes.collect()
}

/// What a gate measures today, and what that would come to.
fn measured(frame: &Frame<'_>, lane: &LaneNow, number: u32, gate: &Gate) -> Effect {
    let reading = ramps::measure(&frame.reader(), &lane.id, gate, frame.now);
    let (now, verdict) = match reading {
        Err(_) => ("–".into(), "not known".into()),
        Ok(reading) if reading.hops < gate.hops => (
            format!("{} hops", reading.hops),
            format!("waits for {}", gate.hops),
        ),
        Ok(reading) => {
            let part = u64::from(reading.counted) * 10_000 / u64::from(reading.hops.max(1));
            let part = percent(u32::try_from(part).unwrap_or_default());
            let verdict = if gate.holds(&reading) {
                "holds"
            } else {
                "goes back"
            };
            (format!("{part} % of {}", reading.hops), verdict.into())
        }
    };
    let name = format!("Gate of step {number}: {}", asked(gate));
    (name, now, verdict, "measured now; decided on the day")
}

/// What a gate asks, in words.
pub(super) fn asked(gate: &Gate) -> String {
    let (points, party) = (percent(gate.points), &gate.party);
    match gate.measure {
        GateMeasure::OnTime => format!("{party} at least {points} % on time"),
        GateMeasure::Returned => format!("{party} at most {points} % came back"),
    }
}

/// What becomes of the open items of those whose share ends.
fn stopped(
    frame: &Frame<'_>,
    lane: &LaneNow,
    (before, after): (&Split, &Split),
    policy: InFlight,
) -> Vec<Effect> {
    let ends = before
        .iter()
        .filter(|(party, _)| !after.iter().any(|(other, _)| other == party));
    let told = ends.filter_map(|(party, _)| {
        let part = lane.parts.iter().find(|part| part.share.party == *party)?;
        let stays = match policy {
            InFlight::Finish => part.open,
            InFlight::Split => part.started,
            InFlight::HandOver => 0,
        };
        let name = format!("Open items of {} then", named(frame, party));
        let sure = "as many as today, if nothing else changes";
        Some((name, part.open.to_string(), stays.to_string(), sure))
    });
    told.collect()
}

/// The steps that are typed as a drawing.
fn typed(frame: &Frame<'_>, lane: &LaneNow, fields: &Fields) -> Option<String> {
    let (steps, until) = steps(frame, lane, fields).ok()?;
    let mut points: Vec<Point> = steps
        .iter()
        .map(|step| Point {
            at: step.at,
            shares: split(step),
            gate: step.gate.as_ref().map(asked),
            taken: false,
        })
        .collect();
    points.extend(until.map(|at| Point {
        at,
        shares: super::now(lane),
        gate: None,
        taken: false,
    }));
    drawing::ramp(frame, &lane.name, &super::now(lane), &points)
}

/// The lane's plan as a drawing, where it has several steps.
pub(super) fn running(frame: &Frame<'_>, lane: &LaneNow, before: &Split) -> Option<String> {
    let points: Vec<Point> = lane.plan.iter().filter_map(point).collect();
    if points.len() < 2 {
        return None;
    }
    drawing::ramp(frame, &lane.name, before, &points)
}

/// A step that was taken or is still to come.
fn point(step: &Planned) -> Option<Point> {
    let taken = step.state == "taken";
    (taken || step.state == "planned").then(|| Point {
        at: step.at,
        shares: step.shares.clone(),
        gate: step.gate.as_ref().map(asked),
        taken,
    })
}

/// What the lane's plan is called: a ramp of the party that gains most, where it has several steps.
pub(super) fn title(frame: &Frame<'_>, lane: &LaneNow, before: &Split) -> String {
    let last = lane.plan.iter().rfind(|step| !step.shares.is_empty());
    let gains = last.and_then(|last| drawing::gaining(before, &last.shares));
    match gains {
        Some(party) if lane.plan.len() > 1 => {
            format!("Ramp: {} in {}", named(frame, &party), lane.name)
        }
        _ => "Planned".into(),
    }
}
