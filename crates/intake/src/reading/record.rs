//! The record of an invoice or credit note: the fields its case begins with. Quantities and amounts of
//! a credit note stay positive, as the file has them; the match turns them.

use crate::lines::{Charge, Line, optional};
use crate::register::candidates;
use baton_formats::ubl::{AllowanceCharge, Invoice, InvoiceLine, Party};
use baton_model::{Cell, Decimal, Record, Value};

/// What is made of a document.
pub(super) struct Made {
    pub(super) supplier: String,
    pub(super) sender: String,
    pub(super) orders: Vec<String>,
    pub(super) record: Record,
}

/// A record being filled; every cell is in the clear.
#[derive(Default)]
pub(super) struct Filling(pub(super) Record);

impl Filling {
    pub(super) fn put(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), Cell::Clear(value));
    }

    pub(super) fn texts(&mut self, of: &str, fields: &[(&str, Option<&str>)]) {
        for (name, text) in fields {
            self.put(format!("{of}.{name}"), optional(*text));
        }
    }

    pub(super) fn numbers(&mut self, of: &str, fields: &[(&str, Decimal)]) {
        for (name, number) in fields {
            self.put(format!("{of}.{name}"), Value::number(*number));
        }
    }

    pub(super) fn list<T>(&mut self, name: &str, items: &[T], value: impl Fn(&T) -> Value) {
        self.put(name, Value::List(items.iter().map(value).collect()));
    }

    /// The fields of a party that are nobody's personal data.
    pub(super) fn party(&mut self, of: &str, party: &Party) {
        let id = party.id();
        self.texts(of, &[("id", Some(&id)), ("name", Some(&party.name))]);
    }
}

/// The record of an invoice or a credit note.
pub(super) fn invoice(invoice: &Invoice) -> Made {
    let supplier = invoice.supplier.id();
    let order = order_of(invoice);
    let sales_order = invoice.sales_order.as_deref();
    let orders = candidates(&supplier, &invoice.number, order.as_deref(), sales_order);
    let mut filling = Filling::default();
    texts(&mut filling, invoice, order.as_deref());
    amounts(&mut filling, invoice);
    parties(&mut filling, invoice);
    filling.list("invoice.lines", &invoice.lines, |entry| {
        line(entry).to_value()
    });
    let charges = &invoice.allowance_charges;
    filling.list("invoice.charges", charges, |entry| charge(entry).to_value());
    Made {
        sender: supplier.clone(),
        supplier,
        orders,
        record: filling.0,
    }
}

/// The order of the whole document; else the only one that its lines name.
fn order_of(invoice: &Invoice) -> Option<String> {
    let mut named: Vec<_> = invoice
        .lines
        .iter()
        .filter_map(|line| line.order.as_ref())
        .collect();
    named.dedup();
    let only = match named[..] {
        [only] => Some(only.clone()),
        _ => None,
    };
    invoice.order.clone().or(only)
}

fn texts(filling: &mut Filling, invoice: &Invoice, order: Option<&str>) {
    let issued = invoice.issued.to_string();
    let due = invoice.due.map(|due| due.to_string());
    filling.texts(
        "invoice",
        &[
            ("number", Some(&invoice.number)),
            ("kind", Some(invoice.kind.word())),
            ("type_code", invoice.type_code.as_deref()),
            ("issued", Some(&issued)),
            ("due", due.as_deref()),
            ("currency", Some(invoice.currency.code())),
            ("order", order),
            ("sales_order", invoice.sales_order.as_deref()),
            ("cost_centre", cost_centre(invoice)),
            ("buyer_reference", invoice.buyer_reference.as_deref()),
            ("terms", invoice.terms.as_deref()),
            ("note", invoice.note.as_deref()),
            ("document", None),
            ("suspected_of", None),
        ],
    );
    let preceding = &invoice.preceding;
    filling.list("invoice.preceding", preceding, |number| Value::text(number));
}

/// The cost centre of the whole document; else the one that all its lines name.
fn cost_centre(invoice: &Invoice) -> Option<&str> {
    let first = invoice
        .lines
        .first()
        .and_then(|line| line.cost_centre.as_ref());
    let same = invoice
        .lines
        .iter()
        .all(|line| line.cost_centre.as_ref() == first);
    let of_lines = first.filter(|_| same);
    invoice
        .cost_centre
        .as_ref()
        .or(of_lines)
        .map(String::as_str)
}

fn amounts(filling: &mut Filling, invoice: &Invoice) {
    let totals = &invoice.totals;
    let amounts = [
        ("net", totals.net),
        ("tax", totals.tax),
        ("gross", totals.gross),
        ("prepaid", totals.prepaid),
        ("payable", totals.payable),
    ];
    filling.numbers("invoice", &amounts);
}

fn parties(filling: &mut Filling, invoice: &Invoice) {
    let (supplier, contact) = (&invoice.supplier, &invoice.supplier.contact);
    filling.party("supplier", supplier);
    filling.texts(
        "supplier",
        &[
            ("vat", supplier.vat.as_deref()),
            ("country", supplier.country.as_deref()),
            ("iban", invoice.iban.as_deref()),
            ("contact", contact.name.as_deref()),
            ("email", contact.email.as_deref()),
            ("phone", contact.phone.as_deref()),
        ],
    );
    filling.party("buyer", &invoice.buyer);
}

fn line(entry: &InvoiceLine) -> Line {
    Line {
        id: entry.id.clone(),
        item: entry.item.id().map(String::from),
        name: entry.item.name.clone(),
        quantity: entry.quantity,
        unit: entry.unit.clone(),
        price: entry.price.amount,
        base_quantity: entry.price.base_quantity,
        net: entry.net,
        charges: signed(&entry.allowance_charges),
        order: entry.order.clone(),
        order_line: entry.order_line.clone(),
    }
}

/// The charges less the allowances.
pub(super) fn signed(entries: &[AllowanceCharge]) -> Decimal {
    let amounts = entries.iter().map(AllowanceCharge::signed);
    amounts.fold(Decimal::ZERO, Decimal::saturating_add)
}

pub(super) fn charge(entry: &AllowanceCharge) -> Charge {
    Charge {
        charge: entry.charge,
        reason: entry.label().into(),
        amount: entry.amount,
    }
}
