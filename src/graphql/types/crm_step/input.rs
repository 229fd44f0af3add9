//! The inputs of steps.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::values::{
    AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus, RequestContact,
};
use crate::{
    domain::crm_step::CrmStepInput,
    graphql::parts::{
        patch::{patch, patch_required},
        string_map::StringMap,
    },
};

/// A step to create. Where a rule depends on whether a value is given, blank text, an empty list
/// and an empty map count as not given; optional values are stored as they were sent.
#[derive(InputObject)]
pub(super) struct CreateCrmStepInput {
    /// The id of the new step, a UUID that no object has or had; default a generated one.
    id: Option<ID>,
    /// Its name, up to 255 characters, on one line. White space around it is removed.
    name: String,
    /// The scenario that it belongs to.
    scenario_id: ID,
    /// The agent that takes over; null keeps the conversation's agent.
    agent_id: Option<ID>,
    /// The condition, in words, on which a conversation enters; up to 2,000 characters. A step
    /// needs a trigger or a prompt; it may have both.
    trigger: Option<String>,
    /// The instruction to the agent while a conversation is in the step; up to 20,000 characters.
    prompt: Option<String>,
    /// The message to send on entering, up to 4,096 characters; null sends none.
    initial_message: Option<String>,
    /// The step to move on to after autoNextTime: another one of the same scenario. Needs
    /// autoNextTime; with autoNextTime alone the conversation moves on to the following step. A
    /// removal step cannot have a timer.
    auto_next_step_id: Option<ID>,
    /// How long to wait before moving on: at least 1, at most 365 days. In autoNextTimeUnit, or in
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
    /// The memberships among which the assignee is chosen, up to 100, each once. Exactly one for
    /// single_user, at least one for random_selected and fair_distribution_selected, none
    /// otherwise.
    selected_membership_ids_for_assignee: Option<Vec<ID>>,
    /// Whether a conversation must not skip the step; null means false.
    is_required: Option<bool>,
    /// Whether the step takes the conversation out of the scenario; null means false. Such a step
    /// cannot have a timer.
    is_conversation_removal_step: Option<bool>,
    /// The tags that the conversation gains on entering: up to 50, each up to 64 characters, each
    /// once, whatever its case and Unicode form. White space around a tag is removed.
    default_tags: Option<Vec<String>>,
    /// The tags that the conversation loses on entering, before it gains defaultTags. The same
    /// limits hold, and no tag is in both lists, whatever its case and Unicode form.
    default_tags_to_remove: Option<Vec<String>>,
    /// The contact data to request; null asks for none.
    request_contact: Option<RequestContact>,
    /// The agent that sends a message through Z-API on entering. zapiAgentId, zapiPhoneNumber and
    /// zapiMessage are given together or not at all.
    zapi_agent_id: Option<ID>,
    /// The number that the Z-API message goes to: 8 to 15 digits, with an optional + in front.
    /// Spaces, parentheses, dots, slashes, dashes and invisible format characters do not count. It
    /// is returned as it was sent.
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
    /// characters. Its host is an IP address or a fully qualified domain name. Local, private and
    /// metadata addresses and names are rejected unless the operator allows them.
    webhook_url: Option<String>,
    /// The headers of the webhook call, from names to values: up to 30, up to 8 KiB together. Needs
    /// webhookUrl. A value consists of visible ASCII characters, with spaces and tabs only between
    /// them. Host, Content-Type, webhook-signature and other headers that the service sets itself
    /// are rejected.
    webhook_header: Option<StringMap>,
}

impl From<CreateCrmStepInput> for CrmStepInput {
    fn from(input: CreateCrmStepInput) -> Self {
        Self {
            id: input.id.map(|id| id.0),
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

/// Changes of a step. Omitted fields keep their values, and null clears. A step stays in its
/// scenario. A rule is checked only if the update changes the value of one of its fields, and then
/// on the step as it is after the update. A stored value is not rejected, even if it is sent back
/// unchanged. Where a rule depends on whether a value is given, blank text, an empty list and an
/// empty map count as not given.
#[derive(InputObject)]
pub(super) struct UpdateCrmStepInput {
    /// Its name, up to 255 characters, on one line. White space around it is removed. It cannot be
    /// cleared: null is rejected as BLANK.
    name: MaybeUndefined<String>,
    /// The agent that takes over; null keeps the conversation's agent.
    agent_id: MaybeUndefined<ID>,
    /// The condition, in words, on which a conversation enters; up to 2,000 characters. A step
    /// needs a trigger or a prompt; it may have both.
    trigger: MaybeUndefined<String>,
    /// The instruction to the agent while a conversation is in the step; up to 20,000 characters.
    prompt: MaybeUndefined<String>,
    /// The message to send on entering, up to 4,096 characters; null sends none.
    initial_message: MaybeUndefined<String>,
    /// The step to move on to after autoNextTime: another one of the same scenario. Needs
    /// autoNextTime; with autoNextTime alone the conversation moves on to the following step. A
    /// removal step cannot have a timer.
    auto_next_step_id: MaybeUndefined<ID>,
    /// How long to wait before moving on: at least 1, at most 365 days. In autoNextTimeUnit, or in
    /// seconds without one. Null also clears autoNextTimeUnit, unless that is given.
    auto_next_time: MaybeUndefined<i32>,
    /// What autoNextTime counts; null means seconds. Needs autoNextTime.
    auto_next_time_unit: MaybeUndefined<AutoNextTimeUnit>,
    /// The status that the conversation gets on entering; null leaves it as it is.
    default_status: MaybeUndefined<DefaultStatus>,
    /// The priority that the conversation gets on entering; null leaves it as it is.
    default_priority: MaybeUndefined<DefaultPriority>,
    /// Whether the AI answers from here on: on, off, or null, which leaves it as it is.
    default_ai_control: MaybeUndefined<bool>,
    /// How the conversation's assignee is chosen; null has the effect of `none`.
    assignee_logic_type: MaybeUndefined<AssigneeLogicType>,
    /// The memberships among which the assignee is chosen, up to 100, each once. Exactly one for
    /// single_user, at least one for random_selected and fair_distribution_selected, none
    /// otherwise.
    selected_membership_ids_for_assignee: MaybeUndefined<Vec<ID>>,
    /// Whether a conversation must not skip the step; null means false.
    is_required: MaybeUndefined<bool>,
    /// Whether the step takes the conversation out of the scenario; null means false. Such a step
    /// cannot have a timer.
    is_conversation_removal_step: MaybeUndefined<bool>,
    /// The tags that the conversation gains on entering: up to 50, each up to 64 characters, each
    /// once, whatever its case and Unicode form. White space around a tag is removed.
    default_tags: MaybeUndefined<Vec<String>>,
    /// The tags that the conversation loses on entering, before it gains defaultTags. The same
    /// limits hold, and no tag is in both lists, whatever its case and Unicode form.
    default_tags_to_remove: MaybeUndefined<Vec<String>>,
    /// The contact data to request; null asks for none.
    request_contact: MaybeUndefined<RequestContact>,
    /// The agent that sends a message through Z-API on entering. zapiAgentId, zapiPhoneNumber and
    /// zapiMessage are given together or not at all.
    zapi_agent_id: MaybeUndefined<ID>,
    /// The number that the Z-API message goes to: 8 to 15 digits, with an optional + in front.
    /// Spaces, parentheses, dots, slashes, dashes and invisible format characters do not count. It
    /// is returned as it was sent.
    zapi_phone_number: MaybeUndefined<String>,
    /// The Z-API message, up to 4,096 characters.
    zapi_message: MaybeUndefined<String>,
    /// The agent that sends a WhatsApp template on entering. Agent, name and language code of the
    /// template are given together or not at all.
    whatsapp_template_agent_id: MaybeUndefined<ID>,
    /// The template's name at WhatsApp: 1 to 512 lower-case letters, digits and underscores.
    whatsapp_template_name: MaybeUndefined<String>,
    /// The template's language, like pt_BR, en or fil.
    whatsapp_template_language_code: MaybeUndefined<String>,
    /// The template's text, for people to read; up to 4,096 characters. Only with a template.
    whatsapp_template_text: MaybeUndefined<String>,
    /// The URL to call on entering: absolute, http or https, without credentials, up to 2,048
    /// characters. Its host is an IP address or a fully qualified domain name. Local, private and
    /// metadata addresses and names are rejected unless the operator allows them.
    webhook_url: MaybeUndefined<String>,
    /// The headers of the webhook call, from names to values: up to 30, up to 8 KiB together. Needs
    /// webhookUrl. A value consists of visible ASCII characters, with spaces and tabs only between
    /// them. Host, Content-Type, webhook-signature and other headers that the service sets itself
    /// are rejected.
    webhook_header: MaybeUndefined<StringMap>,
}

impl UpdateCrmStepInput {
    /// Applies the patch to the input that describes the stored step.
    pub(super) fn apply(self, step: &mut CrmStepInput) {
        patch_required(&mut step.name, self.name);
        patch(&mut step.agent_id, self.agent_id, |id| id.0);
        self.trigger.update_to(&mut step.trigger);
        self.prompt.update_to(&mut step.prompt);
        self.initial_message.update_to(&mut step.initial_message);
        patch(&mut step.auto_next_step_id, self.auto_next_step_id, |id| id.0);
        match self.auto_next_time {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => step.clear_auto_next_time(),
            MaybeUndefined::Value(time) => step.auto_next_time = Some(time),
        }
        // After the time, so that a unit which the same call sets stays.
        patch(&mut step.auto_next_time_unit, self.auto_next_time_unit, Into::into);
        patch(&mut step.default_status, self.default_status, Into::into);
        patch(&mut step.default_priority, self.default_priority, Into::into);
        self.default_ai_control.update_to(&mut step.default_ai_control);
        patch(&mut step.assignee_logic_type, self.assignee_logic_type, Into::into);
        patch(
            &mut step.selected_membership_ids_for_assignee,
            self.selected_membership_ids_for_assignee,
            |ids| ids.into_iter().map(|id| id.0).collect(),
        );
        self.is_required.update_to(&mut step.is_required);
        self.is_conversation_removal_step.update_to(&mut step.is_conversation_removal_step);
        self.default_tags.update_to(&mut step.default_tags);
        self.default_tags_to_remove.update_to(&mut step.default_tags_to_remove);
        patch(&mut step.request_contact, self.request_contact, Into::into);
        patch(&mut step.zapi_agent_id, self.zapi_agent_id, |id| id.0);
        self.zapi_phone_number.update_to(&mut step.zapi_phone_number);
        self.zapi_message.update_to(&mut step.zapi_message);
        patch(&mut step.whatsapp_template_agent_id, self.whatsapp_template_agent_id, |id| id.0);
        self.whatsapp_template_name.update_to(&mut step.whatsapp_template_name);
        self.whatsapp_template_language_code.update_to(&mut step.whatsapp_template_language_code);
        self.whatsapp_template_text.update_to(&mut step.whatsapp_template_text);
        self.webhook_url.update_to(&mut step.webhook_url);
        patch(&mut step.webhook_header, self.webhook_header, |map| map.0);
    }
}
