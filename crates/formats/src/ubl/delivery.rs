//! Despatch and receipt: what a seller says was sent, what a buyer says arrived.

use super::element::At;
use super::invoice::{ids, order_number, quantity, role};
use super::{Item, Party};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A despatch advice: the seller's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DespatchAdvice {
    /// The sender's number.
    pub number: String,
    /// The day of issue.
    pub issued: Date,
    /// The sender's notes, one a line.
    pub note: Option<String>,
    /// The orders named for the whole advice.
    pub orders: Vec<String>,
    /// Who sends.
    pub supplier: Party,
    /// Who receives.
    pub receiver: Party,
    /// The lines, in the order of the file; at least one.
    pub lines: Vec<DespatchLine>,
}

/// A line of a despatch advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DespatchLine {
    /// The sender's identifier of the line.
    pub id: String,
    /// The order, the line's own or the only one of the advice.
    pub order: Option<String>,
    /// The order's line.
    pub order_line: Option<String>,
    /// How many were sent; absent if the sender does not say.
    pub quantity: Option<Decimal>,
    /// The unit's code.
    pub unit: Option<String>,
    /// What it is.
    pub item: Item,
    /// Where the line stands in the file, from 1.
    pub at: u32,
}

/// A receipt advice: the buyer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptAdvice {
    /// The sender's number.
    pub number: String,
    /// The day of issue.
    pub issued: Date,
    /// The sender's notes, one a line.
    pub note: Option<String>,
    /// The orders named for the whole advice.
    pub orders: Vec<String>,
    /// The despatch advices it answers.
    pub despatches: Vec<String>,
    /// Who received; the issuer.
    pub receiver: Party,
    /// Who sent.
    pub supplier: Party,
    /// The lines, in the order of the file; at least one.
    pub lines: Vec<ReceiptLine>,
}

/// A line of a receipt advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The sender's identifier of the line.
    pub id: String,
    /// The order, the line's own or the only one of the advice.
    pub order: Option<String>,
    /// The order's line.
    pub order_line: Option<String>,
    /// How many arrived.
    pub received: Decimal,
    /// How many of them were sent back.
    pub rejected: Decimal,
    /// The unit's code.
    pub unit: String,
    /// The day they arrived, where stated.
    pub received_on: Option<Date>,
    /// What it is, where stated.
    pub item: Option<Item>,
    /// Where the line stands in the file, from 1; 0 if it comes from no file.
    pub at: u32,
}

impl ReceiptLine {
    /// How many were kept: received less rejected.
    pub fn accepted(&self) -> Decimal {
        self.received - self.rejected
    }
}

/// The order and order line of a line; the order falls back on the only one of the advice.
fn order_of(at: At<'_, '_>, orders: &[String]) -> (Option<String>, Option<String>) {
    let reference = at.many("OrderLineReference").next();
    let named = reference.and_then(|reference| reference.text_at(&["OrderReference", "ID"]));
    let only = match orders {
        [only] => Some(only.clone()),
        _ => None,
    };
    let line = reference.and_then(|reference| reference.text("LineID"));
    (order_number(named).or(only), line)
}

fn orders(root: At<'_, '_>) -> Vec<String> {
    let named = ids(root, "OrderReference").into_iter();
    named.filter_map(|id| order_number(Some(id))).collect()
}

impl DespatchAdvice {
    /// Reads a `DespatchAdvice` root.
    pub(super) fn read(root: At<'_, '_>) -> Option<Self> {
        let number = root.need_text("ID");
        let issued = root.need_date("IssueDate");
        let supplier = role(root, "DespatchSupplierParty");
        let receiver = role(root, "DeliveryCustomerParty");
        if root.many("DespatchLine").next().is_none() {
            root.missing("DespatchLine");
        }
        let orders = orders(root);
        let lines = root.many("DespatchLine");
        let lines = lines
            .filter_map(|at| DespatchLine::read(at, &orders))
            .collect();
        Some(Self {
            number: number?,
            issued: issued?,
            note: root.texts("Note"),
            orders,
            supplier: supplier?,
            receiver: receiver?,
            lines,
        })
    }
}

impl DespatchLine {
    fn read(at: At<'_, '_>, orders: &[String]) -> Option<Self> {
        let id = at.need_text("ID");
        let item = at.need("Item").and_then(Item::read);
        let delivered = at.one("DeliveredQuantity");
        let (order, order_line) = order_of(at, orders);
        Some(Self {
            id: id?,
            order,
            order_line,
            quantity: delivered.and_then(At::own_decimal),
            unit: delivered.and_then(|delivered| delivered.attribute("unitCode")),
            item: item?,
            at: at.line(),
        })
    }
}

impl ReceiptAdvice {
    /// Reads a `ReceiptAdvice` root.
    pub(super) fn read(root: At<'_, '_>) -> Option<Self> {
        let number = root.need_text("ID");
        let issued = root.need_date("IssueDate");
        let receiver = role(root, "DeliveryCustomerParty");
        let supplier = role(root, "DespatchSupplierParty");
        if root.many("ReceiptLine").next().is_none() {
            root.missing("ReceiptLine");
        }
        let orders = orders(root);
        let lines = root.many("ReceiptLine");
        let lines = lines
            .filter_map(|at| ReceiptLine::read(at, &orders))
            .collect();
        Some(Self {
            number: number?,
            issued: issued?,
            note: root.texts("Note"),
            orders,
            despatches: ids(root, "DespatchDocumentReference"),
            receiver: receiver?,
            supplier: supplier?,
            lines,
        })
    }
}

impl ReceiptLine {
    fn read(at: At<'_, '_>, orders: &[String]) -> Option<Self> {
        let id = at.need_text("ID");
        let (received, unit) = quantity(at, "ReceivedQuantity").unzip();
        let (order, order_line) = order_of(at, orders);
        Some(Self {
            id: id?,
            order,
            order_line,
            received: received?,
            rejected: at.decimal("RejectedQuantity").unwrap_or_default(),
            unit: unit?,
            received_on: at.date("ReceivedDate"),
            item: at.many("Item").next().and_then(Item::read),
            at: at.line(),
        })
    }
}
