//! Pipelines as one value.

mod apply;
mod diagnostics;

pub(super) use self::apply::ApplyCrmScenarioMutation;
