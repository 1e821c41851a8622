//! Late cases of a month: each with its strip, and whom its lateness is charged to.

use crate::handlers::Web;
use crate::handlers::answer::{Failed, read};
use crate::handlers::frame::Frame;
use crate::handlers::measured::{Fields, ROWS, as_of, month, page_number, pager};
use crate::handlers::session::Signed;
use crate::handlers::times::Drawing;
use crate::handlers::work::encoded;
use crate::pages;
use crate::pages::parts::{Chip, Empty, Link};
use crate::pages::scorecard::{LateCase, LateCasesPage};
use crate::pages::shell::Place;
use crate::strip::{Axis, hours};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::views::agreements;
use baton_app::views::scorecard::{self, Period};
use baton_app::views::times::CaseTimes;
use baton_model::{Month, PartyId, WorkingTime};

/// `GET /scorecard/cases`
pub(crate) async fn late_cases(
    State(web): State<Web>,
    signed: Signed,
    Query(fields): Query<Fields>,
) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let month = month(&frame, &fields)?;
        Ok(pages::answer(
            StatusCode::OK,
            &page(&frame, month, &fields)?,
        ))
    })
    .await
}

/// The zone in which the month of cases is counted: that of the agreements in sight.
pub(crate) fn zone(frame: &Frame<'_>) -> Result<String, Failed> {
    let known = agreements::in_sight(&frame.reader(), &frame.signed.viewer.scope)?;
    let last = known.last().map(|known| known.set.agreement.zone.clone());
    Ok(last.unwrap_or_else(|| frame.zone.iana_name().unwrap_or("UTC").into()))
}

fn page(frame: &Frame<'_>, month: Month, fields: &Fields) -> Result<LateCasesPage, Failed> {
    let scope = &frame.signed.viewer.scope;
    let period = Period::of(month, &zone(frame)?, as_of(frame, fields));
    let from = (page_number(fields) - 1) * ROWS;
    let (cases, total) = scorecard::late_cases(&frame.reader(), scope, &period, (from, ROWS))?;
    Ok(LateCasesPage {
        shell: frame.shell("Late cases", Place::Scorecard, None)?,
        month: month.words(),
        back: Link {
            name: "Scorecard".into(),
            href: format!("/scorecard?month={month}"),
        },
        rows: cases.iter().map(|times| row(frame, times)).collect(),
        pager: pager(fields, "/scorecard/cases", cases.len(), total),
        empty: (total == 0).then(|| Empty {
            what: "No case was late in this month".into(),
            then:
                "A case that passes its target stands here, with whom its lateness is charged to."
                    .into(),
            act: None,
        }),
    })
}

fn row(frame: &Frame<'_>, times: &CaseTimes) -> LateCase {
    let drawing = Drawing {
        frame,
        axis: Axis::Wall,
        incident: false,
        offered: false,
        person: None,
    };
    let rest = times.lateness.unattributed;
    LateCase {
        case: Link {
            name: times.case.to_string(),
            href: format!("/cases/{}", encoded(times.case.as_str())),
        },
        strip: drawing.strip(times),
        over: hours(times.lateness.late.0),
        charged: charged(frame, times),
        rest: (rest > WorkingTime::ZERO).then(|| hours(rest.0)),
    }
}

/// What each party is charged; parties the viewer may not know are one.
pub(crate) fn charged(frame: &Frame<'_>, times: &CaseTimes) -> Vec<(Chip, String)> {
    let mut sums: Vec<(Option<PartyId>, WorkingTime)> = Vec::new();
    for hop in times
        .hops
        .iter()
        .filter(|hop| hop.charged > WorkingTime::ZERO)
    {
        let party = Some(hop.party.clone()).filter(|party| frame.may_name(party));
        match sums.iter_mut().find(|(known, _)| *known == party) {
            Some((_, sum)) => *sum += hop.charged,
            None => sums.push((party, hop.charged)),
        }
    }
    let unknown = || Chip {
        code: "··".into(),
        slot: None,
    };
    let named = sums.into_iter().map(|(party, sum)| {
        let chip = party.map_or_else(unknown, |party| frame.chip(&party));
        (chip, hours(sum.0))
    });
    named.collect()
}
