//! One window of a compiled calendar: its open intervals in instants, with the sums before each, so
//! that both directions (instant to working time, working time to instant) are one binary search.

use super::{Calendar, Interval};
use crate::Micros;
use jiff::Timestamp;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The open intervals of a stretch of time, apart from each other and in order.
#[derive(Debug)]
pub(super) struct Window {
    open: Vec<Interval>,
    /// The open time before each interval.
    before: Vec<i64>,
    total: i64,
}

impl Window {
    /// The window of a stretch, from the parts of it in which each version of the calendar counts.
    pub(super) fn build<'a>(parts: impl Iterator<Item = (&'a Calendar, Interval)>) -> Self {
        let mut found = Vec::new();
        for (calendar, part) in parts {
            for (piece, offset) in pieces(calendar, part) {
                collect(calendar, piece, offset, &mut found);
            }
        }
        let open = joined(found);
        let mut total = 0;
        let before = open.iter().map(|interval| {
            let before = total;
            total += interval.wall().0;
            before
        });
        let before = before.collect();
        Self {
            open,
            before,
            total,
        }
    }

    /// All open time of the window.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// Its open intervals.
    pub(super) fn open(&self) -> &[Interval] {
        &self.open
    }

    /// The open time of the window before an instant.
    pub(super) fn before(&self, at: Micros) -> i64 {
        match self.open.partition_point(|interval| interval.from < at) {
            0 => 0,
            n => {
                self.before[n - 1]
                    + at.min(self.open[n - 1].until)
                        .since(self.open[n - 1].from)
                        .0
            }
        }
    }

    /// The earliest instant before which this much open time lies; `amount` is above zero and at most
    /// the total.
    pub(super) fn reach(&self, amount: i64) -> Option<Micros> {
        let n = self.before.partition_point(|before| *before < amount);
        let n = n.checked_sub(1)?;
        Some(Micros(self.open[n].from.0 + amount - self.before[n]))
    }
}

/// A stretch cut where the zone's offset changes, with the offset of each piece in microseconds.
fn pieces(calendar: &Calendar, part: Interval) -> Vec<(Interval, i64)> {
    let (Ok(start), false) = (Timestamp::from_microsecond(part.from.0), part.is_empty()) else {
        return Vec::new();
    };
    let mut pieces = Vec::new();
    let mut from = part.from;
    let mut offset = calendar.zone.to_offset(start);
    for change in calendar.zone.following(start) {
        let at = Micros(change.timestamp().as_microsecond());
        if at >= part.until {
            break;
        }
        pieces.push((Interval::new(from, at), seconds(offset)));
        (from, offset) = (at, change.offset());
    }
    pieces.push((Interval::new(from, part.until), seconds(offset)));
    pieces
}

fn seconds(offset: jiff::tz::Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000_000
}

/// Adds the open intervals of a piece in which local time is UTC and a constant offset. Blocks may
/// end up to two days after the midnight of the day they begin on.
fn collect(calendar: &Calendar, piece: Interval, offset: i64, found: &mut Vec<Interval>) {
    let first = (piece.from.0 + offset).div_euclid(DAY) - 1;
    let last = (piece.until.0 + offset).div_euclid(DAY);
    for day in first..=last {
        for block in calendar.blocks(day) {
            let instant = |minute: u16| Micros(day * DAY + i64::from(minute) * MINUTE - offset);
            let open = Interval::new(instant(block.start), instant(block.end));
            found.extend(open.shared(&piece));
        }
    }
}

/// The intervals in order, those that touch or overlap made one.
pub(super) fn joined(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort();
    let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match joined.last_mut() {
            Some(last) if interval.from <= last.until => {
                last.until = last.until.max(interval.until)
            }
            _ => joined.push(interval),
        }
    }
    joined
}
