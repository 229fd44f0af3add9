//! Changing scenarios.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::CrmScenario;
use crate::{
    domain::{crm_scenario::NewCrmScenario, id::parse_id},
    entity::crm_scenario,
    graphql::parts::{
        connection::{ListEdge, edge},
        error::Failure,
        filter::oldest_first,
        mutation::{MutationResult, run_mutation},
        patch::patch_required,
        user_error::UserError,
    },
    store::{self, resource},
};

/// A scenario to create.
#[derive(InputObject)]
struct CreateCrmScenarioInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped.
    name: String,
    /// What it is for, up to 2,000 characters.
    description: Option<String>,
}

/// What to change of a scenario. What is left out stays as it is.
#[derive(InputObject)]
struct UpdateCrmScenarioInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped. It cannot be
    /// cleared: null is refused as BLANK.
    name: MaybeUndefined<String>,
    /// What it is for, up to 2,000 characters. Null clears it.
    description: MaybeUndefined<String>,
}

/// What came of createCrmScenario.
#[derive(SimpleObject)]
struct CreateCrmScenarioPayload {
    /// The new scenario; null when userErrors says why not, or when the call only validated.
    crm_scenario: Option<CrmScenario>,
    /// The new scenario as an element of crmScenarios, oldest first, for clients that keep lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of updateCrmScenario.
#[derive(SimpleObject)]
struct UpdateCrmScenarioPayload {
    /// The scenario as it is now; null when userErrors says why not, or when the call only
    /// validated.
    crm_scenario: Option<CrmScenario>,
    /// When the expectedVersion is not the present one: the scenario as it is.
    current_crm_scenario: Option<CrmScenario>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of deleteCrmScenario.
#[derive(SimpleObject)]
struct DeleteCrmScenarioPayload {
    /// The id of the scenario that was deleted; null when userErrors says why not, or when the call
    /// only validated.
    deleted_crm_scenario_id: Option<ID>,
    /// The ids of its steps, which were deleted with it, by their index; null as the id is.
    deleted_crm_step_ids: Option<Vec<ID>>,
    /// When the expectedStepCount or the expectedVersion is not the present one: the scenario as it
    /// is.
    current_crm_scenario: Option<CrmScenario>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
}

/// What came of duplicateCrmScenario.
#[derive(SimpleObject)]
struct DuplicateCrmScenarioPayload {
    /// The copy; null when userErrors says why not, or when the call only validated.
    crm_scenario: Option<CrmScenario>,
    /// The copy as an element of crmScenarios, oldest first, for clients that keep lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
    /// Whether this is the answer to an earlier call with the same idempotencyKey.
    replayed: bool,
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
    ) -> Option<Result<CreateCrmScenarioPayload, Failure>> {
        let input = NewCrmScenario { name: input.name, description: input.description };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::create::<crm_scenario::Entity>(request, input)
        })
        .await;
        Some(answer.map(|MutationResult { value, user_errors, replayed, .. }| {
            let row = value.map(Arc::new);
            CreateCrmScenarioPayload {
                crm_scenario_edge: row
                    .clone()
                    .map(|row| edge::<crm_scenario::Entity, _>(row, &oldest_first(), CrmScenario)),
                crm_scenario: row.map(CrmScenario),
                user_errors,
                replayed,
            }
        }))
    }

    /// Changes a scenario.
    async fn update_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateCrmScenarioInput,
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
    ) -> Option<Result<UpdateCrmScenarioPayload, Failure>> {
        let id = parse_id(&id);
        let patch = move |scenario: &mut NewCrmScenario| {
            patch_required(&mut scenario.name, input.name);
            input.description.update_to(&mut scenario.description);
        };
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            resource::update::<crm_scenario::Entity>(request, id, expected_version, patch)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            UpdateCrmScenarioPayload {
                crm_scenario: value.map(Arc::new).map(CrmScenario),
                current_crm_scenario: conflict.map(Arc::new).map(CrmScenario),
                user_errors,
                replayed,
            }
        }))
    }

    /// Deletes a scenario with all its steps.
    async fn delete_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "How many steps you have seen that it has; if there are more or fewer, \
                          the call is refused.")]
        expected_step_count: i32,
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
    ) -> Option<Result<DeleteCrmScenarioPayload, Failure>> {
        let id = parse_id(&id);
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            store::crm_scenario::delete(request, id, expected_step_count, expected_version)
        })
        .await;
        Some(answer.map(|MutationResult { value, conflict, user_errors, replayed, .. }| {
            let (id, step_ids) = value.map(|deleted| (deleted.id, deleted.step_ids)).unzip();
            DeleteCrmScenarioPayload {
                deleted_crm_scenario_id: id.map(Into::into),
                deleted_crm_step_ids: step_ids.map(|ids| ids.into_iter().map(Into::into).collect()),
                current_crm_scenario: conflict.map(Arc::new).map(CrmScenario),
                user_errors,
                replayed,
            }
        }))
    }

    /// Copies a scenario with all its steps; timers that lead to a step lead to its copy.
    async fn duplicate_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "What the copy is named; without it like the original, with a mark.")]
        name: Option<String>,
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
    ) -> Option<Result<DuplicateCrmScenarioPayload, Failure>> {
        let id = parse_id(&id);
        let answer = run_mutation(context, validate_only, idempotency_key, |request| {
            store::crm_scenario::duplicate(request, id, name)
        })
        .await;
        Some(answer.map(|MutationResult { value, user_errors, replayed, .. }| {
            let row = value.map(Arc::new);
            DuplicateCrmScenarioPayload {
                crm_scenario_edge: row
                    .clone()
                    .map(|row| edge::<crm_scenario::Entity, _>(row, &oldest_first(), CrmScenario)),
                crm_scenario: row.map(CrmScenario),
                user_errors,
                replayed,
            }
        }))
    }
}
