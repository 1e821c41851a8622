//! Times in words, as the strip and the pages write them: `2 h 56`, `−1 h 12`, `Fri 08:35`.
//!
//! It reads no clock; the zone is the viewer's and comes as an argument.

use baton_model::Micros;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A duration in microseconds as hours and minutes, rounded down, with a true minus sign.
pub fn hours(micros: i64) -> String {
    let minutes = micros.unsigned_abs() / 60_000_000;
    let sign = if micros < 0 { "−" } else { "" };
    format!("{sign}{} h {:02}", minutes / 60, minutes % 60)
}

/// A short duration: `4 min` under an hour, else hours and minutes, days from four of them on.
pub(crate) fn brief(micros: i64) -> String {
    match micros / 60_000_000 {
        minutes @ 0..60 => format!("{minutes} min"),
        minutes @ 0..5_760 => format!("{} h {:02}", minutes / 60, minutes % 60),
        minutes => format!("{} d {} h", minutes / 1_440, minutes / 60 % 24),
    }
}

pub(crate) fn local(at: Micros, zone: &TimeZone) -> Zoned {
    Timestamp::from_microsecond(at.0)
        .unwrap_or_default()
        .to_zoned(zone.clone())
}

/// A day and time near now: `Fri 08:35`.
pub fn moment(at: Micros, zone: &TimeZone) -> String {
    local(at, zone).strftime("%a %H:%M").to_string()
}

/// A day: `Thu 19 Nov`.
pub fn day(at: Micros, zone: &TimeZone) -> String {
    local(at, zone).strftime("%a %-d %b").to_string()
}

/// A full instant with its zone's abbreviation: `19 Nov 2026 14:37 CET`.
pub fn exact(at: Micros, zone: &TimeZone) -> String {
    local(at, zone).strftime("%-d %b %Y %H:%M %Z").to_string()
}

/// A time of day: `14:37`.
pub(crate) fn clock(at: Micros, zone: &TimeZone) -> String {
    local(at, zone).strftime("%H:%M").to_string()
}

/// Text safe inside an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_say_hours_and_minutes() {
        assert_eq!(hours(14_280_000_000), "3 h 58");
        assert_eq!(hours(-480_000_000), "−0 h 08");
        assert_eq!(brief(240_000_000), "4 min");
        assert_eq!(brief(6 * 86_400_000_000), "6 d 0 h");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            escape("<a b='c' d=\"&\">"),
            "&lt;a b=&#39;c&#39; d=&quot;&amp;&quot;&gt;"
        );
    }
}
