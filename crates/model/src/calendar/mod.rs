//! Calendars: when a party, a site or an agreement counts time, and the arithmetic on it.
//!
//! A [`CalendarSpec`] is what a pack or an agreement writes; [`Calendar`] is the same, checked;
//! [`Compiled`] answers how much working time lies between two instants and when a target is
//! reached; a [`Book`] holds the compiled calendars of a tenant by id.
//!
//! **One rule decides every change of the clocks.** An instant is open if and only if its local date
//! and time, by the zone's rules at that instant, lie in a block. So an hour that summer time skips is
//! never worked, an hour that winter time repeats is worked twice, a date that a zone skips has no
//! hours, and any division of a day into blocks divides its real length without gap or overlap.
//!
//! It does not read a clock, and it does not read the machine's zone files: the zones are those
//! compiled in, whose version [`tzdb_version`] names, so that the same journal gives the same times on
//! any machine. Next: `measure` runs clocks on it, pages draw [`Compiled::open_intervals`].

mod block;
mod book;
mod compiled;
mod error;
mod spec;
mod window;
mod zone;

pub use block::Block;
pub use book::Book;
pub use compiled::Compiled;
pub use error::CalendarError;
pub use spec::{Calendar, CalendarSpec};
pub use zone::{tzdb_version, zone, zone_names};

use crate::{Micros, WallTime};
use serde::{Deserialize, Serialize};

/// Half-open stretch of time: `from` belongs to it, `until` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    /// Its first instant.
    pub from: Micros,
    /// The first instant after it.
    pub until: Micros,
}

impl Interval {
    /// The stretch between two instants; empty if the second is not later.
    pub fn new(from: Micros, until: Micros) -> Self {
        let until = until.max(from);
        Self { from, until }
    }

    /// Its length on the wall.
    pub fn wall(&self) -> WallTime {
        self.until.since(self.from)
    }

    /// Whether nothing lies in it.
    pub fn is_empty(&self) -> bool {
        self.until <= self.from
    }

    /// What both stretches share, if anything.
    pub fn shared(&self, other: &Self) -> Option<Self> {
        let shared = Self {
            from: self.from.max(other.from),
            until: self.until.min(other.until),
        };
        (!shared.is_empty()).then_some(shared)
    }
}
