//! Who runs which lane, as pages and the program show and change it; and the hand-over of open work
//! items after a change, in slices.
//!
//! The rules are `allocation`'s. A hand-over that a crash cut short goes on with the next tick: what is
//! left to do is read from the views.

use crate::views::{Reader, int, map, maybe, text};
use crate::{App, Failure};
pub use baton_journal::setup::{InFlight, Share, Takes};
use baton_journal::store::{Row, StoreError};
use baton_journal::turn::Refusal;
use baton_journal::{Actor, Command};
use baton_model::{CaseId, LaneId, Micros, PartyId, Scope, SiteId, TenantId, WorkItemId};
use std::collections::BTreeMap;

/// How many items are handed over in one command.
const SLICE: i64 = 100;

const PARTS: &str = "select s.lane, s.party, s.site, s.basis_points, s.condition, s.paused, s.active, \
     (select count(*) from work_item w where w.tenant = s.tenant and w.lane = s.lane \
       and w.party = s.party), \
     (select count(*) from work_item w where w.tenant = s.tenant and w.lane = s.lane \
       and w.party = s.party and w.state = 'assigned'), s.takes \
     from lane_share s where s.tenant = $1 order by s.lane, s.place";

const LANES: &str = "select lane, name, pack, epoch, in_flight, since, reason from lane \
     where tenant = $1 order by lane";

const VERSIONS: &str = "select epoch, at, n, change, party, reason, shares from lane_version \
     where tenant = $1 and lane = $2 order by epoch desc limit 50";

const WORKERS: &str = "select d.lane, w.party, count(*) from worker_lane d \
     join worker w on w.tenant = d.tenant and w.worker = d.worker \
     where d.tenant = $1 group by d.lane, w.party";

const HOMES: &str = "select party, min(site) from site where tenant = $1 group by party";

const SITES: &str = "select site from site where tenant = $1 and party = $2 order by site";

/// The parties that stopped in a lane, do not finish there, and still hold work items.
const STOPPED: &str = "select l.lane, p.party from lane l join party p on p.tenant = l.tenant \
     where l.tenant = $1 and coalesce((select own.in_flight from lane_share own \
       where own.tenant = l.tenant and own.lane = l.lane and own.party = p.party), l.in_flight) \
       <> 'finish' and not exists (select 1 from lane_share o \
       where o.tenant = l.tenant and o.lane = l.lane and o.party = p.party and o.active = 1) \
     and exists (select 1 from work_item w where w.tenant = l.tenant and w.lane = l.lane \
       and w.party = p.party) order by l.lane, p.party";

/// What such a party gives away.
const LEAVING: &str = "select w.case_id, w.item from work_item w \
     join lane l on l.tenant = w.tenant and l.lane = w.lane \
     where w.tenant = $1 and w.party = $2 and w.lane = $3 \
       and (w.state <> 'assigned' or coalesce((select own.in_flight from lane_share own \
         where own.tenant = l.tenant and own.lane = l.lane and own.party = w.party), l.in_flight) \
         = 'hand_over') \
     order by w.since, w.item limit $4";

/// A lane and its parties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneNow {
    /// The lane.
    pub id: LaneId,
    /// Its name.
    pub name: String,
    /// The pack whose lane it is.
    pub pack: String,
    /// Its version.
    pub epoch: u32,
    /// What becomes of the open items of a party that stops.
    pub in_flight: InFlight,
    /// Since when its shares are what they are.
    pub since: Micros,
    /// Why.
    pub reason: String,
    /// Its parties.
    pub parts: Vec<Part>,
    /// The first site of every party of the tenant.
    pub homes: BTreeMap<PartyId, SiteId>,
    /// How many workers of each party do the lane.
    pub workers: BTreeMap<PartyId, i64>,
}

/// A party's part in a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The share.
    pub share: Share,
    /// Why it is paused, if it is.
    pub paused: Option<String>,
    /// Whether it gets new cases now.
    pub active: bool,
    /// Its open work items.
    pub open: i64,
    /// How many of them somebody works on.
    pub started: i64,
}

/// A change of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The lane's version it made.
    pub epoch: i64,
    /// When.
    pub at: Micros,
    /// The entry.
    pub n: i64,
    /// What changed: `given`, `shared`, `paused`, `resumed`.
    pub change: String,
    /// Of which party, where it was one's.
    pub party: Option<PartyId>,
    /// Why.
    pub reason: String,
    /// Who got new cases from then on, with their shares in hundredths of a percent.
    pub shares: Vec<(PartyId, u32)>,
}

/// The lanes in sight with the parties in sight, in the order of their processes: for a provider those it
/// has a part in, and of them only its own part.
pub fn lanes(reader: &Reader<'_>, scope: &Scope) -> Result<Vec<LaneNow>, StoreError> {
    let mut lanes = every(reader)?;
    if !scope.client {
        for lane in &mut lanes {
            lane.parts.retain(|part| part.share.party == scope.party);
            lane.homes.retain(|party, _| *party == scope.party);
            lane.workers.retain(|party, _| *party == scope.party);
        }
        lanes.retain(|lane| !lane.parts.is_empty());
    }
    Ok(lanes)
}

/// All lanes of a tenant, for the terminal of whoever runs Baton.
pub fn all(app: &App, tenant: &TenantId) -> Result<Vec<LaneNow>, StoreError> {
    every(&Reader::shell(app, tenant))
}

fn every(reader: &Reader<'_>) -> Result<Vec<LaneNow>, StoreError> {
    let parts = reader.rows(PARTS, &[])?;
    let of = |lane: &str| {
        let own = parts.iter().filter(|row| text(row, 0) == lane);
        own.map(|row| part(row)).collect()
    };
    let sites = reader.rows(HOMES, &[])?;
    let home = |row: &Row| (PartyId::new(text(row, 0)), SiteId::new(text(row, 1)));
    let homes: BTreeMap<PartyId, SiteId> = sites.iter().map(home).collect();
    let people = reader.rows(WORKERS, &[])?;
    let who = |lane: &str| {
        let own = people.iter().filter(|row| text(row, 0) == lane);
        own.map(|row| (PartyId::new(text(row, 1)), int(row, 2)))
            .collect()
    };
    let rows = reader.rows(LANES, &[])?;
    let order = map::order(reader)?;
    let place = |lane: &LaneNow| order.iter().position(|id| id == lane.id.as_str());
    let mut lanes: Vec<LaneNow> = rows
        .iter()
        .map(|row| LaneNow {
            id: LaneId::new(text(row, 0)),
            name: text(row, 1),
            pack: text(row, 2),
            epoch: u32::try_from(int(row, 3)).unwrap_or_default(),
            in_flight: policy(&text(row, 4)).unwrap_or_default(),
            since: Micros(int(row, 5)),
            reason: text(row, 6),
            parts: of(&text(row, 0)),
            homes: homes.clone(),
            workers: who(&text(row, 0)),
        })
        .collect();
    lanes.sort_by_key(|lane| (lane.pack.clone(), place(lane).unwrap_or(usize::MAX)));
    Ok(lanes)
}

fn part(row: &[baton_journal::Datum]) -> Part {
    Part {
        share: Share {
            party: PartyId::new(text(row, 1)),
            site: SiteId::new(text(row, 2)),
            basis_points: u32::try_from(int(row, 3)).unwrap_or_default(),
            when: maybe(row, 4),
            takes: maybe(row, 9)
                .and_then(|json| serde_json::from_str(&json).ok())
                .unwrap_or_default(),
        },
        paused: maybe(row, 5),
        active: int(row, 6) == 1,
        open: int(row, 7),
        started: int(row, 8),
    }
}

/// The last changes of a lane, the newest first.
pub fn versions(app: &App, tenant: &TenantId, lane: &LaneId) -> Result<Vec<Version>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(VERSIONS, &[lane.as_str().into()])?;
    Ok(rows
        .iter()
        .map(|row| Version {
            epoch: int(row, 0),
            at: Micros(int(row, 1)),
            n: int(row, 2),
            change: text(row, 3),
            party: maybe(row, 4).map(PartyId::new),
            reason: text(row, 5),
            shares: shares(&text(row, 6)),
        })
        .collect())
}

/// Shares as they stand in a row, like `KS=7000 TO=3000`.
pub(crate) fn shares(words: &str) -> Vec<(PartyId, u32)> {
    let shares = words.split(' ').filter_map(|share| {
        let (party, points) = share.split_once('=')?;
        Some((PartyId::new(party), points.parse().ok()?))
    });
    shares.collect()
}

/// The first site of a party, if it has one.
pub fn site_of(
    app: &App,
    tenant: &TenantId,
    party: &PartyId,
) -> Result<Option<SiteId>, StoreError> {
    let rows = Reader::shell(app, tenant).rows(SITES, &[party.as_str().into()])?;
    Ok(rows.first().map(|row| SiteId::new(text(row, 0))))
}

/// The policy by its word: `finish`, `split`, `hand_over`.
pub fn policy(word: &str) -> Option<InFlight> {
    match word {
        "finish" => Some(InFlight::Finish),
        "split" => Some(InFlight::Split),
        "hand_over" => Some(InFlight::HandOver),
        _ => None,
    }
}

/// Hands over what parties that stopped still hold and do not finish; how many items went.
pub fn hand_over(app: &App, tenant: &TenantId) -> Result<usize, Failure> {
    let store = |error: StoreError| Failure::Store(error.to_string());
    let stopped = Reader::shell(app, tenant)
        .rows(STOPPED, &[])
        .map_err(store)?;
    stopped.iter().try_fold(0, |all, row| {
        let (lane, party) = (LaneId::new(text(row, 0)), PartyId::new(text(row, 1)));
        Ok(all + empty(app, tenant, &lane, &party)?)
    })
}

/// Empties a party's queue of a lane, slice by slice.
fn empty(app: &App, tenant: &TenantId, lane: &LaneId, party: &PartyId) -> Result<usize, Failure> {
    let parameters = [party.as_str().into(), lane.as_str().into(), SLICE.into()];
    let mut all = 0;
    loop {
        let rows = Reader::shell(app, tenant)
            .rows(LEAVING, &parameters)
            .map_err(|error| Failure::Store(error.to_string()))?;
        if rows.is_empty() {
            return Ok(all);
        }
        let items = rows
            .iter()
            .map(|row| (CaseId::new(text(row, 0)), WorkItemId::new(text(row, 1))))
            .collect();
        let lane = lane.clone();
        let command = Command::HandOver { lane, items };
        match app.submit_now(
            tenant,
            Actor::System,
            &app.fresh_cause("hand-over"),
            command,
        ) {
            Ok(receipt) => all += moved(&receipt),
            // Another program was faster, or nobody takes these cases; the next tick looks again.
            Err(failure) if failure.is(Refusal::Duplicate) => return Ok(all),
            Err(failure) => return Err(failure),
        }
    }
}

fn moved(receipt: &crate::Receipt) -> usize {
    let events = receipt.events.iter();
    events
        .filter(|event| matches!(event, baton_journal::Event::ItemAllocated { .. }))
        .count()
}
