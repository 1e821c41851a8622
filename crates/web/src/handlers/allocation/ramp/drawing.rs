//! A ramp as a drawing: the share of the party that gains most, step by step; what is to come is dashed, a
//! gate is a ring with its words. The table beside says all of it.

use crate::handlers::frame::Frame;
use crate::strip::{Slot, day, escape};
use baton_model::share::percent;
use baton_model::{Micros, PartyId};
use std::fmt::Write;

const LEFT: f64 = 46.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 26.0;
const BASE: f64 = 168.0;
/// Nothing before now is shown where no step was taken.
const DAY: i64 = 86_400_000_000;

/// A step: from an instant on these shares.
pub(super) struct Point {
    pub(super) at: Micros,
    pub(super) shares: Vec<(PartyId, u32)>,
    pub(super) gate: Option<String>,
    pub(super) taken: bool,
}

/// The party that gains most between two splits.
pub(super) fn gaining(before: &[(PartyId, u32)], after: &[(PartyId, u32)]) -> Option<PartyId> {
    let gain = |party: &PartyId| i64::from(points(after, party)) - i64::from(points(before, party));
    let best = after.iter().max_by_key(|(party, _)| gain(party));
    best.map(|(party, _)| party.clone())
}

fn points(shares: &[(PartyId, u32)], party: &PartyId) -> u32 {
    let own = shares.iter().find(|(of, _)| of == party);
    own.map_or(0, |(_, points)| *points)
}

/// Places on the drawing.
struct Scale {
    from: i64,
    until: i64,
    most: f64,
}

impl Scale {
    fn x(&self, at: Micros) -> f64 {
        let part = (at.0 - self.from) as f64 / (self.until - self.from).max(1) as f64;
        LEFT + (RIGHT - LEFT) * part.clamp(0.0, 1.0)
    }

    fn y(&self, points: u32) -> f64 {
        BASE - (BASE - TOP) * f64::from(points) / self.most
    }
}

/// The drawing; nothing where nobody's share grows or falls.
pub(super) fn ramp(
    frame: &Frame<'_>,
    lane: &str,
    before: &[(PartyId, u32)],
    steps: &[Point],
) -> Option<String> {
    let last = steps.iter().rfind(|step| !step.shares.is_empty())?;
    let party = gaining(before, &last.shares)?;
    let own: Vec<u32> = steps
        .iter()
        .map(|step| points(&step.shares, &party))
        .collect();
    let begin = points(before, &party);
    let most = own
        .iter()
        .copied()
        .chain([begin])
        .max()
        .filter(|most| *most > 0)?;
    let (first, end) = (steps.first()?.at, steps.last()?.at);
    let from = first.min(frame.now).0 - DAY;
    let scale = Scale {
        from,
        until: end.max(frame.now).0 + ((end.0 - from) / 6).max(2 * DAY),
        most: f64::from(most.div_ceil(2_000) * 2_000),
    };
    let mut out = open(frame, lane, &party, begin, (steps, &own));
    axes(&mut out, frame, &scale, steps);
    line(&mut out, frame, &scale, begin, (steps, &own));
    gates(&mut out, &scale, (steps, &own));
    let held = steps.iter().zip(&own).rfind(|(step, _)| step.taken);
    let today = held.map_or(begin, |(_, points)| *points);
    let (x, y) = (scale.x(frame.now), scale.y(today));
    let _ = write!(
        out,
        "<path class=\"now\" d=\"M{:.1} {:.1}h6l-4 18h-6Z\"/><text class=\"word strong\" x=\"{:.1}\" y=\"{:.1}\">today {} %</text></svg>",
        x - 1.0,
        y - 9.0,
        x + 9.0,
        y - 8.0,
        percent(today)
    );
    Some(out)
}

fn open(
    frame: &Frame<'_>,
    lane: &str,
    party: &PartyId,
    begin: u32,
    (steps, own): (&[Point], &[u32]),
) -> String {
    let said: Vec<String> = steps
        .iter()
        .zip(own)
        .map(|(step, points)| format!("{} % from {}", percent(*points), day(step.at, &frame.zone)))
        .collect();
    let class = frame.chip(party).slot.map_or("px", Slot::class);
    format!(
        "<svg class=\"ramp {class}\" viewBox=\"0 0 720 196\" role=\"img\" aria-label=\"{}\">",
        escape(&format!(
            "Share of {party} in {lane}: {} % before, {}",
            percent(begin),
            said.join(", ")
        ))
    )
}

/// Lines at round shares, and the days of the steps.
fn axes(out: &mut String, frame: &Frame<'_>, scale: &Scale, steps: &[Point]) {
    let step = if scale.most > 4_000.0 { 2_000 } else { 1_000 };
    for points in (0..=scale.most as u32).step_by(step) {
        let y = scale.y(points);
        let _ = write!(
            out,
            "<path class=\"tick\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/><text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{} %</text>",
            LEFT - 8.0,
            y + 4.0,
            percent(points)
        );
    }
    let mut free = 0.0;
    for step in steps {
        let x = scale.x(step.at);
        if x - 32.0 > free {
            let _ = write!(
                out,
                "<text class=\"mid\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                BASE + 20.0,
                day(step.at, &frame.zone)
            );
            free = x + 36.0;
        }
    }
}

/// The line: as far as it is true it is solid on a ground of its colour, then dashed.
fn line(
    out: &mut String,
    frame: &Frame<'_>,
    scale: &Scale,
    begin: u32,
    (steps, own): (&[Point], &[u32]),
) {
    let now = scale.x(frame.now);
    let (mut solid, mut last) = (format!("M{LEFT} {:.1}", scale.y(begin)), begin);
    let mut ahead = String::new();
    for (step, points) in steps.iter().zip(own) {
        let (x, y) = (scale.x(step.at), scale.y(*points));
        if step.taken {
            let _ = write!(solid, "H{x:.1}V{y:.1}");
            last = *points;
        } else {
            if ahead.is_empty() {
                let _ = write!(ahead, "M{now:.1} {:.1}", scale.y(last));
            }
            let _ = write!(ahead, "H{x:.1}V{y:.1}");
        }
    }
    let _ = write!(solid, "H{now:.1}");
    if !ahead.is_empty() {
        let _ = write!(ahead, "H{RIGHT}");
    }
    let _ = write!(
        out,
        "<path class=\"ground\" d=\"{solid}V{BASE}H{LEFT}Z\"/><path class=\"line\" d=\"{solid}\"/><path class=\"line ahead\" d=\"{ahead}\"/>"
    );
}

fn gates(out: &mut String, scale: &Scale, (steps, own): (&[Point], &[u32])) {
    for (step, points) in steps.iter().zip(own) {
        let Some(gate) = &step.gate else { continue };
        let (x, y) = (scale.x(step.at), scale.y(*points));
        let class = if step.taken { "gate held" } else { "gate" };
        let _ = write!(
            out,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text class=\"word end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x - 8.0,
            y - 7.0,
            escape(gate)
        );
    }
}
