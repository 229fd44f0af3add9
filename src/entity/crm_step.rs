//! Steps.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::{JsonText, NoRelation as Relation};
use crate::domain::crm_step::{
    AssigneeLogicType, DefaultPriority, DefaultStatus, RequestContact, TimeUnit,
};

/// A JSON column with a list of tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Tags(pub Vec<String>);

/// A JSON column with the contact data to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct ContactData(pub RequestContact);

/// A column with header names and their values, in their order.
pub type Headers = JsonText<serde_json::Map<String, serde_json::Value>>;

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, DeriveEntityModel)]
#[serde(rename_all = "camelCase")]
#[sea_orm(table_name = "crm_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub version: i32,
    pub scenario_id: Uuid,
    pub index: i32,
    /// The three parts of the rank; the first and the last are missing in outcomes of version 0.1.
    #[serde(default)]
    pub rank_generation: i32,
    pub rank: i64,
    #[serde(default)]
    pub rank_suffix: String,
    pub name: String,
    pub name_folded: String,
    /// None where a replica of an earlier version has stored the name, until it is filled in. It is
    /// in no outcome and no history.
    #[serde(skip)]
    pub name_caseless: Option<String>,
    /// The texts in which a filter searches, in one. None until a filter needs it, and after each
    /// change of a text. It is in no outcome and no history.
    #[serde(skip)]
    pub texts_caseless: Option<String>,
    pub key: Option<String>,
    pub agent_id: Option<Uuid>,
    pub trigger: Option<String>,
    pub prompt: Option<String>,
    pub initial_message: Option<String>,
    pub auto_next_step_id: Option<Uuid>,
    pub auto_next_time: Option<i32>,
    pub auto_next_time_unit: Option<TimeUnit>,
    pub default_status: Option<DefaultStatus>,
    pub default_priority: Option<DefaultPriority>,
    pub default_ai_control: Option<bool>,
    pub assignee_logic_type: Option<AssigneeLogicType>,
    pub assignee_count: Option<i32>,
    pub is_required: Option<bool>,
    pub is_conversation_removal_step: Option<bool>,
    pub default_tags: Option<Tags>,
    pub default_tags_to_remove: Option<Tags>,
    pub request_contact: Option<ContactData>,
    pub zapi_agent_id: Option<Uuid>,
    pub zapi_phone_number: Option<String>,
    pub zapi_message: Option<String>,
    pub whatsapp_template_agent_id: Option<Uuid>,
    pub whatsapp_template_name: Option<String>,
    pub whatsapp_template_language_code: Option<String>,
    pub whatsapp_template_text: Option<String>,
    pub webhook_url: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub webhook_header: Option<Headers>,
}

impl ActiveModelBehavior for ActiveModel {}
