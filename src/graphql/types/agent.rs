//! AI agents.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    crm_step::CrmStep,
    history::{Change, history},
};
use crate::{
    domain::{agent::NewAgent, id::parse_id},
    entity::agent,
    graphql::parts::{
        connection::{List, ListEdge, PageArguments, edge, list},
        date_time::DateTime,
        error::Failure,
        filter::{
            self, DateTimeFilter, FilterInput, IdFilter, ListOrder, StringFilter, Tests,
            oldest_first, order,
        },
        mutation::{MutationResult, run_mutation},
        patch::patch_required,
        user_error::UserError,
    },
    store::{
        delete::{self, Conflict},
        history::HistoryScope,
        kit::columns::Columns,
        resource,
    },
};

pub(super) struct Agent(pub(crate) Arc<agent::Model>);

/// An AI agent, which talks to customers.
#[Object]
impl Agent {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
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

/// Which agents to list. All tests that are given have to hold.
#[derive(InputObject)]
struct AgentFilter {
    /// All of these hold.
    and: Option<Vec<AgentFilter>>,
    /// At least one of these holds; of an empty list none does.
    or: Option<Vec<AgentFilter>>,
    /// This does not hold.
    not: Option<Box<AgentFilter>>,
    /// Its id.
    id: Option<IdFilter>,
    /// Its name.
    name: Option<StringFilter>,
    /// When it was created.
    created_at: Option<DateTimeFilter>,
    /// When it was last changed.
    updated_at: Option<DateTimeFilter>,
}

impl FilterInput<agent::Entity> for AgentFilter {
    fn tests(self, tests: &mut Tests<agent::Entity>) -> Result<(), Failure> {
        tests.common(self.id, self.name, self.created_at, self.updated_at)?;
        tests.combine(self.and, self.or, self.not)
    }
}

#[derive(Default)]
pub(super) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// The organization's agents.
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; all without it.")] filter: Option<AgentFilter>,
        #[graphql(desc = "By what they are ordered, up to 5 fields, and at last by id; oldest \
                          first without it.")]
        order_by: Option<Vec<ListOrder>>,
        #[graphql(desc = "Take this many from the front, 1 to 100; 50 without first and last.")]
        first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Take this many from the end, 1 to 100; not together with first.")]
        last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<List<Agent>, Failure> {
        let arguments = PageArguments { first, after, last, before };
        let (filter, order) = (filter::filter(filter)?, order(order_by)?);
        list(context, arguments, filter, order, Columns::All, Agent).await
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

/// What to change of an agent. What is left out stays as it is.
#[derive(InputObject)]
struct UpdateAgentInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped. It cannot be
    /// cleared: null is refused as BLANK.
    name: MaybeUndefined<String>,
    /// Where its picture is: an absolute http(s) URL, up to 2,048 characters. Null clears it.
    icon_url: MaybeUndefined<String>,
}

/// What came of createAgent.
#[derive(SimpleObject)]
struct CreateAgentPayload {
    /// The new agent; null when userErrors says why not, or when the call only validated.
    agent: Option<Agent>,
    /// The new agent as an element of agents, oldest first, for clients that keep lists.
    agent_edge: Option<ListEdge<Agent>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of updateAgent.
#[derive(SimpleObject)]
struct UpdateAgentPayload {
    /// The agent as it is now; null when userErrors says why not, or when the call only
    /// validated.
    agent: Option<Agent>,
    /// When the expectedVersion is not the present one: the agent as it is.
    current_agent: Option<Agent>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of deleteAgent.
#[derive(SimpleObject)]
struct DeleteAgentPayload {
    /// The id that was deleted; null when userErrors says why not, or when the call only
    /// validated.
    deleted_agent_id: Option<ID>,
    /// When the expectedVersion is not the present one: the agent as it is.
    current_agent: Option<Agent>,
    /// When steps use the agent: the first 100 of them. The error's param `count` says how many
    /// there are.
    used_by: Vec<CrmStep>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
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
        validate_only: bool,
        #[graphql(
            desc = "A text of your choice, up to 255 characters. For 24 hours, a call with the \
                    same key and the same arguments is not carried out again but answered as the \
                    first one was; with other arguments it is refused. While the \
                    first one is still at work it is IDEMPOTENCY_KEY_IN_USE: send yours again. A \
                    call that is refused leaves its key free."
        )]
        idempotency_key: Option<String>,
    ) -> Option<Result<CreateAgentPayload, Failure>> {
        let input = NewAgent { name: input.name, icon_url: input.icon_url };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::create::<agent::Entity>(request, input)
        })
        .await;
        Some(answer.map(|MutationResult { value, user_errors, replayed, .. }| {
            let row = value.map(Arc::new);
            CreateAgentPayload {
                agent_edge: row
                    .clone()
                    .map(|row| edge::<agent::Entity, _>(row, &oldest_first(), Agent)),
                agent: row.map(Agent),
                user_errors,
                replayed,
            }
        }))
    }

    /// Changes an agent.
    async fn update_agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateAgentInput,
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
    ) -> Option<Result<UpdateAgentPayload, Failure>> {
        let id = parse_id(&id);
        let patch = move |agent: &mut NewAgent| {
            patch_required(&mut agent.name, input.name);
            input.icon_url.update_to(&mut agent.icon_url);
        };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::update::<agent::Entity>(request, id, expected_version, patch)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            UpdateAgentPayload {
                agent: value.map(Arc::new).map(Agent),
                current_agent: conflict.map(Arc::new).map(Agent),
                user_errors,
                replayed,
            }
        }))
    }

    /// Deletes an agent that no step uses.
    async fn delete_agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent's id.")] id: ID,
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
    ) -> Option<Result<DeleteAgentPayload, Failure>> {
        let id = parse_id(&id);
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            delete::delete::<agent::Entity>(request, id, expected_version)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            let (current, used_by) = conflict.map(Conflict::into_parts).unwrap_or_default();
            DeleteAgentPayload {
                deleted_agent_id: value.map(Into::into),
                current_agent: current.map(Arc::new).map(Agent),
                used_by: used_by.into_iter().map(Into::into).collect(),
                user_errors,
                replayed,
            }
        }))
    }
}
