//! The targets of the next hour as a drawing: a flag where an item is due, filled where somebody has it.

use crate::handlers::frame::Frame;
use crate::strip::{clock, escape};
use baton_app::views::floor::{Open, SOON};
use baton_model::{Micros, WallTime};
use std::collections::BTreeMap;
use std::fmt::Write;

const LEFT: f64 = 132.0;
const WIDE: f64 = 356.0;
const ROW: f64 = 24.0;
/// Items that lie nearer to each other share a flag.
const NEAR: WallTime = WallTime::minutes(2);

/// The drawing; nothing where nothing is due.
pub(super) fn drawing(frame: &Frame<'_>, open: &[&Open]) -> Option<String> {
    let due = due(frame, open);
    let mut lanes: Vec<&str> = due.iter().map(|(item, _)| item.lane.as_str()).collect();
    lanes.sort_unstable();
    lanes.dedup();
    if lanes.is_empty() {
        return None;
    }
    let height = ROW * lanes.len() as f64;
    let mut out = format!(
        "<svg class=\"targets\" viewBox=\"0 0 520 {:.0}\" role=\"img\" aria-label=\"{}\">",
        height + 36.0,
        escape(&sentence(frame, open))
    );
    for quarter in 0..=4 {
        let x = LEFT + WIDE / 4.0 * f64::from(quarter);
        let at = Micros(frame.now.0 + SOON.0 / 4 * i64::from(quarter));
        let word = if quarter == 0 { "now " } else { "" };
        let _ = write!(
            out,
            "<path class=\"tick\" d=\"M{x:.1} 6v{height:.0}\"/><text x=\"{x:.1}\" y=\"{:.0}\" class=\"mid\">{word}{}</text>",
            height + 24.0,
            clock(at, &frame.zone)
        );
    }
    for (row, lane) in lanes.iter().enumerate() {
        let y = 6.0 + ROW * row as f64;
        let name: String = frame.lane(&(*lane).into()).chars().take(20).collect();
        let _ = write!(
            out,
            "<path class=\"tick\" d=\"M{LEFT} {:.1}h{WIDE}\"/><text x=\"{:.0}\" y=\"{:.1}\" class=\"end\">{}</text>",
            y + ROW,
            LEFT - 8.0,
            y + 16.0,
            escape(&name)
        );
        flags(&mut out, frame, &due, lane, y + ROW - 2.0);
    }
    let _ = write!(
        out,
        "<path class=\"now\" d=\"M{:.1} 4l4-0 -3 {h:.0} -4 0Z\"/></svg>",
        LEFT,
        h = height + 4.0
    );
    Some(out)
}

/// A lane's flags; items that are due at about the same instant share one, with their number beside it.
fn flags(out: &mut String, frame: &Frame<'_>, due: &[(&Open, Micros)], lane: &str, y: f64) {
    let mut near: BTreeMap<(i64, bool), Vec<(&Open, Micros)>> = BTreeMap::new();
    for (item, at) in due.iter().filter(|(item, _)| item.lane == lane) {
        let key = ((at.0 - frame.now.0) / NEAR.0, item.worker.is_some());
        near.entry(key).or_default().push((item, *at));
    }
    for ((_, taken), items) in &near {
        let Some((_, at)) = items.first() else {
            continue;
        };
        let x = LEFT + WIDE * (at.0 - frame.now.0) as f64 / SOON.0 as f64;
        let class = if *taken { "flag taken" } else { "flag" };
        let names: Vec<&str> = items.iter().map(|(item, _)| item.case.as_str()).collect();
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{x:.1} {y:.1}v-17l9 4.500-9 4.500\"><title>{} due {}</title></path>",
            escape(&names.join(", ")),
            clock(*at, &frame.zone)
        );
        if items.len() > 1 {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 12.0,
                y - 8.0,
                items.len()
            );
        }
    }
}

/// The same in words.
pub(super) fn sentence(frame: &Frame<'_>, open: &[&Open]) -> String {
    let due = due(frame, open);
    let free = due.iter().filter(|(item, _)| item.worker.is_none()).count();
    match due.len() {
        0 => "nothing is due in the next hour".into(),
        all => format!("{all} due in the next hour, {free} of them with nobody"),
    }
}

fn due<'a>(frame: &Frame<'_>, open: &[&'a Open]) -> Vec<(&'a Open, Micros)> {
    let soon = frame.now.plus(SOON);
    let due = open.iter().filter_map(|item| Some((*item, item.due?)));
    due.filter(|(_, at)| *at > frame.now && *at <= soon)
        .collect()
}
