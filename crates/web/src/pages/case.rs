//! The case desk: one case with its relay, the form of the item at hand, why it is here, its clocks, its
//! history and its documents.
//!
//! It serves `GET /items/{id}` (with a form) and `GET /cases/{id}` (to read).

use super::form::{Kind, WorkForm};
use super::parts::{DocLink, EventLine, Note, Table, Tag};
use super::pause::PauseLine;
use super::shell::Shell;
use super::work::{Presence, Why};
use crate::strip::{Axis, Strip};
use askama::Template;
use baton_model::Masked;

/// `GET /items/{id}`, `GET /cases/{id}`
#[derive(Template)]
#[template(path = "case.html")]
pub struct CasePage {
    /// The frame.
    pub shell: Shell,
    /// The case as the viewer may see it.
    pub desk: Masked<Desk>,
}

/// A case on the desk.
pub struct Desk {
    /// The case's id.
    pub case: String,
    /// The page's own path, for the switch of the strip.
    pub path: String,
    /// Back to the list it was opened from.
    pub list: String,
    /// Its place in that list, like `6 of 14`.
    pub position: Option<String>,
    /// What it is about.
    pub subject: String,
    /// With whom.
    pub with: String,
    /// The amount with its currency.
    pub amount: String,
    /// How it stands, like `Price exception`.
    pub status: Option<Tag>,
    /// Who else is here.
    pub here: Vec<Presence>,
    /// The relay.
    pub strip: Strip,
    /// Whether the table stands in the strip's place.
    pub as_table: bool,
    /// The form of the item at hand.
    pub form: Option<WorkForm>,
    /// What is to be decided, or what is stuck.
    pub note: Option<Note>,
    /// The lines compared: order, receipt, invoice.
    pub lines: Option<Table>,
    /// The case's own data, when there is no form.
    pub data: Vec<Fact>,
    /// Which rules fired.
    pub fired: Option<Fired>,
    /// The clocks, a row a hop and the case's sum.
    pub clocks: Table,
    /// On whose hours they were counted, where these differ.
    pub counted_on: Option<String>,
    /// The pauses, the first first.
    pub pauses: Vec<PauseLine>,
    /// Target, due and the like.
    pub facts: Vec<Fact>,
    /// Why this party has it.
    pub why: Option<Why>,
    /// The history, newest first.
    pub history: Vec<EventLine>,
    /// What the side panel is about, like `Supplier`.
    pub context_name: String,
    /// Its facts, masked ones with a way to reveal.
    pub context: Vec<Fact>,
    /// The documents.
    pub docs: Vec<DocLink>,
}

/// The rules that fired.
pub struct Fired {
    /// What was decided.
    pub note: Note,
    /// Rule, input, result.
    pub rules: Table,
}

/// A named value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Its value, or the dots of its mask.
    pub value: String,
    /// How to reveal it, if it is masked and may be revealed.
    pub reveal: Option<Reveal>,
    /// Whether it is masked.
    pub masked: bool,
    /// Where it opens.
    pub href: Option<String>,
}

/// How a masked field is revealed: with a reason, counted by the hour.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// The field's name in the record.
    pub field: String,
    /// How many are left, like `4 of 5 reveals left this hour`.
    pub left: String,
}

impl Fact {
    /// A plain value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            reveal: None,
            masked: false,
            href: None,
        }
    }
}

impl Desk {
    /// The switch above the strip: name, address, whether it is on.
    pub fn switch(&self) -> [(&'static str, String, bool); 3] {
        let wall = !self.as_table && self.strip.axis == Axis::Wall;
        let working = !self.as_table && self.strip.axis == Axis::Working;
        [
            ("Wall", self.path.clone(), wall),
            ("Working", format!("{}?strip=working", self.path), working),
            ("Table", format!("{}?strip=table", self.path), self.as_table),
        ]
    }
}
