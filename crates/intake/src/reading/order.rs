//! The records of orders, receipt advices and despatch advices, from which the register is kept.

use super::record::{Filling, Made, charge, signed};
use crate::lines::Line;
use crate::register::{order_key, reference_key, sales_key};
use baton_formats::ubl::{
    DespatchAdvice, DespatchLine, Order, OrderLine, Party, Price, ReceiptAdvice, ReceiptLine,
};
use baton_model::{Decimal, Value};

/// The record of an order. Its own key comes first, then the names others may use for it.
pub(super) fn order(order: &Order) -> Made {
    let supplier = order.seller.id();
    let mut filling = Filling::default();
    let issued = order.issued.to_string();
    filling.texts(
        "order",
        &[
            ("number", Some(&order.number)),
            ("issued", Some(&issued)),
            ("currency", Some(order.currency.code())),
            ("cost_centre", order.cost_centre.as_deref()),
        ],
    );
    amounts(&mut filling, order);
    filling.list("order.lines", &order.lines, |entry| {
        order_line(entry).to_value()
    });
    let charges = &order.allowance_charges;
    filling.list("order.charges", charges, |entry| charge(entry).to_value());
    filling.party("supplier", &order.seller);
    filling.party("buyer", &order.buyer);
    Made {
        sender: order.buyer.id(),
        orders: names(&supplier, order),
        supplier,
        record: filling.0,
    }
}

/// The totals the order states; without them, the net of its lines.
fn amounts(filling: &mut Filling, order: &Order) {
    filling.put("order.net", Value::number(order.net()));
    if let Some(totals) = &order.totals {
        let amounts = [
            ("tax", totals.tax),
            ("gross", totals.gross),
            ("payable", totals.payable),
        ];
        filling.numbers("order", &amounts);
    }
}

fn names(supplier: &str, order: &Order) -> Vec<String> {
    let own = order_key(supplier, &order.number);
    let reference = order.originator_document.as_deref();
    let sales = order.sales_order.as_deref();
    let others = reference
        .map(|reference| reference_key(supplier, reference))
        .into_iter()
        .chain(sales.map(|number| sales_key(supplier, number)));
    std::iter::once(own).chain(others).collect()
}

fn order_line(entry: &OrderLine) -> Line {
    let price = price(entry);
    Line {
        id: entry.id.clone(),
        item: entry.item.id().map(String::from),
        name: entry.item.name.clone(),
        quantity: entry.quantity,
        unit: entry.unit.clone(),
        price: price.amount,
        base_quantity: price.base_quantity,
        net: entry.net.unwrap_or_default(),
        charges: signed(&entry.allowance_charges),
        order: None,
        order_line: None,
    }
}

/// The agreed price; an order line that states only its amount agrees on that for its quantity.
fn price(entry: &OrderLine) -> Price {
    let of_net = || {
        let goods = entry.net? - signed(&entry.allowance_charges);
        goods.checked_div(entry.quantity)
    };
    entry.price.clone().unwrap_or_else(|| Price {
        amount: of_net().unwrap_or_default(),
        base_quantity: Decimal::ONE,
        base_unit: None,
    })
}

/// The record of a receipt advice: what was kept, less what was sent back.
pub(super) fn receipt(advice: &ReceiptAdvice) -> Made {
    let lines: Vec<_> = advice.lines.iter().map(receipt_line).collect();
    let parties = (&advice.supplier, &advice.receiver);
    let mut made = advised(parties, "receipt", &advice.number, &advice.orders, &lines);
    made.sender = advice.receiver.id();
    made
}

fn receipt_line(entry: &ReceiptLine) -> Line {
    let item = entry.item.as_ref();
    Line {
        id: entry.id.clone(),
        item: item.and_then(|item| item.id()).map(String::from),
        name: item.map(|item| item.name.clone()).unwrap_or_default(),
        quantity: entry.received.saturating_sub(entry.rejected),
        unit: entry.unit.clone(),
        order: entry.order.clone(),
        order_line: entry.order_line.clone(),
        ..Line::default()
    }
}

/// The record of a despatch advice.
pub(super) fn despatch(advice: &DespatchAdvice) -> Made {
    let lines: Vec<_> = advice.lines.iter().map(despatch_line).collect();
    let parties = (&advice.supplier, &advice.receiver);
    advised(parties, "despatch", &advice.number, &advice.orders, &lines)
}

fn despatch_line(entry: &DespatchLine) -> Line {
    Line {
        id: entry.id.clone(),
        item: entry.item.id().map(String::from),
        name: entry.item.name.clone(),
        quantity: entry.quantity.unwrap_or_default(),
        unit: entry.unit.clone().unwrap_or_default(),
        order: entry.order.clone(),
        order_line: entry.order_line.clone(),
        ..Line::default()
    }
}

/// The record of an advice about the orders that it or its lines name.
fn advised(
    (supplier, buyer): (&Party, &Party),
    of: &str,
    number: &str,
    orders: &[String],
    lines: &[Line],
) -> Made {
    let id = supplier.id();
    let mut numbers: Vec<&String> = orders.iter().collect();
    numbers.extend(lines.iter().filter_map(|line| line.order.as_ref()));
    numbers.sort();
    numbers.dedup();
    let mut filling = Filling::default();
    filling.texts(of, &[("number", Some(number))]);
    filling.list(&format!("{of}.lines"), lines, Line::to_value);
    filling.party("supplier", supplier);
    filling.party("buyer", buyer);
    Made {
        sender: id.clone(),
        orders: numbers
            .iter()
            .map(|number| order_key(&id, number))
            .collect(),
        supplier: id,
        record: filling.0,
    }
}
