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

/// A full instant with its zone in words: `19 Nov 2026 14:37 Manila, UTC+8`. Abbreviations of zones are
/// not used: `PST` is Manila's and Los Angeles'.
pub fn exact(at: Micros, zone: &TimeZone) -> String {
    let at = local(at, zone);
    format!("{} {}", at.strftime("%-d %b %Y %H:%M"), zone_words(&at))
}

/// A zone's place and its offset at an instant: `Manila, UTC+8`; `UTC` for itself.
fn zone_words(at: &Zoned) -> String {
    let minutes = at.offset().seconds() / 60;
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let sign = if minutes < 0 { '−' } else { '+' };
    let offset = match (hours, rest) {
        (0, 0) => "UTC".to_string(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    };
    let name = at.time_zone().iana_name().unwrap_or_default();
    match name.rsplit_once('/') {
        Some((area, place)) if area != "Etc" => format!("{}, {offset}", place.replace('_', " ")),
        _ => offset,
    }
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
    fn zones_are_said_by_place_and_offset() {
        let said = |zone: &str| {
            let zone = TimeZone::get(zone).expect("a zone");
            exact(Micros(1_795_420_800_000_000), &zone)
        };
        assert_eq!(said("Asia/Manila"), "23 Nov 2026 16:00 Manila, UTC+8");
        assert_eq!(said("Europe/Berlin"), "23 Nov 2026 09:00 Berlin, UTC+1");
        assert_eq!(
            said("America/New_York"),
            "23 Nov 2026 03:00 New York, UTC−5"
        );
        assert_eq!(said("Asia/Kolkata"), "23 Nov 2026 13:30 Kolkata, UTC+5:30");
        assert_eq!(said("Etc/UTC"), "23 Nov 2026 08:00 UTC");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            escape("<a b='c' d=\"&\">"),
            "&lt;a b=&#39;c&#39; d=&quot;&amp;&quot;&gt;"
        );
    }
}
