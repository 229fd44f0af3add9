//! Plans, and what was applied, as JSON: `{ "pipelines": [{ "file", "key", "variables": [{ "name",
//! "field" }], "plan", "findings", "outcome", "revision", "error" }] }`. The variables are those of the
//! environment that the file reads. The plan is that of the API, null for a file that cannot be applied;
//! findings are those of `check --format json`; outcome and revision are those of an apply; error is
//! there if a request failed.

use std::path::Path;

use crm_steps::pipeline_file::VariableUse;
use serde::Serialize;

use super::{
    client::documents::apply_pipeline::Plan,
    planned::{Broken, Planned, Plans},
    report::JsonFinding,
};

/// What became of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Outcome {
    Applied,
    /// The plan was empty.
    Unchanged,
    NotApplied,
    /// The connection was lost before the response arrived.
    Unknown,
}

#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub(super) pipelines: Vec<PipelineReport<'a>>,
}

/// A file with its plan.
#[derive(Serialize)]
pub(super) struct PipelineReport<'a> {
    file: String,
    key: Option<&'a str>,
    variables: &'a [VariableUse],
    plan: Option<&'a Plan>,
    pub(super) findings: Vec<JsonFinding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<Outcome>,
    /// The revision of the scenario after it was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) revision: Option<i64>,
    /// Why it was not planned or applied, if the file is not the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// Plans that were not carried out.
    pub(super) fn new(plans: &'a Plans) -> Self {
        let pipelines = plans.0.iter().map(|plan| match plan {
            Ok(planned) => PipelineReport::planned(planned),
            Err(broken) => PipelineReport::broken(broken),
        });
        Self { pipelines: pipelines.collect() }
    }
}

impl<'a> PipelineReport<'a> {
    pub(super) fn planned(planned: &'a Planned) -> Self {
        Self {
            key: Some(planned.key()),
            variables: &planned.variables,
            plan: Some(&planned.plan),
            findings: planned.diagnostics.iter().map(JsonFinding::from).collect(),
            ..Self::of(&planned.path)
        }
    }

    fn broken(broken: &'a Broken) -> Self {
        let findings = broken.findings.iter().map(JsonFinding::from).collect();
        Self { findings, error: broken.error.as_deref(), ..Self::of(&broken.path) }
    }

    fn of(path: &Path) -> Self {
        Self {
            file: path.display().to_string(),
            key: None,
            variables: &[],
            plan: None,
            findings: Vec::new(),
            outcome: None,
            revision: None,
            error: None,
        }
    }
}
