//! `/api/v1/cases`: the list, a case with its fields masked, its entries and its times.

use super::ask::{Caller, Path, Query};
use super::cursor;
use super::describe::Nothing;
use super::journal::Told;
use super::people::unseen;
use super::problem::Problem;
use super::shape::{All, Amount, Page, ShownFields, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use axum::Json;
use axum::extract::State;
use baton_app::views::cases::{self, Case, Filter};
use baton_app::views::times::{self, CaseTimes, HopTimes};
use baton_app::views::{Reader, journal};
use baton_model::{CaseId, Micros};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The most characters that are searched for.
const SEARCH: usize = 100;

/// How a case stands.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseState {
    /// It goes on.
    Running,
    /// It needs a person.
    Stuck,
    /// It is over.
    Ended,
}

impl CaseState {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Stuck => "stuck",
            Self::Ended => "ended",
        }
    }
}

/// Which cases are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Text in the id or in what lists show of it.
    #[param(max_length = 100)]
    q: Option<String>,
    /// How they stand.
    #[param(inline)]
    state: Option<CaseState>,
    /// How many at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseRow {
    /// Its id.
    #[schema(example = "P2P-31")]
    pub(crate) id: String,
    /// Its process.
    pub(crate) process: String,
    /// The process's version it runs under.
    pub(crate) version: i64,
    /// How it stands.
    pub(crate) state: CaseState,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    /// What is stuck.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) incident: Option<String>,
    /// What people call it.
    pub(crate) title: String,
    /// Whom it is about.
    pub(crate) about: String,
    /// The amount at stake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<Amount>,
    /// When it began.
    #[schema(format = DateTime)]
    pub(crate) started: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) ended: Option<String>,
}

impl CaseRow {
    fn of(case: &Case) -> Self {
        let heading = case.heading.show();
        Self {
            id: case.id.to_string(),
            process: case.process.clone(),
            version: case.version,
            state: match case.state {
                cases::State::Running => CaseState::Running,
                cases::State::Stuck => CaseState::Stuck,
                cases::State::Ended => CaseState::Ended,
            },
            outcome: case.outcome.clone(),
            incident: case.incident.clone(),
            title: heading.title.clone(),
            about: heading.about.clone(),
            amount: Amount::of(&heading.amount, &heading.currency),
            started: instant(case.started),
            ended: case.ended.map(instant),
        }
    }
}

/// A case with its fields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeCase {
    #[serde(flatten)]
    case: CaseRow,
    #[serde(flatten)]
    shown: ShownFields,
}

/// List cases
///
/// The cases in sight, the last begun first.
#[utoipa::path(get, path = "/cases", tag = "cases", operation_id = "list_cases", params(Asked),
    responses((status = 200, description = "A page of cases", body = Page<CaseRow>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Page<CaseRow>>, Problem> {
    let limit = cursor::limit(asked.limit)?;
    let skip = match cursor::read::<1>(asked.cursor.as_deref())? {
        Some([skip]) => cursor::number(&skip)?,
        None => 0,
    };
    let skip = usize::try_from(skip).unwrap_or_default().min(1_000_000);
    let search = asked.q.unwrap_or_default();
    if search.chars().count() > SEARCH {
        let detail = format!("`q` has at most {SEARCH} characters");
        return Err(Problem::unreadable(&detail).about(Some("q".into())));
    }
    let filter = Filter {
        search,
        state: asked.state.map(CaseState::word).unwrap_or_default().into(),
        skip,
        limit: limit + 1,
        ..Filter::default()
    };
    let page = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let found = cases::list(&Reader::of(app, scope), scope, &filter)?;
        let rows = found.rows.iter().map(CaseRow::of).collect();
        Ok(Page::of(rows, limit, |_| {
            Some(cursor::written(&[&(skip + limit).to_string()]))
        }))
    });
    Ok(Json(page.await?))
}

/// Read a case
#[utoipa::path(get, path = "/cases/{case}", tag = "cases", operation_id = "read_case",
    params(("case" = String, Path, description = "The case's id")),
    responses((status = 200, description = "The case, its fields masked", body = WholeCase)))]
pub(crate) async fn one(
    State(web): State<Web>,
    caller: Caller,
    Path(case): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<WholeCase>, Problem> {
    Ok(Json(shown(&web, &caller, case, None).await?))
}

/// A case in sight; `revealed` is a field whose reveal was just journaled.
pub(crate) async fn shown(
    web: &Web,
    caller: &Caller,
    case: String,
    revealed: Option<String>,
) -> Result<WholeCase, Problem> {
    let (asking, by) = (web.clone(), caller.clone());
    let whole = read(web, move |app| {
        let scope = &by.0.viewer.scope;
        let reader = Reader::of(app, scope);
        let id = CaseId::new(&case);
        let found = cases::one(&reader, scope, &id, revealed.as_deref())?;
        let found = found.ok_or_else(|| unseen(&asking, &by, &case, "case"))?;
        Ok(WholeCase {
            case: CaseRow::of(&found),
            shown: ShownFields::of(&found.fields),
        })
    });
    Ok(whole.await?)
}

/// Refuses a case that is not in sight.
pub(crate) fn in_sight(
    web: &Web,
    caller: &Caller,
    reader: &Reader<'_>,
    case: &CaseId,
) -> Result<(), Failed> {
    let found = cases::one(reader, &caller.0.viewer.scope, case, None)?;
    found
        .map(drop)
        .ok_or_else(|| unseen(web, caller, case.as_str(), "case"))
}

/// List the entries of a case
///
/// What happened to it, as far as the one who asks is told.
#[utoipa::path(get, path = "/cases/{case}/entries", tag = "cases", operation_id = "case_entries",
    params(("case" = String, Path, description = "The case's id")),
    responses((status = 200, description = "Its entries in order", body = All<Told>)))]
pub(crate) async fn entries(
    State(web): State<Web>,
    caller: Caller,
    Path(case): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<All<Told>>, Problem> {
    let asking = web.clone();
    let all = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let (reader, id) = (Reader::of(app, scope), CaseId::new(&case));
        in_sight(&asking, &caller, &reader, &id)?;
        let lines = journal::of_case(&reader, &id)?;
        let told = journal::told(&reader, scope, &lines)?;
        let items = told.iter().flatten().map(|it| Told::of(it.show()));
        Ok(All {
            items: items.collect(),
        })
    });
    Ok(Json(all.await?))
}

/// The clocks of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Times {
    /// The instant they are of.
    #[schema(format = DateTime)]
    now: String,
    /// When the case began.
    #[schema(format = DateTime)]
    from: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
    /// From its beginning to its end or now, in microseconds on the wall.
    wall_micros: i64,
    /// How late it is, in microseconds of working time.
    late_micros: i64,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due: Option<String>,
    /// Its hops in order.
    hops: Vec<Hop>,
}

/// One party's holding of the case in a lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hop {
    /// Its number in the case, from 1.
    number: u32,
    /// The lane.
    lane: String,
    /// The party; absent where the one who asks is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// Arrival.
    #[schema(format = DateTime)]
    from: String,
    /// Leaving.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due: Option<String>,
    /// Whether it stopped, or is, after the due instant.
    late: bool,
    /// From arrival to leaving or now, in microseconds on the wall.
    wall_micros: i64,
    /// Of that, open hours of the party's site in which it ran, in microseconds.
    working_micros: i64,
    /// Wall time in which it was paused, in microseconds.
    paused_micros: i64,
    /// The part of the case's wall time in which this hop alone held it, in microseconds.
    held_micros: i64,
    /// What it is charged of the case's lateness, in microseconds of working time.
    charged_micros: i64,
    /// The entries it was measured from.
    sources: Vec<i64>,
}

impl Times {
    fn of(frame: &Frame<'_>, times: &CaseTimes) -> Self {
        let own = |hop: &&HopTimes| {
            let scope = &frame.signed.viewer.scope;
            scope.client || hop.party == scope.party
        };
        Self {
            now: instant(times.now),
            from: instant(times.from),
            until: times.until.map(instant),
            wall_micros: times.clock.wall.0,
            late_micros: times.lateness.late.0,
            due: times.clock.due.map(instant),
            hops: times
                .hops
                .iter()
                .filter(own)
                .map(|hop| Hop::of(frame, hop))
                .collect(),
        }
    }
}

impl Hop {
    fn of(frame: &Frame<'_>, hop: &HopTimes) -> Self {
        let named = frame.may_name(&hop.party);
        let mut sources: Vec<i64> = hop.sources.iter().map(|name| name.n).collect();
        sources.dedup();
        Self {
            number: hop.number,
            lane: hop.lane.to_string(),
            party: named.then(|| hop.party.to_string()),
            from: instant(hop.from),
            until: hop.until.map(instant),
            due: hop.clock.due.map(instant),
            late: hop.clock.late,
            wall_micros: hop.clock.wall.0,
            working_micros: hop.clock.working.0,
            paused_micros: hop.clock.paused.0,
            held_micros: hop.held.0,
            charged_micros: hop.charged.0,
            sources,
        }
    }
}

/// Read the clocks of a case
///
/// Of its hops a provider is told its own.
#[utoipa::path(get, path = "/cases/{case}/times", tag = "cases", operation_id = "case_times",
    params(("case" = String, Path, description = "The case's id")),
    responses((status = 200, description = "Its clocks as of now", body = Times)))]
pub(crate) async fn times_of(
    State(web): State<Web>,
    caller: Caller,
    Path(case): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<Times>, Problem> {
    let asking = web.clone();
    let times = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let (reader, id) = (frame.reader(), CaseId::new(&case));
        in_sight(&asking, &caller, &reader, &id)?;
        let now: Micros = frame.now;
        let times = times::times(&reader, &times::book(&reader)?, &id, now)?;
        let times = times.ok_or(Failed::Missing("case"))?;
        Ok(Times::of(&frame, &times))
    });
    Ok(Json(times.await?))
}
