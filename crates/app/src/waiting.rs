//! Waiting for an answer. A thread that sleeps is woken later than the answer is there; so one of those who
//! wait looks for its answer a moment before it sleeps. Only one: the others leave the cores to the work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long one looks: as long as a commit takes on a good disk.
const LOOK: Duration = Duration::from_micros(800);

/// Those who wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    looking: AtomicBool,
}

impl Waiting {
    /// An answer; nothing where whoever could give it is gone.
    pub(crate) fn answer<T>(&self, answers: &Receiver<T>) -> Option<T> {
        let free = !self.looking.swap(true, Ordering::Acquire);
        let seen = free.then(|| look(answers)).flatten();
        if free {
            self.looking.store(false, Ordering::Release);
        }
        seen.or_else(|| answers.recv().ok())
    }
}

fn look<T>(answers: &Receiver<T>) -> Option<T> {
    let until = Instant::now() + LOOK;
    while Instant::now() < until {
        if let Ok(answer) = answers.try_recv() {
            return Some(answer);
        }
        std::thread::yield_now();
    }
    None
}
