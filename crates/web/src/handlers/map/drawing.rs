//! From the facts to the drawing. Of a lane that only other providers run, a provider sees one grey box.

use super::Facts;
use crate::map::{Badge, Band, Map, Node, Shape};
use crate::strip::Slot;
use baton_app::lanes::LaneNow;
use baton_app::views::cases::Standing;
use baton_app::views::map::Load;

pub(super) fn map(facts: &Facts<'_>) -> Map {
    let outline = &facts.outline;
    let hidden: Vec<bool> = outline
        .lanes
        .iter()
        .map(|lane| hidden(facts, &lane.0))
        .collect();
    let mut boxes: Vec<Node> = Vec::new();
    let mut at: Vec<usize> = Vec::new();
    for node in &outline.nodes {
        let veiled = hidden.get(node.lane).copied().unwrap_or_default();
        let known = boxes
            .iter()
            .position(|known| veiled && known.band == node.lane);
        at.push(known.unwrap_or(boxes.len()));
        if known.is_none() {
            boxes.push(if veiled {
                veil(node.lane)
            } else {
                drawn(facts, node)
            });
        }
    }
    for (node, place) in outline.nodes.iter().zip(&at) {
        if let (Shape::Edge(host), Shape::Edge(_)) = (node.shape, boxes[*place].shape) {
            boxes[*place].shape = Shape::Edge(at[host]);
        }
    }
    let mut flows: Vec<(usize, usize, String)> = Vec::new();
    for flow in &outline.flows {
        let (from, to) = (at[flow.from], at[flow.to]);
        let veiled = hidden[boxes[from].band] || hidden[boxes[to].band];
        let known = flows.iter().any(|one| (one.0, one.1) == (from, to));
        if from != to && !(veiled && known) {
            let name = if hidden[boxes[from].band] {
                String::new()
            } else {
                flow.name.clone()
            };
            flows.push((from, to, name));
        }
    }
    let bands: Vec<usize> = boxes.iter().map(|node| node.band).collect();
    Map {
        marks: facts.marks(&flows, &bands),
        title: format!("{}, version {}", facts.version.name, facts.version.version),
        says: says(facts),
        bands: outline
            .lanes
            .iter()
            .map(|lane| band(facts, &lane.0, &lane.1))
            .collect(),
        boxes,
        flows,
    }
}

/// The map in a sentence; the table beside says all of it.
fn says(facts: &Facts<'_>) -> String {
    let all = facts.numbers.all;
    format!(
        "{} lanes from the top, {} cases open, {} of them past target; the table beside says the same in figures",
        facts.outline.lanes.len(),
        all.open,
        all.late
    )
}

fn hidden(facts: &Facts<'_>, lane: &str) -> bool {
    super::hidden(facts.frame, &facts.lanes, lane)
}

fn veil(band: usize) -> Node {
    Node {
        name: "another party".into(),
        shape: Shape::Task,
        band,
        steps: 0,
        load: None,
        stuck: 0,
    }
}

fn drawn(facts: &Facts<'_>, node: &baton_app::views::map::Node) -> Node {
    let load = facts
        .numbers
        .tasks
        .get(&node.id)
        .copied()
        .unwrap_or_default();
    let standing = Standing {
        task: node.id.clone(),
        ..Standing::default()
    };
    Node {
        name: node.name.clone(),
        shape: node.shape,
        band: node.lane,
        steps: node.steps,
        load: (load.open > 0).then(|| badge(facts, &standing, load)),
        stuck: facts
            .stuck
            .iter()
            .filter(|stuck| stuck.node == node.id)
            .count(),
    }
}

fn badge(facts: &Facts<'_>, standing: &Standing, load: Load) -> Badge {
    let counted = facts.counted(standing, load);
    Badge {
        open: counted.open,
        href: counted.href,
        late: counted.late,
        late_href: counted.late_href,
    }
}

fn band(facts: &Facts<'_>, lane: &str, name: &str) -> Band {
    let Some(now) = facts.lane(lane) else {
        let run = facts.frame.lanes.get(&lane.into());
        let chip = run.map(|lane| facts.frame.chip(&lane.party));
        let chip = chip.filter(|_| !hidden(facts, lane));
        let name = if chip.is_some() {
            name
        } else {
            "another party"
        };
        let (class, code) = chip.map_or(("px", "··".into()), |chip| {
            (chip.slot.map_or("px", Slot::class), chip.code)
        });
        return Band {
            name: name.into(),
            parts: vec![(class, code, 10_000)],
            ..Band::default()
        };
    };
    let load = facts.numbers.lanes.get(lane).copied().unwrap_or_default();
    let standing = Standing {
        lane: lane.to_owned(),
        ..Standing::default()
    };
    Band {
        name: name.into(),
        href: Some(facts.chosen(lane)),
        picked: facts.picked == lane,
        parts: parts(facts, now),
        load: Some(badge(facts, &standing, load)),
        lines: lines(facts, now),
    }
}

/// Who gets new cases, drawn to the whole; what others have beside the viewer's party is one grey part.
fn parts(facts: &Facts<'_>, now: &LaneNow) -> Vec<(&'static str, String, u32)> {
    let active: Vec<_> = now.parts.iter().filter(|part| part.active).collect();
    let client = facts.frame.signed.viewer.scope.client;
    let sum: u64 = active
        .iter()
        .map(|part| u64::from(part.share.basis_points))
        .sum();
    let whole = if client { sum.max(1) } else { 10_000 };
    let mut left = 10_000;
    let mut parts: Vec<(&'static str, String, u32)> = Vec::new();
    for part in active {
        let points = u64::from(part.share.basis_points) * 10_000 / whole;
        let points = u32::try_from(points).unwrap_or_default().min(left);
        left -= points;
        let chip = facts.frame.chip(&part.share.party);
        parts.push((chip.slot.map_or("px", Slot::class), chip.code, points));
    }
    if !client && left > 0 {
        parts.push(("px", "··".into(), left));
    }
    parts
}

fn lines(facts: &Facts<'_>, now: &LaneNow) -> Vec<String> {
    let mut lines = Vec::new();
    if facts.numbers.median(now.id.as_str(), None).is_some() {
        lines.push(format!(
            "P50 {} working",
            facts.median(now.id.as_str(), None)
        ));
    }
    let backups: Vec<&str> = now
        .parts
        .iter()
        .filter(|part| part.share.basis_points == 0 && part.paused.is_none())
        .map(|part| part.share.party.as_str())
        .collect();
    let paused: Vec<&str> = now
        .parts
        .iter()
        .filter(|part| part.paused.is_some())
        .map(|part| part.share.party.as_str())
        .collect();
    for (word, codes) in [("backup", backups), ("paused", paused)] {
        if !codes.is_empty() {
            lines.push(format!("{word} {}", codes.join(", ")));
        }
    }
    lines.truncate(2);
    lines
}
