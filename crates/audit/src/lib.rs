//! Proofs: that a journal is what it was. [`verify`] goes through all of it; [`CaseProof`] is a text
//! that shows one case's entries to someone who has no journal at all.
//!
//! Pure functions over stored entries: nothing is read, written or signed here, and no key is needed
//! save another party's public one. Views are compared by the shell, which can fold the journal.

mod case_proof;
mod finding;
mod verify;

pub use case_proof::{CaseProof, ProofError};
pub use finding::Finding;
pub use verify::{Verification, verify};
