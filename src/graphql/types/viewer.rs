//! The caller of a request.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::history::{Change, history};
use crate::{
    domain::access_token,
    entity::organization,
    graphql::parts::{
        connection::List,
        context::{caller, reads},
        error::Failure,
        scalars::DateTime,
    },
    store::{self, history::HistoryScope},
};

pub(super) struct Organization(pub(crate) organization::Model);

/// A tenant. Everything else belongs to exactly one.
#[Object]
impl Organization {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// All changes in the organization, oldest first.
    async fn history(&self, context: &Context<'_>) -> Result<List<Change>, Failure> {
        history(context, HistoryScope::Organization, self.0.id).await
    }
}

/// The bearer token of this request.
#[derive(SimpleObject)]
struct Viewer {
    /// The organization that the token belongs to. Queries and mutations see only this
    /// organization.
    organization: Organization,
    /// The name of the token.
    token_name: String,
    /// What the token may do.
    scopes: Vec<TokenScope>,
}

/// What a token may do.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "access_token::Scope")]
enum TokenScope {
    /// Queries.
    Read,
    /// Mutations, and reading what they return.
    Write,
    /// Reading secrets: the values of webhookHeader, which are masked for other tokens.
    Secrets,
}

#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The organization and the scopes of the bearer token of this request.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer, Failure> {
        let caller = caller(context);
        let organization = reads(context)
            .load_uncached(async move |organization, database| {
                store::organization::find(organization, &database).await
            })
            .await?;
        let missing = || Failure::internal("the organization of a token does not exist");
        Ok(Viewer {
            organization: Organization(organization.ok_or_else(missing)?),
            token_name: caller.token_name.clone(),
            scopes: caller.scopes.iter().copied().map(TokenScope::from).collect(),
        })
    }
}
