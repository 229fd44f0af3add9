//! The step that a client sends.

use async_graphql::{ID, InputObject};

use super::{AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus};
use crate::{
    domain::crm_step::{CrmStepInput, RequestContact},
    graphql::string_map::StringMap,
};

/// A step to create. Where a rule asks whether something is given, blank text, an empty list and
/// an empty map count as not given; optional values are stored as they were sent.
#[derive(InputObject)]
pub(super) struct CreateCrmStepInput {
    /// Its name, up to 255 characters, on one line. White space around it is dropped.
    name: String,
    /// The scenario that it belongs to. The step becomes its last one.
    scenario_id: ID,
    /// The agent that takes over; null keeps the conversation's agent.
    agent_id: Option<ID>,
    /// The condition, in words, on which a conversation enters; up to 2,000 characters. A step
    /// needs a trigger or a prompt; it may have both.
    trigger: Option<String>,
    /// What the agent is told while a conversation is in the step; up to 20,000 characters.
    prompt: Option<String>,
    /// The message to send on entering, up to 4,096 characters; null sends none.
    initial_message: Option<String>,
    /// The step to move on to after autoNextTime: another one of the same scenario. Needs
    /// autoNextTime; with autoNextTime alone the conversation moves on to the following step. A
    /// removal step has no timer.
    auto_next_step_id: Option<ID>,
    /// How long to wait before moving on: at least 1, at most 365 days. In autoNextTimeUnit, or in
    /// seconds without one.
    auto_next_time: Option<i32>,
    /// What autoNextTime counts; null means seconds. Needs autoNextTime.
    auto_next_time_unit: Option<AutoNextTimeUnit>,
    /// The status that the conversation gets on entering; null leaves it.
    default_status: Option<DefaultStatus>,
    /// The priority that the conversation gets on entering; null leaves it.
    default_priority: Option<DefaultPriority>,
    /// Whether the AI answers from here on: on, off, or null, which leaves it as it is.
    default_ai_control: Option<bool>,
    /// How the conversation's assignee is chosen; null means none.
    assignee_logic_type: Option<AssigneeLogicType>,
    /// The memberships among which the assignee is chosen, up to 100, each once. Exactly one for
    /// single_user, at least one for random_selected and fair_distribution_selected, none
    /// otherwise.
    selected_membership_ids_for_assignee: Option<Vec<ID>>,
    /// Whether a conversation may not skip the step; null means false.
    is_required: Option<bool>,
    /// Whether the step takes the conversation out of the scenario; null means false. Such a step
    /// has no timer.
    is_conversation_removal_step: Option<bool>,
    /// The tags that the conversation gains on entering: up to 50, each up to 64 characters, each
    /// once. White space around a tag is dropped.
    default_tags: Option<Vec<String>>,
    /// The tags that the conversation loses on entering, before it gains defaultTags. The same
    /// limits hold, and no tag is in both lists, whatever its case.
    default_tags_to_remove: Option<Vec<String>>,
    /// The contact data to ask for; null asks for none.
    request_contact: Option<RequestContactInput>,
    /// The agent that sends a message through Z-API on entering. zapiAgentId, zapiPhoneNumber and
    /// zapiMessage are given together or not at all.
    zapi_agent_id: Option<ID>,
    /// The number that the Z-API message goes to: 8 to 15 digits, with an optional + in front and
    /// spaces, parentheses, hyphens or dots between them.
    zapi_phone_number: Option<String>,
    /// The Z-API message, up to 4,096 characters.
    zapi_message: Option<String>,
    /// The agent that sends a WhatsApp template on entering. Agent, name and language code of the
    /// template are given together or not at all.
    whatsapp_template_agent_id: Option<ID>,
    /// The template's name at WhatsApp: 1 to 512 lower-case letters, digits and underscores.
    whatsapp_template_name: Option<String>,
    /// The template's language, like pt_BR, en or fil.
    whatsapp_template_language_code: Option<String>,
    /// The template's text, for people to read; up to 4,096 characters. Only with a template.
    whatsapp_template_text: Option<String>,
    /// The URL to call on entering: absolute, http or https, without credentials, up to 2,048
    /// characters. Local, private and metadata addresses are refused unless the operator allows
    /// them.
    webhook_url: Option<String>,
    /// The headers of that call, from names to values: up to 30, up to 8 KiB together. Needs
    /// webhookUrl. Host, Content-Type and other headers that the call sets itself are refused.
    webhook_header: Option<StringMap>,
}

impl From<CreateCrmStepInput> for CrmStepInput {
    fn from(input: CreateCrmStepInput) -> Self {
        Self {
            name: input.name,
            scenario_id: input.scenario_id.0,
            agent_id: input.agent_id.map(|id| id.0),
            trigger: input.trigger,
            prompt: input.prompt,
            initial_message: input.initial_message,
            auto_next_step_id: input.auto_next_step_id.map(|id| id.0),
            auto_next_time: input.auto_next_time,
            auto_next_time_unit: input.auto_next_time_unit.map(Into::into),
            default_status: input.default_status.map(Into::into),
            default_priority: input.default_priority.map(Into::into),
            default_ai_control: input.default_ai_control,
            assignee_logic_type: input.assignee_logic_type.map(Into::into),
            selected_membership_ids_for_assignee: input
                .selected_membership_ids_for_assignee
                .map(|ids| ids.into_iter().map(|id| id.0).collect()),
            is_required: input.is_required,
            is_conversation_removal_step: input.is_conversation_removal_step,
            default_tags: input.default_tags,
            default_tags_to_remove: input.default_tags_to_remove,
            request_contact: input.request_contact.map(Into::into),
            zapi_agent_id: input.zapi_agent_id.map(|id| id.0),
            zapi_phone_number: input.zapi_phone_number,
            zapi_message: input.zapi_message,
            whatsapp_template_agent_id: input.whatsapp_template_agent_id.map(|id| id.0),
            whatsapp_template_name: input.whatsapp_template_name,
            whatsapp_template_language_code: input.whatsapp_template_language_code,
            whatsapp_template_text: input.whatsapp_template_text,
            webhook_url: input.webhook_url,
            webhook_header: input.webhook_header.map(|map| map.0),
        }
    }
}

/// Which contact data a step asks for.
#[derive(InputObject)]
struct RequestContactInput {
    /// Whether to ask for the name; null means false.
    name: Option<bool>,
    /// Whether to ask for the email address; null means false.
    email: Option<bool>,
    /// Whether to ask for the phone number; null means false.
    phone: Option<bool>,
}

impl From<RequestContactInput> for RequestContact {
    fn from(input: RequestContactInput) -> Self {
        Self { name: input.name, email: input.email, phone: input.phone }
    }
}
