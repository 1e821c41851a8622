//! A house of two lanes that follow each other, open around the clock, and cases that go through them, or
//! there, back and on, by a clock of the test's own.

use super::house::{House, fields};
use super::{Temporary, copy};
use baton_app::clock::SetClock;
use baton_journal::{Actor, Command};
use baton_model::{Micros, Record, WallTime};
use std::path::Path;
use std::sync::Arc;

/// Monday 2 November 2026, 00:00 UTC.
pub const BEGIN: Micros = Micros(1_793_577_600_000_000);

/// A house with two lanes that follow each other, open around the clock.
pub struct Lanes {
    pub house: House,
    pub clock: Arc<SetClock>,
}

impl Lanes {
    pub fn new(name: &str) -> Self {
        let clock = Arc::new(SetClock::at(BEGIN));
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/two-lanes");
        let house = House::found_at(name, &pack.display().to_string(), clock.clone());
        Self { house, clock }
    }

    pub fn at(&self, hours: i64) {
        self.clock.set(BEGIN.plus(WallTime::hours(hours)));
    }

    pub fn start(&self) -> String {
        let command = Command::StartCase {
            process: "two-lanes".into(),
            record: Record::new(),
        };
        let started = self.house.submit(Actor::System, command).expect("a case");
        let case = started
            .events
            .iter()
            .find_map(|event| event.case().cloned());
        case.expect("its id").to_string()
    }

    pub fn done(&self, case: &str, task: &str, answer: &str) {
        let worker = if task == "first" { "jana" } else { "maria" };
        let answer = fields(&[("done.answer", answer)]);
        self.house.done(case, task, worker, answer).expect("done");
    }

    /// A case in which the first lane's work comes back and is done again.
    pub fn returned(&self, from: i64) -> String {
        self.at(from);
        let case = self.start();
        self.at(from + 2);
        self.done(&case, "first", "on");
        self.at(from + 3);
        self.done(&case, "second", "back");
        self.at(from + 30);
        self.done(&case, "first", "on");
        self.at(from + 31);
        self.done(&case, "second", "on");
        case
    }

    /// A case that goes straight on.
    pub fn straight(&self, from: i64) {
        self.at(from);
        let case = self.start();
        self.done(&case, "first", "on");
        self.at(from + 1);
        self.done(&case, "second", "on");
    }

    /// The house goes; its data stays for the program.
    pub fn leave(self) -> Temporary {
        let data = Temporary::new("measured-data");
        self.house.app.stop();
        copy(self.house.folder.path(), data.path());
        data
    }
}

pub fn data(folder: &Temporary) -> String {
    folder.path().display().to_string()
}
