//! A rate card's file as it is written: every key it may have. What the keys mean together is checked
//! beside.

use serde::Deserialize;
use toml::Spanned;

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CardFile {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) currency: Text,
    pub(super) zone: Text,
    pub(super) from: Text,
    pub(super) rounding: Rounded,
    pub(super) minimum: Option<Text>,
    #[serde(default)]
    pub(super) line: Vec<LineEntry>,
    #[serde(default)]
    pub(super) index: Vec<IndexEntry>,
    pub(super) credits: Option<CreditsEntry>,
}

/// How amounts are rounded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rounded {
    pub(super) half: HalfWord,
    pub(super) over: OverWord,
}

/// Where the middle of two goes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HalfWord {
    Up,
    Even,
}

/// What is rounded.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OverWord {
    Line,
    Total,
}

/// A line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LineEntry {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) per: PerWord,
    #[serde(default)]
    pub(super) pass_through: bool,
    pub(super) price: Option<Text>,
    pub(super) tiers: Option<TiersEntry>,
    pub(super) bands: Option<BandsEntry>,
    pub(super) outcome: Option<OutcomeEntry>,
}

/// What a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PerWord {
    Unit,
    Hour,
    Minute,
    Fte,
    Fixed,
    Outcome,
}

/// Prices by volume.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TiersEntry {
    pub(super) rule: TierWord,
    pub(super) steps: Vec<StepEntry>,
}

/// How tiers count.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TierWord {
    Graduated,
    Whole,
}

/// A step, upwards or downwards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct StepEntry {
    pub(super) to: Option<Text>,
    pub(super) price: Text,
}

/// A baseline with its band.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandsEntry {
    pub(super) baseline: Text,
    pub(super) band: Text,
    pub(super) count: CountWord,
    pub(super) arc: Vec<StepEntry>,
    pub(super) rrc: Vec<StepEntry>,
}

/// From where volume outside the band counts.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CountWord {
    Edge,
    Baseline,
}

/// When an outcome counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OutcomeEntry {
    pub(super) paid: Text,
    pub(super) silence_days: Option<u16>,
    pub(super) reopen_days: u16,
}

/// A change of all prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndexEntry {
    pub(super) from: Text,
    pub(super) factor: Text,
    pub(super) digits: Spanned<u32>,
    pub(super) half: HalfWord,
}

/// Service credits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CreditsEntry {
    pub(super) at_risk: Text,
    /// The sum of allocations, where they are of the whole and may pass 100 %.
    pub(super) pool: Option<Text>,
    #[serde(default)]
    pub(super) category: Vec<CategoryEntry>,
    #[serde(default)]
    pub(super) level: Vec<LevelEntry>,
    #[serde(default)]
    pub(super) multipliers: Vec<Text>,
    pub(super) earn_back: Option<Spanned<u32>>,
}

/// A category with its pool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryEntry {
    pub(super) id: Text,
    pub(super) pool: Text,
}

/// A service level as credits see it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelEntry {
    pub(super) id: Text,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) critical: bool,
    pub(super) category: Option<Text>,
    pub(super) allocation: Option<Text>,
}
