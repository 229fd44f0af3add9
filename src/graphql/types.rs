//! The types of the schema: objects, inputs, payloads, queries and mutations, a file for each
//! resource.
//!
//! Objects are newtypes over rows, so a column is published only by a resolver that names it.

mod agent;
mod crm_scenario;
mod crm_step;
mod deletion_impact;
mod field_change;
mod history;
mod input_rules;
mod loaders;
mod membership;
mod node;
mod pipeline;
mod subscription;
mod viewer;

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, Schema, SchemaBuilder};

pub(super) use self::history::HistoryEnd;
pub use self::subscription::{Subscription, SubscriptionRoot};
pub(super) use self::subscription::{prime, selection};
use self::{
    agent::Agent,
    crm_scenario::CrmScenario,
    crm_step::CrmStep,
    history::{ChangeEdge, History, HistoryFilter, HistoryOrder, HistoryQuery},
    membership::Membership,
};
use super::parts::{
    arguments::{Arguments, SharedArguments},
    connection::{List, ListEdge, page_limit},
    error::Failure,
};
use crate::{domain::rules::PAGE_MAX, store::history::HistoryScope};

/// Queries.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    viewer::ViewerQuery,
    agent::AgentQuery,
    crm_scenario::CrmScenarioQuery,
    crm_step::CrmStepQuery,
    pipeline::SimulationQuery,
    membership::MembershipQuery,
    deletion_impact::DeletionImpactQuery,
    history::ChangesCursorQuery,
    input_rules::InputRulesQuery,
);

/// Mutations. Violated rules are in the userErrors of each payload; a rejected call changes
/// nothing.
#[derive(MergedObject, Default)]
pub struct Mutation(
    agent::AgentMutation,
    crm_scenario::CrmScenarioMutation,
    crm_step::CrmStepMutation,
    crm_step::RestoreCrmStepMutation,
    crm_scenario::RestoreCrmScenarioMutation,
    crm_step::BulkCrmStepMutation,
    crm_step::DuplicateCrmStepMutation,
    membership::MembershipMutation,
    pipeline::ApplyCrmScenarioMutation,
);

/// Checks the arguments of a list as its field of this type does.
pub(super) fn check_page(
    type_name: &str,
    field: &str,
    arguments: &impl Arguments,
) -> Result<(), Failure> {
    match (type_name, field) {
        (_, "history") => HistoryQuery::new(arguments, HistoryScope::Subject).map(drop),
        ("CrmScenario", "steps") => crm_scenario::steps_query(arguments).map(drop),
        // The lists of queries, which are in no payload and in no event.
        _ => page_limit(arguments, PAGE_MAX).map(drop),
    }
}

/// The schema of all types, without data.
pub(super) fn builder() -> SchemaBuilder<Query, Mutation, SubscriptionRoot> {
    const EDGE: &str = "An element of a list, with its cursor.";
    Schema::build(Query::default(), Mutation::default(), SubscriptionRoot)
        .register_input_type::<HistoryFilter>()
        .register_input_type::<HistoryOrder>()
        .register_output_type::<SharedArguments>()
        // The descriptions of the types that the library makes.
        .override_output_type_description::<List<Agent>>("A page of agents.")
        .override_output_type_description::<List<Membership>>("A page of memberships.")
        .override_output_type_description::<List<CrmScenario>>("A page of scenarios.")
        .override_output_type_description::<List<CrmStep>>("A page of steps.")
        .override_output_type_description::<History>("A page of a history.")
        .override_output_type_description::<ListEdge<Agent>>(EDGE)
        .override_output_type_description::<ListEdge<Membership>>(EDGE)
        .override_output_type_description::<ListEdge<CrmScenario>>(EDGE)
        .override_output_type_description::<ListEdge<CrmStep>>(EDGE)
        .override_output_type_description::<ChangeEdge>(EDGE)
}

/// The schema by which each event of a subscription is executed, as a query.
pub(super) fn event_builder() -> SchemaBuilder<Subscription, EmptyMutation, EmptySubscription> {
    Schema::build(Subscription, EmptyMutation, EmptySubscription)
}
