//! Forms: a JSON Schema of a pack, read into typed fields that a page can draw and an input is checked
//! against.
//!
//! The part of JSON Schema that is understood is small and closed (see [`Form::parse`]); a keyword
//! outside it is refused by name when the pack is deployed, never passed over. A form knows neither the
//! page nor the case: `web` draws its [`Field`]s, and what [`Form::check`] gives becomes case fields.

mod check;
mod field;
mod parse;

pub use check::FieldError;
pub use field::{Choice, Field, Kind, Limits, Pattern};

use baton_model::{Diagnostic, Value};
use std::collections::BTreeMap;

/// The form of a task.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its heading.
    pub title: Option<String>,
    /// What to do, above the fields.
    pub description: Option<String>,
    /// The fields, in the order they are drawn: by `x-baton.order`, then by name.
    pub fields: Vec<Field>,
}

impl Form {
    /// Reads a form from JSON.
    ///
    /// Of the object: `type: object`, `title`, `description`, `properties`, `required`,
    /// `additionalProperties: false`, `$schema`, `$id`, `$comment`. Of a property: `type` (`string`,
    /// `number`, `integer`, `boolean`), `title`, `description`, `default`, `readOnly`, `enum`, `oneOf` of
    /// `const` with `title`, `format: date`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`,
    /// `$comment`, and `x-baton` with `help`, `key` (one character), `widget` and `order`.
    ///
    /// # Errors
    /// All findings, `BATON-FORM-NNN`, with line and the path of the keyword as subject.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        parse::form(bytes)
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Turns plain inputs, as a page sends them, into values. A blank input is no input; a check box
    /// that is not sent is false; a read-only field is not taken.
    ///
    /// # Errors
    /// One error for each field that is wrong, in the order of the fields; then inputs of no field.
    pub fn check(
        &self,
        inputs: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Value>, Vec<FieldError>> {
        check::inputs(self, inputs)
    }
}
