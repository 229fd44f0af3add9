//! Restoring deleted scenarios.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    domain::{
        crm_step::{ReferencedIds, References},
        fold::without_case,
        violation::{ViolationKind, Violations},
    },
    entity::{
        crm_scenario, crm_step,
        deleted_crm_scenario::{self, Column},
    },
    store::{
        StoreError,
        crm_step::{self as steps, CrmStepRow},
        kit::{locks::Lock, tenant::TenantEntity as _},
        mutation::{MutationRequest, Outcome},
        resource::scenario_with_key,
        unit_of_work::UnitOfWork,
    },
};

/// A restored scenario.
#[derive(Debug, Serialize, Deserialize)]
pub struct RestoredCrmScenario {
    /// The scenario.
    pub row: crm_scenario::Model,
    /// Its steps whose timers lead to another step.
    pub with_timer: Vec<CrmStepRow>,
    /// The names of the fields that were cleared; those of steps as `steps.<id>.<name>`.
    pub cleared: Vec<String>,
}

/// Restores a deleted scenario with the steps that were deleted with it.
pub async fn restore(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    max_steps: usize,
) -> Result<Outcome<RestoredCrmScenario>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let id = id.ok_or_else(not_restorable)?;
                // Another call may restore it.
                let organization = unit.organization();
                unit.wait_for([Lock::Id(id).number(organization)]).await?;
                let kept = find(unit, id).await?.ok_or_else(not_restorable)?;
                let mut rows = steps::deleted_of_scenario(unit, id).await?;
                if rows.len() > max_steps {
                    let full = ViolationKind::ScenarioFull { max: max_steps };
                    return Err(Violations::one("id", full).into());
                }
                let known = known(unit, id, &rows).await?;
                let mut row = kept.row.0.clone();
                let mut cleared = Vec::new();
                if let Some(key) = &row.key
                    && scenario_with_key(unit, key).await?.is_some()
                {
                    row.key = None;
                    cleared.push("key".to_owned());
                }
                row.name_caseless = Some(without_case(&row.name));
                crm_scenario::Entity::touch(&mut row, unit.now());
                if !rows.is_empty() {
                    row.steps_updated_at = Some(unit.now());
                }
                unit.restore(&row)?;
                // A timer may lead to a step that is inserted later.
                unit.defer_timers().await?;
                for row in &mut rows {
                    let names = steps::clear_references(row, &known)?;
                    cleared
                        .extend(names.iter().map(|name| format!("steps.{}.{name}", row.step.id)));
                    crm_step::Entity::touch(&mut row.step, unit.now());
                    unit.restore(row)?;
                }
                unit.writes().replace(Some(&kept), None);
                steps::forget_deleted_of_scenario(unit, id);
                // The foreign keys of the steps lock other rows, before the history is locked.
                unit.writes().then();
                rows.retain(|row| row.step.auto_next_step_id.is_some());
                Ok(RestoredCrmScenario { row, with_timer: rows, cleared })
            })
        })
        .await
}

fn not_restorable() -> Violations {
    Violations::one("id", ViolationKind::NO_RESTORABLE_SCENARIO)
}

/// The deleted scenario with this id, locked: a purge of it waits, and then also that of its steps.
async fn find(
    unit: &UnitOfWork,
    id: Uuid,
) -> Result<Option<deleted_crm_scenario::Model>, StoreError> {
    let kept = deleted_crm_scenario::Entity::find()
        .filter(Column::OrganizationId.eq(unit.organization().0))
        .filter(Column::Id.eq(id))
        .lock_exclusive();
    Ok(kept.one(unit.transaction()).await?)
}

/// What the steps of a scenario refer to and exists, locked until the transaction ends.
async fn known(
    unit: &mut UnitOfWork,
    scenario: Uuid,
    rows: &[CrmStepRow],
) -> Result<References, StoreError> {
    let inputs = rows.iter().map(steps::masked_input).collect::<Result<Vec<_>, _>>()?;
    let ReferencedIds { agents, memberships, .. } = ReferencedIds::of(&inputs);
    let ids = ReferencedIds { agents, memberships, ..ReferencedIds::default() };
    let mut known = steps::resolve_own(unit, ids).await?.references;
    known.steps.extend(rows.iter().map(|row| (row.step.id, scenario)));
    Ok(known)
}
