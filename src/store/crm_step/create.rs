//! New steps.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    group_commit::{Creation, GroupCommit, NotCreated},
    references::{Known, look_up},
    row::{CrmStepRow, new_row},
    sequence::{self, Growing, Sequence},
};
use crate::{
    domain::{
        crm_step::{
            Batch, BatchMode, BatchStep, CrmStepInput, NewCrmStep, Placement, ReferencedIds,
        },
        id::parse_id,
        text::without_case,
        url::WebhookHosts,
        violation::{Checked, Report, Violations},
    },
    entity::{agent, crm_scenario, crm_step, crm_step_assignee, crm_step_tag},
    store::{
        StoreError,
        change::{Call, Change, Outcome},
        kit::tenant::{self, rows_of_one_statement, whole},
    },
};

/// A step that was created, and what was looked up for it on the way: what clients ask for next.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Created {
    /// The step.
    #[serde(flatten)]
    pub row: CrmStepRow,
    /// Its scenario, as it is with the step; none in an outcome that was kept.
    #[serde(skip)]
    pub scenario: Option<crm_scenario::Model>,
    /// The agents that it names; none in an outcome that was kept.
    #[serde(skip)]
    pub agents: Vec<agent::Model>,
}

impl Created {
    fn new(
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

/// Checks a step and, if it keeps all rules, stores it at its place. What the rules ask about
/// other things is looked up in the same transaction. A step that goes behind all others is
/// written together with those that come at the same time, unless its outcome is to be kept.
pub async fn create(
    call: Call<'_>,
    together: &GroupCommit,
    input: CrmStepInput,
    to: Placement,
    hosts: WebhookHosts,
) -> Result<Outcome<Created>, NotCreated> {
    if to == Placement::Last(true) && call.idempotency_key.is_none() && !call.validate_only {
        let actor = (call.caller.token_id, call.caller.token_name.clone());
        let creation = Creation { input, hosts, actor, now: call.now };
        let created = together.create(call.caller.organization, creation).await?;
        return Ok(match created {
            Ok(value) => Outcome::Done { value, replayed: false },
            Err(violations) => Outcome::Refused { refusal: violations.into(), otherwise: None },
        });
    }
    // Kept apart, so that a step on the way above does not take its room.
    let outcome = Box::pin(call.run(|change| {
        Box::pin(async move {
            let mut ids = input.referenced_ids();
            ids.steps.extend(to.neighbour_id());
            let mut known = look_up(change, &ids).await?;
            let scenario = parse_id(&input.scenario_id).and_then(|id| known.scenarios.remove(&id));
            let neighbour = to.neighbour_id().and_then(|id| known.steps.get(&id)).copied();
            let line = scenario.as_ref().map(|scenario| (scenario.id, scenario.step_count));
            let room = to.check(line, None, neighbour);
            let id = input.id_to_have();
            let checked = input
                .check(id, &known.references, &hosts)
                .map_err(|violations| violations.within("input"));
            let (step, scenario, before) = match (checked, scenario, room) {
                (Ok(step), Some(scenario), Ok(before)) => (step, scenario, before),
                (checked, _, room) => {
                    let mut violations = checked.err().unwrap_or_default();
                    violations.extend(room.err().unwrap_or_default());
                    return Ok(Err(violations.into()));
                }
            };
            let mut sequence = Sequence::new(change, scenario);
            let place = sequence.make_room(before).await?;
            let scenario = sequence.save().await?;
            let row = new_row(change, step.into_inner(), place)?;
            insert_rows(change, vec![row.clone()]).await?;
            known.scenarios.insert(scenario.id, scenario);
            Ok(Ok(Created::new(row, &known.scenarios, &known.agents)))
        })
    }));
    Ok(outcome.await?)
}

/// Checks steps of several callers, and stores each that keeps all rules behind all others of its
/// scenario, with its history. Nothing changes after that but the commit.
pub(super) async fn create_all(
    change: &mut Change,
    creations: &[&Creation],
) -> Result<Vec<Result<Created, Violations>>, StoreError> {
    let mut ids = ReferencedIds::default();
    for creation in creations {
        ids.extend(creation.input.referenced_ids());
    }
    let Known { mut references, scenarios, agents, .. } = look_up(change, &ids).await?;
    let mut growing = Growing::new(scenarios);
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
        // Of several callers that choose one id, the first is the one that has it.
        references.taken.insert(id);
        let place = growing.append(step.scenario_id)?;
        change.act_for(actor, now);
        let row = new_row(change, step, place)?;
        change.created(&row)?;
        rows.push(row);
        checked.push(Ok(()));
    }
    let mut trip = change.trip();
    growing.save_with(&mut trip, change.organization());
    trip.insert(rows.iter().map(|row| whole(row.step.clone())));
    trip.insert_any_number(rows.iter().flat_map(candidates));
    trip.insert_any_number(rows.iter().flat_map(tags));
    change.write_with_history(trip).await?;
    let mut created = rows.into_iter().map(|row| Created::new(row, &growing.scenarios, &agents));
    let mut outcome = |()| created.next().expect("there is a row for each that was checked");
    Ok(checked.into_iter().map(|checked| checked.map(&mut outcome)).collect())
}

/// What came of a call with many steps.
#[derive(Debug, Serialize, Deserialize)]
pub struct BatchOutcome {
    /// For each step of the call the one that was created, or none.
    pub rows: Vec<Option<CrmStepRow>>,
    /// What those that were skipped broke.
    pub skipped: Vec<Report>,
}

/// Checks steps and stores those that keep all rules, each behind all others of its scenario; in
/// [`BatchMode::Atomic`] all of them or none.
pub async fn create_many(
    call: Call<'_>,
    steps: Vec<BatchStep>,
    mode: BatchMode,
    hosts: WebhookHosts,
) -> Result<Outcome<BatchOutcome>, StoreError> {
    call.run(|change| {
        Box::pin(async move {
            let batch = match Batch::new(steps) {
                Ok(batch) => batch,
                Err(violations) => return Ok(Err(violations.into())),
            };
            let known = look_up(change, &batch.referenced_ids()).await?;
            let mut rows: Vec<Option<CrmStepRow>> = vec![None; batch.len()];
            let (steps, violations) = batch.check(mode, known.references, &hosts);
            if steps.is_empty() && !violations.is_empty() {
                return Ok(Err(violations.into()));
            }
            let (places, steps): (Vec<usize>, Vec<_>) = steps.into_iter().unzip();
            let created = append(change, known.scenarios, steps).await?;
            for (place, row) in places.into_iter().zip(created) {
                rows[place] = Some(row);
            }
            let skipped = violations.into_iter().map(|violation| violation.report()).collect();
            Ok(Ok(BatchOutcome { rows, skipped }))
        })
    })
    .await
}

/// Stores steps that may lead to each other, each behind all others of its scenario.
pub async fn insert(
    change: &mut Change,
    steps: Vec<Checked<NewCrmStep>>,
    scenario: Uuid,
) -> Result<(), StoreError> {
    let scenario = sequence::lock(change, scenario).await?;
    let scenarios = scenario.into_iter().map(|scenario| (scenario.id, scenario)).collect();
    append(change, scenarios, steps).await?;
    Ok(())
}

async fn append(
    change: &mut Change,
    scenarios: HashMap<Uuid, crm_scenario::Model>,
    steps: Vec<Checked<NewCrmStep>>,
) -> Result<Vec<CrmStepRow>, StoreError> {
    let mut rows = Vec::with_capacity(steps.len());
    let mut growing = Growing::new(scenarios);
    for step in steps {
        let step = step.into_inner();
        let place = growing.append(step.scenario_id)?;
        rows.push(new_row(change, step, place)?);
    }
    let mut trip = change.trip();
    growing.save_with(&mut trip, change.organization());
    trip.execute(change.transaction()).await?;
    insert_rows(change, rows.clone()).await?;
    Ok(rows)
}

/// Creates these steps at the places that they have. They may lead to each other.
pub async fn insert_rows(change: &mut Change, rows: Vec<CrmStepRow>) -> Result<(), DbErr> {
    write(change, &rows).await?;
    for row in &rows {
        change.created(row)?;
    }
    Ok(())
}

/// Stores new steps, which may lead to each other.
async fn write(change: &Change, rows: &[CrmStepRow]) -> Result<(), DbErr> {
    let transaction = change.transaction();
    let mut steps: Vec<crm_step::Model> = rows.iter().map(|row| row.step.clone()).collect();
    // References count at the end of a statement. A step that leads to one of a later statement
    // gets its target when that one is there.
    let chunk = rows_of_one_statement::<crm_step::Entity>();
    let statement_of: HashMap<Uuid, usize> =
        steps.iter().enumerate().map(|(position, step)| (step.id, position / chunk)).collect();
    let mut later = Vec::new();
    for (position, step) in steps.iter_mut().enumerate() {
        let target = step.auto_next_step_id;
        if target.and_then(|id| statement_of.get(&id)).is_some_and(|at| *at > position / chunk) {
            later.push((step.id, step.auto_next_step_id.take()));
        }
    }
    tenant::insert(transaction, steps).await?;
    for (id, target) in later {
        crm_step::Entity::update_many()
            .col_expr(crm_step::Column::AutoNextStepId, Expr::value(target))
            .filter(crm_step::Column::OrganizationId.eq(change.organization().0))
            .filter(crm_step::Column::Id.eq(id))
            .exec(transaction)
            .await?;
    }
    let all: Vec<_> = rows.iter().flat_map(candidates).collect();
    tenant::insert(transaction, all).await?;
    let all: Vec<_> = rows.iter().flat_map(tags).collect();
    tenant::insert(transaction, all).await
}

/// The candidates of a step, one by one.
pub(super) fn candidates(row: &CrmStepRow) -> impl Iterator<Item = crm_step_assignee::Model> {
    row.membership_ids.iter().zip(0..).map(|(membership_id, position)| crm_step_assignee::Model {
        organization_id: row.step.organization_id,
        step_id: row.step.id,
        position,
        membership_id: *membership_id,
    })
}

/// The tags of a step, one by one.
pub(super) fn tags(row: &CrmStepRow) -> impl Iterator<Item = crm_step_tag::Model> {
    let tags = row.step.default_tags.iter().flat_map(|tags| &tags.0);
    tags.map(|tag| crm_step_tag::Model {
        organization_id: row.step.organization_id,
        tag: tag.clone(),
        step_id: row.step.id,
        tag_caseless: Some(without_case(tag)),
    })
}
