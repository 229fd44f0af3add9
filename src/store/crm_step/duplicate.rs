//! Copying a step.

use uuid::Uuid;

use super::{
    edit::{LockedStep, lock_step},
    row::{self, CrmStepRow},
    step_order,
};
use crate::{
    domain::{
        crm_step::Placement,
        id::new_id,
        violation::{ViolationKind, Violations},
    },
    entity::crm_step,
    store::{
        StoreError,
        mutation::{MutationRequest, Outcome},
    },
};

/// Copies a step within its scenario; without a placement right behind the original. The copy has no
/// key. Its timer leads where that of the original leads, and timers that lead to the original stay.
/// Values that an earlier version of the service accepted are copied as they are, and sealed ones
/// without being opened.
pub async fn duplicate(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    to: Option<Placement>,
    max_steps: usize,
) -> Result<Outcome<CrmStepRow, CrmStepRow>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let behind = id.map(|id| Placement::After(id.to_string()));
                // Without an id there is no step to duplicate, wherever to.
                let to = to.or(behind).unwrap_or(Placement::Last(true));
                let LockedStep { row: original, mut scenario, steps } =
                    lock_step(unit, id, None, Some(&to)).await?;
                let mut violations = Violations::default();
                if usize::try_from(scenario.row.step_count).is_ok_and(|count| count >= max_steps) {
                    violations.add("id", ViolationKind::ScenarioFull { max: max_steps });
                }
                let order = Some((scenario.row.id, &scenario.order));
                let before_index = violations.and(to.check(order, &[], &steps))?;
                let id = new_id();
                let position = scenario.insert(unit, id, before_index)?;
                let now = unit.now();
                let step = crm_step::Model {
                    id,
                    key: None,
                    version: 1,
                    created_at: now,
                    updated_at: now,
                    ..original.step
                };
                let mut copy = CrmStepRow { step, ..original };
                row::set_position(&mut copy.step, position);
                unit.create(&copy)?;
                step_order::save(unit, [&scenario]);
                // The foreign keys of the copy lock other rows, before the history is locked.
                unit.writes().then();
                Ok(copy)
            })
        })
        .await
}
