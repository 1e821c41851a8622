//! ISO 8601 as process models write it: durations, instants, repetitions.

use baton_model::{Micros, WallTime, WorkingTime};

const DAY: i64 = 24 * 3_600 * 1_000_000;

/// A duration of days, hours, minutes and seconds, like `P1DT2H`; a day is 24 hours of wall time.
pub fn duration(text: &str) -> Option<WallTime> {
    if !text.trim().starts_with('P') {
        return None;
    }
    let span: jiff::Span = text.trim().parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let clock = span.weeks(0).days(0).total(jiff::Unit::Microsecond).ok()?;
    let total = days.checked_mul(DAY)?.checked_add(clock as i64)?;
    (total >= 0).then_some(WallTime(total))
}

/// A working time of hours, minutes and seconds, like `PT8H`. Days have no fixed length on a calendar
/// and are refused.
pub fn working_time(text: &str) -> Option<WorkingTime> {
    let span: jiff::Span = text.trim().parse().ok()?;
    if span.get_days() != 0 || span.get_weeks() != 0 {
        return None;
    }
    duration(text).map(|wall| WorkingTime(wall.0))
}

/// An instant: with an offset or `Z`, or a date or time in UTC.
pub(crate) fn instant(text: &str) -> Option<Micros> {
    let text = text.trim();
    let stamp = text.parse::<jiff::Timestamp>().ok();
    let stamp = stamp.or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    stamp.map(|stamp| Micros(stamp.as_microsecond()))
}

/// A repetition: how often at most, and the time between, like `R3/PT10M`.
pub(crate) fn cycle(text: &str) -> Option<(Option<u32>, WallTime)> {
    let (often, every) = text.trim().strip_prefix('R')?.split_once('/')?;
    let often = if often.is_empty() {
        None
    } else {
        Some(often.parse().ok()?)
    };
    Some((often, duration(every)?))
}
