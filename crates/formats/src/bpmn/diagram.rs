//! The bounds of shapes, so that a page can draw the process where its author put it. Edges, labels and
//! colours are left aside.

use super::{local, name};
use crate::xml::Node as Xml;
use std::collections::BTreeMap;

/// Where a shape stands, in the diagram's units, rounded to whole ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// How wide.
    pub width: i32,
    /// How high.
    pub height: i32,
}

/// The bounds of every shape in the file, by the element it shows; the first diagram wins.
pub(super) fn shapes(root: Xml<'_, '_>) -> BTreeMap<String, Bounds> {
    let mut shapes = BTreeMap::new();
    for shape in root.descendants().filter(|node| name(*node) == "BPMNShape") {
        let bounds = shape.children().find(|child| name(*child) == "Bounds");
        if let (Some(element), Some(bounds)) = (shape.attribute("bpmnElement"), bounds) {
            shapes.entry(local(element)).or_insert_with(|| read(bounds));
        }
    }
    shapes
}

fn read(node: Xml<'_, '_>) -> Bounds {
    let number = |name: &str| {
        let value = node
            .attribute(name)
            .and_then(|text| text.parse::<f64>().ok())
            .unwrap_or_default();
        value.round() as i32
    };
    Bounds {
        x: number("x"),
        y: number("y"),
        width: number("width"),
        height: number("height"),
    }
}
