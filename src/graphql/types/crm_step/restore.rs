//! Restoring steps.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{CrmStep, mutation::step_edge, scenario::ScenarioOfSteps};
use crate::{
    domain::id::parse_id,
    graphql::parts::{
        connection::ListEdge,
        context::environment,
        mutation::{MutationReturn, call, payload},
    },
    store,
};

/// Payload of `restoreCrmStep`.
#[derive(SimpleObject)]
struct RestoreCrmStepPayload {
    /// The step; null if userErrors is not empty or validateOnly is true.
    crm_step: Option<CrmStep>,
    /// The step as an element of its scenario's steps, for clients that cache lists. Null as in crmStep.
    crm_step_edge: Option<ListEdge<CrmStep>>,
    /// The steps whose timers led to it, were cleared by the deletion and lead to it again, ordered by
    /// index. A timer does not come back if its step has another one by now, or if the rules do not
    /// allow it any more. Empty if crmStep is null.
    crm_steps_with_timer: Vec<CrmStep>,
    /// The names of the fields of the step that had a value and were cleared or, of
    /// selectedMembershipIdsForAssignee, shortened, because what they refer to was deleted meanwhile or
    /// because another step has the key. What belongs together is cleared together: without a candidate
    /// left assigneeLogicType too, and without its agent or its target a whole message or timer. Empty if
    /// crmStep is null.
    cleared_fields: Vec<String>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
}

#[derive(Default)]
pub(in crate::graphql) struct RestoreCrmStepMutation;

#[Object]
impl RestoreCrmStepMutation {
    /// Restores a step that was deleted, with the id and the webhook header values that it had; its
    /// version is one more than before. Deleted steps can be restored for 30 days, unless the operator
    /// has chosen another time. If the scenario was deleted too, restore it first.
    ///
    /// The step comes back between its former neighbours, on its side of the one that is left, or at its
    /// former index if none is. Restoring several steps in the reverse order of their deletion gives the order
    /// that was. What it refers to and does not exist any more is cleared, see clearedFields.
    ///
    /// `NOT_FOUND` on id: no step with this id can be restored, because it exists, was never there, or was
    /// deleted too long ago or with its scenario. `SCENARIO_FULL` on id: its scenario has as many steps as
    /// it may have.
    async fn restore_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The id that the step had. The history has it: `viewer { organization { \
                    history(filter: { actions: [DELETED] }) { nodes { deletedId } } } }`."
        )]
        id: ID,
    ) -> MutationReturn<RestoreCrmStepPayload> {
        let max_steps = environment(context).max_steps;
        let work = |request| store::crm_step::restore(request, parse_id(&id), max_steps);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let of_restored = outcome.value().map(|restored| restored.row.step.scenario_id);
            payload(outcome, |restored, of_full| {
                let (row, with_timer, cleared_fields) = restored
                    .map_or((None, vec![], vec![]), |restored| {
                        (Some(restored.row), restored.with_timer, restored.cleared)
                    });
                let crm_step = row.map(CrmStep::from);
                RestoreCrmStepPayload {
                    crm_step_edge: crm_step.as_ref().map(step_edge),
                    crm_step,
                    crm_steps_with_timer: with_timer.into_iter().map(Into::into).collect(),
                    cleared_fields,
                    scenario: ScenarioOfSteps::new(of_restored.or(of_full), [id.as_str()]),
                }
            })
        }))
    }
}
