//! A level, opened: its formula, the latest hops that missed it, under what it was computed.

use super::{behind, named, target};
use crate::handlers::answer::Failed;
use crate::handlers::frame::Frame;
use crate::handlers::measured::{address, percent};
use crate::handlers::times::Drawing;
use crate::handlers::work::encoded;
use crate::pages::case::Fact;
use crate::pages::figure::Figure;
use crate::pages::parts::Link;
use crate::pages::scorecard::{MissedRow, Opened};
use crate::strip::{Axis, hours};
use baton_app::views::scorecard::{
    self, Asked, Card, LaneWork, LevelKind, Score, Scorecard, Tally,
};
use baton_app::views::statement;
use baton_app::views::{cases, times};
use baton_model::CaseId;

/// How many of the latest are shown.
const LATEST: usize = 5;

pub(super) fn open(
    frame: &Frame<'_>,
    whole: &Scorecard,
    card: &Card,
    score: &Score,
) -> Result<Opened, Failed> {
    let tally = &score.tally;
    let result = tally
        .value()
        .map_or("nothing due yet".into(), |value| percent(value, 3));
    let mut further = Vec::new();
    if matches!(score.level.kind, LevelKind::OnTime { .. }) {
        let count = |count, of| Figure::count(count, behind(whole, score, of));
        further.push((
            "excluded, handed over or withdrawn in time",
            count(tally.excluded, "excluded"),
        ));
        further.push(("open, not late", count(tally.open, "open")));
    }
    let party = &score.set.agreement.provider;
    Ok(Opened {
        chip: frame.chip(party),
        name: score.level.name.clone(),
        met: Figure::count(tally.met, behind(whole, score, "met")),
        due: Figure::count(tally.due(), behind(whole, score, "due")),
        missed: Figure::count(tally.missed, behind(whole, score, "missed")),
        result,
        further,
        latest: latest(frame, whole, score)?,
        facts: facts(frame, whole, card, score),
        export: format!("{}&format=csv", behind(whole, score, "due")),
    })
}

fn latest(frame: &Frame<'_>, whole: &Scorecard, score: &Score) -> Result<Vec<MissedRow>, Failed> {
    let (reader, scope) = (frame.reader(), &frame.signed.viewer.scope);
    let agreement = Some(score.set.agreement.id.clone());
    let lane = Some(score.level.lane.clone());
    let missed: Vec<(CaseId, String)> = match score.level.kind {
        LevelKind::OnTime { .. } => {
            let asked = Asked {
                agreement,
                lane,
                party: None,
                of: "late".into(),
            };
            let page =
                scorecard::rows(&reader, scope, whole.month, &asked, frame.now, (0, LATEST))?;
            let row = |row: &scorecard::Counted| (row.measurement.case.clone(), hours(row.over.0));
            page.rows.iter().map(row).collect()
        }
        LevelKind::FirstPass => {
            let of = "missed".into();
            let asked = statement::Asked {
                agreement,
                lane,
                version: None,
                bots: None,
                of,
            };
            let page = statement::rows(&reader, scope, whole.month, &asked, (0, LATEST))?;
            page.rows
                .iter()
                .map(|row| (row.case.clone(), "–".into()))
                .collect()
        }
    };
    let book = times::book(&reader)?;
    let rows = missed.into_iter().map(|(case, over)| {
        let seen = cases::one(&reader, scope, &case, None)?.is_some();
        let times = times::times(&reader, &book, &case, frame.now)?.filter(|_| seen);
        let drawing = Drawing {
            frame,
            axis: Axis::Wall,
            incident: false,
            offered: false,
            person: None,
        };
        Ok(MissedRow {
            strip: times.map(|times| drawing.strip(&times)),
            case: Link {
                name: case.to_string(),
                href: format!("/cases/{}", encoded(case.as_str())),
            },
            over,
        })
    });
    rows.collect()
}

fn facts(frame: &Frame<'_>, whole: &Scorecard, card: &Card, score: &Score) -> Vec<Fact> {
    let mut facts = vec![Fact::new(
        "Target",
        format!("{}, {}", target(score), score.level.kind),
    )];
    if let Some(between) = score.tally.between() {
        let said = format!(
            "{} to {}",
            percent(between.low, 2),
            percent(between.high, 2)
        );
        facts.push(Fact::new("Interval, 95 %", said));
    }
    let parts = |of| {
        [
            ("agreement", score.set.agreement.id.as_str()),
            ("lane", score.level.lane.as_str()),
            ("of", of),
        ]
    };
    let work = card.work.iter().find(|work| work.lane == score.level.lane);
    if let Some(work) = work {
        let opens = |name: &str, count: u64, of| {
            let mut fact = Fact::new(name, count.to_string());
            fact.href = Some(address("/scorecard/units", whole.month, &parts(of)));
            fact
        };
        facts.push(opens("Items completed", work.completed, "completed"));
        facts.push(opens("accepted so far", work.accepted, "accepted"));
        facts.push(opens("done again", work.rework, "rework"));
        for (who, by, tally) in kinds(work) {
            if let (Some(value), Some(between)) = (tally.value(), tally.between()) {
                let said = format!(
                    "{} of {} right the first time, {} to {}",
                    percent(value, 1),
                    tally.due(),
                    percent(between.low, 1),
                    percent(between.high, 1)
                );
                let mut fact = Fact::new(who, said);
                let href = address("/scorecard/units", whole.month, &parts("completed"));
                fact.href = Some(format!("{href}&by={by}"));
                facts.push(fact);
            }
        }
        if let (Some(median), Some(ninth)) = (work.median, work.ninth) {
            let said = format!("{} median, {} P90", hours(median.0), hours(ninth.0));
            let mut fact = Fact::new("Working time of hops", said);
            fact.href = Some(address("/scorecard/rows", whole.month, &parts("due")));
            facts.push(fact);
        }
    }
    facts.push(Fact::new("Computed under", under(frame, card, score)));
    facts.push(Fact::new("Level", named(score)));
    facts
}

/// What bots and what people did, where both did something.
fn kinds(work: &LaneWork) -> Vec<(&'static str, &'static str, Tally)> {
    let (bots, people) = (work.by_bots, work.by_people());
    match bots.due() {
        0 => Vec::new(),
        _ => vec![("By bots", "bots", bots), ("By people", "people", people)],
    }
}

fn under(frame: &Frame<'_>, card: &Card, score: &Score) -> String {
    let agreement = &score.set.agreement;
    let sites = agreement.sites.iter().map(|site| {
        let known = frame.sites.get(site);
        known.map_or_else(
            || site.to_string(),
            |site| format!("{} ({})", site.name, site.zone),
        )
    });
    let versions = match card.versions {
        1 => String::new(),
        more => format!(" and {} before it", more - 1),
    };
    format!(
        "{} v{}{versions} · calendar of {} · tzdata {}",
        agreement.id,
        score.set.version,
        sites.collect::<Vec<_>>().join(", "),
        baton_model::calendar::tzdb_version()
    )
}
