//! The store: databases behind the journal's `Store` port, and the suite every one of them must pass.
//!
//! A store commits and reads; it knows no event, no rule and no sight. Batches come from the shell,
//! whose queries bring their own SQL in the portable subset.

mod batches;
pub mod conformance;
pub mod postgres;
pub mod sqlite;

pub use sqlite::open;
