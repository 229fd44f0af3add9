//! Applying a specification to a pipeline.

use sea_orm::{DbErr, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{PipelineRows, agents_and_memberships};
use crate::{
    domain::{
        access_token::Scope,
        change::Action,
        conflict::{check_deletions, check_revision},
        crm_step::{ReferencedIds, References},
        flow::{
            diagnostics::{DiagnosticView, diagnose},
            directory::Directory,
            plan::CrmScenarioPlan,
            resolve::{Resolved, Target, resolve},
            spec::PipelineSpec,
        },
        id::{new_id, parse_id},
        keys::{find_scenario, is_key},
        url::WebhookHosts,
        violation::{ViolationKind, Violations},
    },
    entity::crm_scenario,
    store::{
        StoreError, crm_step,
        kit::tenant::{self, TenantEntity as _},
        mutation::{Abort, MutationRequest, Outcome},
        resource::{Resource as _, scenario_with_key},
        unit_of_work::UnitOfWork,
    },
};

/// How many scenarios an apply locks one after the other because each time the key means another one
/// once it has the lock.
const LOCK_ATTEMPTS: usize = 3;

/// A specification, and what it is applied to.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// The id of the scenario, if one is given.
    pub id: Option<String>,
    /// The specification.
    pub spec: PipelineSpec,
    /// The revision of the scenario that the client expects, if it gives one; 0 if it does not exist.
    pub expected_revision: Option<i32>,
    /// The allowed hosts of webhooks.
    pub hosts: WebhookHosts,
    /// The maximum number of steps.
    pub max_steps: usize,
    /// Whether steps that are deleted are kept, so that they can be restored.
    pub are_deleted_restorable: bool,
}

/// A specification that was applied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Applied {
    /// The scenario after the change.
    pub scenario: crm_scenario::Model,
    /// What was changed.
    pub plan: CrmScenarioPlan,
    /// The diagnostics of the pipeline after the change, with the ids of its steps.
    pub diagnostics: Vec<(DiagnosticView, Vec<Uuid>)>,
}

/// What prevents an apply.
#[derive(Debug, Clone)]
pub enum NotApplied {
    /// The scenario has another revision. It does not exist if there is none.
    Stale(Option<crm_scenario::Model>),
    /// Steps would be deleted, and the client gave no revision.
    Unconfirmed(CrmScenarioPlan),
}

/// Applies a specification in one transaction: what it lacks is deleted, and steps that it has by
/// their keys keep their ids. Nothing is written if nothing changes.
pub async fn apply(
    request: MutationRequest<'_>,
    input: ApplyRequest,
) -> Result<Outcome<Applied, NotApplied>, StoreError> {
    let validate_only = request.call.validate_only;
    let reads_secrets = request.call.caller.scopes.contains(&Scope::Secrets);
    request
        .run(move |unit| {
            Box::pin(async move {
                let (before, directory) = input.lock(unit).await?;
                let stored = before.as_ref().map(|rows| rows.opened(unit.keys())).transpose()?;
                let other = input.other_with_key(unit, before.as_ref()).await?;
                // One that was created since this call looked for it is the one that it would change.
                let current = before.as_ref().map(|rows| &rows.scenario).or(other.as_ref());
                let revision = current.map_or(0, |scenario| scenario.revision);
                let mut violations = Violations::default();
                if input.id.is_some() && before.is_none() {
                    violations.add("id", ViolationKind::NOT_FOUND);
                } else if let Err(stale) = check_revision(input.expected_revision, revision) {
                    let current = current.cloned();
                    return Err(Abort::conflict(stale, NotApplied::Stale(current)));
                }
                let target = Target {
                    stored: stored.as_ref(),
                    is_key_taken: other.is_some(),
                    directory: &directory,
                    hosts: &input.hosts,
                    reads_secrets,
                    max_steps: input.max_steps,
                };
                let resolved = violations
                    .and(resolve(&input.spec, &target, new_id))
                    .map_err(|violations| violations.within("input"))?;
                let plan = CrmScenarioPlan::new(stored.as_ref(), &resolved, &directory);
                let deletions = check_deletions(input.expected_revision, resolved.deleted.len());
                if let Err(violations) = deletions
                    && !validate_only
                {
                    return Err(Abort::conflict(violations, NotApplied::Unconfirmed(plan)));
                }
                let flow = resolved.after.flow();
                let ids: Vec<Uuid> = resolved.after.steps.iter().map(|step| step.id).collect();
                let with_ids = |view: DiagnosticView| {
                    let ids = view.step_indexes.iter().map(|index| ids[*index]).collect();
                    (view, ids)
                };
                let diagnostics =
                    diagnose(&flow).iter().map(|it| with_ids(it.report(&flow))).collect();
                let scenario = match before {
                    Some(before) if plan.is_empty() => before.scenario,
                    Some(before) => {
                        replace(unit, before, resolved, input.are_deleted_restorable).await?
                    }
                    None => create(unit, resolved).await?,
                };
                Ok(Applied { scenario, plan, diagnostics })
            })
        })
        .await
}

impl ApplyRequest {
    /// Locks the scenario, if it exists, and the agents and memberships to which the specification
    /// refers, and reads them.
    async fn lock(
        &self,
        unit: &mut UnitOfWork,
    ) -> Result<(Option<PipelineRows>, Directory), StoreError> {
        let organization = unit.organization();
        let (mut agents, mut memberships) =
            agents_and_memberships(organization, unit.transaction()).await?;
        let directory = Directory::new(agents.clone(), memberships.clone());
        let mut ids = ReferencedIds::default();
        (ids.agents, ids.memberships) = directory.referenced(&self.spec.references());
        let (known, scenario) = self.lock_found(unit, &ids).await?;
        // What was deleted meanwhile does not exist.
        agents.retain(|(id, _)| !ids.agents.contains(id) || known.agents.contains(id));
        memberships
            .retain(|(id, _)| !ids.memberships.contains(id) || known.memberships.contains(id));
        let rows = match scenario {
            Some(scenario) => {
                let transaction = unit.transaction();
                let steps = crm_step::of_scenario(organization, transaction, scenario.id).await?;
                Some(PipelineRows { scenario, steps })
            }
            None => None,
        };
        Ok((rows, Directory::new(agents, memberships)))
    }

    /// Locks and reads the scenario, if it exists, and what else has these ids. If its key means another
    /// one once this call has the lock, it locks that one, a few times at most.
    ///
    /// A later attempt holds the locks of the earlier ones, so two calls whose keys change their meanings
    /// at once can wait for each other. PostgreSQL then fails one of them, which changes nothing.
    async fn lock_found(
        &self,
        unit: &mut UnitOfWork,
        ids: &ReferencedIds,
    ) -> Result<(References, Option<crm_scenario::Model>), StoreError> {
        for _ in 0..LOCK_ATTEMPTS {
            let wanted = self.find(unit).await?;
            let ids = ReferencedIds { scenarios: wanted.into_iter().collect(), ..ids.clone() };
            let mut found = crm_step::resolve_own(unit, ids).await?;
            if wanted.is_none() || self.find(unit).await? == wanted {
                let scenario = wanted.and_then(|id| found.scenarios.remove(&id));
                return Ok((found.references, scenario.map(|locked| locked.row)));
            }
        }
        Err(StoreError::Contended)
    }

    /// The id of the scenario: the given one, or that of the scenario with the stated key.
    async fn find(&self, unit: &UnitOfWork) -> Result<Option<Uuid>, DbErr> {
        if let Some(id) = &self.id {
            return Ok(parse_id(id));
        }
        let Some(key) = &self.spec.key else { return Ok(None) };
        let scenarios: Vec<(Uuid, Option<String>, String)> =
            tenant::of::<crm_scenario::Entity>(unit.organization())
                .select_only()
                .columns([
                    crm_scenario::Column::Id,
                    crm_scenario::Column::Key,
                    crm_scenario::Column::Name,
                ])
                .order_by_asc(crm_scenario::Column::CreatedAt)
                .order_by_asc(crm_scenario::Column::Id)
                .into_tuple()
                .all(unit.transaction())
                .await?;
        let keys: Vec<_> =
            scenarios.iter().map(|(_, key, name)| (key.as_deref(), name.as_str())).collect();
        Ok(find_scenario(key, &keys).map(|index| scenarios[index].0))
    }

    /// The other scenario that has the stated key. None gets it until the transaction ends.
    async fn other_with_key(
        &self,
        unit: &mut UnitOfWork,
        before: Option<&PipelineRows>,
    ) -> Result<Option<crm_scenario::Model>, DbErr> {
        let Some(key) = self.spec.key.as_deref().filter(|key| is_key(key)) else {
            return Ok(None);
        };
        let owner = scenario_with_key(unit, key).await?;
        Ok(owner.filter(|owner| before.is_none_or(|rows| rows.scenario.id != owner.id)))
    }
}

/// Stores the changes of a pipeline, and returns its scenario.
async fn replace(
    unit: &mut UnitOfWork,
    PipelineRows { scenario: before, steps }: PipelineRows,
    mut resolved: Resolved,
    are_deleted_restorable: bool,
) -> Result<crm_scenario::Model, StoreError> {
    let input = resolved.scenario.take();
    let mut after = before.clone();
    crm_step::replace(unit, &mut after, &steps, resolved, are_deleted_restorable).await?;
    if let Some(input) = input {
        crm_scenario::Entity::assign(&mut after, input.into_inner());
        crm_scenario::Entity::touch(&mut after, unit.now());
        unit.change(Action::Updated, &before, &after)?;
    } else {
        tenant::count_change(&mut after);
        unit.writes().replace(Some(&before), Some(&after));
    }
    Ok(after)
}

/// Stores a pipeline that was resolved as a new one, and returns its scenario. The agents and
/// memberships to which it refers are stored before, or are among the writes of the unit of work.
pub async fn create(
    unit: &mut UnitOfWork,
    mut resolved: Resolved,
) -> Result<crm_scenario::Model, StoreError> {
    let input = resolved.scenario.take();
    let input = input.ok_or_else(|| StoreError::invariant("a new scenario has no input"))?;
    let (organization, id) = (unit.organization(), resolved.after.id);
    let before = crm_scenario::Entity::new(organization, id, input.into_inner(), unit.now());
    unit.create(&before)?;
    unit.writes().then();
    let mut after = before.clone();
    crm_step::replace(unit, &mut after, &[], resolved, false).await?;
    unit.writes().replace(Some(&before), Some(&after));
    Ok(after)
}
