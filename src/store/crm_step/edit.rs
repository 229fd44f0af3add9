//! Updating, moving and deleting steps.

use std::{borrow::Cow, collections::HashMap};

use sea_orm::{
    ColumnTrait as _, DbErr, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    deleted::{DeletedStep, lost_timer, make_restorable},
    patch::{PatchedStep, StepUpdate},
    read::{find_at, with_candidates},
    references::{ResolvedReferences, resolve_own},
    row::{self, CrmStepRow},
    step_order::{self, LockedScenario},
};
use crate::{
    domain::{
        access_token::Scope,
        change::Action,
        conflict::{check_revision, check_version},
        crm_step::{CrmStepInput, Neighbours, Placement, ReferencedIds, TIMER_WITHOUT_TARGET},
        url::WebhookHosts,
        violation::Violations,
    },
    entity::{crm_scenario, crm_step},
    store::{
        StoreError,
        kit::tenant::{self, TenantEntity as _, padded},
        mutation::{Abort, Attempt, MutationRequest, Outcome},
        resource::not_found,
        unit_of_work::UnitOfWork,
    },
};

/// Applies a patch to the input of a step, checks what it changes and updates the step. A patch
/// that changes nothing leaves the version as it is.
pub async fn update(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_version: Option<i32>,
    hosts: WebhookHosts,
    patch: impl FnOnce(&mut CrmStepInput) + Send + 'static,
) -> Result<Outcome<CrmStepRow, CrmStepRow>, StoreError> {
    let reads_secrets = request.call.caller.scopes.contains(&Scope::Secrets);
    request
        .run(move |unit| {
            Box::pin(async move {
                let LockedStep { row: before, mut scenario, .. } =
                    lock_step(unit, id, expected_version, None).await?;
                let patched = PatchedStep::new(unit.keys(), before, reads_secrets, patch)?;
                let known = resolve_own(unit, ReferencedIds::of([&patched.input])).await?;
                let StepUpdate { before, after, is_change } =
                    patched.check(unit, &known.references, &hosts)??;
                if is_change {
                    scenario.raise_revision(unit.now());
                    step_order::save(unit, [&scenario]);
                    unit.change(Action::Updated, &before, &after)?;
                }
                Ok(after)
            })
        })
        .await
}

/// Moves a step within its scenario, which changes the revision of the scenario and not the version
/// of the step.
pub async fn relocate(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    to: Placement,
    (expected_version, expected_revision): (Option<i32>, Option<i32>),
) -> Result<Outcome<CrmStepRow, CrmStepRow>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                let LockedStep { row: before, mut scenario, steps } =
                    lock_step(unit, id, None, Some(&to)).await?;
                let version = check_version(expected_version, before.step.version);
                let revision = check_revision(expected_revision, scenario.row.revision);
                let order = Some((scenario.row.id, &scenario.order));
                let placed = to.check(order, &[before.step.id], &steps);
                let before_index = match (Violations::of_all([version, revision]), placed) {
                    (Ok(()), placed) => placed?,
                    (Err(mut violations), placed) => {
                        violations.extend(placed.err().into_iter().flatten());
                        return Err(Abort::conflict(violations, before));
                    }
                };
                let position = scenario.relocate(unit, &before.step, before_index)?;
                let mut after = before.clone();
                if position.index != before.step.index {
                    step_order::save(unit, [&scenario]);
                    row::set_position(&mut after.step, position);
                    unit.change(Action::Moved, &before, &after)?;
                }
                Ok(after)
            })
        })
        .await
}

/// A deleted step.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeletedCrmStep {
    /// Its id.
    pub id: Uuid,
    /// The scenario of the step, after the change.
    pub scenario: crm_scenario::Model,
    /// The steps whose timers referred to it and were cleared.
    pub without_timer: Vec<CrmStepRow>,
    /// The same steps before that; none in a replayed outcome.
    #[serde(skip)]
    pub with_timer: Vec<CrmStepRow>,
}

/// Deletes a step, and clears the timers that refer to it. It can be restored if it
/// `is_restorable`.
pub async fn delete(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_version: Option<i32>,
    is_restorable: bool,
) -> Result<Outcome<DeletedCrmStep, CrmStepRow>, StoreError> {
    request
        .run(move |unit| {
            Box::pin(async move {
                let LockedStep { row, mut scenario, .. } =
                    lock_step(unit, id, expected_version, None).await?;
                let id = row.step.id;
                let (with_timer, mut without_timer) = clear_timers(unit, &[id]).await?;
                if is_restorable {
                    let neighbours = neighbours(unit, &row.step).await?;
                    let timers = with_timer.iter().map(|before| lost_timer(&before.step)).collect();
                    let row = Cow::Borrowed(&row);
                    let step = DeletedStep { row, neighbours, timers, with_scenario: false };
                    make_restorable(unit, [step])?;
                }
                unit.delete(&row)?;
                scenario.remove(unit, row.step.index);
                step_order::save(unit, [&scenario]);
                for other in
                    without_timer.iter_mut().filter(|other| other.step.index > row.step.index)
                {
                    other.step.index -= 1;
                }
                Ok(DeletedCrmStep { id, scenario: scenario.row, without_timer, with_timer })
            })
        })
        .await
}

/// The steps beside a step.
async fn neighbours(unit: &UnitOfWork, step: &crm_step::Model) -> Result<Neighbours, DbErr> {
    let at = |by| (step.scenario_id, step.index + by);
    let steps = find_at(unit.organization(), unit.transaction(), &[at(-1), at(1)]).await?;
    let id = |by| steps.get(&at(by)).map(|step| step.id);
    Ok(Neighbours { previous: id(-1), next: id(1) })
}

/// Clears the timers of other steps that refer to these, and returns their steps before and after the
/// change, in the order of their indexes.
pub(super) async fn clear_timers(
    unit: &mut UnitOfWork,
    targets: &[Uuid],
) -> Result<(Vec<CrmStepRow>, Vec<CrmStepRow>), StoreError> {
    let (organization, transaction, now) = (unit.organization(), unit.transaction(), unit.now());
    let targets = padded(targets.iter().copied());
    let refers = Expr::col(crm_step::Column::AutoNextStepId)
        .is_in(targets.clone())
        .and(Expr::col(crm_step::Column::Id).is_not_in(targets));
    let steps = tenant::of::<crm_step::Entity>(organization)
        .filter(refers.clone())
        .order_by_asc(crm_step::Column::Index)
        .lock_exclusive()
        .all(transaction)
        .await?;
    if steps.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let befores = with_candidates(organization, transaction, steps).await?;
    let (step_id, time, time_unit) = TIMER_WITHOUT_TARGET;
    let clear = Query::update()
        .table(crm_step::Entity)
        .value(crm_step::Column::AutoNextStepId, step_id)
        .value(crm_step::Column::AutoNextTime, time)
        .value(crm_step::Column::AutoNextTimeUnit, time_unit.map(|unit| unit.to_string()))
        .value(crm_step::Column::Version, Expr::col(crm_step::Column::Version).add(1))
        .value(crm_step::Column::UpdatedAt, now)
        .and_where(crm_step::Column::OrganizationId.eq(organization.0))
        .and_where(refers)
        .to_owned();
    unit.writes().update(clear);
    unit.writes().then();
    let mut afters = Vec::with_capacity(befores.len());
    for before in &befores {
        let mut after = before.clone();
        row::clear_timer(&mut after.step);
        crm_step::Entity::touch(&mut after.step, now);
        unit.record(Action::Updated, Some(before), Some(&after))?;
        afters.push(after);
    }
    Ok((befores, afters))
}

/// A step that is locked.
pub(super) struct LockedStep {
    pub(super) row: CrmStepRow,
    pub(super) scenario: LockedScenario,
    /// The scenario of each existing step to which the placement refers.
    pub(super) steps: HashMap<Uuid, Uuid>,
}

/// Locks the step with this id and its scenario, reads what has to be known to move it, and returns
/// them if the step is at the version that the client expects.
pub(super) async fn lock_step(
    unit: &mut UnitOfWork,
    id: Option<Uuid>,
    expected_version: Option<i32>,
    to: Option<&Placement>,
) -> Attempt<LockedStep, CrmStepRow> {
    let organization = unit.organization();
    // The scenario is locked before the step. The scenario of a step never changes.
    let scenario_id: Option<Uuid> = match id {
        Some(id) => {
            tenant::of::<crm_step::Entity>(organization)
                .select_only()
                .column(crm_step::Column::ScenarioId)
                .filter(crm_step::Column::Id.eq(id))
                .into_tuple()
                .one(unit.transaction())
                .await?
        }
        None => None,
    };
    let mut ids = ReferencedIds::default();
    ids.scenarios.extend(scenario_id);
    if let Some(to) = to {
        ids.place(scenario_id, to);
    }
    let ResolvedReferences { mut scenarios, references, .. } = resolve_own(unit, ids).await?;
    let scenario = scenario_id.and_then(|id| scenarios.remove(&id));
    let step = match id.filter(|_| scenario.is_some()) {
        Some(id) => unit.lock::<crm_step::Entity>(id).await?,
        None => None,
    };
    let step = step.into_iter().collect();
    let row = with_candidates(organization, unit.transaction(), step).await?.pop();
    let (Some(scenario), Some(row)) = (scenario, row) else {
        let mut violations = not_found();
        // A position beside the step itself has nothing else wrong with it.
        let beside_others = to.filter(|to| to.neighbour_id().is_none_or(|other| Some(other) != id));
        let placed = beside_others.map(|to| to.check(None, &[], &references.steps));
        violations.extend(placed.and_then(Result::err).into_iter().flatten());
        return Err(violations.into());
    };
    match check_version(expected_version, row.step.version) {
        Ok(()) => Ok(LockedStep { row, scenario, steps: references.steps }),
        Err(violations) => Err(Abort::conflict(violations, row)),
    }
}
