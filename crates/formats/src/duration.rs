//! Targets in working time, written as ISO 8601 durations of hours, minutes and seconds. Days are not
//! taken: how long a working day is, its calendar says.

use baton_model::WorkingTime;

/// The working time of a text like `PT8H` or `PT1H30M`.
pub fn working_time(text: &str) -> Option<WorkingTime> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds: i64 = 0;
    for (unit, length) in [('H', 3_600), ('M', 60), ('S', 1)] {
        let Some((digits, after)) = rest.split_once(unit) else {
            continue;
        };
        let count: i64 = digits
            .parse()
            .ok()
            .filter(|count| (0..1_000_000).contains(count))?;
        seconds += count * length;
        rest = after;
    }
    (rest.is_empty() && seconds > 0).then(|| WorkingTime::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_minutes_and_seconds() {
        assert_eq!(working_time("PT8H"), Some(WorkingTime::hours(8)));
        assert_eq!(working_time("PT1H30M"), Some(WorkingTime::minutes(90)));
        assert_eq!(working_time("PT45S"), Some(WorkingTime::seconds(45)));
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "PT",
            "8H",
            "P1D",
            "PT0H",
            "PT8",
            "PT-1H",
            "PT1M2H",
            "PT99999999999H",
        ] {
            assert_eq!(working_time(text), None, "{text}");
        }
    }
}
