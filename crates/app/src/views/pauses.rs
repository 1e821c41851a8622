//! Pauses of work items in sight: what was asked of whom, what was answered, who objects, and which of them
//! stop a clock. Texts come through the mask of `access`.

use super::{Reader, ViewError, int, maybe, text};
use crate::granted::{self, Granted};
use crate::sight;
use crate::typed;
use baton_access::{Reading, Shown, case_condition, item_condition, mask_said};
use baton_journal::Datum;
use baton_journal::store::Row;
use baton_model::{CaseId, Cell, LaneId, Masked, Micros, PartyId, Scope, WorkItemId};
use std::collections::BTreeMap;

/// A pause.
#[derive(Clone, Debug)]
pub struct Pause {
    /// The entry that paused.
    pub n: i64,
    /// The case.
    pub case: CaseId,
    /// The work item.
    pub item: WorkItemId,
    /// Its lane.
    pub lane: LaneId,
    /// The party that paused.
    pub party: PartyId,
    /// For whom or why, as a code.
    pub code: String,
    /// The party that is asked, if one is.
    pub asked: Option<PartyId>,
    /// What is asked; nothing of an item that was set aside, whose clock runs on.
    pub text: Option<Masked<Shown>>,
    /// Since when.
    pub at: Micros,
    /// Until when.
    pub until: Option<Micros>,
    /// How it ended: `answered`, `resumed`, `over`.
    pub how: String,
    /// The answer.
    pub answer: Option<Said>,
    /// Who gave it, where it was recorded for somebody else.
    pub given_by: Option<Masked<Shown>>,
    /// The client's objection.
    pub contest: Option<Said>,
}

/// Something that was said to a pause.
#[derive(Clone, Debug)]
pub struct Said {
    /// The entry.
    pub n: i64,
    /// The party that said it.
    pub by: PartyId,
    /// What.
    pub text: Masked<Shown>,
}

impl Pause {
    /// Whether the clock stands still for it.
    pub fn counts(&self) -> bool {
        self.text.is_some()
    }

    /// Whether a request waits for its answer.
    pub fn is_open(&self) -> bool {
        self.counts() && self.until.is_none()
    }
}

/// Which pauses are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this case alone.
    pub case: Option<CaseId>,
    /// Those alone that last.
    pub open: bool,
    /// Those alone that ask the viewer's own party something; else those of the items in sight.
    pub of_us: bool,
    /// Those of earlier entries alone; all where it is 0.
    pub before: i64,
}

const COLUMNS: &str = "q.n, q.case_id, q.item, q.lane, q.party, q.code, q.asked, q.text, q.at, q.until_at, q.how, \
    q.answered_n, q.answered_by, q.answer, q.given_by, q.contested_n, q.contest";

/// Whether a case waits for an answer of the viewer's party: the condition on `cases c`.
pub(super) const ASKED: &str = " and exists (select 1 from pause q where q.tenant = c.tenant \
    and q.case_id = c.case_id and q.asked = $2 and q.until_at is null)";

fn matching(scope: &Scope, filter: &Filter) -> (String, Vec<Datum>) {
    let mut parameters: Vec<Datum> =
        vec![scope.party.as_str().into(), scope.worker.as_str().into()];
    let mut condition = if filter.of_us {
        format!("q.asked = $2 and {}", case_condition(scope, "q", 2, 3))
    } else {
        item_condition(scope, "q", 2, 3)
    };
    if filter.open {
        condition.push_str(" and q.until_at is null");
    }
    if let Some(case) = &filter.case {
        parameters.push(case.as_str().into());
        condition += &format!(" and q.case_id = ${}", parameters.len() + 1);
    }
    if filter.before > 0 {
        parameters.push(filter.before.into());
        condition += &format!(" and q.n < ${}", parameters.len() + 1);
    }
    (condition, parameters)
}

/// The pauses in sight that match, the last first.
pub fn list(
    reader: &Reader<'_>,
    scope: &Scope,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Pause>, ViewError> {
    let (condition, parameters) = matching(scope, filter);
    let sql = format!(
        "select {COLUMNS} from pause q where q.tenant = $1 and {condition} order by q.n desc limit {limit}"
    );
    let rows = reader.rows(&sql, &parameters)?;
    let grants = granted::grants(reader, scope)?;
    let mut readings = BTreeMap::new();
    for row in &rows {
        let case = CaseId::new(text(row, 1));
        let lanes = sight::lanes_of_case(reader, scope, &case)?;
        readings.insert(case, lanes);
    }
    let pause = |row: &Row| read(reader, scope, &grants, &readings, row);
    Ok(rows.iter().map(pause).collect())
}

/// How many open requests ask the viewer's party something.
pub fn asked_of_us(reader: &Reader<'_>, scope: &Scope) -> Result<usize, ViewError> {
    let filter = Filter {
        open: true,
        of_us: true,
        ..Filter::default()
    };
    let (condition, parameters) = matching(scope, &filter);
    let sql = format!("select count(*) from pause q where q.tenant = $1 and {condition}");
    let rows = reader.rows(&sql, &parameters)?;
    let count = rows.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The most pauses of a case that are shown: the last.
const OF_CASE: usize = 200;

/// The pauses of a case that concern the viewer: of the items in sight, and those that ask the own party;
/// the first first.
pub fn of_case(reader: &Reader<'_>, scope: &Scope, case: &CaseId) -> Result<Vec<Pause>, ViewError> {
    let mut found = BTreeMap::new();
    for of_us in [false, true] {
        let filter = Filter {
            case: Some(case.clone()),
            of_us,
            ..Filter::default()
        };
        let pauses = list(reader, scope, &filter, OF_CASE)?;
        found.extend(pauses.into_iter().map(|pause| (pause.n, pause)));
    }
    Ok(found.into_values().collect())
}

fn read(
    reader: &Reader<'_>,
    scope: &Scope,
    grants: &Granted,
    lanes: &BTreeMap<CaseId, Vec<LaneId>>,
    row: &Row,
) -> Pause {
    let case = CaseId::new(text(row, 1));
    let nothing = Reading::nothing();
    let of_case = lanes.get(&case);
    let reading = of_case.map_or(nothing, |lanes| grants.reading(scope, lanes));
    let opener = sight::opener(reader.app(), reader.tenant());
    let shown = |column: usize, field: &str, by: &PartyId| {
        let cell: Cell = serde_json::from_str(&maybe(row, column)?).ok()?;
        Some(mask_said(scope, by, &reading, (field, &cell), &opener))
    };
    let party = PartyId::new(text(row, 4));
    let asked = maybe(row, 6).map(PartyId::new);
    let own = |asked: &&PartyId| **asked == scope.party;
    let by = PartyId::new(text(row, 12));
    // Only the client objects; to others its words are another party's.
    let client = PartyId::new("");
    let said = |number: usize, by: &PartyId, text: Option<Masked<Shown>>| {
        text.map(|text| Said {
            n: int(row, number),
            by: by.clone(),
            text,
        })
    };
    Pause {
        n: int(row, 0),
        item: WorkItemId::new(text(row, 2)),
        lane: LaneId::new(text(row, 3)),
        code: text(row, 5),
        // Whom a question is put to reads it.
        text: shown(
            7,
            typed::REQUEST,
            asked.as_ref().filter(own).unwrap_or(&party),
        ),
        asked,
        at: Micros(int(row, 8)),
        until: Some(int(row, 9)).filter(|at| *at > 0).map(Micros),
        how: text(row, 10),
        answer: said(11, &by, shown(13, typed::ANSWER, &by)),
        given_by: shown(14, typed::GIVEN_BY, &by),
        contest: said(15, &client, shown(16, typed::OBJECTION, &client)),
        case,
        party,
    }
}
