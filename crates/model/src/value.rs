//! The values of a case's fields: what forms hold, FEEL reads and the journal stores. Numbers are
//! decimals; there is no float.
//!
//! In the journal a number is written as `{"$num":"12.50"}` so that it is never mistaken for text and
//! never passes through a float. [`Value::from_json`] and [`Value::to_json`] cross to plain JSON.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A decimal number.
    Number(Number),
    /// Text; dates and times too, in ISO 8601.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Named values, in the order of their names.
    Map(BTreeMap<String, Value>),
}

/// A decimal number as it stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// The number, with its digits.
    #[serde(rename = "$num")]
    pub num: Decimal,
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number value.
    pub fn number(number: impl Into<Decimal>) -> Self {
        Self::Number(Number { num: number.into() })
    }

    /// A map of these named values.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(number.num),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The elements, if it is a list; otherwise none.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The value under a name, if it is a map that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// The value at a dotted path, like `invoice.supplier.name`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.')
            .try_fold(self, |value, name| value.get(name))
    }

    /// From plain JSON. Nothing if a number does not fit a decimal, or a name begins with `$`, which is
    /// the journal's own.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Bool(*truth),
            Json::Number(number) => {
                let text = number.to_string();
                let parsed = text.parse().or_else(|_| Decimal::from_scientific(&text));
                Self::number(parsed.ok()?)
            }
            Json::String(text) => Self::Text(text.clone()),
            Json::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect::<Option<_>>()?)
            }
            Json::Object(map) => Self::Map(
                map.iter()
                    .map(|(key, value)| {
                        (!key.starts_with('$')).then_some(())?;
                        Some((key.clone(), Self::from_json(value)?))
                    })
                    .collect::<Option<_>>()?,
            ),
        })
    }

    /// To plain JSON; numbers become strings, as money does in the API.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Null => Json::Null,
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Number(number) => Json::String(number.num.to_string()),
            Self::Text(text) => Json::String(text.clone()),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Map(map) => Json::Object(
                map.iter()
                    .map(|(key, value)| (key.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }
}
