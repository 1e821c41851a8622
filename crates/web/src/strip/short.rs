//! The words of the medium strip: codes and working times above, three instants below.
//!
//! What does not fit is left out; the table says everything.

use super::State;
use super::draw::Canvas;
use super::words::{brief, clock, escape, hours, moment};
use baton_model::Micros;
use std::fmt::Write;

/// The medium size's words: codes and working times above, three instants below.
pub(crate) fn words(canvas: &mut Canvas<'_>) {
    let strip = canvas.strip;
    let nominal = canvas.size.nominal;
    let px = |at: Micros| canvas.scale.x(at) / 100.0 * nominal;
    let mut end = nominal - if strip.target.is_some() { 70.0 } else { 0.0 };
    let mut out = String::new();
    for leg in strip.legs.iter().skip(strip.folded()).rev() {
        let time = leg
            .worked
            .map_or(strip.end_of(leg).since(leg.from).0, |worked| worked.0);
        let time = brief(time);
        let width = (leg.code.chars().count() + time.chars().count()) as f64 * 6.8 + 6.0;
        let x = (px(leg.from) + 4.0).min(end - width);
        if x < px(leg.from) - 60.0
            || x < 0.0
            || (width > px(strip.end_of(leg)) - px(leg.from) && leg.until.is_some())
        {
            continue;
        }
        end = x - 8.0;
        let _ = write!(
            out,
            "<text x=\"{:.2}%\" y=\"12\"><tspan class=\"strong\">{}</tspan> {time}</text>",
            x / nominal * 100.0,
            escape(&leg.code)
        );
    }
    let now = px(strip.last_end());
    canvas.put(&out);
    instants(canvas, now);
}

fn instants(canvas: &mut Canvas<'_>, now: f64) {
    let (strip, y) = (canvas.strip, canvas.size.total - 5.0);
    let nominal = canvas.size.nominal;
    let mut out = format!(
        "<text class=\"date\" x=\"0\" y=\"{y}\">{}</text>",
        moment(strip.start(), &strip.zone)
    );
    let mut right = nominal;
    if let Some(target) = &strip.target {
        let left = match strip.state {
            State::Done => String::new(),
            _ => format!("{} left", hours(target.left.0)),
        };
        let _ = write!(
            out,
            "<text class=\"date\" x=\"100%\" y=\"12\" text-anchor=\"end\">{}</text>\
             <text class=\"date\" x=\"100%\" y=\"{y}\" text-anchor=\"end\">{left}</text>",
            moment(target.at, &strip.zone)
        );
        right -= 75.0;
    }
    if strip.state != State::Done {
        let x = now.clamp(100.0, (right - 30.0).max(100.0)) / nominal * 100.0;
        let text = clock(strip.now, &strip.zone);
        let _ = write!(
            out,
            "<text class=\"date\" x=\"{x:.2}%\" y=\"{y}\" text-anchor=\"middle\">now {text}</text>"
        );
    }
    canvas.put(&out);
}
