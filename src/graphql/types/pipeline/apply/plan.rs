//! Plans.

use async_graphql::{ComplexObject, Context, Enum, SimpleObject};
use uuid::Uuid;

use crate::{
    domain::flow::plan,
    graphql::{
        parts::{connection::to_int, context::reads, error::Failure},
        types::{crm_step::CrmStep, field_change::FieldChange, loaders::CrmStepId},
    },
};

/// What an apply changes, or would change.
#[derive(SimpleObject)]
pub(super) struct CrmScenarioPlan {
    /// Whether it changes nothing.
    is_empty: bool,
    /// The revision of the scenario against which it was planned; 0 if the scenario did not exist. Send
    /// it as expectedRevision so that this plan is carried out or none.
    revision: i32,
    /// What happens to the fields of the scenario itself: CREATE, UPDATE or UNCHANGED.
    action: PlanAction,
    /// The fields of the scenario itself that change.
    fields: Vec<FieldChange>,
    /// All steps: those of the specification by their new index, then those that are deleted by their
    /// present one.
    steps: Vec<CrmStepPlan>,
    /// The number of steps that are created.
    created: i32,
    /// The number of steps whose fields change.
    updated: i32,
    /// The number of steps that are moved, of which some may be updated as well.
    moved: i32,
    /// The number of steps that are deleted.
    deleted: i32,
    /// The number of steps that are neither updated nor moved.
    unchanged: i32,
}

/// What happens to a step.
#[derive(SimpleObject)]
#[graphql(complex)]
struct CrmStepPlan {
    /// What happens to its fields.
    action: PlanAction,
    /// Whether it is moved: of all sets of steps whose moves explain the new order, this is the
    /// smallest one. Steps whose index changes only because of others are not moved.
    is_moved: bool,
    /// Its key.
    key: String,
    /// Its name.
    name: String,
    /// Its present index; null if it is created.
    index_before: Option<i32>,
    /// Its new index; null if it is deleted.
    index_after: Option<i32>,
    /// The fields that change; all fields of a step that is created or deleted.
    fields: Vec<FieldChange>,
    #[graphql(skip)]
    step_id: Uuid,
}

#[ComplexObject]
impl CrmStepPlan {
    /// The step; null if it is not stored: it is created later, or was deleted.
    async fn crm_step(&self, context: &Context<'_>) -> Option<Result<CrmStep, Failure>> {
        let found = reads(context).one(CrmStepId(self.step_id)).await.transpose()?;
        Some(found.map(CrmStep::from))
    }
}

/// What happens to something.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "plan::PlanAction")]
enum PlanAction {
    /// It is created.
    Create,
    /// Some of its fields change.
    Update,
    /// It is deleted.
    Delete,
    /// None of its fields changes.
    Unchanged,
}

impl From<plan::CrmScenarioPlan> for CrmScenarioPlan {
    fn from(plan: plan::CrmScenarioPlan) -> Self {
        let plan::PlanCounts { created, updated, moved, deleted, unchanged } = plan.counts();
        Self {
            is_empty: plan.is_empty(),
            revision: plan.revision,
            action: plan.action.into(),
            fields: plan.fields.into_iter().map(FieldChange::from).collect(),
            steps: plan.steps.into_iter().map(CrmStepPlan::from).collect(),
            created: to_int(created),
            updated: to_int(updated),
            moved: to_int(moved),
            deleted: to_int(deleted),
            unchanged: to_int(unchanged),
        }
    }
}

impl From<plan::CrmStepPlan> for CrmStepPlan {
    fn from(step: plan::CrmStepPlan) -> Self {
        Self {
            action: step.action.into(),
            is_moved: step.is_moved,
            key: step.key,
            name: step.name,
            index_before: step.index_before.map(to_int),
            index_after: step.index_after.map(to_int),
            fields: step.fields.into_iter().map(FieldChange::from).collect(),
            step_id: step.step_id,
        }
    }
}
