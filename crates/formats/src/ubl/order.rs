//! Orders: what a buyer asked for, at which price.

use super::element::At;
use super::invoice::{first_id, quantity, role};
use super::totals::read_taxes;
use super::{AllowanceCharge, Item, Party, Price, Totals, sums};
use baton_model::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// An order. All amounts are in `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The buyer's number.
    pub number: String,
    /// The seller's own number of it.
    pub sales_order: Option<String>,
    /// The day of issue.
    pub issued: Date,
    /// The code of UNCL 1001: 220 order, 227 consignment order.
    pub type_code: Option<String>,
    /// The buyer's notes, one a line.
    pub note: Option<String>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The buyer's reference, which comes back on the invoice as its buyer reference (BT-10).
    pub customer_reference: Option<String>,
    /// The buyer's accounting reference.
    pub cost_centre: Option<String>,
    /// The document the order grew from; see [`derive`](super::derive) for its use there.
    pub originator_document: Option<String>,
    /// The contract.
    pub contract: Option<String>,
    /// The project.
    pub project: Option<String>,
    /// Who buys.
    pub buyer: Party,
    /// Who sells.
    pub seller: Party,
    /// Allowances and charges agreed for the whole order, like freight.
    pub allowance_charges: Vec<AllowanceCharge>,
    /// The totals, where the order states them.
    pub totals: Option<Totals>,
    /// The lines, in the order of the file; at least one.
    pub lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The buyer's identifier of the line.
    pub id: String,
    /// The buyer's note.
    pub note: Option<String>,
    /// How many.
    pub quantity: Decimal,
    /// The unit's code of UN/ECE recommendation 20.
    pub unit: String,
    /// The agreed price, where there is one.
    pub price: Option<Price>,
    /// The net amount, where stated.
    pub net: Option<Decimal>,
    /// The buyer's accounting reference.
    pub cost_centre: Option<String>,
    /// Allowances and charges on the line.
    pub allowance_charges: Vec<AllowanceCharge>,
    /// What it is.
    pub item: Item,
    /// Where the line stands in the file, from 1; 0 if it comes from no file.
    pub at: u32,
}

impl Order {
    /// Reads an `Order` root.
    pub(super) fn read(root: At<'_, '_>) -> Option<Self> {
        let number = root.need_text("ID");
        let issued = root.need_date("IssueDate");
        let buyer = role(root, "BuyerCustomerParty");
        let seller = role(root, "SellerSupplierParty");
        let currency = root.currency()?;
        let allowance_charges = AllowanceCharge::read_all(root, currency);
        let lines = read_lines(root, currency);
        let totals = read_totals(root, currency, &lines, &allowance_charges);
        Some(Self {
            number: number?,
            sales_order: root.text("SalesOrderID"),
            issued: issued?,
            type_code: root.text("OrderTypeCode"),
            note: root.texts("Note"),
            currency,
            customer_reference: root.text("CustomerReference"),
            cost_centre: root.text("AccountingCost"),
            originator_document: first_id(root, "OriginatorDocumentReference"),
            contract: first_id(root, "Contract"),
            project: first_id(root, "ProjectReference"),
            buyer: buyer?,
            seller: seller?,
            allowance_charges,
            totals,
            lines,
        })
    }

    /// The total without tax: as stated, else the sum of the lines' nets, allowances and charges.
    pub fn net(&self) -> Decimal {
        let lines = || {
            self.lines
                .iter()
                .filter_map(|line| line.net)
                .sum::<Decimal>()
        };
        let charges = || {
            self.allowance_charges
                .iter()
                .map(AllowanceCharge::signed)
                .sum::<Decimal>()
        };
        self.totals
            .as_ref()
            .map_or_else(|| lines() + charges(), |totals| totals.net)
    }
}

fn read_lines(root: At<'_, '_>, currency: Currency) -> Vec<OrderLine> {
    if root.many("OrderLine").next().is_none() {
        root.missing("OrderLine");
    }
    root.many("OrderLine")
        .filter_map(|line| OrderLine::read(line.need("LineItem")?, currency))
        .collect()
}

/// The stated totals, checked as far as the lines state their nets.
fn read_totals(
    root: At<'_, '_>,
    currency: Currency,
    lines: &[OrderLine],
    charges: &[AllowanceCharge],
) -> Option<Totals> {
    let (tax, _) = read_taxes(root, currency);
    let at = root.one("AnticipatedMonetaryTotal")?;
    let totals = Totals::read(at, currency, tax)?;
    let nets: Option<Vec<Decimal>> = lines.iter().map(|line| line.net).collect();
    if let Some(nets) = nets {
        sums::totals(at, currency, &totals, nets.into_iter(), charges);
    }
    Some(totals)
}

impl OrderLine {
    fn read(at: At<'_, '_>, currency: Currency) -> Option<Self> {
        let id = at.need_text("ID");
        let (quantity, unit) = quantity(at, "Quantity").unzip();
        let allowance_charges = AllowanceCharge::read_all(at, currency);
        let price = at
            .one("Price")
            .and_then(|price| Price::read(price, currency));
        let net = at.amount("LineExtensionAmount", currency);
        let item = at.need("Item").and_then(Item::read);
        let quantity = quantity?;
        if let (Some(price), Some(net)) = (&price, net) {
            sums::line(at, currency, (quantity, net), price, &allowance_charges);
        }
        Some(Self {
            id: id?,
            note: at.texts("Note"),
            quantity,
            unit: unit?,
            price,
            net,
            cost_centre: at.text("AccountingCost"),
            allowance_charges,
            item: item?,
            at: at.line(),
        })
    }
}
