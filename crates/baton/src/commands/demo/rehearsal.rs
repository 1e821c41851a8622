//! The rehearsal: the last four days of the simulated company. Documents come in one after another, and
//! simulated workers claim, pause and complete some of the work, through the same commands as people.
//!
//! Its clock is its own and ends before now; the tenant is marked simulated for ever.

use crate::failure::Failure;
use baton_app::clock::SetClock;
use baton_app::command::{Actor, Command};
use baton_app::packs::{self, Pack};
use baton_app::sight::{self, Viewer};
use baton_app::views::Reader;
use baton_app::views::work::{self, Filter, Item};
use baton_app::{App, imports};
use baton_model::{Cell, Micros, Record, TenantId, Value, WallTime, WorkerId};
use indicatif::ProgressBar;
use std::sync::Arc;

/// When the rehearsal begins and ends, before now.
const BEGIN: WallTime = WallTime::hours(96);
const END: WallTime = WallTime::hours(1);

/// Who works in it: the lane's worker, and what the worker answers.
const RESOLVER: (&str, &[(&str, &str)]) = (
    "agnieszka.wrona",
    &[
        ("resolution.answer", "accept"),
        ("resolution.reason", "list_price_changed"),
    ],
);
const APPROVER: (&str, &[(&str, &str)]) = ("tom.harms", &[("approval.answer", "approve")]);

/// The rehearsal of a company.
pub(super) struct Rehearsal<'a> {
    pub(super) app: &'a App,
    pub(super) clock: &'a Arc<SetClock>,
    pub(super) now: Micros,
}

impl Rehearsal<'_> {
    /// Founds the company and plays its last four days.
    pub(super) fn play(&self, pack: &Pack, bar: &ProgressBar) -> Result<TenantId, Failure> {
        let begin = self.before(BEGIN);
        self.clock.set(begin);
        let tenant = packs::install(self.app, pack, None, true)?;
        let invoices = pack
            .samples
            .iter()
            .filter(|(_, bytes)| is_invoice(bytes))
            .count();
        let step = (BEGIN - END).0 / i64::try_from(invoices + 1).unwrap_or(1);
        let (mut at, mut place) = (begin, 0);
        for (name, bytes) in &pack.samples {
            at = at.plus(if is_invoice(bytes) {
                WallTime(step)
            } else {
                WallTime::seconds(40)
            });
            self.clock.set(at);
            imports::import(self.app, &tenant, Actor::System, "folder", name, bytes)?;
            if is_invoice(bytes) {
                place += 1;
                self.work(&tenant, at, step, place)?;
            }
            bar.inc(1);
        }
        Ok(tenant)
    }

    fn before(&self, span: WallTime) -> Micros {
        Micros(self.now.0 - span.0)
    }

    /// What the workers do between one document and the next.
    fn work(&self, tenant: &TenantId, at: Micros, step: i64, place: i64) -> Result<(), Failure> {
        let moment = |part: i64| at.plus(WallTime(step * part / 10));
        match place % 4 {
            0 => self.turn(tenant, RESOLVER, moment, place % 8 == 0),
            1 | 3 => self.turn(tenant, APPROVER, moment, false),
            _ => Ok(()),
        }
    }

    /// One worker takes the first item that is free, perhaps waits for the client, and completes it.
    fn turn(
        &self,
        tenant: &TenantId,
        (worker, answers): (&str, &[(&str, &str)]),
        moment: impl Fn(i64) -> Micros,
        waits: bool,
    ) -> Result<(), Failure> {
        self.clock.set(moment(2));
        let viewer = self.sign_in(tenant, worker)?;
        let Some(item) = self.first(&viewer)? else {
            return Ok(());
        };
        let (id, case) = (item.id.clone(), item.case.clone());
        let claim = Command::Claim {
            item: id.clone(),
            case: case.clone(),
        };
        let claimed = self.send(&viewer, claim)?;
        if waits {
            self.clock.set(moment(4));
            let reason = "waiting-for-client".to_string();
            self.send(
                &viewer,
                Command::Pause {
                    item: id.clone(),
                    case: case.clone(),
                    reason,
                },
            )?;
            self.clock.set(moment(7));
            let resume = Command::Resume {
                item: id.clone(),
                case: case.clone(),
            };
            self.send(&viewer, resume)?;
        }
        self.clock.set(moment(9));
        let fields: Record = answers
            .iter()
            .map(|(name, text)| ((*name).to_string(), Cell::Clear(Value::text(*text))))
            .collect();
        let expected = claimed;
        self.send(
            &viewer,
            Command::Complete {
                item: id,
                case,
                expected,
                fields,
            },
        )?;
        Ok(())
    }

    /// The first item that is free and asks for no role and no other form.
    fn first(&self, viewer: &Viewer) -> Result<Option<Item>, Failure> {
        let filter = Filter {
            lane: String::new(),
            holder: "free".into(),
        };
        let items = work::list(
            &Reader::of(self.app, &viewer.scope),
            &viewer.scope,
            &filter,
            20,
        )?;
        Ok(items.into_iter().find(|item| item.role.is_none()))
    }

    fn sign_in(&self, tenant: &TenantId, worker: &str) -> Result<Viewer, Failure> {
        let link = sight::invite(self.app, tenant, &WorkerId::new(worker))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(Failure::io("a thread"))?;
        let token = runtime.block_on(sight::sign_in(self.app, tenant, &link))?;
        let viewer = sight::viewer(self.app, &token)?;
        viewer.ok_or_else(|| {
            Failure::Said(format!("the pack has no worker {worker} to rehearse with"))
        })
    }

    /// Sends a worker's command; a refusal is no fault, the item is then left for a person.
    fn send(&self, viewer: &Viewer, command: Command) -> Result<i64, Failure> {
        let cause = self.app.fresh_cause("rehearsal");
        let tenant = &viewer.scope.tenant;
        match self.app.submit_now(tenant, viewer.actor(), &cause, command) {
            Ok(receipt) => Ok(receipt.n),
            Err(failure) if failure.rejection().is_some() => Ok(0),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Whether a sample is an invoice: those come one by one, orders and receipts all at the beginning.
fn is_invoice(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|window| window == b"<Invoice")
}
