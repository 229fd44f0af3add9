//! Why a query has no answer.

use sea_orm::DbErr;

use crate::domain::secret::SealError;

/// Why something could not be read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// A secret could not be sealed or opened; the database is well.
    #[error("a secret could not be sealed or opened: {0}")]
    Secret(#[from] SealError),
}
