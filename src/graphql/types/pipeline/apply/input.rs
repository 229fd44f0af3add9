//! The input of an apply: a specification.

use async_graphql::{ID, InputObject};

use crate::{
    domain::flow::spec::{PipelineSpec, StepSpec},
    graphql::types::crm_step::CrmStepSpecInput,
};

/// A specification to apply: a scenario with all its steps.
#[derive(InputObject)]
pub(in crate::graphql::types) struct ApplyCrmScenarioInput {
    /// The id of the scenario; null finds it by its key.
    pub(super) id: Option<ID>,
    /// The key of the scenario: small letters (a to z) and digits with single hyphens between them, up
    /// to `KEY_MAX` characters. Without an id, the scenario is the one that has this key, or to which an
    /// export gives it, and is created if there is none. It gets the key stored. With an id, null
    /// keeps its key.
    key: Option<String>,
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// Its purpose, up to `DESCRIPTION_MAX` characters; null clears it.
    description: Option<String>,
    /// Its steps, in the order of their indexes; up to 1,000 unless the operator allows more. A step
    /// is the stored one that has its key, or to which an export gives it; others are created, and
    /// stored ones that are not listed are deleted.
    steps: Vec<CrmStepSpecInput>,
}

impl From<ApplyCrmScenarioInput> for PipelineSpec {
    fn from(input: ApplyCrmScenarioInput) -> Self {
        Self {
            key: input.key,
            name: input.name,
            description: input.description,
            steps: input.steps.into_iter().map(StepSpec::from).collect(),
        }
    }
}
