//! Filters: conditions on the rows of a list.
//!
//! Each condition is true or false, also where a column is null, so that its negation is right too.

use std::{collections::BTreeSet, marker::PhantomData};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, LikeExpr},
};
use uuid::Uuid;

use super::tenant::TenantEntity;
use crate::{
    db::Folded,
    domain::{
        crm_step::{DefaultPriority, DefaultStatus},
        membership::MembershipRole,
        text::without_case,
    },
    entity::{crm_step, crm_step_assignee, crm_step_tag, membership},
};

/// A condition on the rows of a table.
#[derive(Debug, Clone)]
#[must_use]
pub struct Filter<E> {
    condition: Condition,
    /// The columns of folded text that it looks at.
    folded: BTreeSet<Folded>,
    row: PhantomData<fn() -> E>,
}

/// A condition on a text, without regard to case and Unicode form.
#[derive(Debug, Clone)]
pub enum TextTest {
    /// The text equals this one.
    Equals(String),
    /// The text contains this one.
    Contains(String),
    /// The text starts with this one.
    StartsWith(String),
}

/// A condition on an id.
#[derive(Debug, Clone)]
pub enum IdTest {
    /// The id is one of these.
    In(Vec<Uuid>),
    /// The id is null (true) or not null (false).
    IsNull(bool),
}

/// A condition on a time.
#[derive(Debug, Clone, Copy)]
pub enum TimeTest {
    /// The time is before this one.
    Before(DateTime<Utc>),
    /// The time is this one or before it.
    UpTo(DateTime<Utc>),
    /// The time is this one or after it.
    From(DateTime<Utc>),
    /// The time is after this one.
    After(DateTime<Utc>),
}

impl<E> Filter<E> {
    fn of(condition: Condition, folded: BTreeSet<Folded>) -> Self {
        Self { condition, folded, row: PhantomData }
    }

    fn is(test: impl Into<Expr>) -> Self {
        Self::of(Condition::all().add(test.into()), BTreeSet::new())
    }

    /// A condition on a column of folded text.
    fn is_folded(test: impl Into<Expr>, column: Folded) -> Self {
        Self { folded: BTreeSet::from([column]), ..Self::is(test) }
    }

    /// True where all of these are true; without any, for every row.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::join(Condition::all(), filters)
    }

    /// True where one of these is true; without any, for no row.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::join(Condition::any(), filters);
        if any.condition.is_empty() {
            any.condition = any.condition.add(Expr::value(false));
        }
        any
    }

    fn join(condition: Condition, filters: impl IntoIterator<Item = Self>) -> Self {
        filters.into_iter().fold(Self::of(condition, BTreeSet::new()), |mut joined, mut filter| {
            joined.folded.append(&mut filter.folded);
            Self { condition: joined.condition.add(filter.condition), ..joined }
        })
    }

    /// True where this one is false.
    pub fn none(filter: Self) -> Self {
        Self::of(Condition::all().add(filter.condition).not(), filter.folded)
    }

    pub(crate) fn into_condition(self) -> Condition {
        self.condition
    }

    /// The columns of folded text that it looks at.
    pub(crate) fn folded(&self) -> &BTreeSet<Folded> {
        &self.folded
    }
}

fn id_test(column: impl ColumnTrait, test: IdTest) -> Expr {
    match test {
        IdTest::In(ids) => column.is_not_null().and(column.is_in(ids)),
        IdTest::IsNull(true) => column.is_null(),
        IdTest::IsNull(false) => column.is_not_null(),
    }
}

fn time_test(column: impl ColumnTrait, test: TimeTest) -> Expr {
    match test {
        TimeTest::Before(time) => column.lt(time),
        TimeTest::UpTo(time) => column.lte(time),
        TimeTest::From(time) => column.gte(time),
        TimeTest::After(time) => column.gt(time),
    }
}

impl<E: TenantEntity> Filter<E> {
    /// On the id.
    pub fn id(test: IdTest) -> Self {
        Self::is(id_test(E::ID, test))
    }

    /// On the name.
    pub fn name(wanted: &TextTest) -> Self {
        const ESCAPE: char = '\\';
        let like = |before: &str, text: &str| {
            let escaped =
                without_case(text).replace(ESCAPE, "\\\\").replace('%', "\\%").replace('_', "\\_");
            E::NAME_CASELESS.like(LikeExpr::new(format!("{before}{escaped}%")).escape(ESCAPE))
        };
        let test = match wanted {
            TextTest::Equals(text) => E::NAME_CASELESS.eq(without_case(text)),
            TextTest::Contains(text) => like("%", text),
            TextTest::StartsWith(text) => like("", text),
        };
        Self::is_folded(E::NAME_CASELESS.is_not_null().and(test), E::NAMES)
    }

    /// On the time of creation.
    pub fn created_at(test: TimeTest) -> Self {
        Self::is(time_test(E::CREATED_AT, test))
    }

    /// On the time of the last change.
    pub fn updated_at(test: TimeTest) -> Self {
        Self::is(time_test(E::UPDATED_AT, test))
    }
}

impl Filter<membership::Entity> {
    /// True for these roles.
    pub fn role(roles: impl IntoIterator<Item = MembershipRole>) -> Self {
        Self::is(membership::Column::Role.is_in(roles))
    }
}

impl Filter<crm_step::Entity> {
    /// On the scenario of a step.
    pub fn scenario(test: IdTest) -> Self {
        Self::is(id_test(crm_step::Column::ScenarioId, test))
    }

    /// On the agent that takes over the conversation.
    pub fn agent(test: IdTest) -> Self {
        Self::is(id_test(crm_step::Column::AgentId, test))
    }

    /// On the agent that sends the Z-API message.
    pub fn zapi_agent(test: IdTest) -> Self {
        Self::is(id_test(crm_step::Column::ZapiAgentId, test))
    }

    /// On the agent that sends the WhatsApp template.
    pub fn whatsapp_template_agent(test: IdTest) -> Self {
        Self::is(id_test(crm_step::Column::WhatsappTemplateAgentId, test))
    }

    /// On the target of the timer.
    pub fn auto_next_step(test: IdTest) -> Self {
        Self::is(id_test(crm_step::Column::AutoNextStepId, test))
    }

    /// True for steps with a timer, or for those without.
    pub fn has_timer(has_timer: bool) -> Self {
        let column = crm_step::Column::AutoNextTime;
        Self::is(if has_timer { column.is_not_null() } else { column.is_null() })
    }

    /// True for these statuses.
    pub fn default_status(statuses: Vec<DefaultStatus>) -> Self {
        let column = crm_step::Column::DefaultStatus;
        Self::is(column.is_not_null().and(column.is_in(statuses)))
    }

    /// True for these priorities.
    pub fn default_priority(priorities: Vec<DefaultPriority>) -> Self {
        let column = crm_step::Column::DefaultPriority;
        Self::is(column.is_not_null().and(column.is_in(priorities)))
    }

    /// True for steps that take the conversation out of the scenario, or for the others. Null
    /// counts as false.
    pub fn is_conversation_removal_step(is: bool) -> Self {
        let column = crm_step::Column::IsConversationRemovalStep;
        let is_one = Self::is(column.is_not_null().and(column.eq(true)));
        if is { is_one } else { Self::none(is_one) }
    }

    /// True for steps that add this tag, without regard to case and Unicode form.
    pub fn has_default_tag(tag: &str) -> Self {
        use crm_step_tag::{Column, Entity};
        let tagged = Entity::find()
            .select_only()
            .expr(Expr::value(1))
            .filter(is_of_step(Column::OrganizationId, crm_step::Column::OrganizationId))
            .filter(is_of_step(Column::StepId, crm_step::Column::Id))
            .filter(Column::TagCaseless.eq(without_case(tag)));
        Self::is_folded(Expr::exists(tagged.into_query()), Folded::CrmStepTags)
    }

    /// True for steps of which this membership is a candidate.
    pub fn has_candidate(membership: Option<Uuid>) -> Self {
        use crm_step_assignee::{Column, Entity};
        let Some(membership) = membership else { return Self::any([]) };
        let chosen = Entity::find()
            .select_only()
            .expr(Expr::value(1))
            .filter(is_of_step(Column::OrganizationId, crm_step::Column::OrganizationId))
            .filter(is_of_step(Column::StepId, crm_step::Column::Id))
            .filter(Column::MembershipId.eq(membership));
        Self::is(Expr::exists(chosen.into_query()))
    }

    /// True for steps that refer to this agent in any field.
    pub fn uses_agent(agent: Uuid) -> Self {
        let is = || IdTest::In(vec![agent]);
        Self::any([Self::agent(is()), Self::zapi_agent(is()), Self::whatsapp_template_agent(is())])
    }
}

/// Correlates a column of a subquery with a column of the outer step.
fn is_of_step(column: impl ColumnTrait, of_step: crm_step::Column) -> Expr {
    Expr::col((column.entity_name(), column)).eq(Expr::col((crm_step::Entity, of_step)))
}
