//! What every store makes of a batch before it writes: its numbers are checked, and its changes folded,
//! of which only a key's last counts.

use baton_journal::store::{Batch, StoreError};
use baton_journal::{Change, Datum, View};
use std::collections::BTreeMap;

pub(crate) const BATCH: &str = "a batch";

/// The last change of each key of each view: the row, or nothing where it is deleted.
pub(crate) type Rows<'a> = BTreeMap<&'static str, BTreeMap<&'a [Datum], Option<&'a [Datum]>>>;

/// The numbers go on from the head without a gap.
pub(crate) fn check_numbers(batch: &Batch) -> Result<(), StoreError> {
    for (entry, expected) in batch.entries.iter().zip(batch.base.n + 1..) {
        if entry.n != expected {
            return Err(StoreError::Unsound {
                operation: BATCH,
                reason: format!("entry {} stands in the place of {expected}", entry.n),
            });
        }
    }
    Ok(())
}

/// Folds the changes: whole rows, so that only the last one of a key counts. `declared` gives the
/// declaration of a prepared view.
pub(crate) fn last_changes<'a, 'v>(
    changes: &'a [Change],
    declared: impl Fn(&str) -> Option<&'v View>,
) -> Result<Rows<'a>, StoreError> {
    let mut last = Rows::new();
    for change in changes {
        let (name, data, put) = match change {
            Change::Put { view, row } => (*view, row.as_slice(), true),
            Change::Delete { view, key } => (*view, key.as_slice(), false),
        };
        let (key, row) =
            keyed(declared(name), data, put).ok_or_else(|| misfit(name, data.len()))?;
        last.entry(name).or_default().insert(key, row);
    }
    Ok(last)
}

/// A change's key, and its row if it has one; nothing where it does not fit the view.
fn keyed<'a>(
    view: Option<&View>,
    data: &'a [Datum],
    put: bool,
) -> Option<(&'a [Datum], Option<&'a [Datum]>)> {
    let view = view?;
    let width = if put { view.columns.len() } else { view.key };
    (data.len() == width).then(|| (&data[..view.key], put.then_some(data)))
}

fn misfit(view: &str, width: usize) -> StoreError {
    StoreError::Unsound {
        operation: BATCH,
        reason: format!("a change with {width} values fits no prepared view `{view}`"),
    }
}
