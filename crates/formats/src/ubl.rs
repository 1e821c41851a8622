//! UBL 2.1 documents of purchase-to-pay: order, despatch advice, receipt advice, invoice, credit note.
//!
//! [`read`] turns bytes into a typed [`Document`] and computes every sum again, as EN 16931 does; a
//! document that does not add up is refused at its line. It keeps what the three-way match and the case
//! record need and nothing else of UBL's two thousand fields; it checks no code lists and no VAT rules
//! beyond the sums. [`write_order`] and [`write_receipt`] give schema-valid bytes; [`derive`] makes the
//! order and receipt that a real invoice was owed, [`plant`] spoils them. Bytes come from `intake`;
//! documents go to its records and to the match.

mod charge;
mod defect;
mod delivery;
mod derive;
mod element;
mod fault;
mod invoice;
mod item;
mod order;
mod party;
mod sums;
mod totals;
mod write;

pub use charge::AllowanceCharge;
pub use defect::{Defect, Planted, plant};
pub use delivery::{DespatchAdvice, DespatchLine, ReceiptAdvice, ReceiptLine};
pub use derive::{Derived, derive};
pub use fault::Fault;
pub use invoice::{Invoice, InvoiceKind, InvoiceLine};
pub use item::{Item, Price};
pub use order::{Order, OrderLine};
pub use party::{Contact, Identifier, Party};
pub use totals::{TaxSubtotal, Totals};
pub use write::{write_order, write_receipt};

use crate::xml;
use baton_model::Diagnostic;
use element::{At, Reading};

/// The namespace all UBL 2 document roots begin with.
const ROOTS: &str = "urn:oasis:names:specification:ubl:schema:xsd:";

/// A document that Baton understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// A buyer's order.
    Order(Order),
    /// A seller's word that goods left.
    DespatchAdvice(DespatchAdvice),
    /// A buyer's word that goods arrived.
    ReceiptAdvice(ReceiptAdvice),
    /// A seller's invoice.
    Invoice(Invoice),
    /// A seller's credit note.
    CreditNote(Invoice),
}

impl Document {
    /// The kind in one word, as messages and views name it: `order`, `despatch_advice`,
    /// `receipt_advice`, `invoice`, `credit_note`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::DespatchAdvice(_) => "despatch_advice",
            Self::ReceiptAdvice(_) => "receipt_advice",
            Self::Invoice(_) => "invoice",
            Self::CreditNote(_) => "credit_note",
        }
    }

    /// The number its sender gave it.
    pub fn number(&self) -> &str {
        match self {
            Self::Order(order) => &order.number,
            Self::DespatchAdvice(advice) => &advice.number,
            Self::ReceiptAdvice(advice) => &advice.number,
            Self::Invoice(invoice) | Self::CreditNote(invoice) => &invoice.number,
        }
    }

    /// Who issued it: numbers are unique per sender.
    pub fn sender(&self) -> &Party {
        match self {
            Self::Order(order) => &order.buyer,
            Self::DespatchAdvice(advice) => &advice.supplier,
            Self::ReceiptAdvice(advice) => &advice.receiver,
            Self::Invoice(invoice) | Self::CreditNote(invoice) => &invoice.supplier,
        }
    }
}

/// Reads a UBL document and computes its sums again.
///
/// # Errors
/// The findings in the order of the file, at most 50, each with line and column: `BATON-XML-NNN` of the
/// guard, `BATON-UBL-NNN` of [`Fault`].
pub fn read(bytes: &[u8]) -> Result<Document, Vec<Diagnostic>> {
    let tree = xml::parse(bytes).map_err(|found| vec![found])?;
    let reading = Reading::new(tree.input_text());
    let root = At::new(tree.root_element(), &reading);
    let document = read_root(root);
    match (document, reading.finish()) {
        (Some(document), found) if found.is_empty() => Ok(document),
        (_, found) => Err(found),
    }
}

fn read_root(root: At<'_, '_>) -> Option<Document> {
    let name = root.name();
    let Some(of_root) = root.namespace().strip_prefix(ROOTS) else {
        root.refuse(Fault::NotUbl(name.into()));
        return None;
    };
    let belongs = of_root.strip_suffix("-2") == Some(name);
    match name {
        "Order" if belongs => Order::read(root).map(Document::Order),
        "DespatchAdvice" if belongs => DespatchAdvice::read(root).map(Document::DespatchAdvice),
        "ReceiptAdvice" if belongs => ReceiptAdvice::read(root).map(Document::ReceiptAdvice),
        "Invoice" if belongs => Invoice::read(root, InvoiceKind::Invoice).map(Document::Invoice),
        "CreditNote" if belongs => {
            Invoice::read(root, InvoiceKind::CreditNote).map(Document::CreditNote)
        }
        _ => {
            root.refuse(Fault::OtherKind(name.into()));
            None
        }
    }
}
