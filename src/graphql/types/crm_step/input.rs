//! The inputs of steps.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::values::{
    AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus, RequestContact,
};
use crate::{
    domain::{crm_step::CrmStepInput, flow::spec::StepSpec},
    graphql::parts::{
        patch::{patch, patch_required},
        scalars::StringMap,
    },
};

/// The conversion of a value of an input to that of [`CrmStepInput`] or of [`StepSpec`].
macro_rules! conversion {
    () => {
        Into::into
    };
    ($conversion:expr) => {
        $conversion
    };
}

/// Declares the inputs that create, update and specify a step: the fields that each has alone or with a
/// type or a description of its own, the optional fields that the first two have, and those that all
/// have.
macro_rules! inputs {
    (
        $(#[$of_create:meta])* $create:ident { $($in_create:tt)* }
        $(#[$of_update:meta])* $update:ident { $($in_update:tt)* }
        $(#[$of_spec:meta])* $spec:ident { $($in_spec:tt)* }
        { $($(#[$about:meta])* $of_two:ident: $type_of_two:ty,)+ }
        $($(#[$description:meta])* $field:ident: $type:ty $(as $conversion:expr)?,)+
    ) => {
        $(#[$of_create])*
        #[derive(InputObject)]
        pub(super) struct $create {
            $($in_create)*
            $($(#[$about])* $of_two: Option<$type_of_two>,)+
            $($(#[$description])* $field: Option<$type>,)+
        }

        impl From<$create> for CrmStepInput {
            fn from(input: $create) -> Self {
                Self {
                    id: input.id.map(Into::into),
                    name: input.name,
                    scenario_id: input.scenario_id.into(),
                    auto_next_time: input.auto_next_time,
                    $($of_two: input.$of_two.map(Into::into),)+
                    $($field: input.$field.map(conversion!($($conversion)?)),)+
                }
            }
        }

        $(#[$of_update])*
        #[derive(InputObject, Clone)]
        pub(super) struct $update {
            $($in_update)*
            $($(#[$about])* $of_two: MaybeUndefined<$type_of_two>,)+
            $($(#[$description])* $field: MaybeUndefined<$type>,)+
        }

        impl $update {
            /// Applies the patch to the input that describes the stored step.
            pub(super) fn apply(self, step: &mut CrmStepInput) {
                patch_required(&mut step.name, self.name);
                match self.auto_next_time {
                    MaybeUndefined::Undefined => {}
                    MaybeUndefined::Null => step.clear_auto_next_time(),
                    MaybeUndefined::Value(time) => step.auto_next_time = Some(time),
                }
                // After the time, so that a unit which the same call sets stays.
                $(patch(&mut step.$of_two, self.$of_two, Into::into);)+
                $(patch(&mut step.$field, self.$field, conversion!($($conversion)?));)+
            }
        }

        $(#[$of_spec])*
        #[derive(InputObject)]
        pub(in crate::graphql::types) struct $spec {
            $($in_spec)*
            $($(#[$description])* $field: Option<$type>,)+
        }

        impl From<$spec> for StepSpec {
            fn from(input: $spec) -> Self {
                Self {
                    key: input.key,
                    name: input.name,
                    agent_name: input.agent_name,
                    auto_next_step_key: input.auto_next_step_key,
                    auto_next_time: input.auto_next_time,
                    selected_membership_emails: input.selected_membership_emails,
                    zapi_agent_name: input.zapi_agent_name,
                    whatsapp_template_agent_name: input.whatsapp_template_agent_name,
                    $($field: input.$field.map(conversion!($($conversion)?)),)+
                }
            }
        }
    };
}

inputs! {
    /// A step to create. Where a rule depends on whether a value is given, blank text, an empty list
    /// and an empty map count as not given; optional values are stored as they were sent.
    CreateCrmStepInput {
        /// The id of the new step, a UUID that no object has or had; default a generated one.
        id: Option<ID>,
        /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
        name: String,
        /// The scenario that it belongs to.
        scenario_id: ID,
        /// How long to wait before moving on: at least 1, at most `DELAY_DAYS_MAX` days. In autoNextTimeUnit, or in
        /// seconds without one.
        auto_next_time: Option<i32>,
    }

    /// Changes of a step. Omitted fields keep their values, and null clears. A step stays in its
    /// scenario. A rule is checked only if the update changes the value of one of its fields, and then
    /// on the step as it is after the update. A stored value is not rejected, even if it is sent back
    /// unchanged. Where a rule depends on whether a value is given, blank text, an empty list and an
    /// empty map count as not given.
    UpdateCrmStepInput {
        /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed. It cannot be
        /// cleared: null is rejected as BLANK.
        name: MaybeUndefined<String>,
        /// How long to wait before moving on: at least 1, at most `DELAY_DAYS_MAX` days. In autoNextTimeUnit, or in
        /// seconds without one. Null also clears autoNextTimeUnit, unless that is given.
        auto_next_time: MaybeUndefined<i32>,
    }

    /// A step of a specification. Fields that are left out or null have no value after the apply. An id
    /// and a name or an email for the same thing exclude each other. A header value `***` keeps the
    /// stored one.
    CrmStepSpecInput {
        /// Its key: small letters (a to z) and digits with single hyphens between them, up to `KEY_MAX`
        /// characters, each once. Default: the one that an export gives it, from its name.
        key: Option<String>,
        /// Its name, up to `NAME_MAX` characters, on one line. White space around it is removed.
        name: String,
        /// The name of the agent that takes over, instead of its id. Exactly one agent has it.
        agent_name: Option<String>,
        /// The key of the step to move on to after autoNextTime: another one of the specification. Needs
        /// autoNextTime; with autoNextTime alone the conversation moves on to the following step. A
        /// removal step cannot have a timer.
        auto_next_step_key: Option<String>,
        /// How long to wait before moving on: at least 1, at most `DELAY_DAYS_MAX` days. In autoNextTimeUnit, or in
        /// seconds without one.
        auto_next_time: Option<i32>,
        /// The email addresses of the memberships among which the assignee is chosen, instead of their
        /// ids: up to `MEMBERSHIPS_MAX`, each once. Exactly one membership has each.
        selected_membership_emails: Option<Vec<String>>,
        /// The name of the agent that sends a message through Z-API, instead of its id. Exactly one
        /// agent has it.
        zapi_agent_name: Option<String>,
        /// The name of the agent that sends a WhatsApp template, instead of its id. Exactly one agent
        /// has it.
        whatsapp_template_agent_name: Option<String>,
    }

    {
        /// Its key, by which files find it again after it was renamed: small letters (a to z) and digits
        /// with single hyphens between them, up to `KEY_MAX` characters. No other step of the scenario has
        /// it.
        key: String,
        /// The step to move on to after autoNextTime: another one of the same scenario. Needs
        /// autoNextTime; with autoNextTime alone the conversation moves on to the following step. A
        /// removal step cannot have a timer.
        auto_next_step_id: ID,
    }

    /// The agent that takes over; null keeps the conversation's agent.
    agent_id: ID,
    /// The condition, in words, on which a conversation enters; up to `TRIGGER_MAX` characters. A step
    /// needs a trigger or a prompt; it may have both.
    trigger: String,
    /// The instruction to the agent while a conversation is in the step; up to `PROMPT_MAX` characters.
    prompt: String,
    /// The message to send on entering, up to `MESSAGE_MAX` characters; null sends none.
    initial_message: String,
    /// What autoNextTime counts; null means seconds. Needs autoNextTime.
    auto_next_time_unit: AutoNextTimeUnit,
    /// The status that the conversation gets on entering; null leaves it as it is.
    default_status: DefaultStatus,
    /// The priority that the conversation gets on entering; null leaves it as it is.
    default_priority: DefaultPriority,
    /// Whether the AI answers from here on: on, off, or null, which leaves it as it is.
    default_ai_control: bool,
    /// How the conversation's assignee is chosen; null has the effect of `none`.
    assignee_logic_type: AssigneeLogicType,
    /// The memberships among which the assignee is chosen, up to `MEMBERSHIPS_MAX`, each once. Exactly one for
    /// single_user, at least one for random_selected and fair_distribution_selected, none
    /// otherwise.
    selected_membership_ids_for_assignee: Vec<ID>
        as |ids| ids.into_iter().map(Into::into).collect(),
    /// Whether a conversation must not skip the step; null means false.
    is_required: bool,
    /// Whether the step takes the conversation out of the scenario; null means false. Such a step
    /// cannot have a timer.
    is_conversation_removal_step: bool,
    /// The tags that the conversation gains on entering: up to `TAGS_MAX`, each up to `TAG_MAX` characters, each
    /// once, whatever its case and Unicode form. White space around a tag is removed.
    default_tags: Vec<String>,
    /// The tags that the conversation loses on entering, before it gains defaultTags. The same
    /// limits hold, and no tag is in both lists, whatever its case and Unicode form.
    default_tags_to_remove: Vec<String>,
    /// The contact data to request; null asks for none.
    request_contact: RequestContact,
    /// The agent that sends a message through Z-API on entering. The agent, zapiPhoneNumber and
    /// zapiMessage are given together or not at all.
    zapi_agent_id: ID,
    /// The number that the Z-API message goes to: `PHONE_DIGITS_MIN` to `PHONE_DIGITS_MAX` digits, with an optional + in front.
    /// Spaces, parentheses, dots, slashes, dashes and invisible format characters do not count. It
    /// is returned as it was sent.
    zapi_phone_number: String,
    /// The Z-API message, up to `MESSAGE_MAX` characters.
    zapi_message: String,
    /// The agent that sends a WhatsApp template on entering. Agent, name and language code of the
    /// template are given together or not at all.
    whatsapp_template_agent_id: ID,
    /// The template's name at WhatsApp: 1 to `TEMPLATE_NAME_MAX` lower-case letters, digits and underscores.
    whatsapp_template_name: String,
    /// The template's language, like pt_BR, en or fil.
    whatsapp_template_language_code: String,
    /// The template's text, for people to read; up to `MESSAGE_MAX` characters. Only with a template.
    whatsapp_template_text: String,
    /// The URL to call on entering: absolute, http or https, without credentials, up to `URL_MAX`
    /// characters. Its host is an IP address or a fully qualified domain name. Local, private and
    /// metadata addresses and names are rejected unless the operator allows them.
    webhook_url: String,
    /// The headers of the webhook call, from names to values: up to `HEADERS_MAX`, up to `HEADERS_BYTES_MAX` bytes together. Needs
    /// webhookUrl. A value consists of visible ASCII characters, with spaces and tabs only between
    /// them. Host, Content-Type, webhook-signature and other headers that the service sets itself
    /// are rejected.
    webhook_header: StringMap as |map| map.0,
}
