//! What a deletion would do.

use async_graphql::{Context, ID, Object, SimpleObject};
use uuid::Uuid;

use super::{crm_step::CrmStep, loaders::NodeId};
use crate::{
    domain::id::parse_id,
    entity::{agent, crm_step, membership},
    graphql::parts::{connection::to_int, context::reads, error::Failure},
    store::{
        self,
        delete::{Referenced, blocking_steps},
        node::Node,
    },
};

/// What deleting something would do, if it were done now.
#[derive(SimpleObject)]
struct DeletionImpact {
    /// The id of what would be deleted.
    subject_id: ID,
    /// Whether it can be deleted. An agent or a membership that steps use cannot.
    is_allowed: bool,
    /// How many steps would be deleted: 1 for a step; for a scenario all of its own, which
    /// deleteCrmScenario wants to hear as expectedStepCount.
    deleted_crm_step_count: i32,
    /// The steps that would lose their timers, because those lead to it; the first 100.
    crm_steps_without_timer: Vec<CrmStep>,
    /// How many steps would lose their timers.
    crm_steps_without_timer_count: i32,
    /// The steps that use the agent or the membership, and so stand in the way; the first 100.
    used_by: Vec<CrmStep>,
    /// How many steps use it.
    used_by_count: i32,
}

impl DeletionImpact {
    /// Of something with which nothing else goes.
    fn of(id: Uuid) -> Self {
        Self {
            subject_id: id.into(),
            is_allowed: true,
            deleted_crm_step_count: 0,
            crm_steps_without_timer: Vec::new(),
            crm_steps_without_timer_count: 0,
            used_by: Vec::new(),
            used_by_count: 0,
        }
    }
}

#[derive(Default)]
pub(super) struct DeletionImpactQuery;

#[Object]
impl DeletionImpactQuery {
    /// What deleting the step, scenario, agent or membership with this id would do; null if there
    /// is none in the organization.
    async fn deletion_impact(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of what you think of deleting.")] id: ID,
    ) -> Option<Result<DeletionImpact, Failure>> {
        match reads(context).one(NodeId(parse_id(&id)?)).await.transpose()? {
            Err(failure) => Some(Err(failure)),
            Ok(node) => impact(context, node).await.transpose(),
        }
    }
}

async fn impact(context: &Context<'_>, node: Node) -> Result<Option<DeletionImpact>, Failure> {
    Ok(Some(match node {
        Node::Change(_) | Node::Organization(_) => return Ok(None),
        Node::Agent(row) => impact_of_usable::<agent::Entity>(context, row.id).await?,
        Node::Membership(row) => impact_of_usable::<membership::Entity>(context, row.id).await?,
        Node::CrmScenario(row) => {
            DeletionImpact { deleted_crm_step_count: row.step_count, ..DeletionImpact::of(row.id) }
        }
        Node::CrmStep(row) => {
            let id = row.id;
            let (steps, count) = reads(context)
                .load_uncached(async move |organization, database| {
                    store::crm_step::losing_timers(organization, &database, id).await
                })
                .await?;
            DeletionImpact {
                deleted_crm_step_count: 1,
                crm_steps_without_timer: as_steps(steps),
                crm_steps_without_timer_count: to_int(count),
                ..DeletionImpact::of(id)
            }
        }
    }))
}

async fn impact_of_usable<E: Referenced>(
    context: &Context<'_>,
    id: Uuid,
) -> Result<DeletionImpact, Failure> {
    let (steps, count) = reads(context)
        .load_uncached(async move |organization, database| {
            blocking_steps(organization, database.read(), E::users(id)).await
        })
        .await?;
    Ok(DeletionImpact {
        is_allowed: count == 0,
        used_by: as_steps(steps),
        used_by_count: to_int(count),
        ..DeletionImpact::of(id)
    })
}

fn as_steps(rows: Vec<crm_step::Model>) -> Vec<CrmStep> {
    rows.into_iter().map(Into::into).collect()
}
