//! Sealing of secrets: the values of webhook headers.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::error::StoreError;
use crate::{
    db::Database,
    domain::{
        id::OrganizationId,
        secret::{Keyring, SealError},
    },
    entity::{
        JsonText,
        crm_step::{self, Headers},
        deleted_crm_step,
    },
};

/// The stored form of headers: names in the clear, values sealed.
pub(crate) fn seal(
    keys: &Keyring,
    organization: OrganizationId,
    mut headers: Map<String, Json>,
) -> Result<Headers, SealError> {
    for value in headers.values_mut() {
        *value = keys.seal(organization, value.as_str().unwrap_or_default())?.into();
    }
    Ok(JsonText(headers))
}

/// The headers as they were sent.
pub fn open(
    keys: &Keyring,
    organization: OrganizationId,
    JsonText(mut headers): Headers,
) -> Result<Map<String, Json>, SealError> {
    for value in headers.values_mut() {
        *value = keys.open(organization, value.as_str().unwrap_or_default())?.into();
    }
    Ok(headers)
}

/// The same headers, sealed with the first key if another one has sealed them.
pub(crate) fn renew(
    keys: &Keyring,
    organization: OrganizationId,
    headers: Headers,
) -> Result<Headers, SealError> {
    let is_current = |value: &Json| value.as_str().is_some_and(|text| keys.is_current(text));
    if headers.0.values().all(is_current) {
        return Ok(headers);
    }
    seal(keys, organization, open(keys, organization, headers)?)
}

/// Steps that are read at a time to be sealed again.
const STEPS: u64 = 500;

/// Seals again, with the first key, all secrets that another key or no key has sealed, and returns
/// in how many steps, deleted ones that can be restored included. Steps may be changed, deleted and
/// restored meanwhile: changes and restores seal with the first key already, and the deleted steps are
/// read after the others.
pub async fn rotate(database: &Database) -> Result<usize, StoreError> {
    Ok(rotate_existing(database).await? + rotate_deleted(database).await?)
}

async fn rotate_existing(database: &Database) -> Result<usize, StoreError> {
    let (keys, mut count, mut seen) = (database.keys(), 0, Uuid::nil());
    loop {
        let steps = crm_step::Entity::find()
            .filter(crm_step::Column::WebhookHeader.is_not_null())
            .filter(crm_step::Column::Id.gt(seen))
            .order_by_asc(crm_step::Column::Id)
            .limit(STEPS)
            .all(database.read())
            .await?;
        let Some(last) = steps.last() else { return Ok(count) };
        seen = last.id;
        for step in steps {
            let Some(stored) = step.webhook_header else { continue };
            let anew = renew(keys, OrganizationId(step.organization_id), stored.clone())?;
            if anew == stored {
                continue;
            }
            let transaction = database.write().await?;
            // Only if it has not changed since it was read.
            let updated = crm_step::Entity::update_many()
                .col_expr(crm_step::Column::WebhookHeader, Expr::value(anew))
                .filter(crm_step::Column::OrganizationId.eq(step.organization_id))
                .filter(crm_step::Column::Id.eq(step.id))
                .filter(crm_step::Column::WebhookHeader.eq(stored))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            count += usize::from(updated.rows_affected > 0);
        }
    }
}

async fn rotate_deleted(database: &Database) -> Result<usize, StoreError> {
    /// The headers in the JSON of a deleted step.
    const HEADERS: &str = "webhookHeader";
    let (keys, mut count, mut seen) = (database.keys(), 0, Uuid::nil());
    loop {
        let steps = deleted_crm_step::Entity::find()
            .filter(deleted_crm_step::Column::Id.gt(seen))
            .order_by_asc(deleted_crm_step::Column::Id)
            .limit(STEPS)
            .all(database.read())
            .await?;
        let Some(last) = steps.last() else { return Ok(count) };
        seen = last.id;
        for step in steps {
            let JsonText(mut row) = step.row.clone();
            let Some(Json::Object(stored)) = row.get(HEADERS) else { continue };
            let stored = JsonText(stored.clone());
            let anew = renew(keys, OrganizationId(step.organization_id), stored.clone())?;
            if anew == stored {
                continue;
            }
            row[HEADERS] = Json::Object(anew.0);
            let transaction = database.write().await?;
            // Only if it has not changed since it was read.
            let updated = deleted_crm_step::Entity::update_many()
                .col_expr(deleted_crm_step::Column::Row, Expr::value(JsonText(row)))
                .filter(deleted_crm_step::Column::OrganizationId.eq(step.organization_id))
                .filter(deleted_crm_step::Column::Id.eq(step.id))
                .filter(deleted_crm_step::Column::Row.eq(step.row))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            count += usize::from(updated.rows_affected > 0);
        }
    }
}
