//! Memberships.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    resource::Resource,
    unit_of_work::{Subject, snapshot_without},
};
use crate::{
    domain::{
        change::SubjectType,
        id::OrganizationId,
        membership::NewMembership,
        text::{ordering_key, without_case},
        violation::{Checked, Violations},
    },
    entity::membership,
};

impl Resource for membership::Entity {
    type Input = NewMembership;

    fn check(
        input: NewMembership,
        stored: Option<&NewMembership>,
    ) -> Result<Checked<NewMembership>, Violations> {
        input.check(stored)
    }

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
        if row.name != input.name {
            row.name_folded = ordering_key(&input.name);
            row.name_caseless = Some(without_case(&input.name));
            row.name = input.name;
        }
        row.email = input.email;
        row.role = input.role;
    }
}

impl Subject for membership::Model {
    fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>) {
        (SubjectType::Membership, self.id, None)
    }

    fn snapshot(&self) -> Result<Json, serde_json::Error> {
        snapshot_without(self, &["organizationId", "nameFolded"])
    }
}
