//! What can go wrong while talking to the server, and what the port says of it.

use baton_journal::store::StoreError;
use std::error::Error as _;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Why the server did not do what it was asked.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection is gone, or the server did not answer in time.
    Lost(String),
    /// The server refused.
    Refused {
        /// Its code.
        state: SqlState,
        /// Its words.
        reason: String,
    },
    /// What was asked is not one of ours.
    Unsound(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let reason = words(&error);
        match error.code() {
            Some(state) if is_end(state) => Self::Lost(reason),
            Some(state) => Self::Refused {
                state: state.clone(),
                reason,
            },
            None if is_misfit(&error) => Self::Unsound(reason),
            None => Self::Lost(reason),
        }
    }
}

/// The server's message without its details, which hold the row's values; else the driver's own words.
fn words(error: &Error) -> String {
    if let Some(told) = error.as_db_error() {
        return told.message().to_owned();
    }
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Whether the server says with this code that it ends the connection, or takes none.
fn is_end(state: &SqlState) -> bool {
    let ends = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::IDLE_SESSION_TIMEOUT,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    ends.contains(state) || state.code().starts_with("08")
}

/// Whether a value did not fit its parameter or column; the connection is sound.
fn is_misfit(error: &Error) -> bool {
    let source = error.source();
    source.is_some_and(|source| source.is::<tokio_postgres::types::WrongType>())
}

impl Fault {
    /// What is said when the server does not answer.
    pub(super) fn late() -> Self {
        Self::Lost("it does not answer".into())
    }

    /// Whether the connection is of no more use.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// Whether a prepared statement is no longer what it was: a table was made anew.
    pub(super) fn is_outdated(&self) -> bool {
        matches!(self, Self::Refused { state, .. } if *state == SqlState::FEATURE_NOT_SUPPORTED)
    }

    /// Whether the server refused with this code.
    pub(super) fn is(&self, code: &SqlState) -> bool {
        matches!(self, Self::Refused { state, .. } if state == code)
    }

    /// The port's error of a read.
    pub(super) fn reading(self, operation: &'static str) -> StoreError {
        match self {
            Self::Refused { reason, .. } => StoreError::Read { operation, reason },
            other => other.either(operation),
        }
    }

    /// The port's error of a write. Rows that break their table's rules are a fault of the caller.
    pub(super) fn writing(self, operation: &'static str) -> StoreError {
        match self {
            Self::Refused { state, reason } if is_unsound(&state) => {
                StoreError::Unsound { operation, reason }
            }
            Self::Refused { reason, .. } => StoreError::Write { operation, reason },
            other => other.either(operation),
        }
    }

    fn either(self, operation: &'static str) -> StoreError {
        match self {
            Self::Lost(reason) => StoreError::Unreachable { operation, reason },
            Self::Unsound(reason) | Self::Refused { reason, .. } => {
                StoreError::Unsound { operation, reason }
            }
        }
    }
}

/// Classes of codes that speak of the rows, not of the server: bad values, broken constraints, and keys
/// too long for an index.
fn is_unsound(state: &SqlState) -> bool {
    ["22", "23", "54"].contains(&&state.code()[..2])
}
