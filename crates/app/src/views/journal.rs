//! The journal as a viewer may see it: the client's workers see every entry, others those that touch a
//! case in their sight; of what stands in them each is told what `access` lets through ([`told`]).

use super::{Reader, ViewError, int, text};
use crate::{granted, sight};
use baton_access::{Told, case_condition};
pub use baton_access::{ToldEntry, ToldEvent};
use baton_journal::entry::EntryError;
use baton_journal::store::StoredEntry;
use baton_journal::{Datum, Entry};
use baton_model::{CaseId, LaneId, Masked, Scope, WorkItemId};
use std::collections::BTreeSet;

/// An entry with what stands beside its bytes.
#[derive(Clone, Debug)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// The chain's hash after it, in hex.
    pub chain: String,
    /// The size of its bytes.
    pub size: usize,
}

/// Entries before a number, the last first; `before` 0 begins at the head.
pub fn list(
    reader: &Reader<'_>,
    scope: &Scope,
    before: i64,
    limit: usize,
) -> Result<Vec<Line>, ViewError> {
    let store = reader.app().store();
    let head = store.head(reader.tenant())?.n;
    let before = if before > 0 {
        before.min(head + 1)
    } else {
        head + 1
    };
    if scope.client {
        let first = (before - 1 - limit as i64).max(0);
        let count = usize::try_from(before - 1 - first).unwrap_or_default();
        let mut entries = store.entries(reader.tenant(), first, count)?;
        entries.reverse();
        return entries.into_iter().map(line).collect();
    }
    let sql = format!(
        "select distinct e.n from entry_case e where e.tenant = $1 and {} and e.n < $4 order by e.n desc limit {limit}",
        case_condition(scope, "e", 2, 3)
    );
    let parameters: [Datum; 3] = [
        scope.party.as_str().into(),
        scope.worker.as_str().into(),
        before.into(),
    ];
    let mut lines = Vec::new();
    for row in reader.rows(&sql, &parameters)? {
        lines.extend(
            store
                .entries(reader.tenant(), int(&row, 0) - 1, 1)?
                .into_iter()
                .map(line),
        );
    }
    lines.into_iter().collect()
}

/// One entry in sight.
pub fn one(reader: &Reader<'_>, scope: &Scope, n: i64) -> Result<Option<Line>, ViewError> {
    if n < 1 {
        return Ok(None);
    }
    let mut lines = list(reader, scope, n.saturating_add(1), 1)?;
    Ok(lines.pop().filter(|line| line.entry.n == n))
}

/// The chain's hash after an entry, in hex; it says nothing of what stands in the entry.
pub fn chain_hash(reader: &Reader<'_>, n: i64) -> Result<Option<String>, ViewError> {
    let entries = reader.app().store().entries(reader.tenant(), n - 1, 1)?;
    let entry = entries.first().filter(|entry| entry.n == n);
    Ok(entry.map(|entry| crate::hex(&entry.chain)))
}

/// The entries of a case in sight, in order.
pub fn of_case(reader: &Reader<'_>, case: &CaseId) -> Result<Vec<Line>, ViewError> {
    let entries = reader
        .app()
        .store()
        .case_entries(reader.tenant(), case.as_str())?;
    entries.into_iter().map(line).collect()
}

const SEEN: &str =
    "select lane, item from sight where tenant = $1 and party = $2 and case_id = $3 and lane <> ''";

/// A case in sight: its items of the viewer's party, and the lanes they are in.
struct Seen {
    case: CaseId,
    items: Vec<WorkItemId>,
    lanes: Vec<LaneId>,
}

/// What the viewer is told of these entries, one answer an entry; nothing where nothing is told.
pub fn told(
    reader: &Reader<'_>,
    scope: &Scope,
    lines: &[Line],
) -> Result<Vec<Option<Masked<ToldEntry>>>, ViewError> {
    let cases: BTreeSet<CaseId> = lines
        .iter()
        .flat_map(|line| &line.entry.events)
        .filter_map(|event| event.case().cloned())
        .collect();
    let mut seen = Vec::new();
    for case in cases {
        seen.extend(in_sight(reader, scope, case)?);
    }
    let grants = granted::grants(reader, scope)?;
    let told = seen.iter().fold(Told::to(scope), |told, seen| {
        let reading = grants.reading(scope, &seen.lanes);
        told.case(seen.case.clone(), seen.items.iter().cloned(), reading)
    });
    let opener = sight::opener(reader.app(), reader.tenant());
    Ok(lines
        .iter()
        .map(|line| told.entry(&line.entry, &opener))
        .collect())
}

fn in_sight(reader: &Reader<'_>, scope: &Scope, case: CaseId) -> Result<Option<Seen>, ViewError> {
    let rows = reader.rows(SEEN, &[scope.party.as_str().into(), case.as_str().into()])?;
    let own = rows
        .iter()
        .filter(|row| scope.lanes.contains(&LaneId::new(text(row, 0))))
        .count()
        > 0;
    let items = rows
        .iter()
        .map(|row| text(row, 1))
        .filter(|item| !item.is_empty())
        .map(WorkItemId::new)
        .collect();
    let lanes = rows.iter().map(|row| LaneId::new(text(row, 0))).collect();
    Ok((scope.client || own).then_some(Seen { case, items, lanes }))
}

fn line(stored: StoredEntry) -> Result<Line, ViewError> {
    let size = stored.bytes.len();
    let entry =
        Entry::from_bytes(&stored.bytes).map_err(|error: EntryError| ViewError::Unsound {
            what: format!("entry {}", stored.n),
            reason: error.to_string(),
        })?;
    Ok(Line {
        entry,
        chain: crate::hex(&stored.chain),
        size,
    })
}
