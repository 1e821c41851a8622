//! What scorecard and statement pages share: the month of the address, percentages, minutes, the rows
//! of completed work items, files.

use super::answer::Failed;
use super::frame::Frame;
use super::work::encoded;
use crate::pages::parts::{Cell, Link, Pager, Tone, thousands};
use crate::pages::scorecard::{MonthPick, ValueRow};
use crate::strip::exact;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use baton_app::views::statement::UnitRow;
use baton_app::views::{journal, marked_table};
use baton_model::{AgreementId, Decimal, LaneId, Micros, Month, PartyId, WorkingTime};
use std::collections::BTreeMap;

/// How many rows stand on a page.
pub(crate) const ROWS: usize = 50;
/// The most rows of a file.
pub(crate) const FILE: usize = 1_000_000;

/// The address's fields.
pub(crate) type Fields = BTreeMap<String, String>;

/// A field of the address that is there and not empty.
pub(crate) fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .get(name)
        .map(String::as_str)
        .filter(|text| !text.is_empty())
}

/// The month asked for, or the one that runs in the viewer's zone.
pub(crate) fn month(frame: &Frame<'_>, fields: &Fields) -> Result<Month, Failed> {
    month_of(frame, field(fields, "month"))
}

/// The month of a text, or the one that runs in the viewer's zone.
pub(crate) fn month_of(frame: &Frame<'_>, text: Option<&str>) -> Result<Month, Failed> {
    match text {
        Some(text) => Month::parse(text).ok_or_else(|| {
            Failed::Unreadable(format!("`{text}` is no month; write one like 2026-11"))
        }),
        None => Ok(running(frame)),
    }
}

/// As of when the rows are asked for: the instant at which their number was shown, so that they equal
/// it although clocks go on; now where none is named.
pub(crate) fn as_of(frame: &Frame<'_>, fields: &Fields) -> Micros {
    let at = field(fields, "at").and_then(|at| at.parse().ok());
    at.map_or(frame.now, |at| Micros(at).clamp(Micros(0), frame.now))
}

/// The month that runs in the viewer's zone.
fn running(frame: &Frame<'_>) -> Month {
    Month::of(frame.now, frame.zone.iana_name().unwrap_or("UTC"))
}

/// The months beside one, as links; none into the future.
pub(crate) fn pick(frame: &Frame<'_>, month: Month, href: impl Fn(Month) -> String) -> MonthPick {
    let running = running(frame);
    let link = |month: Month| Link {
        name: month.words(),
        href: href(month),
    };
    MonthPick {
        name: month.words(),
        far: if month < running {
            "whole month"
        } else {
            "to date"
        },
        before: link(month.before()),
        after: (month < running).then(|| link(month.next())),
    }
}

/// A part of one as a percentage with so many decimals, rounded half away from zero.
pub(crate) fn percent(part: Decimal, digits: u32) -> String {
    let rounded = (part * Decimal::from(100)).round_dp_with_strategy(digits, rounding());
    format!("{rounded:.*} %", digits as usize)
}

/// A part of one in hundredths of a percent.
pub(crate) fn points(part: Decimal) -> u32 {
    let points = (part * Decimal::from(10_000)).round_dp_with_strategy(0, rounding());
    u32::try_from(points).unwrap_or_default()
}

fn rounding() -> baton_model::Rounding {
    baton_model::Rounding::MidpointAwayFromZero
}

/// Whole minutes of working time, rounded down, with their thousands apart.
pub(crate) fn minutes(time: WorkingTime) -> String {
    thousands(time.0.max(0).unsigned_abs() / 60_000_000)
}

/// Which rows of completed work items an address asks for.
pub(crate) fn units_asked(fields: &Fields) -> baton_app::views::statement::Asked {
    baton_app::views::statement::Asked {
        agreement: field(fields, "agreement").map(AgreementId::new),
        lane: field(fields, "lane").map(LaneId::new),
        version: field(fields, "version").and_then(|version| version.parse().ok()),
        bots: match field(fields, "by") {
            Some("bots") => Some(true),
            Some("people") => Some(false),
            _ => None,
        },
        of: field(fields, "of").unwrap_or("completed").into(),
    }
}

/// The address of rows behind a number.
pub(crate) fn address(path: &str, month: Month, parts: &[(&str, &str)]) -> String {
    let parts = parts.iter().filter(|(_, value)| !value.is_empty());
    let parts = parts.map(|(name, value)| format!("&{name}={}", encoded(value)));
    format!("{path}?month={month}{}", parts.collect::<String>())
}

/// The pages of rows at an address without its page.
pub(crate) fn pager(fields: &Fields, path: &str, shown: usize, total: usize) -> Pager {
    let number = page_number(fields);
    let kept: Vec<(String, String)> = fields
        .iter()
        .filter(|(name, _)| *name != "page")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let at = |page: usize| {
        let kept = kept
            .iter()
            .map(|(name, value)| format!("{name}={}&", encoded(value)));
        format!("{path}?{}page={page}", kept.collect::<String>())
    };
    let from = (number - 1) * ROWS;
    Pager {
        from: from + 1,
        to: from + shown,
        total,
        before: (number > 1).then(|| at(number - 1)),
        after: (from + shown < total).then(|| at(number + 1)),
    }
}

/// The page asked for, from 1.
pub(crate) fn page_number(fields: &Fields) -> usize {
    let number = field(fields, "page").and_then(|page| page.parse().ok());
    number.unwrap_or(1).clamp(1, 100_000)
}

/// The same address as a file.
pub(crate) fn as_file(fields: &Fields, path: &str) -> String {
    let kept = fields
        .iter()
        .filter(|(name, _)| *name != "page" && *name != "format");
    let kept = kept.map(|(name, value)| format!("{name}={}&", encoded(value)));
    format!("{path}?{}format=csv", kept.collect::<String>())
}

/// Whether a file is asked for.
pub(crate) fn wants_file(fields: &Fields) -> bool {
    field(fields, "format") == Some("csv")
}

/// Rows as a CSV file, which says where the tenant's data is simulated: in each row, and in its name.
pub(crate) fn file(
    frame: &Frame<'_>,
    name: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Response {
    let simulated = frame.about.simulated;
    let bytes = marked_table(simulated, columns, rows);
    let mark = if simulated { "simulated-" } else { "" };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{mark}{name}.csv\""),
        ),
        (header::CACHE_CONTROL, "no-store".into()),
    ];
    (headers, bytes).into_response()
}

/// What a unit is charged in a month: its price, nothing, or its price taken back.
pub(crate) fn charged(unit: &UnitRow, month: Month) -> Decimal {
    let price = unit.price.unwrap_or_default();
    match unit.in_month(month) {
        Some(units) if units.earlier => -price,
        Some(units) if !units.returned => price,
        _ => Decimal::ZERO,
    }
}

/// How a unit counts in a month, in words.
pub(crate) fn result(unit: &UnitRow, month: Month) -> (&'static str, Tone) {
    match unit.in_month(month) {
        Some(units) if units.earlier => ("returned later, taken back", Tone::Risk),
        Some(units) if units.returned => ("returned, not charged", Tone::Quiet),
        _ if unit.rework => ("accepted, done again", Tone::Plain),
        _ => ("accepted", Tone::Plain),
    }
}

/// A completed work item as a row.
pub(crate) fn unit_row(
    frame: &Frame<'_>,
    unit: &UnitRow,
    month: Month,
) -> Result<ValueRow, Failed> {
    let (word, tone) = result(unit, month);
    let amount = charged(unit, month);
    let worker = unit.worker.as_ref().and_then(|worker| frame.worker(worker));
    let event = match unit.returned.filter(|_| amount.is_sign_negative()) {
        Some(returned) => (returned, unit.returned_at.unwrap_or(unit.at)),
        None => (unit.done, unit.at),
    };
    let link = |text: String, href: String| Cell {
        href: Some(href),
        ..Cell::text(text)
    };
    Ok(ValueRow {
        value: amount.to_string(),
        href: format!("/journal/{}", event.0.n),
        cells: vec![
            link(event.0.to_string(), format!("/journal/{}", event.0.n)),
            Cell::text(exact(event.1, &frame.zone)),
            link(
                unit.case.to_string(),
                format!("/cases/{}", encoded(unit.case.as_str())),
            ),
            Cell::text(frame.lane(&unit.lane)),
            Cell::text(worker.unwrap_or_else(|| "–".into())),
            Cell::text(word).tone(tone),
            Cell::text(amount.to_string()),
            Cell::text(hash(frame, event.0.n)?).tone(Tone::Quiet),
        ],
    })
}

/// The columns of completed work items.
pub(crate) const UNIT_COLUMNS: [&str; 8] = [
    "Event", "Instant", "Case", "~Lane", "~Worker", "Result", "#Amount", "~Hash",
];

/// The beginning and end of an entry's chain hash.
pub(crate) fn hash(frame: &Frame<'_>, n: i64) -> Result<String, Failed> {
    let hash = journal::chain_hash(&frame.reader(), n)?.unwrap_or_default();
    Ok(match hash.len() {
        0..12 => hash,
        len => format!("{}…{}", &hash[..4], &hash[len - 2..]),
    })
}

/// The parties of a page in the order of their slots, the client last.
pub(crate) fn order(frame: &Frame<'_>, party: &PartyId) -> (bool, u32) {
    let slot = frame
        .parties
        .get(party)
        .map_or(u32::MAX, |party| party.slot);
    (*party == frame.about.client, slot)
}
