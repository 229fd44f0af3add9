//! The scenario in the payloads of calls that change steps.

use async_graphql::{Context, Object};
use uuid::Uuid;

use crate::{
    domain::{id::parse_id, rules::BATCH_MAX},
    graphql::{
        parts::{context::reads, error::Failure},
        types::{
            crm_scenario::CrmScenario,
            loaders::{CrmScenarioId, CrmStepId},
        },
    },
};

/// The scenario of the steps of a call.
pub(super) struct ScenarioOfSteps {
    /// The scenario, if the call was executed.
    scenario_id: Option<Uuid>,
    /// Otherwise the steps that the call names, which exist as before.
    step_ids: Vec<Uuid>,
}

impl ScenarioOfSteps {
    /// That of an executed call, or of the first existing step among these.
    pub(super) fn new<'a>(
        scenario_id: Option<Uuid>,
        step_ids: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let step_ids = step_ids.into_iter().take(BATCH_MAX).filter_map(parse_id).collect();
        Self { scenario_id, step_ids }
    }

    async fn read(&self, context: &Context<'_>) -> Result<Option<CrmScenario>, Failure> {
        let reads = reads(context);
        let id = if let Some(id) = self.scenario_id {
            id
        } else {
            let steps = reads.many(self.step_ids.iter().copied().map(CrmStepId)).await?;
            let Some(step) = steps.first() else { return Ok(None) };
            step.scenario_id
        };
        Ok(reads.one(CrmScenarioId(id)).await?.map(CrmScenario))
    }
}

#[Object]
impl ScenarioOfSteps {
    /// The scenario of the steps as it is now, for clients that cache it; also if userErrors is not
    /// empty or validateOnly is true. Null if the call names no step or scenario that exists, or if
    /// it has been deleted since.
    async fn crm_scenario(&self, context: &Context<'_>) -> Option<Result<CrmScenario, Failure>> {
        // Boxed: keeps the size of this future out of the enclosing ones.
        Box::pin(self.read(context)).await.transpose()
    }
}
