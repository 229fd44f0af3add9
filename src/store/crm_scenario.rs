//! Scenarios.

mod restore;

use std::{borrow::Cow, collections::HashMap};

use sea_orm::{ColumnTrait as _, sea_query::Query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::restore::{RestoredCrmScenario, restore};
use super::{
    StoreError,
    crm_step::{self, CrmStepRow, DeletedStep},
    mutation::{Abort, MutationRequest, Outcome},
    resource::{Resource, lock_version},
    unit_of_work::UnitOfWork,
};
use crate::{
    domain::{
        change::Action,
        checks::Check as _,
        conflict::{check_step_count, check_version},
        crm_scenario::{NewCrmScenario, name_of_copy},
        crm_step::{Neighbours, Rank},
        id::new_id,
        violation::{ViolationKind, Violations},
    },
    entity::{JsonText, crm_scenario, crm_step as crm_step_table, deleted_crm_scenario},
};

/// A deleted scenario, and its steps.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct DeletedCrmScenario {
    pub id: Uuid,
    pub step_ids: Vec<Uuid>,
}

/// Deletes a scenario with its steps, if it has as many as the client expects. It can be restored if it
/// `is_restorable`.
pub async fn delete(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_step_count: i32,
    expected_version: Option<i32>,
    is_restorable: bool,
) -> Result<Outcome<DeletedCrmScenario, crm_scenario::Model>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let scenario = lock_version::<crm_scenario::Entity>(unit, id, None).await?;
                let expected = [
                    check_version(expected_version, scenario.version),
                    check_step_count(expected_step_count, scenario.step_count),
                ];
                if let Err(violations) = Violations::of_all(expected) {
                    return Err(Abort::conflict(violations, scenario));
                }
                let steps =
                    crm_step::of_scenario(unit.organization(), unit.transaction(), scenario.id)
                        .await?;
                let delete_steps = Query::delete()
                    .from_table(crm_step_table::Entity)
                    .and_where(crm_step_table::Column::OrganizationId.eq(unit.organization().0))
                    .and_where(crm_step_table::Column::ScenarioId.eq(scenario.id))
                    .to_owned();
                unit.writes().delete(delete_steps);
                if is_restorable {
                    make_restorable(unit, &scenario, &steps)?;
                }
                for step in &steps {
                    unit.record(Action::Deleted, Some(step), None)?;
                }
                unit.delete(&scenario)?;
                let step_ids = steps.iter().map(|row| row.step.id).collect();
                Ok(DeletedCrmScenario { id: scenario.id, step_ids })
            })
        })
        .await
}

/// Stores a scenario that is deleted, with all its steps, so that they can be restored.
fn make_restorable(
    unit: &mut UnitOfWork,
    scenario: &crm_scenario::Model,
    steps: &[CrmStepRow],
) -> Result<(), StoreError> {
    let deleted_at = unit.now();
    unit.writes().insert(&[deleted_crm_scenario::Model {
        organization_id: scenario.organization_id,
        id: scenario.id,
        deleted_at,
        row: JsonText(scenario.clone()),
    }]);
    let neighbours = Neighbours { previous: None, next: None };
    let step = |row| DeletedStep {
        row: Cow::Borrowed(row),
        neighbours,
        timers: Vec::new(),
        with_scenario: true,
    };
    crm_step::make_restorable(unit, steps.iter().map(step))
}

/// Copies a scenario with all its steps. The timers of the copies refer to the copies. Without a
/// name the copy is named after the original. It has no key; the copies of the steps keep theirs.
pub async fn duplicate(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    name: Option<String>,
    max_steps: usize,
) -> Result<Outcome<crm_scenario::Model>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                // The lock keeps the steps unchanged while they are copied.
                let original = lock_version::<crm_scenario::Entity>(unit, id, None)
                    .await
                    .map_err(|abort| abort.map_conflict(|_| None))?;
                let input = NewCrmScenario {
                    name: name.unwrap_or_else(|| name_of_copy(&original.name)),
                    description: original.description.clone(),
                    key: None,
                };
                let mut violations = Violations::default();
                if usize::try_from(original.step_count).is_ok_and(|count| count > max_steps) {
                    violations.add("id", ViolationKind::ScenarioFull { max: max_steps });
                }
                // A description that an earlier version accepted is copied as it is.
                let stored = crm_scenario::Entity::input(&original);
                let input = violations.and(input.check(Some(&stored)))?;
                let steps =
                    crm_step::of_scenario(unit.organization(), unit.transaction(), original.id)
                        .await?;
                let mut copy = crm_scenario::Entity::new(
                    unit.organization(),
                    new_id(),
                    input.into_inner(),
                    unit.now(),
                );
                copy.step_count = original.step_count;
                copy.steps_updated_at = (!steps.is_empty()).then(|| unit.now());
                copy.last_rank = Rank::at(0, original.step_count - 1).number;
                // The history records an empty scenario, to which its steps are then added.
                unit.create(&copy)?;
                let ids: HashMap<Uuid, Uuid> =
                    steps.iter().map(|row| (row.step.id, new_id())).collect();
                let now = unit.now();
                let copy_of = |CrmStepRow { step, membership_ids }| CrmStepRow {
                    membership_ids,
                    step: crm_step_table::Model {
                        id: ids[&step.id],
                        scenario_id: copy.id,
                        auto_next_step_id: step
                            .auto_next_step_id
                            .and_then(|id| ids.get(&id))
                            .copied(),
                        rank_generation: 0,
                        rank: Rank::at(0, step.index).number,
                        rank_suffix: String::new(),
                        version: 1,
                        created_at: now,
                        updated_at: now,
                        ..step
                    },
                };
                unit.defer_timers().await?;
                for step in steps {
                    unit.create(&copy_of(step))?;
                }
                // The foreign keys of the copies lock other rows, before the history is locked.
                unit.writes().then();
                Ok(copy)
            })
        })
        .await
}
