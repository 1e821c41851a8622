//! A number that opens: its text, where it opens, and how many rows or how much it must find there.

use super::parts::escape;
use askama::filters::HtmlSafe;
use std::fmt;

/// A number with its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// As it is shown.
    pub text: String,
    /// Where it opens; a dash opens nowhere.
    pub href: Option<String>,
    /// How many rows it stands for.
    pub count: Option<u64>,
    /// What the rows add up to: microseconds or an amount.
    pub sum: Option<String>,
}

impl Figure {
    /// A count of rows.
    pub fn count(count: u64, href: String) -> Self {
        Self {
            text: super::parts::thousands(count),
            href: Some(href),
            count: Some(count),
            sum: None,
        }
    }

    /// A sum over rows.
    pub fn sum(text: String, sum: String, href: String) -> Self {
        Self {
            text,
            href: Some(href),
            count: None,
            sum: Some(sum),
        }
    }

    /// Nothing to show.
    pub fn none() -> Self {
        Self {
            text: "–".into(),
            ..Self::default()
        }
    }

    /// The same with other words.
    pub fn said(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

impl HtmlSafe for Figure {}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(href) = &self.href else {
            return write!(f, "{}", escape(&self.text));
        };
        write!(f, "<a class=\"opens\" href=\"{}\"", escape(href))?;
        if let Some(count) = self.count {
            write!(f, " data-count=\"{count}\"")?;
        }
        if let Some(sum) = &self.sum {
            write!(f, " data-sum=\"{}\"", escape(sum))?;
        }
        write!(f, ">{}</a>", escape(&self.text))
    }
}
