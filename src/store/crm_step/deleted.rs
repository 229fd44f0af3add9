//! Deleted steps, kept so that they can be restored.

use std::borrow::Cow;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Select,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::row::{self, CrmStepRow};
use crate::{
    domain::{
        crm_step::{FormerPlace, LostTimer, Neighbours},
        fold::without_case,
        id::OrganizationId,
    },
    entity::{
        JsonText, crm_step, deleted_crm_scenario,
        deleted_crm_step::{self, Column},
    },
    store::{StoreError, kit::secrets, unit_of_work::UnitOfWork},
};

/// A step that a call deletes.
#[derive(Debug)]
pub(in crate::store) struct DeletedStep<'a> {
    /// The step as it is when it is deleted.
    pub(in crate::store) row: Cow<'a, CrmStepRow>,
    /// The steps beside it when it is deleted; a step that the call has deleted before is none.
    pub(in crate::store) neighbours: Neighbours,
    /// The timers of other steps that led to it, and that the call clears.
    pub(in crate::store) timers: Vec<LostTimer>,
    /// Whether its scenario is deleted too, and it is restored with that.
    pub(in crate::store) with_scenario: bool,
}

/// Stores steps that a call deletes, so that they can be restored. It is called only if the operator lets
/// deleted steps be restored.
pub(in crate::store) fn make_restorable<'a>(
    unit: &mut UnitOfWork,
    steps: impl IntoIterator<Item = DeletedStep<'a>>,
) -> Result<(), StoreError> {
    let deleted_at = unit.now();
    let stored = |DeletedStep { row, neighbours, timers, with_scenario }| {
        Ok(deleted_crm_step::Model {
            organization_id: row.step.organization_id,
            id: row.step.id,
            deleted_at,
            scenario_id: row.step.scenario_id,
            with_scenario,
            previous_id: neighbours.previous,
            next_id: neighbours.next,
            timers: JsonText(timers),
            row: JsonText(serde_json::to_value(&row)?),
        })
    };
    let rows = steps.into_iter().map(stored).collect::<Result<Vec<_>, StoreError>>()?;
    unit.writes().insert(&rows);
    Ok(())
}

/// Stores steps of a scenario that a call deletes one after the other. `order` has all steps of the
/// scenario; the timers of the `others` that lead to deleted ones are lost.
pub(super) fn make_all_restorable(
    unit: &mut UnitOfWork,
    order: &[Uuid],
    deleted: &[&CrmStepRow],
    others: &[&CrmStepRow],
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = deleted.iter().map(|row| row.step.id).collect();
    let neighbours = Neighbours::of_deleted(order, &ids);
    let steps = deleted.iter().zip(neighbours).enumerate().map(|(number, (row, neighbours))| {
        // A step that is deleted later loses its timer with its target, which has it then.
        let later = &deleted[number + 1..];
        let leads_here = |other: &&&CrmStepRow| other.step.auto_next_step_id == Some(row.step.id);
        let timers = others.iter().chain(later).filter(leads_here);
        let timers = timers.map(|other| lost_timer(&other.step)).collect();
        let target = row.step.auto_next_step_id;
        let row = if target.is_some_and(|target| ids[..number].contains(&target)) {
            let mut row = (*row).clone();
            row::clear_timer(&mut row.step);
            Cow::Owned(row)
        } else {
            Cow::Borrowed(*row)
        };
        DeletedStep { row, neighbours, timers, with_scenario: false }
    });
    make_restorable(unit, steps)
}

/// The timer of a step, as it comes back with its target.
pub(in crate::store) fn lost_timer(step: &crm_step::Model) -> LostTimer {
    LostTimer { step_id: step.id, time: step.auto_next_time, unit: step.auto_next_time_unit }
}

/// A deleted step that can be restored.
#[derive(Debug)]
pub(super) struct RestorableStep {
    /// The step as it was, with its secrets sealed by the first key.
    pub(super) row: CrmStepRow,
    /// Its place.
    pub(super) place: FormerPlace,
    /// The timers that led to it.
    pub(super) timers: Vec<LostTimer>,
}

impl RestorableStep {
    fn new(unit: &UnitOfWork, kept: deleted_crm_step::Model) -> Result<Self, StoreError> {
        let mut row: CrmStepRow = serde_json::from_value(kept.row.0)?;
        row.step.name_caseless = Some(without_case(&row.step.name));
        let renew = |headers| secrets::renew(unit.keys(), unit.organization(), headers);
        row.step.webhook_header = row.step.webhook_header.map(renew).transpose()?;
        let neighbours = Neighbours { previous: kept.previous_id, next: kept.next_id };
        let place = FormerPlace { neighbours, position: row::position(&row.step) };
        Ok(Self { row, place, timers: kept.timers.0 })
    }
}

/// The deleted step with this id that was not deleted with its scenario.
pub(super) async fn find(
    unit: &UnitOfWork,
    id: Uuid,
) -> Result<Option<RestorableStep>, StoreError> {
    let kept = of(unit.organization())
        .filter(Column::Id.eq(id))
        .filter(Column::WithScenario.eq(false))
        .one(unit.transaction())
        .await?;
    kept.map(|kept| RestorableStep::new(unit, kept)).transpose()
}

/// The steps that were deleted with this scenario, in their order.
pub(in crate::store) async fn of_scenario(
    unit: &UnitOfWork,
    scenario: Uuid,
) -> Result<Vec<CrmStepRow>, StoreError> {
    let kept = of(unit.organization())
        .filter(Column::ScenarioId.eq(scenario))
        .filter(Column::WithScenario.eq(true))
        .all(unit.transaction())
        .await?;
    let rows = kept.into_iter().map(|kept| RestorableStep::new(unit, kept).map(|kept| kept.row));
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| row.step.index);
    Ok(rows)
}

/// Adds a timer to those that come back with a deleted step, if that can be restored.
pub(super) async fn add_timer(
    unit: &mut UnitOfWork,
    target: Uuid,
    timer: LostTimer,
) -> Result<(), DbErr> {
    let kept =
        of(unit.organization()).filter(Column::Id.eq(target)).one(unit.transaction()).await?;
    if let Some(before) = kept {
        let mut after = before.clone();
        after.timers.0.push(timer);
        unit.writes().replace(Some(&before), Some(&after));
    }
    Ok(())
}

/// Gives a deleted step, if it can be restored, the timer that it had before its target was deleted, as
/// that is restored now.
pub(super) async fn give_timer(
    unit: &mut UnitOfWork,
    timer: &LostTimer,
    target: Uuid,
) -> Result<(), StoreError> {
    let kept = of(unit.organization()).filter(Column::Id.eq(timer.step_id));
    let Some(before) = kept.one(unit.transaction()).await? else { return Ok(()) };
    let mut row: CrmStepRow = serde_json::from_value(before.row.0.clone())?;
    if timer.comes_back(&row::masked_input(&row)?, target) {
        row::set_timer(&mut row.step, timer, target);
        let after =
            deleted_crm_step::Model { row: JsonText(serde_json::to_value(row)?), ..before.clone() };
        unit.writes().replace(Some(&before), Some(&after));
    }
    Ok(())
}

/// Forgets a deleted step, which is restored.
pub(super) fn forget(unit: &mut UnitOfWork, id: Uuid) {
    forget_those(unit, Column::Id.eq(id));
}

/// Forgets the steps that were deleted with this scenario, which are restored.
pub(in crate::store) fn forget_scenario(unit: &mut UnitOfWork, scenario: Uuid) {
    forget_those(unit, Column::ScenarioId.eq(scenario).and(Column::WithScenario.eq(true)));
}

fn forget_those(unit: &mut UnitOfWork, condition: Expr) {
    let delete = Query::delete()
        .from_table(deleted_crm_step::Entity)
        .and_where(Column::OrganizationId.eq(unit.organization().0))
        .and_where(condition)
        .to_owned();
    unit.writes().delete(delete);
}

/// Those of these ids that belong to something that can be restored.
pub(super) async fn among(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    let steps =
        of(organization).select_only().column(Column::Id).filter(Column::Id.is_in(ids.to_vec()));
    let scenarios = deleted_crm_scenario::Entity::find()
        .select_only()
        .column(deleted_crm_scenario::Column::Id)
        .filter(deleted_crm_scenario::Column::OrganizationId.eq(organization.0))
        .filter(deleted_crm_scenario::Column::Id.is_in(ids.to_vec()));
    let mut found: Vec<Uuid> = steps.into_tuple().all(connection).await?;
    found.extend(scenarios.into_tuple::<Uuid>().all(connection).await?);
    Ok(found)
}

fn of(organization: OrganizationId) -> Select<deleted_crm_step::Entity> {
    deleted_crm_step::Entity::find().filter(Column::OrganizationId.eq(organization.0))
}
