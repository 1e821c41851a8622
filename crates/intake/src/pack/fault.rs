//! What can be wrong with a pack. The codes are stable.

/// A mistake in a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no `pack.toml`.
    #[error("the folder has no pack.toml; a pack begins with one")]
    NoPackFile,
    /// `pack.toml` is not TOML, has a key that is unknown, or lacks one.
    #[error("{0}")]
    Toml(String),
    /// A file that is listed is not there.
    #[error(
        "`{0}` is not in the pack's folder; write its path as seen from pack.toml, or add the file"
    )]
    NoFile(String),
    /// Two things of a kind have one id.
    #[error("{kind} `{id}` is given twice; give each its own id")]
    Twice {
        /// The kind of thing.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// Something is named that is not declared.
    #[error("there is no {kind} `{id}` in this pack; declare it or name another")]
    Unknown {
        /// The kind of thing.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// A text has not the form it must have.
    #[error("`{text}` is no {what}")]
    Form {
        /// The text.
        text: String,
        /// What it must be, with an example.
        what: &'static str,
    },
    /// A site of another party is named.
    #[error("site `{site}` belongs to {owner}, not to {party}; name a site of {party}")]
    OtherSite {
        /// The site.
        site: String,
        /// Whose it is.
        owner: String,
        /// Whose it should be.
        party: String,
    },
    /// Not exactly one party is the client.
    #[error("{0} parties have the role client; exactly one party is the client")]
    Clients(usize),
    /// A calendar cannot be read.
    #[error("{0}")]
    Calendar(String),
    /// A lane of a process has no setting.
    #[error("lane `{0}` has no [[lane]] in pack.toml; say there which party runs it")]
    LaneUnset(String),
    /// A setting is for no lane of any process.
    #[error(
        "no process of the pack has a lane `{0}`; remove the [[lane]], or name the lane's id in the BPMN file"
    )]
    LaneUnused(String),
    /// A form that a task names is not in the pack.
    #[error("form `{0}` is not in the pack; add forms/{0}.json and list it under forms")]
    NoForm(String),
    /// A decision that a task names is in no DMN file.
    #[error("decision `{0}` is in none of the pack's DMN files")]
    NoDecision(String),
    /// A role that a task needs is held by nobody in that lane.
    #[error("no worker has the role `{0}`; give it to a worker, or the item can never be taken")]
    NoRole(String),
    /// A lane may open originals, but not see all that stands in them.
    #[error(
        "lane `{lane}` may open originals, which show all that a sender wrote, but {what}; grant that too, or take `{pattern}` away"
    )]
    Original {
        /// The lane.
        lane: String,
        /// The pattern that lets it open them.
        pattern: String,
        /// What it may not see.
        what: String,
    },
    /// A form is no JSON object.
    #[error("the form is no JSON Schema: {0}")]
    Json(String),
    /// A table cannot be read.
    #[error("the table cannot be read: {0}")]
    Csv(String),
    /// A number in a table is none.
    #[error("column `{column}`: `{text}` is no number; write digits with a point, like 12500.00")]
    Number {
        /// The column.
        column: &'static str,
        /// The text.
        text: String,
    },
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPackFile => "BATON-PACK-001",
            Self::Toml(_) => "BATON-PACK-002",
            Self::NoFile(_) => "BATON-PACK-003",
            Self::Twice { .. } => "BATON-PACK-004",
            Self::Unknown { .. } => "BATON-PACK-005",
            Self::Form { .. } => "BATON-PACK-006",
            Self::OtherSite { .. } => "BATON-PACK-007",
            Self::Clients(_) => "BATON-PACK-008",
            Self::Calendar(_) => "BATON-PACK-009",
            Self::LaneUnset(_) => "BATON-PACK-010",
            Self::LaneUnused(_) => "BATON-PACK-011",
            Self::NoForm(_) => "BATON-PACK-012",
            Self::NoDecision(_) => "BATON-PACK-013",
            Self::NoRole(_) => "BATON-PACK-014",
            Self::Json(_) => "BATON-PACK-015",
            Self::Csv(_) => "BATON-PACK-016",
            Self::Number { .. } => "BATON-PACK-017",
            Self::Original { .. } => "BATON-PACK-018",
        }
    }
}
