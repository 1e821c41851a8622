//! The statement of a month: what was accepted in each priced lane, times its unit price.
//!
//! An item is accepted when it was completed and not returned before the month's end. A return in a later
//! month is a correction line there, at the price the item had. A line is quantity × unit, rounded once,
//! half away from zero, to the currency's smallest unit. It knows no tax and no credit.

use crate::view::int;
use baton_journal::event::agreement::AgreementSet;
use baton_journal::store::Row;
use baton_journal::{Datum, EventName};
use baton_model::{
    AgreementId, CaseId, Currency, Decimal, LaneId, Micros, Money, Month, PartyId, WorkItemId,
    WorkerId,
};
use std::collections::BTreeMap;

/// Completed work items that count alike in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// Under which agreement.
    pub agreement: AgreementId,
    /// In its version.
    pub version: u32,
    /// In which lane.
    pub lane: LaneId,
    /// Whether they did again what had been returned.
    pub rework: bool,
    /// Whether they were returned in the month.
    pub returned: bool,
    /// Whether they were completed in an earlier month, and only returned in this one.
    pub earlier: bool,
    /// The place of their price in the rate card.
    pub card: Option<String>,
    /// Their unit price.
    pub price: Option<Decimal>,
    /// How many.
    pub count: u64,
}

/// A month's charges under an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The agreement.
    pub agreement: AgreementId,
    /// The month.
    pub month: Month,
    /// What it is in.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: Money,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose price it is.
    pub version: u32,
    /// The lane.
    pub lane: LaneId,
    /// The place in the rate card.
    pub card: String,
    /// Whether it takes back what was charged in an earlier month.
    pub correction: bool,
    /// How many items; below zero where it takes back.
    pub quantity: i64,
    /// The unit price.
    pub unit: Decimal,
    /// Quantity × unit, rounded.
    pub amount: Money,
    /// How many were completed and are not charged, as they were returned in the month.
    pub returned: u64,
}

impl Line {
    /// Its name in addresses and files, like `verify.1` or `verify.1.correction`.
    pub fn key(&self) -> String {
        let rest = if self.correction { ".correction" } else { "" };
        format!("{}.{}{rest}", self.lane, self.version)
    }
}

/// The statement of the units of a month under one agreement, of which `terms` are the versions that
/// count in it; nothing if an amount does not fit.
pub fn statement(terms: &[&AgreementSet], units: &[Units], month: Month) -> Option<Statement> {
    let last = terms.last()?;
    let currency = last.agreement.currency;
    let mut lines: BTreeMap<(LaneId, bool, u32), Draft> = BTreeMap::new();
    for lane in &last.agreement.lanes {
        let Some(price) = &lane.price else { continue };
        let draft = Draft::at(price.card.clone(), price.unit);
        lines.insert((lane.lane.clone(), false, last.version), draft);
    }
    let own = units
        .iter()
        .filter(|units| units.agreement == last.agreement.id);
    for units in own {
        let Some(price) = units.price else { continue };
        let key = (units.lane.clone(), units.earlier, units.version);
        let card = units.card.clone().unwrap_or_default();
        let draft = lines.entry(key).or_insert_with(|| Draft::at(card, price));
        draft.add(units);
    }
    let lines: Vec<Line> = lines
        .into_iter()
        .map(|(key, draft)| draft.line(key, currency))
        .collect::<Option<_>>()?;
    let minor = lines.iter().map(|line| line.amount.minor).sum();
    Some(Statement {
        agreement: last.agreement.id.clone(),
        month,
        currency,
        lines,
        total: Money { minor, currency },
    })
}

struct Draft {
    card: String,
    unit: Decimal,
    quantity: i64,
    returned: u64,
}

impl Draft {
    fn at(card: String, unit: Decimal) -> Self {
        let (quantity, returned) = (0, 0);
        Self {
            card,
            unit,
            quantity,
            returned,
        }
    }

    fn add(&mut self, units: &Units) {
        let count = units.count as i64;
        match (units.earlier, units.returned) {
            (true, _) => self.quantity -= count,
            (false, true) => self.returned += units.count,
            (false, false) => self.quantity += count,
        }
    }

    fn line(self, key: (LaneId, bool, u32), currency: Currency) -> Option<Line> {
        let (lane, correction, version) = key;
        let amount = Decimal::from(self.quantity).checked_mul(self.unit)?;
        Some(Line {
            version,
            lane,
            card: self.card,
            correction,
            quantity: self.quantity,
            unit: self.unit,
            amount: Money::round(amount, currency)?,
            returned: self.returned,
        })
    }
}

/// A completed work item, from its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// The item.
    pub item: WorkItemId,
    /// Its case.
    pub case: CaseId,
    /// Whose work.
    pub party: PartyId,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// In its version.
    pub version: u32,
    /// In which lane.
    pub lane: LaneId,
    /// Who completed it, if a worker did.
    pub worker: Option<WorkerId>,
    /// When.
    pub at: Micros,
    /// In which month.
    pub month: String,
    /// By which event.
    pub done: EventName,
    /// Whether it did again what had been returned.
    pub rework: bool,
    /// When it was returned.
    pub returned_at: Option<Micros>,
    /// In which month.
    pub returned_month: Option<String>,
    /// By which event.
    pub returned: Option<EventName>,
    /// The place of its price in the rate card.
    pub card: Option<String>,
    /// Its unit price.
    pub price: Option<Decimal>,
}

/// A unit from its row; nothing if the row is not as declared in [`crate::measured::UNIT`].
pub fn unit_of(row: &Row) -> Option<UnitRow> {
    let text = |column: usize| row.get(column).and_then(Datum::text);
    let number = |column: usize| row.get(column).and_then(int);
    let event = |n: usize| {
        let i = number(n + 1).and_then(|i| u32::try_from(i).ok())?;
        Some(EventName { n: number(n)?, i })
    };
    Some(UnitRow {
        item: text(0)?.into(),
        case: text(1)?.into(),
        party: text(3)?.into(),
        agreement: text(4)?.into(),
        version: u32::try_from(number(5)?).ok()?,
        lane: text(6)?.into(),
        worker: text(7).map(Into::into),
        at: Micros(number(8)?),
        month: text(9)?.into(),
        done: event(10)?,
        rework: number(12)? == 1,
        returned_at: number(13).map(Micros),
        returned_month: text(14).map(Into::into),
        returned: event(15),
        card: text(17).map(Into::into),
        price: text(18).and_then(|price| price.parse().ok()),
    })
}

impl UnitRow {
    /// How it counts in a month; nothing where it does not.
    pub fn in_month(&self, month: Month) -> Option<Units> {
        let month = month.to_string();
        let returned = self.returned_month.as_ref() == Some(&month);
        let earlier = self.month < month && returned;
        (self.month == month || earlier).then(|| Units {
            agreement: self.agreement.clone(),
            version: self.version,
            lane: self.lane.clone(),
            rework: self.rework,
            returned,
            earlier,
            card: self.card.clone(),
            price: self.price,
            count: 1,
        })
    }
}
