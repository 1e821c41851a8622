//! The work list: what waits for the viewer, in groups of urgency. The preview is drawn beside it.

use super::Web;
use super::answer::{Failed, read};
use super::frame::{Frame, initials};
use super::notice::Notice;
use super::preview::previewed;
use super::session::{Posted, Signed};
use super::times::{Drawing, remaining};
use crate::pages;
use crate::pages::parts::{Empty, Left, Link};
use crate::pages::shell::Place;
use crate::pages::work::{Group, Presence, ViewLink, ViewSection, WorkPage, WorkRow};
use crate::strip::Axis;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use baton_app::command::Command;
use baton_app::views::cases::{self, Case};
use baton_app::views::headline::Heading;
use baton_app::views::pauses;
use baton_app::views::times::{self, CaseTimes};
use baton_app::views::work::{self, Filter, Item};
use baton_model::{CaseId, LaneId, Masked, WorkItemId, WorkingTime};
use serde::Deserialize;

/// The most rows of a list; what is due later shows when these are done.
const ROWS: usize = 100;

/// The list's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    lane: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    done: String,
}

/// An item with its case and times, ready for a row.
pub(crate) struct Loaded {
    pub(crate) item: Item,
    pub(crate) case: Case,
    pub(crate) times: Option<CaseTimes>,
}

/// `GET /`
pub(crate) async fn home() -> Redirect {
    Redirect::to("/work")
}

/// `GET /work`
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        Ok(pages::answer(StatusCode::OK, &page(&frame, &asked)?))
    })
    .await
}

/// `POST /work/claim`: all chosen items; those that are gone meanwhile are left out.
pub(crate) async fn claim(State(web): State<Web>, posted: Posted) -> Result<Response, Failed> {
    let chosen = posted.all.iter().filter(|(name, _)| name == "item");
    let (mut claimed, mut gone) = (0_u32, 0_u32);
    for (_, item) in chosen {
        let item = WorkItemId::new(item);
        let command = Command::Claim {
            case: CaseId::new(case_of(item.as_str())),
            item,
        };
        let cause = web.app.fresh_cause("claim");
        match web
            .app
            .submit(
                posted.signed.tenant(),
                posted.signed.actor(),
                &cause,
                command,
            )
            .await
        {
            Ok(_) => claimed += 1,
            Err(failure) if failure.rejection().is_some() => gone += 1,
            Err(failure) => return Err(failure.into()),
        }
    }
    let done = Notice::Claimed(claimed, gone).address(&posted.signed);
    Ok(Redirect::to(&format!("/work?view=mine&done={done}")).into_response())
}

/// The case's id of a work item's: what stands before the last dot.
pub(crate) fn case_of(item: &str) -> &str {
    item.rsplit_once('.').map_or(item, |(case, _)| case)
}

/// Text in an address.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| {
            if plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn page(frame: &Frame<'_>, asked: &Asked) -> Result<WorkPage, Failed> {
    let scope = &frame.signed.viewer.scope;
    let filter = Filter {
        lane: asked.lane.clone(),
        holder: asked.view.clone(),
    };
    let items = work::list(&frame.reader(), scope, &filter, ROWS)?;
    let shown = items.len();
    let open = frame.counts()?.of(&filter).max(shown);
    let loaded = load_all(frame, items)?;
    let picked = loaded
        .iter()
        .position(|row| row.item.id.as_str() == asked.item)
        .unwrap_or(0);
    let preview = loaded
        .get(picked)
        .map(|row| previewed(frame, row))
        .transpose()?;
    let heading = heading(frame, asked);
    let common = common_currency(loaded.iter().map(|row| &row.case));
    let said = Notice::words(&asked.done, frame.signed);
    Ok(WorkPage {
        shell: frame.shell(&heading, Place::Work, said)?,
        views: views(frame, asked)?,
        heading,
        open,
        first: (shown < open).then_some(shown),
        filters: filters(frame, asked),
        subject_name: "Case, with whom".into(),
        amount_name: common.clone().unwrap_or_else(|| "Amount".into()),
        groups: groups(frame, &loaded, picked, common.as_deref()),
        preview,
        empty: (open == 0).then(|| empty(asked)),
    })
}

/// An item's case and times; nothing where the case went out of sight between two reads.
pub(crate) fn load(frame: &Frame<'_>, item: Item) -> Result<Option<Loaded>, Failed> {
    Ok(load_all(frame, vec![item])?.pop())
}

/// The same of many items, whose cases are read together.
fn load_all(frame: &Frame<'_>, items: Vec<Item>) -> Result<Vec<Loaded>, Failed> {
    let reader = frame.reader();
    let ids: Vec<String> = items.iter().map(|item| item.case.to_string()).collect();
    let cases = cases::by_ids(&reader, &frame.signed.viewer.scope, &ids)?;
    let book = times::book(&reader)?;
    let times = times::of_some(&reader, &book, &ids, frame.now)?;
    let loaded = items.into_iter().filter_map(|item| {
        let case = cases.get(&item.case)?.clone();
        let times = times.get(&item.case).cloned();
        Some(Loaded { item, case, times })
    });
    Ok(loaded.collect())
}

/// The currency of all these cases, if they have one in common; it then stands once, at the column.
pub(crate) fn common_currency<'a>(cases: impl Iterator<Item = &'a Case>) -> Option<String> {
    let mut currencies: Vec<String> = cases
        .map(|case| case.heading.show().currency.clone())
        .collect();
    currencies.sort();
    currencies.dedup();
    if currencies.len() == 1 {
        currencies.pop().filter(|currency| !currency.is_empty())
    } else {
        None
    }
}

fn heading(frame: &Frame<'_>, asked: &Asked) -> String {
    match (asked.view.as_str(), asked.lane.is_empty()) {
        ("mine", _) => "With me".into(),
        ("free", _) => "Free to take".into(),
        ("paused", _) => "Paused".into(),
        (_, false) => frame.lane(&asked.lane.as_str().into()),
        _ => "My next".into(),
    }
}

fn views(frame: &Frame<'_>, asked: &Asked) -> Result<Vec<ViewSection>, Failed> {
    let named = [
        ("My next", ""),
        ("With me", "mine"),
        ("Free to take", "free"),
        ("Paused", "paused"),
    ];
    let own = named.map(|(name, view)| {
        let href = match view {
            "" => "/work".to_string(),
            view => format!("/work?view={view}"),
        };
        let current = asked.lane.is_empty() && asked.view == view;
        let holder = view.to_string();
        let filter = Filter {
            holder,
            ..Filter::default()
        };
        view_link(frame, name.into(), href, &filter, current)
    });
    let scope = &frame.signed.viewer.scope;
    let run = |lane: &&LaneId| {
        let lane = frame.lanes.get(*lane);
        lane.is_some_and(|lane| lane.party == scope.party)
    };
    let lanes = scope.lanes.iter().filter(run).map(|lane| {
        let href = format!("/work?lane={}", encoded(lane.as_str()));
        let current = asked.lane == lane.as_str();
        let filter = Filter {
            lane: lane.to_string(),
            ..Filter::default()
        };
        view_link(frame, frame.lane(lane), href, &filter, current)
    });
    let asked = asked_of_us(frame)?;
    let section = |name: &str, views| ViewSection {
        name: name.into(),
        views,
    };
    Ok([
        section("Views", own.into_iter().collect::<Result<_, _>>()?),
        section("Lanes", lanes.collect::<Result<_, _>>()?),
    ]
    .into_iter()
    .chain(asked)
    .collect())
}

/// What others ask of the viewer's party; the client is always told how much.
fn asked_of_us(frame: &Frame<'_>) -> Result<Option<ViewSection>, Failed> {
    let scope = &frame.signed.viewer.scope;
    let count = pauses::asked_of_us(&frame.reader(), scope)?;
    let link = ViewLink {
        name: "Asked of us".into(),
        href: "/cases?state=asked".into(),
        count,
        current: false,
    };
    Ok((count > 0 || scope.client).then(|| ViewSection {
        name: "Requests".into(),
        views: vec![link],
    }))
}

fn view_link(
    frame: &Frame<'_>,
    name: String,
    href: String,
    filter: &Filter,
    current: bool,
) -> Result<ViewLink, Failed> {
    Ok(ViewLink {
        name,
        href,
        count: frame.counts()?.of(filter),
        current,
    })
}

fn filters(frame: &Frame<'_>, asked: &Asked) -> Vec<Link> {
    let lane = Some(&asked.lane).filter(|lane| !lane.is_empty());
    lane.map(|lane| Link {
        name: format!("Lane: {}", frame.lane(&lane.as_str().into())),
        href: "/work".into(),
    })
    .into_iter()
    .collect()
}

fn empty(asked: &Asked) -> Empty {
    let act = |name: &str, href: &str| {
        Some(Link {
            name: name.into(),
            href: href.into(),
        })
    };
    if asked.view.is_empty() && asked.lane.is_empty() {
        let then = "Work appears here as soon as a case reaches one of your lanes.".into();
        return Empty {
            what: "Nothing waits for you".into(),
            then,
            act: act("Look at all cases", "/cases"),
        };
    }
    Empty {
        what: "Nothing in this view".into(),
        then: "Other views may hold work for you.".into(),
        act: act("Show all my work", "/work"),
    }
}

fn groups(frame: &Frame<'_>, loaded: &[Loaded], picked: usize, common: Option<&str>) -> Vec<Group> {
    let mut groups: Vec<Group> = ["Past target", "Due in the next working hour", "Later"]
        .into_iter()
        .map(|name| Group {
            name: name.into(),
            rows: Vec::new(),
        })
        .collect();
    for (place, row) in loaded.iter().enumerate() {
        let (urgency, row) = work_row(frame, row, place == picked, common);
        groups[urgency].rows.push(row);
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn work_row(
    frame: &Frame<'_>,
    loaded: &Loaded,
    picked: bool,
    common: Option<&str>,
) -> (usize, Masked<WorkRow>) {
    let (item, times) = (&loaded.item, loaded.times.as_ref());
    let left = remaining(frame, times, item.lane.as_str());
    let urgency = match left.kind {
        Left::Late => 0,
        Left::Risk if left.micros < WorkingTime::hours(1).0 => 1,
        _ => 2,
    };
    let strip = drawing(frame, loaded).strip_or_empty(times, loaded.case.id.as_str());
    let reason = super::filling::case::reason(&loaded.case);
    let row = loaded.case.heading.clone().map(|heading: Heading| WorkRow {
        item: item.id.to_string(),
        href: format!("/items/{}", item.id),
        left,
        subject: heading.title,
        with: heading.about,
        case: item.case.to_string(),
        reason: if reason.is_empty() {
            item.name.clone()
        } else {
            reason
        },
        holder: frame.chip(&item.party),
        lane: item.lane_name.clone(),
        strip,
        amount: if common.is_some() {
            heading.amount
        } else {
            format!("{} {}", heading.currency, heading.amount)
        },
        here: presence(frame, item),
        picked,
        claim: item.worker.is_none() && item.misses.is_none(),
        given: given(frame, item),
        misses: item.misses.clone(),
    });
    (urgency, row)
}

/// Which team leader gave an item to the viewer, and why.
pub(crate) fn given(frame: &Frame<'_>, item: &Item) -> Option<String> {
    let (leader, why) = item.given.as_ref()?;
    let own = item.worker.as_ref() == Some(&frame.signed.viewer.scope.worker);
    let name = frame.worker(leader).filter(|_| own)?;
    Some(format!("given by {name}: {why}"))
}

/// How the strip of an item's case is drawn.
pub(crate) fn drawing<'a>(frame: &'a Frame<'a>, loaded: &Loaded) -> Drawing<'a> {
    Drawing {
        frame,
        axis: Axis::Wall,
        incident: loaded.case.incident.is_some(),
        offered: loaded.item.worker.is_none(),
        person: loaded
            .item
            .worker
            .as_ref()
            .and_then(|worker| frame.worker(worker)),
    }
}

/// Who is at an item now: colleagues who have it open, else whoever holds it.
pub(crate) fn presence(frame: &Frame<'_>, item: &Item) -> Option<Presence> {
    let here = super::presence::briefly(frame, &item.case, Some(&item.id));
    // In a row the baton's colour says that it is the viewer's own.
    let brief = |held: Presence| match held.word.as_str() {
        "you, draft" => Presence {
            word: "draft".into(),
            ..held
        },
        "you hold it" => Presence {
            word: "yours".into(),
            ..held
        },
        _ => held,
    };
    here.or_else(|| holder(frame, item).map(brief))
}

/// Who holds an item: the viewer, or a colleague.
pub(crate) fn holder(frame: &Frame<'_>, item: &Item) -> Option<Presence> {
    let worker = item.worker.as_ref()?;
    let name = frame.worker(worker)?;
    let own = *worker == frame.signed.viewer.scope.worker;
    let word = match (own, item.draft.is_some()) {
        (true, true) => "you, draft",
        (true, false) => "you hold it",
        (false, true) => "draft",
        (false, false) => "holds it",
    };
    Some(Presence {
        initials: initials(&name),
        word: word.into(),
        edits: own,
    })
}
