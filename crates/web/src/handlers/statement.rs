//! Statements of a month: the agreements with their charges, and one with its lines, of which one is open.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::measured::{
    Fields, UNIT_COLUMNS, address, as_file, field, file, month, order, pick, unit_row, wants_file,
};
use super::session::Signed;
use super::work::encoded;
use crate::pages;
use crate::pages::case::Fact;
use crate::pages::figure::Figure;
use crate::pages::parts::{Empty, Link, Note, Table, Tone, thousands};
use crate::pages::shell::Place;
use crate::pages::statement::{LineRow, OpenLine, StatementPage, StatementRow, StatementsPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::recompute::Recomputed;
use baton_app::views::statement::{self, Asked, Charged, Line, Statement};
use baton_app::views::{agreements, scorecard};
use baton_app::{App, StoreError};
use baton_model::{AgreementId, Month, TenantId};
use std::sync::Mutex;

/// How many of a line's rows are shown where it is open.
const NEWEST: usize = 5;

/// `GET /statement`
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let month = month(&frame, &fields)?;
        Ok(pages::answer(StatusCode::OK, &all(&frame, month)?))
    })
    .await
}

fn all(frame: &Frame<'_>, month: Month) -> Result<StatementsPage, Failed> {
    let scope = &frame.signed.viewer.scope;
    let known = agreements::in_sight(&frame.reader(), scope)?;
    let mut rows = Vec::new();
    for (id, terms) in scorecard::terms(&known, month) {
        let Some(set) = terms.last().filter(|set| !set.agreement.own_team()) else {
            continue;
        };
        let found = statement::statement(&frame.reader(), scope, &id, month)?;
        let provider = &set.agreement.provider;
        rows.extend(found.map(|found| (order(frame, provider), row(frame, &found, month))));
    }
    rows.sort_by_key(|(order, _)| *order);
    let rows: Vec<StatementRow> = rows.into_iter().map(|(_, row)| row).collect();
    Ok(StatementsPage {
        shell: frame.shell("Statements", Place::Statements, None)?,
        month: pick(frame, month, |month| format!("/statement?month={month}")),
        empty: rows.is_empty().then(|| Empty {
            what: "No agreement with prices counts in this month".into(),
            then: "Bring one with `baton agreement import FILE`; accepted items are charged from then on.".into(),
            act: None,
        }),
        rows,
    })
}

fn row(frame: &Frame<'_>, found: &Charged, month: Month) -> StatementRow {
    let statement = &found.statement;
    let provider = found.terms.last().map(|set| set.agreement.provider.clone());
    let party = provider.as_ref().and_then(|party| frame.parties.get(party));
    let href = format!("/statement/{}?month={month}", statement.agreement);
    let quantity: i64 = statement.lines.iter().map(|line| line.quantity).sum();
    StatementRow {
        chip: frame.chip(&provider.unwrap_or_else(|| frame.about.client.clone())),
        name: party.map(|party| party.name.clone()).unwrap_or_default(),
        agreement: Link {
            name: statement.agreement.to_string(),
            href: href.clone(),
        },
        quantity: quantity.max(0).unsigned_abs(),
        total: Figure {
            text: statement.total.to_string(),
            href: Some(href),
            ..Figure::default()
        },
    }
}

/// `GET /statement/{agreement}`
pub(crate) async fn one(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let month = month(&frame, &fields)?;
        let id = AgreementId::new(id);
        let found = statement::statement(&frame.reader(), &signed.viewer.scope, &id, month)?;
        let Some(found) = found else {
            denials.count(app, &signed.viewer, id.as_str());
            return Err(Failed::Missing("statement"));
        };
        if wants_file(&fields) {
            return Ok(as_csv(&frame, &found.statement));
        }
        Ok(pages::answer(
            StatusCode::OK,
            &fill(&frame, &found, &fields)?,
        ))
    })
    .await
}

fn as_csv(frame: &Frame<'_>, statement: &Statement) -> Response {
    let rows = statement.lines.iter().map(|line| {
        vec![
            line.key(),
            line.lane.to_string(),
            line.version.to_string(),
            line.card.clone(),
            line.quantity.to_string(),
            line.unit.to_string(),
            line.amount.amount().to_string(),
            statement.currency.to_string(),
        ]
    });
    let columns = [
        "line",
        "lane",
        "version",
        "rate_card",
        "quantity",
        "unit",
        "amount",
        "currency",
    ];
    let name = format!("statement-{}-{}", statement.agreement, statement.month);
    file(frame, &name, &columns, rows)
}

/// Folding the whole journal takes long: one does at a time, and whoever asks meanwhile reads "not yet".
static FOLDING: Mutex<()> = Mutex::new(());

/// What the whole journal gives, up to an entry; nothing while it is folded for somebody else.
pub(crate) fn recomputed(
    app: &App,
    tenant: &TenantId,
    until: Option<i64>,
) -> Result<Option<Recomputed>, StoreError> {
    let Ok(_one) = FOLDING.try_lock() else {
        return Ok(None);
    };
    Recomputed::of(app.store(), tenant, until).map(Some)
}

fn fill(frame: &Frame<'_>, found: &Charged, fields: &Fields) -> Result<StatementPage, Failed> {
    let statement = &found.statement;
    let (id, month) = (&statement.agreement, statement.month);
    let set = found.terms.last().ok_or(Failed::Missing("statement"))?;
    let provider = &set.agreement.provider;
    let party = frame.parties.get(provider);
    let path = format!("/statement/{id}");
    let again = match field(fields, "recompute") {
        Some(_) => recomputed(frame.app, frame.signed.tenant(), None)?,
        None => None,
    };
    let other = again.as_ref().and_then(|again| again.statement(id, month));
    let lines = statement.lines.iter().enumerate();
    Ok(StatementPage {
        shell: frame.shell("Statement", Place::Statements, None)?,
        month: pick(frame, month, |month| format!("{path}?month={month}")),
        chip: frame.chip(provider),
        name: party.map(|party| party.name.clone()).unwrap_or_default(),
        agreement: Link {
            name: format!("{id} v{}", set.version),
            href: format!("/agreements/{id}"),
        },
        currency: statement.currency.to_string(),
        lines: lines
            .map(|(place, line)| {
                let same = again.as_ref().map(|_| {
                    other
                        .as_ref()
                        .is_some_and(|other| other.lines.contains(line))
                });
                line_row(frame, statement, (place + 1, line), same, fields)
            })
            .collect::<Result<_, _>>()?,
        total: statement.total.amount().to_string(),
        check: check(again.as_ref(), other.as_ref(), statement),
        recompute: format!("{path}?month={month}&recompute=1"),
        export: as_file(fields, &path),
        facts: facts(found),
    })
}

fn check(again: Option<&Recomputed>, other: Option<&Statement>, here: &Statement) -> Note {
    let Some(again) = again else {
        return Note {
            tone: Tone::Plain,
            strong: "Not recomputed yet.".into(),
            text: "Folds the whole journal again and compares every line; `baton verify` does the same offline.".into(),
        };
    };
    let total = other.map_or_else(|| "nothing".into(), |other| other.total.to_string());
    let same = other == Some(here);
    Note {
        tone: if same { Tone::Good } else { Tone::Late },
        strong: if same {
            "The same to the cent."
        } else {
            "It is not the same."
        }
        .into(),
        text: format!(
            "Recomputed from {} events of {} entries: {total}.",
            thousands(again.events),
            thousands(again.n.unsigned_abs())
        ),
    }
}

fn facts(found: &Charged) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(
            "Accepted",
            "completed, and not returned before the month's end",
        ),
        Fact::new(
            "Returned later",
            "a correction line in the month of the return",
        ),
        Fact::new("Rounding", "each line once, half away from zero"),
    ];
    facts.extend(found.terms.iter().map(|set| {
        let name = format!("{} v{}", set.agreement.id, set.version);
        let mut fact = Fact::new(
            "Computed under",
            format!("{name}, months in {}", set.agreement.zone),
        );
        fact.href = Some(format!(
            "/agreements/{}?version={}",
            set.agreement.id, set.version
        ));
        fact
    }));
    facts
}

/// The rows behind a line.
fn behind(statement: &Statement, line: &Line) -> String {
    let of = if line.correction {
        "correction"
    } else {
        "accepted"
    };
    rows_of(statement, line, of)
}

fn rows_of(statement: &Statement, line: &Line, of: &str) -> String {
    let version = line.version.to_string();
    let parts = [
        ("agreement", statement.agreement.as_str()),
        ("lane", line.lane.as_str()),
        ("version", version.as_str()),
        ("of", of),
    ];
    address("/scorecard/units", statement.month, &parts)
}

fn line_row(
    frame: &Frame<'_>,
    statement: &Statement,
    (place, line): (usize, &Line),
    same: Option<bool>,
    fields: &Fields,
) -> Result<LineRow, Failed> {
    let chosen = field(fields, "line") == Some(line.key().as_str());
    let rows = behind(statement, line);
    let count = line.quantity.unsigned_abs();
    let name = match line.correction {
        false => format!("{}, accepted items", frame.lane(&line.lane)),
        true => format!("{}, returned from earlier months", frame.lane(&line.lane)),
    };
    let sign = if line.quantity < 0 { "−" } else { "" };
    let href = format!(
        "/statement/{}?month={}&line={}",
        statement.agreement,
        statement.month,
        encoded(&line.key())
    );
    Ok(LineRow {
        place,
        name,
        about: format!("rate card {}, version {}", line.card, line.version),
        href,
        quantity: Figure::count(count, rows.clone()).said(format!("{sign}{}", thousands(count))),
        unit: line.unit.to_string(),
        amount: Figure::sum(
            line.amount.amount().to_string().replace('-', "−"),
            line.amount.amount().to_string(),
            rows,
        ),
        same,
        open: if chosen {
            Some(open(frame, statement, line)?)
        } else {
            None
        },
    })
}

fn open(frame: &Frame<'_>, statement: &Statement, line: &Line) -> Result<OpenLine, Failed> {
    let of = if line.correction {
        "correction"
    } else {
        "completed"
    };
    let asked = Asked {
        agreement: Some(statement.agreement.clone()),
        lane: Some(line.lane.clone()),
        version: Some(line.version),
        bots: None,
        of: of.into(),
    };
    let scope = &frame.signed.viewer.scope;
    let page = statement::rows(&frame.reader(), scope, statement.month, &asked, (0, NEWEST))?;
    let rows = page
        .rows
        .iter()
        .map(|unit| unit_row(frame, unit, statement.month));
    let all = rows_of(statement, line, of);
    Ok(OpenLine {
        charged: match line.correction {
            false => format!("{} items charged", line.quantity),
            true => format!("{} items taken back", -line.quantity),
        },
        rest: match line.returned {
            0 => String::new(),
            returned => format!("of {} completed: {returned} returned", page.total),
        },
        head: Table::new(&UNIT_COLUMNS).head,
        rows: rows.collect::<Result<_, _>>()?,
        export: format!("{all}&format=csv"),
        all: Link {
            name: format!("All {} rows", page.total),
            href: all,
        },
    })
}
