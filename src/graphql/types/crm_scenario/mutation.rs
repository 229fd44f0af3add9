//! Changing scenarios.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::CrmScenario;
use crate::{
    domain::{crm_scenario::NewCrmScenario, id::parse_id},
    entity::crm_scenario,
    graphql::parts::{
        connection::{ListEdge, created},
        mutation::{MutationReturn, run_mutation},
        patch::patch_required,
    },
    store::{self, resource},
};

/// A scenario to create.
#[derive(InputObject)]
struct CreateCrmScenarioInput {
    /// Its name, up to 255 characters, on one line. White space around it is removed.
    name: String,
    /// Its purpose, up to 2,000 characters.
    description: Option<String>,
}

/// Changes of a scenario. Omitted fields keep their values.
#[derive(InputObject)]
struct UpdateCrmScenarioInput {
    /// Its name, up to 255 characters, on one line. White space around it is removed. It cannot be
    /// cleared: null is rejected as BLANK.
    name: MaybeUndefined<String>,
    /// Its purpose, up to 2,000 characters. Null clears it.
    description: MaybeUndefined<String>,
}

/// Payload of `createCrmScenario`.
#[derive(SimpleObject)]
struct CreateCrmScenarioPayload {
    /// The new scenario; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The new scenario as an element of crmScenarios, oldest first, for clients that cache lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
}

/// Payload of `updateCrmScenario`.
#[derive(SimpleObject)]
struct UpdateCrmScenarioPayload {
    /// The scenario after the change; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The scenario as it is stored, if expectedVersion is not its version.
    current_crm_scenario: Option<CrmScenario>,
}

/// Payload of `deleteCrmScenario`.
#[derive(SimpleObject)]
struct DeleteCrmScenarioPayload {
    /// The id of the scenario that was deleted; null if userErrors is not empty or validateOnly is
    /// true.
    deleted_crm_scenario_id: Option<ID>,
    /// The ids of its steps, which were deleted with it, ordered by index; null if
    /// deletedCrmScenarioId is null.
    deleted_crm_step_ids: Option<Vec<ID>>,
    /// The scenario as it is stored, if its number of steps is not expectedStepCount or its version
    /// is not expectedVersion.
    current_crm_scenario: Option<CrmScenario>,
}

/// Payload of `duplicateCrmScenario`.
#[derive(SimpleObject)]
struct DuplicateCrmScenarioPayload {
    /// The copy; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The copy as an element of crmScenarios, oldest first, for clients that cache lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
}

#[derive(Default)]
pub(in crate::graphql) struct CrmScenarioMutation;

#[Object]
impl CrmScenarioMutation {
    /// Creates a scenario.
    async fn create_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario.")] input: CreateCrmScenarioInput,
    ) -> MutationReturn<CreateCrmScenarioPayload> {
        let input = NewCrmScenario { name: input.name, description: input.description };
        let work = |request| resource::create::<crm_scenario::Entity>(request, input);
        run_mutation(context, work, |row, _| {
            let (crm_scenario, crm_scenario_edge) =
                created::<crm_scenario::Entity, _>(row, CrmScenario);
            CreateCrmScenarioPayload { crm_scenario, crm_scenario_edge }
        })
        .await
    }

    /// Changes a scenario.
    async fn update_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateCrmScenarioInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<UpdateCrmScenarioPayload> {
        let id = parse_id(&id);
        let patch = move |scenario: &mut NewCrmScenario| {
            patch_required(&mut scenario.name, input.name);
            input.description.update_to(&mut scenario.description);
        };
        let work = |request| {
            resource::update::<crm_scenario::Entity>(request, id, expected_version, patch)
        };
        run_mutation(context, work, |row, current| UpdateCrmScenarioPayload {
            crm_scenario: row.map(|row| CrmScenario(row.into())),
            current_crm_scenario: current.map(|row| CrmScenario(row.into())),
        })
        .await
    }

    /// Deletes a scenario with all its steps.
    async fn delete_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless the scenario has this many steps.")]
        expected_step_count: i32,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<DeleteCrmScenarioPayload> {
        let id = parse_id(&id);
        let work = |request| {
            store::crm_scenario::delete(request, id, expected_step_count, expected_version)
        };
        run_mutation(context, work, |deleted, current| {
            let (id, step_ids) = deleted.map(|deleted| (deleted.id, deleted.step_ids)).unzip();
            DeleteCrmScenarioPayload {
                deleted_crm_scenario_id: id.map(Into::into),
                deleted_crm_step_ids: step_ids.map(|ids| ids.into_iter().map(Into::into).collect()),
                current_crm_scenario: current.map(|row| CrmScenario(row.into())),
            }
        })
        .await
    }

    /// Copies a scenario with all its steps; timers that lead to a step lead to its copy.
    async fn duplicate_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "The name of the copy; default that of the original, marked as a copy.")]
        name: Option<String>,
    ) -> MutationReturn<DuplicateCrmScenarioPayload> {
        let id = parse_id(&id);
        let work = |request| store::crm_scenario::duplicate(request, id, name);
        run_mutation(context, work, |row, _| {
            let (crm_scenario, crm_scenario_edge) =
                created::<crm_scenario::Entity, _>(row, CrmScenario);
            DuplicateCrmScenarioPayload { crm_scenario, crm_scenario_edge }
        })
        .await
    }
}
