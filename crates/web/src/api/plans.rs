//! `/api/v1/lanes/{lane}/plan`: shares that change by dated steps, each behind a gate; and undoing the last
//! change of a lane. A provider is told of no plan.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::describe::Nothing;
use super::lanes::{NewShare, OpenItems, change, checked, lane};
use super::problem::Problem;
use super::shape::{Accepted, All, instant, micros};
use crate::handlers::Web;
use crate::handlers::answer::read;
use axum::Json;
use axum::extract::State;
use baton_app::command::{Command, Gate, GateMeasure, PlanShares, Step};
use baton_app::lanes::LaneNow;
use baton_app::ramps::{self, Planned};
use baton_app::views::Reader;
use baton_model::{LaneId, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What must hold before a step is taken.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = Gate)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateShape {
    /// What is measured.
    measure: Measured,
    /// Of which party.
    party: String,
    /// The least or most that is good enough, in hundredths of a percent.
    #[schema(maximum = 10000)]
    basis_points: u32,
    /// Over at least so many hops that ended; with fewer the step waits.
    #[schema(minimum = 1)]
    hops: u32,
    /// Of so many last days.
    #[schema(minimum = 1, maximum = 92)]
    days: u32,
}

/// What a gate measures.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = GateMeasure)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measured {
    /// Hops that ended within their target: at least so many.
    OnTime,
    /// Hops whose case came back to the lane later: at most so many.
    Returned,
}

impl From<&Gate> for GateShape {
    fn from(gate: &Gate) -> Self {
        Self {
            measure: match gate.measure {
                GateMeasure::OnTime => Measured::OnTime,
                GateMeasure::Returned => Measured::Returned,
            },
            party: gate.party.to_string(),
            basis_points: gate.points,
            hops: gate.hops,
            days: gate.days,
        }
    }
}

impl From<&GateShape> for Gate {
    fn from(gate: &GateShape) -> Self {
        Self {
            measure: match gate.measure {
                Measured::OnTime => GateMeasure::OnTime,
                Measured::Returned => GateMeasure::Returned,
            },
            party: PartyId::new(&gate.party),
            points: gate.basis_points,
            hops: gate.hops,
            days: gate.days,
        }
    }
}

/// A party's part of the new cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyShare {
    /// The party.
    party: String,
    /// In hundredths of a percent.
    basis_points: u32,
}

/// A step of a lane's plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlannedStep {
    /// Its number, from 1; one past the last is the end of the plan.
    step: u32,
    /// When it is taken.
    #[schema(format = DateTime)]
    at: String,
    /// The shares from then on.
    shares: Vec<PartyShare>,
    /// What must hold before.
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<GateShape>,
    /// What the gate of a step to come measures now.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Reading>,
    /// `planned`, `taken`, `failed`, or how the plan ended before it came to it.
    state: String,
    /// What was measured where the gate failed, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    /// Why all this.
    reason: String,
    /// The entry that last changed it.
    n: i64,
}

/// What a gate measures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reading {
    /// Hops that ended in the days it looks at.
    hops: u32,
    /// Those of them that were on time, or came back.
    counted: u32,
}

impl PlannedStep {
    fn of(step: &Planned, now: Option<Reading>) -> Self {
        let share = |(party, points): &(PartyId, u32)| PartyShare {
            party: party.to_string(),
            basis_points: *points,
        };
        Self {
            step: step.step,
            at: instant(step.at),
            shares: step.shares.iter().map(share).collect(),
            gate: step.gate.as_ref().map(Into::into),
            now,
            state: step.state.clone(),
            reading: step.reading.clone(),
            reason: step.reason.clone(),
            n: step.n,
        }
    }
}

/// A step to plan.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStep {
    /// When it is taken; later than now, and than the step before.
    #[schema(format = DateTime)]
    at: String,
    /// The shares from then on; they add up to 10,000.
    #[schema(min_items = 1)]
    shares: Vec<NewShare>,
    /// What must hold before. Where it does not, the shares of before come back.
    gate: Option<GateShape>,
}

/// Shares that change by dated steps.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlan {
    /// The steps, the first one first.
    #[schema(min_items = 1)]
    steps: Vec<NewStep>,
    /// When the shares of now come back; never where it is left out.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// What becomes of the open items of a party that has no share any more.
    #[serde(default)]
    in_flight: OpenItems,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The lane's version that was read: it is refused if the lane has changed since.
    version: Option<u32>,
}

impl Body for NewPlan {}

/// Why a lane's change or plan is taken back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// The lane's version that was read: it is refused if the lane has changed since.
    version: Option<u32>,
}

impl Body for Because {}

/// Read a lane's plan
///
/// The steps of its last plan, for the client; the gates of steps to come say what they measure now.
#[utoipa::path(get, path = "/lanes/{lane}/plan", tag = "lanes", operation_id = "read_plan",
    params(("lane" = String, Path, description = "The lane's id")),
    responses((status = 200, description = "The steps; none where nothing was planned", body = All<PlannedStep>)))]
pub(crate) async fn plan(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    Query(_): Query<Nothing>,
) -> Result<Json<All<PlannedStep>>, Problem> {
    let all = read(&web, move |app| {
        let lane = lane(app, &caller, &id)?;
        let reader = Reader::of(app, &caller.0.viewer.scope);
        let mut items = Vec::new();
        for step in &lane.plan {
            let gate = step.gate.as_ref().filter(|_| step.state == "planned");
            let now = gate.map(|gate| ramps::measure(&reader, &lane.id, gate, app.now()));
            let now = now.transpose()?.map(|now| Reading {
                hops: now.hops,
                counted: now.counted,
            });
            items.push(PlannedStep::of(step, now));
        }
        Ok(All { items })
    });
    Ok(Json(all.await?))
}

/// Plan the shares of a lane
///
/// A ramp of dated steps, or one dated change; with `until` the shares of now come back. A step whose gate
/// fails is not taken, and the last shares that held are back.
#[utoipa::path(post, path = "/lanes/{lane}/plan", tag = "lanes", operation_id = "plan_shares",
    params(("lane" = String, Path, description = "The lane's id")), request_body = NewPlan,
    responses((status = 200, description = "It is planned", body = Accepted)))]
pub(crate) async fn set(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<NewPlan>,
) -> Result<Json<Accepted>, Problem> {
    let lane = checked(&web, &sent.by, &id, sent.body.version).await?;
    let body = &sent.body;
    let steps = body.steps.iter().map(|new| step(&lane, new));
    let until = body.until.as_ref().map(|until| micros(until, "until"));
    let command = Command::PlanShares(PlanShares {
        lane: LaneId::new(id),
        steps: steps.collect::<Result<_, Problem>>()?,
        until: until.transpose()?,
        in_flight: body.in_flight.into(),
        reason: body.reason.clone(),
    });
    change(&web, &sent, command).await
}

fn step(lane: &LaneNow, new: &NewStep) -> Result<Step, Problem> {
    let shares = new.shares.iter().map(|share| share.share(lane));
    Ok(Step {
        at: micros(&new.at, "steps")?,
        shares: shares.collect::<Result<_, Problem>>()?,
        gate: new.gate.as_ref().map(Into::into),
    })
}

/// Cancel a lane's plan
///
/// What is still to come of it; the shares stay as they are.
#[utoipa::path(post, path = "/lanes/{lane}/plan/cancel", tag = "lanes", operation_id = "cancel_plan",
    params(("lane" = String, Path, description = "The lane's id")), request_body = Because,
    responses((status = 200, description = "Nothing more of it comes", body = Accepted)))]
pub(crate) async fn cancel(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Because>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let (lane, reason) = (LaneId::new(id), sent.body.reason.clone());
    change(&web, &sent, Command::CancelPlan { lane, reason }).await
}

/// Undo the last change of a lane
///
/// What was before it is so again from now on.
#[utoipa::path(post, path = "/lanes/{lane}/undo", tag = "lanes", operation_id = "undo_change",
    params(("lane" = String, Path, description = "The lane's id")), request_body = Because,
    responses((status = 200, description = "It is as before", body = Accepted)))]
pub(crate) async fn undo(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Because>,
) -> Result<Json<Accepted>, Problem> {
    checked(&web, &sent.by, &id, sent.body.version).await?;
    let (lane, reason) = (LaneId::new(id), sent.body.reason.clone());
    change(&web, &sent, Command::UndoChange { lane, reason }).await
}
