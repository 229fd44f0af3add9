//! Changing steps.

use std::{iter, sync::Arc};

use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, OneofObject, SimpleObject,
    indexmap::IndexSet,
};
use uuid::Uuid;

use super::{
    CrmStep,
    input::{CreateCrmStepInput, UpdateCrmStepInput},
    scenario::ScenarioOfSteps,
};
use crate::{
    domain::{
        self,
        crm_step::{Batch, BatchStep, CrmStepInput, Placement},
        id::parse_id,
    },
    graphql::{
        Environment,
        parts::{
            connection::{ListEdge, edge},
            context::{environment, reads},
            inline::Inline,
            mutation::{MutationReturn, call, payload, run_mutation},
            user_error::UserError,
        },
        types::{
            crm_scenario::CrmScenario,
            loaders::{AgentId, CrmScenarioId},
            pipeline::StepDiagnostics,
        },
    },
    store::{
        self,
        crm_step::{Created, CreatedSteps, NewSteps, in_scenario},
    },
};

/// A position in a scenario: exactly one of these. There is no index: use before or after with the
/// id of the step there.
#[derive(OneofObject)]
pub(super) enum CrmStepPlacement {
    /// True: before all other steps. False is rejected.
    First(bool),
    /// True: after all other steps. False is rejected.
    Last(bool),
    /// Directly before the step with this id, of the same scenario.
    Before(ID),
    /// Directly after the step with this id, of the same scenario.
    After(ID),
}

impl From<CrmStepPlacement> for Placement {
    fn from(placement: CrmStepPlacement) -> Self {
        match placement {
            CrmStepPlacement::First(is_wanted) => Self::First(is_wanted),
            CrmStepPlacement::Last(is_wanted) => Self::Last(is_wanted),
            CrmStepPlacement::Before(id) => Self::Before(id.0),
            CrmStepPlacement::After(id) => Self::After(id.0),
        }
    }
}

/// A step to create together with others.
#[derive(InputObject)]
struct CreateCrmStepsInput {
    /// A name for this step, up to `NAME_MAX` characters, by which timers of the same call can refer to
    /// it. It is not stored.
    r#ref: Option<String>,
    /// The ref of the step in the same call to move on to after autoNextTime, instead of an
    /// autoNextStepId. That step may come later in inputs.
    auto_next_step_ref: Option<String>,
    #[graphql(flatten)]
    step: CreateCrmStepInput,
}

/// What happens to the valid steps of a call when others violate rules.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "domain::crm_step::BatchMode")]
enum BatchMode {
    /// No step is created.
    #[default]
    Atomic,
    /// The valid steps are created. A step whose timer leads to a step that is not created violates
    /// a rule.
    SkipInvalid,
}

/// Payload of `createCrmStep`.
#[derive(SimpleObject)]
#[graphql(complex)]
struct CreateCrmStepPayload {
    /// The new step; null if userErrors is not empty or validateOnly is true.
    crm_step: Option<Inline<CrmStep>>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
    #[graphql(flatten)]
    diagnostics: StepDiagnostics,
}

#[ComplexObject]
impl CreateCrmStepPayload {
    /// The new step as an element of its scenario's steps, for clients that cache lists.
    async fn crm_step_edge(&self) -> Option<ListEdge<CrmStep>> {
        self.crm_step.as_ref().map(|step| step_edge(&step.object))
    }
}

/// Payload of `createCrmSteps`.
#[derive(SimpleObject)]
#[graphql(complex)]
struct CreateCrmStepsPayload {
    /// The new steps in the order of inputs, with null for those that were skipped; null when none
    /// was created, or when validateOnly is true.
    crm_steps: Option<Vec<Option<CrmStep>>>,
    /// The new steps as elements of their scenarios' steps, for clients that cache lists. Null as
    /// in crmSteps.
    crm_step_edges: Option<Vec<Option<ListEdge<CrmStep>>>>,
    #[graphql(flatten)]
    diagnostics: StepDiagnostics,
    /// The scenarios that inputs name.
    #[graphql(skip)]
    scenarios: IndexSet<Uuid>,
}

#[ComplexObject]
impl CreateCrmStepsPayload {
    /// The scenarios of inputs as they are now, each once, in the order of inputs, for clients that
    /// cache them; also if userErrors is not empty or validateOnly is true. Those that do not exist
    /// are left out. Empty with an error if they cannot be read.
    async fn crm_scenarios(&self, context: &Context<'_>) -> Vec<CrmScenario> {
        let found = reads(context).many(self.scenarios.iter().map(|id| CrmScenarioId(*id))).await;
        let found = found.unwrap_or_else(|failure| {
            // An error of this field would remove what is committed from the response.
            let error = async_graphql::Error::from(failure).into_server_error(context.item.pos);
            context.add_error(context.set_error_path(error));
            Vec::new()
        });
        found.into_iter().map(CrmScenario).collect()
    }
}

/// Payload of `updateCrmStep`.
#[derive(SimpleObject)]
struct UpdateCrmStepPayload {
    /// The step after the change; null if userErrors is not empty or validateOnly is true.
    crm_step: Option<CrmStep>,
    /// The step as it is stored, if expectedVersion is not its version.
    current_crm_step: Option<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
    #[graphql(flatten)]
    diagnostics: StepDiagnostics,
}

/// Payload of `moveCrmStep`.
#[derive(SimpleObject)]
struct MoveCrmStepPayload {
    /// The step at its new position; null if userErrors is not empty or validateOnly is true.
    crm_step: Option<CrmStep>,
    /// The step as an element of its scenario's steps, for clients that cache lists.
    crm_step_edge: Option<ListEdge<CrmStep>>,
    /// The step as it is stored, if expectedVersion is not its version or expectedRevision not the
    /// revision of its scenario.
    current_crm_step: Option<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
}

/// Payload of `deleteCrmStep`.
#[derive(SimpleObject)]
struct DeleteCrmStepPayload {
    /// The id of the step that was deleted; null if userErrors is not empty or validateOnly is
    /// true.
    deleted_crm_step_id: Option<ID>,
    /// The steps whose timers led to the deleted step and were cleared, ordered by index. If
    /// validateOnly is true, those whose timers would be cleared, as they are stored.
    crm_steps_without_timer: Vec<CrmStep>,
    /// The step as it is stored, if expectedVersion is not its version.
    current_crm_step: Option<CrmStep>,
    #[graphql(flatten)]
    scenario: ScenarioOfSteps,
}

#[derive(Default)]
pub(in crate::graphql) struct CrmStepMutation;

#[Object]
impl CrmStepMutation {
    /// Creates a step.
    async fn create_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step.")] input: CreateCrmStepInput,
        #[graphql(desc = "Position in its scenario; default last.")] to: Option<CrmStepPlacement>,
        #[graphql(
            desc = "Rejects the call unless this is the current revision of the scenario; null \
                    accepts any. A rename of an agent or a membership changes no revision."
        )]
        expected_revision: Option<i32>,
    ) -> MutationReturn<CreateCrmStepPayload> {
        let Environment { webhook_hosts, max_steps, commit_queue, .. } = environment(context);
        let input = CrmStepInput::from(input);
        let scenario = ScenarioOfSteps::new(parse_id(&input.scenario_id), []);
        let steps = NewSteps {
            batch: Batch::single(input),
            mode: domain::crm_step::BatchMode::Atomic,
            to: to.map(Placement::from).unwrap_or_default(),
            hosts: webhook_hosts.clone(),
            max_steps: *max_steps,
            expected_revision,
        };
        let work = |request| store::crm_step::create(request, commit_queue, steps);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let diagnostics = StepDiagnostics::new(&outcome, CreatedSteps::steps);
            payload(outcome, |created, _| {
                let step = created.and_then(|created| created.rows.into_iter().next().flatten());
                let crm_step = step.map(|Created { row, scenario, agents }| {
                    let reads = reads(context);
                    reads.prime(scenario.map(|row| (CrmScenarioId(row.id), row.into())));
                    reads.prime(agents.into_iter().map(|row| (AgentId(row.id), row.into())));
                    CrmStep::from(row).into()
                });
                CreateCrmStepPayload { crm_step, scenario, diagnostics }
            })
        }))
    }

    /// Creates many steps at once, each at the end of its scenario, in the order of inputs. Their
    /// timers may lead to each other.
    async fn create_crm_steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The steps, up to `BATCH_MAX`.")] inputs: Vec<CreateCrmStepsInput>,
        #[graphql(desc = "What happens to the valid steps when others violate rules.", default)]
        mode: BatchMode,
    ) -> MutationReturn<CreateCrmStepsPayload> {
        let Environment { webhook_hosts, max_steps, commit_queue, .. } = environment(context);
        let steps = inputs.into_iter().map(|input| BatchStep {
            reference: input.r#ref,
            auto_next_step_ref: input.auto_next_step_ref,
            input: input.step.into(),
        });
        let batch = Batch::new(steps.collect());
        let scenarios = batch.inputs().filter_map(|input| parse_id(&input.scenario_id)).collect();
        let steps = NewSteps {
            batch,
            mode: mode.into(),
            to: Placement::default(),
            hosts: webhook_hosts.clone(),
            max_steps: *max_steps,
            expected_revision: None,
        };
        let work = |request| store::crm_step::create(request, commit_queue, steps);
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let skipped = outcome.value().map(|batch| batch.skipped.clone()).unwrap_or_default();
            let diagnostics = StepDiagnostics::new(&outcome, CreatedSteps::steps);
            let mut payload = payload(outcome, |batch, _| {
                let steps = batch.map(|batch| -> Vec<Option<CrmStep>> {
                    let rows = batch.rows.into_iter();
                    rows.map(|created| created.map(|created| created.row.into())).collect()
                });
                let edges = |steps: &Vec<Option<CrmStep>>| {
                    steps.iter().map(|step| step.as_ref().map(step_edge)).collect()
                };
                CreateCrmStepsPayload {
                    crm_step_edges: steps.as_ref().map(edges),
                    crm_steps: steps,
                    diagnostics,
                    scenarios,
                }
            });
            payload.result.user_errors.extend(skipped.into_iter().map(UserError::from));
            payload
        }))
    }

    /// Changes a step. The rules of the changed fields are checked on the result.
    async fn update_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateCrmStepInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<UpdateCrmStepPayload> {
        let hosts = environment(context).webhook_hosts.clone();
        let patch = move |step: &mut _| input.apply(step);
        let scenario = ScenarioOfSteps::new(None, [id.as_str()]);
        let work = |request| {
            store::crm_step::update(request, parse_id(&id), expected_version, hosts, patch)
        };
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let diagnostics = StepDiagnostics::new(&outcome, iter::once);
            payload(outcome, |row, current| UpdateCrmStepPayload {
                crm_step: row.map(Into::into),
                current_crm_step: current.map(Into::into),
                scenario,
                diagnostics,
            })
        }))
    }

    /// Moves a step to another position in its scenario. That changes the revision of the scenario, not
    /// the version of the step.
    async fn move_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
        #[graphql(desc = "The new position.")] to: CrmStepPlacement,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
        #[graphql(
            desc = "Rejects the call unless this is the current revision of the scenario; null \
                    accepts any. A rename of an agent or a membership changes no revision."
        )]
        expected_revision: Option<i32>,
    ) -> MutationReturn<MoveCrmStepPayload> {
        let scenario = ScenarioOfSteps::new(None, [id.as_str()]);
        let expected = (expected_version, expected_revision);
        let work = |request| store::crm_step::relocate(request, parse_id(&id), to.into(), expected);
        run_mutation(context, work, |row, current| {
            let step = row.map(CrmStep::from);
            MoveCrmStepPayload {
                crm_step_edge: step.as_ref().map(step_edge),
                crm_step: step,
                current_crm_step: current.map(Into::into),
                scenario,
            }
        })
        .await
    }

    /// Deletes a step. The steps after it move up, and timers that led to it are cleared. `restoreCrmStep`
    /// undoes it.
    async fn delete_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<DeleteCrmStepPayload> {
        let is_restorable = environment(context).are_deleted_restorable;
        let work = |request| {
            store::crm_step::delete(request, parse_id(&id), expected_version, is_restorable)
        };
        let outcome = call(context, work).await;
        Some(outcome.map(|outcome| {
            let with_timer = outcome.if_valid().map(|deleted| deleted.with_timer.clone());
            payload(outcome, |deleted, current| {
                let scenario_id = deleted.as_ref().map(|deleted| deleted.scenario.id);
                let (id_of_deleted, without_timer) =
                    deleted.map(|deleted| (deleted.id, deleted.without_timer)).unzip();
                let without_timer = without_timer.or(with_timer).into_iter().flatten();
                DeleteCrmStepPayload {
                    deleted_crm_step_id: id_of_deleted.map(Into::into),
                    crm_steps_without_timer: without_timer.map(Into::into).collect(),
                    current_crm_step: current.map(Into::into),
                    scenario: ScenarioOfSteps::new(scenario_id, [id.as_str()]),
                }
            })
        }))
    }
}

pub(super) fn step_edge(step: &CrmStep) -> ListEdge<CrmStep> {
    edge(Arc::clone(&step.row), &in_scenario(), |_row| step.clone())
}
