//! Pairing: which lines of an order a line of an invoice or a receipt is about, and how its quantity
//! is shared among them. Not here: whether the quantity or the price is right.

use crate::lines::{Line, Quantities};
use baton_model::Decimal;

/// The order's lines a line is about, by place: by the order line it names, else by item, else by
/// name with unit and price where only one line has them. None if the order does not know the line.
pub fn pair(order: &[Line], line: &Line) -> Vec<usize> {
    let named = line.order_line.as_deref();
    let by_line = named.map(|named| places(order, |own| own.id == named));
    let item = line.item.as_deref();
    let by_item = || places(order, |own| item.is_some() && own.item.as_deref() == item);
    match by_line {
        Some(found) if !found.is_empty() => found,
        Some(_) => Vec::new(),
        None => Some(by_item())
            .filter(|found| !found.is_empty())
            .unwrap_or_else(|| by_name(order, line)),
    }
}

/// By name, and where several have the name by unit and price too; ambiguous is unknown.
fn by_name(order: &[Line], line: &Line) -> Vec<usize> {
    let name = plain(&line.name);
    let named = places(order, |own| !name.is_empty() && plain(&own.name) == name);
    if named.len() < 2 {
        return named;
    }
    let exact = places(order, |own| {
        plain(&own.name) == name && own.unit == line.unit && own.unit_price() == line.unit_price()
    });
    if exact.len() == 1 { exact } else { Vec::new() }
}

fn places(order: &[Line], fits: impl Fn(&Line) -> bool) -> Vec<usize> {
    let found = order.iter().enumerate().filter(|(_, line)| fits(line));
    found.map(|(place, _)| place).collect()
}

/// A name without what people write differently: case and blanks.
fn plain(name: &str) -> String {
    let words = name.split_whitespace().map(str::to_lowercase);
    words.collect::<Vec<_>>().join(" ")
}

/// Shares a quantity among paired lines: each takes what it has open, in order, and the last takes the
/// rest. What is given back (a negative quantity) goes to the first.
pub fn share(
    order: &[Line],
    paired: &[usize],
    quantity: Decimal,
    open: &Quantities,
) -> Vec<(usize, Decimal)> {
    let Some((last, others)) = paired.split_last() else {
        return Vec::new();
    };
    if quantity < Decimal::ZERO {
        return vec![(paired[0], quantity)];
    }
    let mut rest = quantity;
    let mut shares = Vec::new();
    for place in others {
        let own = open.get(&order[*place].id).copied().unwrap_or_default();
        let part = rest.min(own.max(Decimal::ZERO));
        rest = rest.saturating_sub(part);
        shares.push((*place, part));
    }
    shares.push((*last, rest));
    shares.retain(|(_, part)| *part != Decimal::ZERO);
    if shares.is_empty() {
        shares.push((paired[0], Decimal::ZERO));
    }
    shares
}
