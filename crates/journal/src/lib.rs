//! The journal: what may be asked (commands), what happened (entries of events), the bytes both are
//! kept in, and the ports through which they are stored.
//!
//! Stages meet only here: this room is the vocabulary they share, and the frame of a turn
//! ([`Stage`], [`Env`], [`Slots`]). It decides nothing and stores nothing itself.

mod about;
pub mod chain;
pub mod checkpoint;
pub mod command;
pub mod document;
pub mod entry;
pub mod event;
pub mod note;
pub mod people;
pub mod setup;
pub mod slots;
pub mod stage;
pub mod store;
pub mod tree;
pub mod turn;
pub mod view;

pub use command::Command;
pub use document::{Document, DocumentKind};
pub use entry::{Actor, Entry, EventName};
pub use event::Event;
pub use slots::{Key, Shelf, Slots};
pub use stage::Stage;
pub use turn::{Answer, Env, FiredRule, Need, Peek, Question, Rejection, Stop};
pub use view::{Change, Column, Datum, Kind, View};
