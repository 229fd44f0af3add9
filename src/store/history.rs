//! Reading the history.

pub mod cursor;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::kit::{
    columns::Columns,
    page::{Order, OrderKey, Page, PageQuery, read_pages},
};
use crate::{
    db::Database,
    domain::{
        change::{Action, SubjectType},
        id::OrganizationId,
    },
    entity::{change, organization},
};

/// The kind of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HistoryScope {
    /// The changes of one row.
    Subject,
    /// The changes of one scenario and its steps, deleted ones too.
    Scenario,
    /// All changes of the organization.
    Organization,
}

impl HistoryScope {
    /// The column that has the id of the history.
    fn column(self) -> change::Column {
        match self {
            Self::Subject => change::Column::SubjectId,
            Self::Scenario => change::Column::ScenarioId,
            Self::Organization => change::Column::OrganizationId,
        }
    }
}

/// The order of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum HistoryOrder {
    OldestFirst,
    NewestFirst,
}

impl HistoryOrder {
    fn columns(self) -> Order<change::Entity> {
        let sequence = OrderKey::by(change::Column::Sequence);
        Order::new(
            Vec::new(),
            match self {
                Self::OldestFirst => sequence,
                Self::NewestFirst => sequence.descending(),
            },
        )
    }
}

/// Which changes of a history to read: those for which all given tests hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistorySelection {
    /// The kind of the history.
    pub scope: HistoryScope,
    /// One of these was done.
    pub actions: Option<Vec<Action>>,
    /// The changed row is of one of these types.
    pub subject_types: Option<Vec<SubjectType>>,
    /// The changed row is one of these.
    pub subject_ids: Option<Vec<Uuid>>,
    /// The changed row is one of these scenarios or a step of one.
    pub scenario_ids: Option<Vec<Uuid>>,
    /// It was made with one of these tokens.
    pub token_ids: Option<Vec<Uuid>>,
    /// It happened at this time or later.
    pub since: Option<DateTime<Utc>>,
}

impl HistorySelection {
    fn select(&self, organization: OrganizationId) -> Select<change::Entity> {
        let Self { scope: _, actions, subject_types, subject_ids, scenario_ids, token_ids, since } =
            self;
        let is_one_of_actions =
            actions.as_ref().map(|actions| change::Column::Action.is_in(actions.clone()));
        let is_of_types =
            subject_types.as_ref().map(|types| change::Column::SubjectType.is_in(types.clone()));
        let has_id = |column: change::Column, ids: &Option<Vec<Uuid>>| {
            ids.as_ref().map(|ids| column.is_in(ids.iter().copied()))
        };
        change::Entity::find().filter(
            Condition::all()
                .add(change::Column::OrganizationId.eq(organization.0))
                .add_option(is_one_of_actions)
                .add_option(is_of_types)
                .add_option(has_id(change::Column::SubjectId, subject_ids))
                .add_option(has_id(change::Column::ScenarioId, scenario_ids))
                .add_option(has_id(change::Column::TokenId, token_ids))
                .add_option(since.map(|since| change::Column::HappenedAt.gte(since))),
        )
    }
}

/// The same page of several histories, by the ids of their rows.
pub async fn pages(
    organization: OrganizationId,
    db: &Database,
    selection: &HistorySelection,
    order: HistoryOrder,
    ids: &[Uuid],
    page: &PageQuery,
) -> Result<HashMap<Uuid, Page<change::Model>>, DbErr> {
    let (select, column) = (selection.select(organization), selection.scope.column());
    read_pages(db.read(), select, Columns::ALL, column, ids, &order.columns(), page).await
}

/// The number of changes in each of several histories.
pub async fn counts(
    organization: OrganizationId,
    db: &Database,
    selection: &HistorySelection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, u64>, DbErr> {
    let column = selection.scope.column();
    let counts = selection
        .select(organization)
        .select_only()
        .column(column)
        .column_as(change::Column::Sequence.count(), "count")
        .filter(column.is_in(ids.iter().copied()))
        .group_by(column)
        .into_tuple::<(Uuid, i64)>()
        .all(db.read())
        .await?;
    Ok(counts.into_iter().map(|(id, count)| (id, u64::try_from(count).unwrap_or(0))).collect())
}

/// Which part of the history of an organization is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeptHistory {
    /// The greatest number of a change that was purged; 0 if none was. All changes after it are kept.
    pub purged_to: i64,
    /// The number of the last change, purged or not; 0 if there was none.
    pub end: i64,
}

/// Which part of the history of the organization is kept now.
pub async fn kept(organization: OrganizationId, db: &Database) -> Result<KeptHistory, DbErr> {
    let last = change::Entity::find()
        .select_only()
        .column(change::Column::Sequence)
        .filter(change::Column::OrganizationId.eq(organization.0))
        .order_by_desc(change::Column::Sequence)
        .limit(1);
    let found = organization::Entity::find_by_id(organization.0)
        .select_only()
        .column(organization::Column::HistoryPurgedTo)
        .expr_as(Expr::from(last.into_query()), "last")
        .into_tuple::<(i64, Option<i64>)>()
        .one(db.read())
        .await?;
    let kept = found.map(|(purged_to, last)| KeptHistory {
        purged_to,
        end: last.map_or(purged_to, |last| last.max(purged_to)),
    });
    Ok(kept.unwrap_or_default())
}
