//! A month of a zone's calendar, like `2026-11`: the period of scorecards and statements.
//!
//! It holds no instant; where it begins depends on the zone it is asked for.

use crate::Micros;
use crate::calendar::Interval;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of a text like `2026-11`; nothing where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let plain = year.len() == 4 && month.len() == 2;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        let sound = plain && (1970..2200).contains(&year) && (1..=12).contains(&month);
        sound.then_some(Self { year, month })
    }

    /// The month in which an instant lies in a zone.
    pub fn of(at: Micros, zone: &str) -> Self {
        let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
        let local = instant.to_zoned(named(zone)).date();
        let (year, month) = (local.year(), local.month());
        Self { year, month }
    }

    /// From its first instant in a zone to the first instant of the next.
    pub fn span(self, zone: &str) -> Interval {
        Interval::new(self.start(zone), self.next().start(zone))
    }

    /// The month after.
    pub fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                month: month + 1,
                ..self
            },
        }
    }

    /// The month before.
    pub fn before(self) -> Self {
        match self.month {
            1 => Self {
                year: self.year - 1,
                month: 12,
            },
            month => Self {
                month: month - 1,
                ..self
            },
        }
    }

    /// Its name and year, like `November 2026`.
    pub fn words(self) -> String {
        self.first()
            .map_or_else(|| self.to_string(), |day| day.strftime("%B %Y").to_string())
    }

    fn first(self) -> Option<Date> {
        Date::new(self.year, self.month, 1).ok()
    }

    fn start(self, zone: &str) -> Micros {
        let midnight = self.first().and_then(|day| day.to_zoned(named(zone)).ok());
        midnight.map_or(Micros(0), |at| Micros(at.timestamp().as_microsecond()))
    }
}

/// The first instant of a date like `2026-11-01` in a zone; nothing where it is no date.
pub fn day_start(date: &str, zone: &str) -> Option<Micros> {
    let day: Date = date.parse().ok()?;
    let midnight = day.to_zoned(named(zone)).ok()?;
    Some(Micros(midnight.timestamp().as_microsecond()))
}

/// The zone of the release compiled in; UTC for a name it does not know, which is refused before.
fn named(zone: &str) -> TimeZone {
    TimeZoneDatabase::bundled()
        .get(zone)
        .unwrap_or(TimeZone::UTC)
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no month")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_midnight_of_its_zone() {
        let month = Month::parse("2026-11").unwrap();
        let span = month.span("Europe/Berlin");
        assert_eq!(span.from.to_string(), "2026-10-31T23:00:00Z");
        assert_eq!(span.until.to_string(), "2026-11-30T23:00:00Z");
        assert_eq!(Month::of(span.from, "Europe/Berlin"), month);
        assert_eq!(Month::of(span.from, "UTC"), month.before());
        assert_eq!(Month::of(span.until, "Europe/Berlin"), month.next());
        assert_eq!(month.words(), "November 2026");
    }

    #[test]
    fn the_year_turns() {
        let december = Month::parse("2026-12").unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().before(), december);
    }

    #[test]
    fn other_texts_are_no_months() {
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "26-11",
            "2026-1",
            "2026-11-01",
            "-026-11",
        ] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
