//! Memberships: people's seats.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    connection::{List, ListEdge, PageArguments, Total, connection, edge},
    environment,
    error::Failure,
    organization,
    user_error::{UserError, user_errors},
    validate_only::ValidateOnly,
};
use crate::{
    domain::{self, id::new_id, membership::NewMembership},
    entity::membership,
    store::{self, tenant},
};

pub(super) struct Membership(pub(super) membership::Model);

/// A person's seat in the organization. Conversations are assigned to memberships.
#[Object]
impl Membership {
    /// Its id, a UUID.
    async fn id(&self) -> ID {
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
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
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

#[derive(Default)]
pub(super) struct MembershipQuery;

#[Object]
impl MembershipQuery {
    /// The organization's memberships, oldest first.
    async fn memberships(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Uuid, Membership>, Failure> {
        let query = PageArguments { first, after, last, before }.query()?;
        let db = &environment(context).database;
        let page = tenant::list::<membership::Entity>(organization(context), db, query).await?;
        Ok(connection(page.map(Membership), Total::Memberships, |membership| membership.0.id))
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

/// What came of createMembership.
#[derive(SimpleObject)]
struct CreateMembershipPayload {
    /// The new membership; null when userErrors says why not, or when the call only validated.
    membership: Option<Membership>,
    /// The new membership as an element of memberships, for clients that keep lists.
    membership_edge: Option<ListEdge<Uuid, Membership>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
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
        validate_only: ValidateOnly,
    ) -> Option<Result<CreateMembershipPayload, Failure>> {
        Some(create(context, input, validate_only.0).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: CreateMembershipInput,
    validate_only: bool,
) -> Result<CreateMembershipPayload, Failure> {
    let checked =
        NewMembership { name: input.name, email: input.email, role: input.role.into() }.check();
    let (created, user_errors) = match checked {
        Err(violations) => (None, user_errors(violations)),
        Ok(_) if validate_only => (None, Vec::new()),
        Ok(new) => {
            let environment = environment(context);
            let transaction = environment.database.write().await?;
            let now = environment.clock.now();
            let row =
                store::membership::create(organization(context), &transaction, new_id(), new, now)
                    .await?;
            transaction.commit().await?;
            (Some(row), Vec::new())
        }
    };
    Ok(CreateMembershipPayload {
        membership_edge: created.clone().map(|row| edge(row.id, Membership(row))),
        membership: created.map(Membership),
        user_errors,
    })
}
