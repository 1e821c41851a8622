//! Joins the stages, purely: [`turn`] decides a command and lets every stage react until all is quiet;
//! [`fold`] replays an entry; [`rebuild`] folds a whole journal into view rows.
//!
//! It does no IO and holds no rule of its own. The shell (`app`) loads what a turn needs, commits what
//! it gives, and answers.

mod rebuild;
mod turn;
mod world;

pub use rebuild::{Rows, rebuild};
pub use turn::{Turned, fold, turn};
pub use world::{World, views};
