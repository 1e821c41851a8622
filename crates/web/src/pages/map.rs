//! The map of a process: the drawing, the table of lanes and parties beside it, the chosen lane's cases,
//! and what is stuck.

use super::figure::Figure;
use super::parts::{Chip, Link, Remaining};
use super::shell::Shell;
use crate::strip::Strip;
use askama::Template;
use baton_model::Masked;

/// `GET /map?process=&version=&lane=`
#[derive(Template)]
#[template(path = "map.html")]
pub struct MapPage {
    /// The frame.
    pub shell: Shell,
    /// The process shown; none where no pack is deployed.
    pub shown: Option<Shown>,
}

/// A process as it is shown.
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its version in words.
    pub version: String,
    /// The other processes and versions: name, address, whether it is this one.
    pub others: Vec<(String, String, bool)>,
    /// The drawing, which is written by the server and escaped there.
    pub svg: String,
    /// How far hand-overs are counted back: word, address, whether chosen.
    pub spans: Vec<(&'static str, String, bool)>,
    /// Hand-overs.
    pub handed: Vec<HandedRow>,
    /// The lanes and parties.
    pub rows: Vec<PartRow>,
    /// The sum of the table.
    pub all: Counted,
    /// The chosen lane's cases.
    pub lane: Option<LaneCases>,
    /// What is stuck.
    pub stuck: Vec<StuckRow>,
    /// The parties for the legend.
    pub legend: Vec<(Chip, String)>,
    /// Where a lane's parties are changed, for those who may.
    pub change: Option<String>,
}

/// How often cases went from one lane to another.
pub struct HandedRow {
    /// The one.
    pub from: String,
    /// The other.
    pub to: String,
    /// How often.
    pub count: Figure,
}

/// A party's part of a lane.
pub struct PartRow {
    /// The lane's name and where it is chosen; only in the lane's first row.
    pub lane: Option<Link>,
    /// The lane's name, for those who hear the table.
    pub spoken: String,
    /// Whether the lane is chosen.
    pub picked: bool,
    /// The party.
    pub chip: Chip,
    /// Its share in words.
    pub share: String,
    /// Its part of what arrived in the last seven days.
    pub week: String,
    /// Open and late cases.
    pub counted: Counted,
    /// The median working time.
    pub median: String,
}

/// Open and late cases with the lists they open.
pub struct Counted {
    /// Open.
    pub open: i64,
    /// Their list.
    pub href: String,
    /// Late.
    pub late: i64,
    /// Their list.
    pub late_href: String,
}

/// The cases of a lane.
pub struct LaneCases {
    /// The lane's name.
    pub name: String,
    /// How many there are.
    pub total: usize,
    /// All of them.
    pub href: String,
    /// The first of them.
    pub cases: Vec<Masked<LaneCase>>,
}

/// A case of the chosen lane.
pub struct LaneCase {
    /// Its title.
    pub title: String,
    /// Where it opens.
    pub href: String,
    /// Its relay.
    pub strip: Strip,
    /// The working time left.
    pub left: Remaining,
}

/// A case that is stuck.
pub struct StuckRow {
    /// The case.
    pub case: String,
    /// The step.
    pub step: String,
    /// What is wrong.
    pub message: String,
}
