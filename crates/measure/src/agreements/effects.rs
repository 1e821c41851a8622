//! What a version of an agreement changes, in words: lanes, levels, prices, grants, continuity. Texts are
//! not compared; two files that mean the same have no effects.

use baton_model::agreement::{AgreedLane, ServiceLevel};
use baton_model::share::percent;
use baton_model::{Agreement, Currency};

/// The effects of one version over another; without one before, what it brings.
pub fn effects(before: Option<&Agreement>, after: &Agreement) -> Vec<String> {
    let mut said = Vec::new();
    terms(before, after, &mut said);
    let none = Vec::new();
    let lanes = before.map_or(&none, |before| &before.lanes);
    for lane in &after.lanes {
        let was = lanes.iter().find(|was| was.lane == lane.lane);
        lane_effects(was, lane, after.currency, &mut said);
    }
    for gone in lanes.iter().filter(|was| after.lane(&was.lane).is_none()) {
        said.push(format!("lane {} is no longer covered", gone.lane));
    }
    let none = Vec::new();
    let levels = before.map_or(&none, |before| &before.levels);
    for level in &after.levels {
        let was = levels.iter().find(|was| was.id == level.id);
        level_effects(was, level, &mut said);
    }
    let kept = |was: &&ServiceLevel| !after.levels.iter().any(|level| level.id == was.id);
    for gone in levels.iter().filter(kept) {
        said.push(format!("level {} is no longer measured", gone.id));
    }
    said
}

fn terms(before: Option<&Agreement>, after: &Agreement, said: &mut Vec<String>) {
    let end = |agreement: &Agreement| {
        agreement
            .until
            .map_or("without an end".into(), |until| format!("before {until}"))
    };
    let backup = |agreement: &Agreement| {
        let continuity = agreement.continuity.as_ref();
        continuity.map_or("nobody".into(), |it| {
            format!(
                "{}, open work: {}",
                it.backup,
                it.in_flight.replace('_', " ")
            )
        })
    };
    let sites = |agreement: &Agreement| {
        let sites = agreement.sites.iter().map(ToString::to_string);
        sites.collect::<Vec<_>>().join(", ")
    };
    let Some(before) = before else {
        said.push(format!(
            "{} begins {}, {}",
            after.id,
            after.from,
            end(after)
        ));
        said.push(format!("worked at {}", sites(after)));
        said.push(format!("steps in: {}", backup(after)));
        return;
    };
    let mut moved = |what: &str, was: String, now: String| {
        if was != now {
            said.push(format!("{what}: {was} → {now}"));
        }
    };
    moved("name", before.name.clone(), after.name.clone());
    moved(
        "currency",
        before.currency.to_string(),
        after.currency.to_string(),
    );
    moved("months counted in", before.zone.clone(), after.zone.clone());
    moved(
        "counts from",
        before.from.to_string(),
        after.from.to_string(),
    );
    moved("ends", end(before), end(after));
    moved("worked at", sites(before), sites(after));
    moved("steps in", backup(before), backup(after));
}

fn lane_effects(
    was: Option<&AgreedLane>,
    lane: &AgreedLane,
    currency: Currency,
    said: &mut Vec<String>,
) {
    let price = |lane: &AgreedLane| {
        let price = lane.price.as_ref();
        price.map_or("no price".into(), |price| {
            format!("{currency} {}", price.unit)
        })
    };
    let id = &lane.lane;
    let Some(was) = was else {
        said.push(format!(
            "lane {id} is covered, an accepted item: {}",
            price(lane)
        ));
        let (read, write) = (lane.read.join(", "), lane.write.join(", "));
        said.push(format!(
            "lane {id} may read {}; write {}; free text {}",
            or_nothing(&read),
            or_nothing(&write),
            lane.freetext
        ));
        return;
    };
    if price(was) != price(lane) {
        said.push(format!(
            "lane {id}, an accepted item: {} → {}",
            price(was),
            price(lane)
        ));
    }
    if was.freetext != lane.freetext {
        said.push(format!(
            "lane {id}, free text: {} → {}",
            was.freetext, lane.freetext
        ));
    }
    grants(&format!("lane {id} may read"), &was.read, &lane.read, said);
    grants(
        &format!("lane {id} may write"),
        &was.write,
        &lane.write,
        said,
    );
}

fn or_nothing(list: &str) -> &str {
    if list.is_empty() { "nothing" } else { list }
}

fn grants(what: &str, was: &[String], now: &[String], said: &mut Vec<String>) {
    let new = now.iter().filter(|field| !was.contains(field));
    said.extend(new.map(|field| format!("{what} {field} from now on")));
    let gone = was.iter().filter(|field| !now.contains(field));
    said.extend(gone.map(|field| format!("{what} {field} no longer")));
}

fn level_effects(was: Option<&ServiceLevel>, level: &ServiceLevel, said: &mut Vec<String>) {
    let critical = |level: &ServiceLevel| if level.critical { "critical" } else { "key" };
    let id = &level.id;
    let Some(was) = was else {
        said.push(format!(
            "level {id} ({}): lane {}, {}, at least {} %, {}, from {} on",
            level.name,
            level.lane,
            level.kind,
            percent(level.target),
            critical(level),
            level.minimum
        ));
        return;
    };
    let mut moved = |what: &str, was: String, now: String| {
        if was != now {
            said.push(format!("level {id}, {what}: {was} → {now}"));
        }
    };
    moved("name", was.name.clone(), level.name.clone());
    moved("lane", was.lane.to_string(), level.lane.to_string());
    moved("counts", was.kind.to_string(), level.kind.to_string());
    moved(
        "target",
        format!("{} %", percent(was.target)),
        format!("{} %", percent(level.target)),
    );
    moved("kind", critical(was).into(), critical(level).into());
    moved(
        "says nothing below",
        was.minimum.to_string(),
        level.minimum.to_string(),
    );
}
