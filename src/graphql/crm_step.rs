//! Steps: what happens to a conversation that reaches them.

mod input;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::input::CreateCrmStepInput;
use super::{
    agent::Agent,
    connection::{ListEdge, edge},
    crm_scenario::CrmScenario,
    environment,
    error::Failure,
    loaders,
    loaders::{AgentId, CrmScenarioId, CrmStepId, CrmStepPlace, MembershipId},
    membership::Membership,
    organization,
    string_map::StringMap,
    user_error::{UserError, user_errors},
    validate_only::ValidateOnly,
};
use crate::{
    domain::{
        self,
        crm_step::{TimeUnit, delay_seconds},
        id::parse_id,
    },
    store::{self, crm_step::CrmStepRow},
};

pub(super) struct CrmStep(pub(super) CrmStepRow);

/// A step: a stage of a scenario, with what happens to a conversation that reaches it. Optional
/// fields are null when they were not sent.
#[Object]
impl CrmStep {
    /// Its id, a UUID.
    async fn id(&self) -> ID {
        self.0.step.id.into()
    }

    /// Its place in the scenario, from 0 on and without gaps.
    async fn index(&self) -> i32 {
        self.0.step.index
    }

    /// The organization that it belongs to.
    async fn organization_id(&self) -> ID {
        self.0.step.organization_id.into()
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.step.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.step.updated_at
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.step.name
    }

    /// The scenario that it belongs to.
    async fn scenario_id(&self) -> ID {
        self.0.step.scenario_id.into()
    }

    /// The agent that takes over; null keeps the conversation's agent.
    async fn agent_id(&self) -> Option<ID> {
        self.0.step.agent_id.map(Into::into)
    }

    /// The condition, in words, on which a conversation enters.
    async fn trigger(&self) -> Option<&str> {
        self.0.step.trigger.as_deref()
    }

    /// What the agent is told while a conversation is in the step.
    async fn prompt(&self) -> Option<&str> {
        self.0.step.prompt.as_deref()
    }

    /// The message that is sent on entering; null sends none.
    async fn initial_message(&self) -> Option<&str> {
        self.0.step.initial_message.as_deref()
    }

    /// The step to move on to after autoNextTime; null means the following one, if there is an
    /// autoNextTime.
    async fn auto_next_step_id(&self) -> Option<ID> {
        self.0.step.auto_next_step_id.map(Into::into)
    }

    /// How long to wait before moving on, in autoNextTimeUnit; null stays.
    async fn auto_next_time(&self) -> Option<i32> {
        self.0.step.auto_next_time
    }

    /// What autoNextTime counts; null means seconds.
    async fn auto_next_time_unit(&self) -> Option<AutoNextTimeUnit> {
        self.0.step.auto_next_time_unit.map(Into::into)
    }

    /// The status that the conversation gets on entering; null leaves it.
    async fn default_status(&self) -> Option<DefaultStatus> {
        self.0.step.default_status.map(Into::into)
    }

    /// The priority that the conversation gets on entering; null leaves it.
    async fn default_priority(&self) -> Option<DefaultPriority> {
        self.0.step.default_priority.map(Into::into)
    }

    /// Whether the AI answers from here on; null leaves it as it is.
    async fn default_ai_control(&self) -> Option<bool> {
        self.0.step.default_ai_control
    }

    /// How the conversation's assignee is chosen; null means none.
    async fn assignee_logic_type(&self) -> Option<AssigneeLogicType> {
        self.0.step.assignee_logic_type.map(Into::into)
    }

    /// The memberships among which the assignee is chosen; null if none were sent.
    async fn selected_membership_ids_for_assignee(&self) -> Option<Vec<ID>> {
        self.0.step.assignee_count?;
        Some(self.0.membership_ids.iter().map(|id| (*id).into()).collect())
    }

    /// Whether a conversation may not skip the step; null means false.
    async fn is_required(&self) -> Option<bool> {
        self.0.step.is_required
    }

    /// Whether the step takes the conversation out of the scenario; null means false.
    async fn is_conversation_removal_step(&self) -> Option<bool> {
        self.0.step.is_conversation_removal_step
    }

    /// The tags that the conversation gains on entering, after it has lost defaultTagsToRemove.
    async fn default_tags(&self) -> Option<Vec<&str>> {
        let tags = self.0.step.default_tags.as_ref()?;
        Some(tags.0.iter().map(String::as_str).collect())
    }

    /// The tags that the conversation loses on entering.
    async fn default_tags_to_remove(&self) -> Option<Vec<&str>> {
        let tags = self.0.step.default_tags_to_remove.as_ref()?;
        Some(tags.0.iter().map(String::as_str).collect())
    }

    /// The contact data to ask for; null asks for none.
    async fn request_contact(&self) -> Option<RequestContact> {
        self.0.step.request_contact.as_ref().map(|data| data.0.into())
    }

    /// The agent that sends the Z-API message.
    async fn zapi_agent_id(&self) -> Option<ID> {
        self.0.step.zapi_agent_id.map(Into::into)
    }

    /// The number that the Z-API message goes to, as it was written.
    async fn zapi_phone_number(&self) -> Option<&str> {
        self.0.step.zapi_phone_number.as_deref()
    }

    /// The Z-API message.
    async fn zapi_message(&self) -> Option<&str> {
        self.0.step.zapi_message.as_deref()
    }

    /// The agent that sends the WhatsApp template.
    async fn whatsapp_template_agent_id(&self) -> Option<ID> {
        self.0.step.whatsapp_template_agent_id.map(Into::into)
    }

    /// The template's name at WhatsApp.
    async fn whatsapp_template_name(&self) -> Option<&str> {
        self.0.step.whatsapp_template_name.as_deref()
    }

    /// The template's language, like pt_BR, en or fil.
    async fn whatsapp_template_language_code(&self) -> Option<&str> {
        self.0.step.whatsapp_template_language_code.as_deref()
    }

    /// The template's text, for people to read.
    async fn whatsapp_template_text(&self) -> Option<&str> {
        self.0.step.whatsapp_template_text.as_deref()
    }

    /// The URL that is called on entering; null calls none.
    async fn webhook_url(&self) -> Option<&str> {
        self.0.step.webhook_url.as_deref()
    }

    /// The headers of that call, from names to values.
    async fn webhook_header(&self) -> Option<StringMap> {
        self.0.step.webhook_header.as_ref().map(|headers| StringMap(headers.0.clone().into()))
    }

    /// autoNextTime in seconds, whatever its unit; null without a timer.
    async fn auto_next_delay_seconds(&self) -> Option<i32> {
        let time = self.0.step.auto_next_time?;
        Some(delay_seconds(time, self.0.step.auto_next_time_unit))
    }

    /// The scenario that it belongs to.
    async fn scenario(&self, context: &Context<'_>) -> Result<CrmScenario, Failure> {
        let id = CrmScenarioId(self.0.step.scenario_id);
        loaders(context).load_one(id).await?.map(CrmScenario).ok_or(Failure::Internal)
    }

    /// The agent that takes over; null keeps the conversation's agent.
    async fn agent(&self, context: &Context<'_>) -> Option<Result<Agent, Failure>> {
        agent(context, self.0.step.agent_id).await
    }

    /// The step to which the timer leads: autoNextStepId or else the following one. Null without a
    /// timer, and for a timer on the last step that leads nowhere.
    async fn auto_next_step(&self, context: &Context<'_>) -> Option<Result<CrmStep, Failure>> {
        let step = &self.0.step;
        step.auto_next_time?;
        let found = if let Some(id) = step.auto_next_step_id {
            loaders(context).load_one(CrmStepId(id)).await
        } else {
            let following = CrmStepPlace { scenario_id: step.scenario_id, index: step.index + 1 };
            loaders(context).load_one(following).await
        };
        Some(found.transpose()?.map(CrmStep))
    }

    /// The memberships among which the assignee is chosen, in the order in which they were sent;
    /// null if none were.
    async fn selected_memberships_for_assignee(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<Membership>, Failure>> {
        self.0.step.assignee_count?;
        let ids = self.0.membership_ids.iter().map(|id| MembershipId(*id));
        let found = loaders(context).load_many(ids.clone()).await;
        Some(
            found.map(|mut found| ids.filter_map(|id| found.remove(&id)).map(Membership).collect()),
        )
    }

    /// The agent that sends the Z-API message.
    async fn zapi_agent(&self, context: &Context<'_>) -> Option<Result<Agent, Failure>> {
        agent(context, self.0.step.zapi_agent_id).await
    }

    /// The agent that sends the WhatsApp template.
    async fn whatsapp_template_agent(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Agent, Failure>> {
        agent(context, self.0.step.whatsapp_template_agent_id).await
    }
}

async fn agent(context: &Context<'_>, id: Option<Uuid>) -> Option<Result<Agent, Failure>> {
    let found = loaders(context).load_one(AgentId(id?)).await;
    Some(found.transpose()?.map(Agent))
}

/// Which contact data a step asks for.
#[derive(SimpleObject)]
struct RequestContact {
    /// Whether to ask for the name; null means false.
    name: Option<bool>,
    /// Whether to ask for the email address; null means false.
    email: Option<bool>,
    /// Whether to ask for the phone number; null means false.
    phone: Option<bool>,
}

impl From<domain::crm_step::RequestContact> for RequestContact {
    fn from(data: domain::crm_step::RequestContact) -> Self {
        Self { name: data.name, email: data.email, phone: data.phone }
    }
}

/// What autoNextTime counts.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "TimeUnit")]
enum AutoNextTimeUnit {
    /// Minutes.
    #[graphql(name = "m")]
    Minute,
    /// Hours.
    #[graphql(name = "h")]
    Hour,
    /// Days of 24 hours.
    #[graphql(name = "d")]
    Day,
}

/// A status that a conversation gets on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::crm_step::DefaultStatus")]
enum DefaultStatus {
    /// The conversation is done.
    Resolved,
    /// The conversation goes on.
    Unresolved,
    /// A person is asked to take over.
    HumanRequested,
}

/// A priority that a conversation gets on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::crm_step::DefaultPriority")]
enum DefaultPriority {
    /// May wait.
    Low,
    /// In turn.
    Medium,
    /// Before others.
    High,
}

/// How a conversation's assignee is chosen on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::crm_step::AssigneeLogicType")]
enum AssigneeLogicType {
    /// Whoever has the conversation keeps it.
    #[graphql(name = "none")]
    None,
    /// Nobody has it any more.
    #[graphql(name = "clear")]
    Clear,
    /// The one selected membership.
    #[graphql(name = "single_user")]
    SingleUser,
    /// One of the selected memberships, by chance.
    #[graphql(name = "random_selected")]
    RandomSelected,
    /// The selected memberships in turn, so that each gets the same share.
    #[graphql(name = "fair_distribution_selected")]
    FairDistributionSelected,
}

#[derive(Default)]
pub(super) struct CrmStepQuery;

#[Object]
impl CrmStepQuery {
    /// The step with this id; null if there is none in the organization.
    async fn crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
    ) -> Option<Result<CrmStep, Failure>> {
        let step = loaders(context).load_one(CrmStepId(parse_id(&id)?)).await.transpose()?;
        Some(step.map(CrmStep))
    }
}

/// What came of createCrmStep.
#[derive(SimpleObject)]
struct CreateCrmStepPayload {
    /// The new step; null when userErrors says why not, or when the call only validated.
    crm_step: Option<CrmStep>,
    /// The new step as an element of its scenario's steps, for clients that keep lists.
    crm_step_edge: Option<ListEdge<i32, CrmStep>>,
    /// All broken rules. Empty when there are none.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(super) struct CrmStepMutation;

#[Object]
impl CrmStepMutation {
    /// Creates a step as the last one of its scenario.
    async fn create_crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step.")] input: CreateCrmStepInput,
        #[graphql(desc = "Only check: answer the same userErrors and store nothing.", default)]
        validate_only: ValidateOnly,
    ) -> Option<Result<CreateCrmStepPayload, Failure>> {
        Some(create(context, input, validate_only.0).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: CreateCrmStepInput,
    validate_only: bool,
) -> Result<CreateCrmStepPayload, Failure> {
    let environment = environment(context);
    let (organization, db) = (organization(context), &environment.database);
    let (input, hosts) = (input.into(), environment.webhook_hosts);
    let created = if validate_only {
        store::crm_step::validate(organization, db, input, hosts).await?.map(|()| None)
    } else {
        let now = environment.clock.now();
        store::crm_step::create(organization, db, input, hosts, now).await?.map(Some)
    };
    let (created, user_errors) = match created {
        Ok(created) => (created, Vec::new()),
        Err(violations) => (None, user_errors(violations)),
    };
    Ok(CreateCrmStepPayload {
        crm_step_edge: created.clone().map(|row| edge(row.step.index, CrmStep(row))),
        crm_step: created.map(CrmStep),
        user_errors,
    })
}
