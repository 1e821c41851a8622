//! From a real invoice, the order and the receipt advice that it answers, so that it passes the match.
//!
//! Samples and tests are made with it; nothing in the running of a case depends on it. The invoice's
//! own bytes are never touched. What carries what:
//!
//! | of the order or receipt | comes from |
//! |---|---|
//! | `cbc:ID` | the invoice's order number (BT-13); without one, `PO-` and the invoice's number |
//! | `cbc:CustomerReference` | the invoice's buyer reference (BT-10); without one, its number |
//! | `cac:OriginatorDocumentReference/cbc:ID` | always the invoice's number |
//! | `cac:Contract`, `cac:ProjectReference`, `cbc:AccountingCost`, `cbc:SalesOrderID` | the same on the invoice |
//! | buyer and seller | the invoice's, all identifiers, so [`Party::id`](super::Party::id) agrees; no contacts |
//! | header allowances and charges | the invoice's, so none is unagreed |
//! | `LineItem/cbc:ID` | the order line that the invoice's line names (BT-132); without one, the invoice line's own id |
//! | item, unit, price, base quantity | the invoice line's |
//!
//! An invoice without an order number is found by its supplier together with the originator document,
//! then the customer reference, then the lines' items; its lines by item, and by equal line id where
//! items repeat. Invoice lines that name the same order line become one: its quantity is the sum of
//! their positive quantities (their sum, if none is positive), its price the highest among them.
//! The receipt (`GR-` and the invoice's number) has a line for each order line, all received.

use super::{AllowanceCharge, Contact, Invoice, InvoiceLine, Order, OrderLine, Party, Price};
use super::{ReceiptAdvice, ReceiptLine, Totals};
use baton_model::Currency;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeSet;

/// What [`derive`] makes of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The order the invoice answers.
    pub order: Order,
    /// The receipt of all that was ordered.
    pub receipt: ReceiptAdvice,
}

/// The order and the receipt advice under which an invoice passes the match.
pub fn derive(invoice: &Invoice) -> Derived {
    let groups = groups(invoice);
    let lines = groups
        .iter()
        .map(|group| group.order_line(invoice.currency))
        .collect();
    let order = order(invoice, lines);
    let receipt = receipt(invoice, &order);
    Derived { order, receipt }
}

/// The invoice lines that answer one order line.
pub(super) struct Group<'a> {
    id: String,
    first: &'a InvoiceLine,
    more: Vec<&'a InvoiceLine>,
}

/// The invoice's lines by order line, in the order of the file.
pub(super) fn groups(invoice: &Invoice) -> Vec<Group<'_>> {
    let named = invoice
        .lines
        .iter()
        .filter_map(|line| line.order_line.clone());
    let mut taken: BTreeSet<String> = named.collect();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in &invoice.lines {
        let same = groups
            .iter_mut()
            .find(|group| line.order_line.as_deref() == Some(group.id.as_str()));
        match (same, &line.order_line) {
            (Some(group), _) => group.more.push(line),
            (None, Some(id)) => groups.push(Group::of(id.clone(), line)),
            (None, None) => groups.push(Group::of(free_id(&mut taken, &line.id), line)),
        }
    }
    groups
}

/// An identifier that no other order line has.
fn free_id(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut id = wanted.to_owned();
    let mut count = 1;
    while !taken.insert(id.clone()) {
        count += 1;
        id = format!("{wanted}/{count}");
    }
    id
}

impl<'a> Group<'a> {
    fn of(id: String, first: &'a InvoiceLine) -> Self {
        let more = Vec::new();
        Self { id, first, more }
    }

    fn lines(&self) -> impl Iterator<Item = &'a InvoiceLine> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    /// What the invoice asks for in sum, corrections taken off.
    pub(super) fn invoiced(&self) -> Decimal {
        self.lines().map(|line| line.quantity).sum()
    }

    fn ordered(&self) -> Decimal {
        let positive: Decimal = self
            .lines()
            .map(|line| line.quantity.max(Decimal::ZERO))
            .sum();
        if positive.is_zero() {
            self.invoiced()
        } else {
            positive
        }
    }

    fn price(&self) -> &'a Price {
        let highest = self.lines().max_by_key(|line| line.price.per_unit());
        &highest.unwrap_or(self.first).price
    }

    fn order_line(&self, currency: Currency) -> OrderLine {
        let mut line = OrderLine {
            id: self.id.clone(),
            note: None,
            quantity: self.ordered(),
            unit: self.first.unit.clone(),
            price: Some(self.price().clone()),
            net: Some(self.first.net),
            cost_centre: self.first.cost_centre.clone(),
            allowance_charges: self
                .lines()
                .flat_map(|line| line.allowance_charges.clone())
                .collect(),
            item: self.first.item.clone(),
            at: 0,
        };
        if !self.more.is_empty() {
            line.net = net(&line, currency);
        }
        line
    }
}

/// A line's net from its quantity, price, allowances and charges.
pub(super) fn net(line: &OrderLine, currency: Currency) -> Option<Decimal> {
    let extra = signed(&line.allowance_charges);
    let goods = line.price.as_ref()?.of(line.quantity)?;
    let net = goods.checked_add(extra)?;
    let digits = currency.digits().max(2);
    Some(net.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero))
}

fn signed(charges: &[AllowanceCharge]) -> Decimal {
    charges.iter().map(AllowanceCharge::signed).sum()
}

/// The totals of an order without tax, from its lines, allowances and charges.
pub(super) fn totals(lines: &[OrderLine], charges: &[AllowanceCharge]) -> Totals {
    let of = |charge: bool| -> Decimal {
        let same = charges.iter().filter(|entry| entry.charge == charge);
        same.map(|entry| entry.amount).sum()
    };
    let sum: Decimal = lines.iter().filter_map(|line| line.net).sum();
    let net = sum + signed(charges);
    Totals {
        lines: sum,
        allowances: of(false),
        charges: of(true),
        net,
        gross: net,
        payable: net,
        ..Totals::default()
    }
}

/// A party without its contact: a person's data is not copied.
fn without_contact(party: &Party) -> Party {
    Party {
        contact: Contact::default(),
        ..party.clone()
    }
}

fn order(invoice: &Invoice, lines: Vec<OrderLine>) -> Order {
    let made_up = || format!("PO-{}", invoice.number);
    let reference = invoice.buyer_reference.as_ref().unwrap_or(&invoice.number);
    Order {
        number: invoice.order.clone().unwrap_or_else(made_up),
        sales_order: invoice.sales_order.clone(),
        issued: invoice.issued,
        type_code: Some("220".into()),
        note: Some(format!("Derived from invoice {}", invoice.number)),
        currency: invoice.currency,
        customer_reference: Some(reference.clone()),
        cost_centre: invoice.cost_centre.clone(),
        originator_document: Some(invoice.number.clone()),
        contract: invoice.contract.clone(),
        project: invoice.project.clone(),
        buyer: without_contact(&invoice.buyer),
        seller: without_contact(&invoice.supplier),
        allowance_charges: invoice.allowance_charges.clone(),
        totals: Some(totals(&lines, &invoice.allowance_charges)),
        lines,
    }
}

fn receipt(invoice: &Invoice, order: &Order) -> ReceiptAdvice {
    let lines = order.lines.iter().map(|line| ReceiptLine {
        id: line.id.clone(),
        order: Some(order.number.clone()),
        order_line: Some(line.id.clone()),
        received: line.quantity,
        rejected: Decimal::ZERO,
        unit: line.unit.clone(),
        received_on: Some(invoice.issued),
        item: Some(line.item.clone()),
        at: 0,
    });
    ReceiptAdvice {
        number: format!("GR-{}", invoice.number),
        issued: invoice.issued,
        note: Some(format!("Derived from invoice {}", invoice.number)),
        orders: vec![order.number.clone()],
        despatches: invoice.despatches.clone(),
        receiver: order.buyer.clone(),
        supplier: order.seller.clone(),
        lines: lines.collect(),
    }
}
