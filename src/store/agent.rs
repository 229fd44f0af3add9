//! Agents.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{kit::tenant::TenantEntity as _, resource::Resource, unit_of_work::Subject};
use crate::{
    domain::{
        agent::NewAgent,
        change::SubjectType,
        id::OrganizationId,
        text::{ordering_key, without_case},
    },
    entity::agent,
};

impl Resource for agent::Entity {
    type Input = NewAgent;

    fn input(row: &agent::Model) -> NewAgent {
        NewAgent { name: row.name.clone(), icon_url: row.icon_url.clone() }
    }

    fn new(
        organization: OrganizationId,
        id: Uuid,
        input: NewAgent,
        now: DateTime<Utc>,
    ) -> agent::Model {
        agent::Model {
            organization_id: organization.0,
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            name_folded: ordering_key(&input.name),
            name_caseless: Some(without_case(&input.name)),
            name: input.name,
            icon_url: input.icon_url,
        }
    }

    fn assign(row: &mut agent::Model, input: NewAgent) {
        Self::set_name(row, input.name);
        row.icon_url = input.icon_url;
    }
}

impl Subject for agent::Model {
    const HIDDEN: &'static [&'static str] = &["organizationId", "nameFolded"];

    fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>) {
        (SubjectType::Agent, self.id, None)
    }
}
