//! The running floor: documents arrive and workers work, each at its own moment, on one thread. At the
//! ordinary pace forty invoices an hour arrive; another pace makes everything faster or slower alike.

use crate::api::{ApiError, Taken};
use crate::deal::Deal;
use crate::defect::Defect;
use crate::side::{Planted, SideError, SideFile};
use crate::staff::{Question, Staff};
use crate::write::{credit_note, documents, invoice};
use fastrand::Rng;
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Invoices an hour at the ordinary pace.
pub const ORDINARY: u32 = 40;
/// Of a hundred invoices so many have a defect.
const DEFECTS: u8 = 35;
/// Of a hundred deals after so many a supplier credits a part of an earlier one.
const CREDITS: u8 = 14;
/// How many sound deals are kept for that.
const KEPT: usize = 40;
/// How long a worker who found nothing to do looks elsewhere, at any pace.
const IDLE: Duration = Duration::from_secs(4);

/// What the floor is made of.
#[derive(Debug)]
pub struct Floor {
    /// Those who work; the first of them also brings the documents.
    pub staff: Vec<Staff>,
    /// Where planted defects are noted.
    pub side: SideFile,
    /// Invoices an hour.
    pub pace: u32,
    /// After so many deals nothing more arrives.
    pub deals: u64,
    /// Sound deals that were sent, the last ones: what credit notes are about.
    pub earlier: VecDeque<Deal>,
    /// So many items that wait are left for others: for whoever looks at the demo.
    pub spare: usize,
    /// What is drawn from.
    pub rng: Rng,
}

/// Why the floor came to rest.
#[derive(Debug, thiserror::Error)]
pub enum FloorError {
    /// The side file.
    #[error(transparent)]
    Side(#[from] SideError),
    /// A document could not be written.
    #[error("BATON-FLOOR-005: a document could not be written: {0}")]
    Document(#[from] askama::Error),
    /// Nobody is there.
    #[error("BATON-FLOOR-006: nobody works here; name at least one worker")]
    Nobody,
}

/// What happens next.
#[derive(Debug)]
enum Act {
    /// Documents arrive.
    Arrive,
    /// A worker looks for work.
    Look(usize),
    /// A worker's clock stands still; then the answer comes and the worker goes on.
    GoOn(usize, Taken, Map<String, Value>, Question),
    /// A worker is done.
    Done(usize, Taken, Map<String, Value>),
}

/// The acts to come, in order of time; of those at the same time, in order of their number.
#[derive(Default)]
struct Agenda {
    order: BinaryHeap<Reverse<(Instant, u64)>>,
    acts: std::collections::BTreeMap<u64, Act>,
    next: u64,
}

impl Agenda {
    fn put(&mut self, at: Instant, act: Act) {
        self.order.push(Reverse((at, self.next)));
        self.acts.insert(self.next, act);
        self.next += 1;
    }

    fn first(&self) -> Option<Instant> {
        self.order.peek().map(|Reverse((at, _))| *at)
    }

    fn take(&mut self) -> Option<Act> {
        let Reverse((_, number)) = self.order.pop()?;
        self.acts.remove(&number)
    }
}

impl Floor {
    /// Runs until told to stop, or until whoever could tell is gone.
    pub fn run(mut self, stop: &Receiver<()>) -> Result<(), FloorError> {
        if self.staff.is_empty() {
            return Err(FloorError::Nobody);
        }
        let mut agenda = Agenda::default();
        let now = Instant::now();
        agenda.put(now, Act::Arrive);
        for worker in 0..self.staff.len() {
            agenda.put(
                now + self.scaled(Duration::from_secs(5 + 7 * worker as u64)),
                Act::Look(worker),
            );
        }
        while let Some(at) = agenda.first() {
            let rest = at.saturating_duration_since(Instant::now());
            if stop.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            if let Some(act) = agenda.take() {
                self.act(act, &mut agenda)?;
            }
        }
        Ok(())
    }

    /// Sends one deal after another without rest, and nobody works.
    pub fn arrive(&mut self, deals: u32) -> Result<(), FloorError> {
        for _ in 0..deals {
            self.deal()?;
        }
        Ok(())
    }

    fn act(&mut self, act: Act, agenda: &mut Agenda) -> Result<(), FloorError> {
        match act {
            Act::Arrive if self.deals == 0 => {}
            Act::Arrive => {
                self.deals -= 1;
                self.deal()?;
                let mean = 3_600.0 / f64::from(self.pace.max(1));
                // Arrivals are independent of each other: exponential times between them.
                let wait = -mean * (1.0 - self.rng.f64()).ln();
                agenda.put(
                    after(Duration::from_secs_f64(wait.min(4.0 * mean))),
                    Act::Arrive,
                );
            }
            Act::Look(worker) => self.look(worker, agenda),
            Act::GoOn(worker, item, answer, asked) => {
                let api = &self.staff[worker].api;
                self.say(worker, api.answer(&item, asked.answer, asked.given_by));
                let rest = self.staff[worker].takes(&item, &mut self.rng);
                let rest = self.scaled(rest);
                agenda.put(after(rest), Act::Done(worker, item, answer));
            }
            Act::Done(worker, item, answer) => {
                self.say(worker, self.staff[worker].api.complete(&item, &answer));
                agenda.put(
                    after(self.scaled(Duration::from_secs(3))),
                    Act::Look(worker),
                );
            }
        }
        Ok(())
    }

    fn look(&mut self, worker: usize, agenda: &mut Agenda) {
        let taken = match self.next(worker) {
            Ok(taken) => taken,
            Err(error) => {
                self.say(worker, Err(error));
                None
            }
        };
        let answer = taken
            .as_ref()
            .and_then(|item| self.staff[worker].answer(item, &mut self.rng));
        let (Some(item), Some(answer)) = (taken, answer) else {
            return agenda.put(after(IDLE), Act::Look(worker));
        };
        let rest = self.staff[worker].takes(&item, &mut self.rng);
        let rest = self.scaled(rest);
        match self.staff[worker].waits_for(&item, &mut self.rng) {
            Some(asked) => {
                let api = &self.staff[worker].api;
                self.say(worker, api.ask(&item, asked.reason, asked.text));
                agenda.put(after(rest * 2), Act::GoOn(worker, item, answer, asked));
            }
            None => agenda.put(after(rest), Act::Done(worker, item, answer)),
        }
    }

    /// The next item, unless few wait.
    fn next(&self, worker: usize) -> Result<Option<Taken>, ApiError> {
        let api = &self.staff[worker].api;
        if self.spare > 0 && api.waiting(self.spare + 1)? <= self.spare {
            return Ok(None);
        }
        api.next()
    }

    /// Draws a deal, notes what is wrong with it, and sends its documents. A duplicate is a sound deal whose
    /// invoice comes twice.
    fn deal(&mut self) -> Result<(), FloorError> {
        let today = jiff::Zoned::now().date();
        let mut deal = Deal::draw(&mut self.rng, self.side.number(), today);
        let defect = (self.rng.u8(..100) < DEFECTS)
            .then(|| self.rng.choice(Defect::ALL))
            .flatten();
        if let Some(defect) = defect.filter(|defect| *defect != Defect::Duplicate) {
            defect.plant(&mut deal, &mut self.rng);
        }
        self.note(&deal)?;
        self.send(&documents(&deal)?);
        if defect == Some(Defect::Duplicate) {
            Defect::Duplicate.plant(&mut deal, &mut self.rng);
            self.note(&deal)?;
            self.send(&[invoice(&deal)?]);
        } else if defect.is_none() {
            self.earlier.push_front(deal);
            self.earlier.truncate(KEPT);
        }
        self.credit(today)
    }

    /// Credits a part of an earlier, sound deal now and then; some credit notes have a defect of their own, and
    /// a duplicate is a sound one that comes twice.
    fn credit(&mut self, today: Date) -> Result<(), FloorError> {
        if self.rng.u8(..100) >= CREDITS || self.earlier.is_empty() {
            return Ok(());
        }
        let at = self.rng.usize(..self.earlier.len());
        let Some(earlier) = self.earlier.remove(at) else {
            return Ok(());
        };
        let mut note = earlier.credited(&mut self.rng, self.side.number(), today);
        let defect = (self.rng.u8(..100) < DEFECTS)
            .then(|| self.rng.choice(Defect::OF_CREDIT_NOTES))
            .flatten();
        if let Some(defect) = defect.filter(|defect| *defect != Defect::Duplicate) {
            defect.plant(&mut note, &mut self.rng);
        }
        self.note(&note)?;
        self.send(&[credit_note(&note)?]);
        if defect == Some(Defect::Duplicate) {
            Defect::Duplicate.plant(&mut note, &mut self.rng);
            self.note(&note)?;
            self.send(&[credit_note(&note)?]);
        }
        Ok(())
    }

    fn note(&mut self, deal: &Deal) -> Result<(), FloorError> {
        let reasons = match deal.credits {
            Some(_) => Defect::reasons_of_credit(deal.defect),
            None => deal.defect.map_or(&[][..], Defect::reasons).to_vec(),
        };
        let planted = Planted {
            number: self.side.number(),
            supplier: deal.supplier.name.into(),
            invoice: deal.invoice.clone(),
            credits: deal.credits.clone(),
            order: deal.order.clone(),
            defect: deal.defect,
            reasons: reasons.iter().map(ToString::to_string).collect(),
        };
        Ok(self.side.note(&planted)?)
    }

    fn send(&self, documents: &[crate::Document]) {
        self.say(0, self.staff[0].api.send(documents).map(drop));
    }

    /// What did not work is no fault of the floor: somebody else was faster, a person took the item, or
    /// the server is about to end.
    fn say(&self, worker: usize, outcome: Result<(), ApiError>) {
        if let Err(error) = outcome {
            let worker = &self.staff[worker].id;
            tracing::debug!(worker, %error, "did not work");
        }
    }

    fn scaled(&self, ordinary: Duration) -> Duration {
        ordinary * ORDINARY / self.pace.max(1)
    }
}

fn after(rest: Duration) -> Instant {
    Instant::now() + rest
}
