//! Conversion of a checked step to a row, and of a row to an input.

use sea_orm::{
    ColumnTrait as _, EntityTrait,
    sea_query::{DeleteStatement, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    domain::{
        change::SubjectType,
        crm_step::{CrmStepInput, LostTimer, NewCrmStep, Rank, StepPosition, TIMER_WITHOUT_TARGET},
        fold::{ordering_key, without_case},
        id::{OrganizationId, parse_id},
        secret::{Keyring, MASK, SealError},
    },
    entity::{crm_step, crm_step_assignee, crm_step_tag},
    store::{
        StoreError,
        kit::{secrets, write_batch::WriteBatch},
        unit_of_work::{Subject, UnitOfWork, snapshot_without},
    },
};

/// A stored step, with its candidates in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrmStepRow {
    /// The row.
    #[serde(flatten)]
    pub step: crm_step::Model,
    /// The candidates; empty also where none were sent (`step.assignee_count` is null then).
    #[serde(rename = "selectedMembershipIdsForAssignee")]
    pub membership_ids: Vec<Uuid>,
}

impl Subject for CrmStepRow {
    const HIDDEN: &'static [&'static str] =
        &["organizationId", "nameFolded", "rankGeneration", "rank", "rankSuffix", "assigneeCount"];

    fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>) {
        (SubjectType::CrmStep, self.step.id, Some(self.step.scenario_id))
    }

    fn write(before: Option<&Self>, after: Option<&Self>, batch: &mut WriteBatch) {
        batch.replace(before.map(|row| &row.step), after.map(|row| &row.step));
        // The database deletes candidates and tags with their step.
        let Some(after) = after else { return };
        let has_other_candidates =
            before.is_none_or(|row| row.membership_ids != after.membership_ids);
        let has_other_tags =
            before.is_none_or(|row| row.step.default_tags != after.step.default_tags);
        if let Some(Self { step, .. }) = before {
            if has_other_candidates {
                use crm_step_assignee::Column::{OrganizationId, StepId};
                batch.delete(of_step(crm_step_assignee::Entity, OrganizationId, StepId, step));
            }
            if has_other_tags {
                use crm_step_tag::Column::{OrganizationId, StepId};
                batch.delete(of_step(crm_step_tag::Entity, OrganizationId, StepId, step));
            }
            if has_other_candidates || has_other_tags {
                batch.then();
            }
        }
        if has_other_candidates {
            batch.insert_any_number(&candidates(after).collect::<Vec<_>>());
        }
        if has_other_tags {
            batch.insert_any_number(&tags(after).collect::<Vec<_>>());
        }
    }

    /// An update that keeps its headers keeps their sealed text too.
    fn has_other_secrets(&self, before: &Self) -> bool {
        let headers = before.step.webhook_header.as_ref().zip(self.step.webhook_header.as_ref());
        headers.is_some_and(|(before, after)| before != after)
    }

    /// The history is kept for long and header values are often secrets, so it has only the names of
    /// headers.
    fn snapshot(&self) -> Result<Json, serde_json::Error> {
        let mut snapshot = snapshot_without(self, Self::HIDDEN)?;
        if self.step.assignee_count.is_none() {
            snapshot["selectedMembershipIdsForAssignee"] = Json::Null;
        }
        if let Some(headers) = snapshot["webhookHeader"].as_object_mut() {
            headers.values_mut().for_each(|value| *value = MASK.into());
        }
        Ok(snapshot)
    }
}

/// The rows of the candidates of a step.
fn candidates(row: &CrmStepRow) -> impl Iterator<Item = crm_step_assignee::Model> {
    row.membership_ids.iter().zip(0..).map(|(membership_id, position)| crm_step_assignee::Model {
        organization_id: row.step.organization_id,
        step_id: row.step.id,
        position,
        membership_id: *membership_id,
    })
}

/// The rows of the tags of a step.
fn tags(row: &CrmStepRow) -> impl Iterator<Item = crm_step_tag::Model> {
    let tags = row.step.default_tags.iter().flat_map(|tags| &tags.0);
    tags.map(|tag| crm_step_tag::Model {
        organization_id: row.step.organization_id,
        tag: tag.clone(),
        step_id: row.step.id,
        tag_caseless: Some(without_case(tag)),
    })
}

/// The deletion of a step's rows of this table.
fn of_step<E: EntityTrait>(
    table: E,
    organization_id: E::Column,
    step_id: E::Column,
    step: &crm_step::Model,
) -> DeleteStatement {
    Query::delete()
        .from_table(table)
        .and_where(organization_id.eq(step.organization_id))
        .and_where(step_id.eq(step.id))
        .to_owned()
}

/// The position of a step.
pub(super) fn position(step: &crm_step::Model) -> StepPosition {
    let rank = Rank {
        generation: step.rank_generation,
        number: step.rank,
        suffix: step.rank_suffix.clone(),
    };
    StepPosition { index: step.index, rank }
}

/// Sets the position of a step.
pub(super) fn set_position(step: &mut crm_step::Model, StepPosition { index, rank }: StepPosition) {
    step.index = index;
    step.rank_generation = rank.generation;
    step.rank = rank.number;
    step.rank_suffix = rank.suffix;
}

/// The row of a checked step at a position. It is new, with version 1.
pub(super) fn new_row(
    unit: &UnitOfWork,
    step: NewCrmStep,
    StepPosition { index, rank }: StepPosition,
) -> Result<CrmStepRow, SealError> {
    let (organization, now) = (unit.organization(), unit.now());
    let input = step.input;
    let assignee_count = step.membership_ids.as_ref().and_then(|ids| i32::try_from(ids.len()).ok());
    let seal = |headers| secrets::seal(unit.keys(), organization, headers);
    Ok(CrmStepRow {
        membership_ids: step.membership_ids.unwrap_or_default(),
        step: crm_step::Model {
            organization_id: organization.0,
            id: step.id,
            created_at: now,
            updated_at: now,
            version: 1,
            scenario_id: step.scenario_id,
            index,
            rank_generation: rank.generation,
            rank: rank.number,
            rank_suffix: rank.suffix,
            name_folded: ordering_key(&input.name),
            name_caseless: Some(without_case(&input.name)),
            texts_caseless: None,
            name: input.name,
            key: input.key,
            agent_id: step.agent_id,
            trigger: input.trigger,
            prompt: input.prompt,
            initial_message: input.initial_message,
            auto_next_step_id: step.auto_next_step_id,
            auto_next_time: input.auto_next_time,
            auto_next_time_unit: input.auto_next_time_unit,
            default_status: input.default_status,
            default_priority: input.default_priority,
            default_ai_control: input.default_ai_control,
            assignee_logic_type: input.assignee_logic_type,
            assignee_count,
            is_required: input.is_required,
            is_conversation_removal_step: input.is_conversation_removal_step,
            default_tags: input.default_tags.map(crm_step::Tags),
            default_tags_to_remove: input.default_tags_to_remove.map(crm_step::Tags),
            request_contact: input.request_contact.map(crm_step::ContactData),
            zapi_agent_id: step.zapi_agent_id,
            zapi_phone_number: input.zapi_phone_number,
            zapi_message: input.zapi_message,
            whatsapp_template_agent_id: step.whatsapp_template_agent_id,
            whatsapp_template_name: input.whatsapp_template_name,
            whatsapp_template_language_code: input.whatsapp_template_language_code,
            whatsapp_template_text: input.whatsapp_template_text,
            webhook_url: input.webhook_url,
            webhook_header: step.webhook_header.map(seal).transpose()?,
        },
    })
}

/// Sets a timer to this step.
pub(super) fn set_timer(step: &mut crm_step::Model, timer: &LostTimer, target: Uuid) {
    step.auto_next_step_id = Some(target);
    step.auto_next_time = timer.time;
    step.auto_next_time_unit = timer.unit;
}

/// Clears a timer whose target is deleted.
pub(super) fn clear_timer(step: &mut crm_step::Model) {
    (step.auto_next_step_id, step.auto_next_time, step.auto_next_time_unit) = TIMER_WITHOUT_TARGET;
}

/// Sets what a step refers to, and what is cleared together with that, to the values of an input.
pub(super) fn set_references(
    CrmStepRow { step, membership_ids }: &mut CrmStepRow,
    input: CrmStepInput,
) {
    let id = |text: Option<String>| text.as_deref().and_then(parse_id);
    step.key = input.key;
    step.agent_id = id(input.agent_id);
    step.auto_next_step_id = id(input.auto_next_step_id);
    step.auto_next_time = input.auto_next_time;
    step.auto_next_time_unit = input.auto_next_time_unit;
    step.assignee_logic_type = input.assignee_logic_type;
    let candidates = input.selected_membership_ids_for_assignee;
    step.assignee_count = candidates.as_ref().and_then(|ids| i32::try_from(ids.len()).ok());
    *membership_ids = candidates.iter().flatten().filter_map(|id| parse_id(id)).collect();
    step.zapi_agent_id = id(input.zapi_agent_id);
    step.zapi_phone_number = input.zapi_phone_number;
    step.zapi_message = input.zapi_message;
    step.whatsapp_template_agent_id = id(input.whatsapp_template_agent_id);
    step.whatsapp_template_name = input.whatsapp_template_name;
    step.whatsapp_template_language_code = input.whatsapp_template_language_code;
    step.whatsapp_template_text = input.whatsapp_template_text;
}

/// The input that would create this row, with the values of its headers.
pub(crate) fn input(keys: &Keyring, row: &CrmStepRow) -> Result<CrmStepInput, StoreError> {
    let organization = OrganizationId(row.step.organization_id);
    let open = |headers| secrets::open(keys, organization, headers);
    let headers = row.step.webhook_header.clone().map(open).transpose()?;
    Ok(CrmStepInput { webhook_header: headers.map(Json::Object), ..masked_input(row)? })
}

/// The input that would create this row, with masks in place of the values of its headers. Its fields
/// have the names of the API in both.
pub(crate) fn masked_input(row: &CrmStepRow) -> Result<CrmStepInput, serde_json::Error> {
    let mut input: CrmStepInput = serde_json::from_value(serde_json::to_value(row)?)?;
    input.id = None;
    if row.step.assignee_count.is_none() {
        input.selected_membership_ids_for_assignee = None;
    }
    if let Some(Json::Object(headers)) = &mut input.webhook_header {
        headers.values_mut().for_each(|value| *value = MASK.into());
    }
    Ok(input)
}
