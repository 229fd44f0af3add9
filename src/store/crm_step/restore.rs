//! Restoring deleted steps.

use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, sea_query::ExprTrait as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    deleted::{self, RestorableStep, lost_timer},
    read::with_candidates,
    references::{ResolvedReferences, positions, resolve_own},
    row::{self, CrmStepRow},
    step_order::{self, LockedScenario},
};
use crate::{
    domain::{
        change::Action,
        crm_step::{LostTimer, Rank, ReferencedIds, References, clear_gone},
        violation::{ViolationKind, Violations},
    },
    entity::crm_step,
    store::{
        StoreError,
        kit::{
            locks::Lock,
            tenant::{self, TenantEntity as _, padded},
        },
        mutation::{Abort, MutationRequest, Outcome},
        unit_of_work::UnitOfWork,
    },
};

/// A restored step.
#[derive(Debug, Serialize, Deserialize)]
pub struct RestoredCrmStep {
    /// The step.
    pub row: CrmStepRow,
    /// The steps whose timers lead to it again.
    pub with_timer: Vec<CrmStepRow>,
    /// The names of the fields that were cleared.
    pub cleared: Vec<String>,
}

/// Restores a deleted step. A rejected call conflicts with the scenario that has this id: it is full.
pub async fn restore(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    max_steps: usize,
) -> Result<Outcome<RestoredCrmStep, Uuid>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let id = id.ok_or_else(not_restorable)?;
                // Another call may restore the step, or choose its id for a new one.
                let organization = unit.organization();
                unit.wait_for([Lock::Id(id).number(organization)]).await?;
                let kept = deleted::find(unit, id).await?.ok_or_else(not_restorable)?;
                let scenario_id = kept.row.step.scenario_id;
                let ids = ReferencedIds::of([&row::masked_input(&kept.row)?]);
                let mut resolved = resolve_own(unit, ids.clone()).await?;
                // While this call waited for the scenario, another one may have added timers that come
                // back with this step, or the timer of this step itself.
                let kept = deleted::find(unit, id).await?.ok_or_else(not_restorable)?;
                let ids_now = ReferencedIds::of([&row::masked_input(&kept.row)?]);
                if ids_now != ids {
                    resolved = resolve_own(unit, ids_now).await?;
                }
                let ResolvedReferences { mut scenarios, references, .. } = resolved;
                let mut scenario = scenarios.remove(&scenario_id).ok_or_else(not_restorable)?;
                if references.step_counts.get(&scenario_id).is_some_and(|count| *count >= max_steps)
                {
                    let full = ViolationKind::ScenarioFull { max: max_steps };
                    return Err(Abort::conflict(Violations::one("id", full), scenario_id));
                }
                let RestorableStep { mut row, place, timers } = kept;
                let timer = lost_timer(&row.step);
                let target = row.step.auto_next_step_id;
                let cleared = clear_references(&mut row, &references)?;
                if let Some(target) = target.filter(|_| row.step.auto_next_step_id.is_none()) {
                    deleted::add_timer(unit, target, timer).await?;
                }
                let order = know_all(unit, &mut scenario).await?;
                let before = place.index_among(&order);
                let position = scenario.restore(unit, id, before, place.position.rank)?;
                row::set_position(&mut row.step, position);
                crm_step::Entity::touch(&mut row.step, unit.now());
                step_order::save(unit, [&scenario]);
                unit.restore(&row)?;
                deleted::forget(unit, id);
                let with_timer = restore_timers(unit, &scenario, id, &timers).await?;
                let cleared = cleared.into_iter().map(str::to_owned).collect();
                Ok(RestoredCrmStep { row, with_timer, cleared })
            })
        })
        .await
}

fn not_restorable() -> Violations {
    Violations::one("id", ViolationKind::NO_RESTORABLE_STEP)
}

/// Clears what a step refers to and is gone, and returns the names of the fields that have changed.
pub(in crate::store) fn clear_references(
    row: &mut CrmStepRow,
    known: &References,
) -> Result<Vec<&'static str>, serde_json::Error> {
    let mut input = row::masked_input(row)?;
    let cleared = clear_gone(&mut input, row.step.id, known);
    if !cleared.is_empty() {
        row::set_references(row, input);
    }
    Ok(cleared)
}

/// Reads the order of all steps of a scenario, with their ranks.
async fn know_all(
    unit: &UnitOfWork,
    scenario: &mut LockedScenario,
) -> Result<Vec<(Uuid, Rank)>, StoreError> {
    use crm_step::Column;
    let filter = Column::OrganizationId
        .eq(scenario.row.organization_id)
        .and(Column::ScenarioId.eq(scenario.row.id));
    let mut steps = positions(unit, filter).await?;
    steps.sort_by_key(|step| step.index);
    scenario.order.know_all(steps.iter().map(|step| (step.id, row::position(step))));
    Ok(steps.iter().map(|step| (step.id, row::position(step).rank)).collect())
}

/// Sets the timers that led to a restored step again, where that is possible, and returns their steps.
async fn restore_timers(
    unit: &mut UnitOfWork,
    scenario: &LockedScenario,
    target: Uuid,
    timers: &[LostTimer],
) -> Result<Vec<CrmStepRow>, StoreError> {
    if timers.is_empty() {
        return Ok(Vec::new());
    }
    let (organization, transaction) = (unit.organization(), unit.transaction());
    let steps = tenant::of::<crm_step::Entity>(organization)
        .filter(crm_step::Column::Id.is_in(padded(timers.iter().map(|timer| timer.step_id))))
        .order_by_asc(crm_step::Column::Index)
        .all(transaction)
        .await?;
    let rows = with_candidates(organization, transaction, steps).await?;
    // The step is stored before a timer refers to it.
    unit.writes().then();
    for timer in timers {
        if rows.iter().all(|row| row.step.id != timer.step_id) {
            deleted::give_timer(unit, timer, target).await?;
        }
    }
    let mut with_timer = Vec::new();
    for mut before in rows {
        let timer = timers.iter().rev().find(|timer| timer.step_id == before.step.id);
        let input = row::masked_input(&before)?;
        let Some(timer) = timer.filter(|timer| timer.comes_back(&input, target)) else { continue };
        if let Some(position) = scenario.order.position(before.step.id) {
            row::set_position(&mut before.step, position.clone());
        }
        let mut after = before.clone();
        row::set_timer(&mut after.step, timer, target);
        crm_step::Entity::touch(&mut after.step, unit.now());
        unit.change(Action::Updated, &before, &after)?;
        with_timer.push(after);
    }
    Ok(with_timer)
}
