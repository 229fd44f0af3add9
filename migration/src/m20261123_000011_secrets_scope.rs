//! The scope to read secrets. Existing tokens do not get it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = ColumnDef::new("can_read_secrets");
        column.boolean().not_null().default(false);
        manager
            .alter_table(Table::alter().table("access_token").add_column(column).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("access_token").drop_column("can_read_secrets");
        manager.alter_table(table).await
    }
}
