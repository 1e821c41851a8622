//! The rows behind a number of a scorecard or a statement: measured hops, or completed work items. Every
//! row names its event; the page says how many there are and what they add up to.

use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::{
    FILE, Fields, ROWS, UNIT_COLUMNS, as_file, as_of, charged, field, file, hash, minutes, month,
    page_number, pager, result, unit_row, units_asked, wants_file,
};
use crate::handlers::session::Signed;
use crate::handlers::work::encoded;
use crate::pages;
use crate::pages::parts::{Cell, Empty, Link, Table, Tone};
use crate::pages::scorecard::{RowsPage, ValueRow};
use crate::pages::shell::Place;
use crate::strip::{exact, hours};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::views::agreements;
use baton_app::views::scorecard::{self, Asked, Counted};
use baton_app::views::statement;
use baton_model::{AgreementId, LaneId, Month, PartyId, Scope};

/// `GET /scorecard/rows`
pub(crate) async fn measurements(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let named = (field(&fields, "party"), field(&fields, "agreement"));
        if let Some(what) = foreign(&frame, named)? {
            denials.count(app, &signed.viewer, &what);
            return Err(Failed::Missing("scorecard"));
        }
        let month = month(&frame, &fields)?;
        let asked = asked(&fields);
        if wants_file(&fields) {
            return measured_file(&frame, month, &asked, &fields);
        }
        let page = measured_page(&frame, month, &asked, &fields)?;
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

/// What of a party and an agreement that are asked for is another party's, and not in sight.
pub(crate) fn foreign(
    frame: &Frame<'_>,
    (party, agreement): (Option<&str>, Option<&str>),
) -> Result<Option<String>, Failed> {
    let scope: &Scope = &frame.signed.viewer.scope;
    let party = party.filter(|party| !scope.client && *party != scope.party.as_str());
    if let Some(party) = party {
        return Ok(Some(party.into()));
    }
    let Some(id) = agreement else {
        return Ok(None);
    };
    let known = agreements::in_sight(&frame.reader(), scope)?;
    let seen = known
        .iter()
        .any(|known| known.set.agreement.id.as_str() == id);
    Ok((!seen).then(|| id.into()))
}

fn asked(fields: &Fields) -> Asked {
    Asked {
        agreement: field(fields, "agreement").map(AgreementId::new),
        lane: field(fields, "lane").map(LaneId::new),
        party: field(fields, "party").map(PartyId::new),
        of: field(fields, "of").unwrap_or("due").into(),
    }
}

fn words(of: &str) -> &'static str {
    match of {
        "met" => "Hops left in time",
        "late" => "Hops past their target",
        "over" => "Working time past targets",
        "open" => "Hops that are open, not late",
        "excluded" => "Hops that are not counted",
        _ => "Hops that were due",
    }
}

/// Which agreement, lane and party the rows are of.
fn about(frame: &Frame<'_>, fields: &Fields, month: Month) -> String {
    let lane = field(fields, "lane").map(|lane| frame.lane(&LaneId::new(lane)));
    let named = ["agreement", "party"].map(|name| field(fields, name).map(str::to_string));
    let at =
        field(fields, "at").map(|_| format!("as of {}", exact(as_of(frame, fields), &frame.zone)));
    let parts = [Some(month.words()), lane]
        .into_iter()
        .chain(named)
        .chain([at]);
    parts.flatten().collect::<Vec<_>>().join(" · ")
}

fn measured_page(
    frame: &Frame<'_>,
    month: Month,
    asked: &Asked,
    fields: &Fields,
) -> Result<RowsPage, Failed> {
    const PATH: &str = "/scorecard/rows";
    let scope = &frame.signed.viewer.scope;
    let from = (page_number(fields) - 1) * ROWS;
    let page = scorecard::rows(
        &frame.reader(),
        scope,
        month,
        asked,
        as_of(frame, fields),
        (from, ROWS),
    )?;
    let table = Table::new(&[
        "Event",
        "Arrived",
        "Case",
        "Lane",
        "Party",
        "Counts",
        "#Due",
        "#Over in month",
        "~Calendar",
        "~Hash",
    ]);
    let rows = page.rows.iter().map(|row| measured_row(frame, row));
    Ok(RowsPage {
        shell: frame.shell(words(&asked.of), Place::Scorecard, None)?,
        title: words(&asked.of).into(),
        about: about(frame, fields, month),
        back: Link {
            name: "Scorecard".into(),
            href: format!("/scorecard?month={month}"),
        },
        head: table.head,
        rows: rows.collect::<Result<_, _>>()?,
        total: page.total,
        sum: page.over.0.to_string(),
        said: format!("{} min past target", minutes(page.over)),
        pager: pager(fields, PATH, page.rows.len(), page.total),
        export: as_file(fields, PATH),
        empty: (page.total == 0).then(|| nothing(fields)),
    })
}

fn nothing(fields: &Fields) -> Empty {
    Empty {
        what: "No such rows in this month".into(),
        then: "They appear here as soon as work under the agreement gives some.".into(),
        act: field(fields, "month").map(|month| Link {
            name: "To the scorecard".into(),
            href: format!("/scorecard?month={}", encoded(month)),
        }),
    }
}

fn measured_row(frame: &Frame<'_>, row: &Counted) -> Result<ValueRow, Failed> {
    let of = &row.measurement;
    let source = of.sources.last().copied();
    let n = source.map_or(0, |source| source.n);
    let link = |text: String, href: String| Cell {
        href: Some(href),
        ..Cell::text(text)
    };
    let due = of
        .due
        .map_or_else(|| "paused".into(), |due| exact(due, &frame.zone));
    let calendar = of
        .calendar
        .as_ref()
        .map_or("24x7".into(), ToString::to_string);
    let counts = match of.reason.as_str() {
        "" => row.counts.to_string(),
        reason => format!("{}, {}", row.counts, reason.replace('_', " ")),
    };
    Ok(ValueRow {
        value: row.over.0.to_string(),
        href: format!("/journal/{n}"),
        cells: vec![
            link(
                source.map_or_else(String::new, |source| source.to_string()),
                format!("/journal/{n}"),
            ),
            Cell::text(exact(of.clock.from, &frame.zone)),
            link(
                of.case.to_string(),
                format!("/cases/{}", encoded(of.case.as_str())),
            ),
            Cell::text(frame.lane(&of.lane)),
            Cell {
                chip: Some(frame.chip(&of.party)),
                ..Cell::default()
            },
            Cell::text(counts).tone(if row.counts.starts_with("late") {
                Tone::Late
            } else {
                Tone::Plain
            }),
            Cell::text(due),
            Cell::text(hours(row.over.0)),
            Cell::text(format!(
                "{calendar} v{}, tzdata {}",
                of.calendar_version, of.zones
            )),
            Cell::text(hash(frame, n)?).tone(Tone::Quiet),
        ],
    })
}

fn measured_file(
    frame: &Frame<'_>,
    month: Month,
    asked: &Asked,
    fields: &Fields,
) -> Result<Response, Failed> {
    let scope = &frame.signed.viewer.scope;
    let page = scorecard::rows(
        &frame.reader(),
        scope,
        month,
        asked,
        as_of(frame, fields),
        (0, FILE),
    )?;
    let rows = page.rows.iter().map(|row| {
        let of = &row.measurement;
        let instant =
            |at: Option<baton_model::Micros>| at.map_or_else(String::new, |at| at.to_string());
        vec![
            of.sources
                .last()
                .map_or_else(String::new, ToString::to_string),
            of.case.to_string(),
            of.number.to_string(),
            of.lane.to_string(),
            of.party.to_string(),
            format!("{} v{}", of.agreement, of.version),
            of.level.clone(),
            row.counts.to_string(),
            of.clock.from.to_string(),
            instant(of.clock.until),
            instant(of.due),
            of.target.0.to_string(),
            of.working
                .map_or_else(String::new, |working| working.0.to_string()),
            row.over.0.to_string(),
            of.zones.clone(),
        ]
    });
    let columns = [
        "event",
        "case",
        "hop",
        "lane",
        "party",
        "agreement",
        "level",
        "counts",
        "from",
        "until",
        "due",
        "target_us",
        "working_us",
        "over_in_month_us",
        "tzdata",
    ];
    Ok(file(frame, &format!("hops-{month}"), &columns, rows))
}

/// `GET /scorecard/units`
pub(crate) async fn units(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let named = (field(&fields, "party"), field(&fields, "agreement"));
        if let Some(what) = foreign(&frame, named)? {
            denials.count(app, &signed.viewer, &what);
            return Err(Failed::Missing("statement"));
        }
        let month = month(&frame, &fields)?;
        if wants_file(&fields) {
            return unit_file(&frame, month, &fields);
        }
        let page = unit_page(&frame, month, &fields)?;
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

fn unit_words(of: &str) -> &'static str {
    match of {
        "accepted" => "Accepted work items",
        "returned" => "Work items returned in the month",
        "rework" => "Work items done again",
        "met" => "Work items right the first time",
        "missed" => "Work items not right the first time",
        "correction" => "Work items taken back from earlier months",
        _ => "Completed work items",
    }
}

fn unit_page(frame: &Frame<'_>, month: Month, fields: &Fields) -> Result<RowsPage, Failed> {
    const PATH: &str = "/scorecard/units";
    let scope = &frame.signed.viewer.scope;
    let asked = units_asked(fields);
    let from = (page_number(fields) - 1) * ROWS;
    let page = statement::rows(&frame.reader(), scope, month, &asked, (from, ROWS))?;
    let sum = statement::sum(&frame.reader(), scope, month, &asked)?;
    let rows = page.rows.iter().map(|unit| unit_row(frame, unit, month));
    let back = match field(fields, "agreement") {
        Some(id) if fields.contains_key("version") => Link {
            name: "Statement".into(),
            href: format!("/statement/{}?month={month}", encoded(id)),
        },
        _ => Link {
            name: "Scorecard".into(),
            href: format!("/scorecard?month={month}"),
        },
    };
    let place = match back.name.as_str() {
        "Statement" => Place::Statements,
        _ => Place::Scorecard,
    };
    Ok(RowsPage {
        shell: frame.shell(unit_words(&asked.of), place, None)?,
        title: unit_words(&asked.of).into(),
        about: about(frame, fields, month),
        back,
        head: Table::new(&UNIT_COLUMNS).head,
        rows: rows.collect::<Result<_, _>>()?,
        total: page.total,
        said: format!("sum {sum}"),
        sum: sum.to_string(),
        pager: pager(fields, PATH, page.rows.len(), page.total),
        export: as_file(fields, PATH),
        empty: (page.total == 0).then(|| nothing(fields)),
    })
}

fn unit_file(frame: &Frame<'_>, month: Month, fields: &Fields) -> Result<Response, Failed> {
    let scope = &frame.signed.viewer.scope;
    let page = statement::rows(
        &frame.reader(),
        scope,
        month,
        &units_asked(fields),
        (0, FILE),
    )?;
    let rows = page.rows.iter().map(|unit| {
        vec![
            unit.done.to_string(),
            unit.at.to_string(),
            unit.case.to_string(),
            unit.item.to_string(),
            unit.lane.to_string(),
            unit.party.to_string(),
            format!("{} v{}", unit.agreement, unit.version),
            result(unit, month).0.to_string(),
            unit.returned
                .map_or_else(String::new, |returned| returned.to_string()),
            charged(unit, month).to_string(),
        ]
    });
    let columns = [
        "event",
        "at",
        "case",
        "item",
        "lane",
        "party",
        "agreement",
        "result",
        "returned_by",
        "amount",
    ];
    Ok(file(frame, &format!("items-{month}"), &columns, rows))
}
