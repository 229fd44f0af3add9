//! Organizations.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, sea_query::OnConflict,
};

use super::StoreError;
use crate::{
    db::Database,
    domain::id::{OrganizationId, new_id},
    entity::organization,
};

/// The row of the organization.
pub async fn find(
    organization: OrganizationId,
    db: &Database,
) -> Result<Option<organization::Model>, DbErr> {
    organization::Entity::find_by_id(organization.0).one(db.read()).await
}

/// The organization of this name.
pub async fn find_by_name(
    connection: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<OrganizationId>, DbErr> {
    let row = organization::Entity::find()
        .filter(organization::Column::Name.eq(name))
        .one(connection)
        .await?;
    Ok(row.map(|row| OrganizationId(row.id)))
}

/// Whether any organization exists.
pub async fn any_exists(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(organization::Entity::find().count(connection).await? > 0)
}

/// The organization of this name, which is created if it is missing.
pub async fn find_or_create(
    connection: &impl ConnectionTrait,
    name: &str,
    now: DateTime<Utc>,
) -> Result<OrganizationId, StoreError> {
    let row = organization::ActiveModel {
        id: Set(new_id()),
        name: Set(name.to_owned()),
        created_at: Set(now),
        history_purged_to: Set(0),
    };
    organization::Entity::insert(row)
        .on_conflict(OnConflict::column(organization::Column::Name).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    let found = find_by_name(connection, name).await?;
    found.ok_or_else(|| StoreError::invariant("an organization just created is missing"))
}
