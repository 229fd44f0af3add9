//! Calls that change several steps of one scenario.

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, sea_query::ExprTrait as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    deleted::make_all_restorable,
    edit::clear_timers,
    patch::{PatchedStep, StepUpdate},
    read::with_candidates,
    references::{positions, resolve_own},
    replace::{UPDATES_OF_STAGE, delete_rows},
    row::{self, CrmStepRow},
    step_order::{self, LockedScenario, set_positions},
};
use crate::{
    domain::{
        access_token::Scope,
        change::Action,
        conflict::check_revision,
        crm_step::{
            ArrangedStep, CrmStepInput, MovedTogether, Placement, Rank, ReferencedIds,
            SelectableStep, SelectedSteps, SelectionRejected, SingleMove, StepPosition,
        },
        url::WebhookHosts,
        violation::Violations,
    },
    entity::crm_step,
    store::{
        StoreError,
        kit::tenant::{self, padded},
        mutation::{Abort, Attempt, MutationRequest, Outcome},
        unit_of_work::UnitOfWork,
    },
};

/// The outcome of a call that changes several steps, which are in the order of the call. The state that
/// it conflicts with are the steps at other versions than the client expects, or all if that is so of
/// the revision.
pub type BulkOutcome<T> = Outcome<T, Vec<CrmStepRow>>;

/// Applies a patch to each of these steps, as an update of a single one does.
pub async fn update_many(
    request: MutationRequest<'_>,
    selected: SelectedSteps,
    hosts: WebhookHosts,
    patch: impl Fn(&mut CrmStepInput) + Send + 'static,
) -> Result<BulkOutcome<Vec<CrmStepRow>>, StoreError> {
    let reads_secrets = request.call.caller.scopes.contains(&Scope::Secrets);
    request
        .run(move |unit| {
            Box::pin(async move {
                let LockedSteps { rows, scenario, .. } =
                    lock_steps(unit, &selected, None, None).await?;
                let Some(mut scenario) = scenario else { return Ok(rows) };
                let patched = rows
                    .into_iter()
                    .map(|row| PatchedStep::new(unit.keys(), row, reads_secrets, &patch))
                    .collect::<Result<Vec<_>, _>>()?;
                let inputs = patched.iter().map(|patched| &patched.input);
                let mut known = resolve_own(unit, ReferencedIds::of(inputs)).await?.references;
                known.changed_together = patched.iter().map(|it| it.before.step.id).collect();
                let (mut updates, mut violations) = (Vec::new(), Violations::default());
                for patched in patched {
                    let id = patched.before.step.id;
                    let key = patched.input.key.clone();
                    match patched.check(unit, &known, &hosts)? {
                        Ok(update) => updates.push(update),
                        Err(broken) => violations.extend(broken.of_step(id)),
                    }
                    // Of several steps that get one key, the first has it.
                    if let Some(key) = key {
                        known.keys.entry((scenario.row.id, key)).or_insert(id);
                    }
                }
                if !violations.is_empty() {
                    return Err(violations.into());
                }
                let changes: Vec<_> = updates.iter().filter(|update| update.is_change).collect();
                if !changes.is_empty() {
                    scenario.raise_revision(unit.now());
                    step_order::save(unit, [&scenario]);
                }
                for (number, StepUpdate { before, after, .. }) in (1..).zip(changes) {
                    unit.change(Action::Updated, before, after)?;
                    if number % UPDATES_OF_STAGE == 0 {
                        unit.writes().then();
                    }
                }
                Ok(updates.into_iter().map(|update| update.after).collect())
            })
        })
        .await
}

/// Moves steps within their scenario, together and in the order of the call. That changes the revision
/// of the scenario, not the versions of the steps. In the history they are moved one after the other.
pub async fn relocate_many(
    request: MutationRequest<'_>,
    selected: SelectedSteps,
    to: Placement,
    expected_revision: Option<i32>,
) -> Result<BulkOutcome<Vec<CrmStepRow>>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let LockedSteps { mut rows, scenario, before_index } =
                    lock_steps(unit, &selected, Some(&to), expected_revision).await?;
                let Some(mut scenario) = scenario else { return Ok(rows) };
                let steps = all_positions(unit, &scenario).await?;
                let selected: Vec<usize> = rows.iter().map(|row| place(row.step.index)).collect();
                let moved = MovedTogether::new(steps.len(), &selected, place(before_index));
                if moved.moves.is_empty() {
                    return Ok(rows);
                }
                let ordered = || moved.order.iter().map(|step| &steps[step.index_before]);
                let kept_rank = |(step, row): (&ArrangedStep, &crm_step::Model)| {
                    (!step.is_moved).then(|| row::position(row).rank)
                };
                let kept: Vec<Option<Rank>> =
                    moved.order.iter().zip(ordered()).map(kept_rank).collect();
                let positions = scenario.arrange(unit, &kept);
                set_positions(unit, &scenario.row, ordered().zip(&positions));
                step_order::save(unit, [&scenario]);
                for SingleMove { selected, from, to } in &moved.moves {
                    let before = at_index(&rows[*selected], *from);
                    unit.record(Action::Moved, Some(&before), Some(&at_index(&before, *to)))?;
                }
                let mut positions: HashMap<Uuid, StepPosition> =
                    ordered().map(|step| step.id).zip(positions).collect();
                for row in &mut rows {
                    if let Some(position) = positions.remove(&row.step.id) {
                        row::set_position(&mut row.step, position);
                    }
                }
                Ok(rows)
            })
        })
        .await
}

/// Deleted steps.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct DeletedCrmSteps {
    /// Their ids.
    pub ids: Vec<Uuid>,
    /// Their scenario; none if there are no steps.
    pub scenario_id: Option<Uuid>,
    /// The other steps whose timers referred to them and were cleared.
    pub without_timer: Vec<CrmStepRow>,
    /// The same steps before that; none in a replayed outcome.
    #[serde(skip)]
    pub with_timer: Vec<CrmStepRow>,
}

/// Deletes steps, and clears the timers of others that refer to them. In the history they are deleted
/// one after the other, in the order of the call. They can be restored if they
/// `are_restorable`.
pub async fn delete_many(
    request: MutationRequest<'_>,
    selected: SelectedSteps,
    are_restorable: bool,
) -> Result<BulkOutcome<DeletedCrmSteps>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let LockedSteps { rows, scenario, .. } =
                    lock_steps(unit, &selected, None, None).await?;
                let Some(mut scenario) = scenario else { return Ok(DeletedCrmSteps::default()) };
                let ids: Vec<Uuid> = rows.iter().map(|row| row.step.id).collect();
                let (with_timer, mut without_timer) = clear_timers(unit, &ids).await?;
                let mut steps = all_positions(unit, &scenario).await?;
                let deleted: Vec<&CrmStepRow> = rows.iter().collect();
                if are_restorable {
                    let order: Vec<Uuid> = steps.iter().map(|step| step.id).collect();
                    let others: Vec<&CrmStepRow> = with_timer.iter().collect();
                    make_all_restorable(unit, &order, &deleted, &others)?;
                }
                steps.retain(|step| !ids.contains(&step.id));
                delete_rows(unit, &scenario.row, &deleted);
                let kept: Vec<Option<Rank>> =
                    steps.iter().map(|step| Some(row::position(step).rank)).collect();
                let positions = scenario.arrange(unit, &kept);
                set_positions(unit, &scenario.row, steps.iter().zip(&positions));
                step_order::save(unit, [&scenario]);
                let lower = |rows: &[CrmStepRow], index: i32| {
                    rows.iter().filter(|row| row.step.index < index).count()
                };
                for (number, row) in rows.iter().enumerate() {
                    let index = place(row.step.index) - lower(&rows[..number], row.step.index);
                    unit.record(Action::Deleted, Some(&at_index(row, index)), None)?;
                }
                for row in &mut without_timer {
                    let index = place(row.step.index) - lower(&rows, row.step.index);
                    *row = at_index(row, index);
                }
                let scenario_id = Some(scenario.row.id);
                Ok(DeletedCrmSteps { ids, scenario_id, without_timer, with_timer })
            })
        })
        .await
}

/// The steps of a call, locked, in its order.
struct LockedSteps {
    rows: Vec<CrmStepRow>,
    /// Their scenario; none if the call names no steps.
    scenario: Option<LockedScenario>,
    /// The index of the step before which the placement is.
    before_index: i32,
}

/// Locks the scenario of these steps, and returns them if the client may change them: they are of one
/// scenario, it and they are as the client expects, and the placement is one for them.
async fn lock_steps(
    unit: &mut UnitOfWork,
    selected: &SelectedSteps,
    to: Option<&Placement>,
    expected_revision: Option<i32>,
) -> Attempt<LockedSteps, Vec<CrmStepRow>> {
    let organization = unit.organization();
    let ids: Vec<Uuid> = selected.ids().collect();
    let is_selected = crm_step::Column::OrganizationId
        .eq(organization.0)
        .and(crm_step::Column::Id.is_in(padded(ids.iter().copied())));
    let found = positions(unit, is_selected).await?;
    // That of the first one that exists; the others have to be in it too. The scenario of a step never
    // changes.
    let scenario_id = ids
        .iter()
        .find_map(|id| found.iter().find(|step| step.id == *id))
        .map(|step| step.scenario_id);
    let mut references = ReferencedIds::default();
    references.scenarios.extend(scenario_id);
    if let Some(to) = to {
        references.place(scenario_id, to);
    }
    let mut resolved = resolve_own(unit, references).await?;
    let scenario = scenario_id.and_then(|id| resolved.scenarios.remove(&id));
    // Read again: some may have been changed or deleted while the call waited for the lock.
    let mut steps =
        tenant::find::<crm_step::Entity>(organization, unit.transaction(), &ids).await?;
    let selectable = |step: &crm_step::Model| SelectableStep {
        scenario_id: step.scenario_id,
        version: step.version,
    };
    let stored = steps.iter().map(|(id, step)| (*id, selectable(step))).collect();
    let mut rows_of = async |ids: Vec<Uuid>| {
        let steps = ids.iter().filter_map(|id| steps.remove(id)).collect();
        with_candidates(organization, unit.transaction(), steps).await
    };
    let (ids, SelectionRejected { violations, mut stale }) =
        match selected.check(scenario_id, &stored) {
            Ok(ids) => (ids, SelectionRejected::default()),
            Err(rejected) => (ids, rejected),
        };
    let revision = scenario
        .as_ref()
        .map_or(Ok(()), |scenario| check_revision(expected_revision, scenario.row.revision));
    if revision.is_err() {
        stale.clone_from(&ids);
    }
    let order = scenario.as_ref().map(|scenario| (scenario.row.id, &scenario.order));
    // Without steps nothing is placed.
    let placed = match to.filter(|_| !selected.ids.is_empty()) {
        Some(to) => to.check(order, &ids, &resolved.references.steps),
        None => Ok(0),
    };
    let (before_index, placed) = match placed {
        Ok(index) => (index, Ok(())),
        Err(violations) => (0, Err(violations)),
    };
    if let Err(violations) = Violations::of_all([Err(violations), revision, placed]) {
        return Err(Abort::conflict(violations, rows_of(stale).await?));
    }
    Ok(LockedSteps { rows: rows_of(ids).await?, scenario, before_index })
}

/// All steps of a scenario in their order, with the columns that are never null.
async fn all_positions(
    unit: &UnitOfWork,
    scenario: &LockedScenario,
) -> Result<Vec<crm_step::Model>, StoreError> {
    let of_scenario = crm_step::Column::OrganizationId
        .eq(unit.organization().0)
        .and(crm_step::Column::ScenarioId.eq(scenario.row.id));
    let mut steps = positions(unit, of_scenario).await?;
    steps.sort_unstable_by_key(|step| step.index);
    Ok(steps)
}

/// The row at another index.
fn at_index(row: &CrmStepRow, index: usize) -> CrmStepRow {
    let mut row = row.clone();
    row.step.index = i32::try_from(index).unwrap_or(i32::MAX);
    row
}

/// The index of a step as a place in a list.
fn place(index: i32) -> usize {
    usize::try_from(index).unwrap_or_default()
}
