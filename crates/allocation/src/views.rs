//! The rows this room shows: who runs each lane, each party's part in it, and every change of it.

use crate::Allocation;
use crate::lanes::{Run, changed};
use baton_journal::setup::InFlight;
use baton_journal::{Change, Column, Datum, Event, EventName, View};
use baton_model::{LaneId, Micros};

/// The lanes.
pub(crate) const LANE: View = View {
    name: "lane",
    version: 2,
    columns: &[
        Column::text("lane"),
        Column::text("name"),
        Column::text("pack"),
        Column::text("party"),
        Column::text("site"),
        Column::int("since"),
        Column::text("reason"),
        Column::int("target"),
        Column::int("epoch"),
        Column::text("in_flight"),
    ],
    key: 1,
    indexes: &[],
};

/// The parties of each lane.
pub(crate) const LANE_SHARE: View = View {
    name: "lane_share",
    version: 2,
    columns: &[
        Column::text("lane"),
        Column::int("place"),
        Column::text("party"),
        Column::text("site"),
        Column::int("basis_points"),
        Column::text("condition"),
        Column::text("paused"),
        Column::int("active"),
        Column::text("takes"),
    ],
    key: 2,
    indexes: &[],
};

/// Who ran a lane from when on: a row for each change.
pub(crate) const LANE_VERSION: View = View {
    name: "lane_version",
    version: 1,
    columns: &[
        Column::text("lane"),
        Column::int("epoch"),
        Column::int("at"),
        Column::int("n"),
        Column::text("change"),
        Column::text("party"),
        Column::text("reason"),
        Column::text("shares"),
    ],
    key: 2,
    indexes: &[],
};

/// The most parties a lane can have; the rows of places that are free are deleted.
pub(crate) const PLACES: usize = 16;

/// The rows that change with an event.
pub(crate) fn project(
    stage: &Allocation,
    event: &Event,
    name: EventName,
    at: Micros,
) -> Vec<Change> {
    let lanes = stage.lanes.peek(&baton_journal::Key::Tenant);
    let run = |lane: &LaneId| lanes.and_then(|lanes| lanes.run(lane));
    match event {
        Event::PackDeployed { deployment, .. } => {
            let all = deployment.lanes.iter();
            let all = all.filter_map(|lane| Some(rows(&lane.id, run(&lane.id)?)));
            all.flatten().collect()
        }
        _ => {
            let changed = changed(event).and_then(|lane| Some((lane, run(lane)?)));
            changed.map_or_else(Vec::new, |(lane, run)| {
                let mut changes = rows(lane, run);
                changes.push(version(lane, run, event, name, at));
                changes
            })
        }
    }
}

/// A lane's row and those of its parties.
fn rows(lane: &LaneId, run: &Run) -> Vec<Change> {
    let row = vec![
        lane.as_str().into(),
        run.name.as_str().into(),
        run.pack.as_str().into(),
        run.party.as_str().into(),
        run.site.as_str().into(),
        run.since.0.into(),
        run.reason.as_str().into(),
        run.target.map_or(Datum::Null, |target| target.0.into()),
        i64::from(run.epoch).into(),
        in_flight(run.in_flight).into(),
    ];
    let mut changes = vec![Change::Put {
        view: LANE.name,
        row,
    }];
    let shares = run.shares();
    for (place, share) in shares.iter().enumerate() {
        let row = vec![
            lane.as_str().into(),
            (place as i64).into(),
            share.party.as_str().into(),
            share.site.as_str().into(),
            i64::from(share.basis_points).into(),
            share.when.as_deref().into(),
            run.paused(&share.party).into(),
            i64::from(run.is_active(&share.party)).into(),
            Some(&share.takes)
                .filter(|takes| !takes.is_all())
                .and_then(|takes| serde_json::to_string(takes).ok())
                .into(),
        ];
        changes.push(Change::Put {
            view: LANE_SHARE.name,
            row,
        });
    }
    changes.extend((shares.len()..PLACES).map(|place| Change::Delete {
        view: LANE_SHARE.name,
        key: vec![lane.as_str().into(), (place as i64).into()],
    }));
    changes
}

fn version(lane: &LaneId, run: &Run, event: &Event, name: EventName, at: Micros) -> Change {
    let (change, party, reason) = match event {
        Event::PartyPaused(it) => ("paused", Some(&it.party), it.reason.as_str()),
        Event::PartyResumed(it) => ("resumed", Some(&it.party), it.reason.as_str()),
        Event::LaneShared(_) => ("shared", None, run.reason.as_str()),
        _ => ("given", Some(&run.party), run.reason.as_str()),
    };
    let shares = run.shares();
    let words: Vec<String> = shares
        .iter()
        .filter(|share| run.is_active(&share.party))
        .map(|share| format!("{}={}", share.party, share.basis_points))
        .collect();
    Change::Put {
        view: LANE_VERSION.name,
        row: vec![
            lane.as_str().into(),
            i64::from(run.epoch).into(),
            at.0.into(),
            name.n.into(),
            change.into(),
            party.map(|party| party.as_str()).into(),
            reason.into(),
            words.join(" ").into(),
        ],
    }
}

/// The policy as it stands in a row.
pub(crate) fn in_flight(policy: InFlight) -> &'static str {
    match policy {
        InFlight::Finish => "finish",
        InFlight::Split => "split",
        InFlight::HandOver => "hand_over",
    }
}
