//! `/api/v1/map`: a process with its lanes, the parties that run them, and what is open and late there. The
//! client counts every case; a provider what is in its sight.

use super::ask::{Caller, Query};
use super::problem::Problem;
use super::shape::instant;
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::map::{chosen, hidden};
use axum::Json;
use axum::extract::State;
use baton_app::lanes::{self, LaneNow};
use baton_app::views::map::{self, Load, Numbers, Outline, Shape, Version};
use baton_model::PartyId;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use utoipa::{IntoParams, ToSchema};

/// How many incidents stand beside the map.
const STUCK: usize = 50;

/// Which process is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The process; the one with the most running cases where it is left out.
    process: Option<String>,
    /// Its version; the newest where it is left out.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 4_294_967_295_i64)]
    version: Option<NonZeroU32>,
}

/// Open and late cases.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Load)]
pub(crate) struct LoadShape {
    /// Cases with an open work item.
    open: i64,
    /// Those of them whose hop is past its due instant.
    late: i64,
}

impl From<Load> for LoadShape {
    fn from(load: Load) -> Self {
        Self {
            open: load.open,
            late: load.late,
        }
    }
}

/// A party's part of a lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapParty {
    /// The party; absent where the one who asks is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// Its share of the new cases, in hundredths of a percent; absent where it has none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis_points: Option<u32>,
    /// Why it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<String>,
    /// Its part of the hops that began in the last seven days, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    week_basis_points: Option<u32>,
    #[serde(flatten)]
    load: LoadShape,
    /// The median working time of its hops that ended in the last seven days, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_micros: Option<i64>,
}

/// A lane of the map.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapLane {
    /// Its id; absent where only other providers run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Its name; absent where only other providers run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What is open there; absent where the own party has no part in the lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    load: Option<LoadShape>,
    /// The median working time of its hops that ended in the last seven days, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_micros: Option<i64>,
    /// The parties in sight; none where the one who asks has no part in the lane.
    parties: Vec<MapParty>,
}

/// What a step is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepKind {
    /// A task or a sub-process.
    Task,
    /// A gateway.
    Gateway,
    /// The process begins here.
    Start,
    /// It ends here.
    End,
    /// It waits here, or something happens.
    Event,
}

/// A step of the process, as the map draws it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapStep {
    /// Its id in the model.
    id: String,
    /// Its name.
    name: String,
    /// What it is.
    kind: StepKind,
    /// The lane it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<String>,
    /// How many automatic steps it stands for; 0 where a person or a bot does it.
    automatic: u32,
    #[serde(flatten)]
    load: LoadShape,
}

/// A flow between two steps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MapFlow {
    /// The step it begins at.
    from: String,
    /// The step it ends at.
    to: String,
    /// Its name.
    name: String,
}

/// An open incident of the process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Incident {
    /// The case.
    case: String,
    /// The step.
    step: String,
    /// What went wrong, for the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
}

/// The map of a version of a process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Map {
    /// The instant it is of.
    #[schema(format = DateTime)]
    now: String,
    /// The process.
    process: String,
    /// Its version.
    version: i64,
    /// Its name.
    name: String,
    /// Since when the version is there.
    #[schema(format = DateTime)]
    since: String,
    /// Cases that run under it.
    running: i64,
    /// All that is in sight.
    all: LoadShape,
    /// Its lanes, in the order of the model.
    lanes: Vec<MapLane>,
    /// Its steps, less those of lanes that only other providers run.
    steps: Vec<MapStep>,
    /// The flows between these.
    flows: Vec<MapFlow>,
    /// The open incidents in sight, the newest first; fifty at most.
    incidents: Vec<Incident>,
}

/// Read the map of a process
///
/// Its lanes with the parties that run them, and what is open and late in each.
#[utoipa::path(get, path = "/map", tag = "map", operation_id = "read_map", params(Asked),
    responses((status = 200, description = "The map as of now", body = Map)))]
pub(crate) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Map>, Problem> {
    let map = read(&web, move |app| {
        let frame = Frame::of(app, &caller.0)?;
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let versions = map::versions(&reader, scope)?;
        let process = asked.process.as_deref().unwrap_or_default();
        let version = chosen(
            &versions,
            process,
            asked.version.map_or(0, |version| version.get().into()),
        )?;
        let version = version.ok_or(Failed::Missing("process"))?;
        let drawn = Drawn {
            outline: map::outline(&reader, version)?.unwrap_or_default(),
            numbers: map::numbers(&reader, scope, version, frame.now)?,
            lanes: lanes::lanes(&reader, scope)?,
            frame: &frame,
            version,
        };
        let stuck = map::stuck(&reader, scope, version, STUCK)?;
        Ok(drawn.shape(&stuck))
    });
    Ok(Json(map.await?))
}

/// What a map is made of.
struct Drawn<'a> {
    frame: &'a Frame<'a>,
    version: &'a Version,
    outline: Outline,
    numbers: Numbers,
    lanes: Vec<LaneNow>,
}

impl Drawn<'_> {
    fn shape(&self, stuck: &[map::Stuck]) -> Map {
        let id = |place: usize| {
            let node = self.outline.nodes.get(place)?;
            (!self.hidden(node.lane)).then(|| node.id.clone())
        };
        let flows = self.outline.flows.iter().filter_map(|flow| {
            Some(MapFlow {
                from: id(flow.from)?,
                to: id(flow.to)?,
                name: flow.name.clone(),
            })
        });
        let incident = |stuck: &map::Stuck| Incident {
            case: stuck.case.clone(),
            step: stuck.node.clone(),
            message: stuck.message.clone(),
            since: instant(stuck.since),
        };
        Map {
            now: instant(self.frame.now),
            process: self.version.process.clone(),
            version: self.version.version,
            name: self.version.name.clone(),
            since: instant(self.version.since),
            running: self.version.running,
            all: self.numbers.all.into(),
            lanes: self.lanes(),
            steps: self.steps(),
            flows: flows.collect(),
            incidents: stuck.iter().map(incident).collect(),
        }
    }

    /// Whether a lane of the outline is none the viewer may know of.
    fn hidden(&self, lane: usize) -> bool {
        let lane = self.outline.lanes.get(lane);
        lane.is_none_or(|(id, _)| hidden(self.frame, &self.lanes, id))
    }

    fn lanes(&self) -> Vec<MapLane> {
        let lane = |(id, name): &(String, String)| {
            let load = self.numbers.lanes.get(id).copied().unwrap_or_default();
            let told = !hidden(self.frame, &self.lanes, id);
            let now = self.lanes.iter().find(|now| now.id.as_str() == id);
            let parties = now.map(|now| self.numbers.parties(now)).unwrap_or_default();
            let parties = parties.iter();
            MapLane {
                id: told.then(|| id.clone()),
                name: told.then(|| name.clone()),
                load: now.map(|_| load.into()),
                median_micros: now.and(self.numbers.median(id, None)).map(|time| time.0),
                parties: parties
                    .filter_map(|party| Some(self.party(now?, party)))
                    .collect(),
            }
        };
        self.outline.lanes.iter().map(lane).collect()
    }

    fn party(&self, lane: &LaneNow, party: &PartyId) -> MapParty {
        let part = lane.parts.iter().find(|part| part.share.party == *party);
        let key = (lane.id.to_string(), party.to_string());
        let load = self.numbers.parts.get(&key).copied().unwrap_or_default();
        let numbers = &self.numbers;
        MapParty {
            party: self.frame.may_name(party).then(|| party.to_string()),
            basis_points: part.map(|part| part.share.basis_points),
            paused: part.and_then(|part| part.paused.clone()),
            week_basis_points: numbers.share(lane.id.as_str(), party.as_str()),
            load: load.into(),
            median_micros: numbers
                .median(lane.id.as_str(), Some(party.as_str()))
                .map(|time| time.0),
        }
    }

    fn steps(&self) -> Vec<MapStep> {
        let step = |node: &map::Node| {
            let load = self.numbers.tasks.get(&node.id).copied();
            let lane = self.outline.lanes.get(node.lane);
            MapStep {
                id: node.id.clone(),
                name: node.name.clone(),
                kind: match node.shape {
                    Shape::Task => StepKind::Task,
                    Shape::Gateway => StepKind::Gateway,
                    Shape::Start => StepKind::Start,
                    Shape::End => StepKind::End,
                    Shape::Event | Shape::Edge(_) => StepKind::Event,
                },
                lane: lane.map(|(id, _)| id.clone()),
                automatic: node.steps,
                load: load.unwrap_or_default().into(),
            }
        };
        let nodes = self.outline.nodes.iter();
        nodes
            .filter(|node| !self.hidden(node.lane))
            .map(step)
            .collect()
    }
}
