//! Agreements: the list, and one with what it says, its versions and what each changed. A provider sees
//! its own.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::measured::{Fields, field, order};
use super::session::Signed;
use crate::pages;
use crate::pages::agreements::{AgreementLink, AgreementVersion, AgreementsPage, OpenAgreement};
use crate::pages::case::Fact;
use crate::pages::parts::{Cell, Empty, Link, Mark, Row, Table};
use crate::pages::shell::Place;
use crate::strip::exact;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::agreements::effects;
use baton_app::views::agreements::{self, Known};
use baton_model::Agreement;
use baton_model::share::percent;

/// `GET /agreements`
pub(crate) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    shown(web, signed, None, fields).await
}

/// `GET /agreements/{id}`
pub(crate) async fn one(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    shown(web, signed, Some(id), fields).await
}

async fn shown(
    web: Web,
    signed: Signed,
    id: Option<String>,
    fields: Fields,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let known = agreements::in_sight(&frame.reader(), &signed.viewer.scope)?;
        let asked = |known: &&Known| {
            let agreement = &known.set.agreement;
            id.as_ref().is_none_or(|id| agreement.id.as_str() == id)
        };
        if let Some(id) = id.as_ref().filter(|_| !known.iter().any(|known| asked(&known))) {
            denials.count(app, &signed.viewer, id);
            return Err(Failed::Missing("agreement"));
        }
        let mut first: Vec<&Known> = known.iter().filter(asked).collect();
        first.sort_by_key(|known| order(&frame, &known.set.agreement.provider));
        let open = first.first().map(|known| known.set.agreement.id.clone());
        let versions: Vec<&Known> = known
            .iter()
            .filter(|known| Some(&known.set.agreement.id) == open.as_ref())
            .collect();
        let page = AgreementsPage {
            shell: frame.shell("Agreements", Place::Agreements, None)?,
            list: links(&frame, &known, versions.first().copied()),
            open: opened(&frame, &versions, &fields)?,
            empty: known.is_empty().then(|| Empty {
                what: "No agreement yet".into(),
                then: "Bring one with `baton agreement import FILE`; it stands here with its versions.".into(),
                act: None,
            }),
        };
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}

fn links(frame: &Frame<'_>, known: &[Known], open: Option<&Known>) -> Vec<AgreementLink> {
    let firsts = known.iter().filter(|known| known.set.version == 1);
    let mut firsts: Vec<&Known> = firsts.collect();
    firsts.sort_by_key(|known| order(frame, &known.set.agreement.provider));
    let link = |first: &&Known| {
        let id = &first.set.agreement.id;
        let last = known.iter().rfind(|known| known.set.agreement.id == *id);
        let last = last.map_or(&first.set.agreement, |last| &last.set.agreement);
        AgreementLink {
            chip: frame.chip(&last.provider),
            id: id.to_string(),
            name: last.name.clone(),
            href: format!("/agreements/{id}"),
            current: open.is_some_and(|open| open.set.agreement.id == *id),
        }
    };
    firsts.iter().map(link).collect()
}

fn opened(
    frame: &Frame<'_>,
    versions: &[&Known],
    fields: &Fields,
) -> Result<Option<OpenAgreement>, Failed> {
    let asked = field(fields, "version");
    let shown = match asked {
        Some(number) => {
            let found = versions
                .iter()
                .find(|known| known.set.version.to_string() == number);
            Some(found.ok_or(Failed::Missing("version of this agreement"))?)
        }
        None => versions.last(),
    };
    let Some(shown) = shown else { return Ok(None) };
    let agreement = &shown.set.agreement;
    Ok(Some(OpenAgreement {
        chip: frame.chip(&agreement.provider),
        title: format!("{} v{}", agreement.id, shown.set.version),
        name: agreement.name.clone(),
        facts: facts(frame, shown),
        levels: levels(frame, agreement),
        lanes: lanes(frame, agreement),
        wider: wider(frame, agreement)?,
        versions: history(frame, versions, shown),
        text: shown.set.text.clone(),
    }))
}

fn facts(frame: &Frame<'_>, shown: &Known) -> Vec<Fact> {
    let agreement = &shown.set.agreement;
    let name = |party| {
        let party = frame.parties.get(party);
        party.map(|party| party.name.clone()).unwrap_or_default()
    };
    let sites = agreement.sites.iter().map(|site| {
        let known = frame.sites.get(site);
        known.map_or_else(
            || site.to_string(),
            |site| format!("{}, {}", site.name, site.zone),
        )
    });
    let until = agreement.until.map_or("without an end".into(), |until| {
        format!("until {}", exact(until, &frame.zone))
    });
    let mut facts = vec![
        Fact::new("Client", name(&agreement.client)),
        Fact::new("Provider", name(&agreement.provider)),
        Fact::new(
            "Counts",
            format!("from {}, {until}", exact(shown.set.from, &frame.zone)),
        ),
        Fact::new("Months counted in", agreement.zone.clone()),
        Fact::new("Currency", agreement.currency.to_string()),
        Fact::new("Worked at", sites.collect::<Vec<_>>().join("; ")),
    ];
    if let Some(continuity) = &agreement.continuity {
        let backup = name(&continuity.backup);
        let open = continuity.in_flight.replace('_', " ");
        facts.push(Fact::new(
            "Steps in",
            format!("{backup}; open work: {open}"),
        ));
    }
    facts
}

fn levels(frame: &Frame<'_>, agreement: &Agreement) -> Table {
    let mut table = Table::new(&[
        "Level",
        "Lane",
        "Counts",
        "#Target",
        "~Kind",
        "#~Says nothing below",
    ]);
    for level in &agreement.levels {
        let kind = if level.critical { "critical" } else { "key" };
        table.rows.push(Row {
            cells: vec![
                Cell::text(&level.name),
                Cell::text(frame.lane(&level.lane)),
                Cell::text(level.kind.to_string()),
                Cell::text(format!("{} %", percent(level.target))),
                Cell::text(kind),
                Cell::text(level.minimum.to_string()),
            ],
            mark: Mark::None,
        });
    }
    table
}

fn lanes(frame: &Frame<'_>, agreement: &Agreement) -> Table {
    let price = format!("#Accepted item, {}", agreement.currency);
    let mut table = Table::new(&["Lane", &price, "May read", "May write", "Free text"]);
    for lane in &agreement.lanes {
        let price = lane.price.as_ref();
        table.rows.push(Row {
            cells: vec![
                Cell::text(frame.lane(&lane.lane)),
                Cell::text(price.map_or("–".into(), |price| price.unit.to_string())),
                Cell::text(lane.read.join(", ")),
                Cell::text(lane.write.join(", ")),
                Cell::text(&lane.freetext),
            ],
            mark: Mark::None,
        });
    }
    table
}

/// What of a lane's fields the agreement does not grant: the provider's workers do not see it.
fn wider(frame: &Frame<'_>, agreement: &Agreement) -> Result<Vec<String>, Failed> {
    let found = agreements::wider(&frame.reader(), agreement)?;
    let said = found.into_iter().map(|(lane, fields)| {
        format!(
            "Of lane {} the deployed pack declares {}, which this agreement does not grant: while it counts, the provider's workers see dots.",
            frame.lane(&lane),
            fields.join(", ")
        )
    });
    Ok(said.collect())
}

fn history(frame: &Frame<'_>, versions: &[&Known], shown: &Known) -> Vec<AgreementVersion> {
    let mut before: Option<&Agreement> = None;
    let mut history = Vec::new();
    for known in versions {
        let agreement = &known.set.agreement;
        let said = effects(before, agreement);
        history.push(AgreementVersion {
            number: Link {
                name: format!("v{}", known.set.version),
                href: format!("/agreements/{}?version={}", agreement.id, known.set.version),
            },
            current: known.set.version == shown.set.version,
            from: format!("counts from {}", exact(known.set.from, &frame.zone)),
            entry: Link {
                name: format!("entry {}", known.name.n),
                href: format!("/journal/{}", known.name.n),
            },
            effects: said,
        });
        before = Some(agreement);
    }
    history.reverse();
    history
}
