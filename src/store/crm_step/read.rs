//! Reading steps.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::row::CrmStepRow;
use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{crm_scenario, crm_step, crm_step_assignee},
    store::kit::{
        columns::Columns,
        page::{Order, OrderKey, OrderValue, Page, PageQuery, read_pages},
        tenant,
    },
};

/// The order of the steps of a scenario: by rank, which is the order of the indexes but does not
/// change when other steps are added, moved or deleted.
pub fn in_scenario() -> Order<crm_step::Entity> {
    use crm_step::Column;
    let suffix = OrderKey::by(Column::RankSuffix).or(OrderValue::Text(String::new()));
    let generation = OrderKey::by(Column::RankGeneration).same().or(OrderValue::Number(0));
    Order::new(vec![OrderKey::by(Column::Rank), suffix], generation)
}

/// The same page of the steps of several scenarios, by the scenarios' ids. A page is missing if one of
/// its positions is of another generation than the ranks of the scenario.
pub async fn pages(
    organization: OrganizationId,
    db: &Database,
    scenarios: &[Uuid],
    page: &PageQuery,
    columns: Columns,
) -> Result<HashMap<Uuid, Page<crm_step::Model>>, DbErr> {
    let select = tenant::of::<crm_step::Entity>(organization);
    let by_scenario = crm_step::Column::ScenarioId;
    let mut pages =
        read_pages(db.read(), select, columns, by_scenario, scenarios, &in_scenario(), page)
            .await?;
    let positions: Vec<_> = page.after.iter().chain(&page.before).collect();
    let empty = pages.iter().filter(|(_, page)| page.rows.is_empty()).map(|(id, _)| *id);
    let empty: Vec<Uuid> = empty.collect();
    if !positions.is_empty() && !empty.is_empty() {
        // Read after the pages: a generation that is read before could be out of date.
        let found = tenant::find::<crm_scenario::Entity>(organization, db.read(), &empty).await?;
        for scenario in found.into_values() {
            let generation = OrderValue::Number(scenario.rank_generation.into());
            if positions.iter().any(|position| position.last() != Some(&generation)) {
                pages.remove(&scenario.id);
            }
        }
    }
    Ok(pages)
}

/// The existing steps at these positions, each a scenario and an index.
pub async fn find_at(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    positions: &[(Uuid, i32)],
) -> Result<HashMap<(Uuid, i32), crm_step::Model>, DbErr> {
    const WANTED: &str = "wanted";
    let column = |column: crm_step::Column| Expr::col((crm_step::Entity, column));
    // Both databases name the columns of a list of values like this.
    let wanted = |column: &'static str| Expr::col((WANTED, column));
    let mut select = tenant::of::<crm_step::Entity>(organization).into_query();
    select
        .from_values(positions.iter().copied(), WANTED)
        .and_where(column(crm_step::Column::ScenarioId).eq(wanted("column1")))
        .and_where(column(crm_step::Column::Index).eq(wanted("column2")));
    let rows = connection.query_all(&select).await?;
    let steps = rows.iter().map(|row| crm_step::Model::from_query_result(row, ""));
    steps.map(|step| step.map(|step| ((step.scenario_id, step.index), step))).collect()
}

/// The timers of each of these scenarios: by the id of each step to which some lead, the ids of the
/// steps that have them, ordered by index. A timer without a target leads to the following step.
pub async fn timers(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    scenarios: &[Uuid],
) -> Result<HashMap<Uuid, HashMap<Uuid, Vec<Uuid>>>, DbErr> {
    use crm_step::Column;
    let steps: Vec<(Uuid, Uuid, Option<i32>, Option<Uuid>)> =
        tenant::of::<crm_step::Entity>(organization)
            .select_only()
            .columns([Column::ScenarioId, Column::Id, Column::AutoNextTime, Column::AutoNextStepId])
            .filter(Column::ScenarioId.is_in(tenant::padded(scenarios.iter().copied())))
            .order_by_asc(Column::ScenarioId)
            .order_by_asc(Column::Index)
            .into_tuple()
            .all(connection)
            .await?;
    let mut timers: HashMap<Uuid, HashMap<Uuid, Vec<Uuid>>> = HashMap::new();
    for steps in steps.chunk_by(|(scenario, ..), (other, ..)| scenario == other) {
        let following = steps.iter().skip(1).map(|(_, id, ..)| Some(*id)).chain([None]);
        for ((scenario, id, time, target), following) in steps.iter().zip(following) {
            if time.is_some()
                && let Some(target) = target.or(following)
            {
                timers.entry(*scenario).or_default().entry(target).or_default().push(*id);
            }
        }
    }
    Ok(timers)
}

/// The candidates of each of these steps, in their order.
pub async fn candidates(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    steps: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    if steps.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = crm_step_assignee::Entity::find()
        .filter(crm_step_assignee::Column::OrganizationId.eq(organization.0))
        .filter(crm_step_assignee::Column::StepId.is_in(steps.iter().copied()))
        .order_by_asc(crm_step_assignee::Column::Position)
        .all(connection)
        .await?;
    let mut candidates: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in rows {
        candidates.entry(row.step_id).or_default().push(row.membership_id);
    }
    Ok(candidates)
}

pub(super) async fn with_candidates(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    steps: Vec<crm_step::Model>,
) -> Result<Vec<CrmStepRow>, DbErr> {
    let with_any: Vec<Uuid> =
        steps.iter().filter(|step| step.assignee_count > Some(0)).map(|step| step.id).collect();
    let mut candidates = candidates(organization, connection, &with_any).await?;
    let with_candidates = |step: crm_step::Model| CrmStepRow {
        membership_ids: candidates.remove(&step.id).unwrap_or_default(),
        step,
    };
    Ok(steps.into_iter().map(with_candidates).collect())
}

/// All steps of a scenario, in their order.
pub(in crate::store) async fn of_scenario(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    scenario: Uuid,
) -> Result<Vec<CrmStepRow>, DbErr> {
    let steps = tenant::of::<crm_step::Entity>(organization)
        .filter(crm_step::Column::ScenarioId.eq(scenario))
        .order_by_asc(crm_step::Column::Index)
        .all(connection)
        .await?;
    with_candidates(organization, connection, steps).await
}

/// All steps of each of these scenarios, in their order. Scenarios without steps are left out.
pub(in crate::store) async fn of_scenarios(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    scenarios: &[Uuid],
) -> Result<HashMap<Uuid, Vec<CrmStepRow>>, DbErr> {
    let steps = tenant::of::<crm_step::Entity>(organization)
        .filter(crm_step::Column::ScenarioId.is_in(tenant::padded(scenarios.iter().copied())))
        .order_by_asc(crm_step::Column::Index)
        .all(connection)
        .await?;
    let mut by_scenario: HashMap<Uuid, Vec<CrmStepRow>> = HashMap::new();
    for row in with_candidates(organization, connection, steps).await? {
        by_scenario.entry(row.step.scenario_id).or_default().push(row);
    }
    Ok(by_scenario)
}
