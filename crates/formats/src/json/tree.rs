//! Building the tree: `serde_json` reads, and a name that stands twice in one object stops it.

use super::Fault;
use baton_model::Diagnostic;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// Which names an object may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Names of case fields: not beginning with `$`.
    OfFields,
    /// Any.
    Any,
}

/// Reads text that the guard has passed.
pub(super) fn read(text: &str, names: Names) -> Result<Value, Diagnostic> {
    let found = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Node {
        names,
        found: &found,
    };
    let tree = node
        .deserialize(&mut reader)
        .and_then(|tree| reader.end().map(|()| tree));
    tree.map_err(|error| diagnostic(&error, found.take()))
}

fn diagnostic(error: &serde_json::Error, found: Option<Fault>) -> Diagnostic {
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or(&message);
    let fault = found.unwrap_or_else(|| Fault::Malformed(what.to_owned()));
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (line, column) = (number(error.line()), number(error.column()));
    Diagnostic::at(fault.code(), line, column, fault.to_string())
}

/// The reader of one value.
#[derive(Clone, Copy)]
struct Node<'a> {
    names: Names,
    found: &'a RefCell<Option<Fault>>,
}

impl Node<'_> {
    fn refuse<E: Error>(self, fault: Fault) -> E {
        let error = E::custom(&fault);
        self.found.replace(Some(fault));
        error
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let number = Number::from_f64(number);
        number
            .map(Value::Number)
            .ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if self.names == Names::OfFields && name.starts_with('$') {
                return Err(self.refuse(Fault::Reserved(name)));
            }
            if map.contains_key(&name) {
                return Err(self.refuse(Fault::Duplicate(name)));
            }
            map.insert(name, entries.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}
