//! Deleting agents and memberships, which steps must not use.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
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
    entity::{agent, crm_step, membership},
};

/// The maximum number of blocking steps that are listed. All are counted.
pub const LISTED_MAX: u64 = 100;

/// A resource that steps can use.
pub trait Referenced: Resource {
    /// The steps that use the row with this id.
    fn users(id: Uuid) -> Filter<crm_step::Entity>;
}

impl Referenced for agent::Entity {
    fn users(id: Uuid) -> Filter<crm_step::Entity> {
        Filter::uses_agent(id)
    }
}

impl Referenced for membership::Entity {
    fn users(id: Uuid) -> Filter<crm_step::Entity> {
        Filter::has_candidate(Some(id))
    }
}

/// Why a row cannot be deleted.
#[derive(Debug)]
pub enum Conflict<M> {
    /// The row is at another version than the client expects.
    Stale(M),
    /// Steps use it: the first of them.
    InUse(Vec<crm_step::Model>),
}

impl<M> Conflict<M> {
    /// The row at its present version, and the steps that use it.
    pub fn into_parts(self) -> (Option<M>, Vec<crm_step::Model>) {
        match self {
            Self::Stale(row) => (Some(row), Vec::new()),
            Self::InUse(steps) => (None, steps),
        }
    }
}

/// Deletes a row that no step uses, and returns its id.
pub async fn delete<E: Referenced>(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_version: Option<i32>,
) -> Result<Outcome<Uuid, Conflict<E::Model>>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                let row = lock_version::<E>(unit, id, expected_version)
                    .await
                    .map_err(|abort| abort.map_conflict(|row| Some(Conflict::Stale(row))))?;
                let id = E::id(&row);
                // No step can start to use it: that takes a lock on its row first.
                let (organization, transaction) = (unit.organization(), unit.transaction());
                let (steps, count) =
                    blocking_steps(organization, transaction, E::users(id)).await?;
                check_unused(count)
                    .map_err(|violations| Abort::conflict(violations, Conflict::InUse(steps)))?;
                E::delete_many()
                    .filter(E::ORGANIZATION_ID.eq(organization.0))
                    .filter(E::ID.eq(id))
                    .exec(transaction)
                    .await?;
                unit.deleted(&row)?;
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
