//! Instants and the two kinds of duration. Wall time and working time never mix: adding one to the
//! other does not compile.
//!
//! Nothing here knows a zone or a calendar; see [`crate::calendar`].

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// An instant: microseconds since 1970-01-01T00:00:00 UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

macro_rules! durations {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// No time at all.
            pub const ZERO: Self = Self(0);

            /// This many whole seconds.
            pub const fn seconds(n: i64) -> Self {
                Self(n * 1_000_000)
            }

            /// This many whole minutes.
            pub const fn minutes(n: i64) -> Self {
                Self::seconds(n * 60)
            }

            /// This many whole hours.
            pub const fn hours(n: i64) -> Self {
                Self::seconds(n * 3_600)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
                Self(parts.map(|part| part.0).sum())
            }
        }
    )*};
}

durations! {
    /// Elapsed time on the wall, in microseconds.
    WallTime;
    /// Elapsed time inside a calendar's open hours, in microseconds.
    WorkingTime;
}

/// The instant in UTC, as in RFC 3339; its number where no calendar has a date for it.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => instant.fmt(f),
            Err(_) => write!(f, "{} us", self.0),
        }
    }
}

impl Micros {
    /// The wall time from an earlier instant to this one.
    pub const fn since(self, earlier: Micros) -> WallTime {
        WallTime(self.0 - earlier.0)
    }

    /// The instant this much wall time later.
    pub const fn plus(self, wall: WallTime) -> Micros {
        Micros(self.0 + wall.0)
    }
}
