//! The mask: what of a record's fields one worker is shown. The only place where a [`Masked`] is made.
//!
//! A field that no lane of the worker declares is dots, and neither its length nor whether it was
//! erased is told. A declared field in the clear is shown, free text under the lane's rule. A declared
//! personal field is dots with a hint, until it is revealed. Cells come sealed from views and entries;
//! the shell lends the keys as an [`Opener`].

use crate::grants::Reading;
use crate::redact::under;
use crate::seal::SealError;
use baton_model::{Cell, Masked, PartyId, Record, Scope, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// What stands where a value is masked.
pub const DOTS: &str = "••••";

/// Opens sealed cells of a tenant, with the keys of the shell.
pub trait Opener {
    /// The cell's value.
    fn open(&self, field: &str, cell: &Cell) -> Result<Value, SealError>;
}

impl<F: Fn(&str, &Cell) -> Result<Value, SealError>> Opener for F {
    fn open(&self, field: &str, cell: &Cell) -> Result<Value, SealError> {
        self(field, cell)
    }
}

/// A field as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The value.
    Clear(Value),
    /// Dots.
    Masked {
        /// What may be told of it, like `DE•• •••• 4417`; else [`DOTS`].
        hint: String,
        /// Whether the worker may have it revealed.
        revealable: bool,
    },
    /// The value was erased, for ever.
    Erased,
    /// The value does not open though its key is there: it was tampered with.
    Unreadable,
}

impl Shown {
    fn hidden() -> Self {
        Self::Masked {
            hint: DOTS.into(),
            revealable: false,
        }
    }

    /// The value where it is shown.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Clear(value) => Some(value),
            _ => None,
        }
    }
}

/// Masks a record for one worker. `revealed` is the field whose reveal has just been journaled.
pub fn mask(
    reading: &Reading<'_>,
    record: &Record,
    opener: &dyn Opener,
    revealed: Option<&str>,
) -> BTreeMap<String, Masked<Shown>> {
    record
        .iter()
        .map(|(field, cell)| {
            let shown = show(reading, field, cell, opener, revealed == Some(field));
            (field.clone(), Masked::made(shown))
        })
        .collect()
}

fn show(
    reading: &Reading<'_>,
    field: &str,
    cell: &Cell,
    opener: &dyn Opener,
    revealed: bool,
) -> Shown {
    if !reading.declares(field) {
        return Shown::hidden();
    }
    let rule = reading.freetext(field);
    let sealed = cell.value().is_none();
    let value = match opened(field, cell, opener) {
        Ok(value) => value,
        Err(shown) => return shown,
    };
    match under(rule, field, &value) {
        None => Shown::hidden(),
        Some(_) if sealed && !revealed => Shown::Masked {
            hint: hint(field, &value),
            revealable: true,
        },
        Some(value) => Shown::Clear(value),
    }
}

fn opened(field: &str, cell: &Cell, opener: &dyn Opener) -> Result<Value, Shown> {
    if let Some(value) = cell.value() {
        return Ok(value.clone());
    }
    opener.open(field, cell).map_err(|error| match error {
        SealError::Erased { .. } => Shown::Erased,
        _ => Shown::Unreadable,
    })
}

/// The country and the last four of an account number; dots for everything else.
fn hint(field: &str, value: &Value) -> String {
    let account = field
        .rsplit('.')
        .next()
        .is_some_and(|name| name.ends_with("iban"));
    let text = value.as_text().filter(|_| account).unwrap_or_default();
    let signs: Vec<char> = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    if signs.len() < 15 || !signs.iter().all(char::is_ascii_alphanumeric) {
        return DOTS.into();
    }
    let country: String = signs[..2].iter().collect();
    let last: String = signs[signs.len() - 4..].iter().collect();
    format!("{country}•• {DOTS} {last}")
}

/// Shows a worker's name or address: to the own party only. Others learn the party, not the person.
pub fn mask_person(
    scope: &Scope,
    party: &PartyId,
    field: &str,
    cell: &Cell,
    opener: &dyn Opener,
) -> Masked<Shown> {
    if scope.party != *party {
        return Masked::made(Shown::hidden());
    }
    let shown = opened(field, cell, opener);
    Masked::made(shown.map_or_else(|shown| shown, Shown::Clear))
}

/// Shows what a party wrote to another about a case: to itself and to the client all of it, to others under
/// the rule for free text of the lanes they read it in.
pub fn mask_said(
    scope: &Scope,
    by: &PartyId,
    reading: &Reading<'_>,
    (field, cell): (&str, &Cell),
    opener: &dyn Opener,
) -> Masked<Shown> {
    let value = match opened(field, cell, opener) {
        Ok(value) => value,
        Err(shown) => return Masked::made(shown),
    };
    if scope.client || scope.party == *by {
        return Masked::made(Shown::Clear(value));
    }
    let shown = under(reading.speech(), field, &value);
    Masked::made(shown.map_or_else(Shown::hidden, Shown::Clear))
}

/// Lets through what carries no field of a case: ids, states, clocks and counts of rows that were read
/// under this scope.
pub fn structural<T>(_scope: &Scope, value: T) -> Masked<T> {
    Masked::made(value)
}
