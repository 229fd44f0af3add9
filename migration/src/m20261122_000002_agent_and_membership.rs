//! AI agents and memberships, to which conversations can be assigned.

use sea_orm_migration::prelude::*;

use crate::columns::{one_of, tenant_table};

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
                tenant_table(manager, "agent")
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("icon_url").text())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                tenant_table(manager, "membership")
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("email").text().not_null())
                    .col(ColumnDef::new("role").text().not_null())
                    .check(one_of("role", &["OWNER", "ADMIN", "USER"]))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("membership").to_owned()).await?;
        manager.drop_table(Table::drop().table("agent").to_owned()).await
    }
}
