//! The load: submitters that each start a case, claim its work item and complete it, again and again,
//! and wait for every answer.

use super::tenant;
use crate::failure::Failure;
use baton_app::{App, Receipt};
use baton_journal::{Actor, Command, Event};
use baton_model::{
    CaseId, Cell, Decimal, PartyId, ProcessId, Record, TenantId, Value, WorkItemId, WorkerId,
};
use std::time::{Duration, Instant};

/// What was acknowledged.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    /// Commands.
    pub(super) commands: u64,
    /// The events they caused.
    pub(super) events: u64,
    /// In how long.
    pub(super) took: Duration,
}

/// Runs so many submitters for so long.
pub(super) fn run(
    app: &App,
    tenant: &TenantId,
    submitters: usize,
    long: Duration,
) -> Result<Load, Failure> {
    let start = Instant::now();
    let submit = |number: usize| Submitter::new(app, tenant, number).run(start + long);
    let loads: Result<Vec<Load>, Failure> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..submitters)
            .map(|number| scope.spawn(move || submit(number)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .map(|load| {
                load.unwrap_or_else(|_| {
                    Err(Failure::Said(
                        "a submitter ended by a fault of its own".into(),
                    ))
                })
            })
            .collect()
    });
    let mut all = Load {
        took: start.elapsed(),
        ..Load::default()
    };
    for load in loads? {
        all.commands += load.commands;
        all.events += load.events;
    }
    Ok(all)
}

/// One who submits.
struct Submitter<'a> {
    app: &'a App,
    tenant: &'a TenantId,
    worker: Actor,
    subject: String,
    load: Load,
}

impl<'a> Submitter<'a> {
    fn new(app: &'a App, tenant: &'a TenantId, number: usize) -> Self {
        let worker = WorkerId::new(tenant::worker(number));
        Self {
            app,
            tenant,
            worker: Actor::Worker {
                party: PartyId::new(tenant::PARTY),
                worker,
            },
            subject: format!("bench-{number}"),
            load: Load::default(),
        }
    }

    fn run(mut self, until: Instant) -> Result<Load, Failure> {
        while Instant::now() < until {
            self.case()?;
        }
        Ok(self.load)
    }

    /// One case from its start to its end.
    fn case(&mut self) -> Result<(), Failure> {
        let record = self.app.sealed(self.tenant, &self.subject, record())?;
        let process = ProcessId::new(tenant::PROCESS);
        let started = self.submit(Actor::System, Command::StartCase { process, record })?;
        let (case, item) =
            started.events.iter().find_map(ready).ok_or_else(|| {
                Failure::Said("the case that was started offers no work item".into())
            })?;
        let claim = Command::Claim {
            item: item.clone(),
            case: case.clone(),
        };
        let expected = self.submit(self.worker.clone(), claim)?.n;
        let fields = Record::from([("bench.answer".to_string(), clear("done"))]);
        self.submit(
            self.worker.clone(),
            Command::Complete {
                item,
                case,
                expected,
                fields,
            },
        )
        .map(drop)
    }

    fn submit(&mut self, actor: Actor, command: Command) -> Result<Receipt, Failure> {
        let cause = self.app.fresh_cause("bench");
        let receipt = self.app.submit_now(self.tenant, actor, &cause, command)?;
        self.load.commands += 1;
        self.load.events += receipt.events.len() as u64;
        Ok(receipt)
    }
}

fn ready(event: &Event) -> Option<(CaseId, WorkItemId)> {
    match event {
        Event::TaskReady { case, item, .. } => Some((case.clone(), item.clone())),
        _ => None,
    }
}

/// A case's first fields; `bench.from` is personal.
pub(super) fn record() -> Record {
    Record::from([
        (
            "bench.title".to_string(),
            clear("Monthly figures for the northern stores"),
        ),
        (
            "bench.from".to_string(),
            clear("johanna.petersen@linden-voss.example"),
        ),
        (
            "bench.amount".to_string(),
            Cell::Clear(Value::number(Decimal::new(104_285, 2))),
        ),
        (
            "bench.note".to_string(),
            clear("As last month, with the two new stores apart, please."),
        ),
    ])
}

fn clear(text: &str) -> Cell {
    Cell::Clear(Value::Text(text.into()))
}
