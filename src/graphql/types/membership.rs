//! Memberships: people's seats.

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
        connection::{List, ListEdge, PageArguments, edge, list},
        date_time::DateTime,
        error::Failure,
        filter::{
            self, DateTimeFilter, FilterInput, IdFilter, ListOrder, StringFilter, Tests,
            check_list, oldest_first, order,
        },
        mutation::{MutationResult, run_mutation},
        patch::patch_required,
        user_error::UserError,
    },
    store::{
        delete::{self, Conflict},
        history::HistoryScope,
        kit::{columns::Columns, filter::Filter},
        resource,
    },
};

pub(super) struct Membership(pub(crate) Arc<membership::Model>);

/// A person's seat in the organization. Conversations are assigned to memberships.
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

    /// How often it has changed: 1 when it is new. Give it as expectedVersion to change nothing
    /// that you have not seen.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// All that has happened to it, from the beginning on.
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Change>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        history(context, HistoryScope::Subject, self.0.id, arguments).await
    }
}

/// What a member may do in the organization.
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
    /// At least one of these holds; of an empty list none does.
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
            tests.add(Filter::role(roles.into_iter().map(Into::into)))?;
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
        #[graphql(desc = "Which ones; all without it.")] filter: Option<MembershipFilter>,
        #[graphql(desc = "By what they are ordered, up to 5 fields, and at last by id; oldest \
                          first without it.")]
        order_by: Option<Vec<ListOrder>>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Membership>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        let (filter, order) = (filter::filter(filter)?, order(order_by)?);
        list(context, arguments, filter, order, Columns::All, Membership).await
    }
}

/// A seat to create.
#[derive(InputObject)]
struct CreateMembershipInput {
    /// The person's name, up to 255 characters, on one line. White space around it is dropped.
    name: String,
    /// The person's email address.
    email: String,
    /// What the person may do in the organization.
    role: MembershipRole,
}

/// What to change of a membership. What is left out stays as it is.
#[derive(InputObject)]
struct UpdateMembershipInput {
    /// The person's name, up to 255 characters, on one line. White space around it is dropped. It
    /// cannot be cleared: null is refused as BLANK.
    name: MaybeUndefined<String>,
    /// The person's email address. It cannot be cleared: null is refused as INVALID_EMAIL.
    email: MaybeUndefined<String>,
    /// What the person may do in the organization; null leaves it as it is.
    role: Option<MembershipRole>,
}

/// What came of createMembership.
#[derive(SimpleObject)]
struct CreateMembershipPayload {
    /// The new membership; null when userErrors says why not, or when the call only validated.
    membership: Option<Membership>,
    /// The new membership as an element of memberships, oldest first, for clients that keep lists.
    membership_edge: Option<ListEdge<Membership>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of updateMembership.
#[derive(SimpleObject)]
struct UpdateMembershipPayload {
    /// The membership as it is now; null when userErrors says why not, or when the call only
    /// validated.
    membership: Option<Membership>,
    /// When the expectedVersion is not the present one: the membership as it is.
    current_membership: Option<Membership>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of deleteMembership.
#[derive(SimpleObject)]
struct DeleteMembershipPayload {
    /// The id that was deleted; null when userErrors says why not, or when the call only
    /// validated.
    deleted_membership_id: Option<ID>,
    /// When the expectedVersion is not the present one: the membership as it is.
    current_membership: Option<Membership>,
    /// When steps use the membership: the first 100 of them. The error's param `count` says how many
    /// there are.
    used_by: Vec<CrmStep>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
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
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: bool,
        #[graphql(
            desc = "A text of your choice, up to 255 characters. For 24 hours, a call with the \
                    same key and the same arguments is not carried out again but answered as the \
                    first one was; with other arguments it is refused. While the \
                    first one is still at work it is IDEMPOTENCY_KEY_IN_USE: send yours again. A \
                    call that is refused leaves its key free."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<CreateMembershipPayload, Failure>> {
        let input = NewMembership { name: input.name, email: input.email, role: input.role.into() };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::create::<membership::Entity>(request, input)
        })
        .await;
        Some(answer.map(|MutationResult { value, user_errors, replayed, .. }| {
            let row = value.map(Arc::new);
            CreateMembershipPayload {
                membership_edge: row
                    .clone()
                    .map(|row| edge::<membership::Entity, _>(row, &oldest_first(), Membership)),
                membership: row.map(Membership),
                user_errors,
                replayed,
            }
        }))
    }

    /// Changes a membership.
    async fn update_membership(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The membership's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateMembershipInput,
        #[graphql(
            desc = "The version that you have seen; if it is not the present one, the call is \
                          refused. Null changes whatever version there is."
        )]
        expected_version: Option<i32>,
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: bool,
        #[graphql(
            desc = "A text of your choice, up to 255 characters. For 24 hours, a call with the \
                    same key and the same arguments is not carried out again but answered as the \
                    first one was; with other arguments it is refused. While the \
                    first one is still at work it is IDEMPOTENCY_KEY_IN_USE: send yours again. A \
                    call that is refused leaves its key free."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<UpdateMembershipPayload, Failure>> {
        let id = parse_id(&id);
        let patch = move |membership: &mut NewMembership| {
            patch_required(&mut membership.name, input.name);
            patch_required(&mut membership.email, input.email);
            if let Some(role) = input.role {
                membership.role = role.into();
            }
        };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::update::<membership::Entity>(request, id, expected_version, patch)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
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
        #[graphql(
            desc = "The version that you have seen; if it is not the present one, the call is \
                          refused. Null changes whatever version there is."
        )]
        expected_version: Option<i32>,
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: bool,
        #[graphql(
            desc = "A text of your choice, up to 255 characters. For 24 hours, a call with the \
                    same key and the same arguments is not carried out again but answered as the \
                    first one was; with other arguments it is refused. While the \
                    first one is still at work it is IDEMPOTENCY_KEY_IN_USE: send yours again. A \
                    call that is refused leaves its key free."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<DeleteMembershipPayload, Failure>> {
        let id = parse_id(&id);
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            delete::delete::<membership::Entity>(request, id, expected_version)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            let (current, used_by) = conflict.map(Conflict::into_parts).unwrap_or_default();
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
