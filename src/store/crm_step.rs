//! Steps, with their candidates.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, LockType},
};
use uuid::Uuid;

use super::{
    page::{Page, PageQuery, read_page},
    tenant,
};
use crate::{
    db::Database,
    domain::{
        crm_step::{
            CrmStepInput, NewCrmStep, ReferencedIds, References, TimerTarget, Webhook,
            WhatsappTemplate, Zapi,
        },
        id::{OrganizationId, new_id},
        url::WebhookHosts,
        violation::{Checked, Violations},
    },
    entity::{agent, crm_scenario, crm_step, crm_step_assignee, membership},
};

/// A step as it is stored, with its candidates in their order.
#[derive(Debug, Clone)]
pub struct CrmStepRow {
    /// The row.
    pub step: crm_step::Model,
    /// The candidates; empty also when none were sent, which `step.assignee_count` tells apart.
    pub membership_ids: Vec<Uuid>,
}

/// Checks a step and, if it keeps all rules, stores it as the last of its scenario. What the
/// rules ask about other things is looked up in the same transaction.
pub async fn create(
    organization: OrganizationId,
    db: &Database,
    input: CrmStepInput,
    hosts: WebhookHosts,
    now: DateTime<Utc>,
) -> Result<Result<CrmStepRow, Violations>, DbErr> {
    let transaction = db.write().await?;
    let known = references(organization, &transaction, &input.referenced_ids()).await?;
    let step = match input.check(new_id(), &known, hosts) {
        Ok(step) => step,
        Err(violations) => {
            transaction.rollback().await?;
            return Ok(Err(violations));
        }
    };
    let mut rows = append(organization, &transaction, vec![step], now).await?;
    transaction.commit().await?;
    rows.pop().map(Ok).ok_or(DbErr::RecordNotInserted)
}

/// Checks a step as [`create`] does, and stores nothing.
pub async fn validate(
    organization: OrganizationId,
    db: &Database,
    input: CrmStepInput,
    hosts: WebhookHosts,
) -> Result<Result<(), Violations>, DbErr> {
    let known = references(organization, db.read(), &input.referenced_ids()).await?;
    Ok(input.check(new_id(), &known, hosts).map(|_step| ()))
}

/// Stores steps, each as the last of its scenario, and answers with their rows in the same order.
/// They may lead to each other: they are written in one statement, at whose end references count.
pub async fn append(
    organization: OrganizationId,
    transaction: &DatabaseTransaction,
    steps: Vec<Checked<NewCrmStep>>,
    now: DateTime<Utc>,
) -> Result<Vec<CrmStepRow>, DbErr> {
    let mut rows = Vec::with_capacity(steps.len());
    for step in steps {
        let step = step.into_inner();
        let index = next_index(organization, transaction, step.scenario_id).await?;
        rows.push(row(organization, step, index, now));
    }
    tenant::insert(transaction, rows.iter().map(|row| row.step.clone())).await?;
    tenant::insert(transaction, rows.iter().flat_map(candidates)).await?;
    Ok(rows)
}

fn candidates(row: &CrmStepRow) -> impl Iterator<Item = crm_step_assignee::Model> {
    row.membership_ids.iter().zip(0..).map(|(membership_id, position)| crm_step_assignee::Model {
        organization_id: row.step.organization_id,
        step_id: row.step.id,
        position,
        membership_id: *membership_id,
    })
}

/// Takes the next index of a scenario. Counting up locks the scenario's row until the transaction
/// ends, so that indexes are dense: a transaction that fails gives its index back before anybody
/// else can take one.
async fn next_index(
    organization: OrganizationId,
    transaction: &DatabaseTransaction,
    scenario: Uuid,
) -> Result<i32, DbErr> {
    let counted = crm_scenario::Entity::update_many()
        .col_expr(
            crm_scenario::Column::StepCount,
            Expr::col(crm_scenario::Column::StepCount).add(1),
        )
        .filter(crm_scenario::Column::OrganizationId.eq(organization.0))
        .filter(crm_scenario::Column::Id.eq(scenario))
        .exec_with_returning(transaction)
        .await?;
    let scenario = counted.first().ok_or_else(|| DbErr::RecordNotUpdated)?;
    Ok(scenario.step_count - 1)
}

/// Which of these ids exist.
async fn references(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    ids: &ReferencedIds,
) -> Result<References, DbErr> {
    let scenarios =
        tenant::existing::<crm_scenario::Entity>(organization, connection, ids.scenario.as_slice())
            .await?;
    let agents = tenant::existing::<agent::Entity>(organization, connection, &ids.agents).await?;
    let memberships =
        tenant::existing::<membership::Entity>(organization, connection, &ids.memberships).await?;
    let steps = match ids.step {
        None => Vec::new(),
        Some(id) => {
            tenant::of::<crm_step::Entity>(organization)
                .select_only()
                .columns([crm_step::Column::Id, crm_step::Column::ScenarioId])
                .filter(crm_step::Column::Id.eq(id))
                .lock(LockType::KeyShare)
                .into_tuple::<(Uuid, Uuid)>()
                .all(connection)
                .await?
        }
    };
    Ok(References {
        scenarios: scenarios.into_iter().collect(),
        agents: agents.into_iter().collect(),
        memberships: memberships.into_iter().collect(),
        steps: steps.into_iter().collect(),
    })
}

fn row(
    organization: OrganizationId,
    step: NewCrmStep,
    index: i32,
    now: DateTime<Utc>,
) -> CrmStepRow {
    let membership_ids = step.assignment.membership_ids();
    let (zapi_agent_id, zapi_phone_number, zapi_message) = match step.zapi {
        Zapi::None { phone_number, message } => (None, phone_number, message),
        Zapi::Message { agent_id, phone_number, message } => {
            (Some(agent_id), Some(phone_number), Some(message))
        }
    };
    let (template_agent_id, template_name, template_language_code, template_text) = match step
        .whatsapp_template
    {
        WhatsappTemplate::None { name, language_code, text } => (None, name, language_code, text),
        WhatsappTemplate::Template { agent_id, name, language_code, text } => {
            (Some(agent_id), Some(name), Some(language_code), text)
        }
    };
    let (webhook_url, webhook_header) = match step.webhook {
        Webhook::None { url, header } => (url, header),
        Webhook::Call { url, header } => (Some(url), header),
    };
    CrmStepRow {
        membership_ids: membership_ids.unwrap_or_default().to_vec(),
        step: crm_step::Model {
            organization_id: organization.0,
            id: step.id,
            created_at: now,
            updated_at: now,
            scenario_id: step.scenario_id,
            index,
            name: step.name,
            agent_id: step.agent_id,
            trigger: step.trigger,
            prompt: step.prompt,
            initial_message: step.initial_message,
            auto_next_step_id: step.timer.and_then(|timer| match timer.target {
                TimerTarget::FollowingStep => None,
                TimerTarget::Step(id) => Some(id),
            }),
            auto_next_time: step.timer.map(|timer| timer.time),
            auto_next_time_unit: step.timer.and_then(|timer| timer.unit),
            default_status: step.default_status,
            default_priority: step.default_priority,
            default_ai_control: step.default_ai_control,
            assignee_logic_type: step.assignment.logic_type(),
            assignee_count: membership_ids.and_then(|ids| i32::try_from(ids.len()).ok()),
            is_required: step.is_required,
            is_conversation_removal_step: step.is_conversation_removal_step,
            default_tags: step.default_tags.map(crm_step::Tags),
            default_tags_to_remove: step.default_tags_to_remove.map(crm_step::Tags),
            request_contact: step.request_contact.map(crm_step::ContactData),
            zapi_agent_id,
            zapi_phone_number,
            zapi_message,
            whatsapp_template_agent_id: template_agent_id,
            whatsapp_template_name: template_name,
            whatsapp_template_language_code: template_language_code,
            whatsapp_template_text: template_text,
            webhook_url,
            webhook_header: webhook_header.map(crm_step::Headers),
        },
    }
}

/// Those of these ids that exist, in no order.
pub async fn find(
    organization: OrganizationId,
    db: &Database,
    ids: &[Uuid],
) -> Result<Vec<CrmStepRow>, DbErr> {
    let steps = tenant::find::<crm_step::Entity>(organization, db, ids).await?;
    with_candidates(organization, db, steps).await
}

/// Those of these places, each a scenario and an index, that have a step; in no order.
pub async fn find_at(
    organization: OrganizationId,
    db: &Database,
    places: &[(Uuid, i32)],
) -> Result<Vec<CrmStepRow>, DbErr> {
    let any_place = places.iter().fold(Condition::any(), |any, (scenario_id, index)| {
        any.add(
            crm_step::Column::ScenarioId.eq(*scenario_id).and(crm_step::Column::Index.eq(*index)),
        )
    });
    let steps =
        tenant::of::<crm_step::Entity>(organization).filter(any_place).all(db.read()).await?;
    with_candidates(organization, db, steps).await
}

/// A page of a scenario's steps, by their index.
pub async fn list(
    organization: OrganizationId,
    db: &Database,
    scenario: Uuid,
    page: PageQuery<i32>,
) -> Result<Page<CrmStepRow>, DbErr> {
    let of_scenario = tenant::of::<crm_step::Entity>(organization)
        .filter(crm_step::Column::ScenarioId.eq(scenario));
    let page =
        read_page(db.read(), &mut of_scenario.cursor_by(crm_step::Column::Index), page).await?;
    let Page { rows, has_previous, has_next } = page;
    let rows = with_candidates(organization, db, rows).await?;
    Ok(Page { rows, has_previous, has_next })
}

async fn with_candidates(
    organization: OrganizationId,
    db: &Database,
    steps: Vec<crm_step::Model>,
) -> Result<Vec<CrmStepRow>, DbErr> {
    let with_any: Vec<Uuid> =
        steps.iter().filter(|step| step.assignee_count > Some(0)).map(|step| step.id).collect();
    let mut candidates: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if !with_any.is_empty() {
        let rows = crm_step_assignee::Entity::find()
            .filter(crm_step_assignee::Column::OrganizationId.eq(organization.0))
            .filter(crm_step_assignee::Column::StepId.is_in(with_any))
            .order_by_asc(crm_step_assignee::Column::Position)
            .all(db.read())
            .await?;
        for row in rows {
            candidates.entry(row.step_id).or_default().push(row.membership_id);
        }
    }
    let with_candidates = |step: crm_step::Model| CrmStepRow {
        membership_ids: candidates.remove(&step.id).unwrap_or_default(),
        step,
    };
    Ok(steps.into_iter().map(with_candidates).collect())
}
