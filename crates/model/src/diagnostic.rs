//! Diagnostics: what is wrong with a file, where, and what to do. Parsers return them beside or
//! instead of their value.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One finding in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// A stable code, like `BATON-UBL-003`.
    pub code: String,
    /// The line, from 1; 0 where the finding is of the whole file.
    pub line: u32,
    /// The column, from 1; 0 where the finding is of the whole line.
    pub column: u32,
    /// The element's id or name, where it has one.
    pub subject: Option<String>,
    /// What was wrong and what to do, in a sentence.
    pub message: String,
}

impl Diagnostic {
    /// A finding at a line.
    pub fn at(code: &str, line: u32, column: u32, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            line,
            column,
            subject: None,
            message: message.into(),
        }
    }

    /// The same finding, naming the element it is about.
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "{} [{}]", self.message, self.code)
    }
}
