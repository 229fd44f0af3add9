//! AI agents.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    crm_step::CrmStep,
    history::{History, history},
    loaders::AgentUses,
};
use crate::{
    domain::{agent::NewAgent, id::parse_id},
    entity::agent,
    graphql::parts::{
        connection::{List, ListEdge, created, list, to_int},
        context::reads,
        error::Failure,
        filter::{ListOrder, Tests, filter_input},
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

    /// The http(s) URL of its picture; null if it has none.
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

    /// Its version: 1 when it is created, and one more after each change. Send it as
    /// expectedVersion so that a change based on an older version is rejected.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// How many steps use it: as their agent, for their Z-API message or for their WhatsApp template.
    /// It can be deleted if there are none.
    async fn used_by_count(&self, context: &Context<'_>) -> Result<i32, Failure> {
        let count = reads(context).one(AgentUses(self.0.id)).await?;
        Ok(count.map_or(0, to_int))
    }

    /// The changes of it.
    async fn history(&self, context: &Context<'_>) -> Result<History, Failure> {
        history(context, HistoryScope::Subject, self.0.id).await
    }
}

filter_input! {
    /// Which agents to list. All tests that are given have to hold.
    AgentFilter of agent::Entity {}
}

#[derive(Default)]
pub(super) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// The organization's agents.
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that match; default all.")] filter: Option<AgentFilter>,
        #[graphql(desc = "Up to 5 sort fields, then the id; the default is oldest first.")]
        order_by: Option<Vec<ListOrder>>,
    ) -> Result<List<Agent>, Failure> {
        list(context, filter, order_by, Columns::ALL, Agent).await
    }
}

/// An AI agent to create.
#[derive(InputObject)]
struct CreateAgentInput {
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// The URL of its picture, an absolute http(s) URL of up to `URL_MAX` characters.
    icon_url: Option<String>,
}

/// Changes of an agent. Omitted fields keep their values.
#[derive(InputObject)]
struct UpdateAgentInput {
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed. It cannot be
    /// cleared: null is rejected as BLANK.
    name: MaybeUndefined<String>,
    /// The URL of its picture, an absolute http(s) URL of up to `URL_MAX` characters. Null clears it.
    icon_url: MaybeUndefined<String>,
}

/// Payload of `createAgent`.
#[derive(SimpleObject)]
struct CreateAgentPayload {
    /// The new agent; null if userErrors is not empty or validateOnly is true.
    agent: Option<Agent>,
    /// The new agent as an element of agents, oldest first, for clients that cache lists.
    agent_edge: Option<ListEdge<Agent>>,
}

/// Payload of `updateAgent`.
#[derive(SimpleObject)]
struct UpdateAgentPayload {
    /// The agent after the change; null if userErrors is not empty or validateOnly is true.
    agent: Option<Agent>,
    /// The agent as it is stored, if expectedVersion is not its version.
    current_agent: Option<Agent>,
}

/// Payload of `deleteAgent`.
#[derive(SimpleObject)]
struct DeleteAgentPayload {
    /// The id that was deleted; null if userErrors is not empty or validateOnly is true.
    deleted_agent_id: Option<ID>,
    /// The agent as it is stored, if expectedVersion is not its version.
    current_agent: Option<Agent>,
    /// The first 100 steps that use the agent, which prevent its deletion. The param `count` of the
    /// user error is the number of all of them.
    used_by: Vec<CrmStep>,
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
    ) -> MutationReturn<CreateAgentPayload> {
        let input = NewAgent { name: input.name, icon_url: input.icon_url };
        let work = |request| resource::create::<agent::Entity>(request, input);
        run_mutation(context, work, |row, _| {
            let (agent, agent_edge) = created::<agent::Entity, _>(row, Agent);
            CreateAgentPayload { agent, agent_edge }
        })
        .await
    }

    /// Changes an agent.
    async fn update_agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateAgentInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<UpdateAgentPayload> {
        let patch = move |agent: &mut NewAgent| {
            patch_required(&mut agent.name, input.name);
            input.icon_url.update_to(&mut agent.icon_url);
        };
        let work = |request| {
            resource::update::<agent::Entity>(request, parse_id(&id), expected_version, patch)
        };
        run_mutation(context, work, |row, current| UpdateAgentPayload {
            agent: row.map(|row| Agent(row.into())),
            current_agent: current.map(|row| Agent(row.into())),
        })
        .await
    }

    /// Deletes an agent that no step uses.
    async fn delete_agent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<DeleteAgentPayload> {
        let (id, used_by) = (parse_id(&id), Filter::uses_agent);
        let work =
            |request| delete::delete::<agent::Entity>(request, id, expected_version, used_by);
        run_mutation(context, work, |id, conflict| {
            let (current, used_by) = conflict.unwrap_or_default();
            DeleteAgentPayload {
                deleted_agent_id: id.map(Into::into),
                current_agent: current.map(|row| Agent(row.into())),
                used_by: used_by.into_iter().map(Into::into).collect(),
            }
        })
        .await
    }
}
