//! Outcomes of calls, stored under idempotency keys so that a client can send a call again.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, sea_query::OnConflict,
};
use serde_json::Value as Json;

use super::{error::StoreError, locks::Lock};
use crate::{
    db::{Database, Engine},
    domain::{
        id::OrganizationId,
        idempotency::{ARGUMENT, IdempotencyKey, STORED_FOR},
        violation::{ViolationKind, Violations},
    },
    entity::{JsonText, idempotency_key},
};

/// The state of an idempotency key.
pub(crate) enum KeyState {
    /// No outcome is stored; this transaction holds the key now.
    Nothing,
    /// The outcome of this call is stored.
    Outcome(Json),
    /// The call is rejected: another one has used or holds the key.
    Rejected(Violations),
}

/// Looks up the outcome stored under a key, and takes the key.
pub(crate) async fn find(
    organization: OrganizationId,
    transaction: &DatabaseTransaction,
    engine: Engine,
    key: &IdempotencyKey,
    now: DateTime<Utc>,
) -> Result<KeyState, StoreError> {
    let rejected = |kind| Ok(KeyState::Rejected(Violations::one(ARGUMENT, kind)));
    // On SQLite, which has one writer at a time, no other call can be holding the key.
    let lock = Lock::IdempotencyKey(key.key());
    if engine == Engine::Postgres && !lock.try_take(organization, transaction).await? {
        return rejected(ViolationKind::IdempotencyKeyInUse);
    }
    let stored = idempotency_key::Entity::find_by_id((organization.0, key.key().to_owned()))
        .filter(idempotency_key::Column::CreatedAt.gt(now - STORED_FOR))
        .one(transaction)
        .await?;
    match stored {
        None => Ok(KeyState::Nothing),
        Some(stored) if key.fingerprint().is(&stored.fingerprint) => {
            Ok(KeyState::Outcome(stored.outcome.0))
        }
        Some(_) => rejected(ViolationKind::IdempotencyKeyMismatch),
    }
}

/// Stores the outcome of a call under its key, in place of an expired one.
pub(crate) async fn store_outcome(
    organization: OrganizationId,
    transaction: &DatabaseTransaction,
    key: &IdempotencyKey,
    outcome: Json,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = idempotency_key::ActiveModel {
        organization_id: Set(organization.0),
        key: Set(key.key().to_owned()),
        fingerprint: Set(key.fingerprint().current.to_vec()),
        outcome: Set(JsonText(outcome)),
        created_at: Set(now),
    };
    let replace = OnConflict::columns([
        idempotency_key::Column::OrganizationId,
        idempotency_key::Column::Key,
    ])
    .update_columns([
        idempotency_key::Column::Fingerprint,
        idempotency_key::Column::Outcome,
        idempotency_key::Column::CreatedAt,
    ])
    .to_owned();
    idempotency_key::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Deletes the expired outcomes of all organizations, and returns how many.
pub async fn forget_expired(db: &Database, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let transaction = db.write().await?;
    let deleted = idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lte(now - STORED_FOR))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(deleted.rows_affected)
}
