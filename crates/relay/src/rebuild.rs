//! Folds a journal from its first entry into the rows of every view, beside the stored ones, so that
//! they can be compared or replaced. It needs no keys and evaluates nothing.

use crate::{World, fold, views};
use baton_journal::{Change, Datum, Entry, View};
use std::collections::{BTreeMap, HashMap};

/// The rows of every view: by view name, by key.
pub type Rows = BTreeMap<&'static str, BTreeMap<Vec<Datum>, Vec<Datum>>>;

/// Folds entries, in order, into rows.
pub fn rebuild<E>(entries: impl IntoIterator<Item = Result<Entry, E>>) -> Result<Rows, E> {
    let declared: HashMap<&str, View> = views().into_iter().map(|view| (view.name, view)).collect();
    let mut rows: Rows = declared
        .values()
        .map(|view| (view.name, BTreeMap::new()))
        .collect();
    let mut world = World::default();
    for entry in entries {
        let entry = entry?;
        for change in fold_all(&mut world, &entry) {
            put(&mut rows, &declared, change);
        }
    }
    Ok(rows)
}

/// Folds an entry; what is not there yet is absent, as the journal is read from its first entry.
fn fold_all(world: &mut World, entry: &Entry) -> Vec<Change> {
    loop {
        match fold(world, entry) {
            Ok(changes) => return changes,
            Err(need) => {
                for shelf in world.missing(&need.0) {
                    // Without bytes there is nothing to parse, so this cannot fail.
                    let _ = world.load(shelf, &need.0, None);
                }
            }
        }
    }
}

fn put(rows: &mut Rows, declared: &HashMap<&str, View>, change: Change) {
    match change {
        Change::Put { view, row } => {
            if let (Some(rows), Some(declared)) = (rows.get_mut(view), declared.get(view)) {
                rows.insert(row[..declared.key].to_vec(), row);
            }
        }
        Change::Delete { view, key } => {
            if let Some(rows) = rows.get_mut(view) {
                rows.remove(&key);
            }
        }
    }
}
