//! Cases: the list with search and filters, and one case whole.

use super::headline::{Fields, Heading, Masking};
use super::{Listed, Place, Reader, ViewError, int, maybe, text};
use baton_access::{case_condition, item_condition, structural};
use baton_journal::Datum;
use baton_journal::setup::Headline;
use baton_journal::store::Row;
use baton_model::{CaseId, Masked, Micros, Record, Scope};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It goes on.
    Running,
    /// It needs a person.
    Stuck,
    /// It is over.
    Ended,
}

/// A case in a list or at the head of its page.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id.
    pub id: CaseId,
    /// The process and its version.
    pub process: String,
    /// The version.
    pub version: i64,
    /// How it stands.
    pub state: State,
    /// How it ended.
    pub outcome: Option<String>,
    /// What is stuck, if anything is.
    pub incident: Option<String>,
    /// The document it began with.
    pub document: Option<String>,
    /// When it began.
    pub started: Micros,
    /// When it ended.
    pub ended: Option<Micros>,
    /// The fields, masked.
    pub fields: Fields,
    /// What lists show of it.
    pub heading: Masked<Heading>,
}

/// Which cases are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Text in the id or the headline.
    pub search: String,
    /// `running`, `ended`, `stuck`, `asked`: one that waits for an answer of the own party, or all.
    pub state: String,
    /// Where its open work items stand; all where it says nothing.
    pub standing: Standing,
    /// Only those after this place.
    pub after: Option<Place>,
    /// How many to skip.
    pub skip: usize,
    /// How many at most.
    pub limit: usize,
}

impl Case {
    /// Its place in a list of cases.
    pub fn place(&self) -> Place {
        Place {
            at: self.started,
            id: self.id.to_string(),
        }
    }
}

/// Where the open work items of a case stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// In this lane.
    pub lane: String,
    /// At this party.
    pub party: String,
    /// At this task.
    pub task: String,
    /// Past the due instant.
    pub late: bool,
    /// Of cases of this process.
    pub process: String,
    /// And of this version of it.
    pub version: i64,
}

impl Standing {
    /// The condition under which a case has such an item in sight, after a case's own; its parameters
    /// are added.
    fn condition(&self, scope: &Scope, now: Micros, parameters: &mut Vec<Datum>) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let mut condition = String::new();
        let mut with = |text: &str, value: Datum| {
            parameters.push(value);
            let _ = write!(condition, " and {text}${}", parameters.len() + 1);
        };
        let named = [
            ("c.process = ", &self.process),
            ("w.lane = ", &self.lane),
            ("w.party = ", &self.party),
            ("w.task = ", &self.task),
        ];
        for (column, value) in named.into_iter().filter(|(_, value)| !value.is_empty()) {
            with(column, value.as_str().into());
        }
        if self.version > 0 {
            with("c.process_version = ", self.version.into());
        }
        if self.late {
            with(super::map::LATE, now.0.into());
            condition.push(')');
        }
        format!(
            " and exists (select 1 from work_item w where w.tenant = c.tenant \
             and w.case_id = c.case_id and {}{condition})",
            item_condition(scope, "w", 2, 3)
        )
    }
}

/// A page of a list, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many match.
    pub total: usize,
}

const COLUMNS: &str = "c.case_id, c.process, c.process_version, c.outcome, c.incidents, c.document, c.started, \
    c.ended, r.record, p.headline, (select min(i.message) from incident i \
    where i.tenant = c.tenant and i.case_id = c.case_id)";

const TABLES: &str = "cases c join case_record r on r.tenant = c.tenant and r.case_id = c.case_id \
    join process p on p.tenant = c.tenant and p.process = c.process and p.process_version = c.process_version";

/// The most cases a search looks through for one who does not see every field.
const SEARCHED: usize = 1_000;

/// The cases in sight that match, and how many there are. Whoever does not see every field finds a case
/// only by what is shown to them: the mask stands before the search too.
pub fn list(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> Result<Page<Case>, ViewError> {
    if looks_behind_the_mask(scope, filter) {
        let rows = searched(reader, scope, filter)?;
        let total = rows.len();
        let rows = rows.into_iter().skip(filter.skip).take(filter.limit);
        return Ok(Page {
            rows: rows.collect(),
            total,
        });
    }
    let (condition, parameters) = condition(reader, scope, filter);
    let total = reader.rows(
        &format!("select count(*) from {TABLES} where {condition}"),
        &parameters,
    )?;
    let total = total.first().map(|row| int(row, 0)).unwrap_or_default();
    Ok(Page {
        rows: found(reader, scope, filter)?,
        total: total.unsigned_abs() as usize,
    })
}

/// The same, and nobody counts them.
pub fn some(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> Result<Vec<Case>, ViewError> {
    if looks_behind_the_mask(scope, filter) {
        let mut rows = searched(reader, scope, filter)?;
        rows.truncate(filter.limit);
        return Ok(rows);
    }
    found(reader, scope, filter)
}

/// Whether a search by the whole record would tell the viewer of fields that are masked.
fn looks_behind_the_mask(scope: &Scope, filter: &Filter) -> bool {
    !scope.client && !filter.search.is_empty()
}

/// Those of the last cases in sight of which something is shown that was searched for.
fn searched(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> Result<Vec<Case>, ViewError> {
    let wide = Filter {
        skip: 0,
        limit: SEARCHED,
        ..filter.clone()
    };
    let search = filter.search.to_lowercase();
    let mut rows = found(reader, scope, &wide)?;
    rows.retain(|case| shows(case, &search));
    Ok(rows)
}

/// Whether what is shown of a case holds the text.
fn shows(case: &Case, search: &str) -> bool {
    let heading = case.heading.show();
    let shown = [
        case.id.as_str(),
        &heading.title,
        &heading.about,
        &heading.reason,
    ];
    shown.join(" ").to_lowercase().contains(search)
}

/// The condition of the cases that match, and its parameters.
fn condition(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> (String, Vec<Datum>) {
    let mut parameters: Vec<Datum> =
        vec![scope.party.as_str().into(), scope.worker.as_str().into()];
    let mut condition = format!("c.tenant = $1 and {}", case_condition(scope, "c", 2, 3));
    condition.push_str(match filter.state.as_str() {
        "running" => " and c.ended is null and c.incidents = 0",
        "stuck" => " and c.ended is null and c.incidents > 0",
        "ended" => " and c.ended is not null",
        "asked" => super::pauses::ASKED,
        _ => "",
    });
    let standing = &filter.standing;
    condition.push_str(&standing.condition(scope, reader.app().now(), &mut parameters));
    if !filter.search.is_empty() {
        parameters.push(format!("%{}%", escaped(&filter.search.to_lowercase())).into());
        let _ = write!(
            condition,
            " and r.search like ${} escape '!'",
            parameters.len() + 1
        );
    }
    if let Some(after) = &filter.after {
        condition.push_str(&after.condition("c.started", "c.case_id", &mut parameters));
    }
    (condition, parameters)
}

fn found(reader: &Reader<'_>, scope: &Scope, filter: &Filter) -> Result<Vec<Case>, ViewError> {
    let (condition, parameters) = condition(reader, scope, filter);
    let order = "order by c.started desc, c.case_id desc";
    let sql = format!(
        "select {COLUMNS} from {TABLES} where {condition} {order} limit {} offset {}",
        filter.limit, filter.skip
    );
    masked(reader, scope, &reader.rows(&sql, &parameters)?, None)
}

/// One case in sight; nothing where there is none, or none for this viewer.
pub fn one(
    reader: &Reader<'_>,
    scope: &Scope,
    id: &CaseId,
    revealed: Option<&str>,
) -> Result<Option<Case>, ViewError> {
    Ok(picked(reader, scope, &[id.to_string()], revealed)?.pop())
}

/// Those of these cases that are in sight, by their ids.
pub fn by_ids(
    reader: &Reader<'_>,
    scope: &Scope,
    ids: &[String],
) -> Result<BTreeMap<CaseId, Case>, ViewError> {
    let cases = picked(reader, scope, ids, None)?.into_iter();
    Ok(cases.map(|case| (case.id.clone(), case)).collect())
}

fn picked(
    reader: &Reader<'_>,
    scope: &Scope,
    ids: &[String],
    revealed: Option<&str>,
) -> Result<Vec<Case>, ViewError> {
    let own = [scope.party.as_str().into(), scope.worker.as_str().into()];
    let mut rows = Vec::with_capacity(ids.len());
    for listed in Listed::of(ids) {
        let sql = format!(
            "select {COLUMNS} from {TABLES} where c.tenant = $1 and {} and c.case_id in ({})",
            case_condition(scope, "c", 2, 3),
            listed.places(4)
        );
        rows.extend(reader.rows(&sql, &listed.after(&own))?);
    }
    masked(reader, scope, &rows, revealed)
}

/// Cases from their rows in the order of [`COLUMNS`], through the mask.
fn masked(
    reader: &Reader<'_>,
    scope: &Scope,
    rows: &[Row],
    revealed: Option<&str>,
) -> Result<Vec<Case>, ViewError> {
    let ids: Vec<String> = rows.iter().map(|row| text(row, 0)).collect();
    let masking = Masking::of(reader, scope, &ids)?;
    let cases = rows.iter().map(|row| case(&masking, row, revealed));
    cases.collect()
}

/// A case from its row in the order of [`COLUMNS`].
fn case(masking: &Masking<'_>, row: &Row, revealed: Option<&str>) -> Result<Case, ViewError> {
    let id = text(row, 0);
    let record: Record = json(row, 8)?;
    let headline: Headline = json(row, 9)?;
    let fields = masking.record(&id, &record, revealed)?;
    let ended = Some(int(row, 7)).filter(|ended| *ended > 0).map(Micros);
    let stuck = int(row, 4) > 0;
    Ok(Case {
        heading: masking.heading(&headline, &fields, &id),
        process: text(row, 1),
        version: int(row, 2),
        state: if ended.is_some() {
            State::Ended
        } else if stuck {
            State::Stuck
        } else {
            State::Running
        },
        outcome: maybe(row, 3),
        incident: maybe(row, 10)
            .filter(|_| stuck && ended.is_none())
            .map(|message| masking.incident(message)),
        document: maybe(row, 5),
        started: Micros(int(row, 6)),
        ended,
        fields,
        id: CaseId::new(id),
    })
}

pub(super) fn json<T: serde::de::DeserializeOwned>(
    row: &Row,
    column: usize,
) -> Result<T, ViewError> {
    let text = text(row, column);
    serde_json::from_str(&text).map_err(|error| ViewError::Unsound {
        what: format!("column {column} of a row"),
        reason: error.to_string(),
    })
}

/// Text for `like … escape '!'`.
pub(super) fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|sign| {
            matches!(sign, '%' | '_' | '!')
                .then_some('!')
                .into_iter()
                .chain([sign])
        })
        .collect()
}

/// Something without case fields, carried as masked.
pub fn plain<T>(scope: &Scope, value: T) -> Masked<T> {
    structural(scope, value)
}
