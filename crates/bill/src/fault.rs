//! What can be wrong with a rate card, or with what is asked of it. The codes are stable.

use baton_model::{Currency, Month};

/// A mistake, in words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not TOML, has a key that is unknown, or lacks one.
    #[error("{0}; the keys of a card are shown by packs/purchase-to-pay/rates/sample.toml")]
    Toml(String),
    /// A text has not the form it must have.
    #[error("`{text}` is no {what}")]
    Form {
        /// The text.
        text: String,
        /// What it must be, with an example.
        what: &'static str,
    },
    /// Two things of a kind have one id.
    #[error("{kind} `{id}` is given twice; give each once")]
    Twice {
        /// The kind of thing.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// Nothing is charged.
    #[error("the card charges nothing; add a [[line]] with id, name, per and price")]
    NoLine,
    /// A price is in another currency than the card.
    #[error(
        "`{text}` is not in {card}, the card's currency; convert it, or make a card of its own"
    )]
    OtherCurrency {
        /// The price.
        text: String,
        /// The card's currency.
        card: Currency,
    },
    /// An amount has more decimals than its currency.
    #[error("`{text}` has more decimals than {currency}, which has {}; write fewer", currency.digits())]
    Digits {
        /// The amount.
        text: String,
        /// The currency.
        currency: Currency,
    },
    /// Steps overlap or do not follow each other.
    #[error("the step to `{edge}` overlaps what ends at {before}; {order}")]
    Overlap {
        /// The edge.
        edge: String,
        /// Where the step before it, or the band, ends.
        before: String,
        /// How edges must follow.
        order: &'static str,
    },
    /// The last step has an edge, or an earlier one has none.
    #[error(
        "{0} of line `{1}`: every step but the last says where it ends, and the last says nothing, so that every volume has a price"
    )]
    Open(&'static str, String),
    /// A line has not the keys of its kind.
    #[error("line `{line}`: {rule}")]
    Kind {
        /// The line.
        line: String,
        /// What it must say.
        rule: &'static str,
    },
    /// A level has not what its notation asks for.
    #[error("level `{level}`: {rule}")]
    Level {
        /// The level.
        level: String,
        /// What it must say.
        rule: &'static str,
    },
    /// Parts sum to something else than they should.
    #[error("{what} sum to {sum} %, above {most} %; lower one of them{hint}")]
    Sum {
        /// Of what.
        what: String,
        /// Their sum.
        sum: String,
        /// The most they may be.
        most: String,
        /// What else can be done.
        hint: &'static str,
    },
    /// Indices are not in order.
    #[error(
        "the index from {0} does not come after the one before it; write them in order, one a month at most"
    )]
    IndexOrder(Month),
    /// The card has no such line.
    #[error("the card has no line `{line}` that takes this; those that do are {known}")]
    UnknownLine {
        /// The line asked for.
        line: String,
        /// The lines it has.
        known: String,
    },
    /// A line that needs a volume has none.
    #[error("line `{0}` has no volume; say --volume {0}=NUMBER, and 0 if nothing was done")]
    NoVolume(String),
    /// A line that counts nothing of itself has a volume.
    #[error(
        "line `{0}` takes no volume: it is a fixed price, or counts outcomes; leave --volume {0} away"
    )]
    TakesNone(String),
    /// A volume cannot be.
    #[error("`{text}` is no volume of line `{line}`; {rule}")]
    Volume {
        /// The line.
        line: String,
        /// The volume.
        text: String,
        /// What it must be.
        rule: &'static str,
    },
    /// The card does not count yet.
    #[error(
        "the card counts from {from} and not in {asked}; ask for a later month, or use the card before it"
    )]
    Before {
        /// Its first month.
        from: Month,
        /// The month asked for.
        asked: Month,
    },
    /// The card has no such level.
    #[error("the card has no service level `{level}`; it has {known}")]
    UnknownLevel {
        /// The level asked for.
        level: String,
        /// The levels it has.
        known: String,
    },
    /// An earlier credit is not from an earlier month, or from before the card.
    #[error(
        "a credit of {credited} is none of an earlier month under this card; name a month from {from} on and before {asked}"
    )]
    NotEarlier {
        /// The month of the credit.
        credited: Month,
        /// The card's first month.
        from: Month,
        /// The month asked for.
        asked: Month,
    },
    /// An amount does not fit.
    #[error(
        "the sum is too large to be written in minor units of 64 bits; look for a volume or price with too many digits"
    )]
    TooLarge,
    /// A line that counts outcomes was given none.
    #[error("line `{0}` counts outcomes; name the file with their facts by --outcomes {0}=FILE")]
    NoOutcomes(String),
    /// The zone is not in the time-zone data.
    #[error("{0}")]
    Zone(String),
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Toml(_) => "BATON-BILL-001",
            Self::Form { .. } => "BATON-BILL-002",
            Self::Twice { .. } => "BATON-BILL-003",
            Self::NoLine => "BATON-BILL-004",
            Self::OtherCurrency { .. } => "BATON-BILL-005",
            Self::Digits { .. } => "BATON-BILL-006",
            Self::Overlap { .. } => "BATON-BILL-007",
            Self::Open(..) => "BATON-BILL-008",
            Self::Kind { .. } => "BATON-BILL-009",
            Self::Level { .. } => "BATON-BILL-010",
            Self::Sum { .. } => "BATON-BILL-011",
            Self::IndexOrder(_) => "BATON-BILL-012",
            Self::UnknownLine { .. } => "BATON-BILL-013",
            Self::NoVolume(_) => "BATON-BILL-014",
            Self::TakesNone(_) => "BATON-BILL-015",
            Self::Volume { .. } => "BATON-BILL-016",
            Self::Before { .. } => "BATON-BILL-017",
            Self::UnknownLevel { .. } => "BATON-BILL-018",
            Self::NotEarlier { .. } => "BATON-BILL-019",
            Self::TooLarge => "BATON-BILL-020",
            Self::Zone(_) => "BATON-BILL-021",
            Self::NoOutcomes(_) => "BATON-BILL-022",
        }
    }
}
