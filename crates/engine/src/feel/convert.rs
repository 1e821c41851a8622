//! Between the values of a case and FEEL's. Numbers cross as decimals in their digits, never as floats.
//!
//! Dates, times and durations of FEEL become text in ISO 8601; functions and ranges are no data.

use super::{EvaluationError, begin};
use baton_model::{Decimal, Micros, Value};
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value as Feel;
use dsntk_feel::{FeelNumber, FeelScope, Name};
use std::str::FromStr;

/// A case's value as FEEL sees it.
pub(crate) fn to_feel(value: &Value) -> Feel {
    match value {
        Value::Null => Feel::Null(None),
        Value::Bool(truth) => Feel::Boolean(*truth),
        Value::Number(number) => FeelNumber::from_str(&number.num.to_string()).map_or_else(
            |_| Feel::Null(Some("number out of range".into())),
            Feel::Number,
        ),
        Value::Text(text) => Feel::String(text.clone()),
        Value::List(items) => Feel::List(items.iter().map(to_feel).collect()),
        Value::Map(map) => {
            let mut context = FeelContext::default();
            for (name, value) in map {
                context.set_entry(&Name::from(name.as_str()), to_feel(value));
            }
            Feel::Context(context)
        }
    }
}

/// FEEL's value as data. `text` is the expression, for the message.
pub(crate) fn from_feel(value: &Feel, text: &str) -> Result<Value, EvaluationError> {
    Ok(match value {
        Feel::Null(None) => Value::Null,
        Feel::Null(Some(why)) if absent(why) => Value::Null,
        Feel::Null(Some(why)) => return Err(no_value(text, why)),
        Feel::Boolean(truth) => Value::Bool(*truth),
        Feel::Number(number) => Value::number(decimal(&number.to_string())?),
        Feel::String(text) => Value::Text(text.clone()),
        Feel::List(items) => Value::List(
            items
                .iter()
                .map(|item| from_feel(item, text))
                .collect::<Result<_, _>>()?,
        ),
        Feel::Context(context) => Value::Map(
            context
                .iter()
                .map(|(name, value)| Ok((name.to_string(), from_feel(value, text)?)))
                .collect::<Result<_, EvaluationError>>()?,
        ),
        Feel::Date(_) | Feel::Time(_) | Feel::DateTime(_) => Value::text(value.to_string()),
        Feel::DaysAndTimeDuration(_) | Feel::YearsAndMonthsDuration(_) => {
            Value::text(value.to_string())
        }
        other => {
            return Err(EvaluationError::NotData {
                what: other.type_of().to_string(),
            });
        }
    })
}

/// The value, unless it is a null that carries an error.
pub(crate) fn settled(value: Feel, text: &str) -> Result<Feel, EvaluationError> {
    match value {
        Feel::Null(Some(why)) if absent(&why) => Ok(Feel::Null(None)),
        Feel::Null(Some(why)) => Err(no_value(text, &why)),
        value => Ok(value),
    }
}

/// A decimal of at most 28 digits; more digits after the point are rounded, more before are refused.
fn decimal(digits: &str) -> Result<Decimal, EvaluationError> {
    Decimal::from_str(digits).map_err(|_| EvaluationError::Digits)
}

/// Whether a null only says that a map has no such entry: an optional field that is not there.
fn absent(why: &str) -> bool {
    why.starts_with("build_path: no entry")
}

/// The error of a null; what comes after a colon or in brackets may be a value and is left out.
fn no_value(text: &str, why: &str) -> EvaluationError {
    let known = why.starts_with("context has no value for key");
    let why = if known {
        why
    } else {
        why.split([':', '(']).next().unwrap_or(why)
    };
    EvaluationError::NoValue {
        text: begin(text),
        why: begin(why),
    }
}

/// An instant as FEEL's date and time in a zone.
pub(super) fn instant(at: Micros, zone: &str) -> Feel {
    let zoned = jiff::Timestamp::from_microsecond(at.0)
        .ok()
        .and_then(|instant| instant.in_tz(zone).ok());
    let Some(zoned) = zoned else {
        return Feel::Null(Some("the zone is not known".into()));
    };
    let local = zoned.strftime("%Y-%m-%dT%H:%M:%S");
    let text = if zone == "UTC" {
        format!("{local}Z")
    } else {
        format!("{local}@{zone}")
    };
    let literal = format!("date and time(\"{text}\")");
    match dsntk_feel_parser::parse_expression(&FeelScope::default(), &literal, false) {
        Ok(node) => dsntk_feel_evaluator::evaluate(&FeelScope::default(), &node),
        Err(_) => Feel::Null(Some("the instant is out of range".into())),
    }
}
