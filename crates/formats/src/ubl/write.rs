//! Orders and receipt advices as UBL 2.1 bytes, the elements in the order of the schema.
//!
//! It writes what the types hold and nothing else, so that reading gives the same document back. No
//! profile is claimed: the bytes are valid UBL, not Peppol.

mod out;
mod parts;

use super::{Order, OrderLine, ReceiptAdvice, ReceiptLine, Totals};
use out::Out;
use parts::{allowance_charge, item, party, price, reference};
use rust_decimal::Decimal;

/// An order as schema-valid UBL 2.1.
pub fn write_order(order: &Order) -> Vec<u8> {
    Out::document("Order", |out| {
        out.leaf("cbc:UBLVersionID", "2.1");
        out.leaf("cbc:ID", &order.number);
        out.maybe("cbc:SalesOrderID", order.sales_order.as_deref());
        out.leaf("cbc:IssueDate", &order.issued.to_string());
        out.maybe("cbc:OrderTypeCode", order.type_code.as_deref());
        out.maybe("cbc:Note", order.note.as_deref());
        out.leaf("cbc:DocumentCurrencyCode", order.currency.code());
        out.maybe("cbc:CustomerReference", order.customer_reference.as_deref());
        out.maybe("cbc:AccountingCost", order.cost_centre.as_deref());
        reference(
            out,
            "cac:OriginatorDocumentReference",
            order.originator_document.as_deref(),
        );
        reference(out, "cac:Contract", order.contract.as_deref());
        reference(out, "cac:ProjectReference", order.project.as_deref());
        out.group("cac:BuyerCustomerParty", |out| party(out, &order.buyer));
        out.group("cac:SellerSupplierParty", |out| party(out, &order.seller));
        for entry in &order.allowance_charges {
            allowance_charge(out, entry, order.currency.code());
        }
        if let Some(totals) = &order.totals {
            order_totals(out, totals, order.currency.code());
        }
        for line in &order.lines {
            out.group("cac:OrderLine", |out| {
                order_line(out, line, order.currency.code())
            });
        }
    })
}

fn order_totals(out: &mut Out, totals: &Totals, currency: &str) {
    if !totals.tax.is_zero() {
        out.group("cac:TaxTotal", |out| {
            out.amount("cbc:TaxAmount", totals.tax, currency)
        });
    }
    out.group("cac:AnticipatedMonetaryTotal", |out| {
        let mut optional = |name, amount: Decimal, always: bool| {
            if always || !amount.is_zero() {
                out.amount(name, amount, currency);
            }
        };
        optional("cbc:LineExtensionAmount", totals.lines, true);
        optional("cbc:TaxExclusiveAmount", totals.net, true);
        optional(
            "cbc:TaxInclusiveAmount",
            totals.gross,
            !totals.tax.is_zero(),
        );
        optional("cbc:AllowanceTotalAmount", totals.allowances, false);
        optional("cbc:ChargeTotalAmount", totals.charges, false);
        optional("cbc:PrepaidAmount", totals.prepaid, false);
        optional("cbc:PayableRoundingAmount", totals.rounding, false);
        optional("cbc:PayableAmount", totals.payable, true);
    });
}

fn order_line(out: &mut Out, line: &OrderLine, currency: &str) {
    out.group("cac:LineItem", |out| {
        out.leaf("cbc:ID", &line.id);
        out.maybe("cbc:Note", line.note.as_deref());
        out.quantity("cbc:Quantity", line.quantity, Some(&line.unit));
        if let Some(net) = line.net {
            out.amount("cbc:LineExtensionAmount", net, currency);
        }
        out.maybe("cbc:AccountingCost", line.cost_centre.as_deref());
        for entry in &line.allowance_charges {
            allowance_charge(out, entry, currency);
        }
        if let Some(agreed) = &line.price {
            price(out, agreed, currency);
        }
        item(out, &line.item);
    });
}

/// A receipt advice as schema-valid UBL 2.1.
pub fn write_receipt(receipt: &ReceiptAdvice) -> Vec<u8> {
    Out::document("ReceiptAdvice", |out| {
        out.leaf("cbc:UBLVersionID", "2.1");
        out.leaf("cbc:ID", &receipt.number);
        out.leaf("cbc:IssueDate", &receipt.issued.to_string());
        out.maybe("cbc:Note", receipt.note.as_deref());
        for order in &receipt.orders {
            reference(out, "cac:OrderReference", Some(order));
        }
        for despatch in &receipt.despatches {
            reference(out, "cac:DespatchDocumentReference", Some(despatch));
        }
        out.group("cac:DeliveryCustomerParty", |out| {
            party(out, &receipt.receiver)
        });
        out.group("cac:DespatchSupplierParty", |out| {
            party(out, &receipt.supplier)
        });
        for line in &receipt.lines {
            out.group("cac:ReceiptLine", |out| receipt_line(out, line));
        }
    })
}

fn receipt_line(out: &mut Out, line: &ReceiptLine) {
    out.leaf("cbc:ID", &line.id);
    out.quantity("cbc:ReceivedQuantity", line.received, Some(&line.unit));
    if !line.rejected.is_zero() {
        out.quantity("cbc:RejectedQuantity", line.rejected, Some(&line.unit));
    }
    if let Some(day) = line.received_on {
        out.leaf("cbc:ReceivedDate", &day.to_string());
    }
    if let Some(order_line) = &line.order_line {
        out.group("cac:OrderLineReference", |out| {
            out.leaf("cbc:LineID", order_line);
            reference(out, "cac:OrderReference", line.order.as_deref());
        });
    }
    if let Some(thing) = &line.item {
        item(out, thing);
    }
}
