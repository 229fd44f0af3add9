//! Calls that create steps.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    references::{ResolvedReferences, resolve_references},
    row::{CrmStepRow, new_row},
    step_order,
};
use crate::{
    domain::{
        call::Call,
        conflict::check_revision,
        crm_step::{Batch, BatchMode, Placement, ReferencedIds},
        id::{OrganizationId, parse_id},
        url::WebhookHosts,
        violation::{ViolationView, Violations},
    },
    entity::{agent, crm_scenario},
    store::{
        StoreError,
        commit_queue::{CommitQueue, NoOutcome, SharedCall},
        kit::{idempotency::look_up, locks::Lock},
        mutation::{Attempt, MutationRequest, Outcome, earlier, end, outcome},
        unit_of_work::UnitOfWork,
    },
};

/// A call that creates steps.
#[derive(Debug, Clone)]
pub struct Creation {
    call: Call,
    steps: NewSteps,
    /// Whether it is to be committed, in a transaction that other calls share.
    is_committed: bool,
}

/// The steps of a call.
#[derive(Debug, Clone)]
pub struct NewSteps {
    /// The steps.
    pub batch: Batch,
    /// What to do if some of them are invalid.
    pub mode: BatchMode,
    /// The position of a single step; many are appended.
    pub to: Placement,
    /// The allowed hosts of webhooks.
    pub hosts: WebhookHosts,
    /// The maximum number of steps of a scenario.
    pub max_steps: usize,
    /// The revision of the scenario of a single step that the client expects, if it gives one.
    pub expected_revision: Option<i32>,
}

/// A created step, with rows that were read to check it and that clients often select with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Created {
    /// The step.
    #[serde(flatten)]
    pub row: CrmStepRow,
    /// Its scenario; none in a stored outcome.
    #[serde(skip)]
    pub scenario: Option<crm_scenario::Model>,
    /// The agents that it refers to; none in a stored outcome.
    #[serde(skip)]
    pub agents: Vec<agent::Model>,
}

/// The outcome of a call that creates steps.
#[derive(Debug, Serialize, Deserialize)]
pub struct CreatedSteps {
    /// For each step of the call its new row; none if the step was skipped.
    pub rows: Vec<Option<Created>>,
    /// The violations of the skipped steps.
    pub skipped: Vec<ViolationView>,
}

impl CreatedSteps {
    /// The steps that were created.
    pub fn steps(&self) -> impl Iterator<Item = &CrmStepRow> + Clone {
        self.rows.iter().flatten().map(|created| &created.row)
    }
}

/// Checks steps and stores those that are valid. The rows on which the rules depend are read in the
/// same transaction, which other calls share.
pub async fn create(
    request: MutationRequest<'_>,
    queue: &CommitQueue<Creation>,
    steps: NewSteps,
) -> Result<Outcome<CreatedSteps>, NoOutcome> {
    let MutationRequest { db, call, key_violations } = request;
    let validate_only = call.validate_only;
    let is_committed = !validate_only && key_violations.is_empty();
    let creation = Creation { call, steps, is_committed };
    let executed = if is_committed {
        queue.execute(creation).await?
    } else {
        let mut unit = UnitOfWork::begin(db, &creation.call).await?;
        let executed = Creation::execute_all(&mut unit, &[&creation]).await;
        let executed = executed.map(|mut executed| executed.remove(0));
        end(unit, executed, is_committed).await?.of_request(validate_only, key_violations)
    };
    Ok(executed)
}

impl SharedCall for Creation {
    type Outcome = Outcome<CreatedSteps>;

    fn call(&self) -> &Call {
        &self.call
    }

    fn size(&self) -> usize {
        self.steps.batch.count()
    }

    fn execute_all<'a>(
        unit: &'a mut UnitOfWork,
        creations: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Vec<Outcome<CreatedSteps>>, StoreError>> {
        Box::pin(async move {
            let calls: Vec<&Call> = creations.iter().map(|creation| &creation.call).collect();
            let found_earlier = look_up(unit.transaction(), unit.engine(), &calls).await?;
            let mut ids: HashMap<OrganizationId, ReferencedIds> = HashMap::new();
            let new = creations.iter().zip(&found_earlier).filter(|(_, found)| found.is_none());
            for (Self { call, steps, .. }, _) in new {
                let ids = ids.entry(call.caller.organization).or_default();
                ids.extend(steps.batch.inputs());
                ids.place(steps.scenario(), &steps.to);
            }
            let is_committed = creations.iter().all(|creation| creation.is_committed);
            let history = Lock::histories(ids.keys().filter(|_| is_committed).copied());
            let mut found = resolve_references(unit, &ids, history).await?;
            let mut executed = Vec::with_capacity(creations.len());
            for (Self { call, steps, .. }, found_earlier) in creations.iter().zip(found_earlier) {
                unit.act_for(call);
                if let Some(found) = found_earlier {
                    executed.push(earlier(found, |stored| steps.replayed(stored))?);
                    continue;
                }
                let found = found.entry(call.caller.organization).or_default();
                let attempt = steps.clone().create(unit, found);
                executed.push(outcome(unit, attempt, |created| steps.stored(created))?);
            }
            step_order::save(unit, found.values().flat_map(|found| found.scenarios.values()));
            Ok(executed)
        })
    }
}

impl NewSteps {
    /// Creates the valid steps, or none if all have to be valid.
    fn create(
        self,
        unit: &mut UnitOfWork,
        found: &mut ResolvedReferences,
    ) -> Attempt<CreatedSteps> {
        let before_index = before_index(self.scenario(), &self.to, found);
        let revision = self.check_revision(found);
        let Self { batch, mode, hosts, max_steps, .. } = self;
        let mut rows: Vec<Option<Created>> = vec![None; batch.count()];
        let (steps, mut violations) = batch.check(mode, &found.references, &hosts, max_steps);
        let is_none_created = mode == BatchMode::Atomic || steps.is_empty();
        let before_index = before_index.unwrap_or_else(|of_position| {
            violations.extend(of_position);
            None
        });
        violations.extend(revision.err().unwrap_or_default());
        if is_none_created && !violations.is_empty() {
            return Err(violations.into());
        }
        for (index, step) in steps {
            let step = step.into_inner();
            let not_locked = || StoreError::invariant("a new step's scenario is not locked");
            let scenario = found.scenarios.get_mut(&step.scenario_id).ok_or_else(not_locked)?;
            let position = match before_index {
                None => scenario.append(unit, step.id),
                Some(before) => scenario.insert(unit, step.id, before)?,
            };
            // Of several steps that choose one id, the first gets it.
            found.references.taken.insert(step.id);
            let scenario_id = step.scenario_id;
            *found.references.step_counts.entry(scenario_id).or_default() += 1;
            if let Some(key) = step.input.key.clone() {
                found.references.keys.insert((scenario_id, key), step.id);
            }
            let row = new_row(unit, step, position)?;
            unit.create(&row)?;
            rows[index] = Some(Created::new(row, found));
        }
        let skipped = violations.into_iter().map(|violation| violation.report()).collect();
        Ok(CreatedSteps { rows, skipped })
    }

    fn check_revision(&self, found: &ResolvedReferences) -> Result<(), Violations> {
        let scenario = self.scenario().and_then(|id| found.scenarios.get(&id));
        scenario.map_or(Ok(()), |scenario| {
            check_revision(self.expected_revision, scenario.row.revision)
        })
    }

    /// The scenario of a single step.
    fn scenario(&self) -> Option<Uuid> {
        parse_id(&self.batch.inputs().next()?.scenario_id)
    }

    /// The JSON that is stored under the key of the call.
    fn stored(&self, created: &CreatedSteps) -> Result<Json, serde_json::Error> {
        match created.rows.as_slice() {
            [Some(row)] if self.batch.is_single() => serde_json::to_value(row),
            _ => serde_json::to_value(created),
        }
    }

    /// The outcome of which this JSON is stored.
    fn replayed(&self, stored: Json) -> Result<CreatedSteps, serde_json::Error> {
        if !self.batch.is_single() {
            return serde_json::from_value(stored);
        }
        let rows = vec![Some(serde_json::from_value(stored)?)];
        Ok(CreatedSteps { rows, skipped: Vec::new() })
    }
}

/// The index of the step before which a single step is inserted; none if it is appended.
fn before_index(
    scenario: Option<Uuid>,
    to: &Placement,
    found: &ResolvedReferences,
) -> Result<Option<i32>, Violations> {
    if *to == Placement::default() {
        return Ok(None);
    }
    let scenario = scenario.and_then(|id| Some((id, &found.scenarios.get(&id)?.order)));
    to.check(scenario, &[], &found.references.steps).map(Some)
}

impl Created {
    fn new(row: CrmStepRow, found: &ResolvedReferences) -> Self {
        let step = &row.step;
        let named = [step.agent_id, step.zapi_agent_id, step.whatsapp_template_agent_id];
        let named: BTreeSet<Uuid> = named.into_iter().flatten().collect();
        Self {
            scenario: found.scenarios.get(&step.scenario_id).map(|scenario| scenario.row.clone()),
            agents: named.iter().filter_map(|id| found.agents.get(id).cloned()).collect(),
            row,
        }
    }
}
