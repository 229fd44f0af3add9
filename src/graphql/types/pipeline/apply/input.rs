//! The input of an apply: a specification.

use async_graphql::{ID, InputObject};

use crate::{
    domain::{
        crm_step as domain,
        flow::spec::{ContactSpec, PipelineSpec, StepSpec},
    },
    graphql::{
        parts::scalars::StringMap,
        types::crm_step::{
            AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus, RequestContact,
        },
    },
};

/// A specification to apply: a scenario with all its steps.
#[derive(InputObject)]
pub(in crate::graphql::types) struct ApplyCrmScenarioInput {
    /// The id of the scenario; null finds it by its key.
    pub(super) id: Option<ID>,
    /// The key of the scenario: small letters (a to z) and digits with single hyphens between them, up
    /// to `KEY_MAX` characters. Without an id, the scenario is the one that has this key, or to which an
    /// export gives it, and is created if there is none. It gets the key stored. With an id, null
    /// keeps its key.
    key: Option<String>,
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// Its purpose, up to `DESCRIPTION_MAX` characters; null clears it.
    description: Option<String>,
    /// Its steps, in the order of their indexes; up to 1,000 unless the operator allows more. A step
    /// is the stored one that has its key, or to which an export gives it; others are created, and
    /// stored ones that are not listed are deleted.
    steps: Vec<CrmStepSpecInput>,
}

/// A step of a specification. Fields that are left out or null have no value after the apply. An id
/// and a name or an email for the same thing exclude each other.
#[derive(InputObject)]
struct CrmStepSpecInput {
    /// Its key: small letters (a to z) and digits with single hyphens between them, up to `KEY_MAX`
    /// characters, each once. Default: the one that an export gives it, from its name.
    key: Option<String>,
    /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
    name: String,
    /// The agent that takes over; null keeps the conversation's agent.
    agent_id: Option<ID>,
    /// The name of that agent, instead of its id. Exactly one agent has it.
    agent_name: Option<String>,
    /// The condition, in words, on which a conversation enters; up to `TRIGGER_MAX` characters. A step
    /// needs a trigger or a prompt; it may have both.
    trigger: Option<String>,
    /// The instruction to the agent while a conversation is in the step; up to `PROMPT_MAX` characters.
    prompt: Option<String>,
    /// The message to send on entering, up to `MESSAGE_MAX` characters; null sends none.
    initial_message: Option<String>,
    /// The key of the step to move on to after autoNextTime: another one of the specification. Needs
    /// autoNextTime; with autoNextTime alone the conversation moves on to the following step.
    auto_next_step_key: Option<String>,
    /// How long to wait before moving on: at least 1, at most `DELAY_DAYS_MAX` days. In autoNextTimeUnit, or in
    /// seconds without one.
    auto_next_time: Option<i32>,
    /// What autoNextTime counts; null means seconds. Needs autoNextTime.
    auto_next_time_unit: Option<AutoNextTimeUnit>,
    /// The status that the conversation gets on entering; null leaves it as it is.
    default_status: Option<DefaultStatus>,
    /// The priority that the conversation gets on entering; null leaves it as it is.
    default_priority: Option<DefaultPriority>,
    /// Whether the AI answers from here on: on, off, or null, which leaves it as it is.
    default_ai_control: Option<bool>,
    /// How the conversation's assignee is chosen; null has the effect of `none`.
    assignee_logic_type: Option<AssigneeLogicType>,
    /// The memberships among which the assignee is chosen, up to `MEMBERSHIPS_MAX`, each once. Exactly one for
    /// single_user, at least one for random_selected and fair_distribution_selected, none
    /// otherwise.
    selected_membership_ids_for_assignee: Option<Vec<ID>>,
    /// The email addresses of those memberships, instead of their ids. Exactly one membership has
    /// each.
    selected_membership_emails: Option<Vec<String>>,
    /// Whether a conversation must not skip the step; null means false.
    is_required: Option<bool>,
    /// Whether the step takes the conversation out of the scenario; null means false. Such a step
    /// cannot have a timer.
    is_conversation_removal_step: Option<bool>,
    /// The tags that the conversation gains on entering: up to `TAGS_MAX`, each up to `TAG_MAX` characters, each
    /// once, whatever its case and Unicode form. White space around a tag is removed.
    default_tags: Option<Vec<String>>,
    /// The tags that the conversation loses on entering, before it gains defaultTags. The same
    /// limits hold, and no tag is in both lists, whatever its case and Unicode form.
    default_tags_to_remove: Option<Vec<String>>,
    /// The contact data to request; null asks for none.
    request_contact: Option<RequestContact>,
    /// The agent that sends a message through Z-API on entering. The agent, zapiPhoneNumber and
    /// zapiMessage are given together or not at all.
    zapi_agent_id: Option<ID>,
    /// The name of that agent, instead of its id. Exactly one agent has it.
    zapi_agent_name: Option<String>,
    /// The number that the Z-API message goes to: `PHONE_DIGITS_MIN` to `PHONE_DIGITS_MAX` digits, with an optional + in front.
    zapi_phone_number: Option<String>,
    /// The Z-API message, up to `MESSAGE_MAX` characters.
    zapi_message: Option<String>,
    /// The agent that sends a WhatsApp template on entering. Agent, name and language code of the
    /// template are given together or not at all.
    whatsapp_template_agent_id: Option<ID>,
    /// The name of that agent, instead of its id. Exactly one agent has it.
    whatsapp_template_agent_name: Option<String>,
    /// The template's name at WhatsApp: 1 to `TEMPLATE_NAME_MAX` lower-case letters, digits and underscores.
    whatsapp_template_name: Option<String>,
    /// The template's language, like pt_BR, en or fil.
    whatsapp_template_language_code: Option<String>,
    /// The template's text, for people to read; up to `MESSAGE_MAX` characters. Only with a template.
    whatsapp_template_text: Option<String>,
    /// The URL to call on entering: absolute, http or https, without credentials, up to `URL_MAX`
    /// characters, of a public host unless the operator allows others.
    webhook_url: Option<String>,
    /// The headers of the webhook call, from names to values: up to `HEADERS_MAX`, up to `HEADERS_BYTES_MAX` bytes together. Needs
    /// webhookUrl. `***` keeps the stored value.
    webhook_header: Option<StringMap>,
}

impl From<ApplyCrmScenarioInput> for PipelineSpec {
    fn from(input: ApplyCrmScenarioInput) -> Self {
        Self {
            key: input.key,
            name: input.name,
            description: input.description,
            steps: input.steps.into_iter().map(StepSpec::from).collect(),
        }
    }
}

impl From<CrmStepSpecInput> for StepSpec {
    fn from(step: CrmStepSpecInput) -> Self {
        Self {
            key: step.key,
            name: step.name,
            agent_id: step.agent_id.map(Into::into),
            agent_name: step.agent_name,
            trigger: step.trigger,
            prompt: step.prompt,
            initial_message: step.initial_message,
            auto_next_step_key: step.auto_next_step_key,
            auto_next_time: step.auto_next_time,
            auto_next_time_unit: step.auto_next_time_unit.map(Into::into),
            default_status: step.default_status.map(Into::into),
            default_priority: step.default_priority.map(Into::into),
            default_ai_control: step.default_ai_control,
            assignee_logic_type: step.assignee_logic_type.map(Into::into),
            selected_membership_ids_for_assignee: step
                .selected_membership_ids_for_assignee
                .map(|ids| ids.into_iter().map(Into::into).collect()),
            selected_membership_emails: step.selected_membership_emails,
            is_required: step.is_required,
            is_conversation_removal_step: step.is_conversation_removal_step,
            default_tags: step.default_tags,
            default_tags_to_remove: step.default_tags_to_remove,
            request_contact: step
                .request_contact
                .map(|data| ContactSpec::from(domain::RequestContact::from(data))),
            zapi_agent_id: step.zapi_agent_id.map(Into::into),
            zapi_agent_name: step.zapi_agent_name,
            zapi_phone_number: step.zapi_phone_number,
            zapi_message: step.zapi_message,
            whatsapp_template_agent_id: step.whatsapp_template_agent_id.map(Into::into),
            whatsapp_template_agent_name: step.whatsapp_template_agent_name,
            whatsapp_template_name: step.whatsapp_template_name,
            whatsapp_template_language_code: step.whatsapp_template_language_code,
            whatsapp_template_text: step.whatsapp_template_text,
            webhook_url: step.webhook_url,
            webhook_header: step.webhook_header.map(|map| map.0),
        }
    }
}
