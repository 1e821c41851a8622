//! The ways of flows. Between two bands lies a channel of tracks; a flow leaves its box up or down, goes
//! along a track, and enters the other box from above or below. What passes over a band goes where nothing
//! stands in its way, else through a corridor at the right. Neighbours in a row are joined straight.

use super::layout::{Layout, Place};
use super::{Map, Shape};

/// A way as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) points: Vec<(f64, f64)>,
}

/// How many corridors the flows may need at most.
pub(super) fn corridors(map: &Map) -> usize {
    let far = map
        .flows
        .iter()
        .filter(|flow| map.boxes[flow.0].band.abs_diff(map.boxes[flow.1].band) > 1);
    far.count().min(6)
}

/// The way of one flow.
#[derive(Clone, Debug)]
enum Way {
    Straight,
    /// Out at one x, along a track, in at another x.
    Across(Run, Run),
}

/// A stretch along a channel.
#[derive(Clone, Debug)]
struct Run {
    channel: usize,
    from: f64,
    to: f64,
    track: usize,
}

/// All ways.
pub(super) struct Ways {
    ways: Vec<Way>,
    tracks: Vec<usize>,
}

/// Finds ways one after another, keeping what is taken.
struct Finder<'a> {
    map: &'a Map,
    places: &'a [Place],
    width: f64,
    /// Uprights that pass over bands: x, first and last band.
    uprights: Vec<(f64, usize, usize)>,
    /// The tracks of each channel with the stretches taken.
    taken: Vec<Vec<Vec<(f64, f64)>>>,
}

impl Ways {
    pub(super) fn of(map: &Map, places: &[Place], width: f64) -> Self {
        let mut finder = Finder {
            map,
            places,
            width,
            uprights: Vec::new(),
            taken: vec![Vec::new(); map.bands.len() + 1],
        };
        let ports = ports(map, places);
        let mut ways: Vec<Way> = (0..map.flows.len())
            .map(|flow| finder.plan(flow, ports[flow]))
            .collect();
        let mut order: Vec<usize> = (0..ways.len()).collect();
        order.sort_by(|one, other| length(&ways[*one]).total_cmp(&length(&ways[*other])));
        for at in order {
            if let Way::Across(first, last) = &mut ways[at] {
                finder.settle(first);
                if last.channel == first.channel {
                    last.track = first.track;
                } else {
                    finder.settle(last);
                }
            }
        }
        let tracks = finder.taken.iter().map(Vec::len).collect();
        Self { ways, tracks }
    }

    /// How many tracks a channel has.
    pub(super) fn tracks(&self, channel: usize) -> usize {
        self.tracks.get(channel).copied().unwrap_or_default()
    }

    pub(super) fn lines(&self, map: &Map, layout: &Layout) -> Vec<Line> {
        let flows = map.flows.iter().zip(&self.ways);
        flows
            .map(|(flow, way)| line(layout, flow.0, flow.1, way))
            .collect()
    }
}

fn line(layout: &Layout, from: usize, to: usize, way: &Way) -> Line {
    let (source, target) = (&layout.places[from], &layout.places[to]);
    let Way::Across(first, last) = way else {
        let (x, end) = (source.right(), target.left());
        return Line {
            points: vec![(x, source.y), (end, target.y)],
        };
    };
    let (high, low) = (
        layout.track(first.channel, first.track),
        layout.track(last.channel, last.track),
    );
    let begin = if high < source.y {
        source.top()
    } else {
        source.bottom()
    };
    let end = if low < target.y {
        target.top()
    } else {
        target.bottom()
    };
    let mut points = vec![
        (first.from, begin),
        (first.from, high),
        (first.to, high),
        (first.to, low),
        (last.to, low),
        (last.to, end),
    ];
    points.dedup();
    Line { points }
}

fn length(way: &Way) -> f64 {
    match way {
        Way::Straight => 0.0,
        Way::Across(first, last) => (first.from - first.to).abs() + (last.from - last.to).abs(),
    }
}

/// Whether two boxes stand beside each other in a row, the second to the right.
fn beside(map: &Map, from: usize, to: usize) -> bool {
    let row = map.boxes[from].band == map.boxes[to].band;
    let edge = |at: usize| matches!(map.boxes[at].shape, Shape::Edge(_));
    let between = || (from + 1..to).all(edge);
    row && from < to && !edge(from) && between()
}

/// Whether a flow leaves its box upwards, and enters the other one from above.
fn sides(map: &Map, flow: &(usize, usize, String)) -> (bool, bool) {
    let (from, to) = (&map.boxes[flow.0], &map.boxes[flow.1]);
    let edge = matches!(from.shape, Shape::Edge(_));
    match from.band.cmp(&to.band) {
        std::cmp::Ordering::Less => (false, true),
        std::cmp::Ordering::Equal => (!edge, !edge),
        std::cmp::Ordering::Greater => (!edge, false),
    }
}

/// Where each flow leaves and enters: those of one side of a task stand apart.
fn ports(map: &Map, places: &[Place]) -> Vec<(f64, f64)> {
    let around = |flow: &(usize, usize, String)| !beside(map, flow.0, flow.1);
    let spread = |at: usize, top: bool, own: (usize, bool)| -> f64 {
        let mut ends: Vec<(f64, usize, bool)> = Vec::new();
        for (number, flow) in map
            .flows
            .iter()
            .enumerate()
            .filter(|(_, flow)| around(flow))
        {
            let (up, above) = sides(map, flow);
            if flow.0 == at && up == top {
                ends.push((places[flow.1].x, number, true));
            }
            if flow.1 == at && above == top {
                ends.push((places[flow.0].x, number, false));
            }
        }
        ends.sort_by(|one, other| one.0.total_cmp(&other.0));
        let place = ends.iter().position(|end| (end.1, end.2) == own);
        let step = if map.boxes[at].shape == Shape::Task {
            16.0
        } else {
            0.0
        };
        (place.unwrap_or_default() as f64 - (ends.len().max(1) - 1) as f64 / 2.0) * step
    };
    let flows = map.flows.iter().enumerate();
    flows
        .map(|(number, flow)| {
            let (up, above) = sides(map, flow);
            (
                places[flow.0].x + spread(flow.0, up, (number, true)),
                places[flow.1].x + spread(flow.1, above, (number, false)),
            )
        })
        .collect()
}

impl Finder<'_> {
    fn plan(&mut self, flow: usize, (from, to): (f64, f64)) -> Way {
        let flow = &self.map.flows[flow];
        if beside(self.map, flow.0, flow.1) {
            return Way::Straight;
        }
        let (up, above) = sides(self.map, flow);
        let channel = |band: usize, up: bool| if up { band } else { band + 1 };
        let first = channel(self.map.boxes[flow.0].band, up);
        let last = channel(self.map.boxes[flow.1].band, above);
        let run = |channel, from, to| Run {
            channel,
            from,
            to,
            track: 0,
        };
        if first == last {
            return Way::Across(run(first, from, to), run(first, from, to));
        }
        let bands = (first.min(last), first.max(last) - 1);
        let x = [to, from].into_iter().find(|x| self.free(*x, bands));
        let x = x.unwrap_or_else(|| self.corridor(bands));
        self.uprights.push((x, bands.0, bands.1));
        Way::Across(run(first, from, x), run(last, x, to))
    }

    /// Whether nothing stands at an x in these bands.
    fn free(&self, x: f64, (top, bottom): (usize, usize)) -> bool {
        let boxes = self.map.boxes.iter().zip(self.places);
        let mut inside = boxes.filter(|(node, _)| node.band >= top && node.band <= bottom);
        let blocked = inside.any(|(node, place)| {
            let room = if node.shape == Shape::Task {
                10.0
            } else {
                34.0
            };
            x > place.left() - room && x < place.right() + room
        });
        !blocked && self.apart(x, (top, bottom))
    }

    fn apart(&self, x: f64, (top, bottom): (usize, usize)) -> bool {
        let mut near = self.uprights.iter().filter(|one| (one.0 - x).abs() < 8.0);
        near.all(|one| one.2 < top || one.1 > bottom)
    }

    fn corridor(&self, bands: (usize, usize)) -> f64 {
        let places = (0..8).map(|at| self.width - 66.0 + 10.0 * f64::from(at));
        let mut free = places.filter(|x| self.apart(*x, bands));
        free.next().unwrap_or(self.width - 6.0)
    }

    /// Gives a stretch the first track of its channel that is free there.
    fn settle(&mut self, run: &mut Run) {
        let (from, to) = (run.from.min(run.to) - 5.0, run.from.max(run.to) + 5.0);
        let tracks = &mut self.taken[run.channel];
        let free = |track: &Vec<(f64, f64)>| track.iter().all(|one| one.1 < from || one.0 > to);
        let at = tracks.iter().position(free).unwrap_or(tracks.len());
        if at == tracks.len() {
            tracks.push(Vec::new());
        }
        tracks[at].push((from, to));
        run.track = at;
    }
}
