//! What work costs: rate cards, the charges of a month, service credits and outcome prices, each explained
//! in words.
//!
//! It is pure: a card and facts come in, amounts and their steps go out. It knows no tax, no journal entry
//! and no clock; who counted the volume and who judged the levels is told by whoever asks.

pub mod ask;
pub mod bands;
pub mod card;
pub mod credits;
mod fault;
pub mod index;
pub mod outcome;
pub mod rate;
pub mod read;
pub mod rounding;
pub mod tiers;

pub use card::RateCard;
pub use fault::Fault;
pub use rate::{Asked, Bill, Charge, rate};
