//! A rate card as data: what is charged, by which rule, and what a failed service level gives back.
//!
//! It computes nothing. What is written in TOML, [`crate::read`] checks; prices have up to six decimals,
//! amounts no more than their currency.

use crate::outcome::OutcomeRule;
use baton_model::{Currency, Decimal, Month};

/// A rate card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateCard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its prices are in.
    pub currency: Currency,
    /// The IANA zone whose months are counted.
    pub zone: String,
    /// The first month it counts for.
    pub from: Month,
    /// How an exact amount becomes minor units.
    pub half: Half,
    /// What is rounded.
    pub over: Over,
    /// What is charged, in the order of the invoice.
    pub lines: Vec<CardLine>,
    /// Changes of all prices from a month on, the earliest first.
    pub indices: Vec<Index>,
    /// The least charge of a month, without what is passed through.
    pub minimum: Option<Decimal>,
    /// What a failed service level gives back.
    pub credits: Option<CreditRules>,
}

/// Where an amount in the middle of two goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Away from zero, as invoices usually do.
    Up,
    /// To the even neighbour.
    Even,
}

/// What is rounded to the currency's minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Every line; the total is their sum.
    Line,
    /// The total; its minor units are spread over the lines.
    Total,
}

/// A line of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLine {
    /// Its id, as volumes name it.
    pub id: String,
    /// Its name on the invoice.
    pub name: String,
    /// What is counted.
    pub per: Per,
    /// Whether it is handed on at cost: no base for credits, and not part of a minimum.
    pub pass_through: bool,
    /// What it costs.
    pub price: Price,
}

/// What a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Accepted items, whole.
    Unit,
    /// Hours.
    Hour,
    /// Minutes.
    Minute,
    /// Full-time equivalents in the month.
    Fte,
    /// Nothing: a month costs the price.
    Fixed,
    /// Outcomes that stand, less those taken back.
    Outcome,
}

/// What a line costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// One price for each.
    Each(Decimal),
    /// A price by volume.
    Tiers {
        /// How the tiers count.
        rule: TierRule,
        /// The tiers, upwards; the last has no edge.
        tiers: Vec<Step>,
    },
    /// A baseline with additional and reduced resource charges.
    Bands(Bands),
    /// One price for each outcome that stands.
    Outcome(Decimal, OutcomeRule),
}

/// How tiers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierRule {
    /// Each part of the volume at its tier's price.
    Graduated,
    /// The whole volume at the price of the tier it ends in.
    Whole,
}

/// A step of tiers or bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Up to here, or down to here, inclusive; nothing where it is open.
    pub edge: Option<Decimal>,
    /// The price of each.
    pub price: Decimal,
}

/// A baseline at a price, a band in which it holds, and steps above and below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    /// The price of a month inside the band.
    pub price: Decimal,
    /// The agreed volume.
    pub baseline: Decimal,
    /// The lowest volume inside the band.
    pub low: Decimal,
    /// The highest volume inside the band.
    pub high: Decimal,
    /// From where steps count once the band is left.
    pub count: Count,
    /// Additional resource charges, upwards; the last step is open.
    pub arc: Vec<Step>,
    /// Reduced resource credits, downwards; the last step is open.
    pub rrc: Vec<Step>,
}

/// From where the volume outside a band counts. Both are in use and differ widely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// From the band's edge.
    Edge,
    /// From the baseline, once the band is left.
    Baseline,
}

/// A change of all prices from a month on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The first month it counts for.
    pub from: Month,
    /// What prices are multiplied with.
    pub factor: Decimal,
    /// To how many decimals the new price is rounded.
    pub digits: u32,
    /// And how.
    pub half: Half,
}

/// What failed service levels give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditRules {
    /// The part of the charges at risk, as a fraction: 0.12 of 12 %.
    pub at_risk: Decimal,
    /// The levels.
    pub levels: Vec<CreditLevel>,
    /// What a credit is multiplied with at the first, second … failure in a row; the last one stays.
    pub multipliers: Vec<Decimal>,
    /// After so many good months in a row a credit is earned back.
    pub earn_back: Option<u32>,
}

/// A service level as credits see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditLevel {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its part of what is at risk; nothing for a key level, which only reports.
    pub part: Option<Part>,
}

/// A critical level's part of what is at risk, as fractions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its category's pool, where the agreement has pools by category.
    pub pool: Option<(String, Decimal)>,
    /// Its allocation.
    pub allocation: Decimal,
}

impl RateCard {
    /// The line of an id.
    pub fn line(&self, id: &str) -> Option<&CardLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// The service level of an id.
    pub fn level(&self, id: &str) -> Option<&CreditLevel> {
        self.credits
            .iter()
            .flat_map(|rules| &rules.levels)
            .find(|level| level.id == id)
    }
}

impl Per {
    /// The word of so many.
    pub fn words(self, count: Decimal) -> String {
        match self {
            Self::Fte => self.word().into(),
            _ if count == Decimal::ONE => self.word().into(),
            _ => format!("{}s", self.word()),
        }
    }

    /// The word of one.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Fte => "FTE",
            Self::Fixed => "month",
            Self::Outcome => "outcome",
        }
    }
}
