//! Tables of words and figures: heads, rows, cells with chips, tags and tones.
//!
//! A table holds words ready to show; it sorts and sums nothing.

use super::parts::{Chip, Tag, Tone, escape};
use askama::filters::HtmlSafe;
use std::fmt;

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// A party before the text.
    pub chip: Option<Chip>,
    /// A tag before the text.
    pub tag: Option<Tag>,
    /// The text.
    pub text: String,
    /// How the text is meant.
    pub tone: Tone,
    /// Where it opens; a number that opens is underlined with dots.
    pub href: Option<String>,
}

impl Cell {
    /// A cell of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The cell with a tone.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl HtmlSafe for Cell {}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(chip) = &self.chip {
            write!(f, "{chip} ")?;
        }
        if let Some(tag) = &self.tag {
            write!(f, "{tag} ")?;
        }
        if matches!(self.tone, Tone::Good | Tone::Risk | Tone::Late) && !self.text.is_empty() {
            write!(
                f,
                "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#{}\"/></svg> ",
                self.tone.icon()
            )?;
        }
        let text = escape(&self.text);
        match &self.href {
            Some(href) => write!(f, "<a class=\"opens\" href=\"{}\">{text}</a>", escape(href)),
            None => f.write_str(&text),
        }
    }
}

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub text: String,
    /// Whether it holds numbers, set to the right.
    pub num: bool,
    /// Whether it gives way on a narrow screen.
    pub minor: bool,
}

impl Head {
    /// The style class of the column.
    pub fn class(&self) -> &'static str {
        match (self.num, self.minor) {
            (true, true) => "num minor",
            (true, false) => "num",
            (false, true) => "minor",
            (false, false) => "",
        }
    }
}

/// How a table's row stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// Not at all.
    #[default]
    None,
    /// The row in question.
    Picked,
    /// The sum.
    Total,
}

impl Mark {
    /// The style class.
    pub fn class(self) -> &'static str {
        match self {
            Mark::None => "",
            Mark::Picked => "picked",
            Mark::Total => "total",
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its cells, one a column.
    pub cells: Vec<Cell>,
    /// How it stands out.
    pub mark: Mark,
}

/// A table of words and figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub head: Vec<Head>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table of these columns; `#` before a name makes it a column of numbers, `~` before
    /// that one that gives way on a narrow screen.
    pub fn new(columns: &[&str]) -> Self {
        let head = |name: &&str| Head {
            text: name.trim_start_matches(['~', '#']).to_owned(),
            num: name.contains('#'),
            minor: name.starts_with('~'),
        };
        Self {
            head: columns.iter().map(head).collect(),
            rows: Vec::new(),
        }
    }

    /// The style class of a column.
    pub fn class(&self, column: &usize) -> &'static str {
        self.head.get(*column).map_or("", Head::class)
    }
}
