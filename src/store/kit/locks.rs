//! Advisory locks of PostgreSQL, each held until its transaction ends. SQLite needs none: it has one
//! writer at a time.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, QueryResult, Statement};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::domain::id::OrganizationId;

/// What a lock is for, within an organization.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock<'a> {
    /// Writing the history.
    History,
    /// An id that a client has chosen.
    Id(Uuid),
    /// The key of a scenario.
    ScenarioKey(&'a str),
    /// An idempotency key.
    IdempotencyKey(&'a str),
}

/// Waits until no other transaction holds one of these locks, and takes them in this order.
pub(crate) async fn wait(
    transaction: &DatabaseTransaction,
    numbers: Vec<i64>,
) -> Result<(), DbErr> {
    select("pg_advisory_xact_lock", transaction, numbers).await.map(drop)
}

/// Takes those of the locks with these numbers that no other transaction holds, and returns for
/// each whether it is taken.
pub(crate) async fn try_take(
    transaction: &DatabaseTransaction,
    numbers: Vec<i64>,
) -> Result<Vec<bool>, DbErr> {
    let rows = select("pg_try_advisory_xact_lock", transaction, numbers).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn select(
    function: &str,
    transaction: &DatabaseTransaction,
    numbers: Vec<i64>,
) -> Result<Vec<QueryResult>, DbErr> {
    let sql = format!("SELECT {function}(number) FROM unnest($1) AS number");
    let backend = transaction.get_database_backend();
    transaction.query_all_raw(Statement::from_sql_and_values(backend, sql, [numbers.into()])).await
}

impl Lock<'_> {
    /// The numbers of the locks on the histories of these organizations, in one order everywhere.
    pub(crate) fn histories(organizations: impl Iterator<Item = OrganizationId>) -> BTreeSet<i64> {
        organizations.map(|organization| Lock::History.number(organization)).collect()
    }

    /// The number that identifies the lock to PostgreSQL. Replicas of other versions compute the
    /// same.
    pub(crate) fn number(self, organization: OrganizationId) -> i64 {
        let (kind, name) = match &self {
            Self::History => ("history", &[][..]),
            Self::Id(id) => ("id", &id.as_bytes()[..]),
            Self::ScenarioKey(key) => ("scenario key", key.as_bytes()),
            Self::IdempotencyKey(key) => ("idempotency key", key.as_bytes()),
        };
        let hash = Sha256::digest([organization.0.as_bytes(), kind.as_bytes(), name].concat());
        hash.iter().take(size_of::<i64>()).fold(0, |number, byte| number << 8 | i64::from(*byte))
    }
}
