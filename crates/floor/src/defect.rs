//! Defects that suppliers' invoices really have, how each is planted, and what a careful clerk would
//! call it. The words are the service's own; how it finds them is not known here.

use crate::deal::{Charge, Deal, Line};
use crate::money::Cents;
use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// What is wrong with an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// A line dearer than ordered, by more than anybody tolerates.
    Price,
    /// More invoiced than arrived.
    Quantity,
    /// Another unit than ordered.
    Unit,
    /// A line that nobody ordered.
    UnknownLine,
    /// An order number that nobody gave out.
    NoOrder,
    /// A charge that was not agreed.
    Charge,
    /// Another currency than ordered.
    Currency,
    /// More than the cost centre's whole budget.
    OverBudget,
    /// A number the supplier used before, with another date.
    Duplicate,
}

/// A cost centre of the sample company, and more than its budget.
const BUDGET: (&str, Cents) = ("4100", Cents(6_000_000));

impl Defect {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Price,
        Self::Quantity,
        Self::Unit,
        Self::UnknownLine,
        Self::NoOrder,
        Self::Charge,
        Self::Currency,
        Self::OverBudget,
        Self::Duplicate,
    ];

    /// Those that a credit note can have. What it gives back was invoiced, so there is no order to miss, no
    /// budget to pass and nothing that did not arrive.
    pub const OF_CREDIT_NOTES: [Self; 6] = [
        Self::Price,
        Self::Unit,
        Self::UnknownLine,
        Self::Charge,
        Self::Currency,
        Self::Duplicate,
    ];

    /// The reasons a careful clerk would give for a credit note, in order: a person looks at each.
    pub fn reasons_of_credit(defect: Option<Self>) -> Vec<&'static str> {
        let mut reasons = vec!["credit note"];
        reasons.extend(match defect {
            // A credit note claims nothing that a second one could find used up.
            Some(Self::Duplicate) => &["suspected duplicate"][..],
            Some(defect) => defect.reasons(),
            None => &[],
        });
        reasons.sort_unstable();
        reasons
    }

    /// The reasons a careful clerk would give, in order.
    pub fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Price => &["price"],
            Self::Quantity => &["quantity"],
            Self::Unit => &["unit"],
            Self::UnknownLine => &["unknown line"],
            Self::NoOrder => &["no order"],
            Self::Charge => &["charges not agreed"],
            Self::Currency => &["currency"],
            Self::OverBudget => &["over budget"],
            // What the first one claimed is used up.
            Self::Duplicate => &["quantity", "suspected duplicate"],
        }
    }

    /// Plants the defect. A duplicate is planted by sending the invoice again, a day later.
    pub fn plant(self, deal: &mut Deal, rng: &mut Rng) {
        deal.defect = Some(self);
        let place = rng.usize(..deal.invoiced.len());
        match self {
            Self::Price => dearer(&mut deal.invoiced[place], rng),
            Self::Quantity => missing(deal, place, rng),
            Self::Unit => deal.invoiced[place].unit = "KGM".into(),
            Self::UnknownLine => deal.invoiced.push(express()),
            Self::NoOrder => deal.refers_to = format!("X{}", deal.order),
            Self::Charge => deal.charges.push(Charge {
                reason: "Fuel surcharge",
                amount: Cents(rng.i64(2_000..9_000)),
            }),
            Self::Currency => deal.currency = "USD",
            Self::OverBudget => beyond_budget(deal, place),
            Self::Duplicate => {
                deal.issued = deal.issued.saturating_add(jiff::Span::new().days(1));
            }
        }
    }
}

/// Five to fourteen percent dearer, and by 30.00 on the line at least.
fn dearer(line: &mut Line, rng: &mut Rng) {
    let more = line.price.percent(rng.i64(5..15)).0;
    let least = 3_000 / line.quantity + 1;
    line.price = line.price + Cents(more.max(least));
}

/// A tenth to a third of a line has not arrived.
fn missing(deal: &mut Deal, place: usize, rng: &mut Rng) {
    let ordered = deal.ordered[place].quantity;
    deal.received[place] = ordered - ordered * rng.i64(10..34) / 100 - 1;
}

fn express() -> Line {
    Line {
        item: "EXP-24".into(),
        name: "Express delivery".into(),
        unit: "C62".into(),
        quantity: 1,
        price: Cents(4_900),
        order_line: None,
    }
}

/// Ordered, delivered and invoiced alike, but more than the cost centre has for the whole year.
fn beyond_budget(deal: &mut Deal, place: usize) {
    deal.cost_centre = Some(BUDGET.0);
    let needed = BUDGET.1.0 / deal.ordered[place].price.0 + 1;
    deal.ordered[place].quantity = needed;
    // A cent more on each would not be harmless any longer.
    deal.invoiced[place] = deal.ordered[place].clone();
    deal.received[place] = needed;
}
