//! Why a UBL document is refused: one variant a reason, one stable code a variant.
//!
//! The messages reach the person who must ask the sender for a better file, so they say what was read,
//! what was computed and what to do.

use rust_decimal::Decimal;
use thiserror::Error;

/// Why a UBL document was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The root is of no UBL namespace.
    #[error(
        "the root <{0}> is not UBL 2; send a UBL 2.1 order, receipt advice, despatch advice, invoice or credit note"
    )]
    NotUbl(String),
    /// UBL, but none of the five kinds.
    #[error(
        "UBL {0} is not taken here; send an order, receipt advice, despatch advice, invoice or credit note"
    )]
    OtherKind(String),
    /// A needed element is absent or empty.
    #[error("<{parent}> has no {name}; ask the sender to add it")]
    Missing {
        /// The element that lacks it.
        parent: String,
        /// The absent element.
        name: &'static str,
    },
    /// A value that cannot be read.
    #[error("{name} is `{value}`, which is {why}")]
    Unreadable {
        /// The element.
        name: String,
        /// Its text, shortened.
        value: String,
        /// What it should be.
        why: &'static str,
    },
    /// An element that may stand once stands again.
    #[error("<{0}> stands more than once here; it may stand once: remove the wrong one")]
    Repeated(String),
    /// An amount in a currency other than the document's.
    #[error("{name} is in {found}, but the document is in {document}; state it in {document}")]
    OtherCurrency {
        /// The element.
        name: String,
        /// The amount's currency.
        found: String,
        /// The document's currency.
        document: String,
    },
    /// A line's net amount is not what quantity, price, allowances and charges give.
    #[error("the line's net amount is {stated}, but {formula} = {computed}; correct the line")]
    LineSum {
        /// As the file has it.
        stated: Decimal,
        /// The computation in figures.
        formula: String,
        /// What it gives.
        computed: Decimal,
    },
    /// A total of the header is not what its parts give.
    #[error("{name} is {stated}, but {formula} = {computed}; correct the total")]
    TotalSum {
        /// The element.
        name: &'static str,
        /// As the file has it.
        stated: Decimal,
        /// The computation in words and figures.
        formula: String,
        /// What it gives.
        computed: Decimal,
    },
    /// A tax amount is not what its rate gives, or the taxes do not add up.
    #[error("{name} is {stated}, but {formula} = {computed}; correct the tax")]
    TaxSum {
        /// The element.
        name: &'static str,
        /// As the file has it.
        stated: Decimal,
        /// The computation in words and figures.
        formula: String,
        /// What it gives.
        computed: Decimal,
    },
}

impl Fault {
    /// Whether all values could be read and do not add up.
    pub fn is_sum(&self) -> bool {
        matches!(
            self,
            Self::LineSum { .. } | Self::TotalSum { .. } | Self::TaxSum { .. }
        )
    }

    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotUbl(_) => "BATON-UBL-001",
            Self::OtherKind(_) => "BATON-UBL-002",
            Self::Missing { .. } => "BATON-UBL-003",
            Self::Unreadable { .. } => "BATON-UBL-004",
            Self::Repeated(_) => "BATON-UBL-005",
            Self::OtherCurrency { .. } => "BATON-UBL-006",
            Self::LineSum { .. } => "BATON-UBL-007",
            Self::TotalSum { .. } => "BATON-UBL-008",
            Self::TaxSum { .. } => "BATON-UBL-009",
        }
    }
}
