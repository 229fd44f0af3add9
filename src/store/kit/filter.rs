//! Filters: conditions on the rows of a list.
//!
//! Each condition is true or false, also where a column is null, so that its negation is right too.

use std::{collections::BTreeSet, marker::PhantomData};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    Value,
    sea_query::{Expr, ExprTrait as _, LikeExpr},
};
use uuid::Uuid;

use super::tenant::TenantEntity;
use crate::{
    db::{Folded, TEXT_BOUND},
    domain::{crm_step::AssigneeLogicType, fold::without_case},
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

impl<E: EntityTrait> Filter<E> {
    /// True where the column has one of these values.
    pub fn is_one_of<V: Into<Value>>(
        column: E::Column,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::is(column.is_not_null().and(column.is_in(values)))
    }

    /// True where the column is null (true), or where it is not (false).
    pub fn is_null(column: E::Column, is_null: bool) -> Self {
        Self::is(if is_null { column.is_null() } else { column.is_not_null() })
    }

    /// On a column of times.
    pub fn time(column: E::Column, test: TimeTest) -> Self {
        Self::is(match test {
            TimeTest::Before(time) => column.lt(time),
            TimeTest::UpTo(time) => column.lte(time),
            TimeTest::From(time) => column.gte(time),
            TimeTest::After(time) => column.gt(time),
        })
    }
}

impl<E: TenantEntity> Filter<E> {
    /// On the name.
    pub fn name(wanted: &TextTest) -> Self {
        Self::text(E::NAME_CASELESS, E::NAMES, wanted)
    }

    /// On a column of folded text.
    fn text(column: E::Column, folded: Folded, wanted: &TextTest) -> Self {
        let test = match wanted {
            TextTest::Equals(text) => column.eq(without_case(text)),
            TextTest::Contains(text) => like(column, "%", text),
            TextTest::StartsWith(text) => like(column, "", text),
        };
        Self::is_folded(column.is_not_null().and(test), folded)
    }
}

/// Whether a column of folded text has this text after a pattern.
fn like<C: ColumnTrait>(column: C, before: &str, text: &str) -> Expr {
    const ESCAPE: char = '\\';
    let escaped =
        without_case(text).replace(ESCAPE, "\\\\").replace('%', "\\%").replace('_', "\\_");
    column.like(LikeExpr::new(format!("{before}{escaped}%")).escape(ESCAPE))
}

impl Filter<membership::Entity> {
    /// On the email.
    pub fn email(wanted: &TextTest) -> Self {
        Self::text(membership::Column::EmailCaseless, Folded::MembershipEmails, wanted)
    }
}

impl Filter<crm_step::Entity> {
    /// On the texts of steps: true if one of them matches. A test with the character that separates them
    /// in their column matches none.
    pub fn texts(wanted: &TextTest) -> Self {
        let (text, bounded) = match wanted {
            TextTest::Equals(text) => (text, format!("{TEXT_BOUND}{text}{TEXT_BOUND}")),
            TextTest::Contains(text) => (text, text.clone()),
            TextTest::StartsWith(text) => (text, format!("{TEXT_BOUND}{text}")),
        };
        if text.contains(TEXT_BOUND) {
            return Self::any([]);
        }
        let contains = TextTest::Contains(bounded);
        Self::text(crm_step::Column::TextsCaseless, Folded::CrmStepTexts, &contains)
    }

    /// True for steps that take the conversation out of the scenario, or for the others. Null
    /// counts as false.
    pub fn is_conversation_removal_step(is: bool) -> Self {
        Self::is_true(crm_step::Column::IsConversationRemovalStep, is)
    }

    /// True for steps that a conversation must not skip, or for the others. Null counts as false.
    pub fn is_required(is: bool) -> Self {
        Self::is_true(crm_step::Column::IsRequired, is)
    }

    fn is_true(column: crm_step::Column, is: bool) -> Self {
        let is_one = Self::is_one_of(column, [true]);
        if is { is_one } else { Self::none(is_one) }
    }

    /// True for steps that choose the assignee in one of these ways. Null counts as `none`.
    pub fn assigns_by(types: &[AssigneeLogicType]) -> Self {
        const COLUMN: crm_step::Column = crm_step::Column::AssigneeLogicType;
        let is_one = Self::is_one_of(COLUMN, types.iter().copied());
        let is_null = types.contains(&AssigneeLogicType::None);
        Self::any([is_one].into_iter().chain(is_null.then(|| Self::is_null(COLUMN, true))))
    }

    /// True for steps that add this tag, without regard to case and Unicode form.
    pub fn has_default_tag(tag: &str) -> Self {
        use crm_step_tag::{Column, Entity};
        let test = Column::TagCaseless.eq(without_case(tag));
        let tagged = exists::<Entity>(Column::OrganizationId, Column::StepId, test);
        Self::is_folded(tagged, Folded::CrmStepTags)
    }

    /// True for steps of which this membership is a candidate.
    pub fn has_candidate(membership: Uuid) -> Self {
        use crm_step_assignee::{Column, Entity};
        let test = Column::MembershipId.eq(membership);
        Self::is(exists::<Entity>(Column::OrganizationId, Column::StepId, test))
    }

    /// True for steps that refer to this agent in any field.
    pub fn uses_agent(agent: Uuid) -> Self {
        use crm_step::Column::{AgentId, WhatsappTemplateAgentId, ZapiAgentId};
        let columns = [AgentId, ZapiAgentId, WhatsappTemplateAgentId];
        Self::any(columns.map(|column| Self::is_one_of(column, [agent])))
    }
}

/// True for steps that have a row in another table, with this test and with these columns of the
/// organization and of the step.
fn exists<E: EntityTrait>(organization: E::Column, step: E::Column, test: Expr) -> Expr {
    let is_of_step =
        |column: E::Column, of_step: crm_step::Column| column.into_expr().eq(of_step.into_expr());
    let rows = E::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(is_of_step(organization, crm_step::Column::OrganizationId))
        .filter(is_of_step(step, crm_step::Column::Id))
        .filter(test);
    Expr::exists(rows.into_query())
}
