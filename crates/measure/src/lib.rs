//! Hops and clocks: who held a case when, for how long on whose calendar, and whose lateness it is.
//!
//! The arithmetic stands first and knows no journal: [`clock`] runs and pauses, [`holding`] gives every
//! instant one holder, [`lateness`] charges a late case to hops. Then the stage: [`state`] folds events
//! into hops, [`view`] shows them as rows, [`times`] makes of them what pages draw and `verify`
//! recomputes.
//!
//! [`agreements`] says under which terms; [`measured`] makes rows of hops and units under them, [`score`]
//! adds them up to service levels with their intervals ([`wilson`]), [`statement`] to charges.
//!
//! It knows no credit, no invoice and no personal data. It reads no clock; the instant it measures at is
//! an argument.

pub mod agreements;
pub mod clock;
pub mod holding;
pub mod lateness;
pub mod measured;
pub mod score;
mod stage;
pub mod state;
pub mod statement;
pub mod times;
pub mod view;
pub mod wilson;

pub use clock::{Clock, ClockError, Pause, Reading, Running};
pub use holding::{Holder, Holding, Wait};
pub use lateness::Lateness;
pub use stage::Measure;
pub use state::{CaseClock, Hop};
pub use times::{CaseTimes, HopTimes, case_times};
