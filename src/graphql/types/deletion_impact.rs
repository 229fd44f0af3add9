//! The effects of deletions, before they are done.

use async_graphql::{Context, ID, Object, SimpleObject};
use uuid::Uuid;

use super::{crm_step::CrmStep, loaders::NodeId};
use crate::{
    domain::id::parse_id,
    entity::crm_step,
    graphql::parts::{connection::to_int, context::reads, error::Failure},
    store::{delete::blocking_steps, kit::filter::Filter, node::Node},
};

/// The effects that a deletion would have now.
#[derive(SimpleObject, Default)]
struct DeletionImpact {
    /// The id of the object that would be deleted.
    subject_id: ID,
    /// Whether the object can be deleted. An agent or a membership that steps use cannot.
    is_allowed: bool,
    /// How many steps would be deleted: 1 for a step; for a scenario all of its steps, which is the
    /// expectedStepCount of deleteCrmScenario.
    deleted_crm_step_count: i32,
    /// The first 100 steps whose timers would be cleared, because they lead to the deleted step.
    crm_steps_without_timer: Vec<CrmStep>,
    /// The number of steps whose timers would be cleared.
    crm_steps_without_timer_count: i32,
    /// The first 100 steps that use the agent or the membership, which prevent its deletion.
    used_by: Vec<CrmStep>,
    /// How many steps use the agent or the membership.
    used_by_count: i32,
}

impl DeletionImpact {
    /// That of an object which is deleted alone.
    fn of(id: Uuid) -> Self {
        Self { subject_id: id.into(), is_allowed: true, ..Self::default() }
    }
}

#[derive(Default)]
pub(super) struct DeletionImpactQuery;

#[Object]
impl DeletionImpactQuery {
    /// The effects of deleting the step, scenario, agent or membership with this id; null if there
    /// is none in the organization.
    async fn deletion_impact(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the object to delete.")] id: ID,
    ) -> Option<Result<DeletionImpact, Failure>> {
        match reads(context).one(NodeId(parse_id(&id)?)).await.transpose()? {
            Err(failure) => Some(Err(failure)),
            Ok(node) => impact(context, node).await.transpose(),
        }
    }
}

async fn impact(context: &Context<'_>, node: Node) -> Result<Option<DeletionImpact>, Failure> {
    let (id, users) = match node {
        Node::Change(_) | Node::Organization(_) => return Ok(None),
        Node::Agent(row) => (row.id, Filter::uses_agent(row.id)),
        Node::Membership(row) => (row.id, Filter::has_candidate(row.id)),
        Node::CrmScenario(row) => {
            let deleted_crm_step_count = row.step_count;
            return Ok(Some(DeletionImpact {
                deleted_crm_step_count,
                ..DeletionImpact::of(row.id)
            }));
        }
        Node::CrmStep(row) => {
            let filter = Filter::is_one_of(crm_step::Column::AutoNextStepId, [row.id]);
            let (steps, count) = first_steps(context, filter).await?;
            return Ok(Some(DeletionImpact {
                deleted_crm_step_count: 1,
                crm_steps_without_timer: steps,
                crm_steps_without_timer_count: count,
                ..DeletionImpact::of(row.id)
            }));
        }
    };
    let (used_by, used_by_count) = first_steps(context, users).await?;
    let is_allowed = used_by_count == 0;
    Ok(Some(DeletionImpact { is_allowed, used_by, used_by_count, ..DeletionImpact::of(id) }))
}

/// The first of the steps that match a filter, and how many there are.
async fn first_steps(
    context: &Context<'_>,
    filter: Filter<crm_step::Entity>,
) -> Result<(Vec<CrmStep>, i32), Failure> {
    let (steps, count) = reads(context)
        .load_uncached(async move |organization, database| {
            blocking_steps(organization, database.read(), filter).await
        })
        .await?;
    Ok((steps.into_iter().map(Into::into).collect(), to_int(count)))
}
