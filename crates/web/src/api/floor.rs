//! `/api/v1/floor`: what a team leader sees of the own party, its queues, its people and its open items;
//! and deciding who does an item. Whoever leads nobody finds no floor.

use super::ask::{Body, Caller, Path, Query, Sent};
use super::describe::Nothing;
use super::items::{act, ids, work_item};
use super::listed::{Listed, Paging};
use super::problem::Problem;
use super::shape::{Accepted, Page, WorkItem, instant};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::floor::{day_of, lanes};
use crate::handlers::frame::Frame;
use axum::Json;
use axum::extract::State;
use baton_app::command::{Assign, Command};
use baton_app::views::floor::{self, Hand, Open, Person};
use baton_app::views::queue::Position;
use baton_app::views::{cases, time};
use baton_model::{CaseId, Micros, WorkerId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// The open items of a lane in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// The lane; absent where it is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<String>,
    /// Open items.
    open: usize,
    /// Since when the oldest is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    oldest: Option<String>,
    /// Items that are due within the next hour.
    due_soon: usize,
    /// Items past their due instant.
    late: usize,
    /// People who have items of it in hand.
    busy: usize,
}

impl Queue {
    fn of(lane: Option<String>, open: &[&Open], people: &[Person], now: Micros) -> Self {
        let queue = floor::Queue::of(open, people, now);
        Self {
            lane,
            open: queue.open,
            oldest: queue.oldest.map(instant),
            due_soon: queue.risk,
            late: queue.late,
            busy: queue.busy,
        }
    }
}

/// An item in hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InHand {
    /// The item.
    item: String,
    /// Its case.
    case: String,
    /// Its lane.
    lane: String,
    /// Since when.
    #[schema(format = DateTime)]
    since: String,
}

impl InHand {
    fn of(hand: &Hand) -> Self {
        Self {
            item: hand.item.clone(),
            case: hand.case.clone(),
            lane: hand.lane.clone(),
            since: instant(hand.since),
        }
    }
}

/// One of the party's people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonShape {
    /// The worker.
    worker: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// `active`, `available`, `wrap`, `break`, `training` or `off`.
    state: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    /// The lanes done.
    lanes: BTreeSet<String>,
    /// The roles.
    roles: BTreeSet<String>,
    /// Skills, languages, clearances.
    #[serde(flatten)]
    able: AbleShape,
    /// What the worker has in hand.
    hands: Vec<InHand>,
    /// Items completed since the day began.
    done: usize,
    /// The median time in hand of these, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    median_micros: Option<i64>,
}

/// What somebody can and may do, or what an item asks for.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Able)]
pub(crate) struct AbleShape {
    /// Skills.
    skills: BTreeSet<String>,
    /// Languages.
    languages: BTreeSet<String>,
    /// Clearances.
    clearances: BTreeSet<String>,
}

impl PersonShape {
    fn of(frame: &Frame<'_>, person: &Person) -> Self {
        Self {
            worker: person.id.clone(),
            name: frame.worker(&person.id.as_str().into()),
            state: person.state().into(),
            since: person.since().map(instant),
            lanes: person.lanes.clone(),
            roles: person.roles.clone(),
            able: AbleShape {
                skills: person.able.skills.clone(),
                languages: person.able.languages.clone(),
                clearances: person.able.clearances.clone(),
            },
            hands: person.hands.iter().map(InHand::of).collect(),
            done: person.done,
            median_micros: person.median.map(|median| median.0),
        }
    }
}

/// A party's floor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Floor {
    /// The instant it is of.
    #[schema(format = DateTime)]
    now: String,
    /// All lanes of the leader together.
    all: Queue,
    /// Each lane.
    queues: Vec<Queue>,
    /// The party's people.
    people: Vec<PersonShape>,
    /// Corrections of times that wait for a decision.
    corrections: usize,
}

/// Read the floor
///
/// For a team leader: the party's queues in the leader's lanes, and its people with what they do.
#[utoipa::path(get, path = "/floor", tag = "floor", operation_id = "read_floor",
    responses((status = 200, description = "The floor as of now", body = Floor)))]
pub(crate) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Query(_): Query<Nothing>,
) -> Result<Json<Floor>, Problem> {
    let page = read(&web, move |app| {
        let frame = leading(app, &caller)?;
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let open = floor::open(&reader, scope, frame.now)?;
        let people = floor::people(&reader, scope, day_of(frame.now, &frame.zone))?;
        let all: Vec<&Open> = open.iter().collect();
        let queue = |lane: &baton_model::LaneId| {
            let own = open.iter().filter(|item| item.lane == lane.as_str());
            let own: Vec<&Open> = own.collect();
            Queue::of(Some(lane.to_string()), &own, &people, frame.now)
        };
        let waiting = time::corrections(&reader, scope, None)?;
        let own = |one: &&time::Correction| one.decision.is_none() && one.worker != scope.worker;
        Ok(Floor {
            now: instant(frame.now),
            all: Queue::of(None, &all, &people, frame.now),
            queues: lanes(&frame, &open).map(queue).collect(),
            corrections: waiting.iter().filter(own).count(),
            people: people
                .iter()
                .map(|person| PersonShape::of(&frame, person))
                .collect(),
        })
    });
    Ok(Json(page.await?))
}

fn leading<'a>(app: &'a baton_app::App, caller: &'a Caller) -> Result<Frame<'a>, Failed> {
    if caller.0.viewer.leads() {
        Frame::of(app, &caller.0)
    } else {
        Err(Failed::Missing("floor"))
    }
}

/// Which items of the floor are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// A lane's id; all of the leader's lanes where it is left out.
    lane: Option<String>,
}

/// An open item of the floor.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FloorItem {
    /// The item.
    item: String,
    /// Its case.
    case: String,
    /// What people call the case, where it is in sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Its lane.
    lane: String,
    /// Its task's name.
    name: String,
    /// Since when it is there.
    #[schema(format = DateTime)]
    since: String,
    /// When its hop is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    due: Option<String>,
    /// Whether its clock stands still.
    paused: bool,
    /// What it asks of a worker.
    #[serde(flatten)]
    asks: AbleShape,
    /// Who has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<String>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    in_hand_since: Option<String>,
}

impl FloorItem {
    fn of(frame: &Frame<'_>, item: &Open, people: &[Person]) -> Result<Self, Failed> {
        let scope = &frame.signed.viewer.scope;
        let case = cases::one(&frame.reader(), scope, &CaseId::new(&item.case), None)?;
        let hands = people.iter().flat_map(|person| &person.hands);
        let since = hands.filter(|hand| hand.item == item.item);
        let since = since.map(|hand| hand.since).max();
        Ok(Self {
            item: item.item.clone(),
            case: item.case.clone(),
            title: case.map(|case| case.heading.show().title.clone()),
            lane: item.lane.clone(),
            name: item.name.clone(),
            since: instant(item.since),
            due: item.due.map(instant),
            paused: item.paused,
            asks: AbleShape {
                skills: item.asks.skills.clone(),
                languages: item.asks.languages.clone(),
                clearances: item.asks.clearances.clone(),
            },
            in_hand_since: since.filter(|_| item.worker.is_some()).map(instant),
            worker: item.worker.clone(),
        })
    }
}

/// List the open items of the floor
///
/// For a team leader: those of the party in the leader's lanes, the first due first; those without a due
/// instant last.
#[utoipa::path(get, path = "/floor/items", tag = "floor", operation_id = "list_floor_items",
    params(Asked, Paging),
    responses((status = 200, description = "A page of items", body = Page<FloorItem>)))]
pub(crate) async fn items(
    State(web): State<Web>,
    caller: Caller,
    listed: Listed<Asked, Position>,
) -> Result<Json<Page<FloorItem>>, Problem> {
    let page = read(&web, move |app| {
        let frame = leading(app, &caller)?;
        let (reader, scope) = (frame.reader(), &caller.0.viewer.scope);
        let people = floor::people(&reader, scope, day_of(frame.now, &frame.zone))?;
        let mut open = floor::open(&reader, scope, frame.now)?;
        let lane = listed.asked.lane.as_ref();
        open.retain(|item| {
            let behind = |after: &Position| item.position() > *after;
            lane.is_none_or(|lane| item.lane == *lane) && listed.after.as_ref().is_none_or(behind)
        });
        open.truncate(listed.read());
        let next = listed.cut(&mut open, Open::position);
        let items = open.iter().map(|item| FloorItem::of(&frame, item, &people));
        Ok(Page {
            items: items.collect::<Result<_, Failed>>()?,
            next,
        })
    });
    Ok(Json(page.await?))
}

/// Who is to do an item.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Direction {
    /// A worker of the own party; back to the queue where it is left out.
    worker: Option<String>,
    /// Why; the worker sees it.
    #[schema(min_length = 1)]
    why: String,
}

impl Body for Direction {}

/// Give a work item to somebody, or take it back
///
/// For a team leader: to a worker of the own party who may do it, or to the queue again.
#[utoipa::path(post, path = "/items/{item}/assign", tag = "floor", operation_id = "assign_item",
    params(("item" = String, Path, description = "The item's id")), request_body = Direction,
    responses((status = 200, description = "It is with the worker, or in the queue", body = Accepted)))]
pub(crate) async fn assign(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Direction>,
) -> Result<Json<Accepted>, Problem> {
    let (item, case) = ids(&id);
    let command = Command::Assign(Assign {
        item,
        case,
        worker: sent.body.worker.as_ref().map(WorkerId::new),
        why: sent.body.why.clone(),
    });
    act(&web, &sent, None, command).await
}

/// Take a work item over
///
/// From the colleague who has it; what the colleague typed stays with it. A team leader is not needed.
#[utoipa::path(post, path = "/items/{item}/take-over", tag = "items", operation_id = "take_over_item",
    params(("item" = String, Path, description = "The item's id")),
    request_body(content = Nothing, description = "Nothing; may be left out"),
    responses((status = 200, description = "The item, with what is needed to do it", body = WorkItem)))]
pub(crate) async fn take_over(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent<Nothing>,
) -> Result<Json<WorkItem>, Problem> {
    let (item, case) = ids(&id);
    let command = Command::TakeOver {
        item: item.clone(),
        case,
    };
    let Json(_) = act(&web, &sent, None, command).await?;
    Ok(Json(work_item(&web, &sent.by, &item).await?))
}
