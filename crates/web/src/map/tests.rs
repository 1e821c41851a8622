//! The drawing's geometry: nothing overlaps, every way begins and ends at its boxes, no way runs through
//! a box.

use super::label::Labels;
use super::layout::{Layout, Place};
use super::{Badge, Band, Map, Mark, Node, Shape};

fn node(name: &str, shape: Shape, band: usize) -> Node {
    Node {
        name: name.into(),
        shape,
        band,
        steps: 0,
        load: None,
        stuck: 0,
    }
}

fn map() -> Map {
    let band = |name: &str| Band {
        name: name.into(),
        parts: vec![("p1", "KS".into(), 7_000), ("p2", "TO".into(), 3_000)],
        ..Band::default()
    };
    let flow = |from, to, name: &str| (from, to, name.to_string());
    Map {
        title: "Purchase to pay".into(),
        bands: vec![
            band("Receive"),
            band("Verify"),
            band("Approve"),
            band("Pay"),
        ],
        boxes: vec![
            node("", Shape::Start, 0),
            node("Read", Shape::Task, 0),
            node("Check", Shape::Task, 1),
            node("clean?", Shape::Gateway, 1),
            node("Ask", Shape::Task, 1),
            node("", Shape::Edge(4), 1),
            node("Approve", Shape::Task, 2),
            node("Pay", Shape::Task, 3),
            node("paid", Shape::End, 3),
        ],
        flows: vec![
            flow(0, 1, ""),
            flow(1, 2, ""),
            flow(2, 3, ""),
            flow(3, 4, "no"),
            flow(4, 2, "again"),
            flow(5, 6, "overdue"),
            flow(3, 6, "yes"),
            flow(3, 7, "small"),
            flow(6, 7, ""),
            flow(7, 2, "back"),
            flow(7, 8, ""),
        ],
        ..Map::default()
    }
}

fn crosses(one: (f64, f64), other: (f64, f64), place: &Place) -> bool {
    let (left, right) = (one.0.min(other.0), one.0.max(other.0));
    let (top, bottom) = (one.1.min(other.1), one.1.max(other.1));
    right > place.left() + 1.0
        && left < place.right() - 1.0
        && bottom > place.top() + 1.0
        && top < place.bottom() - 1.0
}

#[test]
fn boxes_stand_apart_and_inside_their_bands() {
    let map = map();
    let layout = Layout::of(&map);
    for (at, place) in layout.places.iter().enumerate() {
        let (top, height) = layout.bands[map.boxes[at].band];
        assert!(place.top() > top && place.bottom() < top + height, "{at}");
        assert!(place.right() < layout.width, "{at}");
        for other in &layout.places[at + 1..] {
            let edge = (place.width - 20.0).abs() < 1.0 || (other.width - 20.0).abs() < 1.0;
            let apart = place.right() < other.left()
                || other.right() < place.left()
                || place.bottom() < other.top()
                || other.bottom() < place.top();
            assert!(apart || edge, "{place:?} {other:?}");
        }
    }
}

#[test]
fn no_way_runs_through_a_box() {
    let map = map();
    let layout = Layout::of(&map);
    for (flow, line) in map.flows.iter().zip(&layout.lines) {
        for (at, place) in layout.places.iter().enumerate() {
            if at == flow.0 || at == flow.1 || matches!(map.boxes[at].shape, Shape::Edge(_)) {
                continue;
            }
            for two in line.points.windows(2) {
                assert!(
                    !crosses(two[0], two[1], place),
                    "{flow:?} through {at}: {two:?}"
                );
            }
        }
    }
}

fn marked(mut map: Map) -> Map {
    let mark = |text: &str| Mark {
        text: text.into(),
        href: "/map/hand-overs?from=verify&to=approve".into(),
        said: format!("{text} from Verify to Approve"),
    };
    map.marks = vec![(6, mark("44/h")), (8, mark("128/h")), (9, mark("3/h"))];
    map
}

#[test]
fn words_and_counts_lie_on_no_box_no_other_way_and_not_on_each_other() {
    let map = marked(map());
    let layout = Layout::of(&map);
    let labels = Labels::of(&map, &layout);
    let marks = map.marks.iter().zip(&labels.marks);
    let mut areas: Vec<_> = marks.map(|((flow, _), place)| (*flow, place.0)).collect();
    let names = labels.names.iter().enumerate();
    areas.extend(names.filter_map(|(flow, area)| Some((flow, (*area)?))));
    assert_eq!(
        areas.len(),
        3 + 6,
        "every word and every count stands somewhere"
    );
    for (at, (flow, area)) in areas.iter().enumerate() {
        let place = Place {
            x: (area.left + area.right) / 2.0,
            y: (area.top + area.bottom) / 2.0,
            width: area.right - area.left,
            height: area.bottom - area.top,
        };
        let ways = map.flows.iter().zip(&layout.lines);
        // A count stands on its own way, which may begin together with others of the same box.
        let begins = map.flows[*flow].0;
        for (_, line) in ways.filter(|(other, _)| at >= 3 || other.0 != begins) {
            for two in line.points.windows(2) {
                assert!(
                    !crosses(two[0], two[1], &place),
                    "{area:?} on a way {two:?}"
                );
            }
        }
        for (place, node) in layout.places.iter().zip(&map.boxes) {
            let apart = area.right < place.left()
                || area.left > place.right()
                || area.bottom < place.top()
                || area.top > place.bottom();
            assert!(apart, "{area:?} on {}", node.name);
        }
        for (_, other) in &areas[at + 1..] {
            assert!(!area.meets(other), "{area:?} on {other:?}");
        }
    }
}

#[test]
fn a_count_links_to_the_hand_overs_it_counts() {
    let svg = marked(map()).svg();
    assert!(svg.contains(
        "href=\"/map/hand-overs?from=verify&amp;to=approve\" aria-label=\"44/h from Verify to Approve\""
    ));
}

#[test]
fn badges_link_to_what_they_count_and_words_are_escaped() {
    let mut map = map();
    map.boxes[2].name = "Check <all>".into();
    map.boxes[2].load = Some(Badge {
        open: 62,
        href: "/cases?task=check&late=1".into(),
        late: 3,
        late_href: "/cases?task=check".into(),
    });
    let svg = map.svg();
    assert!(svg.contains(
        "href=\"/cases?task=check&amp;late=1\" aria-label=\"62 open at Check &lt;all&gt;\""
    ));
    assert!(svg.contains("3 past target at Check &lt;all&gt;"));
    assert!(!svg.contains("<all>"));
}
