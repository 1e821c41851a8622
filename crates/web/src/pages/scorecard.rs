//! The scorecard: every agreement's service levels in a month, whose time the breaches used, one level
//! opened; and the rows behind a number.

use super::case::Fact;
use super::figure::Figure;
use super::parts::{Cell, Chip, Empty, Head, Link, Pager, Tag};
use super::shell::Shell;
use crate::strip::Strip;
use askama::Template;
use std::fmt::Write;

/// `GET /scorecard?month=&level=`
#[derive(Template)]
#[template(path = "scorecard.html")]
pub struct ScorecardPage {
    /// The frame.
    pub shell: Shell,
    /// The month and how far it is.
    pub month: MonthPick,
    /// Whose levels: `all parties` or the own.
    pub whose: String,
    /// Figures over all.
    pub tiles: Vec<Tile>,
    /// Whose time the breaches used: party, minutes, part of all in hundredths of a percent.
    pub used: Vec<Used>,
    /// The scale of the range plots, in percent.
    pub scale: (u32, u32),
    /// The agreements.
    pub groups: Vec<Group>,
    /// Minutes past targets by lane and party.
    pub breaches: Breaches,
    /// The level that is open.
    pub open: Option<Opened>,
    /// What stands where nothing is.
    pub empty: Option<Empty>,
}

/// The month a page is of.
pub struct MonthPick {
    /// Like `November 2026`.
    pub name: String,
    /// `to date` or `whole month`.
    pub far: &'static str,
    /// The month before.
    pub before: Link,
    /// The month after, where it has begun.
    pub after: Option<Link>,
}

/// A figure over all, with its words.
pub struct Tile {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub figure: Figure,
    /// Beside it, like `of 12`.
    pub of: String,
    /// Below it.
    pub note: String,
}

/// A party's part of all breach minutes.
pub struct Used {
    /// The party.
    pub chip: Chip,
    /// Its minutes.
    pub figure: Figure,
    /// Where its part of the bar begins, in hundredths of a percent.
    pub from: u32,
    /// How wide it is.
    pub width: u32,
}

impl Used {
    /// The colour class of the party.
    pub fn class(&self) -> &'static str {
        self.chip.slot.map_or("px", crate::strip::Slot::class)
    }

    /// Hundredths of a percent as SVG reads them.
    pub fn at(&self, points: &u32) -> String {
        format!("{}.{:02}%", points / 100, points % 100)
    }
}

/// An agreement with its levels.
pub struct Group {
    /// The party.
    pub chip: Chip,
    /// Its name.
    pub name: String,
    /// The agreement in words, like `agreement KS-2026 v4`.
    pub about: String,
    /// Where the agreement opens.
    pub href: String,
    /// What is charged so far.
    pub charged: Option<Figure>,
    /// Its levels.
    pub levels: Vec<LevelRow>,
}

/// A service level.
pub struct LevelRow {
    /// Its name.
    pub name: String,
    /// Whether it is critical.
    pub critical: bool,
    /// Where it opens beside.
    pub href: String,
    /// Whether it is the one that is open.
    pub current: bool,
    /// The value.
    pub value: Figure,
    /// How many it is of.
    pub of: String,
    /// The plot.
    pub plot: Plot,
    /// How it stands.
    pub state: Tag,
    /// Whether it is missed.
    pub missed: bool,
    /// Minutes past the target.
    pub over: Figure,
}

/// A range plot: hundredths of a percent on a scale.
#[derive(Clone, Debug, Default)]
pub struct Plot {
    /// The value.
    pub value: Option<u32>,
    /// The sampling interval.
    pub between: Option<(u32, u32)>,
    /// The target.
    pub target: u32,
    /// Whether it is missed.
    pub missed: bool,
    /// The scale's ends.
    pub scale: (u32, u32),
    /// Said for readers.
    pub said: String,
}

impl Plot {
    /// The plot as SVG.
    pub fn svg(&self) -> String {
        let mut svg = format!(
            "<svg class=\"range\" viewBox=\"0 0 140 24\" role=\"img\" aria-label=\"{}\"><path class=\"track\" d=\"M2 14H138\"/>",
            super::parts::escape(&self.said)
        );
        if let Some((low, high)) = self.between {
            let (low, high) = (self.x(low), self.x(high));
            let _ = write!(
                svg,
                "<path class=\"caps\" d=\"M{low} 14H{high}M{low} 10V18M{high} 10V18\"/>"
            );
        }
        let flag = self.x(self.target);
        let _ = write!(
            svg,
            "<path class=\"pole\" d=\"M{flag} 3V21\"/><path class=\"pennant\" d=\"M{flag} 3l6 2.5-6 2.5z\"/>"
        );
        if let Some(value) = self.value {
            let x = self.x(value);
            let _ = match self.missed {
                true => write!(svg, "<path class=\"missed\" d=\"M{x} 9l5 9h-10z\"/>"),
                false => write!(svg, "<circle class=\"dot\" cx=\"{x}\" cy=\"14\" r=\"4\"/>"),
            };
        }
        svg + "</svg>"
    }

    /// The place of a value, in tenths of a unit.
    fn x(&self, points: u32) -> String {
        let (low, high) = (self.scale.0 * 100, self.scale.1 * 100);
        let points = points.clamp(low, high);
        let tenths = 20 + (points - low) * 1_360 / (high - low).max(1);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// Minutes past targets by lane and party.
pub struct Breaches {
    /// The parties.
    pub parties: Vec<Chip>,
    /// A lane with a figure for each party, and all.
    pub rows: Vec<(String, Vec<Figure>, Figure)>,
    /// The sums of the parties, and of all.
    pub total: (Vec<Figure>, Figure),
}

/// A level, opened.
pub struct Opened {
    /// The party.
    pub chip: Chip,
    /// The level's name.
    pub name: String,
    /// The counts of the formula.
    pub met: Figure,
    /// All that was due.
    pub due: Figure,
    /// Not as agreed.
    pub missed: Figure,
    /// The result.
    pub result: String,
    /// Further counts: name and figure.
    pub further: Vec<(&'static str, Figure)>,
    /// The latest that were missed.
    pub latest: Vec<MissedRow>,
    /// What was done in the lane, and under what it was computed.
    pub facts: Vec<Fact>,
    /// The rows as a file.
    pub export: String,
}

/// A missed hop.
pub struct MissedRow {
    /// The case.
    pub case: Link,
    /// Its strip, where it is in sight.
    pub strip: Option<Strip>,
    /// By how much.
    pub over: String,
}

/// The rows behind a number.
#[derive(Template)]
#[template(path = "rows.html")]
pub struct RowsPage {
    /// The frame.
    pub shell: Shell,
    /// What they are, in words.
    pub title: String,
    /// Under which terms.
    pub about: String,
    /// Back to the page of the number.
    pub back: Link,
    /// The columns.
    pub head: Vec<Head>,
    /// The rows.
    pub rows: Vec<ValueRow>,
    /// How many there are in all.
    pub total: usize,
    /// What their values add up to, exactly.
    pub sum: String,
    /// The same in words.
    pub said: String,
    /// The pages.
    pub pager: Pager,
    /// The rows as a file.
    pub export: String,
    /// What stands where nothing is.
    pub empty: Option<Empty>,
}

/// A row with its value.
pub struct ValueRow {
    /// Its value, exactly.
    pub value: String,
    /// Its cells.
    pub cells: Vec<Cell>,
}

impl RowsPage {
    /// The style class of a column.
    pub fn class(&self, column: &usize) -> &'static str {
        self.head.get(*column).map_or("", Head::class)
    }
}

/// `GET /scorecard/cases?month=`: late cases and whom they are charged to.
#[derive(Template)]
#[template(path = "late_cases.html")]
pub struct LateCasesPage {
    /// The frame.
    pub shell: Shell,
    /// The month.
    pub month: String,
    /// Back to the scorecard.
    pub back: Link,
    /// The cases.
    pub rows: Vec<LateCase>,
    /// The pages.
    pub pager: Pager,
    /// What stands where nothing is.
    pub empty: Option<Empty>,
}

/// A late case.
pub struct LateCase {
    /// The case.
    pub case: Link,
    /// Its strip.
    pub strip: Strip,
    /// By how much.
    pub over: String,
    /// Who is charged how much.
    pub charged: Vec<(Chip, String)>,
    /// What no hop's overrun explains.
    pub rest: Option<String>,
}
