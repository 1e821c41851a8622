//! The vocabulary every room speaks: typed ids, money, instants and durations, calendars, cells of
//! records, masks and diagnostics.
//!
//! It holds no behaviour of a stage and reads nothing: values come in, values go out.

pub mod calendar;
pub mod cell;
pub mod diagnostic;
pub mod id;
pub mod money;
pub mod scope;
pub mod share;
pub mod time;
pub mod value;

pub use cell::{Cell, Record};
pub use diagnostic::Diagnostic;
pub use id::*;
pub use money::{Currency, Money};
pub use rust_decimal::Decimal;
pub use scope::{Masked, Scope};
pub use time::{Micros, WallTime, WorkingTime};
pub use value::Value;
