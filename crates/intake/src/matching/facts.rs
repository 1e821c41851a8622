//! The facts of a match and their form as the service's answer. Percentages are numbers like 5 for
//! 5 %; a variance is 0 where there is none, never absent, so that a decision table can test it.

use crate::lines::{Line, optional};
use baton_journal::event::ClaimedLine;
use baton_model::{Decimal, Value};

/// What the match found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Line by line, in the invoice's order.
    pub lines: Vec<LineFacts>,
    /// Of the whole.
    pub header: Header,
    /// The quantities claimed, by the order's line.
    pub claimed: Vec<ClaimedLine>,
}

/// The facts of one invoice line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFacts {
    /// The invoice line's id.
    pub line: String,
    /// The item's name on the invoice.
    pub name: String,
    /// The order's line, or lines with a comma between.
    pub order_line: Option<String>,
    /// Whether the order has such a line.
    pub known: bool,
    /// The invoice's unit.
    pub unit: String,
    /// The order's unit.
    pub order_unit: Option<String>,
    /// Whether they are the same; if not, no variance is computed.
    pub unit_same: bool,
    /// How many were ordered.
    pub ordered: Decimal,
    /// How many were received.
    pub received: Decimal,
    /// How many other cases claim.
    pub invoiced_before: Decimal,
    /// How many this line claims.
    pub quantity: Decimal,
    /// By how many the claims on the order's line pass what was received.
    pub quantity_over: Decimal,
    /// The same in per cent of what was received.
    pub quantity_over_percent: Decimal,
    /// The invoice's price of one unit.
    pub price: Decimal,
    /// The order's price of one unit.
    pub order_price: Decimal,
    /// By how much the invoice's price is higher.
    pub price_over: Decimal,
    /// The same in per cent of the order's price.
    pub price_over_percent: Decimal,
    /// The money that is in the quantity variance, at the order's price.
    pub amount_over_quantity: Decimal,
    /// The money that is in the price variance, at the invoice's quantity.
    pub amount_over_price: Decimal,
}

impl LineFacts {
    /// A line the order does not know.
    pub fn unknown(line: &Line) -> Self {
        Self {
            line: line.id.clone(),
            name: line.name.clone(),
            unit: line.unit.clone(),
            quantity: line.quantity,
            price: line.unit_price(),
            ..Self::default()
        }
    }

    /// The same with amounts in the currency's digits, percentages in four and prices in eight.
    pub fn rounded(mut self, digits: u32) -> Self {
        let round = |number: &mut Decimal, digits| *number = number.round_dp(digits).normalize();
        for price in [
            &mut self.price,
            &mut self.order_price,
            &mut self.price_over,
            &mut self.quantity_over,
        ] {
            round(price, 8);
        }
        round(&mut self.quantity_over_percent, 4);
        round(&mut self.price_over_percent, 4);
        round(&mut self.amount_over_quantity, digits);
        round(&mut self.amount_over_price, digits);
        self
    }

    fn to_value(&self) -> Value {
        Value::map([
            ("line", Value::text(&self.line)),
            ("name", Value::text(&self.name)),
            ("order_line", optional(self.order_line.as_deref())),
            ("known", Value::Bool(self.known)),
            ("unit", Value::text(&self.unit)),
            ("order_unit", optional(self.order_unit.as_deref())),
            ("unit_same", Value::Bool(self.unit_same)),
            ("ordered", Value::number(self.ordered)),
            ("received", Value::number(self.received)),
            ("invoiced_before", Value::number(self.invoiced_before)),
            ("quantity", Value::number(self.quantity)),
            ("quantity_over", Value::number(self.quantity_over)),
            (
                "quantity_over_percent",
                Value::number(self.quantity_over_percent),
            ),
            ("price", Value::number(self.price)),
            ("order_price", Value::number(self.order_price)),
            ("price_over", Value::number(self.price_over)),
            ("price_over_percent", Value::number(self.price_over_percent)),
            (
                "amount_over_quantity",
                Value::number(self.amount_over_quantity),
            ),
            ("amount_over_price", Value::number(self.amount_over_price)),
        ])
    }
}

/// The facts of the whole invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Whether its order is in the register.
    pub order_found: bool,
    /// The order's number.
    pub order: Option<String>,
    /// Who created the order, as a worker's id.
    pub creator: Option<String>,
    /// The cost centre it is booked on.
    pub cost_centre: Option<String>,
    /// Whether the sender used the number before, with other content.
    pub suspected_duplicate: bool,
    /// Whether it is a credit note.
    pub credit_note: bool,
    /// Whether order and invoice have one currency.
    pub currency_same: bool,
    /// Charges and allowances the order does not have.
    pub charges_unagreed: Decimal,
    /// The cost centre's budget, if it has one in this currency.
    pub budget: Option<Decimal>,
    /// What other cases took from it.
    pub committed: Decimal,
    /// By how much this invoice passes it; 0 if it does not.
    pub over_budget: Decimal,
    /// Who answers for the budget.
    pub budget_owner: Option<String>,
}

impl Header {
    fn to_value(&self) -> Value {
        Value::map([
            ("order_found", Value::Bool(self.order_found)),
            ("order", optional(self.order.as_deref())),
            ("creator", optional(self.creator.as_deref())),
            ("cost_centre", optional(self.cost_centre.as_deref())),
            ("suspected_duplicate", Value::Bool(self.suspected_duplicate)),
            ("credit_note", Value::Bool(self.credit_note)),
            ("currency_same", Value::Bool(self.currency_same)),
            ("charges_unagreed", Value::number(self.charges_unagreed)),
            ("budget", self.budget.map_or(Value::Null, Value::number)),
            ("committed", Value::number(self.committed)),
            ("over_budget", Value::number(self.over_budget)),
            ("budget_owner", optional(self.budget_owner.as_deref())),
        ])
    }
}

impl Facts {
    /// The facts as the service's answer: `lines` and `header`.
    pub fn to_value(&self) -> Value {
        let lines = self.lines.iter().map(LineFacts::to_value).collect();
        Value::map([
            ("lines", Value::List(lines)),
            ("header", self.header.to_value()),
        ])
    }
}
