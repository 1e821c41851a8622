//! Writes the drawing: bands, panels, ways, boxes, badges. Every word is escaped.

use super::label::Labels;
use super::layout::{Layout, PANEL, Place};
use super::{Badge, Band, Map, Node, Shape};
use crate::strip::escape;
use std::fmt::Write;

/// The whole drawing.
pub(super) fn map(map: &Map, layout: &Layout) -> String {
    let mut out = format!(
        "<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"group\" aria-labelledby=\"map-title map-desc\">\
         <title id=\"map-title\">{}</title><desc id=\"map-desc\">{}</desc>\
         <defs><marker id=\"map-arrow\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto-start-reverse\"><path class=\"arrow\" d=\"M0 .6 7.6 4 0 7.4Z\"/></marker></defs>",
        layout.width,
        layout.height,
        escape(&map.title),
        escape(&map.says)
    );
    for (band, (top, height)) in map.bands.iter().zip(&layout.bands) {
        ground(&mut out, band, *top, *height, layout.width);
    }
    for line in &layout.lines {
        let points: Vec<String> = line
            .points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let _ = write!(
            out,
            "<polyline class=\"way\" points=\"{}\" marker-end=\"url(#map-arrow)\"/>",
            points.join(" ")
        );
    }
    // What stands at the edge of a task is drawn over it.
    let all = || map.boxes.iter().zip(&layout.places);
    let edge = |node: &Node| matches!(node.shape, Shape::Edge(_));
    for (node, place) in all().filter(|(node, _)| !edge(node)) {
        drawn(&mut out, node, place);
    }
    for (node, place) in all().filter(|(node, _)| edge(node)) {
        drawn(&mut out, node, place);
    }
    words(&mut out, map, &Labels::of(map, layout));
    for (band, (top, height)) in map.bands.iter().zip(&layout.bands) {
        panel(&mut out, band, *top, *height);
    }
    out.push_str("</svg>");
    out
}

/// The names of the flows, and how many cases went along them.
fn words(out: &mut String, map: &Map, labels: &Labels) {
    for (flow, area) in map.flows.iter().zip(&labels.names) {
        if let Some(area) = area {
            word(out, "word", area.left, area.bottom - 2.0, &cut(&flow.2, 18));
        }
    }
    for ((_, mark), (area, (x, y))) in map.marks.iter().zip(&labels.marks) {
        let left = if area.right > x + 8.0 {
            x + 6.0
        } else {
            area.left
        };
        let drawn = format!(
            "<rect class=\"rate-ground\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\" rx=\"3\"/><path class=\"handed\" d=\"M{:.1} {:.1}h6l-3 12h-6Z\"/><text class=\"word rate\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            y - 7.0,
            area.right - area.left - 12.0,
            x - 1.5,
            y - 6.0,
            left + 2.0,
            y + 4.0,
            escape(&mark.text)
        );
        link(out, &mark.href, &mark.said, &drawn);
    }
}

/// A band's ground: the parties' colours, as high as their shares, and their stripe.
fn ground(out: &mut String, band: &Band, top: f64, height: f64, width: f64) {
    let (mut y, left) = (top, PANEL - 8.0);
    for (class, _, points) in &band.parts {
        let part = height * f64::from(*points) / 10_000.0;
        let _ = write!(
            out,
            "<rect class=\"tint {class}\" x=\"{left}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{part:.1}\"/>\
             <rect class=\"stripe {class}\" x=\"{left}\" y=\"{y:.1}\" width=\"8\" height=\"{part:.1}\"/>",
            width - left
        );
        y += part;
    }
    let picked = if band.picked { " picked" } else { "" };
    let _ = write!(
        out,
        "<rect class=\"band{picked}\" x=\"0.5\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
        top + 0.5,
        width - 1.0
    );
}

/// What stands at the left of a band: name, shares, numbers.
fn panel(out: &mut String, band: &Band, top: f64, height: f64) {
    if band.picked {
        let _ = write!(
            out,
            "<rect class=\"pick\" x=\"1\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
             <rect class=\"pick-mark\" x=\"0\" y=\"{top:.1}\" width=\"3\" height=\"{height:.1}\"/>",
            top + 1.0,
            PANEL - 10.0,
            height - 1.0
        );
    }
    let name = escape(&cut(&band.name, 26));
    let text = format!(
        "<text class=\"lane\" x=\"14\" y=\"{:.1}\">{name}</text>",
        top + 24.0
    );
    match &band.href {
        Some(href) => link(
            out,
            href,
            &format!("Show the cases of {}", band.name),
            &text,
        ),
        None => out.push_str(&text),
    }
    shares(out, band, top);
    let below = figures(out, band, top + 72.0);
    for (line, words) in band.lines.iter().enumerate() {
        let y = below + 17.0 * line as f64;
        word(out, "fact", 14.0, y, &cut(words, 34));
    }
}

/// The parties' shares as a bar.
fn shares(out: &mut String, band: &Band, top: f64) {
    let wide = PANEL - 36.0;
    let mut x = 14.0;
    for (class, code, points) in &band.parts {
        let part = wide * f64::from(*points) / 10_000.0;
        let _ = write!(
            out,
            "<rect class=\"share {class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{part:.1}\" height=\"19\"/>",
            top + 34.0
        );
        let said = format!("{code} {} %", baton_model::share::percent(*points));
        if part > said.chars().count() as f64 * 6.6 + 8.0 {
            let _ = write!(
                out,
                "<text class=\"share-text {class}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 6.0,
                top + 48.0,
                escape(&said)
            );
        }
        x += part;
    }
}

/// Open and late cases; where the next line stands.
fn figures(out: &mut String, band: &Band, y: f64) -> f64 {
    let Some(load) = &band.load else {
        return y;
    };
    let open = format!(
        "<text class=\"fact\" x=\"14\" y=\"{y:.1}\"><tspan class=\"figure\">{}</tspan> open</text>",
        load.open
    );
    let said = format!("{} open cases in {}", load.open, band.name);
    counted(out, load.open, &load.href, &said, &open);
    let (class, sign) = if load.late > 0 {
        ("fact late", "▲ ")
    } else {
        ("fact", "")
    };
    let late = format!(
        "<text class=\"{class}\" x=\"82\" y=\"{y:.1}\">{sign}{} late</text>",
        load.late
    );
    let said = format!("{} late cases in {}", load.late, band.name);
    counted(out, load.late, &load.late_href, &said, &late);
    y + 17.0
}

fn drawn(out: &mut String, node: &Node, place: &Place) {
    let (x, y) = (place.x, place.y);
    match node.shape {
        Shape::Task => task(out, node, place),
        Shape::Gateway => {
            let half = place.width / 2.0;
            let _ = write!(
                out,
                "<path class=\"box\" d=\"M{x:.1} {:.1}l{half} {half}l-{half} {half}l-{half} -{half}Z\"/>\
                 <path class=\"sign\" d=\"M{:.1} {:.1}l8 8m0 -8l-8 8\"/>",
                y - half,
                x - 4.0,
                y - 4.0
            );
        }
        _ => {
            let class = if node.shape == Shape::End {
                "box end"
            } else {
                "box"
            };
            let radius = place.width / 2.0 - 1.0;
            let _ = write!(
                out,
                "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>"
            );
            if matches!(node.shape, Shape::Edge(_) | Shape::Event) {
                let _ = write!(
                    out,
                    "<path class=\"sign\" d=\"M{x:.1} {:.1}v5h3.4\"/>",
                    y - 5.0
                );
            }
        }
    }
    if !matches!(node.shape, Shape::Task | Shape::Edge(_)) {
        for (line, words) in wrapped(&node.name, 14).iter().take(2).enumerate() {
            let below = place.bottom() + 11.0 + 11.0 * line as f64;
            word(out, "word mid quiet", x, below, words);
        }
    }
}

fn task(out: &mut String, node: &Node, place: &Place) {
    let busy = if node.load.as_ref().is_some_and(|load| load.late > 0) {
        " busy"
    } else {
        ""
    };
    let _ = write!(
        out,
        "<rect class=\"box{busy}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{}\" height=\"{}\" rx=\"5\"/>",
        place.left(),
        place.top(),
        place.width,
        place.height
    );
    let mut lines = wrapped(&node.name, 18);
    if node.steps > 1 && lines.len() > 1 {
        lines = vec![cut(&node.name, 18)];
    }
    lines.truncate(2);
    let steps = (node.steps > 1).then(|| format!("{} automatic steps", node.steps));
    let all = lines.len() + usize::from(steps.is_some());
    let mut y = place.y + 4.0 - 7.0 * (all.max(1) - 1) as f64;
    for line in &lines {
        word(out, "name mid", place.x, y, line);
        y += 14.0;
    }
    if let Some(steps) = steps {
        word(out, "word mid quiet", place.x, y, &steps);
    }
    if let Some(load) = &node.load {
        badges(out, node, load, place);
    }
    if node.stuck > 0 {
        let _ = write!(
            out,
            "<circle class=\"pill late\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"8\"/><text class=\"pill-text mid\" x=\"{:.1}\" y=\"{:.1}\">!</text>",
            place.left() + 4.0,
            place.top(),
            place.left() + 4.0,
            place.top() + 4.0
        );
    }
}

/// Open and late cases at the upper right corner of a task.
fn badges(out: &mut String, node: &Node, load: &Badge, place: &Place) {
    let mut right = place.right() + 10.0;
    let mut pill = |out: &mut String,
                    count: i64,
                    sign: &str,
                    class: &str,
                    href: &str,
                    said: String| {
        let text = format!("{sign}{count}");
        let wide = 13.0 + 7.0 * text.chars().count() as f64;
        let left = right - wide;
        let drawn = format!(
            "<rect class=\"pill{class}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"18\" rx=\"9\"/>\
             <text class=\"pill-text mid\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
            place.top() - 13.0,
            left + wide / 2.0,
            place.top()
        );
        link(out, href, &said, &drawn);
        right = left - 2.0;
    };
    if load.late > 0 {
        let said = format!("{} past target at {}", load.late, node.name);
        pill(out, load.late, "▲ ", " late", &load.late_href, said);
    }
    if load.open > 0 {
        let said = format!("{} open at {}", load.open, node.name);
        pill(out, load.open, "", "", &load.href, said);
    }
}

fn counted(out: &mut String, count: i64, href: &str, said: &str, drawn: &str) {
    if count > 0 {
        link(out, href, said, drawn);
    } else {
        out.push_str(drawn);
    }
}

fn link(out: &mut String, href: &str, said: &str, drawn: &str) {
    let _ = write!(
        out,
        "<a href=\"{}\" aria-label=\"{}\">{drawn}</a>",
        escape(href),
        escape(said)
    );
}

fn word(out: &mut String, class: &str, x: f64, y: f64, text: &str) {
    if !text.is_empty() {
        let _ = write!(
            out,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
            escape(text)
        );
    }
}

/// A text of at most so many letters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text in lines of at most so many letters; a third line and more fold into the second.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let full = lines.len() == 2;
        match lines.last_mut() {
            Some(line) if full || line.chars().count() + word.chars().count() < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| cut(line, most)).collect()
}
