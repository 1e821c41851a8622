//! An agreement's file as it is written: every key it may have. What the keys mean together is checked
//! beside.

use serde::Deserialize;
use toml::Spanned;

/// A text with its place in the file.
pub(super) type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreementFile {
    pub(super) id: Text,
    pub(super) name: String,
    pub(super) client: Text,
    pub(super) provider: Text,
    pub(super) currency: Text,
    pub(super) zone: Text,
    pub(super) from: Text,
    pub(super) until: Option<Text>,
    pub(super) sites: Vec<Text>,
    #[serde(default)]
    pub(super) lane: Vec<LaneEntry>,
    #[serde(default)]
    pub(super) level: Vec<LevelEntry>,
    pub(super) continuity: Option<ContinuityEntry>,
}

/// A lane it covers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LaneEntry {
    pub(super) id: Text,
    pub(super) price: Option<PriceEntry>,
    #[serde(default)]
    pub(super) read: Vec<Text>,
    #[serde(default)]
    pub(super) write: Vec<Text>,
    #[serde(default)]
    pub(super) freetext: Freetext,
}

/// The price of an accepted item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceEntry {
    pub(super) card: String,
    pub(super) unit: Text,
}

/// A service level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelEntry {
    pub(super) id: Text,
    pub(super) name: String,
    pub(super) lane: Text,
    pub(super) kind: Kind,
    pub(super) within: Option<Text>,
    pub(super) target: Text,
    #[serde(default)]
    pub(super) critical: bool,
    #[serde(default = "minimum")]
    pub(super) minimum: u32,
}

fn minimum() -> u32 {
    20
}

/// What a service level counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    OnTime,
    FirstPass,
}

/// Who steps in, and how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ContinuityEntry {
    pub(super) backup: Text,
    #[serde(default)]
    pub(super) in_flight: InFlight,
}

/// How much free text is shown.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Freetext {
    #[default]
    None,
    Redacted,
    Full,
}

/// What becomes of work in flight.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InFlight {
    Finish,
    #[default]
    Split,
    HandOver,
}

impl Freetext {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Redacted => "redacted",
            Self::Full => "full",
        }
    }
}

impl InFlight {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Finish => "finish",
            Self::Split => "split",
            Self::HandOver => "hand_over",
        }
    }
}
