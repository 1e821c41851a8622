//! One clock: it starts, pauses for a coded reason, resumes, stops, is reset or cancelled. It keeps
//! instants only; a [`Reading`] counts them on a calendar against a target.
//!
//! The formulas are those of the clocks section of the science page: working time counts the
//! calendar's open hours outside the pauses; the due instant is the earliest instant whose elapsed
//! equals the target, so resuming extends it by the working time paused; late is after it.

use baton_model::calendar::{Compiled, Interval};
use baton_model::{Micros, WallTime, WorkingTime};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A stretch in which a clock stood still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The reason's code, like `waiting-for-client`.
    pub reason: String,
    /// Since when.
    pub from: Micros,
    /// Until when; absent while it lasts.
    pub until: Option<Micros>,
}

/// What a clock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Running {
    /// It runs.
    Running,
    /// It stands still until it is resumed.
    Paused,
    /// It has stopped for good.
    Stopped,
    /// It does not count.
    Cancelled,
}

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When it started, or was last reset.
    pub from: Micros,
    /// When it stopped or was cancelled.
    pub until: Option<Micros>,
    /// Its pauses in order, apart from each other; only the last may be open.
    pub pauses: Vec<Pause>,
    /// What it had run before each reset; it no longer counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided: Vec<Interval>,
    /// Whether it was cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

/// Why a clock did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ClockError {
    /// It is already paused.
    #[error("BATON-MEASURE-001: the clock is already paused; resume it first")]
    AlreadyPaused,
    /// It is not paused.
    #[error("BATON-MEASURE-002: the clock is not paused; there is nothing to resume")]
    NotPaused,
    /// It has stopped or was cancelled.
    #[error("BATON-MEASURE-003: the clock is over; only a reset starts it again")]
    Over,
    /// The instant lies before what the clock already knows.
    #[error(
        "BATON-MEASURE-004: {at} µs is before {last} µs, the clock's last change; a change of the past needs a journaled correction"
    )]
    Backwards {
        /// The instant given.
        at: i64,
        /// The instant of the last change.
        last: i64,
    },
}

impl Clock {
    /// A clock that starts at an instant.
    pub fn start(at: Micros) -> Self {
        Self {
            from: at,
            until: None,
            pauses: Vec::new(),
            voided: Vec::new(),
            cancelled: false,
        }
    }

    /// What the clock does.
    pub fn running(&self) -> Running {
        match self.until {
            _ if self.cancelled => Running::Cancelled,
            Some(_) => Running::Stopped,
            None if self
                .pauses
                .last()
                .is_some_and(|pause| pause.until.is_none()) =>
            {
                Running::Paused
            }
            None => Running::Running,
        }
    }

    /// Stands still from an instant on.
    ///
    /// # Errors
    /// If it is paused or over, or the instant is before its last change.
    pub fn pause(&mut self, at: Micros, reason: impl Into<String>) -> Result<(), ClockError> {
        self.open(at)?;
        if self.running() == Running::Paused {
            return Err(ClockError::AlreadyPaused);
        }
        self.pauses.push(Pause {
            reason: reason.into(),
            from: at,
            until: None,
        });
        Ok(())
    }

    /// Runs again from an instant on.
    ///
    /// # Errors
    /// If it is not paused or is over, or the instant is before its last change.
    pub fn resume(&mut self, at: Micros) -> Result<(), ClockError> {
        self.open(at)?;
        let last = self.pauses.last_mut().filter(|pause| pause.until.is_none());
        last.ok_or(ClockError::NotPaused)?.until = Some(at);
        Ok(())
    }

    /// Stops for good; a pause that lasts ends with it.
    ///
    /// # Errors
    /// If it is over, or the instant is before its last change.
    pub fn stop(&mut self, at: Micros) -> Result<(), ClockError> {
        self.open(at)?;
        if let Some(pause) = self.pauses.last_mut() {
            pause.until.get_or_insert(at);
        }
        self.until = Some(at);
        Ok(())
    }

    /// Stops and no longer counts.
    ///
    /// # Errors
    /// If it is over, or the instant is before its last change.
    pub fn cancel(&mut self, at: Micros) -> Result<(), ClockError> {
        self.stop(at)?;
        self.cancelled = true;
        Ok(())
    }

    /// Starts again from nothing, also when it is over. What it had run is kept as void.
    ///
    /// # Errors
    /// If the instant is before its last change.
    pub fn reset(&mut self, at: Micros) -> Result<(), ClockError> {
        self.forward(at)?;
        let run = Interval::new(self.from, self.until.unwrap_or(at));
        let mut voided = std::mem::take(&mut self.voided);
        voided.push(run);
        *self = Self::start(at);
        self.voided = voided;
        Ok(())
    }

    fn open(&self, at: Micros) -> Result<(), ClockError> {
        match self.until {
            Some(_) => Err(ClockError::Over),
            None => self.forward(at),
        }
    }

    fn forward(&self, at: Micros) -> Result<(), ClockError> {
        let paused = self.pauses.last();
        let changed = paused.map_or(self.from, |pause| pause.until.unwrap_or(pause.from));
        let last = self.until.unwrap_or(changed);
        if at < last {
            let (at, last) = (at.0, last.0);
            return Err(ClockError::Backwards { at, last });
        }
        Ok(())
    }

    /// The stretches in which it ran, as of an instant; the last ends there if it runs still.
    pub fn runs(&self, now: Micros) -> Vec<Interval> {
        let end = self.until.unwrap_or(now).min(now);
        let mut runs = Vec::new();
        let mut from = self.from;
        for pause in &self.pauses {
            runs.push(Interval::new(from, pause.from.min(end)));
            from = pause.until.unwrap_or(end);
        }
        if self.running() != Running::Paused {
            runs.push(Interval::new(from, end));
        }
        runs
    }

    /// The stretches in which it was paused, as of an instant.
    pub fn paused(&self, now: Micros) -> Vec<Interval> {
        let end = self.until.unwrap_or(now).min(now);
        let until = |pause: &Pause| pause.until.unwrap_or(end).min(end);
        let paused = self.pauses.iter();
        paused
            .map(|pause| Interval::new(pause.from.min(end), until(pause)))
            .collect()
    }

    /// Counts the clock on a calendar, against a target if it has one, as of an instant.
    pub fn read(&self, calendar: &Compiled, target: Option<WorkingTime>, now: Micros) -> Reading {
        let end = self.until.unwrap_or(now).min(now).max(self.from);
        let runs = self.runs(now);
        let paused = self.paused(now);
        let count = |stretches: &[Interval]| -> WorkingTime {
            let elapsed = |one: &Interval| calendar.elapsed(one.from, one.until);
            stretches.iter().map(elapsed).sum()
        };
        let working = count(&runs);
        let target = target.filter(|_| !self.cancelled);
        let due = target.and_then(|target| self.due(calendar, target, &runs, now));
        Reading {
            running: self.running(),
            wall: end.since(self.from),
            working,
            paused: paused.iter().map(Interval::wall).sum(),
            paused_working: count(&paused),
            target,
            due,
            late: due.is_some_and(|due| end > due),
            over: target.map_or(WorkingTime::ZERO, |target| {
                WorkingTime((working.0 - target.0).max(0))
            }),
        }
    }

    /// The earliest instant whose elapsed equals the target. Beyond what has run: as if the clock ran
    /// on, and if it is paused, as if it were resumed now.
    fn due(
        &self,
        calendar: &Compiled,
        target: WorkingTime,
        runs: &[Interval],
        now: Micros,
    ) -> Option<Micros> {
        let mut left = target;
        let mut start = self.from;
        let mut before = left;
        for run in runs {
            let elapsed = calendar.elapsed(run.from, run.until);
            if left <= elapsed {
                return calendar.due(run.from, left);
            }
            (start, before) = (run.from, left);
            left = left - elapsed;
        }
        match self.running() {
            Running::Paused => calendar.due(now, left),
            _ => calendar.due(start, before),
        }
    }
}

/// What a clock shows, as of an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What the clock does.
    pub running: Running,
    /// From its start to its stop or now, pauses included.
    pub wall: WallTime,
    /// Working time in which it ran.
    pub working: WorkingTime,
    /// Wall time in which it was paused.
    pub paused: WallTime,
    /// Working time in which it was paused, which extends the due instant.
    pub paused_working: WorkingTime,
    /// Its target.
    pub target: Option<WorkingTime>,
    /// The earliest instant whose elapsed equals the target; while it is paused, as if it were resumed
    /// now. None without a target.
    pub due: Option<Micros>,
    /// Whether it stopped, or is, after the due instant.
    pub late: bool,
    /// Working time past the target. A clock that is late only by closed hours is over by nothing.
    pub over: WorkingTime,
}

impl Reading {
    /// Working time left to the target, below zero past it. None without a target.
    pub fn remaining(&self) -> Option<WorkingTime> {
        self.target.map(|target| target - self.working)
    }
}
