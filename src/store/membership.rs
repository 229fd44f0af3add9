//! Memberships.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::tenant;
use crate::{
    domain::{id::OrganizationId, membership::NewMembership, violation::Checked},
    entity::membership,
};

/// Stores a new one with this id.
pub async fn create(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    id: Uuid,
    new: Checked<NewMembership>,
    now: DateTime<Utc>,
) -> Result<membership::Model, DbErr> {
    let new = new.into_inner();
    let row = membership::Model {
        organization_id: organization.0,
        id,
        created_at: now,
        updated_at: now,
        name: new.name,
        email: new.email,
        role: new.role,
    };
    tenant::insert(connection, [row.clone()]).await?;
    Ok(row)
}
