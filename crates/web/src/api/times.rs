//! The clocks of a case: its hops, who held it for how long, and whom its lateness is charged to. Of another
//! provider's part a provider is told how long it was, and not whose.

use super::ask::{Caller, Path, Query};
use super::cases::in_sight;
use super::describe::Nothing;
use super::problem::Problem;
use super::shape::instant;
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use axum::Json;
use axum::extract::State;
use baton_app::views::times::{self, CaseTimes, HopTimes, Wait, Who};
use baton_model::{CaseId, Micros, PartyId, WorkingTime};
use serde::Serialize;
use utoipa::ToSchema;

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
    /// Its hops in order; of them a provider is told its own.
    hops: Vec<Hop>,
    /// Who held it; the times add up to `wall_micros` exactly.
    held: Vec<HeldFor>,
    /// Whom its lateness is charged to; with `unattributed_micros` it adds up to `late_micros` exactly.
    charged: Vec<Charged>,
    /// The lateness that no hop's overrun explains, in microseconds of working time.
    unattributed_micros: i64,
    /// The release of the time-zone data it was computed under.
    zones: String,
}

/// For how long one held a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldFor {
    /// What held it.
    by: Holder,
    /// The party, where it was one and the one who asks is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// In microseconds on the wall.
    wall_micros: i64,
}

/// What holds a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holder {
    /// A party.
    Party,
    /// Several parties, until it is known which finishes last.
    Together,
    /// It waits for a message from outside.
    Message,
    /// It waits for a timer.
    Timer,
    /// It waits for a person who resolves an incident.
    Incident,
    /// Baton itself.
    System,
}

/// What a party is charged of a case's lateness.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Charged {
    /// The party; absent where the one who asks is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// In microseconds of working time.
    micros: i64,
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
            held: held(frame, times),
            charged: charged(frame, times),
            unattributed_micros: times.lateness.unattributed.0,
            zones: times.zones.to_string(),
        }
    }
}

/// Who held a case for how long; parties that are not told are one.
fn held(frame: &Frame<'_>, times: &CaseTimes) -> Vec<HeldFor> {
    let mut sums: Vec<HeldFor> = Vec::new();
    for (who, wall) in &times.held {
        let (by, party) = match who {
            Who::Party(party) => (Holder::Party, told(frame, party)),
            Who::Together(_) => (Holder::Together, None),
            Who::Wait(Wait::Message(_)) => (Holder::Message, None),
            Who::Wait(Wait::Timer) => (Holder::Timer, None),
            Who::Wait(Wait::Incident) => (Holder::Incident, None),
            Who::Wait(Wait::System) => (Holder::System, None),
        };
        let wall_micros = wall.0;
        match sums.iter_mut().find(|it| it.by == by && it.party == party) {
            Some(known) => known.wall_micros += wall_micros,
            None => sums.push(HeldFor {
                by,
                party,
                wall_micros,
            }),
        }
    }
    sums
}

/// What each party is charged; parties that are not told are one.
pub(crate) fn charged(frame: &Frame<'_>, times: &CaseTimes) -> Vec<Charged> {
    let mut sums: Vec<Charged> = Vec::new();
    let charged = |hop: &&HopTimes| hop.charged > WorkingTime::ZERO;
    for hop in times.hops.iter().filter(charged) {
        let (party, micros) = (told(frame, &hop.party), hop.charged.0);
        match sums.iter_mut().find(|it| it.party == party) {
            Some(known) => known.micros += micros,
            None => sums.push(Charged { party, micros }),
        }
    }
    sums
}

fn told(frame: &Frame<'_>, party: &PartyId) -> Option<String> {
    frame.may_name(party).then(|| party.to_string())
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
/// Hops, who held it for how long, and whom its lateness is charged to. Of its hops a provider is told its
/// own.
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
