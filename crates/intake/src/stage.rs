//! The stage: intake's state, and which of its modules answers a command or an event.

use crate::budget::{Commitments, Tables};
use crate::correlate::Waiting;
use crate::receive::{self, Numbered, Refused, Seen};
use crate::register::{self, Entry};
use crate::service::{self, Asked, Held};
use crate::views;
use baton_journal::event::{ClaimReleased, DocumentRefused, QuantitiesClaimed, RefusalRepeated};
use baton_journal::{
    Change, Command, Document, DocumentKind, Env, Event, EventName, Key, Need, Shelf, Slots, Stage,
    Stop, View,
};
use baton_model::{CaseId, DocumentId, Micros, Record};

/// Intake's state.
#[derive(Debug)]
pub struct Intake {
    /// The pack's tables.
    pub(crate) tables: Slots<Tables>,
    /// Documents by sender, kind and number.
    pub(crate) numbers: Slots<Numbered>,
    /// Files that were refused, by their hash.
    pub(crate) refused: Slots<Refused>,
    /// The register of orders.
    pub(crate) orders: Slots<Entry>,
    /// What was taken from budgets.
    pub(crate) budgets: Slots<Commitments>,
    /// What each case claims.
    pub(crate) cases: Slots<Held>,
    /// What documents each case waits for, and which came to it.
    pub(crate) waiting: Slots<Waiting>,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            tables: Slots::new("intake.tables", |key| matches!(key, Key::Tenant)),
            numbers: Slots::new("intake.received", |key| matches!(key, Key::Number(_))),
            refused: Slots::new("intake.refused", |key| matches!(key, Key::File(_))),
            orders: Slots::new("intake.orders", |key| matches!(key, Key::Order(_))),
            budgets: Slots::new("intake.budgets", |key| matches!(key, Key::Budget(_))),
            cases: Slots::new("intake.cases", |key| matches!(key, Key::Case(_))),
            waiting: Slots::new("intake.waiting", |key| matches!(key, Key::Case(_))),
        }
    }
}

impl Stage for Intake {
    const VIEWS: &'static [View] = views::VIEWS;

    fn decides(command: &Command) -> bool {
        matches!(command, Command::Receive(_) | Command::Refuse { .. })
    }

    fn decide(&self, command: &Command, env: &Env<'_>) -> Result<Vec<Event>, Stop> {
        receive::decide(self, command, env)
    }

    fn react(&self, event: &Event, _env: &Env<'_>) -> Result<Vec<Event>, Need> {
        match event {
            Event::ServiceAsked {
                case,
                token,
                service,
                record,
                ..
            } => {
                let token = *token;
                let asked = Asked {
                    case,
                    token,
                    record,
                };
                self.serve(service, &asked)
            }
            Event::CaseEnded { case, outcome } if outcome == "rejected" => {
                let held = self.cases.get(&Key::Case(case.clone()))?;
                Ok(held.map(|held| held.release(case)).into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn apply(&mut self, event: &Event, _name: EventName, at: Micros) {
        match event {
            Event::PackDeployed { deployment, .. } => {
                self.tables
                    .upsert(&Key::Tenant, |tables| tables.take(deployment));
            }
            Event::DocumentReceived {
                id,
                document,
                suspected_of,
            } => {
                let seen = Seen::of(id, document, at);
                let suspected_of = suspected_of.clone();
                self.received(
                    document,
                    Seen {
                        suspected_of,
                        ..seen
                    },
                );
            }
            Event::DocumentCorrelated {
                case, id, document, ..
            } => {
                let seen = Seen::of(id, document, at);
                let case = Some(case.clone());
                self.received(document, Seen { case, ..seen });
                self.waits(event);
            }
            Event::MessageAwaited { .. } | Event::MessageEnded { .. } | Event::CaseEnded { .. } => {
                self.waits(event);
            }
            Event::DocumentRefused(DocumentRefused { sha256, .. }) => {
                if let Some(refused) = Refused::of(event, at) {
                    self.refused.put(Key::File(sha256.clone()), refused);
                }
            }
            Event::RefusalRepeated(RefusalRepeated { sha256, .. }) => {
                self.refused.update(&Key::File(sha256.clone()), |refused| {
                    refused.times += 1;
                    refused.last = at;
                });
            }
            Event::CaseStarted {
                case,
                document: Some(document),
                kind: Some(kind),
                record,
                ..
            } => self.started(case, document, *kind, record),
            Event::QuantitiesClaimed(_) => self.claimed(event),
            Event::ClaimReleased(ClaimReleased { case, .. }) => self.released(case),
            _ => {}
        }
    }

    fn project(&self, event: &Event, _name: EventName, at: Micros) -> Vec<Change> {
        views::project(self, event, at)
    }

    fn shelves(&mut self, visit: &mut dyn FnMut(&mut dyn Shelf)) {
        visit(&mut self.tables);
        visit(&mut self.numbers);
        visit(&mut self.refused);
        visit(&mut self.orders);
        visit(&mut self.budgets);
        visit(&mut self.cases);
        visit(&mut self.waiting);
    }
}

impl Intake {
    fn serve(&self, service: &str, asked: &Asked<'_>) -> Result<Vec<Event>, Need> {
        match service {
            "three-way-match" => service::three_way_match(self, asked),
            "payment-proposal" => service::payment_proposal(self, asked),
            _ => Ok(Vec::new()),
        }
    }

    fn received(&mut self, document: &Document, seen: Seen) {
        let (id, suspected) = (seen.id.clone(), seen.suspected_of.is_some());
        self.numbers
            .upsert(&Key::number(document), |numbered| numbered.push(seen));
        if suspected {
            return;
        }
        for key in register::touched(document) {
            if let Key::Order(own) = &key {
                self.orders
                    .upsert(&key, |entry| register::enter(entry, own, &id, document));
            }
        }
    }

    /// Notes what documents a case waits for. A case that never waited for any has no such note.
    fn waits(&mut self, event: &Event) {
        let Some(key) = event.case().cloned().map(Key::Case) else {
            return;
        };
        match event {
            Event::MessageAwaited { .. } | Event::DocumentCorrelated { .. } => {
                self.waiting.upsert(&key, |waiting| waiting.apply(event));
            }
            _ if self.waiting.peek(&key).is_some() => {
                self.waiting.update(&key, |waiting| waiting.apply(event));
            }
            _ => {}
        }
    }

    /// Notes at the document which case it became.
    fn started(
        &mut self,
        case: &CaseId,
        document: &DocumentId,
        kind: DocumentKind,
        record: &Record,
    ) {
        let Some(key) = views::number_of(kind, record) else {
            return;
        };
        if self.numbers.peek(&key).is_none() {
            return;
        }
        self.numbers.update(&key, |numbered| {
            let own = numbered.iter_mut().filter(|seen| seen.id == *document);
            own.for_each(|seen| seen.case = Some(case.clone()));
        });
    }

    /// Takes over a case's claim, in place of the one it held.
    fn claimed(&mut self, event: &Event) {
        let Event::QuantitiesClaimed(QuantitiesClaimed {
            case,
            order,
            lines,
            cost_centre,
            amount,
        }) = event
        else {
            return;
        };
        self.released(case);
        let held = Held {
            order: order.clone(),
            lines: lines.clone(),
            cost_centre: cost_centre.clone(),
            amount: *amount,
        };
        self.count(&held, true);
        self.cases.put(Key::Case(case.clone()), held);
    }

    fn released(&mut self, case: &CaseId) {
        let key = Key::Case(case.clone());
        if let Some(held) = self.cases.peek(&key).cloned() {
            self.count(&held, false);
            self.cases.remove(&key);
        }
    }

    /// Adds what a case holds to its order and its budget, or takes it off.
    fn count(&mut self, held: &Held, adds: bool) {
        if let Some(order) = held.order.clone().map(Key::Order) {
            self.orders
                .upsert(&order, |entry| entry.claim(&held.lines, adds));
        }
        if let Some(cost_centre) = held.cost_centre.clone().map(Key::Budget) {
            let amount = if adds { held.amount } else { -held.amount };
            self.budgets.upsert(&cost_centre, |budget| {
                budget.taken = budget.taken.saturating_add(amount);
            });
        }
    }
}
