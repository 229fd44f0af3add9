//! What came of calls that a client may send again.

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
        idempotency::{ARGUMENT, IdempotencyKey, KEPT},
        violation::{ViolationKind, Violations},
    },
    entity::{JsonText, idempotency_key},
};

/// What there is under a key.
pub(crate) enum KeyState {
    /// Nothing yet; the key is this transaction's now.
    Nothing,
    /// The outcome of this very call.
    Outcome(Json),
    /// Another call has the key.
    Refused(Violations),
}

/// Looks for the outcome of an earlier call with this key.
pub(crate) async fn find(
    organization: OrganizationId,
    transaction: &DatabaseTransaction,
    engine: Engine,
    key: &IdempotencyKey,
    now: DateTime<Utc>,
) -> Result<KeyState, StoreError> {
    let refused = |kind| Ok(KeyState::Refused(Violations::one(ARGUMENT, kind)));
    // On SQLite, which has one writer at a time, no other call can be holding the key.
    let lock = Lock::IdempotencyKey(key.key());
    if engine == Engine::Postgres && !lock.try_take(organization, transaction).await? {
        return refused(ViolationKind::IdempotencyKeyInUse);
    }
    let kept = idempotency_key::Entity::find_by_id((organization.0, key.key().to_owned()))
        .filter(idempotency_key::Column::CreatedAt.gt(now - KEPT))
        .one(transaction)
        .await?;
    match kept {
        None => Ok(KeyState::Nothing),
        Some(kept) if key.fingerprint().is(&kept.fingerprint) => {
            Ok(KeyState::Outcome(kept.outcome.0))
        }
        Some(_) => refused(ViolationKind::IdempotencyKeyMismatch),
    }
}

/// Keeps the outcome of a call under its key. An expired one makes room.
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

/// Forgets the outcomes of all organizations that need not be kept any more; answers how many.
pub async fn forget_expired(db: &Database, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let transaction = db.write().await?;
    let forgotten = idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lte(now - KEPT))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(forgotten.rows_affected)
}
