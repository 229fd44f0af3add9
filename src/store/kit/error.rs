//! Why a query or a change fails.

use sea_orm::DbErr;

use crate::domain::secret::SealError;

/// Why something could not be read or changed, by the part that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// A secret could not be sealed or opened.
    #[error("a secret could not be sealed or opened: {0}")]
    Sealing(#[from] SealError),
    /// Concurrent calls changed what this one was about to lock, in each of its attempts. It changed
    /// nothing, and can be sent again.
    #[error("concurrent calls changed what this one was about to lock")]
    Contended,
    /// The program or the stored data are in a state that the code rules out.
    #[error("invariant violated: {0}")]
    Invariant(String),
}

impl StoreError {
    /// An error that says what was found instead of what the invariant promises.
    pub(crate) fn invariant(what: &str) -> Self {
        Self::Invariant(what.to_owned())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Invariant(format!("a snapshot or a stored outcome is not the expected JSON: {error}"))
    }
}
