//! Erasing an organization.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, Query},
};

use crate::{
    db::Database,
    domain::id::OrganizationId,
    entity::{access_token, organization},
};

/// The maximum number of rows that a transaction deletes, except that it deletes all rows of a step or
/// all steps of a scenario. Others wait for it.
const PORTION: u64 = 1_000;

/// The tables with rows of an organization, each before the tables to which its rows refer, and the
/// column by which a portion is chosen. Steps refer to steps of their scenario, so they are deleted
/// together.
const TABLES: [(&str, &str); 10] = [
    ("deleted_crm_step", "id"),
    ("deleted_crm_scenario", "id"),
    ("crm_step_tag", "step_id"),
    ("crm_step_assignee", "step_id"),
    ("crm_step", "scenario_id"),
    ("crm_scenario", "id"),
    ("agent", "id"),
    ("membership", "id"),
    ("idempotency_key", "key"),
    ("change", "id"),
];

/// All tables with something of an organization.
pub fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().map(|(table, _)| table).chain(["access_token", "organization"])
}

/// Deletes everything of an organization, in portions, and the organization itself at last. Interrupted
/// or failed, it can be called again. It fails if a request of the organization writes something
/// meanwhile: revoke its tokens before, and wait until no replica accepts them any more.
pub async fn delete(organization: OrganizationId, db: &Database) -> Result<(), DbErr> {
    for (table, column) in TABLES {
        while delete_portion(organization, db, table, column).await? > 0 {}
    }
    let transaction = db.write().await?;
    access_token::Entity::delete_many()
        .filter(access_token::Column::OrganizationId.eq(organization.0))
        .exec(&transaction)
        .await?;
    organization::Entity::delete_by_id(organization.0).exec(&transaction).await?;
    transaction.commit().await
}

/// Deletes the next rows of a table, and returns how many.
async fn delete_portion(
    organization: OrganizationId,
    db: &Database,
    table: &'static str,
    column: &'static str,
) -> Result<u64, DbErr> {
    let is_of_organization = || Expr::col("organization_id").eq(organization.0);
    let portion = Query::select()
        .column(column)
        .from(table)
        .and_where(is_of_organization())
        .order_by(column, sea_orm::Order::Asc)
        .limit(PORTION)
        .to_owned();
    let delete = Query::delete()
        .from_table(table)
        .and_where(is_of_organization())
        .and_where(Expr::col(column).in_subquery(portion))
        .to_owned();
    let transaction = db.write().await?;
    let deleted = transaction.execute(&delete).await?.rows_affected();
    transaction.commit().await?;
    Ok(deleted)
}
