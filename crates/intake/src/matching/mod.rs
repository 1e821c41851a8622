//! The three-way match: what an invoice or credit note claims, against what was ordered and what was
//! received. It states facts and judges none: the tolerances are in the process's decision tables.
//!
//! Pure: the order, the received and the claimed quantities and the budget are arguments. Several
//! invoice lines may be about one order line, and one invoice line about several. The facts go to the
//! case as the answer of the service `three-way-match`.

mod charges;
mod facts;
mod pairing;

pub use charges::unagreed;
pub use facts::{Facts, Header, LineFacts};
pub use pairing::{pair, share};

use crate::lines::{Charge, Fields, Line, Quantities, add};
use baton_journal::event::ClaimedLine;
use baton_model::{Currency, Decimal, Record};
use serde::{Deserialize, Serialize};

/// An order as it stands in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number, as the buyer gave it.
    pub number: String,
    /// Its currency's code.
    pub currency: String,
    /// The cost centre it is booked on, where the document says so.
    pub cost_centre: Option<String>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The charges and allowances agreed.
    pub charges: Vec<Charge>,
}

impl Order {
    /// Whether a line can be about this order: it names this one, or none.
    fn is_meant(&self, line: &Line) -> bool {
        let named = line.order.as_deref();
        named.is_none_or(|named| named == self.number)
    }
}

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
    /// The claim in a case's record.
    pub fn of(record: &Record) -> Self {
        let fields = Fields(record);
        let credit_note = fields.text("invoice.kind").as_deref() == Some("credit_note");
        let mut lines = fields.lines("invoice.lines");
        let mut net = fields.number("invoice.net");
        if credit_note {
            net = -net;
            lines
                .iter_mut()
                .for_each(|line| line.quantity = -line.quantity);
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

/// What a claim is held against.
#[derive(Clone, Debug, Default)]
pub struct Against<'a> {
    /// The order, if one was found.
    pub order: Option<&'a Order>,
    /// What was received, by the order's line.
    pub received: Quantities,
    /// What other cases claim already, by the order's line.
    pub claimed: Quantities,
    /// Who created the order.
    pub creator: Option<String>,
    /// The cost centre it is booked on.
    pub cost_centre: Option<String>,
    /// The cost centre's budget: limit and owner, if it has one in the claim's currency.
    pub budget: Option<(Decimal, String)>,
    /// What other cases took from the budget already.
    pub committed: Decimal,
}

/// Matches a claim: the facts of every line and of the whole.
pub fn matched(claim: &Claim, against: &Against<'_>) -> Facts {
    let mut own = Quantities::new();
    let lines = claim
        .lines
        .iter()
        .map(|line| line_facts(claim, against, line, &mut own))
        .collect();
    Facts {
        lines,
        header: header(claim, against),
        claimed: claimed_lines(own),
    }
}

fn claimed_lines(own: Quantities) -> Vec<ClaimedLine> {
    let lines = own.into_iter();
    lines
        .map(|(order_line, quantity)| ClaimedLine {
            order_line,
            quantity,
        })
        .collect()
}

fn line_facts(
    claim: &Claim,
    against: &Against<'_>,
    line: &Line,
    own: &mut Quantities,
) -> LineFacts {
    let order = against.order.filter(|order| order.is_meant(line));
    let order = order.map(|order| order.lines.as_slice()).unwrap_or_default();
    let paired = pair(order, line);
    if paired.is_empty() {
        return LineFacts::unknown(line);
    }
    let open = open(order, against, own);
    let shares = share(order, &paired, line.quantity, &open);
    for (place, part) in &shares {
        add(own, &order[*place].id, *part);
    }
    known(claim, against, line, &Paired { order, shares, own })
}

/// What is received and not yet claimed, by the order's line.
fn open(order: &[Line], against: &Against<'_>, own: &Quantities) -> Quantities {
    let get = |of: &Quantities, id: &str| of.get(id).copied().unwrap_or_default();
    let lines = order.iter().map(|line| {
        let taken = get(&against.claimed, &line.id).saturating_add(get(own, &line.id));
        let open = get(&against.received, &line.id).saturating_sub(taken);
        (line.id.clone(), open)
    });
    lines.collect()
}

/// A line with the order's lines it is about and what the invoice claims of them so far.
struct Paired<'a> {
    order: &'a [Line],
    shares: Vec<(usize, Decimal)>,
    own: &'a Quantities,
}

impl Paired<'_> {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.shares.iter().map(|(place, _)| &self.order[*place])
    }

    fn sum(&self, of: impl Fn(&Line) -> Decimal) -> Decimal {
        self.lines().map(of).fold(Decimal::ZERO, |sum, part| {
            sum.saturating_add(part)
        })
    }

    fn quantity(&self, of: &Quantities) -> Decimal {
        self.sum(|line| of.get(&line.id).copied().unwrap_or_default())
    }

    /// The order's price of one unit; over several lines, weighed by the quantities claimed of each.
    fn price(&self) -> Decimal {
        let prices = || self.lines().map(Line::unit_price);
        let first = prices().next().unwrap_or_default();
        if prices().all(|price| price == first) {
            return first;
        }
        let total = self.shares.iter().map(|(_, part)| *part).sum::<Decimal>();
        let amount = prices()
            .zip(&self.shares)
            .map(|(price, (_, part))| price.saturating_mul(*part))
            .fold(Decimal::ZERO, Decimal::saturating_add);
        amount.checked_div(total).unwrap_or(first)
    }
}

fn known(claim: &Claim, against: &Against<'_>, line: &Line, paired: &Paired<'_>) -> LineFacts {
    let unit_same = paired.lines().all(|own| own.unit == line.unit);
    let ids: Vec<_> = paired.lines().map(|own| own.id.as_str()).collect();
    let mut facts = LineFacts {
        line: line.id.clone(),
        name: line.name.clone(),
        order_line: Some(ids.join(", ")),
        known: true,
        unit: line.unit.clone(),
        order_unit: paired.lines().next().map(|own| own.unit.clone()),
        unit_same,
        ordered: paired.sum(|own| own.quantity),
        received: paired.quantity(&against.received),
        invoiced_before: paired.quantity(&against.claimed),
        quantity: line.quantity,
        price: line.unit_price(),
        order_price: paired.price(),
        ..LineFacts::default()
    };
    if unit_same {
        quantity_variance(&mut facts, paired.quantity(paired.own));
        price_variance(&mut facts);
    }
    facts.rounded(digits(&claim.currency))
}

/// Quantity against received minus already invoiced. The percentage is of what was received, and
/// counts all that is claimed of the order's line, so that many small claims do not slip through.
fn quantity_variance(facts: &mut LineFacts, own: Decimal) {
    let claimed = facts.invoiced_before.saturating_add(own);
    let over = claimed.saturating_sub(facts.received);
    if over <= Decimal::ZERO || facts.quantity <= Decimal::ZERO {
        return;
    }
    facts.quantity_over = over;
    facts.quantity_over_percent = percent(over, facts.received);
    let billed = over.min(facts.quantity);
    facts.amount_over_quantity = billed.saturating_mul(facts.order_price);
}

/// The invoiced price above the order's price, both for one unit.
fn price_variance(facts: &mut LineFacts) {
    let over = facts.price.saturating_sub(facts.order_price);
    if over <= Decimal::ZERO || facts.quantity <= Decimal::ZERO {
        return;
    }
    facts.price_over = over;
    facts.price_over_percent = percent(over, facts.order_price);
    facts.amount_over_price = over.saturating_mul(facts.quantity);
}

/// A part in per cent of a base; of nothing, anything is 100 %.
fn percent(part: Decimal, base: Decimal) -> Decimal {
    let ratio = part.checked_div(base);
    ratio.map_or(Decimal::ONE_HUNDRED, |ratio| {
        ratio.saturating_mul(Decimal::ONE_HUNDRED).abs()
    })
}

/// How many digits amounts of a currency have; two where the code is none.
pub fn digits(currency: &str) -> u32 {
    Currency::parse(currency).map_or(2, |currency| currency.digits())
}

fn header(claim: &Claim, against: &Against<'_>) -> Header {
    let order = against.order;
    let agreed = order.map(|order| order.charges.as_slice());
    let budget = against.budget.as_ref();
    let after = against.committed.saturating_add(claim.net);
    let over = budget.map(|(limit, _)| after.saturating_sub(*limit));
    Header {
        order_found: order.is_some(),
        order: order.map(|order| order.number.clone()),
        creator: against.creator.clone(),
        cost_centre: against.cost_centre.clone(),
        suspected_duplicate: claim.suspected,
        credit_note: claim.credit_note,
        currency_same: order.is_none_or(|order| order.currency == claim.currency),
        charges_unagreed: unagreed(&claim.charges, agreed.unwrap_or_default()),
        budget: budget.map(|(limit, _)| *limit),
        committed: against.committed,
        over_budget: over.unwrap_or_default().max(Decimal::ZERO),
        budget_owner: budget.map(|(_, owner)| owner.clone()),
    }
}

#[cfg(test)]
mod tests;
