//! Columns and keys that the tables share.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// The column of the tenant, first in the primary key of every table of tenants.
pub(crate) const ORGANIZATION_ID: &str = "organization_id";

/// The tables of the resources that clients create, update and delete. Released migrations iterate over
/// them, so a table that is added later is not among them.
pub(crate) const RESOURCES: [&str; 4] = ["agent", "membership", "crm_scenario", "crm_step"];

/// A column of UUIDs: `uuid` on PostgreSQL, and 16 bytes of `blob` on SQLite, half the size of the text in
/// the row and in every index.
pub(crate) fn uuid(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => column.blob(),
        _ => column.uuid(),
    };
    column
}

/// A time that the application sets, in UTC and whole microseconds.
pub(crate) fn time(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.timestamp_with_time_zone();
    column
}

/// A table of tenants with the key `(organization_id, id)`. The tenant is part of every key, so foreign keys
/// cannot refer to rows of another tenant.
pub(crate) fn tenant_table(
    manager: &SchemaManager<'_>,
    name: &'static str,
) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid(manager, ORGANIZATION_ID).not_null())
        .col(uuid(manager, "id").not_null())
        .col(time("created_at").not_null())
        .col(time("updated_at").not_null())
        .primary_key(Index::create().col(ORGANIZATION_ID).col("id"))
        .foreign_key(
            ForeignKey::create()
                .name(format!("fk_{name}_organization"))
                .from(name, ORGANIZATION_ID)
                .to("organization", "id"),
        )
        .to_owned()
}

/// A foreign key from `table.column` to a row of the same organization in `target`.
pub(crate) fn reference(
    table: &'static str,
    column: &'static str,
    target: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{table}_{column}"))
        .from(table, (ORGANIZATION_ID, column))
        .to(target, (ORGANIZATION_ID, "id"))
        .to_owned()
}

/// A `CHECK` that limits a text column to the values of an enum; null is allowed if the column is
/// nullable.
pub(crate) fn one_of(column: &str, values: &[&str]) -> SimpleExpr {
    Expr::cust(format!("{column} IN ('{}')", values.join("', '")))
}
