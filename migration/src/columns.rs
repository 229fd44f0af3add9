//! Column and key shapes that every table shares.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// The tenant's column, the first column of every tenant table's primary key.
pub(crate) const ORGANIZATION_ID: &str = "organization_id";

/// The tables of the nouns, which clients create, change and delete.
pub(crate) const NOUNS: [&str; 4] = ["agent", "membership", "crm_scenario", "crm_step"];

/// A column that holds a UUID: `uuid` on PostgreSQL, 16 bytes of `blob` on SQLite, where it takes
/// half the room of its text in the row and again in every index.
pub(crate) fn uuid(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match manager.get_database_backend() {
        DatabaseBackend::Sqlite => column.blob(),
        _ => column.uuid(),
    };
    column
}

/// A point in time that the application writes, in UTC and whole microseconds.
pub(crate) fn time(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.timestamp_with_time_zone();
    column
}

/// A tenant table with its key `(organization_id, id)`: the tenant is part of every row's
/// identity, so a reference has to name it and cannot leave it.
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

/// A reference from `table.column` to a row of the same organization in `target`.
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

/// A `CHECK` that holds a text column to the values of an enum; null stays allowed where the
/// column allows it.
pub(crate) fn one_of(column: &str, values: &[&str]) -> SimpleExpr {
    Expr::cust(format!("{column} IN ('{}')", values.join("', '")))
}
