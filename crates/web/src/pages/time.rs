//! A worker's time: a day's stretches, the sums, corrections.

use super::shell::Shell;
use askama::Template;

/// `GET /time?worker=&day=`
#[derive(Template)]
#[template(path = "time.html")]
pub struct TimePage {
    /// The frame.
    pub shell: Shell,
    /// Whose time it is: id, and in words.
    pub worker: String,
    /// In words.
    pub whose: String,
    /// Whether it is the viewer's own.
    pub own: bool,
    /// The day, as `2026-11-22`, and in words.
    pub date: String,
    /// In words.
    pub day: String,
    /// The days before and after.
    pub around: (String, Option<String>),
    /// The day as a drawing.
    pub bar: String,
    /// What was recorded.
    pub recorded: Vec<StretchRow>,
    /// The sums: state and time.
    pub sums: Vec<(&'static str, String)>,
    /// The shift.
    pub shift: String,
    /// Corrections of the day.
    pub corrections: Vec<CorrectionRow>,
    /// Corrections of the party that wait for the viewer, who leads it.
    pub waiting: Vec<CorrectionRow>,
    /// Why what was sent was not done.
    pub refused: Option<String>,
    /// What was typed: from, until, state, why.
    pub typed: [String; 4],
    /// The same as CSV.
    pub csv: String,
}

/// A stretch of a day.
pub struct StretchRow {
    /// What.
    pub state: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// How long.
    pub length: String,
}

/// A correction.
pub struct CorrectionRow {
    /// Its id.
    pub id: String,
    /// Whose, by id.
    pub worker: String,
    /// Whose, in words.
    pub whose: String,
    /// What it says, like `training 09:10 to 10:00`.
    pub says: String,
    /// Why.
    pub why: String,
    /// What became of it, in words.
    pub decided: Option<String>,
    /// The worker's day.
    pub href: String,
}
