//! Memberships of people in an organization.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    crm_step::CrmStep,
    history::{History, history},
    loaders::MembershipUses,
};
use crate::{
    domain::{self, id::parse_id, membership::NewMembership},
    entity::membership,
    graphql::parts::{
        connection::{List, ListEdge, created, list, to_int},
        context::reads,
        error::Failure,
        filter::{ListOrder, StringFilter, Tests, check_list, filter_input},
        mutation::{MutationReturn, run_mutation},
        patch::patch_required,
        scalars::DateTime,
    },
    store::{
        delete,
        history::HistoryScope,
        kit::{columns::Columns, filter::Filter},
        resource,
    },
};

pub(super) struct Membership(pub(crate) Arc<membership::Model>);

/// A person's membership of the organization. Conversations are assigned to memberships.
#[Object]
impl Membership {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The person's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The person's email address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What the person may do in the organization.
    async fn role(&self) -> MembershipRole {
        self.0.role.into()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Its version: 1 when it is created, and one more after each change. Send it as
    /// expectedVersion so that a change based on an older version is rejected.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How many steps use it: those among whose selectedMembershipIdsForAssignee it is. It can be deleted
    /// if there are none.
    async fn used_by_count(&self, context: &Context<'_>) -> Result<i32, Failure> {
        let count = reads(context).one(MembershipUses(self.0.id)).await?;
        Ok(count.map_or(0, to_int))
    }

    /// The changes of it.
    async fn history(&self, context: &Context<'_>) -> Result<History, Failure> {
        history(context, HistoryScope::Subject, self.0.id).await
    }
}

/// What the person of a membership may do in the organization.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::membership::MembershipRole")]
enum MembershipRole {
    /// Owns the organization.
    Owner,
    /// Manages the organization.
    Admin,
    /// Works with conversations.
    User,
}

/// Tests of a role.
#[derive(InputObject)]
struct MembershipRoleFilter {
    /// It is one of these, up to 100.
    r#in: Option<Vec<MembershipRole>>,
}

filter_input! {
    /// Which memberships to list. All tests that are given have to hold.
    MembershipFilter of membership::Entity {
        /// The person's email address.
        email: Option<StringFilter>,
        /// What the person may do in the organization: one of these.
        role: Option<MembershipRoleFilter>,
    } with add_own
}

impl MembershipFilter {
    /// Adds the tests of its own fields.
    fn add_own(self, tests: &mut Tests<membership::Entity>) -> Result<(), Failure> {
        tests.text(self.email, Filter::email)?;
        if let Some(roles) = self.role.and_then(|role| role.r#in) {
            check_list(&roles)?;
            let roles = roles.into_iter().map(domain::membership::MembershipRole::from);
            tests.add(Filter::is_one_of(membership::Column::Role, roles))?;
        }
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct MembershipQuery;

#[Object]
impl MembershipQuery {
    /// The organization's memberships.
    async fn memberships(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that match; default all.")] filter: Option<MembershipFilter>,
        #[graphql(desc = "Up to 5 sort fields, then the id; the default is oldest first.")]
        order_by: Option<Vec<ListOrder>>,
    ) -> Result<List<Membership>, Failure> {
        list(context, filter, order_by, Columns::ALL, Membership).await
    }
}

/// A membership to create.
#[derive(InputObject)]
struct CreateMembershipInput {
    /// The person's name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// The person's email address.
    email: String,
    /// What the person may do in the organization.
    role: MembershipRole,
}

/// Changes of a membership. Omitted fields keep their values.
#[derive(InputObject)]
struct UpdateMembershipInput {
    /// The person's name, up to `NAME_MAX` characters, on one line. White space around it is removed. It
    /// cannot be cleared: null is rejected as BLANK.
    name: MaybeUndefined<String>,
    /// The person's email address. It cannot be cleared: null is rejected as INVALID_EMAIL.
    email: MaybeUndefined<String>,
    /// What the person may do in the organization; null leaves it as it is.
    role: Option<MembershipRole>,
}

/// Payload of `createMembership`.
#[derive(SimpleObject)]
struct CreateMembershipPayload {
    /// The new membership; null if userErrors is not empty or validateOnly is true.
    membership: Option<Membership>,
    /// The new membership as an element of memberships, oldest first, for clients that cache lists.
    membership_edge: Option<ListEdge<Membership>>,
}

/// Payload of `updateMembership`.
#[derive(SimpleObject)]
struct UpdateMembershipPayload {
    /// The membership after the change; null if userErrors is not empty or validateOnly is true.
    membership: Option<Membership>,
    /// The membership as it is stored, if expectedVersion is not its version.
    current_membership: Option<Membership>,
}

/// Payload of `deleteMembership`.
#[derive(SimpleObject)]
struct DeleteMembershipPayload {
    /// The id that was deleted; null if userErrors is not empty or validateOnly is true.
    deleted_membership_id: Option<ID>,
    /// The membership as it is stored, if expectedVersion is not its version.
    current_membership: Option<Membership>,
    /// The first 100 steps that use the membership, which prevent its deletion. The param `count`
    /// of the user error is the number of all of them.
    used_by: Vec<CrmStep>,
}

#[derive(Default)]
pub(super) struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Creates a membership.
    async fn create_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership.")] input: CreateMembershipInput,
    ) -> MutationReturn<CreateMembershipPayload> {
        let input = NewMembership { name: input.name, email: input.email, role: input.role.into() };
        let work = |request| resource::create::<membership::Entity>(request, input);
        run_mutation(context, work, |row, _| {
            let (membership, membership_edge) = created::<membership::Entity, _>(row, Membership);
            CreateMembershipPayload { membership, membership_edge }
        })
        .await
    }

    /// Changes a membership.
    async fn update_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateMembershipInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<UpdateMembershipPayload> {
        let patch = move |membership: &mut NewMembership| {
            patch_required(&mut membership.name, input.name);
            patch_required(&mut membership.email, input.email);
            if let Some(role) = input.role {
                membership.role = role.into();
            }
        };
        let work = |request| {
            resource::update::<membership::Entity>(request, parse_id(&id), expected_version, patch)
        };
        run_mutation(context, work, |row, current| UpdateMembershipPayload {
            membership: row.map(|row| Membership(row.into())),
            current_membership: current.map(|row| Membership(row.into())),
        })
        .await
    }

    /// Deletes a membership that no step uses.
    async fn delete_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<DeleteMembershipPayload> {
        let (id, used_by) = (parse_id(&id), Filter::has_candidate);
        let work =
            |request| delete::delete::<membership::Entity>(request, id, expected_version, used_by);
        run_mutation(context, work, |id, conflict| {
            let (current, used_by) = conflict.unwrap_or_default();
            DeleteMembershipPayload {
                deleted_membership_id: id.map(Into::into),
                current_membership: current.map(|row| Membership(row.into())),
                used_by: used_by.into_iter().map(Into::into).collect(),
            }
        })
        .await
    }
}
