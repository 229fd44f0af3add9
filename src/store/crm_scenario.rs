//! Scenarios.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::tenant;
use crate::{
    domain::{crm_scenario::NewCrmScenario, id::OrganizationId, violation::Checked},
    entity::crm_scenario,
};

/// Stores a new one with this id.
pub async fn create(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    id: Uuid,
    new: Checked<NewCrmScenario>,
    now: DateTime<Utc>,
) -> Result<crm_scenario::Model, DbErr> {
    let new = new.into_inner();
    let row = crm_scenario::Model {
        organization_id: organization.0,
        id,
        created_at: now,
        updated_at: now,
        name: new.name,
        description: new.description,
        step_count: 0,
    };
    tenant::insert(connection, [row.clone()]).await?;
    Ok(row)
}
