//! Inbound documents: read, validate, deduplicate, correlate; the register of orders with what was
//! received and claimed; budgets; the three-way match and the payment proposal a process asks for.
//!
//! It does not decide what a variance means: facts go to the process, whose decision tables hold the
//! tolerances. It reads no file: bytes come from the shell, and [`reading`] and [`pack`] are pure. The
//! stage is [`Intake`]; its events go to `engine`, which starts cases, and answers to the case that asked.

pub mod budget;
mod correlate;
pub mod lines;
pub mod matching;
pub mod pack;
pub mod reading;
pub mod register;

mod receive;
mod service;
mod stage;
mod views;

pub use stage::Intake;
