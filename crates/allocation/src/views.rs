//! The rows this room shows: who runs each lane, each party's part in it, and every change of it.

use crate::Allocation;
use crate::lanes::{Run, changed, planned};
use crate::plan::{Plan, STEPS, words};
use baton_journal::event::Step;
use baton_journal::setup::{InFlight, Share};
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
        Column::text("in_flight"),
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

/// The steps of each lane's last plan; step 0 has the shares of before it. `state` is `planned`, `taken`, `failed` or how the plan ended.
pub(crate) const LANE_PLAN: View = View {
    name: "lane_plan",
    version: 2,
    columns: &[
        Column::text("lane"),
        Column::int("step"),
        Column::int("at"),
        Column::text("shares"),
        Column::text("gate"),
        Column::text("state"),
        Column::text("reading"),
        Column::text("reason"),
        Column::int("n"),
    ],
    key: 2,
    indexes: &[&["state", "at"]],
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
        event if planned(event).is_some() => {
            let lane = planned(event).and_then(|lane| Some((lane, run(lane)?)));
            lane.map_or_else(Vec::new, |(lane, run)| plan_rows(lane, run, name))
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
            in_flight(run.policy(&share.party)).into(),
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
    let active = shares.iter().filter(|share| run.is_active(&share.party));
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
            shares_words(active).into(),
        ],
    }
}

/// The steps of a plan, its end among them; the rows of an older, longer plan are deleted.
fn plan_rows(lane: &LaneId, run: &Run, name: EventName) -> Vec<Change> {
    let Some(plan) = run.plan() else {
        return Vec::new();
    };
    let steps = plan.planned.steps.iter();
    let steps = steps.map(|step| (Some(step), step.at));
    let ahead = steps.chain(plan.planned.until.map(|until| (None, until)));
    let row = |number: u32, step: Option<&Step>, at: Micros| {
        let gate = step.and_then(|step| step.gate.as_ref());
        let reading = gate.zip(plan.reading(number));
        let reading = reading.map(|(gate, reading)| words(gate, reading));
        let shares = step.map_or(&plan.before, |step| &step.shares);
        let state = if number == 0 {
            "before"
        } else {
            state(plan, number)
        };
        Change::Put {
            view: LANE_PLAN.name,
            row: vec![
                lane.as_str().into(),
                i64::from(number).into(),
                at.0.into(),
                shares_words(shares.iter()).into(),
                gate.and_then(|gate| serde_json::to_string(gate).ok())
                    .into(),
                state.into(),
                reading.into(),
                plan.planned.reason.as_str().into(),
                name.n.into(),
            ],
        }
    };
    let mut changes: Vec<Change> = (1_u32..)
        .zip(ahead)
        .map(|(number, (step, at))| row(number, step, at))
        .collect();
    changes.extend((changes.len() + 1..=STEPS + 1).map(|step| Change::Delete {
        view: LANE_PLAN.name,
        key: vec![lane.as_str().into(), (step as i64).into()],
    }));
    changes.push(row(0, None, Micros(0)));
    changes
}

fn state(plan: &Plan, step: u32) -> &str {
    if step <= plan.taken {
        return "taken";
    }
    let failed = plan
        .failed
        .as_ref()
        .is_some_and(|(failed, _)| *failed == step);
    match &plan.ended {
        _ if failed => "failed",
        Some(how) => how,
        None => "planned",
    }
}

fn shares_words<'a>(shares: impl Iterator<Item = &'a Share>) -> String {
    let words: Vec<String> = shares
        .map(|share| format!("{}={}", share.party, share.basis_points))
        .collect();
    words.join(" ")
}

/// The policy as it stands in a row.
pub(crate) fn in_flight(policy: InFlight) -> &'static str {
    match policy {
        InFlight::Finish => "finish",
        InFlight::Split => "split",
        InFlight::HandOver => "hand_over",
    }
}
