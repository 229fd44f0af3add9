//! Steps of scenarios.

mod bulk;
mod duplicate;
mod input;
mod mutation;
mod query;
mod restore;
mod scenario;
mod selected;
mod timers;
mod values;
mod webhook;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use uuid::{Uuid, fmt::Hyphenated};

use self::webhook::WebhookHeader;
pub(super) use self::{
    bulk::BulkCrmStepMutation,
    duplicate::DuplicateCrmStepMutation,
    input::CrmStepSpecInput,
    mutation::CrmStepMutation,
    query::CrmStepQuery,
    restore::RestoreCrmStepMutation,
    selected::Selected,
    values::{AssigneeLogicType, AutoNextTimeUnit, DefaultPriority, DefaultStatus, RequestContact},
};
use super::{
    agent::Agent,
    crm_scenario::CrmScenario,
    history::{History, history},
    loaders::{AgentId, CandidatesOf, CrmScenarioId, MembershipId},
    membership::Membership,
};
use crate::{
    domain::{checks::is_given, crm_step::delay_seconds},
    entity::crm_step,
    graphql::parts::{
        connection::to_int,
        context::{long_text, long_texts, reads},
        error::Failure,
        inline::Inline,
        scalars::{DateTime, StringMap},
    },
    store::{crm_step::CrmStepRow, history::HistoryScope},
};

#[derive(Clone)]
pub(super) struct CrmStep {
    row: Arc<crm_step::Model>,
    /// The candidates, where they have been read with the row.
    membership_ids: Option<Vec<Uuid>>,
}

impl<R: Into<Arc<crm_step::Model>>> From<R> for CrmStep {
    fn from(row: R) -> Self {
        Self { row: row.into(), membership_ids: None }
    }
}

impl From<CrmStepRow> for CrmStep {
    fn from(CrmStepRow { step, membership_ids }: CrmStepRow) -> Self {
        Self { row: Arc::new(step), membership_ids: Some(membership_ids) }
    }
}

impl CrmStep {
    /// The candidates in their order; `None` if the field is null.
    async fn candidates(&self, context: &Context<'_>) -> Result<Option<Vec<Uuid>>, Failure> {
        match (self.row.assignee_count, &self.membership_ids) {
            (None, _) => Ok(None),
            (Some(0), _) => Ok(Some(Vec::new())),
            (Some(_), Some(ids)) => Ok(Some(ids.clone())),
            (Some(_), None) => reads(context).one(CandidatesOf(self.row.id)).await,
        }
    }
}

/// A step: a stage of a scenario, with what happens to a conversation that reaches it. Optional
/// fields are null when they were not sent.
#[Object]
impl CrmStep {
    /// Its id, a UUID.
    pub(super) async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Its position in the scenario, from 0 without gaps.
    async fn index(&self) -> i32 {
        self.row.index
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.row.organization_id.into()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was last changed; a move does not count.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// Its version: 1 when it is created, and one more after each change; a move does not count. Send
    /// it as expectedVersion so that a change based on an older version is rejected.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// Its key, by which files find it again after it was renamed; null if it was not given.
    async fn key(&self) -> Option<&str> {
        self.row.key.as_deref()
    }

    /// The scenario that it belongs to.
    async fn scenario_id(&self) -> ID {
        self.row.scenario_id.into()
    }

    /// The agent that takes over; null keeps the conversation's agent.
    async fn agent_id(&self) -> Option<ID> {
        self.row.agent_id.map(Into::into)
    }

    /// The condition, in words, on which a conversation enters.
    async fn trigger(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.trigger.as_deref())
    }

    /// The instruction to the agent while a conversation is in the step.
    async fn prompt(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.prompt.as_deref())
    }

    /// The message that is sent on entering; null sends none.
    async fn initial_message(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.initial_message.as_deref())
    }

    /// Whether an initialMessage is sent on entering: for lists of steps, which need not read the
    /// texts.
    async fn has_initial_message(&self) -> bool {
        is_given(self.row.initial_message.as_deref())
    }

    /// The step to move on to after autoNextTime; null means the following one, if there is an
    /// autoNextTime.
    async fn auto_next_step_id(&self) -> Option<ID> {
        self.row.auto_next_step_id.map(Into::into)
    }

    /// How long to wait before moving on, in autoNextTimeUnit; null means that the conversation
    /// stays.
    async fn auto_next_time(&self) -> Option<i32> {
        self.row.auto_next_time
    }

    /// What autoNextTime counts; null means seconds.
    async fn auto_next_time_unit(&self) -> Option<AutoNextTimeUnit> {
        self.row.auto_next_time_unit.map(Into::into)
    }

    /// The status that the conversation gets on entering; null leaves it as it is.
    async fn default_status(&self) -> Option<DefaultStatus> {
        self.row.default_status.map(Into::into)
    }

    /// The priority that the conversation gets on entering; null leaves it as it is.
    async fn default_priority(&self) -> Option<DefaultPriority> {
        self.row.default_priority.map(Into::into)
    }

    /// Whether the AI answers from here on; null leaves it as it is.
    async fn default_ai_control(&self) -> Option<bool> {
        self.row.default_ai_control
    }

    /// How the conversation's assignee is chosen; null has the effect of `none`.
    async fn assignee_logic_type(&self) -> Option<AssigneeLogicType> {
        self.row.assignee_logic_type.map(Into::into)
    }

    /// The memberships among which the assignee is chosen; null if no list was sent.
    async fn selected_membership_ids_for_assignee(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<ID>, Failure>> {
        let ids = self.candidates(context).await.transpose()?;
        Some(ids.and_then(|ids| {
            reads(context).count_text(ids.len() * Hyphenated::LENGTH)?;
            Ok(ids.into_iter().map(Into::into).collect())
        }))
    }

    /// Whether a conversation must not skip the step; null means false.
    async fn is_required(&self) -> Option<bool> {
        self.row.is_required
    }

    /// Whether the step takes the conversation out of the scenario; null means false.
    async fn is_conversation_removal_step(&self) -> Option<bool> {
        self.row.is_conversation_removal_step
    }

    /// The tags that the conversation gains on entering, after it has lost defaultTagsToRemove.
    async fn default_tags(&self, context: &Context<'_>) -> Option<Result<&[String], Failure>> {
        long_texts(context, self.row.default_tags.as_ref().map(|tags| tags.0.as_slice()))
    }

    /// The tags that the conversation loses on entering.
    async fn default_tags_to_remove(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<&[String], Failure>> {
        long_texts(context, self.row.default_tags_to_remove.as_ref().map(|tags| tags.0.as_slice()))
    }

    /// The contact data to request; null asks for none.
    async fn request_contact(&self) -> Option<RequestContact> {
        self.row.request_contact.as_ref().map(|data| data.0.into())
    }

    /// The agent that sends the Z-API message.
    async fn zapi_agent_id(&self) -> Option<ID> {
        self.row.zapi_agent_id.map(Into::into)
    }

    /// The number that the Z-API message goes to, as it was sent.
    async fn zapi_phone_number(&self) -> Option<&str> {
        self.row.zapi_phone_number.as_deref()
    }

    /// The Z-API message.
    async fn zapi_message(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.zapi_message.as_deref())
    }

    /// The agent that sends the WhatsApp template.
    async fn whatsapp_template_agent_id(&self) -> Option<ID> {
        self.row.whatsapp_template_agent_id.map(Into::into)
    }

    /// The template's name at WhatsApp.
    async fn whatsapp_template_name(&self) -> Option<&str> {
        self.row.whatsapp_template_name.as_deref()
    }

    /// The template's language, like pt_BR, en or fil.
    async fn whatsapp_template_language_code(&self) -> Option<&str> {
        self.row.whatsapp_template_language_code.as_deref()
    }

    /// The template's text, for people to read.
    async fn whatsapp_template_text(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.whatsapp_template_text.as_deref())
    }

    /// The URL that is called on entering; null calls none.
    async fn webhook_url(&self, context: &Context<'_>) -> Option<Result<&str, Failure>> {
        long_text(context, self.row.webhook_url.as_deref())
    }

    /// The headers of the webhook call, from names to values. The values are secrets: a token
    /// without the scope SECRETS reads each as `***`. An update that sends `***` back keeps the
    /// stored value.
    async fn webhook_header(&self, context: &Context<'_>) -> Option<Result<StringMap, Failure>> {
        self.headers(context)
    }

    /// The headers of the webhook call one by one, in the order in which they were sent; null if
    /// none were sent. The values are secrets: a token without the scope SECRETS reads each as null.
    async fn webhook_headers(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<WebhookHeader>, Failure>> {
        self.listed_headers(context)
    }

    /// autoNextTime in seconds, whatever its unit; null if the step has no timer.
    async fn auto_next_delay_seconds(&self) -> Option<i32> {
        let time = self.row.auto_next_time?;
        Some(delay_seconds(time, self.row.auto_next_time_unit))
    }

    /// The scenario that it belongs to; null only if it, and so the step, has been deleted
    /// meanwhile.
    async fn scenario(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<CrmScenario>, Failure>> {
        let found = reads(context).one(CrmScenarioId(self.row.scenario_id)).await;
        Some(found.transpose()?.map(CrmScenario).map(Inline::from))
    }

    /// The agent that takes over; null keeps the conversation's agent.
    async fn agent(&self, context: &Context<'_>) -> Option<Result<Inline<Agent>, Failure>> {
        agent(context, self.row.agent_id).await
    }

    /// The step to which the timer leads: autoNextStepId or else the following one. Null if the
    /// step has no timer, or if it is the last step and its timer names no step.
    async fn auto_next_step(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<CrmStep>, Failure>> {
        self.next(context).await
    }

    /// The steps whose timers lead to this one, those of timers to the following step included,
    /// ordered by index: the first 100 of them.
    async fn incoming_timers(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Inline<CrmStep>>, Failure> {
        self.incoming(context).await
    }

    /// The number of steps whose timers lead to this one, also where incomingTimers has not all of
    /// them.
    async fn incoming_timer_count(&self, context: &Context<'_>) -> Result<i32, Failure> {
        self.incoming_ids(context).await.map(|ids| to_int(ids.len()))
    }

    /// The memberships among which the assignee is chosen, in the order in which they were sent;
    /// null if no list was sent.
    async fn selected_memberships_for_assignee(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<Inline<Membership>>, Failure>> {
        match self.candidates(context).await.transpose()? {
            Err(failure) => Some(Err(failure)),
            Ok(ids) => {
                let found = reads(context).many(ids.into_iter().map(MembershipId)).await;
                Some(found.map(|rows| rows.into_iter().map(Membership).map(Inline::from).collect()))
            }
        }
    }

    /// The agent that sends the Z-API message.
    async fn zapi_agent(&self, context: &Context<'_>) -> Option<Result<Inline<Agent>, Failure>> {
        agent(context, self.row.zapi_agent_id).await
    }

    /// The agent that sends the WhatsApp template.
    async fn whatsapp_template_agent(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Inline<Agent>, Failure>> {
        agent(context, self.row.whatsapp_template_agent_id).await
    }

    /// The changes of it.
    async fn history(&self, context: &Context<'_>) -> Result<History, Failure> {
        history(context, HistoryScope::Subject, self.row.id).await
    }
}

async fn agent(context: &Context<'_>, id: Option<Uuid>) -> Option<Result<Inline<Agent>, Failure>> {
    let found = reads(context).one(AgentId(id?)).await;
    Some(found.transpose()?.map(Agent).map(Inline::from))
}
