//! What can be wrong with a calendar as it is written. Time arithmetic itself cannot fail.

use thiserror::Error;

/// Why a calendar was refused. The codes are stable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The zone is not in the time-zone database.
    #[error(
        "BATON-CAL-001: calendar `{calendar}`: `{zone}` is no IANA zone of release {release}; {hint}"
    )]
    Zone {
        /// The calendar's id.
        calendar: String,
        /// The name as written.
        zone: String,
        /// The release of the zones compiled in.
        release: String,
        /// What to write instead.
        hint: String,
    },
    /// A key of `week` is no day.
    #[error(
        "BATON-CAL-002: calendar `{calendar}`: `{day}` is no day; write mon, tue, wed, thu, fri, sat or sun, or a range like mon-fri"
    )]
    Day {
        /// The calendar's id.
        calendar: String,
        /// The key as written.
        day: String,
    },
    /// A block is not written as `09:00-17:00`.
    #[error(
        "BATON-CAL-003: calendar `{calendar}`, {day}: `{block}` is no block of hours; write start and end like 09:00-17:00, 22:00-06:00 for a shift past midnight, 00:00-24:00 for a whole day"
    )]
    Block {
        /// The calendar's id.
        calendar: String,
        /// The day or date.
        day: String,
        /// The block as written.
        block: String,
    },
    /// Two blocks of one day overlap.
    #[error(
        "BATON-CAL-004: calendar `{calendar}`, {day}: {first} and {second} overlap; write one block for both"
    )]
    Overlap {
        /// The calendar's id.
        calendar: String,
        /// The day or date.
        day: String,
        /// The earlier block.
        first: String,
        /// The later block.
        second: String,
    },
    /// A date is not written as `2026-11-11`.
    #[error(
        "BATON-CAL-005: calendar `{calendar}`: `{date}` is no date; write year, month and day like 2026-11-11"
    )]
    Date {
        /// The calendar's id.
        calendar: String,
        /// The date as written.
        date: String,
    },
    /// A date, or a day of the week, is given twice.
    #[error(
        "BATON-CAL-006: calendar `{calendar}`: {day} is given twice; keep one, as a special day's hours replace the week's and a holiday has none"
    )]
    Twice {
        /// The calendar's id.
        calendar: String,
        /// The day or date.
        day: String,
    },
    /// The calendar has no open hour.
    #[error(
        "BATON-CAL-007: calendar `{calendar}` never opens; give `week` at least one block, or set always = true for 24x7"
    )]
    NeverOpen {
        /// The calendar's id.
        calendar: String,
    },
    /// A calendar that is always open also has hours.
    #[error(
        "BATON-CAL-008: calendar `{calendar}` is always open and has a week too; remove one of them"
    )]
    AlwaysAndWeek {
        /// The calendar's id.
        calendar: String,
    },
    /// Two versions of a calendar begin on the same instant.
    #[error(
        "BATON-CAL-009: calendar `{calendar}` has two versions that begin at the same time; give each its own `from` date"
    )]
    SameStart {
        /// The calendar's id.
        calendar: String,
    },
}

impl CalendarError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Zone { .. } => "BATON-CAL-001",
            Self::Day { .. } => "BATON-CAL-002",
            Self::Block { .. } => "BATON-CAL-003",
            Self::Overlap { .. } => "BATON-CAL-004",
            Self::Date { .. } => "BATON-CAL-005",
            Self::Twice { .. } => "BATON-CAL-006",
            Self::NeverOpen { .. } => "BATON-CAL-007",
            Self::AlwaysAndWeek { .. } => "BATON-CAL-008",
            Self::SameStart { .. } => "BATON-CAL-009",
        }
    }
}
