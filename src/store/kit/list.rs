//! Lists: the rows of a table that match a filter, a page of them or their number.

use sea_orm::{DbErr, PaginatorTrait as _, QueryFilter as _, Select};

use super::{
    columns::Columns,
    filter::Filter,
    page::{Order, Page, PageQuery, read_page},
    tenant::{self, TenantEntity},
};
use crate::{db::Database, domain::id::OrganizationId};

/// A page of the rows that match a filter.
pub async fn page<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
    filter: Filter<E>,
    order: &Order<E>,
    query: &PageQuery,
    columns: Columns,
) -> Result<Page<E::Model>, DbErr> {
    let select = matching(organization, db, filter).await?;
    read_page(db.read(), select, columns, order, query).await
}

/// How many rows match a filter.
pub async fn count<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
    filter: Filter<E>,
) -> Result<u64, DbErr> {
    matching(organization, db, filter).await?.count(db.read()).await
}

/// The rows that match a filter. Columns of folded text that a replica of an earlier version has
/// left empty are filled first.
async fn matching<E: TenantEntity>(
    organization: OrganizationId,
    db: &Database,
    filter: Filter<E>,
) -> Result<Select<E>, DbErr> {
    for column in filter.folded() {
        db.fold(organization, *column).await?;
    }
    Ok(tenant::of::<E>(organization).filter(filter.into_condition()))
}
