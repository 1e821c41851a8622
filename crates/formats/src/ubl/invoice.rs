//! Invoices and credit notes: one shape, two signs.

use super::element::At;
use super::totals::read_taxes;
use super::{AllowanceCharge, Item, Party, Price, TaxSubtotal, Totals, sums};
use baton_model::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Which of the two a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    /// It asks for money.
    Invoice,
    /// It gives money back; its quantities and amounts are written positive.
    CreditNote,
}

impl InvoiceKind {
    /// As the case record says it: `invoice` or `credit_note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
        }
    }
}

/// An invoice or a credit note. All amounts are in `currency`, as the file states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// The sender's number (BT-1).
    pub number: String,
    /// The code of UNCL 1001 (BT-3): 380 invoice, 381 credit note, 384 correction, 326 partial.
    pub type_code: Option<String>,
    /// The day of issue (BT-2).
    pub issued: Date,
    /// The day payment is due (BT-9).
    pub due: Option<Date>,
    /// The currency of the amounts (BT-5).
    pub currency: Currency,
    /// The sender's notes, one a line (BT-22).
    pub note: Option<String>,
    /// The buyer's routing reference (BT-10).
    pub buyer_reference: Option<String>,
    /// The number of the order (BT-13). `NA`, Peppol's word for none, reads as none.
    pub order: Option<String>,
    /// The seller's own number of the order (BT-14).
    pub sales_order: Option<String>,
    /// The buyer's accounting reference (BT-19).
    pub cost_centre: Option<String>,
    /// The contract (BT-12).
    pub contract: Option<String>,
    /// The project (BT-11).
    pub project: Option<String>,
    /// Earlier invoices this one refers to (BT-25).
    pub preceding: Vec<String>,
    /// Despatch advices it refers to (BT-16).
    pub despatches: Vec<String>,
    /// Receipt advices it refers to (BT-15).
    pub receipts: Vec<String>,
    /// Who sells.
    pub supplier: Party,
    /// Who buys.
    pub buyer: Party,
    /// Who is paid, if not the seller (BG-10).
    pub payee: Option<Party>,
    /// The account to pay to (BT-84), blanks removed. Personal data.
    pub iban: Option<String>,
    /// The terms of payment in words (BT-20).
    pub terms: Option<String>,
    /// Allowances and charges on the whole document.
    pub allowance_charges: Vec<AllowanceCharge>,
    /// The tax by category and rate.
    pub taxes: Vec<TaxSubtotal>,
    /// The totals.
    pub totals: Totals,
    /// The lines, in the order of the file; at least one.
    pub lines: Vec<InvoiceLine>,
}

/// A line of an invoice or credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLine {
    /// The sender's identifier of the line (BT-126).
    pub id: String,
    /// The sender's note (BT-127).
    pub note: Option<String>,
    /// How many (BT-129); negative on corrections.
    pub quantity: Decimal,
    /// The unit's code of UN/ECE recommendation 20 (BT-130), like `C62`.
    pub unit: String,
    /// The price of one or more units (BT-146, BT-149).
    pub price: Price,
    /// The net amount (BT-131).
    pub net: Decimal,
    /// The order, where the line names one of its own.
    pub order: Option<String>,
    /// The order's line (BT-132).
    pub order_line: Option<String>,
    /// The buyer's accounting reference (BT-133).
    pub cost_centre: Option<String>,
    /// Allowances and charges on the line.
    pub allowance_charges: Vec<AllowanceCharge>,
    /// What it is.
    pub item: Item,
    /// Where the line stands in the file, from 1.
    pub at: u32,
}

/// Peppol's word for an order that has no number.
const NO_ORDER: &str = "NA";

/// The text of an order number, none if it says that there is none.
pub(super) fn order_number(text: Option<String>) -> Option<String> {
    text.filter(|number| number != NO_ORDER)
}

impl Invoice {
    /// Reads an `Invoice` or `CreditNote` root.
    pub(super) fn read(root: At<'_, '_>, kind: InvoiceKind) -> Option<Self> {
        let number = root.need_text("ID");
        let issued = root.need_date("IssueDate");
        let supplier = role(root, "AccountingSupplierParty");
        let buyer = role(root, "AccountingCustomerParty");
        let currency = root.currency()?;
        let (tax, taxes) = read_taxes(root, currency);
        let allowance_charges = AllowanceCharge::read_all(root, currency);
        let lines = read_lines(root, kind, currency);
        let totals = read_totals(root, currency, (tax, &taxes), &lines, &allowance_charges)?;
        let order = root.one("OrderReference");
        Some(Self {
            kind,
            number: number?,
            type_code: root.text(kind.type_code()),
            issued: issued?,
            due: due(root),
            currency,
            note: root.texts("Note"),
            buyer_reference: root.text("BuyerReference"),
            order: order_number(order.and_then(|order| order.text("ID"))),
            sales_order: order.and_then(|order| order.text("SalesOrderID")),
            cost_centre: root.text("AccountingCost"),
            contract: first_id(root, "ContractDocumentReference"),
            project: project(root),
            preceding: preceding(root),
            despatches: ids(root, "DespatchDocumentReference"),
            receipts: ids(root, "ReceiptDocumentReference"),
            supplier: supplier?,
            buyer: buyer?,
            payee: root.one("PayeeParty").and_then(Party::read),
            iban: iban(root),
            terms: root
                .many("PaymentTerms")
                .find_map(|terms| terms.texts("Note")),
            allowance_charges,
            taxes,
            totals,
            lines,
        })
    }
}

impl InvoiceKind {
    fn type_code(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceTypeCode",
            Self::CreditNote => "CreditNoteTypeCode",
        }
    }

    fn line(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceLine",
            Self::CreditNote => "CreditNoteLine",
        }
    }

    fn quantity(self) -> &'static str {
        match self {
            Self::Invoice => "InvoicedQuantity",
            Self::CreditNote => "CreditedQuantity",
        }
    }
}

/// The party in a role; its absence is refused.
pub(super) fn role(root: At<'_, '_>, name: &'static str) -> Option<Party> {
    Party::read_role(root.need(name)?)
}

/// The identifiers of all references of a name.
pub(super) fn ids(at: At<'_, '_>, name: &str) -> Vec<String> {
    at.many(name)
        .filter_map(|reference| reference.text("ID"))
        .collect()
}

/// The identifier of the first reference of a name.
pub(super) fn first_id(at: At<'_, '_>, name: &str) -> Option<String> {
    ids(at, name).into_iter().next()
}

/// The due date: of the document, or on credit notes of the payment means.
fn due(root: At<'_, '_>) -> Option<Date> {
    let of_means = || {
        root.many("PaymentMeans")
            .find_map(|means| means.date("PaymentDueDate"))
    };
    root.date("DueDate").or_else(of_means)
}

/// The project: its own reference, or on credit notes the document reference of type 50.
fn project(root: At<'_, '_>) -> Option<String> {
    let typed = || {
        root.many("AdditionalDocumentReference")
            .find(|reference| reference.text("DocumentTypeCode").as_deref() == Some("50"))
            .and_then(|reference| reference.text("ID"))
    };
    first_id(root, "ProjectReference").or_else(typed)
}

fn preceding(root: At<'_, '_>) -> Vec<String> {
    let references = root.many("BillingReference");
    references
        .flat_map(|billing| ids(billing, "InvoiceDocumentReference"))
        .collect()
}

fn iban(root: At<'_, '_>) -> Option<String> {
    let written = root
        .many("PaymentMeans")
        .find_map(|means| means.text_at(&["PayeeFinancialAccount", "ID"]))?;
    Some(written.split_whitespace().collect())
}

/// The stated totals, checked against the lines, allowances, charges and taxes.
fn read_totals(
    root: At<'_, '_>,
    currency: Currency,
    (tax, taxes): (Decimal, &[TaxSubtotal]),
    lines: &[InvoiceLine],
    charges: &[AllowanceCharge],
) -> Option<Totals> {
    let at = root.need("LegalMonetaryTotal")?;
    let totals = Totals::read(at, currency, tax)?;
    sums::totals(
        at,
        currency,
        &totals,
        lines.iter().map(|line| line.net),
        charges,
    );
    sums::taxable(at, totals.net, taxes);
    Some(totals)
}

fn read_lines(root: At<'_, '_>, kind: InvoiceKind, currency: Currency) -> Vec<InvoiceLine> {
    if root.many(kind.line()).next().is_none() {
        root.missing(kind.line());
    }
    root.many(kind.line())
        .filter_map(|at| InvoiceLine::read(at, kind, currency))
        .collect()
}

impl InvoiceLine {
    fn read(at: At<'_, '_>, kind: InvoiceKind, currency: Currency) -> Option<Self> {
        let id = at.need_text("ID");
        let (quantity, unit) = quantity(at, kind.quantity()).unzip();
        let net = at.need_amount("LineExtensionAmount", currency);
        let allowance_charges = AllowanceCharge::read_all(at, currency);
        let item = at.need("Item").and_then(Item::read);
        let price = at
            .need("Price")
            .and_then(|price| Price::read(price, currency));
        let reference = at.many("OrderLineReference").next();
        let line = Self {
            id: id?,
            note: at.texts("Note"),
            quantity: quantity?,
            unit: unit?,
            price: price?,
            net: net?,
            order: order_number(
                reference.and_then(|reference| reference.text_at(&["OrderReference", "ID"])),
            ),
            order_line: reference.and_then(|reference| reference.text("LineID")),
            cost_centre: at.text("AccountingCost"),
            allowance_charges,
            item: item?,
            at: at.line(),
        };
        let figures = (line.quantity, line.net);
        sums::line(at, currency, figures, &line.price, &line.allowance_charges);
        Some(line)
    }
}

/// A quantity and its unit; the absence of either is refused.
pub(super) fn quantity(at: At<'_, '_>, name: &'static str) -> Option<(Decimal, String)> {
    let found = at.need(name)?;
    let unit = found.attribute("unitCode");
    if unit.is_none() {
        found.missing("unitCode");
    }
    found.own_decimal().zip(unit)
}
