//! How many cases a party held in each lane over the last hours, counted from its hops. Nothing is kept for
//! it: a hop says when it began and ended, and that is enough.

use super::{Reader, int, text};
use baton_journal::store::StoreError;
use baton_model::{Micros, Scope, WallTime};
use std::collections::BTreeMap;

/// How far two points lie apart.
pub const STEP: WallTime = WallTime::minutes(30);
/// How many points there are; the last one is now.
pub const POINTS: usize = 17;

/// What was open at an instant.
const FIRST: &str = "select lane, 0, count(*) from hop where tenant = $1 and party = $2 \
     and from_at <= $3 and coalesce(until_at, 9223372036854775807) > $3 group by lane";

/// How many hops began before each later point, after the one before it.
const BEGAN: &str = "with own as (select lane, from_at as at from hop where tenant = $1 and party = $2 \
     and from_at > $3 and from_at <= $4) \
     select lane, (at - $3 - 1) / $5 + 1, count(*) from own group by 1, 2";

/// How many ended there.
const ENDED: &str = "with own as (select lane, until_at as at from hop where tenant = $1 and party = $2 \
     and until_at > $3 and until_at <= $4) \
     select lane, (at - $3 - 1) / $5 + 1, count(*) from own group by 1, 2";

/// The cases held at each point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The first point.
    pub since: Micros,
    /// By lane.
    pub lanes: BTreeMap<String, Vec<i64>>,
}

impl Past {
    /// The instant of a point.
    pub fn at(&self, point: usize) -> Micros {
        let steps = i64::try_from(point).unwrap_or_default();
        Micros(self.since.0 + STEP.0 * steps)
    }
}

/// The cases that the viewer's party held, by lane, at every half hour of the last eight hours.
pub fn past(reader: &Reader<'_>, scope: &Scope, now: Micros) -> Result<Past, StoreError> {
    let back = STEP.0 * i64::try_from(POINTS - 1).unwrap_or_default();
    let since = Micros(now.0 - back);
    let mut past = Past {
        since,
        ..Past::default()
    };
    let first = [scope.party.as_str().into(), since.0.into()];
    let window = [
        scope.party.as_str().into(),
        since.0.into(),
        now.0.into(),
        STEP.0.into(),
    ];
    let mut changes: BTreeMap<String, [i64; POINTS]> = BTreeMap::new();
    for (sql, parameters, sign) in [
        (FIRST, &first[..], 1),
        (BEGAN, &window[..], 1),
        (ENDED, &window[..], -1),
    ] {
        for row in reader.rows(sql, parameters)? {
            let lane = changes.entry(text(&row, 0)).or_default();
            let point = usize::try_from(int(&row, 1)).unwrap_or_default();
            if let Some(change) = lane.get_mut(point) {
                *change += sign * int(&row, 2);
            }
        }
    }
    past.lanes = changes
        .into_iter()
        .map(|(lane, changes)| (lane, summed(&changes)))
        .collect();
    Ok(past)
}

fn summed(changes: &[i64]) -> Vec<i64> {
    let mut open = 0;
    let points = changes.iter().map(|change| {
        open += change;
        open
    });
    points.collect()
}
