//! The queues of the last hours: a small drawing for each lane, and the table that says the same in figures.

use crate::handlers::frame::Frame;
use crate::pages::floor::PastTable;
use crate::strip::{clock, escape};
use baton_app::views::floor::{POINTS, Past};
use baton_model::LaneId;
use std::collections::BTreeSet;

const WIDE: f64 = 86.0;
const HIGH: f64 = 22.0;

/// The points of all these lanes together.
pub(super) fn summed(past: &Past, lanes: &BTreeSet<LaneId>) -> Vec<i64> {
    let own = past
        .lanes
        .iter()
        .filter(|(lane, _)| lanes.contains(&LaneId::new(lane.as_str())));
    let mut sum = vec![0; POINTS];
    for (_, points) in own {
        sum.iter_mut()
            .zip(points)
            .for_each(|(sum, count)| *sum += count);
    }
    sum
}

/// A lane's queue as a line, from eight hours ago to now; a lane nobody had a case in lies flat.
pub(super) fn spark(frame: &Frame<'_>, lane: &str, points: &[i64]) -> String {
    let flat = [0; POINTS];
    let points = if points.is_empty() { &flat[..] } else { points };
    let most = points.iter().copied().max().unwrap_or_default();
    let place = |(at, count): (usize, &i64)| {
        let x = 2.0 + (WIDE - 6.0) * at as f64 / (points.len().max(2) - 1) as f64;
        (
            x,
            HIGH - 3.0 - (HIGH - 7.0) * *count as f64 / most.max(1) as f64,
        )
    };
    let places: Vec<(f64, f64)> = points.iter().enumerate().map(place).collect();
    let line: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let (x, y) = places.last().copied().unwrap_or_default();
    let (first, last) = (points.first().unwrap_or(&0), points.last().unwrap_or(&0));
    let says = format!(
        "{lane}: {first} cases held at {}, at most {most}, {last} now",
        clock(since(frame), &frame.zone)
    );
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" aria-label=\"{}\">\
         <polygon points=\"2,{base} {line} {x:.1},{base}\"/><polyline points=\"{line}\"/>\
         <circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.4\"/></svg>",
        escape(&says),
        base = HIGH - 1.0,
        line = line.join(" "),
    )
}

fn since(frame: &Frame<'_>) -> baton_model::Micros {
    let back = baton_app::views::floor::STEP.0 * (POINTS as i64 - 1);
    baton_model::Micros(frame.now.0 - back)
}

/// The same in figures, by the hour.
pub(super) fn table(frame: &Frame<'_>, past: &Past) -> PastTable {
    let hours = || (0..POINTS).step_by(2);
    let lanes = frame.signed.viewer.scope.lanes.iter();
    let rows = lanes.filter_map(|lane| {
        let points = past.lanes.get(lane.as_str())?;
        let counts = hours().filter_map(|at| points.get(at).copied());
        Some((frame.lane(lane), counts.collect()))
    });
    PastTable {
        head: hours().map(|at| clock(past.at(at), &frame.zone)).collect(),
        rows: rows.collect(),
    }
}
