//! The services a process may ask intake for: `three-way-match` and `payment-proposal`. The facts are
//! computed from the case's fields, the register of orders and the budgets; other services are other
//! stages' business.

use crate::Intake;
use crate::budget::Tables;
use crate::correlate::Credit;
use crate::lines::{Fields, Quantities};
use crate::matching::{Against, Claim, Facts, digits, matched};
use crate::register::{Entry, candidates};
use baton_journal::event::ClaimedLine;
use baton_journal::event::{ClaimReleased, QuantitiesClaimed};
use baton_journal::{Event, Key, Need};
use baton_model::{CaseId, Cell, Decimal, Record, Value};
use serde::{Deserialize, Serialize};

/// What a case claims, remembered so that it can be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) order: Option<String>,
    pub(crate) lines: Vec<ClaimedLine>,
    pub(crate) cost_centre: Option<String>,
    pub(crate) amount: Decimal,
}

/// A service's question.
pub(crate) struct Asked<'a> {
    pub(crate) case: &'a CaseId,
    pub(crate) token: u32,
    pub(crate) record: &'a Record,
}

/// Matches the invoice, claims what it takes, and answers with the facts.
pub(crate) fn three_way_match(intake: &Intake, asked: &Asked<'_>) -> Result<Vec<Event>, Need> {
    let matching = Matching::of(intake, asked)?;
    let claim = matching.claimed(|line| line.quantity > Decimal::ZERO, Decimal::ZERO);
    let mut events: Vec<Event> = released(intake, asked.case, &claim)?.into_iter().collect();
    events.push(claim);
    events.push(answer(asked, matching.facts.to_value()));
    Ok(events)
}

/// Proposes the payment; what a credit note or a correction gives back counts from now on.
pub(crate) fn payment_proposal(intake: &Intake, asked: &Asked<'_>) -> Result<Vec<Event>, Need> {
    let matching = Matching::of(intake, asked)?;
    let waiting = intake.waiting.get(&Key::Case(asked.case.clone()))?;
    let credits = waiting.map(|waiting| waiting.credits.as_slice());
    let credited = match Credited::of(credits.unwrap_or_default(), &matching.claim.currency) {
        Ok(credited) => credited,
        Err(message) => return Ok(vec![failed(asked, "other-currency", message)]),
    };
    let payment = payment(asked.record, &credited);
    let result = Value::map(payment.iter().filter_map(|(name, cell)| {
        let name = name.strip_prefix("payment.")?;
        Some((name.to_string(), cell.value()?.clone()))
    }));
    let mut events = vec![Event::PaymentProposed {
        case: asked.case.clone(),
        record: payment,
    }];
    if matching.gives_back() || !credited.net.is_zero() {
        let claim = matching.less(credited.net);
        events.extend(released(intake, asked.case, &claim)?);
        events.push(claim);
    }
    events.push(answer(asked, result));
    Ok(events)
}

fn answer(asked: &Asked<'_>, result: Value) -> Event {
    Event::ServiceAnswered {
        case: asked.case.clone(),
        token: asked.token,
        result,
    }
}

fn failed(asked: &Asked<'_>, code: &str, message: String) -> Event {
    Event::ServiceFailed {
        case: asked.case.clone(),
        token: asked.token,
        code: code.into(),
        message,
    }
}

/// What the credit notes that came to a case give back, with and without tax.
#[derive(Default)]
struct Credited {
    net: Decimal,
    payable: Decimal,
}

impl Credited {
    fn of(credits: &[Credit], currency: &str) -> Result<Self, String> {
        let mut sum = Self::default();
        for credit in credits {
            if credit.currency != currency {
                return Err(format!(
                    "BATON-INTAKE-002: the credit note {} is in {}, the invoice in {currency}; ask the supplier for one in {currency}, or reject the invoice",
                    credit.number, credit.currency
                ));
            }
            sum.net = sum.net.saturating_add(credit.net);
            sum.payable = sum.payable.saturating_add(credit.payable);
        }
        Ok(sum)
    }
}

/// The release of an earlier claim of the case on another order or cost centre.
fn released(intake: &Intake, case: &CaseId, claim: &Event) -> Result<Option<Event>, Need> {
    let Event::QuantitiesClaimed(QuantitiesClaimed {
        order, cost_centre, ..
    }) = claim
    else {
        return Ok(None);
    };
    let held = intake.cases.get(&Key::Case(case.clone()))?;
    let moved = |held: &&Held| held.order != *order || held.cost_centre != *cost_centre;
    Ok(held.filter(moved).map(|held| held.release(case)))
}

impl Held {
    /// The event that gives the claim back.
    pub(crate) fn release(&self, case: &CaseId) -> Event {
        Event::ClaimReleased(ClaimReleased {
            case: case.clone(),
            order: self.order.clone(),
            cost_centre: self.cost_centre.clone(),
        })
    }
}

/// A claim, what it was held against, and the facts that came of it.
struct Matching<'a> {
    case: &'a CaseId,
    claim: Claim,
    order: Option<String>,
    cost_centre: Option<String>,
    facts: Facts,
}

impl<'a> Matching<'a> {
    fn of(intake: &Intake, asked: &Asked<'a>) -> Result<Self, Need> {
        let claim = Claim::of(asked.record);
        let tables = intake
            .tables
            .get(&Key::Tenant)?
            .cloned()
            .unwrap_or_default();
        let found = find(intake, &claim)?;
        let held = intake.cases.get(&Key::Case(asked.case.clone()))?;
        let entry = found.as_ref().map(|(_, entry)| *entry);
        let cost_centre = cost_centre(&claim, entry, &tables);
        let against = Against {
            order: entry.and_then(|entry| entry.order.as_ref()),
            received: entry.map(Entry::received).unwrap_or_default(),
            claimed: found
                .as_ref()
                .map(|found| claimed(found, held))
                .unwrap_or_default(),
            creator: creator(entry, &tables),
            committed: committed(intake, cost_centre.as_deref(), held)?,
            budget: budget(&claim, cost_centre.as_deref(), &tables),
            cost_centre: cost_centre.clone(),
        };
        let facts = matched(&claim, &against);
        let order = found.map(|(key, _)| key);
        let case = asked.case;
        Ok(Self {
            case,
            claim,
            order,
            cost_centre,
            facts,
        })
    }

    fn gives_back(&self) -> bool {
        let negative = |line: &ClaimedLine| line.quantity < Decimal::ZERO;
        self.claim.net < Decimal::ZERO || self.facts.claimed.iter().any(negative)
    }

    /// The claim with what it gives back, its amount less what was credited. Quantities that were credited
    /// stay claimed: a credit note may give back goods or only a part of their price, and what is invoiced
    /// once more is for a person to look at.
    fn less(&self, credited: Decimal) -> Event {
        let mut claim = self.claimed(|_| true, self.claim.net);
        if let Event::QuantitiesClaimed(QuantitiesClaimed { amount, .. }) = &mut claim {
            *amount = amount.saturating_sub(credited);
        }
        claim
    }

    /// The claim of these lines; the amount counts if it is not below a floor.
    fn claimed(&self, counts: impl Fn(&ClaimedLine) -> bool, floor: Decimal) -> Event {
        let lines = self.facts.claimed.iter().filter(|line| counts(line));
        Event::QuantitiesClaimed(QuantitiesClaimed {
            case: self.case.clone(),
            order: self.order.clone(),
            lines: lines.cloned().collect(),
            cost_centre: self.cost_centre.clone(),
            amount: self.claim.net.max(floor),
        })
    }
}

/// The order a claim is about, by the first of its names that leads to one.
fn find<'a>(intake: &'a Intake, claim: &Claim) -> Result<Option<(String, &'a Entry)>, Need> {
    let (order, sales_order) = (claim.order.as_deref(), claim.sales_order.as_deref());
    for key in candidates(&claim.supplier, &claim.number, order, sales_order) {
        if let Some(found) = resolve(intake, key)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The order under a key, or the only one the key is another name of.
fn resolve(intake: &Intake, key: String) -> Result<Option<(String, &Entry)>, Need> {
    let Some(entry) = intake.orders.get(&Key::Order(key.clone()))? else {
        return Ok(None);
    };
    if entry.order.is_some() {
        return Ok(Some((key, entry)));
    }
    let mut names = entry.same_as.iter();
    let (Some(only), None) = (names.next(), names.next()) else {
        return Ok(None);
    };
    let entry = intake.orders.get(&Key::Order(only.clone()))?;
    let entry = entry.filter(|entry| entry.order.is_some());
    Ok(entry.map(|entry| (only.clone(), entry)))
}

fn number_of(entry: Option<&Entry>) -> Option<&str> {
    let order = entry?.order.as_ref()?;
    Some(order.number.as_str())
}

fn creator(entry: Option<&Entry>, tables: &Tables) -> Option<String> {
    let creation = tables.orders.get(number_of(entry)?)?;
    Some(creation.creator.clone())
}

/// The cost centre of the order's row in the table, else of the invoice, else of the order itself.
/// What the buyer wrote counts before what the supplier wrote.
fn cost_centre(claim: &Claim, entry: Option<&Entry>, tables: &Tables) -> Option<String> {
    let row = number_of(entry).and_then(|number| tables.orders.get(number));
    let order = entry.and_then(|entry| entry.order.as_ref());
    row.and_then(|row| row.cost_centre.clone())
        .or_else(|| order.and_then(|order| order.cost_centre.clone()))
        .or_else(|| claim.cost_centre.clone())
}

fn budget(claim: &Claim, cost_centre: Option<&str>, tables: &Tables) -> Option<(Decimal, String)> {
    let budget = tables.budget(cost_centre?, &claim.currency)?;
    Some((budget.limit, budget.owner.clone()))
}

/// What other cases claim of an order.
fn claimed((key, entry): &(String, &Entry), held: Option<&Held>) -> Quantities {
    let own = held.filter(|held| held.order.as_ref() == Some(key));
    let own = own.map(|held| held.lines.as_slice());
    entry.claimed_without(own.unwrap_or_default())
}

/// What other cases took from a cost centre's budget.
fn committed(
    intake: &Intake,
    cost_centre: Option<&str>,
    held: Option<&Held>,
) -> Result<Decimal, Need> {
    let Some(cost_centre) = cost_centre else {
        return Ok(Decimal::ZERO);
    };
    let taken = intake.budgets.get(&Key::Budget(cost_centre.into()))?;
    let taken = taken.map(|taken| taken.taken).unwrap_or_default();
    let own = held.filter(|held| held.cost_centre.as_deref() == Some(cost_centre));
    let own = own.map(|held| held.amount).unwrap_or_default();
    Ok(taken.saturating_sub(own))
}

/// Fields a proposal takes over from the case as they are, sealed ones sealed.
const KEPT: [&str; 10] = [
    "invoice.number",
    "invoice.kind",
    "invoice.document",
    "invoice.order",
    "invoice.issued",
    "credit_note.number",
    "supplier.id",
    "supplier.name",
    "supplier.iban",
    "supplier.vat",
];

/// The proposal: what is payable, less the deduction (an amount without tax) that the process made, and
/// less what credit notes gave back.
fn payment(record: &Record, credited: &Credited) -> Record {
    let fields = Fields(record);
    let currency = fields.text("invoice.currency").unwrap_or_default();
    let mut payment: Record = KEPT
        .iter()
        .filter_map(|name| Some((name.to_string(), record.get(*name)?.clone())))
        .collect();
    let deducted = deducted(&fields).round_dp(digits(&currency));
    let payable = fields.number("invoice.payable");
    let amount = payable
        .saturating_sub(deducted)
        .saturating_sub(credited.payable);
    let back = fields.text("invoice.kind").as_deref() == Some("credit_note");
    let amount = if back { -amount } else { amount };
    let mut put = |name: &str, value| payment.insert(format!("payment.{name}"), Cell::Clear(value));
    put("amount", Value::number(amount));
    put("deducted", Value::number(deducted));
    put("credited", Value::number(credited.payable));
    put("currency", Value::Text(currency));
    let due = fields.value("invoice.due").cloned();
    put("due", due.unwrap_or_default());
    payment
}

/// The deduction with its share of the tax.
fn deducted(fields: &Fields<'_>) -> Decimal {
    let (net, gross) = (fields.number("invoice.net"), fields.number("invoice.gross"));
    let deduction = fields.number("deduction");
    let taxed = deduction
        .checked_mul(gross)
        .and_then(|amount| amount.checked_div(net));
    taxed.unwrap_or(deduction)
}
