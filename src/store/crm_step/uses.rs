//! How many steps use an agent or a membership.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryResult,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Asterisk, Expr, ExprTrait as _, Query, UnionType},
};
use uuid::Uuid;

use crate::{
    domain::id::OrganizationId,
    entity::{crm_step, crm_step_assignee},
    store::kit::tenant::{self, padded},
};

/// The number of steps that refer to each of these agents, in one field or several.
pub async fn uses_of_agents(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    agents: &[Uuid],
) -> Result<HashMap<Uuid, u64>, DbErr> {
    use crm_step::Column;
    const AGENT: &str = "agent";
    let used_in = |column: Column| {
        tenant::of::<crm_step::Entity>(organization)
            .select_only()
            .column_as(column, AGENT)
            .column(Column::Id)
            .filter(column.is_in(padded(agents.iter().copied())))
            .into_query()
    };
    let mut uses = used_in(Column::AgentId);
    for column in [Column::ZapiAgentId, Column::WhatsappTemplateAgentId] {
        uses.union(UnionType::Distinct, used_in(column));
    }
    let count = Query::select()
        .column(AGENT)
        .expr(Expr::col(Asterisk).count())
        .from_subquery(uses, "uses")
        .group_by_col(AGENT)
        .to_owned();
    let rows = connection.query_all(&count).await?;
    Ok(counted(rows.iter().map(QueryResult::try_get_many_by_index).collect::<Result<_, _>>()?))
}

/// The number of steps that have each of these memberships as a candidate.
pub async fn uses_of_memberships(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    memberships: &[Uuid],
) -> Result<HashMap<Uuid, u64>, DbErr> {
    use crm_step_assignee::{Column, Entity};
    let counts = Entity::find()
        .select_only()
        .column(Column::MembershipId)
        .column_as(Column::StepId.count(), "count")
        .filter(Column::OrganizationId.eq(organization.0))
        .filter(Column::MembershipId.is_in(padded(memberships.iter().copied())))
        .group_by(Column::MembershipId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counted(counts))
}

fn counted(counts: Vec<(Uuid, i64)>) -> HashMap<Uuid, u64> {
    counts.into_iter().map(|(id, count)| (id, count.unsigned_abs())).collect()
}
