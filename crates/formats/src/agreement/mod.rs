//! Agreements: TOML in, a checked [`Agreement`] or positioned diagnostics out.
//!
//! It checks what the text says by itself. Whether parties, sites and lanes exist, and whether another
//! agreement covers the same lane, is for the stage that takes it in.

mod fault;
mod file;

pub use fault::Fault;

use crate::duration::working_time;
use crate::xml::Lines;
use baton_model::agreement::{AgreedLane, Continuity, LevelKind, Price, ServiceLevel};
use baton_model::calendar::zone;
use baton_model::month::day_start;
use baton_model::{Agreement, AgreementId, Currency, Decimal, Diagnostic, LaneId, Micros};
use file::{AgreementFile, Kind, LaneEntry, LevelEntry, Text};
use std::collections::BTreeSet;
use std::ops::Range;

/// Reads an agreement.
///
/// # Errors
/// Every [`Diagnostic`] with its line and column.
pub fn read(text: &str) -> Result<Agreement, Vec<Diagnostic>> {
    let mut findings = Findings {
        lines: Lines::of(text),
        found: Vec::new(),
    };
    let file: AgreementFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let place = error.span().unwrap_or_default();
            findings.at(place, &Fault::Toml(error.message().into()));
            return Err(findings.found);
        }
    };
    let agreement = agreement(&file, &mut findings);
    match (agreement, findings.found) {
        (Some(agreement), found) if found.is_empty() => Ok(agreement),
        (_, found) => Err(found),
    }
}

/// Findings being collected, by their span.
struct Findings<'a> {
    lines: Lines<'a>,
    found: Vec<Diagnostic>,
}

impl Findings<'_> {
    fn at(&mut self, span: Range<usize>, fault: &Fault) {
        let (line, column) = self.lines.position(span.start);
        let finding = Diagnostic::at(fault.code(), line, column, fault.to_string());
        self.found.push(finding);
    }

    /// Notes a text that has not its form.
    fn form(&mut self, text: &Text, what: &'static str) {
        let fault = Fault::Form {
            text: text.get_ref().clone(),
            what,
        };
        self.at(text.span(), &fault);
    }

    /// The value of a text, or a note that it has not its form.
    fn some<T>(&mut self, value: Option<T>, text: &Text, what: &'static str) -> Option<T> {
        if value.is_none() {
            self.form(text, what);
        }
        value
    }

    fn unique<'t>(&mut self, kind: &'static str, ids: impl Iterator<Item = &'t Text>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id.get_ref()) {
                let id_text = id.get_ref().clone();
                self.at(id.span(), &Fault::Twice { kind, id: id_text });
            }
        }
    }
}

fn agreement(file: &AgreementFile, findings: &mut Findings<'_>) -> Option<Agreement> {
    ids(file, findings);
    let own = file.client.get_ref() == file.provider.get_ref();
    if let Some(price) = file
        .lane
        .iter()
        .find_map(|lane| lane.price.as_ref())
        .filter(|_| own)
    {
        findings.at(price.unit.span(), &Fault::OwnPrice);
    }
    let lanes: Vec<AgreedLane> = file
        .lane
        .iter()
        .map(|entry| lane(entry, findings))
        .collect();
    let levels: Vec<Option<ServiceLevel>> = file
        .level
        .iter()
        .map(|entry| level(file, entry, findings))
        .collect();
    twice_measured(file, findings);
    let currency = Currency::parse(file.currency.get_ref());
    let currency = findings.some(
        currency,
        &file.currency,
        "currency; write its ISO 4217 code, like EUR",
    );
    let (from, until) = dates(file, findings)?;
    Some(Agreement {
        id: AgreementId::new(file.id.get_ref()),
        name: file.name.clone(),
        client: file.client.get_ref().as_str().into(),
        provider: file.provider.get_ref().as_str().into(),
        currency: currency?,
        zone: file.zone.get_ref().clone(),
        from,
        until,
        sites: file
            .sites
            .iter()
            .map(|site| site.get_ref().as_str().into())
            .collect(),
        lanes,
        levels: levels.into_iter().collect::<Option<_>>()?,
        continuity: file.continuity.as_ref().map(|entry| Continuity {
            backup: entry.backup.get_ref().as_str().into(),
            in_flight: entry.in_flight.word().into(),
        }),
    })
}

fn ids(file: &AgreementFile, findings: &mut Findings<'_>) {
    let id = file.id.get_ref();
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    if id.is_empty() || id.len() > 40 || !id.chars().all(plain) {
        findings.form(
            &file.id,
            "id of an agreement; write letters, digits and dashes, like KS-2026",
        );
    }
    if file.lane.is_empty() {
        findings.at(0..0, &Fault::NoLane);
    }
    findings.unique("lane", file.lane.iter().map(|lane| &lane.id));
    findings.unique("level", file.level.iter().map(|level| &level.id));
    findings.unique("site", file.sites.iter());
}

/// The first instant, and the first after the last day.
fn dates(file: &AgreementFile, findings: &mut Findings<'_>) -> Option<(Micros, Option<Micros>)> {
    const DATE: &str = "date; write year, month and day, like 2026-11-01";
    let name = file.zone.get_ref();
    if let Err(error) = zone(file.id.get_ref(), name) {
        let said = error.to_string().replace("calendar `", "agreement `");
        let said = said
            .split_once(": ")
            .map_or(said.clone(), |(_, rest)| rest.into());
        findings.at(file.zone.span(), &Fault::Zone(said));
        return None;
    }
    let from = findings.some(day_start(file.from.get_ref(), name), &file.from, DATE);
    let until = match &file.until {
        Some(text) => {
            let next = next_day(text.get_ref()).and_then(|day| day_start(&day, name));
            Some(findings.some(next, text, DATE)?)
        }
        None => None,
    };
    let from = from?;
    if let (Some(end), Some(text)) = (until, &file.until)
        && end <= from
    {
        findings.at(text.span(), &Fault::Backwards);
    }
    Some((from, until))
}

fn next_day(date: &str) -> Option<String> {
    let day: jiff::civil::Date = date.parse().ok()?;
    Some(day.tomorrow().ok()?.to_string())
}

fn lane(entry: &LaneEntry, findings: &mut Findings<'_>) -> AgreedLane {
    let price = entry.price.as_ref().and_then(|price| {
        let unit = price.unit.get_ref().parse::<Decimal>().ok();
        let unit = unit.filter(|unit| !unit.is_sign_negative() && unit.scale() <= 6);
        let unit = findings.some(
            unit,
            &price.unit,
            "price; write digits with a point, like \"3.90\"",
        )?;
        Some(Price {
            card: price.card.clone(),
            unit,
        })
    });
    AgreedLane {
        lane: LaneId::new(entry.id.get_ref()),
        price,
        read: patterns(&entry.read, findings),
        write: patterns(&entry.write, findings),
        freetext: entry.freetext.word().into(),
    }
}

/// Field patterns: names, or prefixes that end in `*`.
fn patterns(patterns: &[Text], findings: &mut Findings<'_>) -> Vec<String> {
    for pattern in patterns {
        let text = pattern.get_ref();
        let star = text.find('*').is_some_and(|at| at + 1 < text.len());
        if star || text.is_empty() {
            let what =
                "field pattern; write a name like invoice.number, or a prefix like invoice.*";
            findings.form(pattern, what);
        }
    }
    let texts = patterns.iter().map(|pattern| pattern.get_ref().clone());
    texts.collect()
}

fn level(
    file: &AgreementFile,
    entry: &LevelEntry,
    findings: &mut Findings<'_>,
) -> Option<ServiceLevel> {
    let (id, lane) = (entry.id.get_ref(), entry.lane.get_ref());
    if !file.lane.iter().any(|known| known.id.get_ref() == lane) {
        let (level, lane) = (id.clone(), lane.clone());
        findings.at(entry.lane.span(), &Fault::OtherLane { level, lane });
    }
    const TARGET: &str =
        "target; write a percentage between 0 and 100 with at most two decimals, like \"97.5 %\"";
    let target = findings.some(basis_points(entry.target.get_ref()), &entry.target, TARGET)?;
    Some(ServiceLevel {
        id: id.clone(),
        name: entry.name.clone(),
        lane: LaneId::new(lane),
        kind: kind(entry, findings)?,
        target,
        critical: entry.critical,
        minimum: entry.minimum,
    })
}

fn kind(entry: &LevelEntry, findings: &mut Findings<'_>) -> Option<LevelKind> {
    match (entry.kind, &entry.within) {
        (Kind::FirstPass, None) => Some(LevelKind::FirstPass),
        (Kind::OnTime, Some(text)) => {
            const TIME: &str = "working time; write hours and minutes, like PT8H or PT1H30M";
            let within = findings.some(working_time(text.get_ref()), text, TIME)?;
            Some(LevelKind::OnTime { within })
        }
        (Kind::OnTime, None) | (Kind::FirstPass, Some(_)) => {
            let id = entry.id.get_ref().clone();
            findings.at(entry.id.span(), &Fault::Within(id));
            None
        }
    }
}

/// One lane has one level of each kind.
fn twice_measured(file: &AgreementFile, findings: &mut Findings<'_>) {
    for (place, entry) in file.level.iter().enumerate() {
        let same = |other: &LevelEntry| {
            other.lane.get_ref() == entry.lane.get_ref() && other.kind == entry.kind
        };
        if file.level[..place].iter().any(same) {
            let lane = entry.lane.get_ref().clone();
            findings.at(entry.lane.span(), &Fault::TwoLevels { lane });
        }
    }
}

/// A percentage in hundredths of a percent.
fn basis_points(text: &str) -> Option<u32> {
    let number: Decimal = text.trim_end_matches('%').trim().parse().ok()?;
    let points = (number * Decimal::from(100)).normalize();
    let points = u32::try_from(points).ok().filter(|_| points.scale() == 0)?;
    (points <= 10_000).then_some(points)
}
