//! A team leader's floor, and giving items to people. Of other parties there is nothing on it; whoever
//! leads nobody finds no such page.

mod filter;
mod help;
mod past;
mod targets;

use super::Web;
use super::answer::{Failed, read};
use super::frame::{Frame, initials};
use super::notice::Notice;
use super::session::{Posted, Signed};
use super::times::remaining;
use super::work::{case_of, encoded};
use crate::pages;
use crate::pages::floor::{FloorPage, ItemRow, PersonRow, QueueRow};
use crate::pages::shell::Place;
use crate::strip::{brief, clock};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::Able;
use baton_app::command::{Assign, Command};
use baton_app::views::floor::{self, Open, Person, SOON};
use baton_app::views::{cases, time, times};
use baton_model::{CaseId, LaneId, Micros, WorkItemId, WorkerId};
pub(crate) use filter::Asked;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// How many items stand on the floor.
const ITEMS: usize = 30;

/// `GET /floor`
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        if !signed.viewer.leads() {
            return Err(Failed::Missing("page"));
        }
        let frame = Frame::of(app, &signed)?;
        Ok(pages::answer(StatusCode::OK, &filled(&frame, &asked)?))
    })
    .await
}

/// `POST /floor/assign`: all chosen items to one worker, or back to the queue.
pub(crate) async fn assign(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let field = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    let (worker, why) = (field("worker"), field("why"));
    let (mut given, mut refused) = (0_u32, None);
    for (_, item) in posted.all.iter().filter(|(name, _)| name == "item") {
        let command = Command::Assign(Assign {
            case: CaseId::new(case_of(item)),
            item: WorkItemId::new(item),
            worker: Some(worker.as_str())
                .filter(|id| !id.is_empty())
                .map(WorkerId::new),
            why: why.clone(),
        });
        let (tenant, actor) = (posted.signed.tenant(), posted.signed.actor());
        let cause = web.app.fresh_cause("assign");
        match web.app.submit(tenant, actor, &cause, command).await {
            Ok(_) => given += 1,
            Err(failure) => match failure.rejection() {
                Some(rejection) => refused = refused.or(Some(rejection.message.clone())),
                None => return Err(failure.into()),
            },
        }
    }
    let done = Notice::Given(given, refused.unwrap_or_default()).address(&posted.signed);
    let back = Asked::kept(&field).address();
    let sign = if back.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{back}{sign}done={done}")).into_response())
}

/// The instant a day began in a zone.
pub(crate) fn day_of(at: Micros, zone: &TimeZone) -> Micros {
    let instant = Timestamp::from_microsecond(at.0).unwrap_or_default();
    let local = instant.to_zoned(zone.clone());
    let began = local.start_of_day().unwrap_or(local);
    Micros(began.timestamp().as_microsecond())
}

fn filled(frame: &Frame<'_>, asked: &Asked) -> Result<FloorPage, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let open = floor::open(&reader, scope, frame.now)?;
    let people = floor::people(&reader, scope, day_of(frame.now, &frame.zone))?;
    let chosen: Vec<&Open> = open
        .iter()
        .filter(|item| asked.item(item, frame.now))
        .collect();
    let names: BTreeMap<&str, String> = people
        .iter()
        .map(|person| (person.id.as_str(), named(frame, &person.id)))
        .collect();
    let waiting = time::corrections(&reader, scope, None)?;
    let own = |one: &&time::Correction| one.decision.is_none() && one.worker != scope.worker;
    let site = frame.sites.get(&frame.signed.viewer.site);
    let at_work = people
        .iter()
        .filter(|person| person.state() != "off")
        .count();
    let place = site
        .map(|site| format!("{}, ", site.name))
        .unwrap_or_default();
    let past = floor::past(&reader, scope, frame.now)?;
    let (helps, beyond) = help::helps(frame, &open, &people, &names)?;
    let all = asked.but(&[("lane", ""), ("due", "")]);
    Ok(FloorPage {
        shell: frame.shell(
            "Floor",
            Place::Floor,
            Notice::words(&asked.done, frame.signed),
        )?,
        day: format!("{place}{at_work} of {} people in", people.len()),
        queues: queues(frame, &open, &people, asked, &past),
        all: QueueRow {
            spark: past::spark(frame, "all lanes", &past::summed(&past, &scope.lanes)),
            ..queue(&all, frame.now, &open.iter().collect::<Vec<_>>(), &people)
        },
        past: past::table(frame, &past),
        targets: targets::drawing(frame, &chosen),
        targets_say: targets::sentence(frame, &chosen),
        items: items(frame, &chosen, &people, &names)?,
        more: chosen.len().saturating_sub(ITEMS),
        chosen: asked.words(frame),
        sought: asked.sought(),
        anybody: asked
            .but(&[("skill", ""), ("language", ""), ("clearance", "")])
            .address(),
        everything: all
            .but(&[("skill", ""), ("language", ""), ("clearance", "")])
            .address(),
        kept: asked.fields(),
        filters: filter::choices(&people, &open, asked),
        givable: givable(&people, &names, asked),
        states: states(&people, asked),
        people: persons(frame, &people, &names, asked),
        helps,
        beyond,
        waiting: waiting.iter().filter(own).count(),
    })
}

fn named(frame: &Frame<'_>, worker: &str) -> String {
    frame
        .worker(&worker.into())
        .unwrap_or_else(|| worker.to_owned())
}

/// The viewer's lanes that have items, or that the party runs.
pub(crate) fn lanes<'a>(frame: &'a Frame<'_>, open: &[Open]) -> impl Iterator<Item = &'a LaneId> {
    let scope = &frame.signed.viewer.scope;
    let with_items: BTreeSet<String> = open.iter().map(|item| item.lane.clone()).collect();
    let runs = move |lane: &LaneId| {
        let run = frame.lanes.get(lane);
        with_items.contains(lane.as_str()) || run.is_some_and(|run| run.party == scope.party)
    };
    scope.lanes.iter().filter(move |lane| runs(lane))
}

fn queues(
    frame: &Frame<'_>,
    open: &[Open],
    people: &[Person],
    asked: &Asked,
    past: &floor::Past,
) -> Vec<QueueRow> {
    lanes(frame, open)
        .map(|lane| {
            let own: Vec<&Open> = open
                .iter()
                .filter(|item| item.lane == lane.as_str())
                .collect();
            let address = asked.but(&[("lane", lane.as_str()), ("due", "")]);
            let name = frame.lane(lane);
            let points = past.lanes.get(lane.as_str());
            QueueRow {
                spark: past::spark(frame, &name, points.map_or(&[], Vec::as_slice)),
                picked: asked.lane == lane.as_str(),
                name,
                ..queue(&address, frame.now, &own, people)
            }
        })
        .collect()
}

fn queue(address: &Asked, now: Micros, open: &[&Open], people: &[Person]) -> QueueRow {
    let queue = floor::Queue::of(open, people, now);
    let oldest = queue.oldest;
    QueueRow {
        href: address.address(),
        open: queue.open,
        oldest: oldest.map_or_else(String::new, |since| brief(now.0 - since.0)),
        risk: (queue.risk, address.but(&[("due", "soon")]).address()),
        late: (queue.late, address.but(&[("due", "late")]).address()),
        busy: queue.busy,
        ..QueueRow::default()
    }
}

/// The items: those past their due instant and those due next.
fn items(
    frame: &Frame<'_>,
    open: &[&Open],
    people: &[Person],
    names: &BTreeMap<&str, String>,
) -> Result<Vec<ItemRow>, Failed> {
    let reader = frame.reader();
    let book = times::book(&reader)?;
    let mut rows = Vec::new();
    for item in open.iter().take(ITEMS) {
        let id = CaseId::new(&item.case);
        let times = times::times(&reader, &book, &id, frame.now)?;
        let held = item.worker.as_deref().map(|worker| {
            let name = names
                .get(worker)
                .cloned()
                .unwrap_or_else(|| worker.to_owned());
            let hands = people.iter().flat_map(|person| &person.hands);
            let since = hands
                .filter(|hand| hand.item == item.item)
                .map(|hand| hand.since)
                .max();
            let lasts = since.map_or_else(String::new, |since| brief(frame.now.0 - since.0));
            (initials(&name), format!("{lasts} on it"))
        });
        rows.push(ItemRow {
            item: item.item.clone(),
            title: title(frame, item)?,
            href: format!("/items/{}", item.item),
            lane: frame.lane(&item.lane.as_str().into()),
            asks: words(&item.asks),
            left: remaining(frame, times.as_ref(), &item.lane),
            soon: item
                .due
                .filter(|_| filter::due(item, "soon", frame.now))
                .map(|due| clock(due, &frame.zone)),
            holder: held,
        });
    }
    Ok(rows)
}

/// What an item's case is about, where the leader may see it; else the case.
fn title(frame: &Frame<'_>, item: &Open) -> Result<String, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let case = cases::one(&reader, scope, &CaseId::new(&item.case), None)?;
    let title = case.map(|case| case.heading.show().title.clone());
    let title = title.filter(|title| !title.is_empty());
    Ok(title.unwrap_or_else(|| item.case.clone()))
}

/// Languages, skills and clearances in short.
fn words(able: &Able) -> String {
    let languages = able.languages.iter().map(|code| code.to_uppercase());
    let skills = able.skills.iter().cloned();
    let cleared = able
        .clearances
        .iter()
        .map(|word| format!("cleared for {word}"));
    let all: Vec<String> = languages.chain(skills).chain(cleared).collect();
    all.join(", ")
}

/// Who may be given an item: those of the party with a lane of the leader's, the free ones first.
fn givable(
    people: &[Person],
    names: &BTreeMap<&str, String>,
    asked: &Asked,
) -> Vec<(String, String)> {
    let mut able: Vec<&Person> = people
        .iter()
        .filter(|person| !person.lanes.is_empty() && !person.roles.contains("bot"))
        .filter(|person| asked.lane.is_empty() || person.lanes.contains(&asked.lane))
        .collect();
    able.sort_by_key(|person| (person.state() != "available", person.hands.len()));
    able.iter()
        .map(|person| {
            let name = names.get(person.id.as_str()).cloned().unwrap_or_default();
            let hands = match person.hands.len() {
                0 => String::new(),
                hands => format!(", {hands} in hand"),
            };
            (
                person.id.clone(),
                format!("{name} · {}{hands}", person.state()),
            )
        })
        .collect()
}

fn states(people: &[Person], asked: &Asked) -> Vec<(String, usize, String, bool)> {
    let able: Vec<&Person> = people.iter().filter(|one| asked.able(&one.able)).collect();
    let link = |word: &str| asked.but(&[("state", word)]).address();
    let mut states = vec![(
        "All".to_owned(),
        able.len(),
        link(""),
        asked.state.is_empty(),
    )];
    for word in ["active", "available", "wrap", "break", "training", "off"] {
        let count = able.iter().filter(|person| person.state() == word).count();
        if count > 0 {
            states.push((word.to_owned(), count, link(word), asked.state == word));
        }
    }
    states
}

fn persons(
    frame: &Frame<'_>,
    people: &[Person],
    names: &BTreeMap<&str, String>,
    asked: &Asked,
) -> Vec<PersonRow> {
    let shown = people
        .iter()
        .filter(|person| asked.state.is_empty() || person.state() == asked.state)
        .filter(|person| asked.able(&person.able))
        .filter(|person| asked.lane.is_empty() || person.lanes.contains(&asked.lane));
    let order = ["active", "available", "wrap", "break", "training", "off"];
    let mut shown: Vec<&Person> = shown.collect();
    shown.sort_by_key(|person| order.iter().position(|state| *state == person.state()));
    shown
        .into_iter()
        .map(|person| {
            let name = names.get(person.id.as_str()).cloned().unwrap_or_default();
            let hand = person.hands.first();
            let lanes: Vec<String> = match hand {
                Some(hand) => vec![frame.lane(&hand.lane.as_str().into())],
                None => person
                    .lanes
                    .iter()
                    .map(|lane| frame.lane(&lane.as_str().into()))
                    .collect(),
            };
            PersonRow {
                initials: initials(&name),
                href: format!("/time?worker={}", encoded(&person.id)),
                state: person.state(),
                lane: lanes.join(", "),
                on: hand.map(|hand| (hand.case.clone(), format!("/items/{}", hand.item))),
                more: person.hands.len().saturating_sub(1),
                lasts: person
                    .since()
                    .map_or_else(|| "–".into(), |since| brief(frame.now.0 - since.0)),
                done: person.done,
                median: person
                    .median
                    .map_or_else(|| "–".into(), |time| brief(time.0)),
                able: words(&person.able),
                name,
            }
        })
        .collect()
}
