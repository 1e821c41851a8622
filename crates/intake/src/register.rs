//! The register of orders: what was ordered, what was received, and what cases claim of it. A slot is
//! kept per order, and one for each other name an order can be found by.
//!
//! Documents may come in any sequence: a receipt before its order waits in the order's slot. A despatch
//! advice is noted, and counts as nothing received: the sender's word alone moves no money.

use crate::lines::{Fields, Line, Quantities, add};
use crate::matching::{Order, pair, share};
use baton_journal::event::ClaimedLine;
use baton_journal::{Document, DocumentKind, Key};
use baton_model::{DocumentId, Record};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The register's key of an order: its supplier and its number.
pub fn order_key(supplier: &str, number: &str) -> String {
    format!("{supplier}|{number}")
}

/// The register's key of another name for an order: the reference the supplier puts on an invoice that
/// names no order.
pub fn reference_key(supplier: &str, reference: &str) -> String {
    format!("{supplier}|ref:{reference}")
}

/// The register's key of an order by the number the supplier gave it.
pub fn sales_key(supplier: &str, number: &str) -> String {
    format!("{supplier}|so:{number}")
}

/// The keys under which the order of an invoice may be found, best first: the order it names, the
/// supplier's number of it, and the order that carries the invoice's own number as a reference.
pub fn candidates(
    supplier: &str,
    number: &str,
    order: Option<&str>,
    sales_order: Option<&str>,
) -> Vec<String> {
    let order = order.map(|order| order_key(supplier, order));
    let sales_order = sales_order.map(|number| sales_key(supplier, number));
    let own = reference_key(supplier, number);
    order.into_iter().chain(sales_order).chain([own]).collect()
}

/// What the register keeps under one key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The order, once it came.
    pub order: Option<Order>,
    /// The orders this key is another name of, by their own keys.
    pub same_as: BTreeSet<String>,
    /// What was received, by the receipt's document.
    pub receipts: BTreeMap<DocumentId, Vec<Line>>,
    /// The despatch advices about it.
    pub despatches: BTreeSet<DocumentId>,
    /// What all cases together claim, by the order's line; what each claims is kept with the case.
    pub claimed: Quantities,
}

impl Entry {
    /// What was received, by the order's line. A receipt in another unit than ordered does not count.
    pub fn received(&self) -> Quantities {
        let mut received = Quantities::new();
        let order = self.order.as_ref().map(|order| order.lines.as_slice());
        let order = order.unwrap_or_default();
        for line in self.receipts.values().flatten() {
            let mut paired = pair(order, line);
            paired.retain(|place| order[*place].unit == line.unit);
            let open = open(order, &received);
            for (place, part) in share(order, &paired, line.quantity, &open) {
                add(&mut received, &order[place].id, part);
            }
        }
        received
    }

    /// Adds a case's claim, or takes it off again.
    pub fn claim(&mut self, lines: &[ClaimedLine], adds: bool) {
        for line in lines {
            let quantity = if adds { line.quantity } else { -line.quantity };
            add(&mut self.claimed, &line.order_line, quantity);
        }
        self.claimed.retain(|_, quantity| !quantity.is_zero());
    }

    /// What all cases but one claim, by the order's line.
    pub fn claimed_without(&self, own: &[ClaimedLine]) -> Quantities {
        let mut others = self.claimed.clone();
        for line in own {
            add(&mut others, &line.order_line, -line.quantity);
        }
        others
    }
}

/// What of each line is ordered and not yet received.
fn open(order: &[Line], received: &Quantities) -> Quantities {
    let open = order.iter().map(|line| {
        let arrived = received.get(&line.id).copied().unwrap_or_default();
        (line.id.clone(), line.quantity.saturating_sub(arrived))
    });
    open.collect()
}

/// Enters a document in the slot of one of its orders.
pub fn enter(entry: &mut Entry, key: &str, id: &DocumentId, document: &Document) {
    match document.kind {
        DocumentKind::Order if document.orders.first().is_some_and(|own| own == key) => {
            entry.order = Some(order_of(&document.record));
        }
        DocumentKind::Order => entry.same_as.extend(document.orders.first().cloned()),
        DocumentKind::ReceiptAdvice => {
            let lines = received_of(&document.record, key, &document.orders);
            entry.receipts.insert(id.clone(), lines);
        }
        DocumentKind::DespatchAdvice => {
            entry.despatches.insert(id.clone());
        }
        DocumentKind::Invoice | DocumentKind::CreditNote => {}
    }
}

/// The slot keys a document changes in the register.
pub fn touched(document: &Document) -> Vec<Key> {
    let changes = !matches!(
        document.kind,
        DocumentKind::Invoice | DocumentKind::CreditNote
    );
    let keys = document.orders.iter().filter(|_| changes);
    keys.cloned().map(Key::Order).collect()
}

fn order_of(record: &Record) -> Order {
    let fields = Fields(record);
    Order {
        number: fields.text("order.number").unwrap_or_default(),
        currency: fields.text("order.currency").unwrap_or_default(),
        cost_centre: fields.text("order.cost_centre"),
        lines: fields.lines("order.lines"),
        charges: fields.charges("order.charges"),
    }
}

/// The lines of a receipt that are about one order. A line that names none belongs to the only one.
fn received_of(record: &Record, key: &str, orders: &[String]) -> Vec<Line> {
    let fields = Fields(record);
    let supplier = fields.text("supplier.id").unwrap_or_default();
    let mut lines = fields.lines("receipt.lines");
    lines.retain(|line| match &line.order {
        Some(number) => order_key(&supplier, number) == key,
        None => orders.len() == 1,
    });
    lines
}
