//! Whether a worker may write to a work item or a case at all: asked at the door before anything is sealed,
//! so that whoever may not write makes no key. The stage asks again, and what it says counts.
//!
//! Pure: the shell reads the rows of `sight`.

use crate::grants::Grants;
use crate::refusal;
use baton_journal::store::Row;
use baton_journal::{Datum, Rejection};
use baton_model::{CaseId, LaneId, PartyId, Scope, WorkItemId};

/// Refuses one whose party may not send a document of a kind in; nothing is kept of it then.
///
/// # Errors
/// The refusal.
pub fn may_take_in(grants: &Grants, party: &PartyId, kind: Option<&str>) -> Result<(), Rejection> {
    if grants.takes_in(party, kind) {
        return Ok(());
    }
    Err(refusal::said(refusal::takes_nothing_in()))
}

/// What is written to.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A work item, by one who may do it.
    Item(&'a WorkItemId, &'a CaseId),
    /// A case, by one who sees it.
    Seen(&'a CaseId),
    /// A case, by the client.
    Case(&'a CaseId),
    /// A case that is to begin, by the client.
    NewCase,
}

impl Target<'_> {
    /// The case, where there is one.
    pub fn case(&self) -> Option<&CaseId> {
        match self {
            Self::Item(_, case) | Self::Seen(case) | Self::Case(case) => Some(case),
            Self::NewCase => None,
        }
    }
}

/// The rows that [`may_write`] looks at: `$1` is the tenant, `$2` the party, `$3` the case.
pub const WRITING_SQL: &str =
    "select lane, item from sight where tenant = $1 and party = $2 and case_id = $3";

/// Refuses one who may not write there, in the words of the stage.
///
/// # Errors
/// The refusal.
pub fn may_write(scope: &Scope, rows: &[Row], to: Target<'_>) -> Result<(), Rejection> {
    let text = |row: &Row, column: usize| row.get(column).and_then(Datum::text).map(str::to_owned);
    let lane = |row: &Row| LaneId::new(text(row, 0).unwrap_or_default());
    let own = |row: &&Row| scope.lanes.contains(&lane(row));
    let seen = || rows.iter().any(|row| scope.client || own(&row));
    let allowed = match to {
        Target::Item(item, _) => {
            let mut of_item = rows
                .iter()
                .filter(|row| text(row, 1).as_deref() == Some(item.as_str()));
            of_item
                .any(|row| own(&row))
                .then_some(())
                .ok_or_else(|| refusal::no_item(item))
        }
        Target::Seen(case) => seen().then_some(()).ok_or_else(|| refusal::no_case(case)),
        Target::Case(case) if !seen() => Err(refusal::no_case(case)),
        Target::Case(_) | Target::NewCase => scope
            .client
            .then_some(())
            .ok_or_else(refusal::not_administrator),
    };
    allowed.map_err(refusal::said)
}
