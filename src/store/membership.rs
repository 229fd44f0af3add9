//! Memberships.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{kit::tenant::TenantEntity as _, resource::Resource, unit_of_work::Subject};
use crate::{
    domain::{
        change::SubjectType,
        id::OrganizationId,
        membership::NewMembership,
        text::{ordering_key, without_case},
    },
    entity::membership,
};

impl Resource for membership::Entity {
    type Input = NewMembership;

    fn input(row: &membership::Model) -> NewMembership {
        NewMembership { name: row.name.clone(), email: row.email.clone(), role: row.role }
    }

    fn new(
        organization: OrganizationId,
        id: Uuid,
        input: NewMembership,
        now: DateTime<Utc>,
    ) -> membership::Model {
        membership::Model {
            organization_id: organization.0,
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            name_folded: ordering_key(&input.name),
            name_caseless: Some(without_case(&input.name)),
            name: input.name,
            email: input.email,
            role: input.role,
        }
    }

    fn assign(row: &mut membership::Model, input: NewMembership) {
        Self::set_name(row, input.name);
        row.email = input.email;
        row.role = input.role;
    }
}

impl Subject for membership::Model {
    const HIDDEN: &'static [&'static str] = &["organizationId", "nameFolded"];

    fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>) {
        (SubjectType::Membership, self.id, None)
    }
}
