//! Plans of lanes: what is to come, and taking the steps that are due. What a gate measures is read here from
//! finished hops; whether it holds is `allocation`'s to decide, and stands in the journal with the numbers.

use crate::views::{Reader, int, maybe, text};
use crate::{App, Failure};
use baton_journal::command::TakeStep;
use baton_journal::event::{Gate, GateMeasure, Reading};
use baton_journal::store::StoreError;
use baton_journal::{Actor, Command};
use baton_model::{LaneId, Micros, PartyId, TenantId, WallTime};

const STEPS: &str = "select step, at, shares, gate, state, reading, reason, n from lane_plan \
     where tenant = $1 and lane = $2 and step > 0 order by step";

/// The shares of before the plan.
const BEFORE: &str = "select shares from lane_plan where tenant = $1 and lane = $2 and step = 0";

/// The next step of each plan, where it is due.
const DUE: &str = "select p.lane, p.step, p.gate, p.n from lane_plan p where p.tenant = $1 \
     and p.state = 'planned' and p.at <= $2 and not exists (select 1 from lane_plan o \
       where o.tenant = p.tenant and o.lane = p.lane and o.state = 'planned' and o.step < p.step) \
     order by p.lane";

const ON_TIME: &str = "select count(*), count(case when h.due_at is null or h.until_at <= h.due_at \
     then 1 end) from hop h where h.tenant = $1 and h.lane = $2 and h.party = $3 and h.until_at >= $4";

const RETURNED: &str = "select count(*), count(case when exists (select 1 from hop o \
       where o.tenant = h.tenant and o.case_id = h.case_id and o.lane = h.lane and o.number > h.number) \
     then 1 end) from hop h where h.tenant = $1 and h.lane = $2 and h.party = $3 and h.until_at >= $4";

/// A step of a lane's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its number, from 1.
    pub step: u32,
    /// When it is taken.
    pub at: Micros,
    /// The shares from then on.
    pub shares: Vec<(PartyId, u32)>,
    /// What must hold before.
    pub gate: Option<Gate>,
    /// `planned`, `taken`, `failed`, or how the plan ended before it came to it.
    pub state: String,
    /// What was measured for the gate when the step was taken or failed, in words.
    pub reading: Option<String>,
    /// Why all this.
    pub reason: String,
    /// The entry that last changed it.
    pub n: i64,
}

/// The steps of a lane's last plan.
pub fn steps(reader: &Reader<'_>, lane: &LaneId) -> Result<Vec<Planned>, StoreError> {
    let rows = reader.rows(STEPS, &[lane.as_str().into()])?;
    Ok(rows
        .iter()
        .map(|row| Planned {
            step: u32::try_from(int(row, 0)).unwrap_or_default(),
            at: Micros(int(row, 1)),
            shares: crate::lanes::shares(&text(row, 2)),
            gate: maybe(row, 3).and_then(|json| serde_json::from_str(&json).ok()),
            state: text(row, 4),
            reading: maybe(row, 5),
            reason: text(row, 6),
            n: int(row, 7),
        })
        .collect())
}

/// Who got new cases before a lane's last plan.
pub fn before(reader: &Reader<'_>, lane: &LaneId) -> Result<Vec<(PartyId, u32)>, StoreError> {
    let rows = reader.rows(BEFORE, &[lane.as_str().into()])?;
    let shares = rows.first().map(|row| crate::lanes::shares(&text(row, 0)));
    Ok(shares.unwrap_or_default())
}

/// The same for the terminal of whoever runs Baton.
pub fn all(app: &App, tenant: &TenantId, lane: &LaneId) -> Result<Vec<Planned>, StoreError> {
    steps(&Reader::shell(app, tenant), lane)
}

/// What a gate measures now.
pub fn measure(
    reader: &Reader<'_>,
    lane: &LaneId,
    gate: &Gate,
    now: Micros,
) -> Result<Reading, StoreError> {
    let since = Micros(now.0 - WallTime::hours(24).0 * i64::from(gate.days));
    let sql = match gate.measure {
        GateMeasure::OnTime => ON_TIME,
        GateMeasure::Returned => RETURNED,
    };
    let parameters = [
        lane.as_str().into(),
        gate.party.as_str().into(),
        since.0.into(),
    ];
    let rows = reader.rows(sql, &parameters)?;
    let count = |column| {
        let count = rows.first().map(|row| int(row, column)).unwrap_or_default();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Ok(Reading {
        hops: count(0),
        counted: count(1),
        since,
    })
}

/// Takes the steps that are due, one of each lane; how many were taken or went back. A step whose gate has
/// too few hops yet waits for the next tick.
pub(crate) fn take(app: &App, tenant: &TenantId) -> Result<usize, Failure> {
    let store = |error: StoreError| Failure::Store(error.to_string());
    let (reader, now) = (Reader::shell(app, tenant), app.now());
    let mut taken = 0;
    for row in reader.rows(DUE, &[now.0.into()]).map_err(store)? {
        let lane = LaneId::new(text(&row, 0));
        let step = u32::try_from(int(&row, 1)).unwrap_or_default();
        let gate = maybe(&row, 2).and_then(|json| serde_json::from_str::<Gate>(&json).ok());
        let reading = gate
            .as_ref()
            .map(|gate| measure(&reader, &lane, gate, now))
            .transpose()
            .map_err(store)?;
        let few = gate
            .zip(reading.clone())
            .is_some_and(|(gate, reading)| reading.hops < gate.hops);
        if few {
            continue;
        }
        let cause = format!("ramp:{lane}:{step}:{}", int(&row, 3));
        let command = Command::TakeStep(TakeStep {
            lane,
            step,
            reading,
        });
        match app.submit_now(tenant, Actor::System, &cause, command) {
            Ok(_) => taken += 1,
            Err(failure) if failure.rejection().is_some() => {
                tracing::warn!(%failure, "a planned step of a lane was not taken; the next tick tries again");
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(taken)
}
