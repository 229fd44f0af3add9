//! Restoring scenarios.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::CrmScenario;
use crate::{
    domain::id::parse_id,
    entity::crm_scenario,
    graphql::{
        parts::{
            connection::{ListEdge, created},
            context::environment,
            mutation::{MutationReturn, run_mutation},
        },
        types::crm_step::CrmStep,
    },
    store,
};

/// Payload of `restoreCrmScenario`.
#[derive(SimpleObject)]
struct RestoreCrmScenarioPayload {
    /// The scenario; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The scenario as an element of crmScenarios, oldest first, for clients that cache lists. Null as in
    /// crmScenario.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
    /// Its steps whose timers lead to another one of its steps again, ordered by index. Empty if
    /// crmScenario is null.
    crm_steps_with_timer: Vec<CrmStep>,
    /// The fields that had a value and were cleared or shortened, as in restoreCrmStep: `key` if another
    /// scenario has the key by now, and `steps.<id>.<field>` for a field of one of its steps. Empty if
    /// crmScenario is null.
    cleared_fields: Vec<String>,
}

#[derive(Default)]
pub(in crate::graphql::types) struct RestoreCrmScenarioMutation;

#[Object]
impl RestoreCrmScenarioMutation {
    /// Restores a scenario that was deleted, with the steps that were deleted with it, all with the ids
    /// that they had; the versions are one more than before, and the revision is greater. Deleted scenarios
    /// can be restored for 30 days, unless the operator has chosen another time. Steps that were deleted
    /// before their scenario stay deleted; restoreCrmStep restores them afterwards.
    ///
    /// What a step refers to and does not exist any more is cleared, see clearedFields.
    ///
    /// `NOT_FOUND` on id: no scenario with this id can be restored, because it exists, was never there, or
    /// was deleted too long ago. `SCENARIO_FULL` on id: it had more steps than a scenario may have now.
    async fn restore_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "The id that the scenario had. The history has it: `viewer { organization { \
                    history(filter: { actions: [DELETED] }) { nodes { deletedId } } } }`."
        )]
        id: ID,
    ) -> MutationReturn<RestoreCrmScenarioPayload> {
        let max_steps = environment(context).max_steps;
        let work = |request| store::crm_scenario::restore(request, parse_id(&id), max_steps);
        run_mutation(context, work, |restored, _| {
            let (row, with_timer, cleared_fields) = restored
                .map_or((None, vec![], vec![]), |restored| {
                    (Some(restored.row), restored.with_timer, restored.cleared)
                });
            let (crm_scenario, crm_scenario_edge) =
                created::<crm_scenario::Entity, _>(row, CrmScenario);
            RestoreCrmScenarioPayload {
                crm_scenario,
                crm_scenario_edge,
                crm_steps_with_timer: with_timer.into_iter().map(Into::into).collect(),
                cleared_fields,
            }
        })
        .await
    }
}
