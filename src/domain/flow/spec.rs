//! Specifications: a pipeline as one value, as files have it. Fields and enum values have the names
//! of the API.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Flow, FlowStep};
use crate::domain::{
    checks::is_given,
    crm_step::{
        AssigneeLogicType, CrmStepInput, DefaultPriority, DefaultStatus, RequestContact, TimeUnit,
    },
    fold::without_case,
    id::parse_id,
    keys::step_keys,
};

/// A pipeline: a scenario with its steps. Values are as they were sent; null fields are left out
/// where it is serialized, and unknown fields are rejected where it is deserialized.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineSpec {
    /// The key of the scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its steps, in the order of their indexes.
    pub steps: Vec<StepSpec>,
}

/// A step of a specification: the fields of [`CrmStepInput`] with keys of steps in place of their ids.
/// An agent has a field for its id and one for its name, candidates one for ids and one for emails.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the API reference")]
pub struct StepSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_next_step_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_next_time: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_next_time_unit: Option<TimeUnit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_status: Option<DefaultStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_priority: Option<DefaultPriority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_ai_control: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_logic_type: Option<AssigneeLogicType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_membership_ids_for_assignee: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_membership_emails: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_conversation_removal_step: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_tags_to_remove: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_contact: Option<ContactSpec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zapi_agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zapi_agent_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zapi_phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zapi_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_template_agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_template_agent_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_template_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_template_language_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_template_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub webhook_header: Option<Value>,
}

/// The contact data that a step asks for, without what is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are the data")]
pub struct ContactSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<bool>,
}

impl From<RequestContact> for ContactSpec {
    fn from(RequestContact { name, email, phone }: RequestContact) -> Self {
        Self { name, email, phone }
    }
}

impl From<ContactSpec> for RequestContact {
    fn from(ContactSpec { name, email, phone }: ContactSpec) -> Self {
        Self { name, email, phone }
    }
}

/// What a specification refers to in the organization, without repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpecReferences {
    /// Agents by id. Text that is not an id is left out, as it cannot exist.
    pub agent_ids: BTreeSet<Uuid>,
    /// Agents by name, without case.
    pub agent_names: BTreeSet<String>,
    /// Memberships by id.
    pub membership_ids: BTreeSet<Uuid>,
    /// Memberships by email, without case.
    pub emails: BTreeSet<String>,
}

impl PipelineSpec {
    /// The key of each step: the given one, or the one that an export would give it.
    #[must_use]
    pub fn step_keys(&self) -> Vec<String> {
        step_keys(self.steps.iter().map(|step| (step.key.as_deref(), step.name.as_str())))
    }

    /// What has to be known of the organization to resolve the specification.
    #[must_use]
    pub fn references(&self) -> SpecReferences {
        let mut all = SpecReferences::default();
        for step in &self.steps {
            for agent in step.agents() {
                all.agent_ids.extend(agent.id.and_then(parse_id));
                all.agent_names
                    .extend(agent.name.filter(|name| is_given(Some(name))).map(without_case));
            }
            let ids = step.selected_membership_ids_for_assignee.iter().flatten();
            all.membership_ids.extend(ids.filter_map(|text| parse_id(text)));
            let emails = step.selected_membership_emails.iter().flatten();
            all.emails
                .extend(emails.filter(|text| is_given(Some(text))).map(|text| without_case(text)));
        }
        all
    }

    /// The flow of the specification by itself, as it would be stored: names and emails stand for the ids of
    /// what has them.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let keys = self.step_keys();
        let indexes = KeyIndexes::new(keys.iter().map(String::as_str));
        let steps = self.steps.iter().zip(&keys).map(|(step, key)| FlowStep {
            key: key.clone(),
            input: step.input(step.references_as_given()).trimmed(),
            target: step.auto_next_step_key.as_deref().and_then(|key| indexes.get(key)),
        });
        Flow { steps: steps.collect() }
    }
}

/// The index of the first step with each key.
pub(super) struct KeyIndexes<'a>(HashMap<&'a str, usize>);

impl<'a> KeyIndexes<'a> {
    pub(super) fn new(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let mut indexes = HashMap::new();
        for (index, key) in keys.into_iter().enumerate() {
            indexes.entry(key).or_insert(index);
        }
        Self(indexes)
    }

    /// The index of the step that a reference means. Keys compare as other text, without case.
    pub(super) fn get(&self, key: &str) -> Option<usize> {
        self.0.get(key).or_else(|| self.0.get(without_case(key).as_str())).copied()
    }
}

/// An agent to which a step refers by its id or by its name.
pub(super) struct AgentReference<'a> {
    pub(super) id_field: &'static str,
    pub(super) id: Option<&'a str>,
    pub(super) name_field: &'static str,
    pub(super) name: Option<&'a str>,
}

impl AgentReference<'_> {
    /// Whether the name counts: there is one, and an id is not given.
    pub(super) fn is_by_name(&self) -> bool {
        self.name.is_some() && !is_given(self.id)
    }
}

/// The references of a step as ids, or as text that stands for them.
pub(super) struct StepReferences {
    /// In the order of [`StepSpec::agents`].
    pub(super) agent_ids: [Option<String>; 3],
    pub(super) membership_ids: Option<Vec<String>>,
    pub(super) auto_next_step_id: Option<String>,
}

impl StepSpec {
    /// The fields by their names, in the order in which they are serialized; absent ones are null.
    pub(super) fn into_fields(self) -> [(&'static str, Value); 32] {
        let Self {
            key,
            name,
            agent_id,
            agent_name,
            trigger,
            prompt,
            initial_message,
            auto_next_step_key,
            auto_next_time,
            auto_next_time_unit,
            default_status,
            default_priority,
            default_ai_control,
            assignee_logic_type,
            selected_membership_ids_for_assignee,
            selected_membership_emails,
            is_required,
            is_conversation_removal_step,
            default_tags,
            default_tags_to_remove,
            request_contact,
            zapi_agent_id,
            zapi_agent_name,
            zapi_phone_number,
            zapi_message,
            whatsapp_template_agent_id,
            whatsapp_template_agent_name,
            whatsapp_template_name,
            whatsapp_template_language_code,
            whatsapp_template_text,
            webhook_url,
            webhook_header,
        } = self;
        [
            ("key", key.into()),
            ("name", name.into()),
            ("agentId", agent_id.into()),
            ("agentName", agent_name.into()),
            ("trigger", trigger.into()),
            ("prompt", prompt.into()),
            ("initialMessage", initial_message.into()),
            ("autoNextStepKey", auto_next_step_key.into()),
            ("autoNextTime", auto_next_time.into()),
            ("autoNextTimeUnit", json(&auto_next_time_unit)),
            ("defaultStatus", json(&default_status)),
            ("defaultPriority", json(&default_priority)),
            ("defaultAiControl", default_ai_control.into()),
            ("assigneeLogicType", json(&assignee_logic_type)),
            ("selectedMembershipIdsForAssignee", selected_membership_ids_for_assignee.into()),
            ("selectedMembershipEmails", selected_membership_emails.into()),
            ("isRequired", is_required.into()),
            ("isConversationRemovalStep", is_conversation_removal_step.into()),
            ("defaultTags", default_tags.into()),
            ("defaultTagsToRemove", default_tags_to_remove.into()),
            ("requestContact", json(&request_contact)),
            ("zapiAgentId", zapi_agent_id.into()),
            ("zapiAgentName", zapi_agent_name.into()),
            ("zapiPhoneNumber", zapi_phone_number.into()),
            ("zapiMessage", zapi_message.into()),
            ("whatsappTemplateAgentId", whatsapp_template_agent_id.into()),
            ("whatsappTemplateAgentName", whatsapp_template_agent_name.into()),
            ("whatsappTemplateName", whatsapp_template_name.into()),
            ("whatsappTemplateLanguageCode", whatsapp_template_language_code.into()),
            ("whatsappTemplateText", whatsapp_template_text.into()),
            ("webhookUrl", webhook_url.into()),
            ("webhookHeader", webhook_header.into()),
        ]
    }

    /// The agents to which the step refers: the one that takes over, the one of Z-API and the one of
    /// the template.
    pub(super) fn agents(&self) -> [AgentReference<'_>; 3] {
        [
            AgentReference {
                id_field: "agentId",
                id: self.agent_id.as_deref(),
                name_field: "agentName",
                name: self.agent_name.as_deref(),
            },
            AgentReference {
                id_field: "zapiAgentId",
                id: self.zapi_agent_id.as_deref(),
                name_field: "zapiAgentName",
                name: self.zapi_agent_name.as_deref(),
            },
            AgentReference {
                id_field: "whatsappTemplateAgentId",
                id: self.whatsapp_template_agent_id.as_deref(),
                name_field: "whatsappTemplateAgentName",
                name: self.whatsapp_template_agent_name.as_deref(),
            },
        ]
    }

    /// The emails of the candidates, if these count: they are there, and ids are not given.
    pub(super) fn emails(&self) -> Option<&[String]> {
        let ids = self.selected_membership_ids_for_assignee.as_deref();
        self.selected_membership_emails.as_deref().filter(|_| ids.unwrap_or_default().is_empty())
    }

    /// The references of the step as it has them.
    fn references_as_given(&self) -> StepReferences {
        let as_given = |agent: AgentReference| {
            let text = if agent.is_by_name() { agent.name } else { agent.id };
            text.map(str::to_owned)
        };
        let ids = self.selected_membership_ids_for_assignee.as_deref();
        StepReferences {
            agent_ids: self.agents().map(as_given),
            membership_ids: self.emails().or(ids).map(<[_]>::to_vec),
            auto_next_step_id: self.auto_next_step_key.clone(),
        }
    }

    /// The input of the step, without its id and its scenario.
    pub(super) fn input(&self, references: StepReferences) -> CrmStepInput {
        let [agent_id, zapi_agent_id, whatsapp_template_agent_id] = references.agent_ids;
        CrmStepInput {
            id: None,
            name: self.name.clone(),
            key: self.key.clone(),
            scenario_id: String::new(),
            agent_id,
            trigger: self.trigger.clone(),
            prompt: self.prompt.clone(),
            initial_message: self.initial_message.clone(),
            auto_next_step_id: references.auto_next_step_id,
            auto_next_time: self.auto_next_time,
            auto_next_time_unit: self.auto_next_time_unit,
            default_status: self.default_status,
            default_priority: self.default_priority,
            default_ai_control: self.default_ai_control,
            assignee_logic_type: self.assignee_logic_type,
            selected_membership_ids_for_assignee: references.membership_ids,
            is_required: self.is_required,
            is_conversation_removal_step: self.is_conversation_removal_step,
            default_tags: self.default_tags.clone(),
            default_tags_to_remove: self.default_tags_to_remove.clone(),
            request_contact: self.request_contact.map(Into::into),
            zapi_agent_id,
            zapi_phone_number: self.zapi_phone_number.clone(),
            zapi_message: self.zapi_message.clone(),
            whatsapp_template_agent_id,
            whatsapp_template_name: self.whatsapp_template_name.clone(),
            whatsapp_template_language_code: self.whatsapp_template_language_code.clone(),
            whatsapp_template_text: self.whatsapp_template_text.clone(),
            webhook_url: self.webhook_url.clone(),
            webhook_header: self.webhook_header.clone(),
        }
    }
}

/// A value that JSON has.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
