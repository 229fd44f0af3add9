//! AI agents.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
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
    domain::{agent::NewAgent, id::new_id},
    entity::agent,
    store::{self, tenant},
};

pub(super) struct Agent(pub(super) agent::Model);

/// An AI agent, which talks to customers.
#[Object]
impl Agent {
    /// Its id, a UUID.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where its picture is, an http(s) URL; null if it has none.
    async fn icon_url(&self) -> Option<&str> {
        self.0.icon_url.as_deref()
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

#[derive(Default)]
pub(super) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// The organization's agents, oldest first.
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Uuid, Agent>, Failure> {
        let query = PageArguments { first, after, last, before }.query()?;
        let db = &environment(context).database;
        let page = tenant::list::<agent::Entity>(organization(context), db, query).await?;
        Ok(connection(page.map(Agent), Total::Agents, |agent| agent.0.id))
    }
}

/// An AI agent to create.
#[derive(InputObject)]
struct CreateAgentInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped.
    name: String,
    /// Where its picture is: an absolute http(s) URL, up to 2,048 characters.
    icon_url: Option<String>,
}

/// What came of createAgent.
#[derive(SimpleObject)]
struct CreateAgentPayload {
    /// The new agent; null when userErrors says why not, or when the call only validated.
    agent: Option<Agent>,
    /// The new agent as an element of agents, for clients that keep lists.
    agent_edge: Option<ListEdge<Uuid, Agent>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct AgentMutation;

#[Object]
impl AgentMutation {
    /// Creates an agent.
    async fn create_agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent.")] input: CreateAgentInput,
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: ValidateOnly,
    ) -> Option<Result<CreateAgentPayload, Failure>> {
        Some(create(context, input, validate_only.0).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: CreateAgentInput,
    validate_only: bool,
) -> Result<CreateAgentPayload, Failure> {
    let checked = NewAgent { name: input.name, icon_url: input.icon_url }.check();
    let (created, user_errors) = match checked {
        Err(violations) => (None, user_errors(violations)),
        Ok(_) if validate_only => (None, Vec::new()),
        Ok(new) => {
            let environment = environment(context);
            let transaction = environment.database.write().await?;
            let now = environment.clock.now();
            let row = store::agent::create(organization(context), &transaction, new_id(), new, now)
                .await?;
            transaction.commit().await?;
            (Some(row), Vec::new())
        }
    };
    Ok(CreateAgentPayload {
        agent_edge: created.clone().map(|row| edge(row.id, Agent(row))),
        agent: created.map(Agent),
        user_errors,
    })
}
