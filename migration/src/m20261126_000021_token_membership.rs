//! The member of the organization that a token acts for.

use sea_orm_migration::prelude::*;

use crate::columns::uuid;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign key: a member can be deleted while there are tokens.
        let column = uuid(manager, "membership_id");
        let alter = Table::alter().table("access_token").add_column(column).to_owned();
        manager.alter_table(alter).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = Table::alter().table("access_token").drop_column("membership_id").to_owned();
        manager.alter_table(alter).await
    }
}
