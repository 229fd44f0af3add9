//! Agents.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::tenant;
use crate::{
    domain::{agent::NewAgent, id::OrganizationId, violation::Checked},
    entity::agent,
};

/// Stores a new one with this id.
pub async fn create(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    id: Uuid,
    new: Checked<NewAgent>,
    now: DateTime<Utc>,
) -> Result<agent::Model, DbErr> {
    let new = new.into_inner();
    let row = agent::Model {
        organization_id: organization.0,
        id,
        created_at: now,
        updated_at: now,
        name: new.name,
        icon_url: new.icon_url,
    };
    tenant::insert(connection, [row.clone()]).await?;
    Ok(row)
}
