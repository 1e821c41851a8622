//! Allocation: lane → party. Today one party runs a lane; from which entry on, and why, is kept, and
//! every work item names the reason it went where it went.
//!
//! It does not pick a worker (the room `desk` does) and runs no clock. Its data comes from deployed
//! packs and `Allocate`; its answer, [`Event::ItemAllocated`], goes to `desk` and `measure`.

mod lanes;

use baton_journal::turn::Refusal;
use baton_journal::{
    Change, Column, Command, Datum, Env, Event, EventName, Key, Need, Rejection, Shelf, Slots,
    Stage, Stop, View,
};
use baton_model::{LaneId, Micros, PartyId};
pub use lanes::{Lanes, Run};

const LANE: View = View {
    name: "lane",
    version: 1,
    columns: &[
        Column::text("lane"),
        Column::text("name"),
        Column::text("pack"),
        Column::text("party"),
        Column::text("site"),
        Column::int("since"),
        Column::text("reason"),
        Column::int("target"),
    ],
    key: 1,
    indexes: &[],
};

/// The stage.
#[derive(Debug)]
pub struct Allocation {
    lanes: Slots<Lanes>,
}

impl Default for Allocation {
    fn default() -> Self {
        Self {
            lanes: Slots::new("allocation.lanes", |key| *key == Key::Tenant),
        }
    }
}

impl Stage for Allocation {
    const VIEWS: &'static [View] = &[LANE];

    fn decides(command: &Command) -> bool {
        matches!(command, Command::Allocate { .. })
    }

    fn veto(&self, command: &Command, _env: &Env<'_>) -> Result<(), Stop> {
        let Command::Deploy(deployment) = command else {
            return Ok(());
        };
        let lanes = self.lanes.get(&Key::Tenant)?;
        let taken = deployment.lanes.iter().find_map(|lane| {
            let run = lanes?.run(&lane.id)?;
            (run.pack != deployment.pack).then_some((&lane.id, &run.pack))
        });
        taken.map_or(Ok(()), |(lane, pack)| {
            Err(lane_taken(lane, pack.as_str()).into())
        })
    }

    fn decide(&self, command: &Command, _env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        let Command::Allocate {
            lane,
            party,
            reason,
        } = command
        else {
            return Ok(Vec::new());
        };
        let lanes = self.lanes.get(&Key::Tenant)?;
        let run = lanes
            .and_then(|lanes| lanes.run(lane))
            .ok_or_else(|| no_lane(lane))?;
        let site = lanes
            .and_then(|lanes| lanes.site_of(party))
            .ok_or_else(|| no_site(party))?;
        if run.party == *party {
            return Err(Rejection::new(
                Refusal::Duplicate,
                "BATON-ALLOCATION-003",
                format!("lane `{lane}` is already run by {party}"),
            )
            .into());
        }
        let (lane, party, site, reason) =
            (lane.clone(), party.clone(), site.clone(), reason.clone());
        Ok(vec![Event::LaneGiven {
            lane,
            party,
            site,
            reason,
        }])
    }

    fn react(&self, event: &Event, _env: &Env<'_>) -> Result<Vec<Event>, Need> {
        let lanes = self.lanes.get(&Key::Tenant)?;
        Ok(match event {
            Event::PackDeployed { deployment, .. } => lanes
                .map(|lanes| lanes.first_given(deployment))
                .unwrap_or_default(),
            Event::TaskReady { .. } => lanes
                .and_then(|lanes| lanes.allocate(event))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        })
    }

    fn apply(&mut self, event: &Event, _name: EventName, at: Micros) {
        self.lanes
            .upsert_if(&Key::Tenant, Lanes::concerns(event), |lanes| {
                lanes.apply(event, at)
            });
    }

    fn project(&self, event: &Event, _name: EventName, _at: Micros) -> Vec<Change> {
        let Some(lanes) = self.lanes.peek(&Key::Tenant) else {
            return Vec::new();
        };
        match event {
            Event::LaneGiven { lane, .. } => lanes
                .run(lane)
                .map(|run| row(lane, run))
                .into_iter()
                .collect(),
            Event::PackDeployed { deployment, .. } => deployment
                .lanes
                .iter()
                .filter_map(|setting| Some(row(&setting.id, lanes.run(&setting.id)?)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.lanes);
    }
}

fn row(lane: &LaneId, run: &Run) -> Change {
    let row = vec![
        lane.as_str().into(),
        run.name.as_str().into(),
        run.pack.as_str().into(),
        run.party.as_str().into(),
        run.site.as_str().into(),
        run.since.0.into(),
        run.reason.as_str().into(),
        run.target.map_or(Datum::Null, |target| target.0.into()),
    ];
    Change::Put {
        view: LANE.name,
        row,
    }
}

fn no_lane(lane: &LaneId) -> Rejection {
    let message = format!("there is no lane `{lane}`; `baton lanes` lists those that are deployed");
    Rejection::new(Refusal::Missing, "BATON-ALLOCATION-001", message)
}

fn no_site(party: &PartyId) -> Rejection {
    let message = format!("party {party} has no site here; register the party and a site first");
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-002", message)
}

fn lane_taken(lane: &LaneId, pack: &str) -> Rejection {
    let message = format!(
        "lane id `{lane}` already belongs to pack {pack}; give the lane another id in the model"
    );
    Rejection::new(Refusal::Invalid, "BATON-ALLOCATION-004", message)
}
