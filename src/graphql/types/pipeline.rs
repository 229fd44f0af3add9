//! Pipelines: what is computed from a scenario with all its steps, and applying a specification.

mod apply;
mod diagnostics;
mod flow;
mod simulation;
mod spec;
mod step_diagnostics;

use std::sync::{Arc, OnceLock};

use async_graphql::Context;

use self::flow::Drawings;
pub(super) use self::{
    apply::{ApplyCrmScenarioInput, ApplyCrmScenarioMutation},
    diagnostics::{CrmDiagnostic, CrmDiagnosticCounts},
    flow::CrmFlow,
    simulation::SimulationQuery,
    spec::CrmScenarioSpec,
    step_diagnostics::StepDiagnostics,
};
use super::{crm_step::CrmStep, loaders::PipelineOf};
use crate::{
    domain::flow::{Flow, diagnostics::DiagnosticView, export::Pipeline, spec::PipelineSpec},
    entity::crm_scenario,
    graphql::parts::{context::reads, error::Failure},
    store::pipeline::PipelineRows,
};

/// A scenario with all its steps, as the fields that are computed from it share it.
pub(super) struct LoadedPipeline {
    /// The values, with masks in place of those of headers.
    stored: Pipeline,
    /// The steps, in the order of their indexes.
    steps: Vec<CrmStep>,
    // What is computed of them when it is first needed. A response may have it many times.
    flow: OnceLock<Flow>,
    diagnostics: OnceLock<Vec<Arc<DiagnosticView>>>,
    drawings: Drawings,
    spec: OnceLock<Arc<PipelineSpec>>,
}

impl LoadedPipeline {
    pub(super) fn new(rows: PipelineRows) -> Result<Self, Failure> {
        let stored = rows.masked()?;
        let steps = rows.steps.into_iter().map(CrmStep::from).collect();
        Ok(Self {
            stored,
            steps,
            flow: OnceLock::new(),
            diagnostics: OnceLock::new(),
            drawings: Drawings::default(),
            spec: OnceLock::new(),
        })
    }

    fn flow(&self) -> &Flow {
        self.flow.get_or_init(|| self.stored.flow())
    }
}

/// The pipeline of a scenario, as it is now; without steps if it has been deleted meanwhile. Its steps
/// count as elements of the response, so that the number of those that are read is limited.
pub(super) async fn pipeline(
    context: &Context<'_>,
    scenario: &crm_scenario::Model,
) -> Result<Arc<LoadedPipeline>, Failure> {
    let reads = reads(context);
    reads.count_elements(usize::try_from(scenario.step_count).unwrap_or_default())?;
    reads.one(PipelineOf(scenario.id)).await?.unwrap_or_else(|| {
        let rows = PipelineRows { scenario: scenario.clone(), steps: Vec::new() };
        LoadedPipeline::new(rows).map(Arc::new)
    })
}
