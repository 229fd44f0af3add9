//! Replacing all steps of a scenario by those of a resolved specification.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use uuid::Uuid;

use super::{
    deleted::make_all_restorable,
    row::{self, CrmStepRow, new_row},
    step_order::{ROWS_MAX, set_positions},
};
use crate::{
    domain::{
        change::Action,
        crm_step::{NewCrmStep, StepOrder, StepPosition},
        flow::resolve::{KeptStep, Resolved, StepChange, StepUpdate},
    },
    entity::{crm_scenario, crm_step},
    store::{
        StoreError,
        kit::tenant::{TenantEntity as _, padded},
        unit_of_work::UnitOfWork,
    },
};

/// The number of steps whose fields are updated in one stage. PostgreSQL plans a stage as a whole.
pub(super) const UPDATES_OF_STAGE: usize = 50;

/// Replaces the stored steps of a scenario, in their order, by those of a specification, and sets the
/// numbers of the scenario and the time of the last change of its steps. The row of the scenario is locked, and it is stored by the caller; that of
/// a new one is inserted before. Steps that are deleted can be restored if they
/// `are_restorable`.
pub(in crate::store) async fn replace(
    unit: &mut UnitOfWork,
    scenario: &mut crm_scenario::Model,
    before: &[CrmStepRow],
    resolved: Resolved,
    are_restorable: bool,
) -> Result<(), StoreError> {
    let mut order =
        StepOrder::new(scenario.step_count, scenario.last_rank, scenario.rank_generation);
    let kept_rank = |change: &StepChange| match change {
        StepChange::Keep(kept) if !kept.is_moved => {
            Some(row::position(&before[kept.index_before].step).rank)
        }
        StepChange::Keep(_) | StepChange::Create(_) => None,
    };
    let positions = order.arrange(&resolved.steps.iter().map(kept_rank).collect::<Vec<_>>());
    scenario.step_count = order.step_count;
    scenario.last_rank = order.last_rank;
    scenario.rank_generation = order.generation;
    if !resolved.deleted.is_empty() || resolved.steps.iter().any(is_change) {
        scenario.steps_updated_at = Some(unit.now());
    }
    // A timer may lead to a step that is inserted later or that is deleted before.
    unit.defer_timers().await?;
    // From the last one on, so that the history has each with the index that it had when it was deleted.
    let deleted = resolved.deleted.iter().rev();
    let deleted: Vec<&CrmStepRow> = deleted.map(|index| &before[*index]).collect();
    if are_restorable {
        let order: Vec<Uuid> = before.iter().map(|row| row.step.id).collect();
        let indexes = before.iter().enumerate();
        let left = indexes.filter(|(index, _)| !resolved.deleted.contains(index));
        let left: Vec<&CrmStepRow> = left.map(|(_, row)| row).collect();
        make_all_restorable(unit, &order, &deleted, &left)?;
    }
    delete(unit, scenario, &deleted)?;
    let (mut kept, mut created) = (Vec::new(), Vec::new());
    for (change, position) in resolved.steps.into_iter().zip(positions) {
        match change {
            StepChange::Create(step) => created.push((step.into_inner(), position)),
            StepChange::Keep(step) => kept.push((*step, position)),
        }
    }
    let stored = |step: &KeptStep| &before[step.index_before].step;
    set_positions(unit, scenario, kept.iter().map(|(step, position)| (stored(step), position)));
    for (number, (step, position)) in (1..).zip(kept) {
        keep(unit, &before[step.index_before], step, position)?;
        if number % UPDATES_OF_STAGE == 0 {
            unit.writes().then();
        }
    }
    unit.writes().then();
    for (step, position) in created {
        let row = new_row(unit, step, position)?;
        unit.create(&row)?;
    }
    // The foreign keys of the new steps lock other rows, before the history is locked.
    unit.writes().then();
    Ok(())
}

/// Whether a step is changed. That other steps change its index is no change of it.
fn is_change(step: &StepChange) -> bool {
    match step {
        StepChange::Create(_) => true,
        StepChange::Keep(kept) => kept.is_moved || kept.update.is_some(),
    }
}

/// Deletes steps, in this order.
fn delete(
    unit: &mut UnitOfWork,
    scenario: &crm_scenario::Model,
    steps: &[&CrmStepRow],
) -> Result<(), StoreError> {
    delete_rows(unit, scenario, steps);
    for row in steps {
        unit.record(Action::Deleted, Some(*row), None)?;
    }
    Ok(())
}

/// Deletes the rows of steps, without their history.
pub(super) fn delete_rows(
    unit: &mut UnitOfWork,
    scenario: &crm_scenario::Model,
    steps: &[&CrmStepRow],
) {
    for rows in steps.chunks(ROWS_MAX) {
        let ids = padded(rows.iter().map(|row| row.step.id));
        let delete = Query::delete()
            .from_table(crm_step::Entity)
            .and_where(Expr::col(crm_step::Column::OrganizationId).eq(scenario.organization_id))
            .and_where(Expr::col(crm_step::Column::ScenarioId).eq(scenario.id))
            .and_where(Expr::col(crm_step::Column::Id).is_in(ids))
            .to_owned();
        unit.writes().delete(delete);
        unit.writes().then();
    }
}

/// Updates a step that is kept, and adds to the history what happens to it: a move and an update are two
/// changes. That other steps change its index is none.
fn keep(
    unit: &mut UnitOfWork,
    before: &CrmStepRow,
    kept: KeptStep,
    position: StepPosition,
) -> Result<(), StoreError> {
    let mut positioned = before.clone();
    row::set_position(&mut positioned.step, position.clone());
    if kept.is_moved {
        unit.record(Action::Moved, Some(before), Some(&positioned))?;
    }
    let Some(StepUpdate { step, .. }) = kept.update else { return Ok(()) };
    let mut after = updated_row(unit, &positioned, step.into_inner(), position)?;
    crm_step::Entity::touch(&mut after.step, unit.now());
    unit.change(Action::Updated, &positioned, &after)
}

/// The row of a checked step in place of a stored one, with its version.
pub(super) fn updated_row(
    unit: &UnitOfWork,
    before: &CrmStepRow,
    step: NewCrmStep,
    position: StepPosition,
) -> Result<CrmStepRow, StoreError> {
    let keeps_headers = step.keeps_headers;
    let mut after = new_row(unit, step, position)?;
    // Encryption is randomized: the same headers, sealed again, would count as a change.
    if keeps_headers {
        after.step.webhook_header.clone_from(&before.step.webhook_header);
    }
    after.step.created_at = before.step.created_at;
    after.step.updated_at = before.step.updated_at;
    after.step.version = before.step.version;
    // The database sets it to null if a text has changed.
    after.step.texts_caseless.clone_from(&before.step.texts_caseless);
    // Null in a row of an earlier version: filling it is no change of the step.
    if after.step.name == before.step.name {
        after.step.name_caseless.clone_from(&before.step.name_caseless);
    }
    Ok(after)
}
