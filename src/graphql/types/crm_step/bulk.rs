//! Changing several steps of one scenario at once.

use async_graphql::{Context, ID, Object, SimpleObject};
use uuid::Uuid;

use super::{
    CrmStep, input::UpdateCrmStepInput, mutation::CrmStepPlacement, scenario::ScenarioOfSteps,
};
use crate::{
    domain::{
        crm_step::{EXPECTED_VERSIONS, SelectedSteps},
        rules::fields::IDS,
    },
    graphql::{
        parts::{
            arguments::argument,
            context::environment,
            error::Failure,
            mutation::{MutationReturn, call, payload},
        },
        types::pipeline::StepDiagnostics,
    },
    store::{
        self,
        crm_step::{BulkOutcome, CrmStepRow},
    },
};

/// Payload of `updateCrmSteps`.
#[derive(SimpleObject)]
struct UpdateCrmStepsPayload {
    /// The steps after the change, in the order of ids; null if userErrors is not empty or
    /// validateOnly is true.
    crm_steps: Option<Vec<CrmStep>>,
    /// The steps as they are stored that are not at the versions in expectedVersions, in the order of
    /// ids.
    current_crm_steps: Vec<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
    #[graphql(flatten)]
    diagnostics: StepDiagnostics,
}

/// Payload of `moveCrmSteps`.
#[derive(SimpleObject)]
struct MoveCrmStepsPayload {
    /// The steps at their new positions, in the order of ids; null if userErrors is not empty or
    /// validateOnly is true.
    crm_steps: Option<Vec<CrmStep>>,
    /// The steps as they are stored that are not at the versions in expectedVersions, in the order of
    /// ids; all steps if expectedRevision is not the revision of their scenario.
    current_crm_steps: Vec<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
}

/// Payload of `deleteCrmSteps`.
#[derive(SimpleObject)]
struct DeleteCrmStepsPayload {
    /// The ids of the steps that were deleted, in the order of ids; null if userErrors is not empty or
    /// validateOnly is true.
    deleted_crm_step_ids: Option<Vec<ID>>,
    /// The other steps whose timers led to the deleted ones and were cleared, ordered by index. If
    /// validateOnly is true, those whose timers would be cleared, as they are stored.
    crm_steps_without_timer: Vec<CrmStep>,
    /// The steps as they are stored that are not at the versions in expectedVersions, in the order of
    /// ids.
    current_crm_steps: Vec<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
}

#[derive(Default)]
pub(in crate::graphql) struct BulkCrmStepMutation;

#[Object]
impl BulkCrmStepMutation {
    /// Changes several steps of one scenario in the same way, all or none. The rules of the changed
    /// fields are checked on each step; a violation has the id of its step among its params, and a rule
    /// that several steps violate is reported once for each. A key can be set in one step only.
    async fn update_crm_steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The changes of each step.")] input: UpdateCrmStepInput,
    ) -> MutationReturn<UpdateCrmStepsPayload> {
        let hosts = environment(context).webhook_hosts.clone();
        let (ids, selected) = match selected(context) {
            Ok(selected) => selected,
            Err(failure) => return Some(Err(failure)),
        };
        let patch = move |step: &mut _| input.clone().apply(step);
        let work = |request| store::crm_step::update_many(request, selected, hosts, patch);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let scenario = scenario_of(&ids, &outcome, |rows| scenario_of_first(rows));
            let diagnostics = StepDiagnostics::new(&outcome, |rows| rows.iter());
            payload(outcome, |rows, current| UpdateCrmStepsPayload {
                crm_steps: rows.map(steps),
                current_crm_steps: steps(current.unwrap_or_default()),
                scenario,
                diagnostics,
            })
        }))
    }

    /// Moves several steps together to another position in their scenario, where they have the order of
    /// ids. That changes the revision of the scenario, not the versions of the steps. The history has a
    /// change for each step that has another place among the others, as if they were moved one after the
    /// other.
    async fn move_crm_steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The new position of the steps; not beside one of them.")]
        to: CrmStepPlacement,
        #[graphql(
            desc = "Rejects the call unless this is the current revision of the scenario; null \
                    accepts any. A rename of an agent or a membership changes no revision."
        )]
        expected_revision: Option<i32>,
    ) -> MutationReturn<MoveCrmStepsPayload> {
        let (ids, selected) = match selected(context) {
            Ok(selected) => selected,
            Err(failure) => return Some(Err(failure)),
        };
        let work = |request| {
            store::crm_step::relocate_many(request, selected, to.into(), expected_revision)
        };
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let scenario = scenario_of(&ids, &outcome, |rows| scenario_of_first(rows));
            payload(outcome, |rows, current| MoveCrmStepsPayload {
                crm_steps: rows.map(steps),
                current_crm_steps: steps(current.unwrap_or_default()),
                scenario,
            })
        }))
    }

    /// Deletes several steps of one scenario, all or none. The steps after them move up, and timers of
    /// other steps that led to them are cleared. The history has them deleted one after the other, in the
    /// order of ids. `restoreCrmStep`, called for each in the reverse order of deletedCrmStepIds, undoes it.
    async fn delete_crm_steps(
        &self,
        context: &Context<'_>,
    ) -> MutationReturn<DeleteCrmStepsPayload> {
        let (ids, selected) = match selected(context) {
            Ok(selected) => selected,
            Err(failure) => return Some(Err(failure)),
        };
        let are_restorable = environment(context).are_deleted_restorable;
        let work = |request| store::crm_step::delete_many(request, selected, are_restorable);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let scenario = scenario_of(&ids, &outcome, |deleted| deleted.scenario_id);
            let with_timer = outcome.if_valid().map(|deleted| deleted.with_timer.clone());
            payload(outcome, |deleted, current| {
                let (ids, without_timer) =
                    deleted.map(|deleted| (deleted.ids, deleted.without_timer)).unzip();
                let without_timer = without_timer.or(with_timer);
                DeleteCrmStepsPayload {
                    deleted_crm_step_ids: ids.map(|ids| ids.into_iter().map(Into::into).collect()),
                    crm_steps_without_timer: steps(without_timer.unwrap_or_default()),
                    current_crm_steps: steps(current.unwrap_or_default()),
                    scenario,
                }
            })
        }))
    }
}

/// The steps that the arguments of all these calls select.
fn selected(context: &Context<'_>) -> Result<(Vec<ID>, SelectedSteps), Failure> {
    let ids: Vec<ID> = argument(context, IDS.name())?;
    let expected_versions = argument(context, EXPECTED_VERSIONS)?;
    let selected =
        SelectedSteps { ids: ids.iter().map(|id| id.to_string()).collect(), expected_versions };
    Ok((ids, selected))
}

fn scenario_of<T>(
    ids: &[ID],
    outcome: &BulkOutcome<T>,
    of_value: impl FnOnce(&T) -> Option<Uuid>,
) -> ScenarioOfSteps {
    ScenarioOfSteps::new(outcome.value().and_then(of_value), ids.iter().map(|id| id.as_str()))
}

fn scenario_of_first(rows: &[CrmStepRow]) -> Option<Uuid> {
    rows.first().map(|row| row.step.scenario_id)
}

fn steps(rows: Vec<CrmStepRow>) -> Vec<CrmStep> {
    rows.into_iter().map(Into::into).collect()
}
