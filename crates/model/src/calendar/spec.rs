//! A calendar as packs and agreements write it, and the checked calendar it becomes. Not here:
//! instants; the checked calendar knows days by their number and hours by their minute.

use super::{Block, CalendarError, zone};
use crate::{CalendarId, Micros};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A calendar as it is written in TOML:
///
/// ```toml
/// [[calendar]]
/// id = "kestrel"
/// zone = "Europe/Warsaw"
/// week = { mon-thu = ["08:00-12:00", "13:00-17:00"], fri = ["22:00-06:00"] }
/// holidays = ["2026-11-11"]
/// special = { "2026-12-24" = ["08:00-12:00"] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// Its id; several entries with one id are versions of it.
    pub id: CalendarId,
    /// The IANA zone whose local time the hours are in.
    pub zone: String,
    /// Always open, as a bot is; then there is no `week`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub always: bool,
    /// The blocks of each day: `mon` to `sun`, or a range like `mon-fri`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub week: BTreeMap<String, Vec<String>>,
    /// Dates on which no block begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<String>,
    /// Dates with blocks of their own, instead of the week's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub special: BTreeMap<String, Vec<String>>,
    /// The date from whose midnight this version counts; the first version counts from ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

fn is_false(truth: &bool) -> bool {
    !truth
}

/// A checked calendar: a zone and the blocks of every date.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Its id.
    pub id: CalendarId,
    /// The zone of its hours.
    pub zone: TimeZone,
    /// The blocks of Monday to Sunday.
    pub week: [Vec<Block>; 7],
    /// The blocks of dates that differ from the week, by the day's number since 1970; none on a
    /// holiday.
    pub special: BTreeMap<i64, Vec<Block>>,
    /// The day whose midnight is this version's first instant, by its number since 1970.
    pub from: Option<i64>,
}

impl Calendar {
    /// Checks a written calendar.
    ///
    /// # Errors
    /// The first [`CalendarError`] found, naming the calendar and the place in it.
    pub fn parse(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        let parser = Parser { spec };
        let calendar = Self {
            id: spec.id.clone(),
            zone: zone(spec.id.as_str(), &spec.zone)?,
            week: parser.week()?,
            special: parser.special()?,
            from: spec
                .from
                .as_deref()
                .map(|text| parser.date(text))
                .transpose()?,
        };
        let mut days = calendar.week.iter().chain(calendar.special.values());
        if days.all(|blocks| blocks.is_empty()) {
            let calendar = parser.id();
            return Err(CalendarError::NeverOpen { calendar });
        }
        Ok(calendar)
    }

    /// A calendar that is always open, as a bot's is. Its zone says only how to show times.
    pub fn always(id: CalendarId) -> Self {
        Self {
            id,
            zone: TimeZone::UTC,
            week: std::array::from_fn(|_| vec![Block::DAY]),
            special: BTreeMap::new(),
            from: None,
        }
    }

    /// The first instant of this version: that of its `from` date in its zone. Where the change to
    /// summer time skips midnight, that is the first instant after the gap.
    pub fn effective(&self) -> Micros {
        let Some(day) = self.from else {
            return Micros(0);
        };
        let span = jiff::Span::new().try_days(day).unwrap_or_default();
        let date = Date::constant(1970, 1, 1).saturating_add(span);
        let start = date.to_zoned(self.zone.clone());
        start.map_or(Micros(0), |start| {
            Micros(start.timestamp().as_microsecond())
        })
    }

    /// The blocks that begin on a day, by its number since 1970-01-01, which was a Thursday.
    pub fn blocks(&self, day: i64) -> &[Block] {
        let weekday = (day + 3).rem_euclid(7) as usize;
        self.special.get(&day).unwrap_or(&self.week[weekday])
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

struct Parser<'a> {
    spec: &'a CalendarSpec,
}

impl Parser<'_> {
    fn id(&self) -> String {
        self.spec.id.to_string()
    }

    fn week(&self) -> Result<[Vec<Block>; 7], CalendarError> {
        if self.spec.always && !self.spec.week.is_empty() {
            let calendar = self.id();
            return Err(CalendarError::AlwaysAndWeek { calendar });
        }
        if self.spec.always {
            return Ok(std::array::from_fn(|_| vec![Block::DAY]));
        }
        let mut week: [Option<Vec<Block>>; 7] = Default::default();
        for (key, blocks) in &self.spec.week {
            let blocks = self.blocks(key, blocks)?;
            for day in self.days(key)? {
                if week[day].replace(blocks.clone()).is_some() {
                    return Err(self.twice(DAYS[day]));
                }
            }
        }
        Ok(week.map(Option::unwrap_or_default))
    }

    /// The days of a key: `mon`, or `mon-fri`, also around the week's end like `sat-mon`.
    fn days(&self, key: &str) -> Result<Vec<usize>, CalendarError> {
        let (first, last) = key.split_once('-').unwrap_or((key, key));
        let number = |day: &str| DAYS.iter().position(|name| *name == day.trim());
        let (Some(first), Some(last)) = (number(first), number(last)) else {
            return Err(CalendarError::Day {
                calendar: self.id(),
                day: key.into(),
            });
        };
        let count = (last + 7 - first) % 7;
        Ok((0..=count).map(|step| (first + step) % 7).collect())
    }

    fn special(&self) -> Result<BTreeMap<i64, Vec<Block>>, CalendarError> {
        let mut special = BTreeMap::new();
        for (date, blocks) in &self.spec.special {
            let blocks = self.blocks(date, blocks)?;
            special.insert(self.date(date)?, blocks);
        }
        let mut holidays = BTreeSet::new();
        for date in &self.spec.holidays {
            let day = self.date(date)?;
            if special.contains_key(&day) || !holidays.insert(day) {
                return Err(self.twice(date));
            }
        }
        special.extend(holidays.into_iter().map(|day| (day, Vec::new())));
        Ok(special)
    }

    /// The blocks of a day in order; blocks that touch are allowed, blocks that overlap are not.
    fn blocks(&self, day: &str, texts: &[String]) -> Result<Vec<Block>, CalendarError> {
        let parsed = texts.iter().map(|text| self.block(day, text));
        let mut blocks = parsed.collect::<Result<Vec<_>, _>>()?;
        blocks.sort();
        match blocks.windows(2).find(|two| two[0].overlaps(&two[1])) {
            None => Ok(blocks),
            Some(two) => Err(CalendarError::Overlap {
                calendar: self.id(),
                day: day.into(),
                first: two[0].to_string(),
                second: two[1].to_string(),
            }),
        }
    }

    fn block(&self, day: &str, text: &str) -> Result<Block, CalendarError> {
        Block::parse(text).ok_or_else(|| CalendarError::Block {
            calendar: self.id(),
            day: day.into(),
            block: text.into(),
        })
    }

    /// A date's number since 1970-01-01.
    fn date(&self, text: &str) -> Result<i64, CalendarError> {
        let plain = text.len() == 10;
        let parsed = plain.then(|| text.parse::<Date>().ok()).flatten();
        let date = parsed.ok_or_else(|| CalendarError::Date {
            calendar: self.id(),
            date: text.into(),
        })?;
        let since = date.duration_since(Date::constant(1970, 1, 1));
        Ok(since.as_secs() / 86_400)
    }

    fn twice(&self, day: &str) -> CalendarError {
        CalendarError::Twice {
            calendar: self.id(),
            day: day.into(),
        }
    }
}
