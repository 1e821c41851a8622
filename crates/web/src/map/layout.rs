//! Where everything stands: bands from the top, their boxes from left to right in the author's order, each
//! row moved under what leads to it. Heights follow from the ways that `route` finds.

use super::route::{self, Line, Ways};
use super::{Map, Shape};

/// The width of the panel that names the lanes, with the parties' stripe.
pub(super) const PANEL: f64 = 212.0;
/// The least width of the drawing.
const WIDTH: f64 = 980.0;
/// Room left of the first box.
const MARGIN: f64 = 22.0;
/// The least height of a band: what its panel says needs it.
const BAND: f64 = 128.0;
/// Room between two tracks of a channel.
const TRACK: f64 = 15.0;

/// A place: its middle and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Place {
    pub(super) fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }

    pub(super) fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// A map with places.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Each band's top and height.
    pub(super) bands: Vec<(f64, f64)>,
    pub(super) places: Vec<Place>,
    pub(super) lines: Vec<Line>,
}

impl Layout {
    pub(super) fn of(map: &Map) -> Self {
        let corridors = route::corridors(map);
        let mut layout = Self::across(map, corridors);
        let ways = Ways::of(map, &layout.places, layout.width);
        layout.down(map, &ways);
        layout.lines = ways.lines(map, &layout);
        layout
    }

    /// Places from left to right.
    fn across(map: &Map, corridors: usize) -> Self {
        let mut places: Vec<Place> = map.boxes.iter().map(|node| size(node.shape)).collect();
        let needed = (0..map.bands.len()).map(|band| row(map, &places, band).1);
        let needed = needed.fold(0.0_f64, f64::max);
        let aside = 12.0 + 10.0 * corridors as f64;
        let width = (PANEL + MARGIN + needed + MARGIN + aside).max(WIDTH);
        for band in 0..map.bands.len() {
            let (row, length) = row(map, &places, band);
            let free = (width - PANEL - MARGIN - aside - length).max(0.0);
            let wanted = wanted(map, &places, band, &row);
            let begin = PANEL + MARGIN;
            let first = row.first().map_or(0.0, |(at, _)| places[*at].width / 2.0);
            let mut x = begin + (wanted - first - begin).clamp(0.0, (free - MARGIN).max(0.0));
            for (at, gap) in row {
                places[at].x = x + gap + places[at].width / 2.0;
                x += gap + places[at].width;
            }
        }
        for (at, node) in map.boxes.iter().enumerate() {
            if let Shape::Edge(host) = node.shape {
                places[at].x = places[host].right() - 18.0;
            }
        }
        Self {
            width,
            places,
            ..Self::default()
        }
    }

    /// Places from the top, as the tracks of each channel need.
    fn down(&mut self, map: &Map, ways: &Ways) {
        let mut top = 0.0;
        for band in 0..map.bands.len() {
            let above = 10.0 + TRACK * ways.tracks(band) as f64;
            let height = (above + 14.0 + 44.0 + 34.0).max(BAND);
            let middle = top + above + (height - above) / 2.0 - 4.0;
            for (at, node) in map.boxes.iter().enumerate() {
                if node.band == band {
                    self.places[at].y = middle;
                }
            }
            self.bands.push((top, height));
            top += height;
        }
        for (at, node) in map.boxes.iter().enumerate() {
            if let Shape::Edge(host) = node.shape {
                self.places[at].y = self.places[host].bottom();
            }
        }
        let below = ways.tracks(map.bands.len());
        self.height = top
            + if below > 0 {
                8.0 + TRACK * below as f64
            } else {
                0.0
            };
    }

    /// The height of a track of a channel: the channel of a band lies at its top.
    pub(super) fn track(&self, channel: usize, track: usize) -> f64 {
        let last = self.bands.last().map_or(0.0, |(top, height)| top + height);
        let top = self.bands.get(channel).map_or(last, |(top, _)| *top);
        top + 13.0 + TRACK * track as f64
    }
}

fn size(shape: Shape) -> Place {
    let (width, height) = match shape {
        Shape::Task => (116.0, 44.0),
        Shape::Gateway => (30.0, 30.0),
        Shape::Start | Shape::End | Shape::Event => (24.0, 24.0),
        Shape::Edge(_) => (20.0, 20.0),
    };
    Place {
        width,
        height,
        ..Place::default()
    }
}

/// The boxes of a band with the gap before each, and how long the row is.
fn row(map: &Map, places: &[Place], band: usize) -> (Vec<(usize, f64)>, f64) {
    let own = map.boxes.iter().enumerate();
    let own = own.filter(|(_, node)| node.band == band && !matches!(node.shape, Shape::Edge(_)));
    let mut row: Vec<(usize, f64)> = Vec::new();
    let mut length = 0.0;
    for (at, _) in own {
        let gap = row.last().map_or(0.0, |(before, _)| gap(map, *before, at));
        length += gap + places[at].width;
        row.push((at, gap));
    }
    (row, length)
}

/// The gap between two neighbours: wide enough for the words on the flow between them, and for names
/// that stand below.
fn gap(map: &Map, from: usize, to: usize) -> f64 {
    let flow = map.flows.iter().find(|flow| flow.0 == from && flow.1 == to);
    let words = flow.map_or(0, |flow| flow.2.chars().count());
    let narrow = |at: usize| map.boxes[at].shape != Shape::Task && !map.boxes[at].name.is_empty();
    let least = if narrow(from) && narrow(to) {
        56.0
    } else {
        30.0
    };
    (words as f64 * 5.8 + 18.0).max(least)
}

/// Where the first box of a band would best stand: under what leads to the band.
fn wanted(map: &Map, places: &[Place], band: usize, row: &[(usize, f64)]) -> f64 {
    let into = map.flows.iter().filter(|flow| {
        map.boxes[flow.1].band == band
            && map.boxes[flow.0].band < band
            && row.first().is_some_and(|(first, _)| flow.1 == *first)
    });
    let from: Vec<f64> = into.map(|flow| places[flow.0].x).collect();
    from.iter().copied().fold(0.0, f64::max)
}
