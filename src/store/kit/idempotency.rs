//! Outcomes of calls, stored under idempotency keys so that a client can send a call again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _};
use serde_json::Value as Json;

use super::{
    locks::{self, Lock},
    tenant,
};
use crate::{
    db::{Database, Engine},
    domain::{
        call::Call,
        id::OrganizationId,
        idempotency::{ARGUMENT, STORED_FOR},
        violation::{ViolationKind, Violations},
    },
    entity::idempotency_key,
};

/// What a call has because of its key alone: the JSON of its stored outcome, or why it is rejected.
pub(crate) type Earlier = Result<Json, Violations>;

/// Looks up the outcomes that are stored under the keys of calls, which are different ones, and
/// takes the keys. The result has an element for each call: none if it has to be executed. A call that
/// is only validated is executed even if its outcome is stored, because that says nothing of its input now.
pub(crate) async fn look_up(
    transaction: &DatabaseTransaction,
    engine: Engine,
    calls: &[&Call],
) -> Result<Vec<Option<Earlier>>, DbErr> {
    if calls.iter().all(|call| call.key.is_none()) {
        return Ok(vec![None; calls.len()]);
    }
    let with_key: Vec<(OrganizationId, String)> = calls
        .iter()
        .filter_map(|call| Some((call.caller.organization, call.key.as_ref()?.key().to_owned())))
        .collect();
    let taken = match engine {
        // There is one writer at a time, so no other call can be holding a key.
        Engine::Sqlite => vec![true; with_key.len()],
        Engine::Postgres => {
            let number = |(of, key): &(_, String)| Lock::IdempotencyKey(key).number(*of);
            locks::try_take(transaction, with_key.iter().map(number).collect()).await?
        }
    };
    let ids = with_key.into_iter().map(|(organization, key)| (organization.0, key));
    let columns = [idempotency_key::Column::OrganizationId, idempotency_key::Column::Key];
    let is_wanted = tenant::is_among(engine, columns, ids);
    let mut stored = HashMap::new();
    for row in idempotency_key::Entity::find().filter(is_wanted).all(transaction).await? {
        stored.insert((row.organization_id, row.key.clone()), row);
    }
    let mut taken = taken.into_iter();
    let earlier = |call: &&Call| {
        let key = call.key.as_ref()?;
        let rejected = |kind| Some(Err(Violations::one(ARGUMENT, kind)));
        if taken.next() != Some(true) {
            return rejected(ViolationKind::IdempotencyKeyInUse);
        }
        let stored = stored.remove(&(call.caller.organization.0, key.key().to_owned()))?;
        if stored.created_at <= call.now - STORED_FOR {
            None
        } else if key.fingerprint().is(&stored.fingerprint) {
            (!call.validate_only).then_some(Ok(stored.outcome.0))
        } else {
            rejected(ViolationKind::IdempotencyKeyMismatch)
        }
    };
    Ok(calls.iter().map(earlier).collect())
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
