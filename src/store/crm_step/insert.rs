//! Writing new steps.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    references::{ResolvedReferences, resolve_references},
    row::{CrmStepRow, new_row},
    step_order::StepAppender,
};
use crate::{
    domain::{
        crm_step::{CrmStepInput, NewCrmStep, ReferencedIds},
        text::without_case,
        url::WebhookHosts,
        violation::{Checked, Violations},
    },
    entity::{agent, crm_scenario, crm_step, crm_step_assignee, crm_step_tag},
    store::{
        StoreError,
        kit::tenant::{self, into_full_active_model, rows_of_one_statement},
        unit_of_work::UnitOfWork,
    },
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
        scenarios: &HashMap<Uuid, crm_scenario::Model>,
        agents: &HashMap<Uuid, agent::Model>,
    ) -> Self {
        let step = &row.step;
        let named = [step.agent_id, step.zapi_agent_id, step.whatsapp_template_agent_id];
        let named: BTreeSet<Uuid> = named.into_iter().flatten().collect();
        Self {
            scenario: scenarios.get(&step.scenario_id).cloned(),
            agents: named.iter().filter_map(|id| agents.get(id).cloned()).collect(),
            row,
        }
    }
}

/// Checks steps of several callers and appends those that are valid to their scenarios, with their
/// history. After that only the commit may follow.
pub(super) async fn create_all(
    unit: &mut UnitOfWork,
    creations: &[&Creation],
) -> Result<Vec<Result<Created, Violations>>, StoreError> {
    let mut ids = ReferencedIds::default();
    for creation in creations {
        ids.extend(creation.input.referenced_ids());
    }
    let ResolvedReferences { mut references, scenarios, agents, .. } =
        resolve_references(unit, &ids).await?;
    let mut appender = StepAppender::new(scenarios);
    let mut rows = Vec::with_capacity(creations.len());
    let mut checked = Vec::with_capacity(creations.len());
    for creation in creations {
        let Creation { input, hosts, actor, now } = (*creation).clone();
        let id = input.id_to_have();
        let step = match input.check(id, &references, &hosts) {
            Ok(step) => step.into_inner(),
            Err(violations) => {
                checked.push(Err(violations.within("input")));
                continue;
            }
        };
        // Of several steps that choose one id, the first gets it.
        references.taken.insert(id);
        let position = appender.append(step.scenario_id)?;
        unit.act_for(actor, now);
        let row = new_row(unit, step, position)?;
        unit.created(&row)?;
        rows.push(row);
        checked.push(Ok(()));
    }
    let mut batch = unit.batch();
    appender.save_with(&mut batch, unit.organization());
    batch.insert(rows.iter().map(|row| into_full_active_model(row.step.clone())));
    batch.insert_any_number(rows.iter().flat_map(candidates));
    batch.insert_any_number(rows.iter().flat_map(tags));
    unit.write_with_history(batch).await?;
    let mut created = rows.into_iter().map(|row| Created::new(row, &appender.scenarios, &agents));
    let mut next_created = |()| created.next().expect("there is a row for each that was checked");
    Ok(checked.into_iter().map(|checked| checked.map(&mut next_created)).collect())
}

/// Appends steps to their locked scenarios, with their history. Their timers may refer to each
/// other.
pub(crate) async fn append(
    unit: &mut UnitOfWork,
    scenarios: HashMap<Uuid, crm_scenario::Model>,
    steps: Vec<Checked<NewCrmStep>>,
) -> Result<Vec<CrmStepRow>, StoreError> {
    let mut rows = Vec::with_capacity(steps.len());
    let mut appender = StepAppender::new(scenarios);
    for step in steps {
        let step = step.into_inner();
        let position = appender.append(step.scenario_id)?;
        rows.push(new_row(unit, step, position)?);
    }
    let mut batch = unit.batch();
    appender.save_with(&mut batch, unit.organization());
    batch.execute(unit.transaction()).await?;
    insert_rows(unit, rows.clone()).await?;
    Ok(rows)
}

/// Inserts steps at the positions that they have, with their history. Their timers may refer to
/// each other.
pub async fn insert_rows(unit: &mut UnitOfWork, rows: Vec<CrmStepRow>) -> Result<(), StoreError> {
    write(unit, &rows).await?;
    for row in &rows {
        unit.created(row)?;
    }
    Ok(())
}

/// Inserts the rows of steps, of their candidates and of their tags. Timers may refer to steps of
/// later statements.
async fn write(unit: &UnitOfWork, rows: &[CrmStepRow]) -> Result<(), DbErr> {
    let transaction = unit.transaction();
    let mut steps: Vec<crm_step::Model> = rows.iter().map(|row| row.step.clone()).collect();
    // The database checks references at the end of each statement. A timer that refers to a step of
    // a later statement is set after all steps are inserted.
    let chunk = rows_of_one_statement::<crm_step::Entity>();
    let statement_of: HashMap<Uuid, usize> =
        steps.iter().enumerate().map(|(index, step)| (step.id, index / chunk)).collect();
    let mut later = Vec::new();
    for (index, step) in steps.iter_mut().enumerate() {
        let target = step.auto_next_step_id;
        if target.and_then(|id| statement_of.get(&id)).is_some_and(|at| *at > index / chunk) {
            later.push((step.id, step.auto_next_step_id.take()));
        }
    }
    tenant::insert(transaction, steps).await?;
    for (id, target) in later {
        crm_step::Entity::update_many()
            .col_expr(crm_step::Column::AutoNextStepId, Expr::value(target))
            .filter(crm_step::Column::OrganizationId.eq(unit.organization().0))
            .filter(crm_step::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    let all: Vec<_> = rows.iter().flat_map(candidates).collect();
    tenant::insert(transaction, all).await?;
    let all: Vec<_> = rows.iter().flat_map(tags).collect();
    tenant::insert(transaction, all).await
}

/// The rows of the candidates of a step.
pub(super) fn candidates(row: &CrmStepRow) -> impl Iterator<Item = crm_step_assignee::Model> {
    row.membership_ids.iter().zip(0..).map(|(membership_id, position)| crm_step_assignee::Model {
        organization_id: row.step.organization_id,
        step_id: row.step.id,
        position,
        membership_id: *membership_id,
    })
}

/// The rows of the tags of a step.
pub(super) fn tags(row: &CrmStepRow) -> impl Iterator<Item = crm_step_tag::Model> {
    let tags = row.step.default_tags.iter().flat_map(|tags| &tags.0);
    tags.map(|tag| crm_step_tag::Model {
        organization_id: row.step.organization_id,
        tag: tag.clone(),
        step_id: row.step.id,
        tag_caseless: Some(without_case(tag)),
    })
}
