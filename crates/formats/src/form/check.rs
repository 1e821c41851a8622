//! Checking what a person entered against the fields of a form.

use super::{Choice, Field, Form, Kind, Limits, Pattern};
use baton_model::{Decimal, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;
use thiserror::Error;

/// The most characters a text without `maxLength` may have.
const MOST_CHARACTERS: u32 = 10_000;

/// Why an input was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct FieldError {
    /// The field, or the input that is no field.
    pub field: String,
    /// A stable code, `BATON-FORM-1NN`.
    pub code: &'static str,
    /// What was wrong and what to enter.
    pub message: String,
}

impl FieldError {
    fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        let (field, message) = (field.to_owned(), message.into());
        Self {
            field,
            code,
            message,
        }
    }
}

pub(super) fn inputs(
    form: &Form,
    inputs: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Value>, Vec<FieldError>> {
    let mut values = BTreeMap::new();
    let mut errors = Vec::new();
    for field in form.fields.iter().filter(|field| !field.read_only) {
        match one(field, inputs.get(&field.name).map_or("", String::as_str)) {
            Ok(Some(value)) => {
                values.insert(field.name.clone(), value);
            }
            Ok(None) => {}
            Err((code, message)) => errors.push(FieldError::new(&field.name, code, message)),
        }
    }
    errors.extend(inputs.keys().filter_map(|name| stray(form, name)));
    if errors.is_empty() {
        Ok(values)
    } else {
        Err(errors)
    }
}

/// An input that no field takes.
fn stray(form: &Form, name: &str) -> Option<FieldError> {
    let message = match form.field(name) {
        Some(field) if field.read_only => "this field is shown only; leave it out",
        Some(_) => return None,
        None => "the form has no such field; leave it out",
    };
    Some(FieldError::new(name, "BATON-FORM-107", message))
}

type Refused = (&'static str, String);

fn one(field: &Field, input: &str) -> Result<Option<Value>, Refused> {
    if matches!(field.kind, Kind::Truth) {
        return truth(input).map(Some);
    }
    if input.trim().is_empty() {
        let message = format!("{} is needed; fill it in", field.title);
        return if field.required {
            Err(("BATON-FORM-101", message))
        } else {
            Ok(None)
        };
    }
    let value = match &field.kind {
        Kind::Text { length, pattern } => text(input, length, pattern.as_ref()),
        Kind::Date => date(input.trim()),
        Kind::Number { range, whole } => number(input.trim(), range, *whole),
        Kind::Choice(choices) => choice(input, choices),
        Kind::Truth => truth(input),
    };
    value.map(Some)
}

fn truth(input: &str) -> Result<Value, Refused> {
    match input.trim() {
        "" | "false" | "off" | "0" => Ok(Value::Bool(false)),
        "true" | "on" | "1" => Ok(Value::Bool(true)),
        _ => Err(("BATON-FORM-106", "enter true or false".into())),
    }
}

fn text(input: &str, length: &Limits<u32>, pattern: Option<&Pattern>) -> Result<Value, Refused> {
    let text = input.replace("\r\n", "\n");
    let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let most = length.most.unwrap_or(MOST_CHARACTERS);
    if !length.hold(&count) || count > most {
        let least = length.least.unwrap_or(0);
        let message = format!("{count} characters; enter {least} to {most}");
        return Err(("BATON-FORM-102", message));
    }
    if let Some(pattern) = pattern.filter(|pattern| !pattern.compiled.is_match(&text)) {
        let message = format!(
            "this does not look as it should; enter it like {}",
            pattern.source
        );
        return Err(("BATON-FORM-103", message));
    }
    Ok(Value::Text(text))
}

fn date(input: &str) -> Result<Value, Refused> {
    let written = input.len() == 10;
    match input.parse::<Date>() {
        Ok(day) if written => Ok(Value::text(day.to_string())),
        _ => Err(("BATON-FORM-104", "no date; enter it like 2026-07-16".into())),
    }
}

fn number(input: &str, range: &Limits<Decimal>, whole: bool) -> Result<Value, Refused> {
    let refused = |message: String| Err(("BATON-FORM-105", message));
    let plain = input.strip_prefix('-').unwrap_or(input);
    let written = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let Some(number) = input.parse::<Decimal>().ok().filter(|_| written) else {
        return refused("no number; enter it like 1234.50".into());
    };
    if whole && !number.fract().is_zero() {
        return refused("enter a whole number".into());
    }
    if !range.hold(&number) {
        return refused(match (range.least, range.most) {
            (Some(least), Some(most)) => format!("enter a number from {least} to {most}"),
            (Some(least), None) => format!("enter {least} or more"),
            (None, most) => format!("enter {} or less", most.unwrap_or_default()),
        });
    }
    Ok(Value::number(number))
}

fn choice(input: &str, choices: &[Choice]) -> Result<Value, Refused> {
    let chosen = choices.iter().find(|choice| choice.input() == input);
    chosen.map(|choice| choice.value.clone()).ok_or_else(|| {
        let titles: Vec<&str> = choices.iter().map(|choice| choice.title.as_str()).collect();
        let message = format!("choose one of: {}", titles.join(", "));
        ("BATON-FORM-106", message)
    })
}
