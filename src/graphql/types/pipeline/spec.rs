//! The specification of a scenario, as files have it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::LoadedPipeline;
use crate::{
    domain::{
        crm_step,
        flow::spec::{PipelineSpec, StepSpec},
    },
    graphql::{
        parts::{
            context::{long_text, long_texts, reads},
            error::Failure,
            inline::Inline,
            scalars::StringMap,
        },
        types::{
            crm_step::{
                AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus, RequestContact,
            },
            loaders::OrganizationDirectory,
        },
    },
};

pub(in crate::graphql::types) struct CrmScenarioSpec {
    spec: Arc<PipelineSpec>,
    pipeline: Arc<LoadedPipeline>,
}

impl CrmScenarioSpec {
    /// Exports a pipeline.
    pub(in crate::graphql::types) async fn of(
        context: &Context<'_>,
        pipeline: Arc<LoadedPipeline>,
    ) -> Result<Self, Failure> {
        let directory = reads(context).one(OrganizationDirectory).await?.unwrap_or_default();
        let export = || Arc::new(pipeline.stored.export(&directory, false));
        let spec = Arc::clone(pipeline.spec.get_or_init(export));
        Ok(Self { spec, pipeline })
    }
}

/// A scenario with its steps as one value, as files have it: without ids of its own, and with keys and
/// names in place of other ids.
#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl CrmScenarioSpec {
    /// The key of the scenario: the stored one, or one that is made from its name, which is not stored.
    async fn key(&self) -> &str {
        // An export always has it.
        self.spec.key.as_deref().unwrap_or_default()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.spec.name
    }

    /// The purpose; null if it was not given.
    async fn description(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec.description.as_deref())
    }

    /// The steps, ordered by index.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<Inline<CrmStepSpec>>, Failure> {
        let count = self.spec.steps.len();
        reads(context).count_elements(count)?;
        let step = |index| {
            let (spec, pipeline) = (Arc::clone(&self.spec), Arc::clone(&self.pipeline));
            CrmStepSpec { spec, pipeline, index }.into()
        };
        Ok((0..count).map(step).collect())
    }
}

struct CrmStepSpec {
    spec: Arc<PipelineSpec>,
    pipeline: Arc<LoadedPipeline>,
    index: usize,
}

impl CrmStepSpec {
    fn spec(&self) -> &StepSpec {
        &self.spec.steps[self.index]
    }
}

/// A step of a specification. Values are as they were sent; those that were not are null. An agent is
/// named if no other agent of the organization has its name, and the memberships of a step by their
/// emails if this holds for each of them; otherwise they have ids. Names and emails are equal if they
/// differ only in case or Unicode form.
#[Object]
impl CrmStepSpec {
    /// The key of the step: the stored one, or one that is made from its name, which is not stored.
    async fn key(&self) -> &str {
        // An export always has it.
        self.spec().key.as_deref().unwrap_or_default()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.spec().name
    }

    /// The id of the agent that takes over; null if there is none or agentName has it.
    async fn agent_id(&self) -> Option<ID> {
        id(self.spec().agent_id.as_ref())
    }

    /// The name of the agent that takes over; null if there is none or agentId has it.
    async fn agent_name(&self) -> Option<&str> {
        self.spec().agent_name.as_deref()
    }

    /// The condition, in words, on which a conversation enters.
    async fn trigger(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().trigger.as_deref())
    }

    /// The instruction to the agent while a conversation is in the step.
    async fn prompt(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().prompt.as_deref())
    }

    /// The message that is sent on entering.
    async fn initial_message(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().initial_message.as_deref())
    }

    /// The key of the step to move on to after autoNextTime; null means the following one, if there
    /// is an autoNextTime.
    async fn auto_next_step_key(&self) -> Option<&str> {
        self.spec().auto_next_step_key.as_deref()
    }

    /// How long to wait before moving on, in autoNextTimeUnit; null means that the conversation stays.
    async fn auto_next_time(&self) -> Option<i32> {
        self.spec().auto_next_time
    }

    /// What autoNextTime counts; null means seconds.
    async fn auto_next_time_unit(&self) -> Option<AutoNextTimeUnit> {
        self.spec().auto_next_time_unit.map(Into::into)
    }

    /// The status that the conversation gets on entering; null leaves it as it is.
    async fn default_status(&self) -> Option<DefaultStatus> {
        self.spec().default_status.map(Into::into)
    }

    /// The priority that the conversation gets on entering; null leaves it as it is.
    async fn default_priority(&self) -> Option<DefaultPriority> {
        self.spec().default_priority.map(Into::into)
    }

    /// Whether the AI answers from here on; null leaves it as it is.
    async fn default_ai_control(&self) -> Option<bool> {
        self.spec().default_ai_control
    }

    /// How the conversation's assignee is chosen; null has the effect of `none`.
    async fn assignee_logic_type(&self) -> Option<AssigneeLogicType> {
        self.spec().assignee_logic_type.map(Into::into)
    }

    /// The ids of the memberships among which the assignee is chosen; null if no list was sent or
    /// selectedMembershipEmails has it.
    async fn selected_membership_ids_for_assignee(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<ID>, Failure>> {
        let ids = self.spec().selected_membership_ids_for_assignee.as_deref();
        let ids = long_texts(context, ids)?;
        Some(ids.map(|ids| ids.iter().map(ID::from).collect()))
    }

    /// The emails of the memberships among which the assignee is chosen; null if no list was sent or
    /// selectedMembershipIdsForAssignee has it.
    async fn selected_membership_emails(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<&[String], Failure>> {
        long_texts(context, self.spec().selected_membership_emails.as_deref())
    }

    /// Whether a conversation must not skip the step; null means false.
    async fn is_required(&self) -> Option<bool> {
        self.spec().is_required
    }

    /// Whether the step takes the conversation out of the scenario; null means false.
    async fn is_conversation_removal_step(&self) -> Option<bool> {
        self.spec().is_conversation_removal_step
    }

    /// The tags that the conversation gains on entering, after it has lost defaultTagsToRemove.
    async fn default_tags(&self, context: &Context<'_>) -> Option<Result<&[String], Failure>> {
        long_texts(context, self.spec().default_tags.as_deref())
    }

    /// The tags that the conversation loses on entering.
    async fn default_tags_to_remove(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<&[String], Failure>> {
        long_texts(context, self.spec().default_tags_to_remove.as_deref())
    }

    /// The contact data to request; null asks for none.
    async fn request_contact(&self) -> Option<RequestContact> {
        self.spec().request_contact.map(|data| crm_step::RequestContact::from(data).into())
    }

    /// The id of the agent that sends the Z-API message; null if there is none or zapiAgentName has
    /// it.
    async fn zapi_agent_id(&self) -> Option<ID> {
        id(self.spec().zapi_agent_id.as_ref())
    }

    /// The name of the agent that sends the Z-API message; null if there is none or zapiAgentId has
    /// it.
    async fn zapi_agent_name(&self) -> Option<&str> {
        self.spec().zapi_agent_name.as_deref()
    }

    /// The number that the Z-API message goes to, as it was sent.
    async fn zapi_phone_number(&self) -> Option<&str> {
        self.spec().zapi_phone_number.as_deref()
    }

    /// The Z-API message.
    async fn zapi_message(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().zapi_message.as_deref())
    }

    /// The id of the agent that sends the WhatsApp template; null if there is none or
    /// whatsappTemplateAgentName has it.
    async fn whatsapp_template_agent_id(&self) -> Option<ID> {
        id(self.spec().whatsapp_template_agent_id.as_ref())
    }

    /// The name of the agent that sends the WhatsApp template; null if there is none or
    /// whatsappTemplateAgentId has it.
    async fn whatsapp_template_agent_name(&self) -> Option<&str> {
        self.spec().whatsapp_template_agent_name.as_deref()
    }

    /// The template's name at WhatsApp.
    async fn whatsapp_template_name(&self) -> Option<&str> {
        self.spec().whatsapp_template_name.as_deref()
    }

    /// The template's language, like pt_BR, en or fil.
    async fn whatsapp_template_language_code(&self) -> Option<&str> {
        self.spec().whatsapp_template_language_code.as_deref()
    }

    /// The template's text, for people to read.
    async fn whatsapp_template_text(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().whatsapp_template_text.as_deref())
    }

    /// The URL that is called on entering.
    async fn webhook_url(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.spec().webhook_url.as_deref())
    }

    /// The headers of the webhook call, from names to values. The values are secrets: a token without
    /// the scope SECRETS reads each as `***`, which means in a specification that is applied that the
    /// stored value is kept.
    async fn webhook_header(&self, context: &Context<'_>) -> Option<Result<StringMap, Failure>> {
        self.pipeline.steps[self.index].headers(context)
    }
}

fn id(text: Option<&String>) -> Option<ID> {
    text.map(ID::from)
}
