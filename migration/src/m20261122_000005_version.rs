//! A version per row, counting its changes, so that clients do not overwrite changes they have not read.

use sea_orm_migration::prelude::*;

use crate::columns::RESOURCES;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in RESOURCES {
            let mut version = ColumnDef::new("version");
            version.integer().not_null().default(1).check(Expr::cust("version >= 1"));
            manager.alter_table(Table::alter().table(table).add_column(version).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in RESOURCES {
            manager
                .alter_table(Table::alter().table(table).drop_column("version").to_owned())
                .await?;
        }
        Ok(())
    }
}
