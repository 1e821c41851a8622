//! The form of a ramp: the steps as they were typed, one more or one less, each field filled.

use super::{parties, typed};
use crate::handlers::allocation::Fields;
use crate::handlers::allocation::effects::{named, text};
use crate::handlers::frame::Frame;
use crate::pages::allocation::{GateFields, RampForm, RampStep};
use crate::strip::local;
use baton_app::lanes::LaneNow;
use baton_model::PartyId;
use baton_model::share::percent;

/// The most steps; `allocation` takes no more.
const MOST: usize = 24;
/// The fields of a gate with what a new one is filled with.
const GATE: [(&str, &str); 4] = [
    ("is", "on_time"),
    ("points", "95"),
    ("hops", "30"),
    ("days", "7"),
];
/// The numbers of the steps the fields hold, in order.
pub(super) fn numbers(fields: &Fields) -> Vec<usize> {
    let numbers = fields
        .keys()
        .filter_map(|name| name.strip_prefix("at.")?.parse().ok());
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers
}

/// The fields of a step: without its number, and their values.
fn of_step(fields: &Fields, number: usize) -> Vec<(String, String)> {
    let middle = format!(".{number}");
    let own = fields.iter().filter_map(|(name, value)| {
        let (kind, rest) = name.split_once('.')?;
        let rest = format!(".{rest}");
        let rest = rest.strip_prefix(&middle)?;
        let fits =
            matches!(kind, "at" | "share" | "gate") && (rest.is_empty() || rest.starts_with('.'));
        fits.then(|| (format!("{kind}.#{rest}"), value.clone()))
    });
    own.collect()
}

/// The fields with the step added or removed that a button asked for, numbered from 1.
pub(crate) fn settled(fields: Fields) -> Fields {
    if text(&fields, "act") != "ramp" {
        return fields;
    }
    let removed: Option<usize> = text(&fields, "remove").parse().ok();
    let mut steps: Vec<Vec<(String, String)>> = numbers(&fields)
        .into_iter()
        .filter(|number| Some(*number) != removed)
        .map(|number| of_step(&fields, number))
        .collect();
    if fields.contains_key("add") && steps.len() < MOST {
        steps.extend(steps.last().cloned().map(later));
    }
    let beside = fields.into_iter().filter(|(name, _)| {
        let step = ["at.", "share.", "gate."]
            .iter()
            .any(|kind| name.starts_with(kind));
        !step && !matches!(name.as_str(), "add" | "remove")
    });
    let numbered = (1..).zip(steps).flat_map(|(number, step)| {
        step.into_iter()
            .map(move |(name, value)| (name.replace('#', &number.to_string()), value))
    });
    beside.chain(numbered.collect::<Vec<_>>()).collect()
}

/// The same step a week later, behind a gate.
fn later(mut step: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in &mut step {
        if name == "at.#"
            && let Ok(at) = value.parse::<jiff::civil::DateTime>()
        {
            *value = written(at.saturating_add(jiff::Span::new().days(7)));
        }
        if name == "gate.#.is" && value.is_empty() {
            "on_time".clone_into(value);
        }
    }
    step
}

fn written(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Whether the form is opened and nothing of it was sent yet.
pub(crate) fn begins(fields: &Fields) -> bool {
    text(fields, "act") == "ramp" && numbers(fields).is_empty() && !fields.contains_key("epoch")
}

/// The form, filled with what was typed; at first with one step of the shares of now.
pub(crate) fn form(frame: &Frame<'_>, lane: &LaneNow, fields: &Fields) -> RampForm {
    let parties = parties(lane);
    let mut numbers = numbers(fields);
    if numbers.is_empty() {
        numbers.push(1);
    }
    let steps: Vec<RampStep> = numbers
        .into_iter()
        .map(|number| step(frame, lane, fields, number, &parties))
        .collect();
    RampForm {
        full: steps.len() >= MOST,
        steps,
        parties: parties
            .iter()
            .map(|party| (party.to_string(), frame.chip(party), named(frame, party)))
            .collect(),
        until: text(fields, "until").to_owned(),
        in_flight: text(fields, "in_flight").to_owned(),
        drawing: typed(frame, lane, fields),
    }
}

fn step(
    frame: &Frame<'_>,
    lane: &LaneNow,
    fields: &Fields,
    number: usize,
    parties: &[PartyId],
) -> RampStep {
    let first = !fields.contains_key(&format!("at.{number}"));
    let typed = |name: &str, otherwise: &str| match fields.get(name) {
        Some(typed) => typed.clone(),
        None => otherwise.to_owned(),
    };
    let share = |party: &PartyId| {
        let part = lane.parts.iter().find(|part| part.share.party == *party);
        let points = part.map_or(0, |part| part.share.basis_points);
        typed(&format!("share.{number}.{party}"), &percent(points))
    };
    let gate = |name: &str| {
        let known = GATE.iter().find(|(known, _)| *known == name);
        let otherwise = known.map_or("", |(_, value)| value);
        let otherwise = if first && name == "is" { "" } else { otherwise };
        typed(&format!("gate.{number}.{name}"), otherwise)
    };
    let newest = parties.iter().min_by_key(|party| {
        let part = lane.parts.iter().find(|part| part.share.party == **party);
        part.map_or(u32::MAX, |part| part.share.basis_points)
    });
    let of = newest.map(PartyId::to_string).unwrap_or_default();
    RampStep {
        number,
        at: typed(&format!("at.{number}"), &tomorrow(frame)),
        shares: parties
            .iter()
            .map(|party| (party.to_string(), share(party)))
            .collect(),
        gate: GateFields {
            is: gate("is"),
            of: typed(&format!("gate.{number}.of"), &of),
            points: gate("points"),
            hops: gate("hops"),
            days: gate("days"),
        },
    }
}

/// Tomorrow at eight, where the viewer is.
fn tomorrow(frame: &Frame<'_>) -> String {
    let now = local(frame.now, &frame.zone).datetime();
    let next = now.date().saturating_add(jiff::Span::new().days(1));
    written(next.at(8, 0, 0, 0))
}
