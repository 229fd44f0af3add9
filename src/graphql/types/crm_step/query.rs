//! Finding steps.

use async_graphql::{Context, Enum, ID, InputObject, Object};

use super::{
    CrmStep, Selected,
    values::{AssigneeLogicType, DefaultPriority, DefaultStatus},
};
use crate::{
    domain::{self, id::parse_id},
    entity::crm_step::{self, Column},
    graphql::{
        parts::{
            connection::{List, list},
            context::reads,
            error::Failure,
            filter::{
                IdFilter, OptionalIdFilter, OrderDirection, StringFilter, Tests, check_list,
                check_text, filter_input,
            },
        },
        types::loaders::CrmStepId,
    },
    store::kit::{filter::Filter, page::OrderKey},
};

filter_input! {
    /// Which steps to list. All tests that are given have to hold.
    CrmStepFilter of crm_step::Entity {
        /// Its texts: each test that is given holds for one of name, trigger, prompt, initialMessage,
        /// zapiMessage, whatsappTemplateText and webhookUrl. Headers are not searched.
        text: Option<StringFilter>,
        /// The scenario that it belongs to.
        scenario_id: Option<IdFilter>,
        /// The agent that takes over.
        agent_id: Option<OptionalIdFilter>,
        /// The agent that sends the Z-API message.
        zapi_agent_id: Option<OptionalIdFilter>,
        /// The agent that sends the WhatsApp template.
        whatsapp_template_agent_id: Option<OptionalIdFilter>,
        /// The step that its timer leads to, if the timer names one. CrmStep.incomingTimers has those of
        /// timers to the following step too.
        auto_next_step_id: Option<OptionalIdFilter>,
        /// Whether it has a timer, to a named step or to the following one.
        has_timer: Option<bool>,
        /// Whether it takes the conversation out of the scenario.
        is_conversation_removal_step: Option<bool>,
        /// Whether a conversation must not skip it; false finds null as well.
        is_required: Option<bool>,
        /// How it chooses the assignee.
        assignee_logic_type: Option<AssigneeLogicTypeFilter>,
        /// The status that it sets.
        default_status: Option<DefaultStatusFilter>,
        /// The priority that it sets.
        default_priority: Option<DefaultPriorityFilter>,
        /// The tags that it adds.
        default_tags: Option<TagsFilter>,
        /// The memberships among which it chooses.
        selected_membership_ids_for_assignee: Option<IdsFilter>,
    } with add_own
}

/// Tests of how the assignee is chosen.
#[derive(InputObject)]
struct AssigneeLogicTypeFilter {
    /// It is one of these, up to 100; `none` finds null as well.
    r#in: Option<Vec<AssigneeLogicType>>,
}

/// Tests of a status.
#[derive(InputObject)]
struct DefaultStatusFilter {
    /// It is one of these, up to 100.
    r#in: Option<Vec<DefaultStatus>>,
}

/// Tests of a priority.
#[derive(InputObject)]
struct DefaultPriorityFilter {
    /// It is one of these, up to 100.
    r#in: Option<Vec<DefaultPriority>>,
}

/// Tests of a list of tags.
#[derive(InputObject)]
struct TagsFilter {
    /// This tag is in it, whatever its case and Unicode form.
    has: Option<String>,
}

/// Tests of a list of ids.
#[derive(InputObject)]
struct IdsFilter {
    /// This id is in it.
    has: Option<ID>,
}

impl CrmStepFilter {
    /// Adds the tests of its own fields.
    fn add_own(self, tests: &mut Tests<crm_step::Entity>) -> Result<(), Failure> {
        tests.text(self.text, Filter::texts)?;
        tests.id(Column::ScenarioId, self.scenario_id)?;
        tests.id(Column::AgentId, self.agent_id)?;
        tests.id(Column::ZapiAgentId, self.zapi_agent_id)?;
        tests.id(Column::WhatsappTemplateAgentId, self.whatsapp_template_agent_id)?;
        tests.id(Column::AutoNextStepId, self.auto_next_step_id)?;
        if let Some(has_timer) = self.has_timer {
            tests.add(Filter::is_null(Column::AutoNextTime, !has_timer))?;
        }
        if let Some(is_one) = self.is_conversation_removal_step {
            tests.add(Filter::is_conversation_removal_step(is_one))?;
        }
        if let Some(is_required) = self.is_required {
            tests.add(Filter::is_required(is_required))?;
        }
        if let Some(types) = self.assignee_logic_type.and_then(|filter| filter.r#in) {
            check_list(&types)?;
            let types = types.into_iter().map(domain::crm_step::AssigneeLogicType::from);
            tests.add(Filter::assigns_by(&types.collect::<Vec<_>>()))?;
        }
        if let Some(statuses) = self.default_status.and_then(|filter| filter.r#in) {
            check_list(&statuses)?;
            let statuses = statuses.into_iter().map(domain::crm_step::DefaultStatus::from);
            tests.add(Filter::is_one_of(Column::DefaultStatus, statuses))?;
        }
        if let Some(priorities) = self.default_priority.and_then(|filter| filter.r#in) {
            check_list(&priorities)?;
            let priorities = priorities.into_iter().map(domain::crm_step::DefaultPriority::from);
            tests.add(Filter::is_one_of(Column::DefaultPriority, priorities))?;
        }
        if let Some(tag) = self.default_tags.and_then(|filter| filter.has) {
            check_text(&tag)?;
            tests.add(Filter::has_default_tag(&tag))?;
        }
        if let Some(id) = self.selected_membership_ids_for_assignee.and_then(|filter| filter.has) {
            tests.add(parse_id(&id).map_or(Filter::any([]), Filter::has_candidate))?;
        }
        Ok(())
    }
}

/// What lists of steps can be ordered by.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
enum CrmStepOrderField {
    /// The name; its case does not count.
    Name,
    /// The position in the scenario. It changes when steps before it are created, deleted or moved;
    /// pages in this order then overlap or have gaps, which pages of CrmScenario.steps never do.
    Index,
    /// When it was created.
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
}

/// What to order a list of steps by.
#[derive(InputObject)]
struct CrmStepOrder {
    /// The field.
    field: CrmStepOrderField,
    /// The direction.
    #[graphql(default)]
    direction: OrderDirection,
}

impl From<CrmStepOrder> for OrderKey<crm_step::Entity> {
    fn from(order: CrmStepOrder) -> Self {
        order.direction.apply(match order.field {
            CrmStepOrderField::Name => OrderKey::by(Column::NameFolded),
            CrmStepOrderField::Index => OrderKey::by(Column::Index),
            CrmStepOrderField::CreatedAt => OrderKey::by(Column::CreatedAt),
            CrmStepOrderField::UpdatedAt => OrderKey::by(Column::UpdatedAt),
        })
    }
}

#[derive(Default)]
pub(in crate::graphql) struct CrmStepQuery;

#[Object]
impl CrmStepQuery {
    /// The step with this id; null if there is none in the organization.
    async fn crm_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The step's id.")] id: ID,
    ) -> Option<Result<CrmStep, Failure>> {
        let step = reads(context).one(CrmStepId(parse_id(&id)?)).await.transpose()?;
        Some(step.map(CrmStep::from))
    }

    /// The organization's steps, of all scenarios.
    async fn crm_steps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that match; default all.")] filter: Option<CrmStepFilter>,
        #[graphql(desc = "Up to 5 sort fields, then the id; the default is oldest first.")]
        order_by: Option<Vec<CrmStepOrder>>,
    ) -> Result<List<CrmStep>, Failure> {
        let selected = Selected::of(context);
        let columns = selected.columns();
        let found = list(context, filter, order_by, columns, CrmStep::from).await?;
        selected.load_ahead(context, &found).await;
        Ok(found)
    }
}
