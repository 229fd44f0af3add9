//! Copying a step.

use std::iter;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{
    CrmStep,
    mutation::{CrmStepPlacement, step_edge},
    scenario::ScenarioOfSteps,
};
use crate::{
    domain::id::parse_id,
    graphql::{
        parts::{
            connection::ListEdge,
            context::environment,
            mutation::{MutationReturn, call, payload},
        },
        types::pipeline::StepDiagnostics,
    },
    store,
};

/// Payload of `duplicateCrmStep`.
#[derive(SimpleObject)]
struct DuplicateCrmStepPayload {
    /// The copy; null if userErrors is not empty or validateOnly is true.
    crm_step: Option<CrmStep>,
    /// The copy as an element of its scenario's steps, for clients that cache lists.
    crm_step_edge: Option<ListEdge<CrmStep>>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
    #[graphql(flatten)]
    diagnostics: StepDiagnostics,
}

#[derive(Default)]
pub(in crate::graphql) struct DuplicateCrmStepMutation;

#[Object]
impl DuplicateCrmStepMutation {
    /// Copies a step within its scenario, with its name and with header values that the caller may not
    /// read. The copy has no key. Its timer leads where that of the original leads, and timers that lead
    /// to the original stay. Rejected with `SCENARIO_FULL` if the scenario can have no more steps.
    async fn duplicate_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
        #[graphql(
            desc = "The position of the copy in the scenario; default directly after the original."
        )]
        to: Option<CrmStepPlacement>,
    ) -> MutationReturn<DuplicateCrmStepPayload> {
        let max_steps = environment(context).max_steps;
        let to = to.map(Into::into);
        let work = |request| store::crm_step::duplicate(request, parse_id(&id), to, max_steps);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let scenario_id = outcome.value().map(|row| row.step.scenario_id);
            let scenario = ScenarioOfSteps::new(scenario_id, [id.as_str()]);
            let diagnostics = StepDiagnostics::new(&outcome, iter::once);
            payload(outcome, |row, _| {
                let step = row.map(CrmStep::from);
                DuplicateCrmStepPayload {
                    crm_step_edge: step.as_ref().map(step_edge),
                    crm_step: step,
                    scenario,
                    diagnostics,
                }
            })
        }))
    }
}
