//! Allowances and charges: what is taken off or added, on a line or on the whole document.

use super::element::At;
use baton_model::Currency;
use rust_decimal::Decimal;

/// An allowance (taken off) or a charge (added), before tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowanceCharge {
    /// True for a charge, false for an allowance.
    pub charge: bool,
    /// Why, in words.
    pub reason: Option<String>,
    /// Why, as a code of UNCL 5189 or 7161; freight is `FC`.
    pub reason_code: Option<String>,
    /// The percentage it was computed with, where given; 5 means 5 %.
    pub percent: Option<Decimal>,
    /// What the percentage is of.
    pub base: Option<Decimal>,
    /// The amount, in the document's currency; not negative on ordinary documents.
    pub amount: Decimal,
    /// The VAT category code, like `S`.
    pub tax_category: Option<String>,
    /// The VAT rate in per cent.
    pub tax_percent: Option<Decimal>,
}

impl AllowanceCharge {
    /// The amount as it enters a sum: added if a charge, taken off if an allowance.
    pub fn signed(&self) -> Decimal {
        if self.charge {
            self.amount
        } else {
            -self.amount
        }
    }

    /// The reason in words, else its code, else `charge` or `allowance`.
    pub fn label(&self) -> &str {
        let fallback = if self.charge { "charge" } else { "allowance" };
        self.reason
            .as_deref()
            .or(self.reason_code.as_deref())
            .unwrap_or(fallback)
    }

    /// All allowances and charges directly under an element.
    pub(super) fn read_all(at: At<'_, '_>, currency: Currency) -> Vec<Self> {
        at.many("AllowanceCharge")
            .filter_map(|entry| Self::read(entry, currency))
            .collect()
    }

    fn read(at: At<'_, '_>, currency: Currency) -> Option<Self> {
        let charge = at.need_truth("ChargeIndicator");
        let amount = at.need_amount("Amount", currency);
        let tax = at.many("TaxCategory").next();
        Some(Self {
            charge: charge?,
            reason: at.texts("AllowanceChargeReason"),
            reason_code: at.text("AllowanceChargeReasonCode"),
            percent: at.decimal("MultiplierFactorNumeric"),
            base: at.amount("BaseAmount", currency),
            amount: amount?,
            tax_category: tax.and_then(|tax| tax.text("ID")),
            tax_percent: tax.and_then(|tax| tax.decimal("Percent")),
        })
    }
}
