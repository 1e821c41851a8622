//! What the stage remembers: the tenant's calendars and targets ([`Setup`]), and for each case its
//! clock and its hops ([`CaseClock`]). Folded from events, never changed otherwise; it holds ids,
//! instants and codes, no field of a case.

mod case;
mod hop;
mod setup;
mod unit;

pub use case::CaseClock;
pub use hop::{Arrival, Ending, Hop};
pub use setup::Setup;
pub use unit::Unit;
