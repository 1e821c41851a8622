//! Commands, entries and events, their canonical bytes and proofs, and the store port
