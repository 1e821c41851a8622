//! The scorecard of a month: levels, breaches, one level opened. A provider sees its own.

mod cases;
mod opened;
mod rows;

pub(crate) use cases::{late_cases, zone};
pub(crate) use rows::{foreign, measurements, units};

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::measured::{Fields, address, field, minutes, month, order, percent, pick, points};
use super::session::Signed;
use super::work::encoded;
use crate::pages;
use crate::pages::figure::Figure;
use crate::pages::parts::{Chip, Empty, Tag, Tone};
use crate::pages::scorecard::{Breaches, Group, LevelRow, Plot, ScorecardPage, Tile, Used};
use crate::pages::shell::Place;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use baton_app::views::scorecard::{self, Card, LevelKind, Score, Scorecard, Standing};
use baton_app::views::statement;
use baton_model::{LaneId, PartyId, WorkingTime};
use std::collections::BTreeSet;

/// `GET /scorecard`
pub(crate) async fn page(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Fields>,
) -> Result<Response, Failed> {
    let denials = web.denials.clone();
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        let month = month(&frame, &asked)?;
        let scope = &signed.viewer.scope;
        let mut card = scorecard::scorecard(&frame.reader(), scope, month, frame.now)?;
        card.cards
            .sort_by_key(|card| order(&frame, &card.set.agreement.provider));
        if let Some(level) = field(&asked, "level").filter(|level| find(&card, level).is_none()) {
            denials.count(app, &signed.viewer, level);
            return Err(Failed::Missing("service level"));
        }
        Ok(pages::answer(StatusCode::OK, &fill(&frame, &card, &asked)?))
    })
    .await
}

/// A level's name in addresses.
fn named(score: &Score) -> String {
    format!("{}/{}", score.set.agreement.id, score.level.id)
}

fn find<'a>(card: &'a Scorecard, level: &str) -> Option<(&'a Card, &'a Score)> {
    let all = card
        .cards
        .iter()
        .flat_map(|card| card.scores.iter().map(move |score| (card, score)));
    all.into_iter().find(|(_, score)| named(score) == level)
}

fn fill(frame: &Frame<'_>, card: &Scorecard, asked: &Fields) -> Result<ScorecardPage, Failed> {
    let scale = scale(card);
    let open = field(asked, "level")
        .and_then(|level| find(card, level))
        .or_else(|| first(card));
    let chosen = open.map(|(_, score)| named(score));
    let missed_only = field(asked, "state") == Some("missed");
    let groups = card
        .cards
        .iter()
        .map(|part| group(frame, card, part, (scale, chosen.as_deref(), missed_only)))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ScorecardPage {
        shell: frame.shell("Scorecard", Place::Scorecard, None)?,
        month: pick(frame, card.month, |month| {
            format!("/scorecard?month={month}")
        }),
        whose: match frame.signed.viewer.scope.client {
            true => "all parties".into(),
            false => "your own levels".into(),
        },
        tiles: tiles(frame, card)?,
        used: used(frame, card),
        scale,
        empty: groups.is_empty().then(|| empty(frame)),
        groups,
        breaches: breaches(frame, card),
        open: open
            .map(|(part, score)| opened::open(frame, card, part, score))
            .transpose()?,
    })
}

/// What is looked at first: a missed level, else any.
fn first(card: &Scorecard) -> Option<(&Card, &Score)> {
    let all = || {
        card.cards
            .iter()
            .flat_map(|card| card.scores.iter().map(move |score| (card, score)))
    };
    let missed = all().find(|(_, score)| score.standing == Standing::Missed);
    missed
        .or_else(|| all().find(|(_, score)| score.tally.due() > 0))
        .or_else(|| all().next())
}

fn empty(frame: &Frame<'_>) -> Empty {
    let then = match frame.signed.viewer.scope.client {
        true => {
            "Bring an agreement with `baton agreement import FILE`; its service levels are measured from then on."
        }
        false => {
            "Your service levels stand here as soon as an agreement with you counts in the month."
        }
    };
    Empty {
        what: "No agreement counts in this month".into(),
        then: then.into(),
        act: None,
    }
}

/// The scale of the plots: from the lowest of values, intervals and targets, in tens of a percent, to 100.
fn scale(card: &Scorecard) -> (u32, u32) {
    let scores = card.cards.iter().flat_map(|card| &card.scores);
    let lowest = scores.flat_map(|score| {
        let value = score.tally.value().map(points);
        let low = score.tally.between().map(|between| points(between.low));
        [Some(score.level.target), value, low]
    });
    let lowest = lowest.flatten().min().unwrap_or(8_000);
    ((lowest / 1_000 * 10).min(90), 100)
}

fn group(
    frame: &Frame<'_>,
    whole: &Scorecard,
    card: &Card,
    (scale, chosen, missed_only): ((u32, u32), Option<&str>, bool),
) -> Result<Group, Failed> {
    let agreement = &card.set.agreement;
    let party = frame.parties.get(&agreement.provider);
    let own = agreement.own_team();
    let scores = card.scores.iter();
    let shown = scores.filter(|score| !missed_only || score.standing == Standing::Missed);
    Ok(Group {
        chip: frame.chip(&agreement.provider),
        name: match own {
            true => "Own team".into(),
            false => party.map(|party| party.name.clone()).unwrap_or_default(),
        },
        about: match own {
            true => format!(
                "{} v{}, same rules, no credit",
                agreement.id, card.set.version
            ),
            false => format!("agreement {} v{}", agreement.id, card.set.version),
        },
        href: format!("/agreements/{}", agreement.id),
        charged: charged(frame, whole, card)?,
        levels: shown
            .map(|score| level(whole, card, score, scale, chosen))
            .collect(),
    })
}

/// What is charged so far under an agreement with prices.
fn charged(frame: &Frame<'_>, whole: &Scorecard, card: &Card) -> Result<Option<Figure>, Failed> {
    if card.set.agreement.own_team() {
        return Ok(None);
    }
    let id = &card.set.agreement.id;
    let scope = &frame.signed.viewer.scope;
    let found = statement::statement(&frame.reader(), scope, id, whole.month)?;
    Ok(found.map(|found| Figure {
        text: found.statement.total.to_string(),
        href: Some(format!("/statement/{id}?month={}", whole.month)),
        ..Figure::default()
    }))
}

fn level(
    whole: &Scorecard,
    card: &Card,
    score: &Score,
    scale: (u32, u32),
    chosen: Option<&str>,
) -> LevelRow {
    let name = named(score);
    let tally = &score.tally;
    let value = tally.value().map(|value| percent(value, 1));
    let missed = score.standing == Standing::Missed;
    LevelRow {
        name: score.level.name.clone(),
        critical: score.level.critical,
        href: format!("/scorecard?month={}&level={}", whole.month, encoded(&name)),
        current: chosen == Some(name.as_str()),
        value: match value {
            Some(value) => Figure::count(tally.due(), behind(whole, score, "due")).said(value),
            None => Figure::none(),
        },
        of: format!("of {}", tally.due()),
        plot: plot(score, scale),
        state: state(score.standing),
        missed,
        over: match score.level.kind {
            LevelKind::OnTime { .. } => over(
                whole,
                tally.over,
                &[
                    ("agreement", card.set.agreement.id.as_str()),
                    ("lane", score.level.lane.as_str()),
                ],
            ),
            LevelKind::FirstPass => Figure::none(),
        },
    }
}

/// The rows behind a count of a level.
fn behind(whole: &Scorecard, score: &Score, of: &str) -> String {
    let path = match score.level.kind {
        LevelKind::OnTime { .. } => "/scorecard/rows",
        LevelKind::FirstPass => "/scorecard/units",
    };
    let of = match (score.level.kind, of) {
        (LevelKind::FirstPass, "due") => "completed",
        (LevelKind::OnTime { .. }, "missed") => "late",
        (_, of) => of,
    };
    let at = whole.now.0.to_string();
    let parts = [
        ("agreement", score.set.agreement.id.as_str()),
        ("lane", score.level.lane.as_str()),
        ("of", of),
        ("at", at.as_str()),
    ];
    address(path, whole.month, &parts)
}

/// Minutes past a target, which open into their rows as of the same instant.
fn over(whole: &Scorecard, time: WorkingTime, parts: &[(&str, &str)]) -> Figure {
    let at = whole.now.0.to_string();
    let further = [("of", "over"), ("at", at.as_str())];
    let parts: Vec<(&str, &str)> = parts.iter().copied().chain(further).collect();
    Figure::sum(
        minutes(time),
        time.0.to_string(),
        address("/scorecard/rows", whole.month, &parts),
    )
}

fn state(standing: Standing) -> Tag {
    let tone = match standing {
        Standing::Met | Standing::TooFew => Tone::Quiet,
        Standing::MetUnsure | Standing::BelowOpen => Tone::Risk,
        Standing::Missed => Tone::Late,
    };
    let text = standing.words().into();
    Tag { text, tone }
}

fn plot(score: &Score, scale: (u32, u32)) -> Plot {
    let tally = &score.tally;
    let between = tally.between();
    let said = match (tally.value(), between) {
        (Some(value), Some(between)) => format!(
            "{}, interval {} to {}, target {}",
            percent(value, 1),
            percent(between.low, 1),
            percent(between.high, 1),
            target(score)
        ),
        _ => format!("nothing due yet, target {}", target(score)),
    };
    Plot {
        value: tally.value().map(points),
        between: between.map(|between| (points(between.low), points(between.high))),
        target: score.level.target,
        missed: score.standing == Standing::Missed,
        scale,
        said,
    }
}

/// A level's target in words.
fn target(score: &Score) -> String {
    format!("{} %", baton_model::share::percent(score.level.target))
}

fn tiles(frame: &Frame<'_>, card: &Scorecard) -> Result<Vec<Tile>, Failed> {
    let scores: Vec<&Score> = card.cards.iter().flat_map(|card| &card.scores).collect();
    let missed: Vec<&&Score> = scores
        .iter()
        .filter(|score| score.standing == Standing::Missed)
        .collect();
    let critical = missed.iter().filter(|score| score.level.critical).count();
    let (late, due) = card.missed.values().fold((0, 0), |(late, due), tally| {
        (late + tally.missed, due + tally.due())
    });
    let period = card.cards.last().map(|card| card.period);
    let scope = &frame.signed.viewer.scope;
    let cases = match period {
        Some(period) => scorecard::late_cases(&frame.reader(), scope, &period, (0, 0))?.1,
        None => 0,
    };
    let month = card.month;
    let at = card.now.0.to_string();
    Ok(vec![
        Tile {
            label: "Levels missed",
            figure: Figure::count(
                missed.len() as u64,
                format!("/scorecard?month={month}&state=missed"),
            ),
            of: format!("of {}", scores.len()),
            note: format!("{critical} critical"),
        },
        Tile {
            label: "Breaches",
            figure: Figure::count(
                late,
                address(
                    "/scorecard/rows",
                    month,
                    &[("of", "late"), ("at", at.as_str())],
                ),
            ),
            of: String::new(),
            note: format!("of {due} hops due"),
        },
        Tile {
            label: "Late cases",
            figure: Figure::count(
                cases as u64,
                format!("/scorecard/cases?month={month}&at={at}"),
            ),
            of: String::new(),
            note: "past the target of the case".into(),
        },
    ])
}

fn sum_of(card: &Scorecard, which: impl Fn(&LaneId, &PartyId) -> bool) -> WorkingTime {
    let own = card
        .breaches
        .iter()
        .filter(|((lane, party), _)| which(lane, party));
    own.map(|(_, over)| *over).sum()
}

fn parties(frame: &Frame<'_>, card: &Scorecard) -> Vec<PartyId> {
    let parties: BTreeSet<PartyId> = card
        .breaches
        .keys()
        .map(|(_, party)| party.clone())
        .collect();
    let mut parties: Vec<PartyId> = parties.into_iter().collect();
    parties.sort_by_key(|party| order(frame, party));
    parties
}

fn used(frame: &Frame<'_>, card: &Scorecard) -> Vec<Used> {
    let all = sum_of(card, |_, _| true).0.max(1);
    let mut from = 0;
    let mut used = Vec::new();
    for party in parties(frame, card) {
        let over = sum_of(card, |_, of| *of == party);
        let width =
            u32::try_from(i128::from(over.0) * 10_000 / i128::from(all)).unwrap_or_default();
        if over > WorkingTime::ZERO {
            let figure = self::over(card, over, &[("party", party.as_str())]);
            let chip = frame.chip(&party);
            used.push(Used {
                chip,
                figure,
                from,
                width,
            });
        }
        from += width;
    }
    used
}

fn breaches(frame: &Frame<'_>, card: &Scorecard) -> Breaches {
    let parties = parties(frame, card);
    let lanes: BTreeSet<&LaneId> = card.breaches.keys().map(|(lane, _)| lane).collect();
    let cell =
        |lane: &LaneId, party: &PartyId| match card.breaches.get(&(lane.clone(), party.clone())) {
            Some(time) => over(
                card,
                *time,
                &[("lane", lane.as_str()), ("party", party.as_str())],
            ),
            None => Figure::none(),
        };
    let row = |lane: &&LaneId| {
        let all = over(
            card,
            sum_of(card, |of, _| of == *lane),
            &[("lane", lane.as_str())],
        );
        let own = parties.iter().map(|party| cell(lane, party)).collect();
        (frame.lane(lane), own, all)
    };
    let total = |party: &PartyId| {
        over(
            card,
            sum_of(card, |_, of| of == party),
            &[("party", party.as_str())],
        )
    };
    let chips: Vec<Chip> = parties.iter().map(|party| frame.chip(party)).collect();
    Breaches {
        rows: lanes.iter().map(row).collect(),
        total: (
            parties.iter().map(total).collect(),
            over(card, sum_of(card, |_, _| true), &[]),
        ),
        parties: chips,
    }
}
