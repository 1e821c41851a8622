//! Where words and counts stand on the ways: each where it covers no box, no other way and no other word, as near
//! to the beginning of its way as that allows.

use super::layout::Layout;
use super::{Map, Shape};

/// How wide a letter of a name is, and of a count.
const LETTER: f64 = 6.1;
const BOLD: f64 = 7.2;

/// A stretch of the drawing that something covers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    fn new(left: f64, top: f64, wide: f64, high: f64) -> Self {
        Self {
            left,
            top,
            right: left + wide,
            bottom: top + high,
        }
    }

    /// Whether two areas lie on each other.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// A place for words, and the point of its way: a count's sign stands there.
pub(super) type Place = (Area, (f64, f64));

/// Where the words of the flows stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    /// The name of each flow; nothing where it has none.
    pub(super) names: Vec<Option<Area>>,
    /// The count of each mark.
    pub(super) marks: Vec<Place>,
}

/// What is in the way: boxes with what belongs to them, ways, and words that stand already.
struct Ground {
    solid: Vec<Area>,
    /// Each flow's stretches.
    ways: Vec<Vec<Area>>,
    bounds: Area,
}

impl Labels {
    pub(super) fn of(map: &Map, layout: &Layout) -> Self {
        let mut ground = Ground::of(map, layout);
        let mut labels = Self::default();
        for (flow, mark) in &map.marks {
            let wide = 16.0 + BOLD * mark.text.chars().count() as f64;
            let places = on_the_way(&layout.lines[*flow].points, wide);
            let place = ground.best(&places, *flow, true);
            ground.solid.push(place.0);
            labels.marks.push(place);
        }
        for (at, flow) in map.flows.iter().enumerate() {
            if flow.2.is_empty() {
                labels.names.push(None);
                continue;
            }
            let wide = LETTER * flow.2.chars().count().min(18) as f64 + 2.0;
            let places = beside(&layout.lines[at].points, wide);
            let (area, _) = ground.best(&places, at, false);
            ground.solid.push(area);
            labels.names.push(Some(area));
        }
        labels
    }
}

/// Places beside a way, the nearest to its beginning first: over its level stretches, then at its uprights.
fn beside(points: &[(f64, f64)], wide: f64) -> Vec<Place> {
    const HIGH: f64 = 11.0;
    let mut places = Vec::new();
    for two in points.windows(2) {
        let ((x, y), (to, end)) = (two[0], two[1]);
        let length = (to - x).abs() + (end - y).abs();
        if (y - end).abs() < 0.5 {
            let sign = if to < x { -1.0 } else { 1.0 };
            let mut step = 5.0;
            while step + wide + 3.0 <= length.max(wide + 9.0) {
                let left = if sign > 0.0 {
                    x + step
                } else {
                    x - step - wide
                };
                let middle = (left + wide / 2.0, y);
                places.push((Area::new(left, y - HIGH - 1.5, wide, HIGH), middle));
                places.push((Area::new(left, y + 2.0, wide, HIGH), middle));
                step += 8.0;
            }
        } else {
            let (top, bottom) = (y.min(end), y.max(end));
            let mut at = if end > y {
                top + 3.0
            } else {
                bottom - HIGH - 3.0
            };
            while at >= top && at + HIGH <= bottom {
                let middle = (x, at + HIGH / 2.0);
                places.push((Area::new(x + 4.0, at, wide, HIGH), middle));
                places.push((Area::new(x - 4.0 - wide, at, wide, HIGH), middle));
                at += if end > y { 6.0 } else { -6.0 };
            }
        }
    }
    places
}

/// Places on a way: the sign on the line, its count to the right of it or to the left.
fn on_the_way(points: &[(f64, f64)], wide: f64) -> Vec<Place> {
    let mut places = Vec::new();
    for two in points.windows(2) {
        let ((x, y), (to, end)) = (two[0], two[1]);
        let steps = (((to - x).abs() + (end - y).abs()) / 6.0) as usize;
        for step in 1..steps {
            let part = step as f64 / steps as f64;
            let (x, y) = (x + (to - x) * part, y + (end - y) * part);
            places.push((Area::new(x - 6.0, y - 8.0, wide, 16.0), (x, y)));
            places.push((Area::new(x + 6.0 - wide, y - 8.0, wide, 16.0), (x, y)));
        }
    }
    places
}

impl Ground {
    fn of(map: &Map, layout: &Layout) -> Self {
        let mut solid = Vec::new();
        for (node, place) in map.boxes.iter().zip(&layout.places) {
            let (wide, high) = (place.width, place.height);
            solid.push(Area::new(
                place.left() - 2.0,
                place.top() - 2.0,
                wide + 4.0,
                high + 4.0,
            ));
            if let Some(load) = &node.load {
                let wide = if load.late > 0 { 78.0 } else { 34.0 };
                solid.push(Area::new(
                    place.right() + 11.0 - wide,
                    place.top() - 14.0,
                    wide,
                    20.0,
                ));
            }
            let named = !matches!(node.shape, Shape::Task | Shape::Edge(_));
            if named && !node.name.is_empty() {
                let letters = node.name.chars().count().min(14) as f64;
                let wide = 5.8 * letters;
                let high = if node.name.chars().count() > 13 {
                    24.0
                } else {
                    13.0
                };
                solid.push(Area::new(
                    place.x - wide / 2.0,
                    place.bottom() + 1.0,
                    wide,
                    high,
                ));
            }
        }
        let stretch = |two: &[(f64, f64)]| {
            let ((x, y), (to, end)) = (two[0], two[1]);
            let (left, top) = (x.min(to) - 1.0, y.min(end) - 1.0);
            Area::new(left, top, (to - x).abs() + 2.0, (end - y).abs() + 2.0)
        };
        Self {
            solid,
            ways: layout
                .lines
                .iter()
                .map(|line| line.points.windows(2).map(stretch).collect())
                .collect(),
            bounds: Area::new(
                super::layout::PANEL,
                0.0,
                layout.width - super::layout::PANEL,
                layout.height,
            ),
        }
    }

    /// The first place that is free and belongs to its way alone, else the one that covers least.
    fn best(&self, places: &[Place], flow: usize, on_own: bool) -> Place {
        let others = || {
            let ways = self.ways.iter().enumerate();
            ways.filter(move |(at, _)| *at != flow)
                .flat_map(|(_, way)| way)
        };
        let own = || self.ways.get(flow).into_iter().flatten();
        let cost = |(place, (x, y)): &Place| {
            let solid = self.solid.iter().filter(|area| area.meets(place)).count();
            let own = own().filter(|area| !on_own && area.meets(place)).count();
            let crossed = others().filter(|area| area.meets(place)).count();
            let point = Area::new(x - 0.5, y - 0.5, 1.0, 1.0);
            let shared = others().any(|area| area.meets(&point));
            let outside = place.left < self.bounds.left
                || place.right > self.bounds.right
                || place.top < self.bounds.top
                || place.bottom > self.bounds.bottom;
            (solid + own + crossed) * 10 + usize::from(shared) * 5 + usize::from(outside) * 100
        };
        let best = places.iter().min_by_key(|place| cost(place));
        best.copied().unwrap_or_default()
    }
}
