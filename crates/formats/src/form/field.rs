//! A field of a form: its name, its words, and what may be entered.

use baton_model::{Decimal, Value};
use regex::Regex;

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The case field it fills, like `decision.outcome`.
    pub name: String,
    /// Its label.
    pub title: String,
    /// A line of help beneath it.
    pub help: Option<String>,
    /// The key that jumps to it.
    pub key: Option<char>,
    /// How the page should draw it, if not as its kind suggests, like `textarea`.
    pub widget: Option<String>,
    /// Its place; fields without one stand last.
    pub order: Option<i64>,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether it is shown only.
    pub read_only: bool,
    /// What stands in it at first.
    pub default: Option<Value>,
    /// What may be entered.
    pub kind: Kind,
}

/// What may be entered.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Text.
    Text {
        /// How many characters.
        length: Limits<u32>,
        /// What it must look like.
        pattern: Option<Pattern>,
    },
    /// A day, as `2026-07-16`.
    Date,
    /// A number.
    Number {
        /// Its range.
        range: Limits<Decimal>,
        /// Whether it must be whole.
        whole: bool,
    },
    /// Yes or no.
    Truth,
    /// One of these.
    Choice(Vec<Choice>),
}

/// The least and the most, both allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits<T> {
    /// The least.
    pub least: Option<T>,
    /// The most.
    pub most: Option<T>,
}

impl<T: PartialOrd> Limits<T> {
    /// Whether a value lies within.
    pub fn hold(&self, value: &T) -> bool {
        self.least.as_ref().is_none_or(|least| value >= least)
            && self.most.as_ref().is_none_or(|most| value <= most)
    }
}

/// A regular expression, as the pack wrote it and compiled.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written, for the page's own check.
    pub source: String,
    pub(super) compiled: Regex,
}

/// One of the values of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value that is stored.
    pub value: Value,
    /// What the page says.
    pub title: String,
    /// A line of help beneath it.
    pub help: Option<String>,
    /// The key that chooses it.
    pub key: Option<char>,
}

impl Choice {
    /// The value as an input sends it.
    pub fn input(&self) -> String {
        match &self.value {
            Value::Text(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number.num.normalize().to_string(),
            Value::Null | Value::List(_) | Value::Map(_) => String::new(),
        }
    }
}
