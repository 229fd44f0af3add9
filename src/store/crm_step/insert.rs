//! Writing new steps.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    references::{ResolvedReferences, resolve_references},
    row::{CrmStepRow, new_row},
    step_order::{self, StepOrder},
};
use crate::{
    domain::{
        crm_step::{CrmStepInput, NewCrmStep, ReferencedIds},
        url::WebhookHosts,
        violation::{Checked, Violations},
    },
    entity::{agent, crm_scenario},
    store::{StoreError, unit_of_work::UnitOfWork},
};

/// A step to create.
#[derive(Clone)]
pub(super) struct Creation {
    pub(super) input: CrmStepInput,
    pub(super) hosts: WebhookHosts,
    /// The id and the name of the token of the call.
    pub(super) actor: (Uuid, String),
    /// The time of the call.
    pub(super) now: DateTime<Utc>,
}

/// A created step, with rows that were read to check it and that clients often select with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Created {
    /// The step.
    #[serde(flatten)]
    pub row: CrmStepRow,
    /// Its scenario, with the new number of steps; none in a stored outcome.
    #[serde(skip)]
    pub scenario: Option<crm_scenario::Model>,
    /// The agents that it refers to; none in a stored outcome.
    #[serde(skip)]
    pub agents: Vec<agent::Model>,
}

impl Created {
    pub(super) fn new(
        row: CrmStepRow,
        orders: &HashMap<Uuid, StepOrder>,
        agents: &HashMap<Uuid, agent::Model>,
    ) -> Self {
        let step = &row.step;
        let named = [step.agent_id, step.zapi_agent_id, step.whatsapp_template_agent_id];
        let named: BTreeSet<Uuid> = named.into_iter().flatten().collect();
        Self {
            scenario: orders.get(&step.scenario_id).map(|order| order.scenario.clone()),
            agents: named.iter().filter_map(|id| agents.get(id).cloned()).collect(),
            row,
        }
    }
}

/// Checks steps of several callers and appends those that are valid to their scenarios, with their
/// history.
pub(super) async fn create_all(
    unit: &mut UnitOfWork,
    creations: &[&Creation],
) -> Result<Vec<Result<Created, Violations>>, StoreError> {
    let ids = ReferencedIds::of(creations.iter().map(|creation| &creation.input));
    let ResolvedReferences { mut references, mut orders, agents, .. } =
        resolve_references(unit, &ids).await?;
    let mut results = Vec::with_capacity(creations.len());
    for creation in creations {
        let Creation { input, hosts, actor, now } = (*creation).clone();
        let id = input.id_to_have();
        let step = match input.check(id, &references, &hosts) {
            Ok(step) => step,
            Err(violations) => {
                results.push(Err(violations.within("input")));
                continue;
            }
        };
        // Of several steps that choose one id, the first gets it.
        references.taken.insert(id);
        unit.act_for(actor, now);
        results.push(Ok(append(unit, &mut orders, step)?));
    }
    step_order::save(unit, orders.values());
    unit.execute().await?;
    let created = |row| Created::new(row, &orders, &agents);
    Ok(results.into_iter().map(|result| result.map(created)).collect())
}

/// Appends steps to their locked scenarios. Their timers may refer to each other.
pub(crate) fn append_all(
    unit: &mut UnitOfWork,
    orders: &mut HashMap<Uuid, StepOrder>,
    steps: impl IntoIterator<Item = Checked<NewCrmStep>>,
) -> Result<Vec<CrmStepRow>, StoreError> {
    let rows = steps.into_iter().map(|step| append(unit, orders, step)).collect();
    step_order::save(unit, orders.values());
    rows
}

/// Appends a step to its locked scenario, and adds that to the history. The caller saves the order.
fn append(
    unit: &mut UnitOfWork,
    orders: &mut HashMap<Uuid, StepOrder>,
    step: Checked<NewCrmStep>,
) -> Result<CrmStepRow, StoreError> {
    let step = step.into_inner();
    let order = orders.get_mut(&step.scenario_id);
    let order =
        order.ok_or_else(|| StoreError::invariant("a new step's scenario is not locked"))?;
    let row = new_row(unit, step, order.append())?;
    unit.create(&row)?;
    Ok(row)
}
