//! Budgets and order creators from a pack's tables, and what running cases took from a cost centre's
//! budget. Not here: what happens when a budget is passed; the process decides that.

use baton_journal::setup::Deployment;
use baton_model::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A cost centre's budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The amount, without tax.
    pub limit: Decimal,
    /// The currency's code.
    pub currency: String,
    /// Who answers for it, as a worker's id.
    pub owner: String,
}

/// Who created an order, and for which cost centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creation {
    /// The worker's id.
    pub creator: String,
    /// The cost centre, if the table names one.
    pub cost_centre: Option<String>,
}

/// The tables in force, kept under the tenant's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    /// Budgets by cost centre.
    pub budgets: BTreeMap<String, Budget>,
    /// Creators by the order's number.
    pub orders: BTreeMap<String, Creation>,
}

impl Tables {
    /// Takes over the tables `budgets` and `orders` of a deployment; those it does not have stay.
    pub fn take(&mut self, deployment: &Deployment) {
        let rows = |name: &str| deployment.tables.get(name);
        if let Some(rows) = rows("budgets") {
            self.budgets = rows.iter().filter_map(budget).collect();
        }
        if let Some(rows) = rows("orders") {
            self.orders = rows.iter().filter_map(creation).collect();
        }
    }

    /// The budget of a cost centre in a currency. One in another currency cannot be compared.
    pub fn budget(&self, cost_centre: &str, currency: &str) -> Option<&Budget> {
        let budget = self.budgets.get(cost_centre)?;
        (budget.currency == currency).then_some(budget)
    }
}

type Row = BTreeMap<String, String>;

fn budget(row: &Row) -> Option<(String, Budget)> {
    let budget = Budget {
        limit: row.get("budget")?.trim().parse().ok()?,
        currency: row.get("currency")?.trim().into(),
        owner: row.get("owner")?.trim().into(),
    };
    Some((row.get("cost_centre")?.trim().into(), budget))
}

fn creation(row: &Row) -> Option<(String, Creation)> {
    let cost_centre = row.get("cost_centre").map(|text| text.trim().to_string());
    let creation = Creation {
        creator: row.get("creator")?.trim().into(),
        cost_centre: cost_centre.filter(|text| !text.is_empty()),
    };
    Some((row.get("order")?.trim().into(), creation))
}

/// What cases took from a cost centre's budget, kept under the budget's key. What each case took is
/// kept with the case, so that the sum stays small however many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitments {
    /// The sum of the net amounts.
    pub taken: Decimal,
}
