//! The lines and charges of orders, receipts and invoices as intake computes with them, and their
//! form as values of a record. Not here: UBL; `reading` makes these from it.

use baton_model::{Decimal, Record, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A line of an order, a receipt or an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id in the document.
    pub id: String,
    /// The item's id: the seller's, else the buyer's, else the standard one.
    pub item: Option<String>,
    /// The item's name.
    pub name: String,
    /// How many units: ordered, received or invoiced.
    pub quantity: Decimal,
    /// The unit's code (UN/ECE Recommendation 20), like `C62`.
    pub unit: String,
    /// The price of `base_quantity` units, without tax.
    pub price: Decimal,
    /// How many units the price is for.
    pub base_quantity: Decimal,
    /// The line's amount without tax.
    pub net: Decimal,
    /// The charges on the line less its allowances; part of `net`.
    pub charges: Decimal,
    /// The order it is about, where the line names one itself.
    pub order: Option<String>,
    /// The order's line it is about.
    pub order_line: Option<String>,
}

impl Line {
    /// The price of one unit, with the line's own charges and allowances in it.
    pub fn unit_price(&self) -> Decimal {
        let price = self.price.checked_div(self.base_quantity);
        let price = price.unwrap_or(self.price);
        let charges = self.charges.checked_div(self.quantity);
        price.saturating_add(charges.unwrap_or_default())
    }

    /// The line as a value of a record.
    pub fn to_value(&self) -> Value {
        Value::map([
            ("id", Value::text(&self.id)),
            ("item", optional(self.item.as_deref())),
            ("name", Value::text(&self.name)),
            ("quantity", Value::number(self.quantity)),
            ("unit", Value::text(&self.unit)),
            ("price", Value::number(self.price)),
            ("base_quantity", Value::number(self.base_quantity)),
            ("net", Value::number(self.net)),
            ("charges", Value::number(self.charges)),
            ("order", optional(self.order.as_deref())),
            ("order_line", optional(self.order_line.as_deref())),
        ])
    }

    /// The line of a record's value; what is missing is empty, and a price is for one unit.
    pub fn of(value: &Value) -> Self {
        let base = value.get("base_quantity").and_then(Value::as_number);
        Self {
            id: text(value, "id").unwrap_or_default(),
            item: text(value, "item"),
            name: text(value, "name").unwrap_or_default(),
            quantity: number(value, "quantity"),
            unit: text(value, "unit").unwrap_or_default(),
            price: number(value, "price"),
            base_quantity: base.unwrap_or(Decimal::ONE),
            net: number(value, "net"),
            charges: number(value, "charges"),
            order: text(value, "order"),
            order_line: text(value, "order_line"),
        }
    }
}

/// A charge or an allowance on a whole document or on a line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Whether it adds to the amount; an allowance takes away.
    pub charge: bool,
    /// What it is for.
    pub reason: String,
    /// The amount, without tax.
    pub amount: Decimal,
}

impl Charge {
    /// The charge as a value of a record.
    pub fn to_value(&self) -> Value {
        Value::map([
            ("charge", Value::Bool(self.charge)),
            ("reason", Value::text(&self.reason)),
            ("amount", Value::number(self.amount)),
        ])
    }

    /// The charge of a record's value.
    pub fn of(value: &Value) -> Self {
        Self {
            charge: value.get("charge").and_then(Value::as_bool) == Some(true),
            reason: text(value, "reason").unwrap_or_default(),
            amount: number(value, "amount"),
        }
    }
}

/// A text, or nothing.
pub fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::text)
}

/// The fields of a record that intake may look at: those in the clear, wherever they stand, as a
/// field of their own (`match.header`) or inside another (`match` with `header` in it).
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(pub &'a Record);

impl<'a> Fields<'a> {
    /// The value of a field, unless it is sealed or missing.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        if let Some(cell) = self.0.get(name) {
            return cell.value();
        }
        let dots = name.match_indices('.').rev();
        dots.map(|(at, _)| (&name[..at], &name[at + 1..]))
            .find_map(|(field, path)| self.0.get(field)?.value()?.at(path))
    }

    /// A field's text, unless it is empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.value(name)?.as_text()?.trim();
        (!text.is_empty()).then(|| text.to_string())
    }

    /// A field's number, or 0.
    pub fn number(&self, name: &str) -> Decimal {
        let value = self.value(name).and_then(Value::as_number);
        value.unwrap_or_default()
    }

    /// The lines under a name.
    pub fn lines(&self, name: &str) -> Vec<Line> {
        let items = self.value(name).map(Value::items).unwrap_or_default();
        items.iter().map(Line::of).collect()
    }

    /// The charges under a name.
    pub fn charges(&self, name: &str) -> Vec<Charge> {
        let items = self.value(name).map(Value::items).unwrap_or_default();
        items.iter().map(Charge::of).collect()
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_text()?;
    (!text.is_empty()).then(|| text.to_string())
}

fn number(value: &Value, name: &str) -> Decimal {
    let number = value.get(name).and_then(Value::as_number);
    number.unwrap_or_default()
}

/// Quantities by an order's line.
pub type Quantities = BTreeMap<String, Decimal>;

/// Adds to a line's quantity.
pub fn add(quantities: &mut Quantities, line: &str, quantity: Decimal) {
    let sum = quantities.entry(line.to_string()).or_default();
    *sum = sum.saturating_add(quantity);
}
