//! `/api/v1/cases`: the list, a case with its fields masked, and its entries.

use super::ask::{Caller, Path, Query};
use super::describe::Nothing;
use super::journal::Told;
use super::listed::{Listed, Paging};
use super::people::unseen;
use super::problem::Problem;
use super::shape::{All, Amount, Page, ShownFields, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use axum::Json;
use axum::extract::State;
use baton_app::views::cases::{self, Case, Filter};
use baton_app::views::{Place, Reader, journal};
use baton_model::CaseId;
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
#[utoipa::path(get, path = "/cases", tag = "cases", operation_id = "list_cases", params(Asked, Paging),
    responses((status = 200, description = "A page of cases", body = Page<CaseRow>)))]
pub(crate) async fn list(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Asked, Place>,
) -> Result<Json<Page<CaseRow>>, Problem> {
    let asked = &listed.asked;
    let search = asked.q.clone().unwrap_or_default();
    if search.chars().count() > SEARCH {
        let detail = format!("`q` has at most {SEARCH} characters; search for less");
        return Err(Problem::unreadable(&detail).about(Some("q".into())));
    }
    let filter = Filter {
        search,
        state: asked.state.map(CaseState::word).unwrap_or_default().into(),
        after: listed.after.clone(),
        limit: listed.read(),
        ..Filter::default()
    };
    let page = read(&web, move |app| {
        let scope = &caller.0.viewer.scope;
        let found = cases::some(&Reader::of(app, scope), scope, &filter)?;
        Ok(listed.page(found, Case::place, CaseRow::of))
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
