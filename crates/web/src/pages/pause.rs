//! A pause of a work item as a case page shows it: what was asked of whom, the answer, the objection, and
//! the forms to give either. Its partial is `pause.html`.

use super::parts::Chip;

/// A pause.
#[derive(Clone, Debug)]
pub struct PauseLine {
    /// The entry that paused.
    pub n: i64,
    /// The work item.
    pub item: String,
    /// The party that paused.
    pub party: Chip,
    /// What it does, like `asks Linden & Voss` or `waits for the supplier`.
    pub does: String,
    /// When, like `Fri 20 Nov 14:00 to 16:10`.
    pub when: String,
    /// What is asked, or the dots of its mask.
    pub text: Option<String>,
    /// The answer.
    pub answer: Option<Told>,
    /// The client's objection.
    pub contest: Option<Told>,
    /// What it does to the clock, like `clock stood still 2 h 10`.
    pub clock: String,
    /// Whether it waits for an answer.
    pub open: bool,
    /// How the viewer may answer.
    pub answers: Answers,
    /// Whether the viewer may object.
    pub contests: bool,
}

/// What somebody said to a pause.
#[derive(Clone, Debug)]
pub struct Told {
    /// Who, like `LV answered` or `KS recorded the answer of B. Kern`.
    pub who: String,
    /// What.
    pub text: String,
    /// The entry.
    pub n: i64,
}

/// How a viewer may answer a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Not at all.
    No,
    /// As the one who was asked.
    Asked,
    /// For somebody else, who is named.
    Records,
}

impl PauseLine {
    /// Whether the viewer answers as the one who was asked.
    pub fn is_asked(&self) -> bool {
        self.open && self.answers == Answers::Asked
    }

    /// Whether the viewer records an answer of somebody else.
    pub fn records(&self) -> bool {
        self.open && self.answers == Answers::Records
    }
}

/// Somebody who can be asked while an item waits.
#[derive(Clone, Debug)]
pub struct Askable {
    /// The reason's code, with the party after a colon where one is named.
    pub value: String,
    /// Who, in words.
    pub name: String,
}
