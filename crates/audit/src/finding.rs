//! Findings: what in a journal does not fit, and the first entry where it shows.

/// Something that does not fit. Codes are stable; the number is the first entry that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// An entry is missing or stands twice.
    #[error(
        "BATON-AUDIT-001: entry {expected} is missing, the next one found is {found}; compare with a backup"
    )]
    Gap {
        /// The number that should come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// The bytes and the chain do not fit.
    #[error(
        "BATON-AUDIT-002: entry {n} does not fit the chain: its bytes, its hash or the hash before it were changed; compare with a backup"
    )]
    Chain {
        /// The entry.
        n: i64,
    },
    /// A column says something else than the hashed bytes.
    #[error(
        "BATON-AUDIT-003: entry {n}: the column `{column}` differs from the hashed bytes, which hold; the column was changed"
    )]
    Column {
        /// The entry.
        n: i64,
        /// The column.
        column: &'static str,
    },
    /// The bytes are not an entry.
    #[error("BATON-AUDIT-004: entry {n} cannot be read: {reason}")]
    Unreadable {
        /// The entry.
        n: i64,
        /// Why.
        reason: String,
    },
    /// The head is not the last entry.
    #[error(
        "BATON-AUDIT-005: the journal's head says {expected}, its entries end at {n} or with another hash or instant; entries were added or cut past Baton"
    )]
    Head {
        /// The last entry.
        n: i64,
        /// The number at the head.
        expected: i64,
    },
    /// A checkpoint's root is not the root of so many entries.
    #[error(
        "BATON-AUDIT-006: the first {size} entries are not those of the checkpoint: one of the entries {n} to {size} was changed and the chain was hashed again"
    )]
    Rewritten {
        /// The first entry that may have been changed: all before it fit an earlier checkpoint.
        n: i64,
        /// The checkpoint's size.
        size: u64,
    },
    /// The journal is shorter than it was.
    #[error(
        "BATON-AUDIT-007: a checkpoint saw {size} entries, the journal ends before {n}: its tail was cut"
    )]
    Cut {
        /// The first entry that is gone.
        n: i64,
        /// The checkpoint's size.
        size: u64,
    },
    /// Time went back.
    #[error("BATON-AUDIT-008: entry {n} is older than the one before it; compare with a backup")]
    Backwards {
        /// The entry.
        n: i64,
    },
    /// The same cause twice.
    #[error("BATON-AUDIT-009: entry {n} has the cause `{cause}` of an earlier entry")]
    Repeated {
        /// The later entry.
        n: i64,
        /// The cause.
        cause: String,
    },
}

impl Finding {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "BATON-AUDIT-001",
            Self::Chain { .. } => "BATON-AUDIT-002",
            Self::Column { .. } => "BATON-AUDIT-003",
            Self::Unreadable { .. } => "BATON-AUDIT-004",
            Self::Head { .. } => "BATON-AUDIT-005",
            Self::Rewritten { .. } => "BATON-AUDIT-006",
            Self::Cut { .. } => "BATON-AUDIT-007",
            Self::Backwards { .. } => "BATON-AUDIT-008",
            Self::Repeated { .. } => "BATON-AUDIT-009",
        }
    }

    /// The first entry that does not fit.
    pub fn n(&self) -> i64 {
        match self {
            Self::Gap { expected, .. } => *expected,
            Self::Chain { n }
            | Self::Column { n, .. }
            | Self::Unreadable { n, .. }
            | Self::Head { n, .. }
            | Self::Rewritten { n, .. }
            | Self::Cut { n, .. }
            | Self::Backwards { n }
            | Self::Repeated { n, .. } => *n,
        }
    }
}
