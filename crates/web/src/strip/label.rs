//! The words around a strip: codes, lanes and times above, pauses, now and dates below.
//!
//! A word that does not fit is left out, never laid over another; the table says everything.

use super::draw::Canvas;
use super::marks::worked;
use super::scale::Scale;
use super::short;
use super::size::Words;
use super::words::{brief, clock, day, escape, hours, local, moment};
use super::{Axis, Leg, Pause, Size, Span, State, Strip};
use baton_model::{Micros, WorkingTime};
use jiff::ToSpan;
use std::fmt::Write;

/// The narrowest a large strip gets before the page shows the medium one instead.
const LARGE_AT_LEAST: f64 = 900.0;

/// A line of words above a leg: bold, plain, and the place they take.
struct Sign {
    x: f64,
    width: f64,
    lines: [(String, String); 2],
}

/// Whether the first leg is too short for its label, so that it stands before the strip.
pub(crate) fn first_is_narrow(strip: &Strip) -> bool {
    let scale = Scale::of(strip, &Size::LARGE);
    match (strip.folded(), strip.legs.as_slice()) {
        (0, [first, next, ..]) => {
            (scale.x(next.from) - scale.x(first.from)) / 100.0 * LARGE_AT_LEAST
                < sign(strip, first, 0.0).width
        }
        _ => false,
    }
}

/// The grid of dates behind a large strip.
pub(crate) fn ticks(canvas: &mut Canvas<'_>) {
    if canvas.size.words != Words::Full || canvas.strip.axis == Axis::Working {
        return;
    }
    let (top, low) = (
        canvas.size.above - 2.0,
        canvas.size.above + canvas.size.height + 8.0,
    );
    let mut last = f64::MIN;
    let mut first = true;
    for (at, midnight) in instants(canvas.strip) {
        let x = canvas.scale.x(at);
        if x - last < 80.0 / LARGE_AT_LEAST * 100.0 || !(2.0..98.0).contains(&x) {
            continue;
        }
        let zone = &canvas.strip.zone;
        let text = match (midnight, first) {
            (true, _) => day(at, zone),
            (false, true) => moment(at, zone),
            (false, false) => clock(at, zone),
        };
        (last, first) = (x, false);
        let _ = write!(
            canvas.out,
            "<line class=\"tick\" x1=\"{x:.2}%\" y1=\"{top}\" x2=\"{x:.2}%\" y2=\"{low}\"/>\
             <text class=\"date\" x=\"{x:.2}%\" y=\"104\" text-anchor=\"middle\">{text}</text>"
        );
    }
}

/// The instants of the grid, with whether each is a midnight.
fn instants(strip: &Strip) -> Vec<(Micros, bool)> {
    let end = strip
        .target
        .as_ref()
        .map_or(strip.last_end(), |target| target.at.max(strip.last_end()));
    let minutes = end.since(strip.start()).0 / 60_000_000;
    let step = [60, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 43_200]
        .into_iter()
        .find(|step| minutes / step <= 9)
        .unwrap_or(129_600);
    let Ok(mut at) = local(strip.start(), &strip.zone).start_of_day() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    while at.timestamp().as_microsecond() < end.0 && found.len() < 64 {
        let instant = Micros(at.timestamp().as_microsecond());
        if instant > strip.start() {
            found.push((instant, at.hour() == 0));
        }
        let next = at
            .datetime()
            .checked_add(step.minutes())
            .and_then(|next| strip.zone.to_zoned(next));
        let Ok(next) = next else { break };
        at = next;
    }
    found
}

/// All words of the drawing.
pub(crate) fn words(canvas: &mut Canvas<'_>) {
    match canvas.size.words {
        Words::None => {}
        Words::Short => short::words(canvas),
        Words::Full => full(canvas),
    }
}

fn full(canvas: &mut Canvas<'_>) {
    for sign in placed(canvas) {
        for (line, (bold, plain)) in sign.lines.iter().enumerate() {
            let y = if line == 0 { 12 } else { 28 };
            let _ = write!(
                canvas.out,
                "<text x=\"{:.2}%\" y=\"{y}\"><tspan class=\"strong\">{}</tspan> {}</text>",
                sign.x / LARGE_AT_LEAST * 100.0,
                escape(bold),
                escape(plain)
            );
        }
    }
    target(canvas);
    below(canvas);
    closed(canvas);
}

fn target(canvas: &mut Canvas<'_>) {
    let Some(target) = &canvas.strip.target else {
        return;
    };
    let (when, left) = (moment(target.at, &canvas.strip.zone), target.left);
    let x = if canvas.strip.late() {
        100.0
    } else {
        canvas.scale.x(target.at)
    };
    let late = if left.0 < 0 { " late" } else { "" };
    let second = match canvas.strip.state {
        State::Done => String::new(),
        _ => format!(
            "<tspan class=\"strong{late}\">{}</tspan> working left",
            hours(left.0)
        ),
    };
    let _ = write!(
        canvas.out,
        "<svg x=\"{x:.2}%\" y=\"0\" overflow=\"visible\"><text class=\"strong\" x=\"-8\" y=\"12\" text-anchor=\"end\">Target {when}</text>\
         <text x=\"-8\" y=\"28\" text-anchor=\"end\">{second}</text></svg>"
    );
}

/// The labels that fit, the holder's first, then from the left.
fn placed(canvas: &Canvas<'_>) -> Vec<Sign> {
    let strip = canvas.strip;
    let px = |at: Micros| canvas.scale.x(at) / 100.0 * LARGE_AT_LEAST;
    let mut end = match &strip.target {
        Some(target) if !strip.late() => px(target.at) - 140.0,
        Some(_) => LARGE_AT_LEAST - 140.0,
        None => LARGE_AT_LEAST,
    };
    let shown = strip.folded() + usize::from(first_is_narrow(strip));
    let mut signs = Vec::new();
    let mut start = 0.0;
    if let Some((holder, _)) = strip.legs.get(shown..).and_then(<[Leg]>::split_last) {
        let mut last = sign(strip, holder, px(holder.from) + 5.0);
        last.x = last.x.min(end - last.width).max(0.0);
        end = last.x - 12.0;
        signs.push(last);
    }
    for leg in strip
        .legs
        .iter()
        .take(strip.legs.len().saturating_sub(1))
        .skip(shown)
    {
        let next = sign(strip, leg, px(leg.from) + 5.0);
        if next.x >= start && next.x + next.width <= end {
            start = next.x + next.width + 12.0;
            signs.push(next);
        }
    }
    signs
}

fn sign(strip: &Strip, leg: &Leg, x: f64) -> Sign {
    let person = leg
        .person
        .as_deref()
        .map_or(String::new(), |person| format!("\u{2002}{person}"));
    let head = (format!("{} {}", leg.code, leg.lane), person);
    let wall = brief(strip.end_of(leg).since(leg.from).0);
    let of = leg.allowed.map_or(String::new(), |allowed| {
        format!(" of {}", allowance(allowed))
    });
    let times = match leg.worked {
        Some(worked) => (brief(worked.0), format!("working{of} · {wall} wall")),
        None => (wall, "wall".to_owned()),
    };
    let length = |pair: &(String, String)| (pair.0.chars().count() + pair.1.chars().count()) as f64;
    Sign {
        x,
        width: (length(&head) * 7.0).max(length(&times) * 6.6),
        lines: [head, times],
    }
}

/// A target in words: `8 h` rather than `8 h 00`.
fn allowance(allowed: WorkingTime) -> String {
    let text = brief(allowed.0);
    text.strip_suffix(" 00").map_or(text.clone(), str::to_owned)
}

/// The row under the bars: now, and the pauses that leave it room.
fn below(canvas: &mut Canvas<'_>) {
    let mut right = LARGE_AT_LEAST + 40.0;
    if canvas.strip.state != State::Done {
        right = now(canvas);
    }
    let strip = canvas.strip;
    for leg in strip.legs.iter().skip(strip.folded()).rev() {
        for pause in leg.pauses.iter().rev() {
            right = paused(canvas, leg, pause, right);
        }
    }
}

fn below_y(canvas: &Canvas<'_>) -> f64 {
    canvas.size.above + canvas.size.height + 18.0
}

fn px(canvas: &Canvas<'_>, at: Micros) -> f64 {
    canvas.scale.x(at) / 100.0 * LARGE_AT_LEAST
}

/// Writes `now 14:37` beside the baton; gives where the room to its left ends.
fn now(canvas: &mut Canvas<'_>) -> f64 {
    let strip = canvas.strip;
    let (at, y) = (strip.last_end(), below_y(canvas));
    let x = px(canvas, at);
    let ends = x > LARGE_AT_LEAST - 70.0;
    let (anchor, shift) = if ends { ("end", 8) } else { ("start", -6) };
    let _ = write!(
        canvas.out,
        "<svg x=\"{:.2}%\" y=\"0\" overflow=\"visible\"><text class=\"strong\" x=\"{shift}\" y=\"{y}\" text-anchor=\"{anchor}\">now {}</text></svg>",
        canvas.scale.x(at),
        clock(strip.now, &strip.zone)
    );
    if ends { x - 70.0 } else { x - 10.0 }
}

/// Writes a pause's length and reason under its hatch, if it fits left of `right`; gives the room left.
fn paused(canvas: &mut Canvas<'_>, leg: &Leg, pause: &Pause, right: f64) -> f64 {
    let until = Micros(pause.span.until.0.min(canvas.strip.end_of(leg).0));
    let lasted = brief(until.since(pause.span.from).0);
    let text = format!("paused {lasted}: {}", pause.reason);
    let width = text.chars().count() as f64 * 5.6;
    let (x, end) = (px(canvas, pause.span.from), px(canvas, until));
    let end = ((x + end + width) / 2.0).min(right);
    if end - width < 0.0 || end < x {
        return right;
    }
    let y = below_y(canvas);
    let _ = write!(
        canvas.out,
        "<text class=\"date\" x=\"{:.2}%\" y=\"{y}\" text-anchor=\"end\">{}</text>",
        end / LARGE_AT_LEAST * 100.0,
        escape(&text)
    );
    end - width - 10.0
}

/// The words on each leg's longest thread: whose calendar was closed, and when.
fn closed(canvas: &mut Canvas<'_>) {
    let strip = canvas.strip;
    let mut out = String::new();
    for leg in strip.legs.iter().skip(strip.folded()) {
        let (Some(site), Some(gap)) = (&leg.site, longest_gap(strip, leg)) else {
            continue;
        };
        let (x, end) = (canvas.scale.x(gap.from), canvas.scale.x(gap.until));
        let text = format!(
            "{} closed {}–{}",
            site.name,
            clock(gap.from, &site.zone),
            clock(gap.until, &site.zone)
        );
        if (end - x) / 100.0 * LARGE_AT_LEAST > text.chars().count() as f64 * 6.0 {
            let _ = write!(
                out,
                "<text class=\"date\" x=\"{:.2}%\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                (x + end) / 2.0,
                canvas.size.above + 8.0,
                escape(&text)
            );
        }
    }
    canvas.put(&out);
}

fn longest_gap(strip: &Strip, leg: &Leg) -> Option<Span> {
    let span = Span {
        from: leg.from,
        until: strip.end_of(leg),
    };
    let bare = Leg {
        pauses: Vec::new(),
        ..leg.clone()
    };
    let open = worked(&bare, span);
    open.windows(2)
        .map(|pair| Span {
            from: pair[0].until,
            until: pair[1].from,
        })
        .max_by_key(|gap| gap.until.since(gap.from))
}
