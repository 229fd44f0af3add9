//! Where the timers of steps lead.

use async_graphql::Context;
use uuid::Uuid;

use super::CrmStep;
use crate::graphql::{
    parts::{context::reads, error::Failure, inline::Inline},
    types::loaders::{CrmStepId, StepPosition, TimersOf},
};

/// The maximum number of incoming timers that are returned.
const INCOMING_MAX: usize = 100;

impl CrmStep {
    /// The step to which the timer leads, if there is one.
    pub(super) async fn next(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<Self>, Failure>> {
        let step = &self.row;
        step.auto_next_time?;
        let found = if let Some(id) = step.auto_next_step_id {
            reads(context).one(CrmStepId(id)).await
        } else {
            let following = StepPosition((step.scenario_id, step.index + 1));
            reads(context).one(following).await
        };
        Some(found.transpose()?.map(Self::from).map(Inline::from))
    }

    /// The first steps whose timers lead to this one, ordered by index.
    pub(super) async fn incoming(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Inline<Self>>, Failure> {
        let ids = self.incoming_ids(context).await?.into_iter().take(INCOMING_MAX);
        let steps = reads(context).many(ids.map(CrmStepId)).await?;
        Ok(steps.into_iter().map(Self::from).map(Inline::from).collect())
    }

    /// The ids of the steps whose timers lead to this one, ordered by index.
    pub(super) async fn incoming_ids(&self, context: &Context<'_>) -> Result<Vec<Uuid>, Failure> {
        let timers = reads(context).one(TimersOf(self.row.scenario_id)).await?;
        Ok(timers.and_then(|timers| timers.get(&self.row.id).cloned()).unwrap_or_default())
    }
}
