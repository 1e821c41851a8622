//! Evaluations: expressions and decisions of packs, apart from the node and within a time.
//!
//! A pack's models come from outside. The guards of `engine::feel` refuse what could run long before it
//! starts; what they misjudge meets a fence here. Where the program is at hand, evaluations run in a
//! process of their own ([`process`]) that is killed when it passes its limit of time or memory; without
//! it, as in tests of the library, on a [`thread`] that is left behind. Nothing is decided here.

pub mod process;
mod thread;
mod wire;

use baton_journal::{Answer, Question};
use process::Process;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use thread::Thread;

/// How long an evaluation may take.
pub const LIMIT: Duration = Duration::from_millis(800);

/// The stack of an evaluation, which recurses over expressions.
const STACK: usize = 64 << 20;

/// Evaluates questions, one after another.
pub struct Evaluator(Place);

enum Place {
    Thread(Thread),
    Process(Mutex<Process>),
}

impl Evaluator {
    /// Evaluates on a thread of this process.
    pub fn on_a_thread() -> Self {
        Self(Place::Thread(Thread::new()))
    }

    /// Evaluates in a process of its own: `PROGRAM evaluator`, which must call [`process::serve`].
    pub fn in_a_process(program: PathBuf) -> Self {
        Self(Place::Process(Mutex::new(Process::new(program))))
    }

    /// The answer, or why there is none.
    ///
    /// # Errors
    /// The words of an incident, with a code: what the engine says, or that a limit was passed.
    pub fn ask(&self, question: &Question) -> Result<Answer, String> {
        match &self.0 {
            Place::Thread(thread) => thread.ask(question),
            Place::Process(process) => process
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .ask(question),
        }
    }
}
