//! Queries that are the same for every table of a tenant.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    ModelTrait, PaginatorTrait as _, QueryFilter as _, QuerySelect as _, Select,
    sea_query::LockType,
};
use uuid::Uuid;

use super::page::{Page, PageQuery, read_page};
use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{agent, crm_scenario, crm_step, membership},
};

/// A table whose rows belong to an organization.
pub trait TenantEntity: EntityTrait<Model: Sync> {
    /// The column that says to which.
    const ORGANIZATION_ID: Self::Column;
    /// The column that is unique within it.
    const ID: Self::Column;
}

macro_rules! tenant_entity {
    ($($table:ident),+) => {$(
        impl TenantEntity for $table::Entity {
            const ORGANIZATION_ID: Self::Column = $table::Column::OrganizationId;
            const ID: Self::Column = $table::Column::Id;
        }
    )+};
}

tenant_entity!(agent, crm_scenario, crm_step, membership);

/// Where every query of a tenant's rows begins.
pub(super) fn of<E: TenantEntity>(organization: OrganizationId) -> Select<E> {
    E::find().filter(E::ORGANIZATION_ID.eq(organization.0))
}

/// Stores new rows, whole, in one statement.
pub(super) async fn insert<M>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = M>,
) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    <M::Entity as EntityTrait>::insert_many(rows).exec_without_returning(connection).await?;
    Ok(())
}

/// Those of the rows with these ids that exist, in no order.
pub async fn find<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
    ids: &[Uuid],
) -> Result<Vec<E::Model>, DbErr> {
    of::<E>(organization).filter(E::ID.is_in(ids.iter().copied())).all(db.read()).await
}

/// Those of these ids that exist, in no order. On PostgreSQL they go on existing until the
/// transaction ends: the lock is the one that a foreign key takes a moment later.
pub(super) async fn existing<E: TenantEntity>(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    of::<E>(organization)
        .select_only()
        .column(E::ID)
        .filter(E::ID.is_in(ids.iter().copied()))
        .lock(LockType::KeyShare)
        .into_tuple()
        .all(connection)
        .await
}

/// A page of all rows, oldest first.
pub async fn list<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
    page: PageQuery<Uuid>,
) -> Result<Page<E::Model>, DbErr> {
    read_page(db.read(), &mut of::<E>(organization).cursor_by(E::ID), page).await
}

/// How many rows there are.
pub async fn count<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
) -> Result<u64, DbErr> {
    of::<E>(organization).count(db.read()).await
}
