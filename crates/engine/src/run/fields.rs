//! The fields of a case: as FEEL sees them, and as results are kept.

use super::{Run, Trouble};
use crate::feel::nest;
use crate::model::Node;
use baton_journal::Event;
use baton_model::{Cell, Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The values an expression may read, and which fields they came from.
pub(super) struct Seen {
    /// The values, nested by their dotted names.
    pub(super) values: BTreeMap<String, Value>,
    /// The fields read.
    pub(super) fields: Vec<String>,
    /// Those of them that are personal.
    pub(super) sealed: BTreeSet<String>,
}

impl Run<'_> {
    /// The fields that these paths touch, opened for one evaluation. A path to no field is null.
    pub(super) fn see(&self, paths: &BTreeSet<String>) -> Result<Seen, Trouble> {
        let mut seen = Seen {
            values: BTreeMap::new(),
            fields: Vec::new(),
            sealed: BTreeSet::new(),
        };
        for (field, cell) in &self.state.record {
            if !paths.iter().any(|path| touches(path, field)) {
                continue;
            }
            let value = match cell {
                Cell::Clear(value) => value.clone(),
                sealed => {
                    seen.sealed.insert(field.clone());
                    self.env.peek.open(&self.case, field, sealed)?
                }
            };
            seen.fields.push(field.clone());
            nest(&mut seen.values, field, value);
        }
        for path in paths {
            nest(&mut seen.values, path, Value::Null);
        }
        Ok(seen)
    }

    /// Keeps a result: a map as dotted fields. What an earlier result had beyond it becomes null.
    pub(super) fn set_field(
        &mut self,
        node: &Node,
        name: &str,
        value: Value,
    ) -> Result<(), Trouble> {
        let mut record = Record::new();
        flatten(name, value, &mut record);
        if let Some(field) = record.keys().find(|field| self.is_personal(field)) {
            return Err(format!(
                "BATON-ENGINE-010: the field `{field}` is personal; only forms and documents may set it"
            ));
        }
        let inside =
            |field: &&String| field.starts_with(name) && field[name.len()..].starts_with('.');
        let stale = self
            .state
            .record
            .keys()
            .filter(inside)
            .filter(|field| !record.contains_key(*field));
        let stale: Vec<_> = stale.cloned().collect();
        record.extend(
            stale
                .into_iter()
                .map(|field| (field, Cell::Clear(Value::Null))),
        );
        self.give(Event::FieldsSet {
            case: self.case.clone(),
            by: node.id.clone(),
            record,
        });
        Ok(())
    }

    fn is_personal(&self, field: &str) -> bool {
        self.personal
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(prefix) => field.starts_with(prefix),
                None => field == pattern,
            })
    }
}

/// Whether a path reads a field: the field itself, one above it, or one inside it.
pub(super) fn touches(path: &str, field: &str) -> bool {
    let above = |outer: &str, inner: &str| {
        inner.starts_with(outer) && inner[outer.len()..].starts_with('.')
    };
    path == field || above(path, field) || above(field, path)
}

fn flatten(name: &str, value: Value, into: &mut Record) {
    match value {
        Value::Map(map) if !map.is_empty() => {
            for (inner, value) in map {
                flatten(&format!("{name}.{inner}"), value, into);
            }
        }
        value => drop(into.insert(name.to_owned(), Cell::Clear(value))),
    }
}
