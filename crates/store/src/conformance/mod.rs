//! The suite every store must pass: what the shell relies on, said as checks of the port.
//!
//! A store's tests hand over how a database is opened by name: the same name opens the same database
//! again, another name a fresh one. It checks no speed and no crash; those have tests of their own.

mod journal;
mod subject;
mod views;

use baton_journal::store::{Store, StoreError};

/// Opens the database with this name, making it if it is missing.
pub type Open<'a> = &'a dyn Fn(&str) -> Result<Box<dyn Store>, StoreError>;

type Case = (&'static str, fn(Open<'_>) -> Result<(), Departure>);

/// How a store departs from the port.
#[derive(Debug, thiserror::Error)]
pub enum Departure {
    /// It answers something else.
    #[error("BATON-STORE-020: {0}")]
    Answer(String),
    /// It fails where it must not.
    #[error("BATON-STORE-021: it failed: {0}")]
    Failure(#[from] StoreError),
}

/// The checks by name.
const CASES: [Case; 14] = [
    ("an empty database", journal::empty),
    ("gapless numbers", journal::gapless),
    ("the head moved", journal::head_moved),
    ("a known cause", journal::cause_known),
    ("all or nothing", journal::all_or_nothing),
    ("a case's history", journal::case_history),
    ("snapshots", journal::snapshots),
    ("long keys", journal::long_keys),
    ("writers at once", journal::writers_at_once),
    ("put and delete", views::put_and_delete),
    ("odd texts", views::odd_texts),
    ("queries", views::queries),
    ("opened again", views::opened_again),
    ("versions of views", views::versions),
];

/// Runs every check on a database of its own; the first departure ends it.
pub fn run(open: Open<'_>) -> Result<(), (&'static str, Departure)> {
    CASES
        .iter()
        .try_for_each(|(name, case)| case(open).map_err(|departure| (*name, departure)))
}

/// Checks what must hold.
fn holds(what: &str, condition: bool) -> Result<(), Departure> {
    condition
        .then_some(())
        .ok_or_else(|| Departure::Answer(format!("{what} does not hold")))
}

/// Checks that an answer is the expected one.
fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: T,
    expected: T,
) -> Result<(), Departure> {
    if found == expected {
        return Ok(());
    }
    let told = format!("{what}: found {found:?}, expected {expected:?}");
    Err(Departure::Answer(told))
}
