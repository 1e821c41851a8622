//! The totals and taxes of a document, as the file states them.
//!
//! That they add up is checked in `sums`; what stands here is what the sender wrote.

use super::element::At;
use super::sums;
use baton_model::Currency;
use rust_decimal::Decimal;

/// The totals of a document, in its currency. What the file leaves out is filled as EN 16931 reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the lines' net amounts (BT-106).
    pub lines: Decimal,
    /// Sum of the allowances of the document (BT-107).
    pub allowances: Decimal,
    /// Sum of the charges of the document (BT-108).
    pub charges: Decimal,
    /// Total without tax (BT-109).
    pub net: Decimal,
    /// Total tax (BT-110).
    pub tax: Decimal,
    /// Total with tax (BT-112).
    pub gross: Decimal,
    /// Paid already (BT-113).
    pub prepaid: Decimal,
    /// Rounding of the payable amount (BT-114).
    pub rounding: Decimal,
    /// What is to be paid (BT-115).
    pub payable: Decimal,
}

impl Totals {
    /// Reads `LegalMonetaryTotal` or `AnticipatedMonetaryTotal`; all of BT-106, 109, 112 and 115 are
    /// needed on an invoice, only BT-106 and 115 on an order.
    pub(super) fn read(at: At<'_, '_>, currency: Currency, tax: Decimal) -> Option<Self> {
        let order = at.name() == "AnticipatedMonetaryTotal";
        let or_zero = |name| at.amount(name, currency).unwrap_or_default();
        let lines = at.need_amount("LineExtensionAmount", currency);
        let payable = at.need_amount("PayableAmount", currency);
        let (allowances, charges) = (
            or_zero("AllowanceTotalAmount"),
            or_zero("ChargeTotalAmount"),
        );
        let stated = |name| {
            if order {
                at.amount(name, currency)
            } else {
                at.need_amount(name, currency)
            }
        };
        let net = stated("TaxExclusiveAmount");
        let gross = stated("TaxInclusiveAmount");
        let lines = lines?;
        let net = net.unwrap_or(lines - allowances + charges);
        Some(Self {
            lines,
            allowances,
            charges,
            net,
            tax,
            gross: gross.unwrap_or(net + tax),
            prepaid: or_zero("PrepaidAmount"),
            rounding: or_zero("PayableRoundingAmount"),
            payable: payable?,
        })
    }
}

/// The tax of one category and rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxSubtotal {
    /// The VAT category code, like `S`.
    pub category: Option<String>,
    /// The rate in per cent, where the category has one.
    pub percent: Option<Decimal>,
    /// What is taxed.
    pub taxable: Decimal,
    /// The tax.
    pub tax: Decimal,
}

/// The tax total in the document's currency and its parts. A total in the tax currency alone is passed
/// over; none at all means no tax.
pub(super) fn read_taxes(root: At<'_, '_>, currency: Currency) -> (Decimal, Vec<TaxSubtotal>) {
    let own = root.many("TaxTotal").find(|total| {
        let amount = total.many("TaxAmount").next();
        let code = amount.and_then(|amount| amount.attribute("currencyID"));
        code.as_deref() == Some(currency.code())
    });
    let Some(total) = own.or_else(|| root.many("TaxTotal").next()) else {
        return (Decimal::ZERO, Vec::new());
    };
    let tax = total.need_amount("TaxAmount", currency).unwrap_or_default();
    let parts: Vec<TaxSubtotal> = total
        .many("TaxSubtotal")
        .filter_map(|part| TaxSubtotal::read(part, currency))
        .collect();
    sums::tax_total(total, tax, &parts);
    (tax, parts)
}

impl TaxSubtotal {
    fn read(at: At<'_, '_>, currency: Currency) -> Option<Self> {
        let taxable = at.need_amount("TaxableAmount", currency);
        let tax = at.need_amount("TaxAmount", currency);
        let category = at.one("TaxCategory");
        let part = Self {
            category: category.and_then(|category| category.text("ID")),
            percent: category.and_then(|category| category.decimal("Percent")),
            taxable: taxable?,
            tax: tax?,
        };
        sums::tax_part(at, &part);
        Some(part)
    }
}
