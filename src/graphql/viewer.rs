//! Who is asking.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{caller, environment, error::Failure};
use crate::{domain::access_token::Scope, entity::organization, store};

pub(super) struct Organization(organization::Model);

/// A tenant. Everything else belongs to exactly one.
#[Object]
impl Organization {
    /// Its id, a UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// Who is asking: what the bearer token of this request stands for.
#[derive(SimpleObject)]
struct Viewer {
    /// The organization that the token belongs to. All queries and mutations see only this one.
    organization: Organization,
    /// What the token was named when it was made.
    token_name: String,
    /// What the token may do.
    scopes: Vec<TokenScope>,
}

/// What a token may do.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Scope")]
enum TokenScope {
    /// Queries.
    Read,
    /// Mutations, and reading what they return.
    Write,
}

#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is asking: the organization and the rights of the token that this request bears.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer, Failure> {
        let caller = caller(context);
        let organization =
            store::organization::find(caller.organization, &environment(context).database).await?;
        Ok(Viewer {
            organization: Organization(organization.ok_or(Failure::Internal)?),
            token_name: caller.token_name.clone(),
            scopes: caller.scopes.iter().map(TokenScope::from).collect(),
        })
    }
}
