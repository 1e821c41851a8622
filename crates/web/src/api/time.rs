//! `/api/v1/time`: what workers do and did, and corrections of it. A worker reads the own time; a team
//! leader that of the party's workers, and decides on their corrections.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::listed::{Listed, Paging};
use super::once;
use super::people::unseen;
use super::problem::Problem;
use super::shape::{Accepted, Page, instant, micros};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::time::whose;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use baton_app::command::{Command, DecideTime, Event, ProposeTime, WorkState};
use baton_app::views::time::{self, Correction, CorrectionFilter, Day, Stretch};
use baton_app::views::{Place, Reader};
use baton_model::WorkerId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a worker says to do.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[schema(as = WorkState)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// Takes work.
    #[default]
    Available,
    /// Finishes what the last item left to do.
    Wrap,
    /// Has a break.
    Break,
    /// Learns, or is coached.
    Training,
    /// Not at work.
    Off,
}

impl From<Doing> for WorkState {
    fn from(doing: Doing) -> Self {
        match doing {
            Doing::Available => Self::Available,
            Doing::Wrap => Self::Wrap,
            Doing::Break => Self::Break,
            Doing::Training => Self::Training,
            Doing::Off => Self::Off,
        }
    }
}

/// Whose day is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The worker; the one who asks where it is left out. Another one is for a team leader of the party.
    worker: Option<String>,
    /// The day in the zone of the one who asks, like `2026-11-22`; today where it is left out.
    #[param(format = Date)]
    day: Option<String>,
}

/// A stretch of a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stretch)]
pub(crate) struct StretchShape {
    /// `active`, `available`, `wrap`, `break` or `training`; `off` is left out.
    state: String,
    /// From when.
    #[schema(format = DateTime)]
    from: String,
    /// Until when; now where it goes on.
    #[schema(format = DateTime)]
    until: String,
}

impl StretchShape {
    fn of(stretch: &Stretch) -> Self {
        Self {
            state: stretch.state.clone(),
            from: instant(stretch.from),
            until: instant(stretch.until),
        }
    }
}

/// How long a state counts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sum {
    /// The state.
    state: String,
    /// In microseconds.
    micros: i64,
}

/// A correction of a time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimeCorrection)]
pub(crate) struct CorrectionShape {
    /// Its id.
    id: String,
    /// Whose.
    worker: String,
    /// What the worker did.
    #[serde(flatten)]
    stretch: StretchShape,
    /// Why it was not recorded so.
    why: String,
    /// When it was proposed.
    #[schema(format = DateTime)]
    at: String,
    /// `approved` or `refused`; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    leader: Option<String>,
    /// Why so.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_why: Option<String>,
}

impl CorrectionShape {
    fn of(one: &Correction) -> Self {
        let decided = one.decision.is_some();
        Self {
            id: one.id.clone(),
            worker: one.worker.to_string(),
            stretch: StretchShape::of(&one.stretch),
            why: one.why.clone(),
            at: instant(one.at),
            decision: one.decision.clone(),
            leader: one.leader.as_ref().map(ToString::to_string),
            decided_why: decided.then(|| one.decided_why.clone()),
        }
    }
}

/// A worker's day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkDay {
    /// Whose.
    worker: String,
    /// The day.
    #[schema(format = Date)]
    day: String,
    /// Its first instant.
    #[schema(format = DateTime)]
    from: String,
    /// Its end, or now.
    #[schema(format = DateTime)]
    until: String,
    /// What was recorded.
    recorded: Vec<StretchShape>,
    /// What counts after the corrections that were approved.
    counted: Vec<StretchShape>,
    /// How long each state counts; they add up to the shift.
    sums: Vec<Sum>,
    /// The shift, in microseconds.
    shift_micros: i64,
    /// The corrections that touch the day.
    corrections: Vec<CorrectionShape>,
}

/// Read a day
///
/// What was recorded of a worker, what counts, and the sums.
#[utoipa::path(get, path = "/time", tag = "time", operation_id = "read_time", params(Asked),
    responses((status = 200, description = "The day until now", body = WorkDay)))]
pub(crate) async fn day(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<WorkDay>, Problem> {
    if asked.day.as_deref() == Some("") {
        let detail = "`day` is a date like 2026-11-22; leave it out for today";
        return Err(Problem::unreadable(detail).about(Some("day".into())));
    }
    let asking = web.clone();
    let day = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let (worker, day) = (
            asked.worker.unwrap_or_default(),
            asked.day.unwrap_or_default(),
        );
        let found = whose(&frame, &worker, &day);
        let (worker, date, window) = found.inspect_err(|failed| {
            if matches!(failed, Failed::Missing("worker")) {
                asking.denials.count(app, &caller.0.viewer, &worker);
            }
        })?;
        let day = time::day(&frame.reader(), &caller.0.viewer.scope, &worker, window)?;
        Ok(shape(&worker, date.to_string(), window, &day))
    });
    Ok(Json(day.await?))
}

fn shape(
    worker: &WorkerId,
    date: String,
    (from, until): (baton_model::Micros, baton_model::Micros),
    day: &Day,
) -> WorkDay {
    let stretches = |all: &[Stretch]| all.iter().map(StretchShape::of).collect();
    let sum = |(state, sum): (&str, baton_model::WallTime)| Sum {
        state: state.into(),
        micros: sum.0,
    };
    WorkDay {
        worker: worker.to_string(),
        day: date,
        from: instant(from),
        until: instant(until),
        recorded: stretches(&day.recorded),
        counted: stretches(&day.counted),
        sums: day.sums().into_iter().map(sum).collect(),
        shift_micros: day.shift().0,
        corrections: day.corrections.iter().map(CorrectionShape::of).collect(),
    }
}

/// What the worker does from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewState {
    /// What.
    state: Doing,
}

impl Body for NewState {}

/// Say what one does
///
/// From now on. Who is available and has an item in hand is active.
#[utoipa::path(post, path = "/time/state", tag = "time", operation_id = "set_state", request_body = NewState,
    responses((status = 200, description = "It is so from now on", body = Accepted)))]
pub(crate) async fn state(
    State(web): State<Web>,
    sent: Sent<NewState>,
) -> Result<Json<Accepted>, Problem> {
    let state = sent.body.state.into();
    let receipt = once::send(&web, &sent, Command::SetState { state }).await?;
    Ok(Json(Accepted::of(&receipt)))
}

/// Which corrections are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Corrections {
    /// Of this worker; for a team leader of all of the party where it is left out, else of oneself.
    worker: Option<String>,
    /// Those that are open, or those that are decided.
    open: Option<bool>,
}

/// List corrections of times
///
/// The last proposed first.
#[utoipa::path(get, path = "/time/corrections", tag = "time", operation_id = "list_corrections",
    params(Corrections, Paging),
    responses((status = 200, description = "A page of corrections", body = Page<CorrectionShape>)))]
pub(crate) async fn corrections(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Corrections, Place>,
) -> Result<Json<Page<CorrectionShape>>, Problem> {
    let asking = web.clone();
    let page = read(&web, move |app| {
        let viewer = &caller.0.viewer;
        let (scope, reader) = (&viewer.scope, Reader::of(app, &viewer.scope));
        let own = (!viewer.leads()).then(|| scope.worker.clone());
        let worker = listed.asked.worker.as_ref().map(WorkerId::new).or(own);
        if let Some(worker) = &worker
            && !time::may_see(&reader, scope, worker)?
        {
            return Err(unseen(&asking, &caller, worker.as_str(), "worker"));
        }
        let filter = CorrectionFilter {
            worker,
            open: listed.asked.open,
            id: None,
        };
        let (after, rows) = (listed.after.as_ref(), listed.read());
        let found = time::some_corrections(&reader, scope, &filter, after, rows)?;
        Ok(listed.page(found, Correction::place, CorrectionShape::of))
    });
    Ok(Json(page.await?))
}

/// A correction of the own time.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCorrection {
    /// What one did.
    state: Doing,
    /// From when; at most 31 days ago.
    #[schema(format = DateTime)]
    from: String,
    /// Until when; not later than now.
    #[schema(format = DateTime)]
    until: String,
    /// Why it was not recorded so.
    #[schema(min_length = 1)]
    why: String,
}

impl Body for NewCorrection {}

/// A correction that was proposed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposed {
    /// Its id.
    id: String,
    #[serde(flatten)]
    accepted: Accepted,
}

/// Propose a correction of the own time
///
/// A team leader of the party approves or refuses it; until then nothing changes.
#[utoipa::path(post, path = "/time/corrections", tag = "time", operation_id = "propose_correction",
    request_body = NewCorrection,
    responses((status = 201, description = "It waits for a team leader", body = Proposed)))]
pub(crate) async fn propose(
    State(web): State<Web>,
    sent: Sent<NewCorrection>,
) -> Result<(StatusCode, Json<Proposed>), Problem> {
    let body = &sent.body;
    let command = Command::ProposeTime(ProposeTime {
        id: web.app.token(8),
        state: body.state.into(),
        from: micros(&body.from, "from")?,
        until: micros(&body.until, "until")?,
        why: body.why.clone(),
    });
    let receipt = once::send(&web, &sent, command).await?;
    let id = receipt.events.iter().find_map(|event| match event {
        Event::TimeCorrectionProposed(it) => Some(it.id.clone()),
        _ => None,
    });
    let proposed = Proposed {
        id: id.unwrap_or_default(),
        accepted: Accepted::of(&receipt),
    };
    Ok((StatusCode::CREATED, Json(proposed)))
}

/// A team leader's decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Whether it holds.
    approved: bool,
    /// Why; the worker sees it.
    #[schema(min_length = 1)]
    why: String,
}

impl Body for Decision {}

/// Approve or refuse a correction
///
/// For a team leader of the worker's party. What was recorded stays to be seen.
#[utoipa::path(post, path = "/time/corrections/{correction}/decide", tag = "time",
    operation_id = "decide_correction",
    params(("correction" = String, Path, description = "The correction's id")), request_body = Decision,
    responses((status = 200, description = "It is decided", body = Accepted)))]
pub(crate) async fn decide(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Decision>,
) -> Result<Json<Accepted>, Problem> {
    let worker = whose_correction(&web, &sent.by, &id).await?;
    let command = Command::DecideTime(DecideTime {
        id,
        worker,
        approved: sent.body.approved,
        why: sent.body.why.clone(),
    });
    let receipt = once::send(&web, &sent, command).await?;
    Ok(Json(Accepted::of(&receipt)))
}

/// Whose correction it is, where it is of the party of the one who asks.
async fn whose_correction(web: &Web, by: &Caller, id: &str) -> Result<WorkerId, Problem> {
    let (asking, by, id) = (web.clone(), by.clone(), id.to_string());
    let worker = read(web, move |app| {
        let scope = &by.0.viewer.scope;
        let filter = CorrectionFilter {
            id: Some(id.clone()),
            ..CorrectionFilter::default()
        };
        let found = time::some_corrections(&Reader::of(app, scope), scope, &filter, None, 1)?;
        let found = found.into_iter().next();
        found
            .map(|one| one.worker)
            .ok_or_else(|| unseen(&asking, &by, &id, "correction"))
    });
    Ok(worker.await?)
}
