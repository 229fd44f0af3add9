//! Deleted scenarios and steps, kept for a time so that they can be restored.

use sea_orm_migration::prelude::*;

use crate::columns::{ORGANIZATION_ID, time, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let scenario = table(manager, "deleted_crm_scenario");
        manager.create_table(scenario).await?;
        let step = table(manager, "deleted_crm_step")
            .col(uuid(manager, "scenario_id").not_null())
            // Whether it was deleted with its scenario, and is restored with it.
            .col(ColumnDef::new("with_scenario").boolean().not_null())
            // The ids of the steps before and behind it.
            .col(uuid(manager, "previous_id"))
            .col(uuid(manager, "next_id"))
            // The timers that led to it, as JSON.
            .col(ColumnDef::new("timers").text().not_null())
            .to_owned();
        manager.create_table(step).await?;
        for (name, table, columns) in [
            ("ix_deleted_crm_scenario_deleted_at", "deleted_crm_scenario", "deleted_at"),
            ("ix_deleted_crm_step_deleted_at", "deleted_crm_step", "deleted_at"),
            ("ix_deleted_crm_step_scenario", "deleted_crm_step", "organization_id, scenario_id"),
        ] {
            let index = format!("CREATE INDEX {name} ON {table} ({columns})");
            manager.get_connection().execute_unprepared(&index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["deleted_crm_step", "deleted_crm_scenario"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// A table of deleted rows, each with all its columns as JSON, secrets sealed.
fn table(manager: &SchemaManager<'_>, name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(uuid(manager, ORGANIZATION_ID).not_null())
        .col(uuid(manager, "id").not_null())
        .col(time("deleted_at").not_null())
        .col(ColumnDef::new("row").text().not_null())
        .primary_key(Index::create().col(ORGANIZATION_ID).col("id"))
        .foreign_key(
            ForeignKey::create()
                .name(format!("fk_{name}_organization"))
                .from(name, ORGANIZATION_ID)
                .to("organization", "id"),
        )
        .to_owned()
}
