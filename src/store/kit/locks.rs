//! Advisory locks of PostgreSQL, each held until its transaction ends. SQLite needs none: it has one
//! writer at a time.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, QueryResult, Statement};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::error::StoreError;
use crate::domain::id::OrganizationId;

/// What a lock is for, within an organization.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock<'a> {
    /// Writing the history.
    History,
    /// An id that a client has chosen.
    Id(Uuid),
    /// An idempotency key.
    IdempotencyKey(&'a str),
}

impl Lock<'_> {
    /// Takes the lock; waits while another transaction holds it.
    pub(crate) async fn wait(
        self,
        organization: OrganizationId,
        transaction: &DatabaseTransaction,
    ) -> Result<(), DbErr> {
        self.select("pg_advisory_xact_lock", organization, transaction).await.map(|_| ())
    }

    /// Takes the lock and returns true, unless another transaction holds it.
    pub(crate) async fn try_take(
        self,
        organization: OrganizationId,
        transaction: &DatabaseTransaction,
    ) -> Result<bool, StoreError> {
        let row = self.select("pg_try_advisory_xact_lock", organization, transaction).await?;
        let row = row.ok_or_else(|| StoreError::invariant("a lock's function has no result"))?;
        Ok(row.try_get_by_index(0)?)
    }

    async fn select(
        self,
        function: &str,
        organization: OrganizationId,
        transaction: &DatabaseTransaction,
    ) -> Result<Option<QueryResult>, DbErr> {
        let sql = format!("SELECT {function}($1)");
        let backend = transaction.get_database_backend();
        let number = [self.number(organization).into()];
        transaction.query_one_raw(Statement::from_sql_and_values(backend, sql, number)).await
    }

    /// The number that identifies the lock to PostgreSQL. Replicas of other versions compute the
    /// same.
    fn number(self, organization: OrganizationId) -> i64 {
        let (kind, name) = match &self {
            Self::History => ("history", &[][..]),
            Self::Id(id) => ("id", &id.as_bytes()[..]),
            Self::IdempotencyKey(key) => ("idempotency key", key.as_bytes()),
        };
        let hash = Sha256::new()
            .chain_update(organization.0.as_bytes())
            .chain_update(kind)
            .chain_update(name)
            .finalize();
        hash.iter().take(size_of::<i64>()).fold(0, |number, byte| number << 8 | i64::from(*byte))
    }
}
