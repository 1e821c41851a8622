//! All cases in sight: search, filters and pages.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use super::times::{Drawing, remaining};
use super::work::{common_currency, encoded};
use crate::pages;
use crate::pages::cases::{CaseRow, CasesPage};
use crate::pages::parts::{Empty, Link, Pager, Tag, Tone};
use crate::pages::shell::Place;
use crate::pages::work::{ViewLink, ViewSection};
use crate::strip::{Axis, moment};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::views::cases::{self, Case, Filter, Page, Standing, State as CaseState};
use baton_app::views::headline::spoken;
use baton_app::views::pauses::{self, Pause};
use baton_app::views::times::{self, CaseTimes};
use baton_model::{CaseId, Masked};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many cases stand on a page.
const ROWS: usize = 50;

/// The list's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    process: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    lane: String,
    #[serde(default)]
    party: String,
    #[serde(default)]
    task: String,
    #[serde(default)]
    late: String,
    #[serde(default)]
    page: usize,
}

impl Asked {
    fn address(&self, state: &str, page: usize) -> String {
        let mut parts = Vec::new();
        if !self.q.is_empty() {
            parts.push(format!("q={}", encoded(&self.q)));
        }
        if !state.is_empty() {
            parts.push(format!("state={state}"));
        }
        let kept = self.standing_fields();
        parts.extend(
            kept.iter()
                .map(|(name, value)| format!("{name}={}", encoded(value))),
        );
        if page > 1 {
            parts.push(format!("page={page}"));
        }
        if parts.is_empty() {
            "/cases".into()
        } else {
            format!("/cases?{}", parts.join("&"))
        }
    }
}

impl Asked {
    /// Where the open work items of the cases stand.
    fn standing(&self) -> Standing {
        Standing {
            lane: self.lane.clone(),
            party: self.party.clone(),
            task: self.task.clone(),
            late: !self.late.is_empty(),
            process: self.process.clone(),
            version: self.version,
        }
    }

    /// The same as fields of an address or a form.
    fn standing_fields(&self) -> Vec<(&'static str, String)> {
        let version = Some(self.version).filter(|version| *version > 0);
        let fields = [
            ("process", self.process.clone()),
            (
                "version",
                version
                    .map(|version| version.to_string())
                    .unwrap_or_default(),
            ),
            ("lane", self.lane.clone()),
            ("party", self.party.clone()),
            ("task", self.task.clone()),
            ("late", self.late.clone()),
        ];
        fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// The same without some of them.
    fn without(&self, names: &[&str]) -> Self {
        let left = |name: &str, value: &str| {
            if names.contains(&name) {
                String::new()
            } else {
                value.to_owned()
            }
        };
        Self {
            q: left("q", &self.q),
            process: left("process", &self.process),
            version: if names.contains(&"version") {
                0
            } else {
                self.version
            },
            lane: left("lane", &self.lane),
            party: left("party", &self.party),
            task: left("task", &self.task),
            late: left("late", &self.late),
            ..self.clone()
        }
    }
}

/// `GET /cases`
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

fn page(frame: &Frame<'_>, asked: &Asked) -> Result<CasesPage, Failed> {
    let reader = frame.reader();
    let number = asked.page.clamp(1, 1_000_000);
    let filter = Filter {
        search: asked.q.chars().take(100).collect(),
        state: asked.state.clone(),
        standing: asked.standing(),
        skip: (number - 1) * ROWS,
        limit: ROWS,
        ..Filter::default()
    };
    let Page { rows, total } = cases::list(&reader, &frame.signed.viewer.scope, &filter)?;
    let book = times::book(&reader)?;
    let common = common_currency(rows.iter());
    let requests = requests(frame, asked)?;
    let mut shown = Vec::with_capacity(rows.len());
    for case in &rows {
        let times = times::times(&reader, &book, &case.id, frame.now)?;
        let asks = requests.get(&case.id);
        shown.push(row(frame, case, times.as_ref(), common.is_some(), asks));
    }
    let (from, to) = (filter.skip + 1, filter.skip + rows.len());
    Ok(CasesPage {
        shell: frame.shell("Cases", Place::Cases, None)?,
        views: views(frame, asked)?,
        query: asked.q.clone(),
        kept: Some(&asked.state)
            .filter(|state| !state.is_empty())
            .map(|state| ("state".into(), state.clone()))
            .into_iter()
            .chain(
                asked
                    .standing_fields()
                    .into_iter()
                    .map(|(name, value)| (name.into(), value)),
            )
            .collect(),
        filters: filters(frame, asked),
        subject_name: "Case, with whom".into(),
        amount_name: common.unwrap_or_else(|| "Amount".into()),
        rows: shown,
        pager: Pager {
            from,
            to,
            total,
            before: (number > 1).then(|| asked.address(&asked.state, number - 1)),
            after: (to < total).then(|| asked.address(&asked.state, number + 1)),
        },
        empty: rows.is_empty().then(|| empty(frame, asked)),
    })
}

/// What the list is narrowed to, each to be taken away.
fn filters(frame: &Frame<'_>, asked: &Asked) -> Vec<Link> {
    let whole = match asked.version {
        0 => asked.process.clone(),
        version => format!("{}, version {version}", asked.process),
    };
    let named = [
        ("q", &["q"][..], format!("“{}”", asked.q), &asked.q),
        (
            "process",
            &["process", "version"][..],
            format!("In work: {whole}"),
            &asked.process,
        ),
        (
            "lane",
            &["lane"][..],
            format!("Lane: {}", frame.lane(&asked.lane.as_str().into())),
            &asked.lane,
        ),
        (
            "party",
            &["party"][..],
            format!("With: {}", asked.party),
            &asked.party,
        ),
        (
            "task",
            &["task"][..],
            format!("Task: {}", asked.task.replace('_', " ")),
            &asked.task,
        ),
        ("late", &["late"][..], "Past target".to_owned(), &asked.late),
    ];
    let set = named
        .into_iter()
        .filter(|(_, _, _, value)| !value.is_empty());
    set.map(|(_, names, name, _)| Link {
        name,
        href: asked.without(names).address(&asked.state, 1),
    })
    .collect()
}

fn views(frame: &Frame<'_>, asked: &Asked) -> Result<Vec<ViewSection>, Failed> {
    let mut views = Vec::new();
    for (name, state) in [
        ("All", ""),
        ("Running", "running"),
        ("Stuck", "stuck"),
        ("Ended", "ended"),
        ("Asked of us", "asked"),
    ] {
        let filter = Filter {
            search: asked.q.chars().take(100).collect(),
            state: state.into(),
            standing: asked.standing(),
            skip: 0,
            limit: 1,
            ..Filter::default()
        };
        let count = cases::list(&frame.reader(), &frame.signed.viewer.scope, &filter)?.total;
        views.push(ViewLink {
            name: name.into(),
            href: asked.address(state, 1),
            count,
            current: asked.state == state,
        });
    }
    Ok(vec![ViewSection {
        name: "Cases".into(),
        views,
    }])
}

fn empty(frame: &Frame<'_>, asked: &Asked) -> Empty {
    if asked.state == "asked" {
        return Empty {
            what: "Nothing is asked of you".into(),
            then: "What another party needs to know before it can go on appears here, and its clock stands still until you answer.".into(),
            act: None,
        };
    }
    if asked.q.is_empty() && asked.state.is_empty() && asked.standing() == Standing::default() {
        let may = frame.sends_documents().unwrap_or_default();
        let act = may.then(|| Link {
            name: "Take documents in".into(),
            href: "/documents/upload".into(),
        });
        return Empty {
            what: "No cases yet".into(),
            then: "A case begins when an invoice comes in.".into(),
            act,
        };
    }
    let act = Some(Link {
        name: "Show all cases".into(),
        href: "/cases".into(),
    });
    Empty {
        what: "No case matches".into(),
        then: "Search by number, supplier or case.".into(),
        act,
    }
}

/// What is asked of the viewer's party about these cases, where that is what the list is about.
fn requests(frame: &Frame<'_>, asked: &Asked) -> Result<BTreeMap<CaseId, String>, Failed> {
    if asked.state != "asked" {
        return Ok(BTreeMap::new());
    }
    let filter = pauses::Filter {
        open: true,
        of_us: true,
        ..pauses::Filter::default()
    };
    let scope = &frame.signed.viewer.scope;
    let open = pauses::list(&frame.reader(), scope, &filter, 4 * ROWS)?;
    let said = |pause: &Pause| {
        let text = pause.text.as_ref().map(|text| spoken(text.show()));
        let chip = frame.chip(&pause.party).code;
        format!("{chip} asks: {}", text.unwrap_or_default())
    };
    let said = open.iter().map(|pause| (pause.case.clone(), said(pause)));
    Ok(said.collect())
}

fn row(
    frame: &Frame<'_>,
    case: &Case,
    times: Option<&CaseTimes>,
    common: bool,
    asks: Option<&String>,
) -> Masked<CaseRow> {
    let hop = times.and_then(|times| times.hops.iter().rfind(|hop| hop.until.is_none()));
    let known = hop.filter(|hop| frame.may_name(&hop.party));
    let drawing = Drawing {
        frame,
        axis: Axis::Wall,
        incident: case.incident.is_some(),
        offered: false,
        person: None,
    };
    let strip = drawing.strip_or_empty(times, case.id.as_str());
    let reason = super::filling::case::reason(case);
    case.heading.clone().map(|heading| CaseRow {
        case: case.id.to_string(),
        href: format!("/cases/{}", case.id),
        left: known.map(|hop| remaining(frame, times, hop.lane.as_str())),
        ended: case
            .ended
            .map(|ended| moment(ended, &frame.zone))
            .unwrap_or_default(),
        subject: heading.title,
        with: heading.about,
        reason: asks.cloned().or(case.outcome.clone()).unwrap_or(reason),
        holder: hop.map(|hop| frame.chip(&hop.party)),
        lane: known.map(|hop| frame.lane(&hop.lane)).unwrap_or_default(),
        strip,
        amount: if common {
            heading.amount
        } else {
            format!("{} {}", heading.currency, heading.amount)
                .trim()
                .to_string()
        },
        state: state(case),
    })
}

fn state(case: &Case) -> Tag {
    let (text, tone) = match case.state {
        CaseState::Stuck => ("stuck".to_string(), Tone::Late),
        CaseState::Ended => (
            case.outcome.clone().unwrap_or_else(|| "ended".into()),
            Tone::Quiet,
        ),
        CaseState::Running => ("running".to_string(), Tone::Plain),
    };
    Tag { text, tone }
}
