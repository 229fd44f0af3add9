//! Outcomes of calls, stored under idempotency keys so that a client can send a call again.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _};
use serde_json::Value as Json;

use super::{error::StoreError, locks::Lock, write_batch::WriteBatch};
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
    /// This transaction holds the key now. No outcome is stored, or this expired one.
    Unused(Option<idempotency_key::Model>),
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
    let id = (organization.0, key.key().to_owned());
    match idempotency_key::Entity::find_by_id(id).one(transaction).await? {
        Some(stored) if stored.created_at > now - STORED_FOR => {
            if key.fingerprint().is(&stored.fingerprint) {
                Ok(KeyState::Outcome(stored.outcome.0))
            } else {
                rejected(ViolationKind::IdempotencyKeyMismatch)
            }
        }
        expired => Ok(KeyState::Unused(expired)),
    }
}

/// Stores the outcome of a call under its key, in place of an expired one.
pub(crate) fn store_outcome(
    organization: OrganizationId,
    batch: &mut WriteBatch,
    key: &IdempotencyKey,
    expired: Option<&idempotency_key::Model>,
    outcome: Json,
    now: DateTime<Utc>,
) {
    let row = idempotency_key::Model {
        organization_id: organization.0,
        key: key.key().to_owned(),
        fingerprint: key.fingerprint().current.to_vec(),
        outcome: JsonText(outcome),
        created_at: now,
    };
    batch.replace(expired, Some(&row));
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
