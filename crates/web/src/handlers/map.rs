//! The map of a process: who runs each lane, what is open and late there. Every number opens the list it
//! counts, by the same condition.

mod drawing;
mod handed;

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use super::times::{Drawing, remaining};
use super::work::encoded;
use crate::pages;
use crate::pages::map::{Counted, LaneCase, LaneCases, MapPage, PartRow, Shown, StuckRow};
use crate::pages::parts::Link;
use crate::pages::shell::Place;
use crate::strip::{Axis, day, hours};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::lanes::{self, LaneNow};
use baton_app::views::cases::{self, Filter, Standing};
use baton_app::views::map::{self, Load, Numbers, Outline, Version};
use baton_app::views::times;
use baton_model::share::percent;
use baton_model::{Masked, PartyId};
use serde::Deserialize;
use std::collections::BTreeSet;

/// How many cases of the chosen lane stand beside the map.
const CASES: usize = 12;

/// The map's address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    process: String,
    #[serde(default)]
    version: i64,
    #[serde(default)]
    lane: String,
    #[serde(default)]
    span: String,
}

/// What a map is drawn from.
pub(super) struct Facts<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) version: &'a Version,
    pub(super) outline: Outline,
    pub(super) numbers: Numbers,
    /// The lanes with the parties the viewer may know of.
    pub(super) lanes: Vec<LaneNow>,
    pub(super) stuck: Vec<map::Stuck>,
    pub(super) picked: &'a str,
    /// How far hand-overs are counted back: `hour` or `day`.
    pub(super) span: &'static str,
    /// Hand-overs: from a lane to a lane, how many.
    pub(super) handed: Vec<(String, String, u64)>,
}

pub(crate) use handed::rows as hand_overs;

/// `GET /map`
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let page = MapPage {
            shown: shown(&frame, &asked)?,
            shell: frame.shell("Map", Place::Map, None)?,
        };
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

fn shown(frame: &Frame<'_>, asked: &Asked) -> Result<Option<Shown>, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let versions = map::versions(&reader, scope)?;
    let Some(version) = chosen(&versions, &asked.process, asked.version)? else {
        return Ok(None);
    };
    let span = if asked.span == "day" { "day" } else { "hour" };
    let facts = Facts {
        frame,
        version,
        outline: map::outline(&reader, version)?.unwrap_or_default(),
        numbers: map::numbers(&reader, scope, version, frame.now)?,
        lanes: lanes::lanes(&reader, scope)?,
        stuck: map::stuck(&reader, scope, version, 3)?,
        picked: &asked.lane,
        span,
        handed: map::handed(&reader, scope, version, handed::window(span, frame.now))?,
    };
    if !asked.lane.is_empty() && !facts.knows(&asked.lane) {
        return Err(Failed::Missing("lane"));
    }
    let all = Standing::default();
    Ok(Some(Shown {
        name: version.name.clone(),
        version: format!(
            "version {}, since {}",
            version.version,
            day(version.since, &frame.zone)
        ),
        others: others(&versions, version),
        svg: drawing::map(&facts).svg(),
        spans: facts.spans(),
        handed: facts.handed_rows(),
        rows: facts.rows(),
        all: facts.counted(&all, facts.numbers.all),
        lane: facts.lane_cases()?,
        stuck: facts.stuck.iter().map(stuck).collect(),
        legend: facts.legend(),
        change: frame
            .signed
            .viewer
            .may_allocate()
            .then(|| format!("/allocation?lane={}", encoded(&facts.first_lane()))),
    }))
}

/// The version asked for, else the newest of the process with the most running cases.
pub(crate) fn chosen<'a>(
    versions: &'a [Version],
    process: &str,
    version: i64,
) -> Result<Option<&'a Version>, Failed> {
    if process.is_empty() {
        let newest = versions.iter().filter(|version| version.newest);
        return Ok(newest.max_by_key(|version| version.running));
    }
    let mut of = versions.iter().filter(|one| one.process == process);
    let found = of.find(|one| version == 0 || one.version == version);
    found.map(Some).ok_or(Failed::Missing("process"))
}

/// Whether the viewer may not know who runs a lane and what is done in it; `lanes` are those with a part
/// of the viewer's party.
pub(crate) fn hidden(frame: &Frame<'_>, lanes: &[LaneNow], lane: &str) -> bool {
    let knows = lanes.iter().any(|now| now.id.as_str() == lane);
    let run = frame.lanes.get(&lane.into());
    !knows && !run.is_some_and(|lane| frame.may_name(&lane.party))
}

/// What else may be shown: each newest version, and older ones that still have cases.
fn others(versions: &[Version], shown: &Version) -> Vec<(String, String, bool)> {
    let worth = versions
        .iter()
        .filter(|one| one.newest || one.running > 0 || *one == shown);
    let others: Vec<_> = worth
        .map(|one| {
            let name = format!(
                "{}, version {}: {} running",
                one.name, one.version, one.running
            );
            let href = format!(
                "/map?process={}&version={}",
                encoded(&one.process),
                one.version
            );
            (name, href, one == shown)
        })
        .collect();
    if others.len() > 1 { others } else { Vec::new() }
}

fn stuck(stuck: &map::Stuck) -> StuckRow {
    StuckRow {
        case: stuck.case.clone(),
        step: stuck.name.clone(),
        message: stuck.message.clone().unwrap_or_default(),
    }
}

impl Facts<'_> {
    /// Whether the viewer's party has a part in a lane; the client has in all.
    pub(super) fn knows(&self, lane: &str) -> bool {
        self.lanes.iter().any(|now| now.id.as_str() == lane)
    }

    pub(super) fn lane(&self, lane: &str) -> Option<&LaneNow> {
        self.lanes.iter().find(|now| now.id.as_str() == lane)
    }

    fn first_lane(&self) -> String {
        let first = self.outline.lanes.first().map(|lane| lane.0.clone());
        let picked = Some(self.picked).filter(|lane| !lane.is_empty());
        picked.map(str::to_owned).or(first).unwrap_or_default()
    }

    /// The list of the cases that stand so.
    pub(super) fn list(&self, standing: &Standing) -> String {
        let mut address = format!(
            "/cases?process={}&version={}",
            encoded(&self.version.process),
            self.version.version
        );
        for (name, value) in [
            ("lane", &standing.lane),
            ("party", &standing.party),
            ("task", &standing.task),
        ] {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", encoded(value)));
            }
        }
        if standing.late {
            address.push_str("&late=1");
        }
        address
    }

    pub(super) fn counted(&self, standing: &Standing, load: Load) -> Counted {
        let late = Standing {
            late: true,
            ..standing.clone()
        };
        Counted {
            open: load.open,
            href: self.list(standing),
            late: load.late,
            late_href: self.list(&late),
        }
    }

    pub(super) fn chosen(&self, lane: &str) -> String {
        format!(
            "/map?process={}&version={}&span={}&lane={}",
            encoded(&self.version.process),
            self.version.version,
            self.span,
            encoded(lane)
        )
    }

    pub(super) fn median(&self, lane: &str, party: Option<&str>) -> String {
        let median = self.numbers.median(lane, party);
        median.map_or_else(|| "–".into(), |time| hours(time.0))
    }

    /// The hour and the day, of which one is chosen.
    fn spans(&self) -> Vec<(&'static str, String, bool)> {
        let link = |span| {
            let lane = match self.picked {
                "" => String::new(),
                lane => format!("&lane={}", encoded(lane)),
            };
            format!(
                "/map?process={}&version={}&span={span}{lane}",
                encoded(&self.version.process),
                self.version.version
            )
        };
        let spans = ["hour", "day"].map(|span| (span, link(span), span == self.span));
        spans.into()
    }

    fn rows(&self) -> Vec<PartRow> {
        let mut rows = Vec::new();
        for (lane, name) in &self.outline.lanes {
            let Some(now) = self.lane(lane) else { continue };
            for (place, (party, share)) in self.parties(now).into_iter().enumerate() {
                let standing = Standing {
                    lane: lane.clone(),
                    party: party.to_string(),
                    ..Standing::default()
                };
                let key = (lane.clone(), party.to_string());
                let load = self.numbers.parts.get(&key).copied().unwrap_or_default();
                let week = self.numbers.share(lane, party.as_str());
                rows.push(PartRow {
                    lane: (place == 0).then(|| Link {
                        name: name.clone(),
                        href: self.chosen(lane),
                    }),
                    spoken: name.clone(),
                    picked: self.picked == lane,
                    chip: self.frame.chip(&party),
                    share,
                    week: week
                        .map_or_else(|| "–".into(), |points| format!("{} %", percent(points))),
                    counted: self.counted(&standing, load),
                    median: self.median(lane, Some(party.as_str())),
                });
            }
        }
        rows
    }

    /// The parties of a lane with their shares in words; those too that only have open cases left there.
    fn parties(&self, now: &LaneNow) -> Vec<(PartyId, String)> {
        let share = |party: &PartyId| {
            let part = now.parts.iter().find(|part| part.share.party == *party);
            match part.map(|part| (&part.paused, part.share.basis_points)) {
                Some((Some(_), _)) => "paused".to_owned(),
                Some((None, 0)) => "backup".to_owned(),
                Some((None, points)) => format!("{} %", percent(points)),
                None => "–".into(),
            }
        };
        let parties = self.numbers.parties(now).into_iter();
        parties
            .map(|party| (party.clone(), share(&party)))
            .collect()
    }

    fn lane_cases(&self) -> Result<Option<LaneCases>, Failed> {
        let frame = self.frame;
        if self.picked.is_empty() {
            return Ok(None);
        }
        let standing = Standing {
            lane: self.picked.to_owned(),
            process: self.version.process.clone(),
            version: self.version.version,
            ..Standing::default()
        };
        let filter = Filter {
            standing: standing.clone(),
            limit: CASES,
            ..Filter::default()
        };
        let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
        let page = cases::list(&reader, scope, &filter)?;
        let book = times::book(&reader)?;
        let mut rows: Vec<(i64, Masked<LaneCase>)> = Vec::new();
        for case in &page.rows {
            let times = times::times(&reader, &book, &case.id, frame.now)?;
            let drawing = Drawing {
                frame,
                axis: Axis::Wall,
                incident: case.incident.is_some(),
                offered: false,
                person: None,
            };
            let left = remaining(frame, times.as_ref(), self.picked);
            let strip = drawing.strip_or_empty(times.as_ref(), case.id.as_str());
            let (urgent, href) = (left.micros, format!("/cases/{}", case.id));
            let row = case.heading.clone().map(|heading| LaneCase {
                title: heading.title,
                href,
                strip,
                left,
            });
            rows.push((urgent, row));
        }
        rows.sort_by_key(|(urgent, _)| *urgent);
        Ok(Some(LaneCases {
            name: frame.lane(&self.picked.into()),
            total: page.total,
            href: self.list(&standing),
            cases: rows.into_iter().map(|(_, row)| row).collect(),
        }))
    }

    /// The parties of the lanes that are shown, each once.
    fn legend(&self) -> Vec<(crate::pages::parts::Chip, String)> {
        let parts = self.lanes.iter().flat_map(|lane| &lane.parts);
        let mut seen: BTreeSet<&PartyId> = parts.map(|part| &part.share.party).collect();
        seen.insert(&self.frame.about.client);
        let known = seen
            .into_iter()
            .filter_map(|party| self.frame.parties.get(party));
        let mut known: Vec<_> = known.collect();
        known.sort_by_key(|party| party.slot);
        known
            .into_iter()
            .map(|party| (self.frame.chip(&party.id), party.name.clone()))
            .collect()
    }
}
