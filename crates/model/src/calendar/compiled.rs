//! A calendar ready for arithmetic: windows of 366 days with prefix sums, each made when first asked
//! for and kept. Asking is a binary search in a window; a span over several windows adds their totals.
//!
//! The cache is inside the value and holds nothing but what the calendar says: two threads that ask
//! at once get the same answer.

use super::window::{Window, joined};
use super::{Calendar, CalendarError, Interval};
use crate::{CalendarId, Micros, WorkingTime};
use std::sync::OnceLock;

/// The length of a window.
const WINDOW: i64 = 366 * 86_400 * 1_000_000;
/// Windows from 1970; the last ends in the year 2200. Time outside them is closed.
const WINDOWS: i64 = 230;
/// The first instant that no window covers.
const HORIZON: Micros = Micros(WINDOW * WINDOWS);

/// A calendar with its versions, ready for arithmetic.
#[derive(Debug)]
pub struct Compiled {
    id: CalendarId,
    /// Each version with the stretch in which it counts, in order.
    versions: Vec<(Calendar, Interval)>,
    windows: Box<[OnceLock<Window>]>,
}

impl Compiled {
    /// A calendar of one version, which counts at all times.
    pub fn new(calendar: Calendar) -> Self {
        let whole = Interval::new(Micros(0), HORIZON);
        Self::of(calendar.id.clone(), vec![(calendar, whole)])
    }

    /// A calendar of several versions. Each counts from its `from` date until the next begins, the
    /// earliest from ever; so a change never touches the time before it.
    ///
    /// # Errors
    /// [`CalendarError::SameStart`] if two versions begin together, [`CalendarError::NeverOpen`] if
    /// there is no version.
    pub fn versions(id: CalendarId, versions: Vec<Calendar>) -> Result<Self, CalendarError> {
        let mut starts: Vec<Micros> = versions.iter().map(Calendar::effective).collect();
        starts.sort();
        if starts.windows(2).any(|two| two[0] == two[1]) {
            let calendar = id.to_string();
            return Err(CalendarError::SameStart { calendar });
        }
        let dated = versions.into_iter();
        Self::dated(
            id,
            dated
                .map(|version| (version.effective(), version))
                .collect(),
        )
    }

    /// A calendar of versions that count from given instants; of those that begin together the last
    /// in order counts.
    ///
    /// # Errors
    /// [`CalendarError::NeverOpen`] if there is no version.
    pub fn dated(
        id: CalendarId,
        mut versions: Vec<(Micros, Calendar)>,
    ) -> Result<Self, CalendarError> {
        versions.sort_by_key(|(start, _)| *start);
        match versions.first_mut() {
            Some(first) => first.0 = Micros(0),
            None => {
                let calendar = id.to_string();
                return Err(CalendarError::NeverOpen { calendar });
            }
        }
        let mut until = HORIZON;
        let mut stretches = Vec::new();
        for (start, version) in versions.into_iter().rev() {
            let start = clamped(start);
            if start < until {
                stretches.insert(0, (version, Interval::new(start, until)));
                until = start;
            }
        }
        Ok(Self::of(id, stretches))
    }

    fn of(id: CalendarId, versions: Vec<(Calendar, Interval)>) -> Self {
        let windows = (0..WINDOWS).map(|_| OnceLock::new()).collect();
        Self {
            id,
            versions,
            windows,
        }
    }

    /// The calendar's id.
    pub fn id(&self) -> &CalendarId {
        &self.id
    }

    /// The IANA name of the zone in which the version at an instant counts.
    pub fn zone_name(&self, at: Micros) -> &str {
        self.version(at).zone.iana_name().unwrap_or("UTC")
    }

    /// The version that counts at an instant.
    pub fn version(&self, at: Micros) -> &Calendar {
        let later = self.versions.iter().skip(1);
        let since = later.take_while(|(_, stretch)| stretch.from <= at).count();
        &self.versions[since].0
    }

    /// The working time between two instants; none if the second is not later.
    pub fn elapsed(&self, from: Micros, to: Micros) -> WorkingTime {
        let (from, to) = (clamped(from), clamped(to));
        if to <= from {
            return WorkingTime::ZERO;
        }
        let (first, last) = (index(from), index(to));
        let whole: i64 = (first..last).map(|n| self.window(n).total()).sum();
        WorkingTime(whole + self.window(last).before(to) - self.window(first).before(from))
    }

    /// The earliest instant whose elapsed working time since `start` is `target`: the end of a block
    /// rather than the start of the next, and `start` itself for a target of nothing. None if the
    /// calendar has not that much left before the year 2200.
    pub fn due(&self, start: Micros, target: WorkingTime) -> Option<Micros> {
        if target <= WorkingTime::ZERO {
            return Some(start);
        }
        let start = clamped(start);
        let first = index(start);
        let mut amount = self.window(first).before(start).checked_add(target.0)?;
        for n in first..WINDOWS {
            let window = self.window(n);
            if amount <= window.total() {
                return window.reach(amount);
            }
            amount -= window.total();
        }
        None
    }

    /// The open stretches between two instants, in order, cut at both ends.
    pub fn open_intervals(&self, from: Micros, to: Micros) -> Vec<Interval> {
        let asked = Interval::new(clamped(from), clamped(to));
        let windows = (index(asked.from)..=index(asked.until)).map(|n| self.window(n));
        let open = windows.flat_map(|window| {
            let first = window
                .open()
                .partition_point(|open| open.until <= asked.from);
            let rest = window.open()[first..].iter();
            rest.take_while(|open| open.from < asked.until)
        });
        joined(open.filter_map(|open| open.shared(&asked)).collect())
    }

    /// The stretches between two instants in which this calendar and another are both open.
    pub fn overlap(&self, other: &Self, from: Micros, to: Micros) -> Vec<Interval> {
        let ours = self.open_intervals(from, to);
        let theirs = other.open_intervals(from, to);
        let (mut i, mut j, mut both) = (0, 0, Vec::new());
        while i < ours.len() && j < theirs.len() {
            both.extend(ours[i].shared(&theirs[j]));
            if ours[i].until <= theirs[j].until {
                i += 1;
            } else {
                j += 1;
            }
        }
        both
    }

    /// Whether the calendar is open at an instant.
    pub fn is_open(&self, at: Micros) -> bool {
        self.elapsed(at, Micros(at.0.saturating_add(1))) > WorkingTime::ZERO
    }

    fn window(&self, n: i64) -> &Window {
        self.windows[n as usize].get_or_init(|| {
            let stretch = Interval::new(Micros(n * WINDOW), Micros((n + 1) * WINDOW));
            let parts = self
                .versions
                .iter()
                .filter_map(|(calendar, counts)| Some((calendar, counts.shared(&stretch)?)));
            Window::build(parts)
        })
    }
}

fn clamped(at: Micros) -> Micros {
    at.clamp(Micros(0), Micros(HORIZON.0 - 1))
}

fn index(at: Micros) -> i64 {
    at.0 / WINDOW
}
