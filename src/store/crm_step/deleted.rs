//! Deleted steps, kept so that they can be restored.

use super::row::CrmStepRow;
use crate::{
    domain::crm_step::{LostTimer, Neighbours},
    entity::{JsonText, crm_step, deleted_crm_step},
    store::{StoreError, unit_of_work::UnitOfWork},
};

/// A step that a call deletes.
#[derive(Debug)]
pub(in crate::store) struct DeletedStep<'a> {
    /// The step as it was before the call.
    pub(in crate::store) row: &'a CrmStepRow,
    /// The steps beside it when it is deleted; a step that the call has deleted before is none.
    pub(in crate::store) neighbours: Neighbours,
    /// The timers of other steps that led to it, and that the call clears.
    pub(in crate::store) timers: Vec<LostTimer>,
    /// Whether its scenario is deleted too, and it is restored with that.
    pub(in crate::store) with_scenario: bool,
}

/// Keeps steps that a call deletes. It is called only if the operator lets deleted steps be restored.
pub(in crate::store) fn keep<'a>(
    unit: &mut UnitOfWork,
    steps: impl IntoIterator<Item = DeletedStep<'a>>,
) -> Result<(), StoreError> {
    let deleted_at = unit.now();
    let kept = |DeletedStep { row, neighbours, timers, with_scenario }| {
        Ok(deleted_crm_step::Model {
            organization_id: row.step.organization_id,
            id: row.step.id,
            deleted_at,
            scenario_id: row.step.scenario_id,
            with_scenario,
            previous_id: neighbours.previous,
            next_id: neighbours.next,
            timers: JsonText(timers),
            row: JsonText(serde_json::to_value(row)?),
        })
    };
    let rows = steps.into_iter().map(kept).collect::<Result<Vec<_>, StoreError>>()?;
    unit.writes().insert(&rows);
    Ok(())
}

/// The timer of a step, as it comes back with its target.
pub(in crate::store) fn lost_timer(step: &crm_step::Model) -> LostTimer {
    LostTimer { step_id: step.id, time: step.auto_next_time, unit: step.auto_next_time_unit }
}
