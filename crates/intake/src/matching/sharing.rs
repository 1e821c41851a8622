//! Sharing: the quantities a whole invoice claims of each of the order's lines. Lines that surely belong
//! to one order line are placed first; the others find what is left.

use super::{Against, Claim, pair, share};
use crate::lines::{Line, Quantities, add};
use baton_model::Decimal;
use std::collections::BTreeMap;

/// An invoice's lines, shared among the order's lines.
pub(super) struct Shared<'a> {
    /// The order's lines; none without an order.
    pub(super) order: &'a [Line],
    /// For each invoice line the order's lines it is about, with the quantity claimed of each.
    pub(super) shares: Vec<Vec<(usize, Decimal)>>,
    /// What the invoice claims of each order line in sum.
    pub(super) own: Quantities,
    /// Amount and quantity of the lines that ask for something, by the order's line.
    pub(super) asked: BTreeMap<String, (Decimal, Decimal)>,
}

impl<'a> Shared<'a> {
    pub(super) fn of(claim: &Claim, against: &Against<'a>) -> Self {
        let order = against.order.map(|order| order.lines.as_slice());
        let mut shared = Self {
            order: order.unwrap_or_default(),
            shares: vec![Vec::new(); claim.lines.len()],
            own: Quantities::new(),
            asked: BTreeMap::new(),
        };
        let (sure, unsure): (Vec<_>, Vec<_>) = (0..)
            .zip(&claim.lines)
            .filter(|(_, line)| claim.means(against.order, line))
            .map(|(place, line)| (place, line, pair(shared.order, line)))
            .partition(|(_, line, paired)| shared.is_sure(line, paired));
        for (place, line, paired) in sure {
            shared.place(against, place, line, &paired);
        }
        let surely = shared.own.clone();
        for (place, line, mut paired) in unsure {
            paired.retain(|place| !shared.is_full(*place, &surely));
            shared.place(against, place, line, &paired);
        }
        shared
    }

    /// Whether a line names its order line, or has the only fitting one's id.
    fn is_sure(&self, line: &Line, paired: &[usize]) -> bool {
        line.order_line.is_some() || matches!(paired, [only] if self.order[*only].id == line.id)
    }

    /// Whether the lines that surely belong to an order line ask for all that was ordered there.
    fn is_full(&self, place: usize, surely: &Quantities) -> bool {
        let line = &self.order[place];
        surely
            .get(&line.id)
            .is_some_and(|taken| *taken >= line.quantity)
    }

    fn place(&mut self, against: &Against<'_>, place: usize, line: &Line, paired: &[usize]) {
        let open = self.open(against);
        let shares = share(self.order, paired, line.quantity, &open);
        for (own, part) in &shares {
            let id = &self.order[*own].id;
            add(&mut self.own, id, *part);
            if *part > Decimal::ZERO {
                let asked = self.asked.entry(id.clone()).or_default();
                let amount = line.unit_price().saturating_mul(*part);
                asked.0 = asked.0.saturating_add(amount);
                asked.1 = asked.1.saturating_add(*part);
            }
        }
        self.shares[place] = shares;
    }

    /// What is received and not yet claimed, by the order's line.
    fn open(&self, against: &Against<'_>) -> Quantities {
        let get = |of: &Quantities, id: &str| of.get(id).copied().unwrap_or_default();
        let lines = self.order.iter().map(|line| {
            let taken = get(&against.claimed, &line.id).saturating_add(get(&self.own, &line.id));
            let open = get(&against.received, &line.id).saturating_sub(taken);
            (line.id.clone(), open)
        });
        lines.collect()
    }
}
