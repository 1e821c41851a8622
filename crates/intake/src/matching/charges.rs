//! Charges and allowances of an invoice against those agreed in the order: freight nobody ordered, a
//! discount nobody knows. Each agreed one covers one of the invoice.

use crate::lines::Charge;
use baton_model::Decimal;

/// The sum of what the invoice adds or takes away without the order's agreement. Allowances count too,
/// by their size: money that was not agreed needs a look whichever way it goes.
pub fn unagreed(invoiced: &[Charge], agreed: &[Charge]) -> Decimal {
    let mut agreed: Vec<_> = agreed.iter().collect();
    let mut sum = Decimal::ZERO;
    let mut sorted: Vec<_> = invoiced.iter().collect();
    sorted.sort_by_key(|charge| std::cmp::Reverse(charge.amount));
    for charge in sorted {
        match best(charge, &agreed) {
            Some(place) => {
                agreed.remove(place);
            }
            None => sum = sum.saturating_add(charge.amount.abs()),
        }
    }
    sum
}

/// The agreed charge that covers one of the invoice: the same amount and direction, better with the
/// same reason.
fn best(charge: &Charge, agreed: &[&Charge]) -> Option<usize> {
    let covers = |own: &&Charge| own.charge == charge.charge && own.amount == charge.amount;
    let same = agreed.iter().position(|own| *own == charge);
    same.or_else(|| agreed.iter().position(covers))
}
