//! What can be wrong with an agreement's file. The codes are stable.

/// A mistake in an agreement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not TOML, has a key that is unknown, or lacks one.
    #[error("{0}")]
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
    /// It covers no lane.
    #[error("the agreement covers no lane; add a [[lane]] with the lane's id")]
    NoLane,
    /// A level is about a lane it does not cover.
    #[error(
        "level `{level}` is about lane `{lane}`, which has no [[lane]] here; add it, or name another"
    )]
    OtherLane {
        /// The level.
        level: String,
        /// The lane.
        lane: String,
    },
    /// A lane has two levels of a kind.
    #[error(
        "lane `{lane}` has two levels of this kind; one lane has one of each, so that no delay counts twice"
    )]
    TwoLevels {
        /// The lane.
        lane: String,
    },
    /// An on-time level says no time, or another one does.
    #[error("level `{0}`: an on-time level says `within = \"PT4H\"`, and only such a level does")]
    Within(String),
    /// The zone is not in the time-zone data.
    #[error("{0}")]
    Zone(String),
    /// It ends before it begins.
    #[error("the agreement ends before it begins; `until` is its last day")]
    Backwards,
    /// A client's agreement with its own team has prices.
    #[error(
        "client and provider are the same party: an own team is measured by the same rules, without prices; remove the price"
    )]
    OwnPrice,
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Toml(_) => "BATON-AGREEMENT-001",
            Self::Form { .. } => "BATON-AGREEMENT-002",
            Self::Twice { .. } => "BATON-AGREEMENT-003",
            Self::NoLane => "BATON-AGREEMENT-004",
            Self::OtherLane { .. } => "BATON-AGREEMENT-005",
            Self::TwoLevels { .. } => "BATON-AGREEMENT-006",
            Self::Within(_) => "BATON-AGREEMENT-007",
            Self::Zone(_) => "BATON-AGREEMENT-008",
            Self::Backwards => "BATON-AGREEMENT-009",
            Self::OwnPrice => "BATON-AGREEMENT-010",
        }
    }
}
