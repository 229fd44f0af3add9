//! Sealing of secrets: the values of webhook headers.

use sea_orm::{
    ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, TryGetable,
    Value,
    sea_query::{Expr, ExprTrait as _},
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

/// Seals again, with the first key, all secrets that another key or no key has sealed, and returns
/// in how many steps, deleted ones that can be restored included. Steps may be changed, deleted and
/// restored meanwhile: changes and restores seal with the first key already, and the deleted steps are
/// read after the others.
pub async fn rotate(database: &Database) -> Result<usize, StoreError> {
    use crm_step::Column as Step;
    use deleted_crm_step::Column as Deleted;
    let columns = [Step::OrganizationId, Step::Id, Step::WebhookHeader];
    let existing = rotate_column::<crm_step::Entity, Headers>(database, columns, renew);
    let existing = existing.await?;
    let columns = [Deleted::OrganizationId, Deleted::Id, Deleted::Row];
    let deleted = rotate_column::<deleted_crm_step::Entity, _>(database, columns, renew_deleted);
    Ok(existing + deleted.await?)
}

/// The row of a deleted step with the same headers, sealed with the first key.
fn renew_deleted(
    keys: &Keyring,
    organization: OrganizationId,
    JsonText(mut row): JsonText<Json>,
) -> Result<JsonText<Json>, SealError> {
    if let Some(headers) = row.get_mut("webhookHeader").and_then(Json::as_object_mut) {
        *headers = renew(keys, organization, JsonText(std::mem::take(headers)))?.0;
    }
    Ok(JsonText(row))
}

/// Renews the secrets in a column of a table, and returns in how many rows. The columns are the primary
/// key, which begins with the organization, and the one with the secrets.
async fn rotate_column<E, T>(
    database: &Database,
    [organization, id, sealed]: [E::Column; 3],
    renew: fn(&Keyring, OrganizationId, T) -> Result<T, SealError>,
) -> Result<usize, StoreError>
where
    E: EntityTrait,
    T: Clone + PartialEq + Into<Value> + TryGetable,
{
    /// The number of rows that are read at a time.
    const PORTION: u64 = 500;
    let key = || Expr::tuple([organization.into_expr(), id.into_expr()]);
    let (mut count, mut seen) = (0, [Uuid::nil(); 2]);
    loop {
        let rows: Vec<(Uuid, Uuid, T)> = E::find()
            .select_only()
            .columns([organization, id, sealed])
            .filter(sealed.is_not_null())
            .filter(key().gt(Expr::tuple(seen.map(Expr::val))))
            .order_by_asc(organization)
            .order_by_asc(id)
            .limit(PORTION)
            .into_tuple()
            .all(database.read())
            .await?;
        let Some((last_organization, last, _)) = rows.last() else { return Ok(count) };
        seen = [*last_organization, *last];
        for (of_organization, of_id, stored) in rows {
            let anew = renew(database.keys(), OrganizationId(of_organization), stored.clone())?;
            if anew == stored {
                continue;
            }
            let transaction = database.write().await?;
            // Only if it has not changed since it was read.
            let updated = E::update_many()
                .col_expr(sealed, Expr::value(anew))
                .filter(organization.eq(of_organization))
                .filter(id.eq(of_id))
                .filter(sealed.eq(stored))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            count += usize::from(updated.rows_affected > 0);
        }
    }
}
