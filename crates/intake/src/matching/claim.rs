//! The claim: an invoice or credit note as the match looks at it, read from a case's fields.

use super::Order;
use crate::lines::{Charge, Fields, Line};
use baton_model::{Decimal, Record};

/// An invoice or credit note, as far as the match looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who sent it.
    pub supplier: String,
    /// Its number.
    pub number: String,
    /// Whether it gives back.
    pub credit_note: bool,
    /// Whether it may be a duplicate.
    pub suspected: bool,
    /// The order's number, where it names one.
    pub order: Option<String>,
    /// The supplier's own number of the order, where it names one.
    pub sales_order: Option<String>,
    /// The cost centre it names.
    pub cost_centre: Option<String>,
    /// Its currency's code.
    pub currency: String,
    /// Its amount without tax; negative where it gives back.
    pub net: Decimal,
    /// Its lines; quantities are negative where they give back.
    pub lines: Vec<Line>,
    /// Its charges and allowances.
    pub charges: Vec<Charge>,
}

impl Claim {
    /// Whether a line can be about the order found: it names this one, or none, or the claim itself
    /// names another, and the order was found by another name.
    pub(super) fn means(&self, order: Option<&Order>, line: &Line) -> bool {
        let Some(order) = order.map(|order| order.number.as_str()) else {
            return false;
        };
        let named = line.order.as_deref().unwrap_or(order);
        named == order || self.order.as_deref() != Some(order)
    }

    /// The claim in a case's record.
    pub fn of(record: &Record) -> Self {
        let fields = Fields(record);
        let credit_note = fields.text("invoice.kind").as_deref() == Some("credit_note");
        let mut lines = fields.lines("invoice.lines");
        let mut net = fields.number("invoice.net");
        if credit_note {
            net = -net;
            lines.iter_mut().for_each(turn);
        }
        Self {
            supplier: fields.text("supplier.id").unwrap_or_default(),
            number: fields.text("invoice.number").unwrap_or_default(),
            credit_note,
            suspected: fields.text("invoice.suspected_of").is_some(),
            order: fields.text("invoice.order"),
            sales_order: fields.text("invoice.sales_order"),
            cost_centre: fields.text("invoice.cost_centre"),
            currency: fields.text("invoice.currency").unwrap_or_default(),
            net,
            lines,
            charges: fields.charges("invoice.charges"),
        }
    }
}

/// A credited line gives back: its quantity counts the other way, and with it its charges.
fn turn(line: &mut Line) {
    line.quantity = -line.quantity;
    line.charges = -line.charges;
}
