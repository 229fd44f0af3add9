//! The caller of a request.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::history::{History, history};
use crate::{
    domain::{access_token, rules::BATCH_MAX},
    entity::organization,
    graphql::parts::{
        connection::to_int,
        context::{RequestLimits, caller, environment, reads, request_limits},
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

    /// The changes in the organization.
    async fn history(&self, context: &Context<'_>) -> Result<History, Failure> {
        history(context, HistoryScope::Organization, self.0.id).await
    }
}

/// The bearer token of this request.
#[derive(SimpleObject)]
struct Viewer {
    /// The organization that the token belongs to. Queries and mutations see only this
    /// organization.
    organization: Organization,
    /// The id of the token. A change in the history that has it as tokenId was made with this token.
    token_id: ID,
    /// The name of the token.
    token_name: String,
    /// What the token may do.
    scopes: Vec<TokenScope>,
    /// The version of the service, like `1.2.3`.
    version: &'static str,
    /// The limits of the service, as its operator has set them.
    limits: ViewerLimits,
}

/// The limits of the service. The limits of the fields of inputs are those of inputRules.
#[derive(SimpleObject)]
struct ViewerLimits {
    /// The maximum cost of an operation, which is estimated before it is executed; a larger one is
    /// rejected with `QUERY_TOO_LARGE`. `extensions.cost` of each response has that of its request.
    max_complexity: i32,
    /// The maximum depth of nested fields; deeper documents are rejected with `QUERY_TOO_LARGE`.
    max_depth: i32,
    /// The maximum size of the body of a request, in bytes; a larger one is rejected with status 413.
    max_body_bytes: i32,
    /// The maximum number of steps of one call of createCrmSteps, updateCrmSteps, moveCrmSteps or
    /// deleteCrmSteps; more are rejected as `TOO_MANY`.
    max_batch: i32,
    /// The maximum number of steps of a scenario; `SCENARIO_FULL` rejects a call that exceeds it.
    max_steps_per_scenario: i32,
    /// The maximum number of requests of this token in a minute, on each replica; further ones are
    /// rejected with `RATE_LIMITED`. Null sets no limit.
    rate_limit_per_minute: Option<i32>,
}

impl ViewerLimits {
    fn new(requests: &RequestLimits, max_steps: usize) -> Self {
        let rate_limit = Some(requests.rate_limit_per_minute).filter(|limit| *limit != 0);
        Self {
            max_complexity: to_int(requests.max_complexity),
            max_depth: to_int(requests.max_depth),
            max_body_bytes: to_int(requests.max_body_bytes),
            max_batch: to_int(BATCH_MAX),
            max_steps_per_scenario: to_int(max_steps),
            rate_limit_per_minute: rate_limit.map(to_int),
        }
    }
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
    /// The bearer token of this request, with its organization and the limits that hold for it.
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
            token_id: caller.token_id.into(),
            token_name: caller.token_name.clone(),
            scopes: caller.scopes.iter().copied().map(TokenScope::from).collect(),
            version: env!("CARGO_PKG_VERSION"),
            limits: ViewerLimits::new(request_limits(context), environment(context).max_steps),
        })
    }
}
