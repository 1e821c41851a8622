//! The sums of a document, computed again as EN 16931 and Peppol BIS 3 compute them.
//!
//! Each function compares what the file states with what its parts give and refuses a difference at the
//! line where the stated figure stands. Where a value is absent or unreadable, the sums over it are left
//! alone: they would blame the wrong line. Tolerances are those of the rules: 0.02 on a line (R120), 1 on
//! the tax of a category (BR-CO-17), none on totals after rounding to two decimals (BR-CO-10 to 16).

use super::element::At;
use super::{AllowanceCharge, Fault, Price, TaxSubtotal, Totals};
use baton_model::Currency;
use rust_decimal::{Decimal, RoundingStrategy};

/// Rounded half away from zero to the digits sums are compared in: two, or the currency's if more.
fn rounded(amount: Decimal, currency: Currency) -> Decimal {
    let digits = currency.digits().max(2);
    let mut rounded = amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(digits);
    rounded
}

/// A line: net = quantity × price / base quantity − allowances + charges.
pub(super) fn line(
    at: At<'_, '_>,
    currency: Currency,
    (quantity, net): (Decimal, Decimal),
    price: &Price,
    charges: &[AllowanceCharge],
) {
    let extra: Decimal = charges.iter().map(AllowanceCharge::signed).sum();
    let goods = price.of(quantity);
    let computed = goods
        .and_then(|goods| goods.checked_add(extra))
        .map(|net| rounded(net, currency));
    let slack = Decimal::new(2, 2).max(Decimal::new(1, currency.digits()));
    if computed.is_some_and(|computed| (computed - net).abs() <= slack) {
        return;
    }
    let formula = line_formula(quantity, price, charges);
    let place = at.one("LineExtensionAmount").unwrap_or(at);
    place.refuse(Fault::LineSum {
        stated: net,
        formula,
        computed: computed.unwrap_or(Decimal::MAX),
    });
}

fn line_formula(quantity: Decimal, price: &Price, charges: &[AllowanceCharge]) -> String {
    let mut formula = format!("{quantity} × {}", price.amount);
    if price.base_quantity != Decimal::ONE {
        formula += &format!(" / {}", price.base_quantity);
    }
    for entry in charges {
        let sign = if entry.charge { '+' } else { '−' };
        formula += &format!(" {sign} {}", entry.amount);
    }
    formula
}

/// A stated total and what its parts give.
struct Check {
    name: &'static str,
    stated: Decimal,
    computed: Decimal,
    formula: String,
}

/// The header: lines, allowances, charges, net, gross and payable, each from its parts.
pub(super) fn totals(
    at: At<'_, '_>,
    currency: Currency,
    totals: &Totals,
    line_nets: impl Iterator<Item = Decimal>,
    charges: &[AllowanceCharge],
) {
    if at.no_gaps() {
        let parts = of_parts(totals, line_nets.sum(), charges);
        for check in parts.into_iter().chain(of_totals(totals)) {
            total(at, currency, check);
        }
    }
}

/// The totals that are sums over lines, allowances and charges.
fn of_parts(totals: &Totals, line_nets: Decimal, charges: &[AllowanceCharge]) -> [Check; 3] {
    let of = |charge: bool| -> Decimal {
        let same = charges.iter().filter(|entry| entry.charge == charge);
        same.map(|entry| entry.amount).sum()
    };
    let parts = [
        (
            "LineExtensionAmount",
            totals.lines,
            line_nets,
            "the lines' net amounts",
        ),
        (
            "AllowanceTotalAmount",
            totals.allowances,
            of(false),
            "the document's allowances",
        ),
        (
            "ChargeTotalAmount",
            totals.charges,
            of(true),
            "the document's charges",
        ),
    ];
    parts.map(|(name, stated, computed, what)| {
        let formula = format!("the sum of {what}");
        Check {
            name,
            stated,
            computed,
            formula,
        }
    })
}

/// The totals that follow from other totals.
fn of_totals(totals: &Totals) -> [Check; 3] {
    let Totals {
        lines,
        allowances,
        charges,
        net,
        tax,
        gross,
        prepaid,
        rounding,
        ..
    } = totals;
    [
        Check {
            name: "TaxExclusiveAmount",
            stated: *net,
            computed: lines - allowances + charges,
            formula: format!("lines {lines} − allowances {allowances} + charges {charges}"),
        },
        Check {
            name: "TaxInclusiveAmount",
            stated: *gross,
            computed: net + tax,
            formula: format!("net {net} + tax {tax}"),
        },
        Check {
            name: "PayableAmount",
            stated: totals.payable,
            computed: gross - prepaid + rounding,
            formula: format!("total with tax {gross} − prepaid {prepaid} + rounding {rounding}"),
        },
    ]
}

fn total(at: At<'_, '_>, currency: Currency, check: Check) {
    let Check {
        name,
        stated,
        computed,
        formula,
    } = check;
    let computed = rounded(computed, currency);
    if stated != computed {
        let place = at.one(name).unwrap_or(at);
        place.refuse(Fault::TotalSum {
            name,
            stated,
            formula,
            computed,
        });
    }
}

/// The tax total is the sum of its parts.
pub(super) fn tax_total(at: At<'_, '_>, stated: Decimal, parts: &[TaxSubtotal]) {
    let computed: Decimal = parts.iter().map(|part| part.tax).sum();
    if at.no_gaps() && !parts.is_empty() && computed != stated {
        let formula = "the sum of the tax subtotals".into();
        let place = at.one("TaxAmount").unwrap_or(at);
        place.refuse(Fault::TaxSum {
            name: "TaxAmount",
            stated,
            formula,
            computed,
        });
    }
}

/// The tax of a category is its rate of what is taxed, give or take one (BR-CO-17).
pub(super) fn tax_part(at: At<'_, '_>, part: &TaxSubtotal) {
    let Some(percent) = part.percent else { return };
    let computed = (part.taxable * percent / Decimal::ONE_HUNDRED).round_dp(2);
    if (computed - part.tax).abs() >= Decimal::ONE {
        let formula = format!("{} × {percent} %", part.taxable);
        let (stated, place) = (part.tax, at.one("TaxAmount").unwrap_or(at));
        place.refuse(Fault::TaxSum {
            name: "TaxAmount",
            stated,
            formula,
            computed,
        });
    }
}

/// What is taxed in all categories together is the total without tax, give or take the cent a category.
pub(super) fn taxable(at: At<'_, '_>, net: Decimal, parts: &[TaxSubtotal]) {
    let computed: Decimal = parts.iter().map(|part| part.taxable).sum();
    let slack = Decimal::new(i64::try_from(parts.len()).unwrap_or(i64::MAX), 2);
    if at.no_gaps() && !parts.is_empty() && (computed - net).abs() > slack {
        let formula = "the sum of the taxable amounts".into();
        let place = at.one("TaxExclusiveAmount").unwrap_or(at);
        place.refuse(Fault::TaxSum {
            name: "TaxExclusiveAmount",
            stated: net,
            formula,
            computed,
        });
    }
}
