//! Who holds a case: every instant has one holder. It is the open hop; of several, the one that
//! finishes last; of none, the named wait. Until it is known which of several finishes last, all are
//! shown as holding it together.
//!
//! The holdings are a partition of the case's time, so their wall times add up to it exactly. Here are
//! instants only, no calendar and no party.

use baton_model::Micros;
use baton_model::calendar::Interval;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What a case waits for while no party holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// A message by this name, from a supplier or a customer.
    Message(String),
    /// A timer.
    Timer,
    /// A person who resolves an incident.
    Incident,
    /// Baton itself.
    System,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(name) => write!(f, "message {name}"),
            Self::Timer => f.write_str("timer"),
            Self::Incident => f.write_str("incident"),
            Self::System => f.write_str("system"),
        }
    }
}

/// Who holds a case over a stretch. Hops are named by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A hop.
    Hop(u32),
    /// Several hops of which none has finished.
    Together(Vec<u32>),
    /// None: the case waits.
    Wait(Wait),
}

/// A stretch of a case and its holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The holder.
    pub holder: Holder,
    /// The stretch.
    pub span: Interval,
}

/// A hop as far as holding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The hop's number.
    pub number: u32,
    /// Its arrival.
    pub from: Micros,
    /// Its leaving, unless it is open.
    pub until: Option<Micros>,
}

impl Stay {
    /// The end, for comparing: an open hop finishes after every other.
    fn end(&self) -> Micros {
        self.until.unwrap_or(Micros(i64::MAX))
    }

    fn open_at(&self, at: Micros) -> bool {
        self.from <= at && at < self.end()
    }
}

/// Divides a case's time among its holders, in order. `waits` says from which instant on the case
/// waits for what while no hop is open; before the first it waits for Baton itself.
pub fn holdings(case: Interval, stays: &[Stay], waits: &[(Micros, Wait)]) -> Vec<Holding> {
    let mut holdings: Vec<Holding> = Vec::new();
    let cuts = cuts(case, stays, waits);
    for (from, until) in cuts.iter().zip(cuts.iter().skip(1)) {
        let holder = holder(*from, stays, waits);
        match holdings.last_mut() {
            Some(last) if last.holder == holder => last.span.until = *until,
            _ => holdings.push(Holding {
                holder,
                span: Interval::new(*from, *until),
            }),
        }
    }
    holdings
}

/// The instants at which the holder may change, with both ends of the case.
fn cuts(case: Interval, stays: &[Stay], waits: &[(Micros, Wait)]) -> BTreeSet<Micros> {
    let arrivals = stays.iter().map(|stay| stay.from);
    let leavings = stays.iter().filter_map(|stay| stay.until);
    let changes = waits.iter().map(|(at, _)| *at);
    let inside = |at: &Micros| (case.from..=case.until).contains(at);
    let between = arrivals.chain(leavings).chain(changes).filter(inside);
    between.chain([case.from, case.until]).collect()
}

/// The holder at an instant. Of hops that finish at the same instant, the first to arrive holds.
fn holder(at: Micros, stays: &[Stay], waits: &[(Micros, Wait)]) -> Holder {
    let open: Vec<&Stay> = stays.iter().filter(|stay| stay.open_at(at)).collect();
    let unfinished: Vec<u32> = open
        .iter()
        .filter(|stay| stay.until.is_none())
        .map(|stay| stay.number)
        .collect();
    if unfinished.len() > 1 {
        return Holder::Together(unfinished);
    }
    let last = open
        .iter()
        .max_by_key(|stay| (stay.end(), std::cmp::Reverse((stay.from, stay.number))));
    if let Some(stay) = last {
        return Holder::Hop(stay.number);
    }
    let since = waits.iter().rfind(|(since, _)| *since <= at);
    Holder::Wait(since.map_or(Wait::System, |(_, wait)| wait.clone()))
}
