//! Diagnostics in the payloads of calls that create or update steps.

use std::collections::HashSet;

use async_graphql::{Context, Object, indexmap::IndexSet};
use uuid::Uuid;

use super::diagnostics::{CrmDiagnostic, DiagnosedSteps};
use crate::{
    domain::flow::{
        diagnostics::{Diagnostic, diagnose},
        export,
    },
    graphql::{
        parts::{context::reads, error::Failure, inline::Inline},
        types::loaders::PipelineOf,
    },
    store::{crm_step::CrmStepRow, mutation::Outcome, pipeline::masked_step},
};

/// The diagnostics in the payload of a call that creates or updates steps.
#[derive(Default)]
pub(in crate::graphql::types) struct StepDiagnostics {
    /// The steps: the id of the scenario of each, and its own.
    steps: Vec<(Uuid, Uuid)>,
    /// The steps as they would be stored, if the call is only validated.
    validated: Vec<CrmStepRow>,
}

impl StepDiagnostics {
    /// Those of the outcome of a call with these steps.
    pub(in crate::graphql::types) fn new<'a, T, C, I>(
        outcome: &'a Outcome<T, C>,
        steps: impl Fn(&'a T) -> I,
    ) -> Self
    where
        I: Iterator<Item = &'a CrmStepRow> + Clone,
    {
        let (value, is_validated) = match outcome {
            Outcome::Done { value, .. } => (value, false),
            Outcome::Valid(value) => (value, true),
            Outcome::Rejected { .. } => return Self::default(),
        };
        let rows = steps(value);
        Self {
            steps: rows.clone().map(|row| (row.step.scenario_id, row.step.id)).collect(),
            validated: rows.filter(|_| is_validated).cloned().collect(),
        }
    }

    async fn read(&self, context: &Context<'_>) -> Result<Vec<Inline<CrmDiagnostic>>, Failure> {
        let (scenarios, steps): (IndexSet<Uuid>, HashSet<Uuid>) =
            self.steps.iter().copied().unzip();
        let mut found = Vec::new();
        for pipeline in reads(context).many(scenarios.into_iter().map(PipelineOf)).await? {
            let pipeline = self.after(&pipeline?.stored)?;
            let flow = pipeline.flow();
            let with_ids = |diagnostic: Diagnostic| {
                let indexes = diagnostic.step_indexes.iter();
                let ids: Vec<Uuid> = indexes.map(|index| pipeline.steps[*index].id).collect();
                (diagnostic, ids)
            };
            let of_steps = diagnose(&flow).into_iter().map(with_ids);
            let of_steps = of_steps.filter(|(_, ids)| ids.iter().any(|id| steps.contains(id)));
            found.extend(of_steps.map(|(diagnostic, ids)| {
                CrmDiagnostic::new(diagnostic.report(&flow).into(), DiagnosedSteps::ById(ids))
            }));
        }
        Ok(found)
    }

    /// A stored pipeline as it is after the call: with the steps that it only validates in place of the
    /// stored ones, or at their indexes if they are new.
    fn after(&self, stored: &export::Pipeline) -> Result<export::Pipeline, Failure> {
        let mut after = stored.clone();
        for row in self.validated.iter().filter(|row| row.step.scenario_id == stored.id) {
            let step = masked_step(row)?;
            if let Some(before) = after.steps.iter_mut().find(|before| before.id == step.id) {
                *before = step;
            } else {
                let index = usize::try_from(row.step.index).unwrap_or_default();
                after.steps.insert(index.min(after.steps.len()), step);
            }
        }
        Ok(after)
    }
}

#[Object]
impl StepDiagnostics {
    /// What is probably a mistake in the scenario after the change and is about a step that the call
    /// creates or updates; ordered by severity, first step and code, that of several scenarios in the
    /// order of inputs. With validateOnly it is what would be. Empty if no step is created or updated
    /// because of userErrors. A repeated call with the same idempotencyKey returns what is so now. Null
    /// only with an error: if the scenario cannot be read.
    async fn diagnostics(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<Inline<CrmDiagnostic>>, Failure>> {
        // Null instead of an error of the payload, which would remove what is committed from the
        // response. Boxed: keeps the size of this future out of the enclosing ones.
        Some(Box::pin(self.read(context)).await)
    }
}
