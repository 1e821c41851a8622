//! Pairing: which lines of an order a line of an invoice or a receipt is about, and how its quantity
//! is shared among them. Not here: whether the quantity or the price is right.

use crate::lines::{Line, Quantities};
use baton_model::Decimal;

/// The order's lines a line is about, by place: by the order line it names, else by item, else by
/// name. None if the order does not know the line; a wrong order line is not guessed at.
pub fn pair(order: &[Line], line: &Line) -> Vec<usize> {
    if let Some(named) = line.order_line.as_deref() {
        return places(order, |own| own.id == named);
    }
    let item = line.item.as_deref();
    let by_item = places(order, |own| item.is_some() && own.item.as_deref() == item);
    match by_item.len() {
        0 => by_name(order, line),
        1 => by_item,
        _ => narrowed(order, line, by_item),
    }
}

/// Where an item stands on several lines: the one with the line's own id if it has it, else those
/// with its unit and price as far as there are any.
fn narrowed(order: &[Line], line: &Line, places: Vec<usize>) -> Vec<usize> {
    let keep = |places: Vec<usize>, fits: &dyn Fn(&Line) -> bool| {
        let fitting: Vec<_> = places
            .iter()
            .copied()
            .filter(|place| fits(&order[*place]))
            .collect();
        if fitting.is_empty() { places } else { fitting }
    };
    let places = keep(places, &|own| own.id == line.id);
    let places = keep(places, &|own| own.unit == line.unit);
    keep(places, &|own| own.unit_price() == line.unit_price())
}

/// By name; where several have it, the one with the line's own id, else the only one with its unit and
/// price. What stays ambiguous is unknown.
fn by_name(order: &[Line], line: &Line) -> Vec<usize> {
    let name = plain(&line.name);
    let named = places(order, |own| !name.is_empty() && plain(&own.name) == name);
    if named.len() < 2 {
        return named;
    }
    let narrow = narrowed(order, line, named);
    if narrow.len() == 1 {
        narrow
    } else {
        Vec::new()
    }
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
    if quantity <= Decimal::ZERO {
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
    shares
}
