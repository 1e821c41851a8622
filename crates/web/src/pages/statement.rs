//! Statements: the agreements with their month's charges, and one statement with its lines.

use super::case::Fact;
use super::figure::Figure;
use super::parts::{Chip, Empty, Link, Note};
use super::scorecard::{MonthPick, ValueRow};
use super::shell::Shell;
use super::table::Head;
use askama::Template;

/// `GET /statement?month=`
#[derive(Template)]
#[template(path = "statements.html")]
pub struct StatementsPage {
    /// The frame.
    pub shell: Shell,
    /// The month.
    pub month: MonthPick,
    /// The agreements with their totals.
    pub rows: Vec<StatementRow>,
    /// What stands where nothing is.
    pub empty: Option<Empty>,
}

/// An agreement's charges in short.
pub struct StatementRow {
    /// The party.
    pub chip: Chip,
    /// Its name.
    pub name: String,
    /// The agreement.
    pub agreement: Link,
    /// How many items are charged.
    pub quantity: u64,
    /// The total with its currency.
    pub total: Figure,
}

/// `GET /statement/{agreement}?month=&line=`
#[derive(Template)]
#[template(path = "statement.html")]
pub struct StatementPage {
    /// The frame.
    pub shell: Shell,
    /// The month.
    pub month: MonthPick,
    /// The party.
    pub chip: Chip,
    /// Its name.
    pub name: String,
    /// The agreement.
    pub agreement: Link,
    /// What it is in.
    pub currency: String,
    /// The lines.
    pub lines: Vec<LineRow>,
    /// The sum of the lines.
    pub total: String,
    /// Whether it was recomputed from the journal, and what that gave.
    pub check: Note,
    /// Where it is recomputed.
    pub recompute: String,
    /// The lines as a file.
    pub export: String,
    /// How it comes about.
    pub facts: Vec<Fact>,
}

/// A line of a statement.
pub struct LineRow {
    /// Its number.
    pub place: usize,
    /// What it charges.
    pub name: String,
    /// Under which price.
    pub about: String,
    /// Where it opens.
    pub href: String,
    /// How many items.
    pub quantity: Figure,
    /// The unit price.
    pub unit: String,
    /// The amount.
    pub amount: Figure,
    /// Whether recomputing gave the same; nothing where it was not done.
    pub same: Option<bool>,
    /// Its newest rows, where it is open.
    pub open: Option<OpenLine>,
}

/// The newest rows of a line.
pub struct OpenLine {
    /// How many are charged, in words.
    pub charged: String,
    /// How many are not, in words.
    pub rest: String,
    /// The columns.
    pub head: Vec<Head>,
    /// The rows.
    pub rows: Vec<ValueRow>,
    /// All of them.
    pub all: Link,
    /// All of them as a file.
    pub export: String,
}

impl OpenLine {
    /// The style class of a column.
    pub fn class(&self, column: &usize) -> &'static str {
        self.head.get(*column).map_or("", Head::class)
    }
}
