//! Applying a specification.

mod input;
mod plan;

use async_graphql::{Context, Object, SimpleObject};

pub(in crate::graphql::types) use self::input::ApplyCrmScenarioInput;
use self::plan::CrmScenarioPlan;
use super::diagnostics::{CrmDiagnostic, DiagnosedSteps};
use crate::{
    graphql::{
        Environment,
        parts::{
            context::environment,
            inline::Inline,
            mutation::{MutationReturn, call, payload},
        },
        types::crm_scenario::CrmScenario,
    },
    store::{
        mutation::Outcome,
        pipeline::{self, Applied, ApplyRequest, NotApplied},
    },
};

/// Payload of `applyCrmScenario`.
#[derive(SimpleObject)]
struct ApplyCrmScenarioPayload {
    /// The scenario after the change; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The scenario as it is stored, if expectedRevision is not its revision.
    current_crm_scenario: Option<CrmScenario>,
    /// What the call changes, or with validateOnly what it would change. Null if userErrors is not
    /// empty, but for `EXPECTED_REVISION_REQUIRED`.
    plan: Option<CrmScenarioPlan>,
    /// What is probably a mistake in the pipeline after the change; empty if userErrors is not empty.
    diagnostics: Vec<Inline<CrmDiagnostic>>,
}

#[derive(Default)]
pub(in crate::graphql::types) struct ApplyCrmScenarioMutation;

#[Object]
impl ApplyCrmScenarioMutation {
    /// Makes a scenario and its steps what a specification says: creates, updates, moves and deletes
    /// steps, all or nothing. Steps that the specification has by their keys keep their ids.
    ///
    /// The scenario is found by the id, or else by the key; without one of these a new scenario is
    /// created. Applying the same specification again changes nothing.
    async fn apply_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The specification.")] input: ApplyCrmScenarioInput,
        #[graphql(
            desc = "Rejects the call unless this is the current revision of the scenario; 0 if it does \
                    not exist yet. Required if steps are deleted. A rename of an agent or a membership, \
                    by which a specification may refer to it, changes no revision."
        )]
        expected_revision: Option<i32>,
    ) -> MutationReturn<ApplyCrmScenarioPayload> {
        let Environment { webhook_hosts, max_steps, are_deleted_restorable, .. } =
            environment(context);
        let apply = ApplyRequest {
            id: input.id.clone().map(Into::into),
            spec: input.into(),
            expected_revision,
            hosts: webhook_hosts.clone(),
            max_steps: *max_steps,
            are_deleted_restorable: *are_deleted_restorable,
        };
        let outcome = call(context, |request| pipeline::apply(request, apply)).await;
        Some(outcome.map(|outcome| {
            // A call that only validates shows the plan as well.
            let planned = match &outcome {
                Outcome::Valid(applied) => Some(applied.clone()),
                Outcome::Done { .. } | Outcome::Rejected { .. } => None,
            };
            payload(outcome, |applied, conflict| of(applied, planned, conflict))
        }))
    }
}

fn of(
    applied: Option<Applied>,
    planned: Option<Applied>,
    conflict: Option<NotApplied>,
) -> ApplyCrmScenarioPayload {
    let (current, unconfirmed) = match conflict {
        Some(NotApplied::Stale(current)) => (current, None),
        Some(NotApplied::Unconfirmed(plan)) => (None, Some(plan)),
        None => (None, None),
    };
    let scenario = applied.as_ref().map(|applied| applied.scenario.clone());
    let (plan, diagnostics) =
        applied.or(planned).map(|applied| (applied.plan, applied.diagnostics)).unzip();
    let diagnostics = diagnostics.into_iter().flatten();
    ApplyCrmScenarioPayload {
        crm_scenario: scenario.map(|row| CrmScenario(row.into())),
        current_crm_scenario: current.map(|row| CrmScenario(row.into())),
        plan: plan.or(unconfirmed).map(CrmScenarioPlan::from),
        diagnostics: diagnostics
            .map(|(view, ids)| CrmDiagnostic::new(view.into(), DiagnosedSteps::ById(ids)))
            .collect(),
    }
}
