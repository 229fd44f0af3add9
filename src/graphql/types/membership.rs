//! Memberships of people in an organization.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    crm_step::CrmStep,
    history::{Change, history},
};
use crate::{
    domain::{self, id::parse_id, membership::NewMembership},
    entity::membership,
    graphql::parts::{
        connection::{List, ListEdge, PageArguments, created, list},
        date_time::DateTime,
        error::Failure,
        filter::{
            DateTimeFilter, FilterInput, IdFilter, ListOrder, StringFilter, Tests, check_list,
        },
        mutation::{MutationResult, run_mutation},
        patch::patch_required,
        user_error::UserError,
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

    /// All changes of it, oldest first.
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Elements from the start, 1 to 100; default 50.")] first: Option<i32>,
        #[graphql(desc = "Only elements after this cursor.")] after: Option<String>,
        #[graphql(desc = "Elements from the end, 1 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only elements before this cursor.")] before: Option<String>,
    ) -> Result<List<Change>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        history(context, HistoryScope::Subject, self.0.id, arguments).await
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

/// Which memberships to list. All tests that are given have to hold.
#[derive(InputObject)]
struct MembershipFilter {
    /// All of these hold.
    and: Option<Vec<MembershipFilter>>,
    /// At least one of these holds; nothing matches an empty list.
    or: Option<Vec<MembershipFilter>>,
    /// This does not hold.
    not: Option<Box<MembershipFilter>>,
    /// Its id.
    id: Option<IdFilter>,
    /// Its name.
    name: Option<StringFilter>,
    /// What the person may do in the organization: one of these.
    role: Option<MembershipRoleFilter>,
    /// When it was created.
    created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    updated_at: Option<DateTimeFilter>,
}

impl FilterInput<membership::Entity> for MembershipFilter {
    fn tests(self, tests: &mut Tests<membership::Entity>) -> Result<(), Failure> {
        tests.common(self.id, self.name, self.created_at, self.updated_at)?;
        if let Some(roles) = self.role.and_then(|role| role.r#in) {
            check_list(&roles)?;
            let roles = roles.into_iter().map(domain::membership::MembershipRole::from);
            tests.add(Filter::is_one_of(membership::Column::Role, roles))?;
        }
        tests.combine(self.and, self.or, self.not)
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
        #[graphql(desc = "Elements from the start, 1 to 100; default 50.")] first: Option<i32>,
        #[graphql(desc = "Only elements after this cursor.")] after: Option<String>,
        #[graphql(desc = "Elements from the end, 1 to 100; not with first.")] last: Option<i32>,
        #[graphql(desc = "Only elements before this cursor.")] before: Option<String>,
    ) -> Result<List<Membership>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        list(context, arguments, filter, order_by, Columns::ALL, Membership).await
    }
}

/// A membership to create.
#[derive(InputObject)]
struct CreateMembershipInput {
    /// The person's name, up to 255 characters, on one line. White space around it is removed.
    name: String,
    /// The person's email address.
    email: String,
    /// What the person may do in the organization.
    role: MembershipRole,
}

/// Changes of a membership. Omitted fields keep their values.
#[derive(InputObject)]
struct UpdateMembershipInput {
    /// The person's name, up to 255 characters, on one line. White space around it is removed. It
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
    /// All violated rules; empty if there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the stored result of an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// Payload of `updateMembership`.
#[derive(SimpleObject)]
struct UpdateMembershipPayload {
    /// The membership after the change; null if userErrors is not empty or validateOnly is true.
    membership: Option<Membership>,
    /// The membership as it is stored, if expectedVersion is not its version.
    current_membership: Option<Membership>,
    /// All violated rules; empty if there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the stored result of an earlier call with the same idempotencyKey.
    replayed: bool,
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
    /// All violated rules; empty if there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the stored result of an earlier call with the same idempotencyKey.
    replayed: bool,
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
        #[graphql(desc = "Returns userErrors and stores nothing.", default)] validate_only: bool,
        #[graphql(
            desc = "For 24 hours, calls with this key are executed once; up to 255 characters."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<CreateMembershipPayload, Failure>> {
        let input = NewMembership { name: input.name, email: input.email, role: input.role.into() };
        let result = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::create::<membership::Entity>(request, input)
        })
        .await;
        Some(result.map(|MutationResult { value, user_errors, replayed, .. }| {
            let (membership, membership_edge) = created::<membership::Entity, _>(value, Membership);
            CreateMembershipPayload { membership, membership_edge, user_errors, replayed }
        }))
    }

    /// Changes a membership.
    async fn update_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateMembershipInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
        #[graphql(desc = "Returns userErrors and stores nothing.", default)] validate_only: bool,
        #[graphql(
            desc = "For 24 hours, calls with this key are executed once; up to 255 characters."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<UpdateMembershipPayload, Failure>> {
        let patch = move |membership: &mut NewMembership| {
            patch_required(&mut membership.name, input.name);
            patch_required(&mut membership.email, input.email);
            if let Some(role) = input.role {
                membership.role = role.into();
            }
        };
        let result = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::update::<membership::Entity>(request, parse_id(&id), expected_version, patch)
        })
        .await;
        Some(result.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            UpdateMembershipPayload {
                membership: value.map(Arc::new).map(Membership),
                current_membership: conflict.map(Arc::new).map(Membership),
                user_errors,
                replayed,
            }
        }))
    }

    /// Deletes a membership that no step uses.
    async fn delete_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
        #[graphql(desc = "Returns userErrors and stores nothing.", default)] validate_only: bool,
        #[graphql(
            desc = "For 24 hours, calls with this key are executed once; up to 255 characters."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<DeleteMembershipPayload, Failure>> {
        let result = run_mutation(context, validate_only, idempotency_key, |request| {
            delete::delete::<membership::Entity>(
                request,
                parse_id(&id),
                expected_version,
                Filter::has_candidate,
            )
        })
        .await;
        Some(result.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            let (current, used_by) = conflict.unwrap_or_default();
            DeleteMembershipPayload {
                deleted_membership_id: value.map(Into::into),
                current_membership: current.map(Arc::new).map(Membership),
                used_by: used_by.into_iter().map(Into::into).collect(),
                user_errors,
                replayed,
            }
        }))
    }
}
