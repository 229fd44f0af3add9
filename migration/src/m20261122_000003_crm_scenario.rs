//! Scenarios: pipelines of steps.

use sea_orm_migration::prelude::*;

use crate::columns::tenant_table;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                tenant_table(manager, "crm_scenario")
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("description").text())
                    // The number of steps, which is the index of the next one. Incrementing it
                    // locks the row, which serializes creates in this scenario.
                    .col(ColumnDef::new("step_count").integer().not_null())
                    .check(Expr::cust("step_count >= 0"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("crm_scenario").to_owned()).await
    }
}
