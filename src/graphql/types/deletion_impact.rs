//! The effects of deletions, before they are done.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{crm_step::CrmStep, loaders::NodeId};
use crate::{
    domain::id::parse_id,
    entity::crm_step,
    graphql::parts::{connection::to_int, context::reads, error::Failure},
    store::{delete::blocking_steps, kit::filter::Filter, node::Node},
};

/// The effects that a deletion would have now.
#[derive(SimpleObject)]
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
    let (id, deleted_crm_step_count, timers, users) = match node {
        Node::Change(_) | Node::Organization(_) => return Ok(None),
        Node::Agent(row) => (row.id, 0, None, Some(Filter::uses_agent(row.id))),
        Node::Membership(row) => (row.id, 0, None, Some(Filter::has_candidate(row.id))),
        Node::CrmScenario(row) => (row.id, row.step_count, None, None),
        Node::CrmStep(row) => {
            let timers = Filter::is_one_of(crm_step::Column::AutoNextStepId, [row.id]);
            (row.id, 1, Some(timers), None)
        }
    };
    let (crm_steps_without_timer, crm_steps_without_timer_count) =
        first_steps(context, timers).await?;
    let (used_by, used_by_count) = first_steps(context, users).await?;
    Ok(Some(DeletionImpact {
        subject_id: id.into(),
        is_allowed: used_by_count == 0,
        deleted_crm_step_count,
        crm_steps_without_timer,
        crm_steps_without_timer_count,
        used_by,
        used_by_count,
    }))
}

/// The first of the steps that match a filter, and how many there are; none without a filter.
async fn first_steps(
    context: &Context<'_>,
    filter: Option<Filter<crm_step::Entity>>,
) -> Result<(Vec<CrmStep>, i32), Failure> {
    let Some(filter) = filter else { return Ok((Vec::new(), 0)) };
    let (steps, count) = reads(context)
        .load_uncached(async move |organization, database| {
            blocking_steps(organization, database.read(), filter).await
        })
        .await?;
    Ok((steps.into_iter().map(Into::into).collect(), to_int(count)))
}
