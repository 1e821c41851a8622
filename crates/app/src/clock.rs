//! The clock and the randomness of the shell, behind traits so that a simulation can bring its own.

use baton_model::Micros;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the instant.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Micros;
}

/// Gives unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Micros {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness.
#[derive(Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Without randomness no token may be given out; there is nothing sound to go on with.
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
    }
}

/// A clock that stands until it is set: for tests and simulations.
#[derive(Debug, Default)]
pub struct SetClock(Mutex<Micros>);

impl SetClock {
    /// A clock that stands at an instant.
    pub fn at(instant: Micros) -> Self {
        Self(Mutex::new(instant))
    }

    /// Sets it.
    pub fn set(&self, instant: Micros) {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = instant;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Micros {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
