//! The generated form of a work item: fields made from the pack's JSON Schema, with digit keys on the
//! answers of a choice.
//!
//! It validates nothing; the handler puts what the desk refused beside the field it concerns.

use super::pause::Askable;

/// The form of one work item.
#[derive(Clone, Debug)]
pub struct WorkForm {
    /// The work item's id.
    pub item: String,
    /// The number of the entry that last touched it; goes back with the answer.
    pub n: u64,
    /// The task's name.
    pub heading: String,
    /// Beside it, like `step 3 of 5 · version 11`.
    pub sub: String,
    /// When the draft was saved.
    pub saved: Option<String>,
    /// The fields, in the schema's order.
    pub fields: Vec<Field>,
    /// Whether it is offered and must be claimed before it can be completed.
    pub claim: bool,
    /// Why it cannot be completed now, in words; its fields are then only to be read.
    pub not_now: Option<String>,
    /// Whether a colleague has it and the viewer may take it over.
    pub take_over: bool,
    /// Whether the viewer has it and may give it back or pause it.
    pub give_back: bool,
    /// Whether its clock stands still and may run again.
    pub resume: bool,
    /// Whom the viewer may ask while it waits; nobody where the viewer may not pause it.
    pub asks: Vec<Askable>,
    /// What comes after completing, like `next: INV-88214`.
    pub next: Option<String>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the form and in the record.
    pub name: String,
    /// Its label.
    pub label: String,
    /// A word beside the label, like `Linden & Voss sees this`.
    pub hint: String,
    /// What it takes.
    pub kind: Kind,
    /// Its value as typed.
    pub value: String,
    /// Whether it must be filled.
    pub required: bool,
    /// What is wrong with it and what to write.
    pub wrong: Option<String>,
}

/// What a field takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One of a few answers, shown all, each with a digit key.
    Answers(Vec<Answer>),
    /// One of many, in a list.
    Select(Vec<Answer>),
    /// A line of text.
    Line,
    /// A longer text.
    Text,
    /// A day.
    Date,
    /// A number.
    Number,
    /// Yes or no.
    Check,
}

/// One answer of a choice.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// What follows from it.
    pub hint: String,
    /// Its digit key; none past nine.
    pub key: Option<u8>,
}

impl Field {
    /// The type of a plain input.
    pub fn input(&self) -> &'static str {
        match self.kind {
            Kind::Date => "date",
            _ => "text",
        }
    }

    /// Whether a keyboard on glass should show digits.
    pub fn numeric(&self) -> bool {
        matches!(self.kind, Kind::Number)
    }

    /// Whether it takes a whole row of the form.
    pub fn whole_row(&self) -> bool {
        matches!(self.kind, Kind::Answers(_) | Kind::Text | Kind::Check)
    }
}
