//! The vocabulary every room speaks: typed ids, money, instants and durations, calendars, cells of
//! records, masks and diagnostics.
//!
//! It holds no behaviour of a stage and reads nothing: values come in, values go out.

pub mod agreement;
pub mod calendar;
pub mod cell;
pub mod diagnostic;
pub mod id;
pub mod money;
pub mod month;
pub mod scope;
pub mod share;
pub mod time;
pub mod value;

pub use agreement::Agreement;
pub use cell::{Cell, Record};
pub use diagnostic::Diagnostic;
pub use id::*;
pub use money::{Currency, Money};
pub use month::Month;
pub use rust_decimal::{Decimal, RoundingStrategy as Rounding};
pub use scope::{Masked, Scope};
pub use time::{Micros, WallTime, WorkingTime};
pub use value::Value;
