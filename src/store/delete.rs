//! Deleting agents and memberships, which steps must not use.

use sea_orm::{
    ConnectionTrait, DbErr, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{
    StoreError,
    kit::{filter::Filter, tenant},
    mutation::{Abort, MutationRequest, Outcome},
    resource::{Resource, lock_version},
};
use crate::{
    domain::{conflict::check_unused, id::OrganizationId},
    entity::crm_step,
};

/// The maximum number of blocking steps that are listed. All are counted.
pub const LISTED_MAX: u64 = 100;

/// The state that a deletion conflicts with: the row, if it is at another version than the client
/// expects, or the first of the steps that use it.
pub type Conflict<M> = (Option<M>, Vec<crm_step::Model>);

/// Deletes a row that no step uses, and returns its id; `users` makes the filter of those that use
/// it.
pub async fn delete<E: Resource>(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_version: Option<i32>,
    users: fn(Uuid) -> Filter<crm_step::Entity>,
) -> Result<Outcome<Uuid, Conflict<E::Model>>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let row = lock_version::<E>(unit, id, expected_version)
                    .await
                    .map_err(|abort| abort.map_conflict(|row| Some((Some(row), Vec::new()))))?;
                let id = E::id(&row);
                // No step can start to use it: that takes a lock on its row first.
                let (organization, transaction) = (unit.organization(), unit.transaction());
                let (steps, count) = blocking_steps(organization, transaction, users(id)).await?;
                check_unused(count)
                    .map_err(|violations| Abort::conflict(violations, (None, steps)))?;
                unit.delete(&row)?;
                Ok(id)
            })
        })
        .await
}

/// The first of the steps that match a filter, and how many there are.
pub async fn blocking_steps(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    filter: Filter<crm_step::Entity>,
) -> Result<(Vec<crm_step::Model>, u64), DbErr> {
    let select = tenant::of::<crm_step::Entity>(organization).filter(filter.into_condition());
    let count = select.clone().count(connection).await?;
    if count == 0 {
        return Ok((Vec::new(), 0));
    }
    let steps = select.order_by_asc(crm_step::Column::Id).limit(LISTED_MAX).all(connection).await?;
    Ok((steps, count))
}
