//! The three-way match: what an invoice or credit note claims, against what was ordered and what was
//! received. It states facts and judges none: the tolerances are in the process's decision tables.
//!
//! Pure: the order, the received and the claimed quantities and the budget are arguments. Several
//! invoice lines may be about one order line, and one invoice line about several. The facts go to the
//! case as the answer of the service `three-way-match`.

mod charges;
mod claim;
mod facts;
mod pairing;
mod sharing;

pub use charges::unagreed;
pub use claim::Claim;
pub use facts::{Facts, Header, LineFacts};
pub use pairing::{pair, share};

use crate::lines::{Charge, Line, Quantities, add};
use baton_journal::event::ClaimedLine;
use baton_model::{Currency, Decimal};
use serde::{Deserialize, Serialize};
use sharing::Shared;

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
    let shared = Shared::of(claim, against);
    let mut told = Quantities::new();
    let lines = claim
        .lines
        .iter()
        .zip(&shared.shares)
        .map(|(line, shares)| {
            let shared = &shared;
            let paired = Paired { shared, shares };
            line_facts(claim, against, line, &paired, &mut told)
        });
    Facts {
        lines: lines.collect(),
        header: header(claim, against),
        claimed: claimed_lines(&shared.own),
    }
}

fn claimed_lines(own: &Quantities) -> Vec<ClaimedLine> {
    let line = |(line, quantity): (&String, &Decimal)| ClaimedLine {
        order_line: line.clone(),
        quantity: *quantity,
    };
    own.iter().map(line).collect()
}

/// A line's place in the order, with what the whole invoice claims of each of the order's lines.
struct Paired<'a> {
    shared: &'a Shared<'a>,
    shares: &'a [(usize, Decimal)],
}

impl Paired<'_> {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        let places = self.shares.iter().map(|(place, _)| *place);
        places.map(|place| &self.shared.order[place])
    }

    fn ids(&self) -> String {
        let ids: Vec<_> = self.lines().map(|line| line.id.as_str()).collect();
        ids.join(", ")
    }

    fn sum(&self, of: impl Fn(&Line) -> Decimal) -> Decimal {
        let parts = self.lines().map(of);
        parts.fold(Decimal::ZERO, Decimal::saturating_add)
    }

    fn quantity(&self, of: &Quantities) -> Decimal {
        self.sum(|line| of.get(&line.id).copied().unwrap_or_default())
    }

    /// The mean invoiced price of one unit over all lines that ask for something of these order lines.
    fn mean_price(&self) -> Option<Decimal> {
        let mut sum = (Decimal::ZERO, Decimal::ZERO);
        for id in self.lines().map(|line| &line.id) {
            let (amount, quantity) = self.shared.asked.get(id).copied().unwrap_or_default();
            sum.0 = sum.0.saturating_add(amount);
            sum.1 = sum.1.saturating_add(quantity);
        }
        sum.0.checked_div(sum.1)
    }

    /// The order's price of one unit; over several lines, weighed by the quantities claimed of each.
    fn price(&self) -> Decimal {
        let prices = || self.lines().map(Line::unit_price);
        let first = prices().next().unwrap_or_default();
        if prices().all(|price| price == first) {
            return first;
        }
        let parts = || self.shares.iter().map(|(_, part)| *part);
        let total = parts().fold(Decimal::ZERO, Decimal::saturating_add);
        let amounts = prices().zip(parts());
        let amount = amounts
            .map(|(price, part)| price.saturating_mul(part))
            .fold(Decimal::ZERO, Decimal::saturating_add);
        amount.checked_div(total).unwrap_or(first)
    }
}

fn line_facts(
    claim: &Claim,
    against: &Against<'_>,
    line: &Line,
    paired: &Paired<'_>,
    told: &mut Quantities,
) -> LineFacts {
    let mut facts = LineFacts::unknown(line);
    if let Some(first) = paired.lines().next() {
        facts.known = true;
        facts.order_line = Some(paired.ids());
        facts.order_unit = Some(first.unit.clone());
        facts.unit_same = paired.lines().all(|own| own.unit == line.unit);
        facts.ordered = paired.sum(|own| own.quantity);
        facts.received = paired.quantity(&against.received);
        facts.invoiced_before = paired.quantity(&against.claimed);
        facts.order_price = paired.price();
    }
    if facts.known && facts.unit_same {
        quantity_variance(&mut facts, paired, told);
        price_variance(&mut facts, paired);
    }
    facts.rounded(digits(&claim.currency))
}

/// Quantity against received minus already invoiced. The percentage is of what was received, and
/// counts all that is claimed of the order's line, so that many small claims do not slip through; the
/// amount counts what is over once. A correction of goods received is never over.
fn quantity_variance(facts: &mut LineFacts, paired: &Paired<'_>, told: &mut Quantities) {
    let own = paired.quantity(&paired.shared.own);
    let over = facts
        .invoiced_before
        .saturating_add(own)
        .saturating_sub(facts.received);
    let correction = facts.quantity <= Decimal::ZERO && facts.received >= Decimal::ZERO;
    if over <= Decimal::ZERO || correction {
        return;
    }
    facts.quantity_over = over;
    facts.quantity_over_percent = percent(over, facts.received);
    let ids = paired.ids();
    let left = over.saturating_sub(told.get(&ids).copied().unwrap_or_default());
    let billed = left.min(facts.quantity.abs());
    add(told, &ids, billed);
    facts.amount_over_quantity = billed.saturating_mul(facts.order_price);
}

/// The invoiced price above the order's price, both for one unit. Several invoice lines on one order
/// line are compared in sum first: a discount may stand on one of them alone. A line that gives back is
/// compared alone, and may be at a lower price: that of the invoice it corrects.
fn price_variance(facts: &mut LineFacts, paired: &Paired<'_>) {
    let over = facts.price.saturating_sub(facts.order_price);
    let alone = facts.quantity < Decimal::ZERO;
    let mean = paired.mean_price();
    let in_sum = mean.is_none_or(|mean| mean > facts.order_price);
    if over <= Decimal::ZERO || !(alone || in_sum) {
        return;
    }
    facts.price_over = over;
    facts.price_over_percent = percent(over, facts.order_price);
    facts.amount_over_price = over.saturating_mul(facts.quantity.abs());
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
