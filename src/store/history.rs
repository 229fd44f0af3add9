//! Reading the history.

pub mod cursor;

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::kit::{
    columns::Columns,
    page::{Order, OrderKey, Page, PageQuery, read_pages},
};
use crate::{db::Database, domain::id::OrganizationId, entity::change};

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

fn of(organization: OrganizationId) -> Select<change::Entity> {
    change::Entity::find().filter(change::Column::OrganizationId.eq(organization.0))
}

/// In the order in which the changes were made.
pub fn order() -> Order<change::Entity> {
    Order::new(Vec::new(), OrderKey::by(change::Column::Sequence))
}

/// The same page of several histories, by the ids of their rows.
pub async fn pages(
    organization: OrganizationId,
    db: &Database,
    scope: HistoryScope,
    ids: &[Uuid],
    page: &PageQuery,
) -> Result<HashMap<Uuid, Page<change::Model>>, DbErr> {
    let select = of(organization);
    read_pages(db.read(), select, Columns::ALL, scope.column(), ids, &order(), page).await
}

/// The number of changes in each of several histories.
pub async fn counts(
    organization: OrganizationId,
    db: &Database,
    scope: HistoryScope,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, u64>, DbErr> {
    let column = scope.column();
    let counts = of(organization)
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
