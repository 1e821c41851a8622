//! A deal: what was ordered, what arrived, and what the supplier invoices. Drawn from a seed; a defect
//! changes the invoice, never the order.

use crate::Defect;
use crate::goods::{Good, SUPPLIERS, Supplier};
use crate::money::Cents;
use fastrand::Rng;
use jiff::{Span, civil::Date};

/// A line of an order or an invoice.
#[derive(Clone, Debug)]
pub struct Line {
    /// The seller's item number.
    pub item: String,
    /// The name.
    pub name: String,
    /// The unit's code.
    pub unit: String,
    /// How many.
    pub quantity: i64,
    /// The price of one.
    pub price: Cents,
    /// The order's line it is of, from 1.
    pub order_line: Option<usize>,
}

impl Line {
    /// What the line comes to.
    pub fn amount(&self) -> Cents {
        self.price.times(self.quantity)
    }
}

/// A charge beside the lines.
#[derive(Clone, Debug)]
pub struct Charge {
    /// What for.
    pub reason: &'static str,
    /// How much.
    pub amount: Cents,
}

/// A deal.
#[derive(Clone, Debug)]
pub struct Deal {
    /// With whom.
    pub supplier: &'static Supplier,
    /// The order's number.
    pub order: String,
    /// What was ordered.
    pub ordered: Vec<Line>,
    /// The cost centre the order is for, where it names one.
    pub cost_centre: Option<&'static str>,
    /// How many of each ordered line arrived.
    pub received: Vec<i64>,
    /// The invoice's number.
    pub invoice: String,
    /// The invoice that is credited, where this is a credit note.
    pub credits: Option<String>,
    /// The order the invoice names.
    pub refers_to: String,
    /// What is invoiced.
    pub invoiced: Vec<Line>,
    /// What is charged beside it.
    pub charges: Vec<Charge>,
    /// The invoice's currency.
    pub currency: &'static str,
    /// The day of the order.
    pub ordered_on: Date,
    /// The day of the invoice.
    pub issued: Date,
    /// What is wrong with it, if anything.
    pub defect: Option<Defect>,
}

impl Deal {
    /// The deal of this number. It is sound before a defect is planted: what a careful supplier sends.
    pub fn draw(rng: &mut Rng, number: u64, issued: Date) -> Self {
        let supplier = &SUPPLIERS[rng.usize(..SUPPLIERS.len())];
        let count = rng.usize(1..=supplier.goods.len().min(3));
        let goods = rng.choose_multiple(supplier.goods.iter(), count);
        let ordered: Vec<Line> = goods
            .into_iter()
            .zip(1..)
            .map(|(good, place)| line(rng, good, place))
            .collect();
        let order = format!("4600-{number:05}");
        let mut invoiced = ordered.clone();
        if rng.u8(..6) == 0 {
            harmless(&mut invoiced[0], rng);
        }
        Self {
            supplier,
            order: order.clone(),
            received: ordered.iter().map(|line| line.quantity).collect(),
            invoice: format!("{}-{}-{number:05}", supplier.prefix, issued.year()),
            credits: None,
            refers_to: order,
            invoiced,
            ordered,
            cost_centre: None,
            charges: Vec::new(),
            currency: "EUR",
            ordered_on: issued.saturating_sub(Span::new().days(rng.i64(5..30))),
            issued,
            defect: None,
        }
    }

    /// A credit note for a part of one line, at the price that was invoiced.
    pub fn credited(&self, rng: &mut Rng, number: u64, issued: Date) -> Self {
        let mut line = self.invoiced[rng.usize(..self.invoiced.len())].clone();
        line.quantity = rng.i64(1..=(line.quantity / 4).max(1));
        Self {
            invoice: format!("{}-CN-{number:05}", self.supplier.prefix),
            credits: Some(self.invoice.clone()),
            invoiced: vec![line],
            charges: Vec::new(),
            issued,
            defect: None,
            ..self.clone()
        }
    }

    /// The sum of the invoice's lines and charges, without tax.
    pub fn net(&self) -> Cents {
        self.lines() + self.charged()
    }

    /// The sum of the invoice's lines.
    pub fn lines(&self) -> Cents {
        self.invoiced.iter().map(Line::amount).sum()
    }

    /// The sum of the charges.
    pub fn charged(&self) -> Cents {
        self.charges.iter().map(|charge| charge.amount).sum()
    }

    /// The sum of the order.
    pub fn ordered_sum(&self) -> Cents {
        self.ordered.iter().map(Line::amount).sum()
    }
}

/// An order's line: dear things are bought by the piece, cheap ones by the hundred.
fn line(rng: &mut Rng, good: &'static Good, place: usize) -> Line {
    let quantity = match good.price.0 {
        ..300 => rng.i64(10..60) * 10,
        300..3_000 => rng.i64(10..80),
        _ => rng.i64(10..24),
    };
    Line {
        item: good.item.into(),
        name: good.name.into(),
        unit: good.unit.into(),
        quantity,
        price: good.price,
        order_line: Some(place),
    }
}

/// A little dearer, as prices are: by less than a percent and by 20.00 on the line at most. Nobody minds.
fn harmless(line: &mut Line, rng: &mut Rng) {
    let most = (line.price.0 / 101).min(2_000 / line.quantity);
    line.price = line.price + Cents(rng.i64(0..=most));
}
