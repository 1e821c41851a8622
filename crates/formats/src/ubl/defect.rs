//! Planted defects: an order and receipt spoilt in one way, so that the real invoice fails the match for
//! that one reason.
//!
//! The defect is planted on the side of the order or the receipt, because the invoice's bytes stay real;
//! only a duplicate is a second sending of the invoice. A budget is no document: [`Defect::OverBudget`]
//! leaves the documents whole, and the pack's budget table must hold less than the invoice's net.

use super::derive::{Derived, Group, derive, groups, net, totals};
use super::{Identifier, Invoice, Item, Order, ReceiptAdvice};
use rust_decimal::Decimal;

/// One way to spoil a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A fifth less arrived than is invoiced on one line.
    Quantity,
    /// The order's price of one line is a tenth below the invoice's.
    Price,
    /// The order has one line in another unit.
    Unit,
    /// The order has another item in the place of one line.
    UnknownLine,
    /// The invoice comes a second time with other bytes.
    Duplicate,
    /// The order is whole; its budget is to be too small.
    OverBudget,
}

impl Defect {
    /// All of them, in the order of the match's checks.
    pub const ALL: [Self; 6] = [
        Self::Quantity,
        Self::Price,
        Self::Unit,
        Self::UnknownLine,
        Self::Duplicate,
        Self::OverBudget,
    ];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Unit => "unit",
            Self::UnknownLine => "unknown-line",
            Self::Duplicate => "duplicate",
            Self::OverBudget => "over-budget",
        }
    }

    /// The defect of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|defect| defect.word() == word)
    }
}

/// The documents around an invoice with a defect in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The order.
    pub order: Order,
    /// The receipt advice.
    pub receipt: ReceiptAdvice,
    /// The second sending of the invoice, if the defect is a duplicate.
    pub resent: Option<Vec<u8>>,
}

/// Derives the order and receipt of an invoice, read from `bytes`, and plants one defect.
pub fn plant(defect: Defect, invoice: &Invoice, bytes: &[u8]) -> Planted {
    let Derived { order, receipt } = derive(invoice);
    let mut planted = Planted {
        order,
        receipt,
        resent: None,
    };
    let groups = groups(invoice);
    let line = target(&groups);
    match defect {
        Defect::Quantity => short(&mut planted, line, &groups),
        Defect::Price => cheaper(&mut planted, line),
        Defect::Unit => other_unit(&mut planted, line),
        Defect::UnknownLine => other_item(&mut planted, line),
        Defect::Duplicate => planted.resent = Some(resent(bytes)),
        Defect::OverBudget => {}
    }
    planted
}

/// The line that is spoilt: the first that asks for something, else the first.
fn target(groups: &[Group<'_>]) -> usize {
    let asks = |group: &Group<'_>| group.invoiced() > Decimal::ZERO;
    groups.iter().position(asks).unwrap_or(0)
}

/// A fifth less arrives than is invoiced in sum; of a return, a fifth more went back.
fn short(planted: &mut Planted, line: usize, groups: &[Group<'_>]) {
    let invoiced = groups.get(line).map(Group::invoiced).unwrap_or_default();
    let fifth = Decimal::new(2, 1) * invoiced.abs();
    let less = if fifth.is_zero() { Decimal::ONE } else { fifth };
    if let Some(received) = planted.receipt.lines.get_mut(line) {
        received.received = (invoiced - less).normalize();
    }
}

fn cheaper(planted: &mut Planted, line: usize) {
    let order = &mut planted.order;
    let Some(ordered) = order.lines.get_mut(line) else {
        return;
    };
    if let Some(price) = &mut ordered.price {
        let tenth = Decimal::new(1, 1) * price.amount.abs();
        let less = if tenth.is_zero() { Decimal::ONE } else { tenth };
        price.amount = (price.amount - less).normalize();
    }
    ordered.net = net(ordered, order.currency);
    order.totals = Some(totals(&order.lines, &order.allowance_charges));
}

fn other_unit(planted: &mut Planted, line: usize) {
    let Some(ordered) = planted.order.lines.get_mut(line) else {
        return;
    };
    let unit = if ordered.unit == "KGM" { "C62" } else { "KGM" };
    ordered.unit = unit.into();
    if let Some(price) = &mut ordered.price {
        price.base_unit = price.base_unit.as_ref().map(|_| unit.into());
    }
    if let Some(received) = planted.receipt.lines.get_mut(line) {
        received.unit = unit.into();
    }
}

/// Another item, with its own line id, stands where the invoice's line would be found.
fn other_item(planted: &mut Planted, line: usize) {
    let item = Item {
        name: "Another item".into(),
        description: None,
        seller_id: Some("ANOTHER-ITEM".into()),
        buyer_id: None,
        standard_id: Some(Identifier {
            scheme: Some("0160".into()),
            value: "00000000000000".into(),
        }),
    };
    if let Some(ordered) = planted.order.lines.get_mut(line) {
        ordered.id = format!("{}-other", ordered.id);
        ordered.item = item.clone();
        if let Some(received) = planted.receipt.lines.get_mut(line) {
            received.id = ordered.id.clone();
            received.order_line = Some(ordered.id.clone());
            received.item = Some(item);
        }
    }
}

/// The same document in other bytes: a comment behind its end.
fn resent(bytes: &[u8]) -> Vec<u8> {
    let mut other = bytes.to_vec();
    other.extend_from_slice(b"\n<!-- sent again -->\n");
    other
}
