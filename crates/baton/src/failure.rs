//! Why a command could not be done at all.

/// A failure, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The app.
    #[error(transparent)]
    Start(#[from] baton_app::StartError),
    /// The store.
    #[error(transparent)]
    Store(#[from] baton_journal::store::StoreError),
    /// The store's address.
    #[error(transparent)]
    Address(#[from] baton_store::postgres::AddressError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] baton_store::postgres::OpenError),
    /// A view.
    #[error(transparent)]
    View(#[from] baton_app::views::ViewError),
    /// A command was not accepted.
    #[error(transparent)]
    App(#[from] baton_app::Failure),
    /// A file or folder.
    #[error("{path}: {error}")]
    Io {
        /// Where.
        path: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// Anything else, said whole.
    #[error("{0}")]
    Said(String),
}

impl Failure {
    pub(crate) fn io(path: impl AsRef<std::path::Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().display().to_string();
        |error| Self::Io { path, error }
    }
}
