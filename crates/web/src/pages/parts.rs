//! The small parts pages are made of: party chip, remaining time, tag, event line, note; tables are in
//! [`super::table`].
//!
//! Parts hold words ready to show. Those that write markup escape what they hold.

pub use super::table::{Cell, Head, Mark, Row, Table};
use crate::strip::{Slot, hours};
use askama::filters::HtmlSafe;
use std::fmt;

/// A party's code on its fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The code, like `KS`.
    pub code: String,
    /// The party's slot; none is grey.
    pub slot: Option<Slot>,
}

impl Chip {
    /// A chip of a party whose slot is known.
    pub fn new(code: impl Into<String>, slot: u8) -> Self {
        Self {
            code: code.into(),
            slot: Some(Slot(slot)),
        }
    }
}

impl HtmlSafe for Chip {}

impl fmt::Display for Chip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.slot.map_or("px", Slot::class);
        write!(
            f,
            "<span class=\"chip {class}\">{}</span>",
            escape(&self.code)
        )
    }
}

/// The working time left on the holder's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// How it stands.
    pub kind: Left,
    /// Working time left in microseconds, negative past the target.
    pub micros: i64,
    /// When it is due, like `today 13:25` or `Fri 08:35`; `paused` while it stands still.
    pub due: String,
    /// Whether the clock runs now, so that the page may count it down.
    pub runs: bool,
}

/// How a remaining time stands: said by sign, word and colour together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// No target.
    None,
    /// Plenty: no sign, no colour.
    Plenty,
    /// Under one working hour or a tenth.
    Risk,
    /// Past the target.
    Late,
    /// Paused, keeps its remainder.
    Paused,
}

impl HtmlSafe for Remaining {}

impl fmt::Display for Remaining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (class, icon, word) = match self.kind {
            Left::None => return f.write_str("<span class=\"left quiet\">no target</span>"),
            Left::Plenty => ("", "", ""),
            Left::Risk => (" risk", "i-warn", "at risk"),
            Left::Late => (" late", "i-late", "past target"),
            Left::Paused => (" second", "i-pause", "paused"),
        };
        let tick = if self.runs {
            format!(" data-left=\"{}\"", self.micros)
        } else {
            String::new()
        };
        write!(f, "<span class=\"left{class}\"{tick}>")?;
        if !icon.is_empty() {
            write!(
                f,
                "<svg class=\"icon\" role=\"img\" aria-label=\"{word}\"><use href=\"#{icon}\"/></svg> "
            )?;
        }
        write!(f, "<b>{}</b></span>", hours(self.micros))
    }
}

/// How a word is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As the rest.
    #[default]
    Plain,
    /// What to look at.
    Strong,
    /// What need not be looked at.
    Quiet,
    /// A check that passed.
    Good,
    /// Something to decide.
    Risk,
    /// Something late or refused.
    Late,
}

impl Tone {
    /// The style class.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Strong => "strong",
            Tone::Quiet => "quiet",
            Tone::Good => "good",
            Tone::Risk => "risk",
            Tone::Late => "late",
        }
    }

    /// The sign that goes with the word.
    pub fn icon(self) -> &'static str {
        match self {
            Tone::Good => "i-check",
            Tone::Late => "i-late",
            Tone::Plain | Tone::Strong | Tone::Quiet | Tone::Risk => "i-warn",
        }
    }
}

/// A word in a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The word.
    pub text: String,
    /// How it is meant; `Risk`, `Late` and `Good` carry their sign.
    pub tone: Tone,
}

impl HtmlSafe for Tag {}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span class=\"tag {}\">", self.tone.class())?;
        if matches!(self.tone, Tone::Good | Tone::Risk | Tone::Late) {
            write!(
                f,
                "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#{}\"/></svg>",
                self.tone.icon()
            )?;
        }
        write!(f, "{}</span>", escape(&self.text))
    }
}

/// A line of a history: when, who, what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventLine {
    /// When, like `14:31` or `Wed 09:16`.
    pub at: String,
    /// The party, or the two of a hand-over.
    pub parties: Vec<Chip>,
    /// The part in bold.
    pub strong: String,
    /// The rest.
    pub text: String,
    /// A quote or detail on its own line.
    pub quote: Option<String>,
    /// The journal entry it opens.
    pub n: Option<u64>,
}

/// A document by name; links only where it can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocLink {
    /// Its name.
    pub name: String,
    /// Where it opens.
    pub href: Option<String>,
}

/// A box that says what is to be decided or what went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How it is meant.
    pub tone: Tone,
    /// The part in bold.
    pub strong: String,
    /// The rest.
    pub text: String,
}

/// A link with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Its address.
    pub href: String,
}

/// What stands where nothing is: what will come, and the next act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Empty {
    /// What is empty, like `Nothing waits for you`.
    pub what: String,
    /// What will come.
    pub then: String,
    /// The next act.
    pub act: Option<Link>,
}

/// Which part of a long list is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The first shown, from 1.
    pub from: usize,
    /// The last shown.
    pub to: usize,
    /// How many there are.
    pub total: usize,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
}

impl Pager {
    /// `1–50 of 312`.
    pub fn said(&self) -> String {
        format!(
            "{}–{} of {}",
            self.from,
            self.to,
            thousands(self.total as u64)
        )
    }
}

/// A number with its thousands apart: `184,306`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub(crate) use crate::strip::escape;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(184_306), "184,306");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }

    #[test]
    fn parts_escape_what_they_hold() {
        let cell = Cell::text("<b>");
        assert_eq!(cell.to_string(), "&lt;b&gt;");
        assert!(Chip::new("<", 1).to_string().contains("&lt;"));
    }
}
