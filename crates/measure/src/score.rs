//! Service levels of a month: counts, value, interval and how it stands, from measurements and units.
//!
//! A hop is due in the month in which it was decided: when it was left in time, or at its due instant.
//! Working time past a target counts in the month in which it lies, so a month that is over never
//! changes by a hop that goes on.

use crate::measured::{Measurement, OPEN};
use crate::statement::Units;
use crate::wilson::{Between, wilson};
use baton_journal::event::agreement::AgreementSet;
use baton_model::agreement::{LevelKind, ServiceLevel};
use baton_model::calendar::{Book, Interval};
use baton_model::{Decimal, Micros, Month, WorkingTime};

/// A month of an agreement's zone, as of an instant.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// The month.
    pub month: Month,
    /// Its stretch of time.
    pub span: Interval,
    /// As of when.
    pub now: Micros,
}

impl Period {
    /// A month in a zone, as of an instant.
    pub fn of(month: Month, zone: &str, now: Micros) -> Self {
        let span = month.span(zone);
        Self { month, span, now }
    }

    /// Whether nothing more can happen in it.
    pub fn over(&self) -> bool {
        self.span.until <= self.now
    }
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// As agreed.
    pub met: u64,
    /// Not as agreed.
    pub missed: u64,
    /// Not counted: handed over or withdrawn in time.
    pub excluded: u64,
    /// Not decided yet.
    pub open: u64,
    /// Working time past the target.
    pub over: WorkingTime,
}

impl Tally {
    /// How many were decided.
    pub fn due(&self) -> u64 {
        self.met + self.missed
    }

    /// The part that was met; nothing where nothing was due.
    pub fn value(&self) -> Option<Decimal> {
        (self.due() > 0).then(|| Decimal::from(self.met) / Decimal::from(self.due()))
    }

    /// What a sample of this size leaves open, at 95 %.
    pub fn between(&self) -> Option<Between> {
        wilson(self.met, self.due())
    }

    /// Adds what two counts have.
    pub fn add(&mut self, other: Self) {
        self.met += other.met;
        self.missed += other.missed;
        self.excluded += other.excluded;
        self.open += other.open;
        self.over += other.over;
    }
}

/// How one measurement counts in a period, in a zone.
pub fn counts(of: &Measurement, zone: &str, period: &Period, book: &Book) -> Tally {
    let mut tally = Tally {
        over: of.over_in(book, period.span, period.now),
        ..Tally::default()
    };
    let month = period.month.to_string();
    match (of.state.as_str(), of.late_since(period.now)) {
        (_, Some(since)) if Month::of(since, zone) == period.month => tally.missed = 1,
        ("met", _) if of.month == month => tally.met = 1,
        ("excluded", _) if of.month == month => tally.excluded = 1,
        ("open", None) if of.until_month == OPEN && !period.over() => {
            tally.open = u64::from(of.clock.from < period.span.until);
        }
        _ => {}
    }
    tally
}

/// How units count for a level that wants them right the first time.
pub fn first_pass(units: &[Units]) -> Tally {
    let mut tally = Tally::default();
    for units in units.iter().filter(|units| !units.earlier) {
        match units.rework || units.returned {
            true => tally.missed += units.count,
            false => tally.met += units.count,
        }
    }
    tally
}

/// How a level stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Below the smallest count that says something.
    TooFew,
    /// At or above the target, and of the whole interval.
    Met,
    /// At or above the target, but the interval reaches below.
    MetUnsure,
    /// Below the target, but the interval reaches it and the month goes on.
    BelowOpen,
    /// Below the target.
    Missed,
}

impl Standing {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::TooFew => "too few",
            Self::Met => "met",
            Self::MetUnsure => "met, unsure",
            Self::BelowOpen => "below, open",
            Self::Missed => "missed",
        }
    }
}

/// How a level stands with what was counted. While the month goes on it is a sample of the month, and
/// the interval speaks; once it is over, the value does.
pub fn standing(level: &ServiceLevel, tally: &Tally, over: bool) -> Standing {
    let (Some(value), Some(between)) = (tally.value(), tally.between()) else {
        return Standing::TooFew;
    };
    let target = Decimal::new(i64::from(level.target), 4);
    match () {
        () if tally.due() < u64::from(level.minimum) => Standing::TooFew,
        () if over && value >= target => Standing::Met,
        () if over || between.high < target => Standing::Missed,
        () if between.low >= target => Standing::Met,
        () if value >= target => Standing::MetUnsure,
        () => Standing::BelowOpen,
    }
}

/// A level of an agreement with what was counted.
#[derive(Clone, Debug)]
pub struct Score {
    /// Under which version.
    pub set: AgreementSet,
    /// The level.
    pub level: ServiceLevel,
    /// The counts.
    pub tally: Tally,
    /// How it stands.
    pub standing: Standing,
}

/// The levels of a version of an agreement, each with its counts.
pub fn scores(
    set: &AgreementSet,
    period: &Period,
    on_time: impl Fn(&ServiceLevel) -> Tally,
    units: impl Fn(&ServiceLevel) -> Vec<Units>,
) -> Vec<Score> {
    let score = |level: &ServiceLevel| {
        let tally = match level.kind {
            LevelKind::OnTime { .. } => on_time(level),
            LevelKind::FirstPass => first_pass(&units(level)),
        };
        Score {
            set: set.clone(),
            level: level.clone(),
            tally,
            standing: standing(level, &tally, period.over()),
        }
    };
    set.agreement.levels.iter().map(score).collect()
}
