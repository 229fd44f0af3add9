//! Scenarios: pipelines of steps.

mod restore;

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

pub(super) use self::restore::RestoreCrmScenarioMutation;
use super::{
    crm_step::{CrmStep, Selected},
    history::{History, history},
    loaders::{CrmScenarioId, StepsOf},
    pipeline::{CrmDiagnostic, CrmDiagnosticCounts, CrmFlow, CrmScenarioSpec, pipeline},
};
use crate::{
    domain::{crm_scenario::NewCrmScenario, id::parse_id, rules::STEPS_PAGE_MAX},
    entity::{crm_scenario, crm_step},
    graphql::parts::{
        arguments::Arguments,
        connection::{List, ListEdge, Total, connection, created, edge, list, page_query},
        context::{environment, long_text, reads},
        error::Failure,
        filter::{ListOrder, Tests, filter_input},
        inline::Inline,
        mutation::{MutationReturn, run_mutation},
        patch::patch_required,
        scalars::DateTime,
    },
    store::{
        self,
        history::HistoryScope,
        kit::{
            columns::Columns,
            page::{Order, PageQuery},
        },
        resource,
    },
};

pub(super) struct CrmScenario(pub(crate) Arc<crm_scenario::Model>);

/// A scenario: a pipeline, which is an ordered list of steps that conversations go through.
#[Object]
impl CrmScenario {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its purpose; null if it was not given.
    async fn description(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.0.description.as_deref())
    }

    /// Its key, by which files find it again after it was renamed; null if it was not given.
    async fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// Its revision: 1 when it is created, and higher after each change of it or of its steps, moves
    /// included; changes of agents and memberships, like their names, do not count. Send it as
    /// expectedRevision so that a change based on an older one is rejected.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When one of its steps was last changed, created, moved or deleted; null if it never had one.
    async fn steps_updated_at(&self) -> Option<DateTime> {
        self.0.steps_updated_at.map(Into::into)
    }

    /// The number of its steps.
    async fn step_count(&self) -> i32 {
        self.0.step_count
    }

    /// How many diagnostics of each severity it has. They are computed once for each revision, so
    /// that an overview of many scenarios is cheap.
    async fn diagnostic_counts(
        &self,
        context: &Context<'_>,
    ) -> Result<CrmDiagnosticCounts, Failure> {
        CrmDiagnosticCounts::of(context, &self.0).await
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.0.organization_id.into()
    }

    /// Its steps, ordered by index. A cursor keeps its place when steps are added, moved or deleted,
    /// also when its own step is. After thousands of steps were put at one place the steps are
    /// renumbered, and earlier cursors are rejected with `BAD_USER_INPUT`; read from the start then.
    async fn steps(&self, context: &Context<'_>) -> Result<List<CrmStep>, Failure> {
        let (order, page) = steps_query(context)?;
        let id = self.0.id;
        let selected = Selected::of(context);
        let columns = selected.columns();
        let reads = reads(context).clone();
        // Before they are read, so that fewer rows are in memory at a time.
        let step_count = u64::try_from(self.0.step_count).unwrap_or_default();
        let count = step_count.min(page.limit.rows());
        reads.count_elements(usize::try_from(count).unwrap_or(usize::MAX))?;
        let steps = reads.one(StepsOf { scenario_id: id, page, columns }).await?;
        let renumbered = || {
            let message = "The steps of the scenario were renumbered after the cursor was made; read \
                           them from the start.";
            Failure::BadInput(message.to_owned())
        };
        let steps = steps.ok_or_else(renumbered)?;
        // As the scenario is now, as its steps are; this row may be an older outcome.
        let total = Total::new(async move {
            let scenario = reads.one(CrmScenarioId(id)).await?;
            Ok(scenario.and_then(|row| u64::try_from(row.step_count).ok()).unwrap_or(0))
        });
        let found = connection(steps, total, |row| edge(row, &order, CrmStep::from));
        selected.load_ahead(context, &found).await;
        Ok(found)
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed; changes of its steps do not count.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Its version: 1 when it is created, and one more after each change. Send it as
    /// expectedVersion so that a change based on an older version is rejected.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What is allowed in it and probably a mistake, ordered by severity, first step and code; empty
    /// if nothing is.
    async fn diagnostics(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Inline<CrmDiagnostic>>, Failure> {
        let diagnostics = pipeline(context, &self.0).await?.diagnostics();
        reads(context).count_elements(diagnostics.len())?;
        Ok(diagnostics)
    }

    /// How conversations move between its steps: edges, and pictures.
    async fn flow(&self, context: &Context<'_>) -> Result<CrmFlow, Failure> {
        pipeline(context, &self.0).await.map(CrmFlow)
    }

    /// It and its steps as one value, for files.
    async fn spec(&self, context: &Context<'_>) -> Result<CrmScenarioSpec, Failure> {
        let pipeline = pipeline(context, &self.0).await?;
        CrmScenarioSpec::of(context, pipeline).await
    }

    /// The changes of it and of its steps, deleted ones included.
    async fn history(&self, context: &Context<'_>) -> Result<History, Failure> {
        history(context, HistoryScope::Scenario, self.0.id).await
    }
}

/// The order of the steps of a scenario, and the page that the arguments of the list select.
pub(super) fn steps_query(
    arguments: &impl Arguments,
) -> Result<(Order<crm_step::Entity>, PageQuery), Failure> {
    let order = store::crm_step::in_scenario();
    let page = page_query(arguments, &order, STEPS_PAGE_MAX)?;
    Ok((order, page))
}

filter_input! {
    /// Which scenarios to list. All tests that are given have to hold.
    CrmScenarioFilter of crm_scenario::Entity {}
}

#[derive(Default)]
pub(super) struct CrmScenarioQuery;

#[Object]
impl CrmScenarioQuery {
    /// The scenario with this id; null if there is none in the organization.
    async fn crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
    ) -> Option<Result<CrmScenario, Failure>> {
        let scenario = reads(context).one(CrmScenarioId(parse_id(&id)?)).await.transpose()?;
        Some(scenario.map(CrmScenario))
    }

    /// The organization's scenarios.
    async fn crm_scenarios(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that match; default all.")] filter: Option<CrmScenarioFilter>,
        #[graphql(desc = "Up to 5 sort fields, then the id; the default is oldest first.")]
        order_by: Option<Vec<ListOrder>>,
    ) -> Result<List<CrmScenario>, Failure> {
        list(context, filter, order_by, Columns::ALL, CrmScenario).await
    }
}

/// A scenario to create.
#[derive(InputObject)]
struct CreateCrmScenarioInput {
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// Its purpose, up to `DESCRIPTION_MAX` characters.
    description: Option<String>,
    /// Its key, by which files find it again after it was renamed: small letters (a to z) and digits
    /// with single hyphens between them, up to `KEY_MAX` characters. No other scenario has it.
    key: Option<String>,
}

/// Changes of a scenario. Omitted fields keep their values.
#[derive(InputObject)]
struct UpdateCrmScenarioInput {
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed. It cannot be
    /// cleared: null is rejected as BLANK.
    name: MaybeUndefined<String>,
    /// Its purpose, up to `DESCRIPTION_MAX` characters. Null clears it.
    description: MaybeUndefined<String>,
    /// Its key, by which files find it again after it was renamed: small letters (a to z) and digits
    /// with single hyphens between them, up to `KEY_MAX` characters. No other scenario has it. Null clears
    /// it.
    key: MaybeUndefined<String>,
}

/// Payload of `createCrmScenario`.
#[derive(SimpleObject)]
struct CreateCrmScenarioPayload {
    /// The new scenario; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The new scenario as an element of crmScenarios, oldest first, for clients that cache lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
}

/// Payload of `updateCrmScenario`.
#[derive(SimpleObject)]
struct UpdateCrmScenarioPayload {
    /// The scenario after the change; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The scenario as it is stored, if expectedVersion is not its version.
    current_crm_scenario: Option<CrmScenario>,
}

/// Payload of `deleteCrmScenario`.
#[derive(SimpleObject)]
struct DeleteCrmScenarioPayload {
    /// The id of the scenario that was deleted; null if userErrors is not empty or validateOnly is
    /// true.
    deleted_crm_scenario_id: Option<ID>,
    /// The ids of its steps, which were deleted with it, ordered by index; null if
    /// deletedCrmScenarioId is null.
    deleted_crm_step_ids: Option<Vec<ID>>,
    /// The scenario as it is stored, if its number of steps is not expectedStepCount or its version
    /// is not expectedVersion.
    current_crm_scenario: Option<CrmScenario>,
}

/// Payload of `duplicateCrmScenario`.
#[derive(SimpleObject)]
struct DuplicateCrmScenarioPayload {
    /// The copy; null if userErrors is not empty or validateOnly is true.
    crm_scenario: Option<CrmScenario>,
    /// The copy as an element of crmScenarios, oldest first, for clients that cache lists.
    crm_scenario_edge: Option<ListEdge<CrmScenario>>,
}

#[derive(Default)]
pub(super) struct CrmScenarioMutation;

#[Object]
impl CrmScenarioMutation {
    /// Creates a scenario.
    async fn create_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario.")] input: CreateCrmScenarioInput,
    ) -> MutationReturn<CreateCrmScenarioPayload> {
        let input =
            NewCrmScenario { name: input.name, description: input.description, key: input.key };
        let work = |request| resource::create::<crm_scenario::Entity>(request, input);
        run_mutation(context, work, |row, _| {
            let (crm_scenario, crm_scenario_edge) =
                created::<crm_scenario::Entity, _>(row, CrmScenario);
            CreateCrmScenarioPayload { crm_scenario, crm_scenario_edge }
        })
        .await
    }

    /// Changes a scenario.
    async fn update_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "The changes.")] input: UpdateCrmScenarioInput,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<UpdateCrmScenarioPayload> {
        let id = parse_id(&id);
        let patch = move |scenario: &mut NewCrmScenario| {
            patch_required(&mut scenario.name, input.name);
            input.description.update_to(&mut scenario.description);
            input.key.update_to(&mut scenario.key);
        };
        let work = |request| {
            resource::update::<crm_scenario::Entity>(request, id, expected_version, patch)
        };
        run_mutation(context, work, |row, current| UpdateCrmScenarioPayload {
            crm_scenario: row.map(|row| CrmScenario(row.into())),
            current_crm_scenario: current.map(|row| CrmScenario(row.into())),
        })
        .await
    }

    /// Deletes a scenario with all its steps. `restoreCrmScenario` undoes it.
    async fn delete_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "Rejects the call unless the scenario has this many steps.")]
        expected_step_count: i32,
        #[graphql(desc = "Rejects the call unless this is the current version; null accepts any.")]
        expected_version: Option<i32>,
    ) -> MutationReturn<DeleteCrmScenarioPayload> {
        let id = parse_id(&id);
        let is_restorable = environment(context).are_deleted_restorable;
        let work = |request| {
            store::crm_scenario::delete(
                request,
                id,
                expected_step_count,
                expected_version,
                is_restorable,
            )
        };
        run_mutation(context, work, |deleted, current| {
            let (id, step_ids) = deleted.map(|deleted| (deleted.id, deleted.step_ids)).unzip();
            DeleteCrmScenarioPayload {
                deleted_crm_scenario_id: id.map(Into::into),
                deleted_crm_step_ids: step_ids.map(|ids| ids.into_iter().map(Into::into).collect()),
                current_crm_scenario: current.map(|row| CrmScenario(row.into())),
            }
        })
        .await
    }

    /// Copies a scenario with all its steps; timers that lead to a step lead to its copy. The copies of
    /// the steps keep their keys, and that of the scenario has none.
    async fn duplicate_crm_scenario(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The scenario's id.")] id: ID,
        #[graphql(desc = "The name of the copy; default that of the original, marked as a copy.")]
        name: Option<String>,
    ) -> MutationReturn<DuplicateCrmScenarioPayload> {
        let id = parse_id(&id);
        let max_steps = environment(context).max_steps;
        let work = |request| store::crm_scenario::duplicate(request, id, name, max_steps);
        run_mutation(context, work, |row, _| {
            let (crm_scenario, crm_scenario_edge) =
                created::<crm_scenario::Entity, _>(row, CrmScenario);
            DuplicateCrmScenarioPayload { crm_scenario, crm_scenario_edge }
        })
        .await
    }
}
