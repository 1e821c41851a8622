//! Lanes: the service slots of a process, with lane sets inside lanes.

use super::{At, Reader, attribute, name};
use crate::xml::Node as Xml;

/// A lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: At,
    /// The ids of the nodes in it.
    pub nodes: Vec<String>,
    /// How many lanes are around it.
    pub depth: u32,
}

impl Reader<'_> {
    /// The lanes of a process, outer ones first.
    pub(super) fn lanes(&mut self, process: Xml<'_, '_>) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for set in process.children().filter(|child| name(*child) == "laneSet") {
            self.lane_set(set, 0, &mut lanes);
        }
        lanes
    }

    fn lane_set(&mut self, set: Xml<'_, '_>, depth: u32, lanes: &mut Vec<Lane>) {
        for node in set.children().filter(|child| name(*child) == "lane") {
            let refs = node
                .children()
                .filter(|child| name(*child) == "flowNodeRef");
            let nodes = refs
                .map(|node| super::local(node.text().unwrap_or_default().trim()))
                .collect();
            let id = self.required(node, "id");
            lanes.push(Lane {
                id,
                name: attribute(node, "name"),
                at: self.at(node),
                nodes,
                depth,
            });
            for inner in node
                .children()
                .filter(|child| name(*child) == "childLaneSet")
            {
                self.lane_set(inner, depth + 1, lanes);
            }
        }
    }
}
