//! Hand-overs on the map: how many cases went from one lane to another in the last hour or day, on the flow
//! between the two and in a table, and the list behind each number.

use super::{Facts, chosen};
use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::{
    FILE, Fields, ROWS, as_file, as_of, field, file, page_number, pager, wants_file,
};
use crate::handlers::session::Signed;
use crate::handlers::work::encoded;
use crate::map::Mark;
use crate::pages;
use crate::pages::figure::Figure;
use crate::pages::map::HandedRow;
use crate::pages::parts::{Cell, Empty, Link, Table};
use crate::pages::scorecard::{RowsPage, ValueRow};
use crate::pages::shell::Place;
use crate::strip::exact;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::views::map::{self, Handed, Version, Window};
use baton_model::{Micros, WallTime};

const PATH: &str = "/map/hand-overs";

/// How far the map looks back: an hour, or a day where `span=day` asks for it.
pub(super) fn window(span: &str, now: Micros) -> Window {
    let back = if span == "day" { 24 } else { 1 };
    Window {
        since: Micros(now.0 - WallTime::hours(back).0),
        until: now,
    }
}

impl Facts<'_> {
    fn behind(&self, giver: &str, taker: &str) -> String {
        format!(
            "{PATH}?process={}&version={}&from={}&to={}&span={}&at={}",
            encoded(&self.version.process),
            self.version.version,
            encoded(giver),
            encoded(taker),
            encoded(self.span),
            self.frame.now.0
        )
    }

    /// The counts as they stand on the flows: each on the first flow that leads from the one lane to the
    /// other. Where none does, the table alone has it.
    pub(super) fn marks(
        &self,
        flows: &[(usize, usize, String)],
        bands: &[usize],
    ) -> Vec<(usize, Mark)> {
        let per = if self.span == "day" { "day" } else { "h" };
        let place = |lane: &str| self.outline.lanes.iter().position(|(id, _)| id == lane);
        let marks = self.handed.iter().filter_map(|(giver, taker, count)| {
            let (from, to) = (place(giver)?, place(taker)?);
            let joins =
                |flow: &(usize, usize, String)| bands[flow.0] == from && bands[flow.1] == to;
            let flow = flows.iter().position(joins)?;
            let words = format!(
                "{count} handed over from {} to {} in the last {}",
                self.called(giver),
                self.called(taker),
                if self.span == "day" { "day" } else { "hour" }
            );
            Some((
                flow,
                Mark {
                    text: format!("{count}/{per}"),
                    href: self.behind(giver, taker),
                    said: words,
                },
            ))
        });
        marks.collect()
    }

    /// The same as a table.
    pub(super) fn handed_rows(&self) -> Vec<HandedRow> {
        let rows = self.handed.iter().map(|(giver, taker, count)| HandedRow {
            from: self.called(giver),
            to: self.called(taker),
            count: Figure::count(*count, self.behind(giver, taker)),
        });
        rows.collect()
    }

    /// A lane's name, where the viewer may know who runs it.
    fn called(&self, lane: &str) -> String {
        called(self.frame, lane)
    }
}

fn called(frame: &Frame<'_>, lane: &str) -> String {
    let run = frame.lanes.get(&lane.into());
    let known = frame.signed.viewer.scope.lanes.contains(&lane.into())
        || run.is_some_and(|run| frame.may_name(&run.party));
    if known {
        frame.lane(&lane.into())
    } else {
        "another party".into()
    }
}

/// `GET /map/hand-overs?process=&version=&from=&to=&span=&at=`
pub(crate) async fn rows(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let version = version(&frame, &fields)?;
        if wants_file(&fields) {
            let (rows, _) = list(&frame, &version, &fields, (0, FILE))?;
            let cells = rows.iter().map(|one| cells(&frame, one));
            let lines = cells.map(|cells| {
                let texts = cells.into_iter().map(|cell| cell.text);
                texts.collect::<Vec<String>>()
            });
            let columns = ["instant", "case", "from", "to"];
            return Ok(file(&frame, "hand-overs", &columns, lines));
        }
        Ok(pages::answer(
            StatusCode::OK,
            &page(&frame, &version, &fields)?,
        ))
    })
    .await
}

fn version(frame: &Frame<'_>, fields: &Fields) -> Result<Version, Failed> {
    let process = field(fields, "process").unwrap_or_default();
    let version = field(fields, "version").and_then(|one| one.parse().ok());
    let versions = map::versions(&frame.reader(), &frame.signed.viewer.scope)?;
    chosen(&versions, process, version.unwrap_or_default())?
        .cloned()
        .ok_or(Failed::Missing("process"))
}

fn list(
    frame: &Frame<'_>,
    version: &Version,
    fields: &Fields,
    part: (usize, usize),
) -> Result<(Vec<Handed>, usize), Failed> {
    let span = field(fields, "span").unwrap_or("hour");
    let lane = |name| field(fields, name).unwrap_or_default();
    let window = window(span, as_of(frame, fields));
    let scope = &frame.signed.viewer.scope;
    let lanes = (lane("from"), lane("to"));
    Ok(map::handed_rows(
        &frame.reader(),
        scope,
        version,
        window,
        lanes,
        part,
    )?)
}

fn cells(frame: &Frame<'_>, one: &Handed) -> Vec<Cell> {
    let party = |party: &str| {
        let chip = frame.chip(&party.into());
        let name = frame
            .parties
            .get(&party.into())
            .filter(|_| chip.slot.is_some());
        Cell {
            text: name.map_or_else(|| "another party".into(), |party| party.name.clone()),
            chip: Some(chip),
            ..Cell::default()
        }
    };
    vec![
        Cell::text(exact(one.at, &frame.zone)),
        Cell {
            href: Some(format!("/cases/{}", encoded(&one.case))),
            ..Cell::text(one.case.clone())
        },
        party(&one.from),
        party(&one.to),
    ]
}

fn page(frame: &Frame<'_>, version: &Version, fields: &Fields) -> Result<RowsPage, Failed> {
    let from = (page_number(fields) - 1) * ROWS;
    let (rows, total) = list(frame, version, fields, (from, ROWS))?;
    let lane = |name| called(frame, field(fields, name).unwrap_or_default());
    let span = if field(fields, "span") == Some("day") {
        "day"
    } else {
        "hour"
    };
    let until = exact(as_of(frame, fields), &frame.zone);
    let valued = rows.iter().map(|one| ValueRow {
        value: "1".into(),
        href: format!("/cases/{}", encoded(&one.case)),
        cells: cells(frame, one),
    });
    Ok(RowsPage {
        shell: frame.shell("Hand-overs", Place::Map, None)?,
        title: format!("From {} to {}", lane("from"), lane("to")),
        about: format!("hand-overs of the {span} until {until}"),
        back: Link {
            name: "Map".into(),
            href: format!(
                "/map?process={}&version={}&span={span}",
                encoded(&version.process),
                version.version
            ),
        },
        head: Table::new(&["Instant", "Case", "From", "To"]).head,
        rows: valued.collect(),
        total,
        sum: total.to_string(),
        said: format!("{total} in all"),
        pager: pager(fields, PATH, rows.len(), total),
        export: as_file(fields, PATH),
        empty: (total == 0).then(|| Empty {
            what: "No case was handed over here".into(),
            then: "A case that goes from the one lane to the other stands here.".into(),
            act: None,
        }),
    })
}
